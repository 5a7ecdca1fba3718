"""Questions about the applicant: personal account, identity papers or register extract, authority.

Data only. On whose behalf the application is filed is chosen apart from the questionnaire and comes in
the context.
"""

from datetime import date
from typing import Any

from app.accounts.identity_papers import (
    parse_department_code,
    parse_issue_date,
    parse_passport_number,
    parse_passport_series,
)
from app.connections.fields import BUSINESS, INDIVIDUAL, Answers, Choice, Context, Field, When
from app.connections.spans import from_today, until_today

_PASSPORT = When("identity_kind", ("passport",))
_OTHER_PAPER = When("identity_kind", ("other",))


def _by_representative(answers: Answers, context: Context) -> bool:
    return context.acts_as == "representative"


def _issued_from_fourteen(value: Any, answers: Answers, context: Context) -> None:
    """A passport is issued from the 14th birthday on; other papers may be older."""
    if answers.get("identity_kind") == "passport" and "birth_date" in answers:
        parse_issue_date(value, birthday=date.fromisoformat(answers["birth_date"]), today=context.today)


APPLICANT_FIELDS = (
    Field(
        code="account_known",
        topic="applicant",
        kind="choice",
        label="Лицевой счет",
        hint="Он есть у тех, кто уже покупает электроэнергию или услуги сетевой организации.",
        ask="Укажите, есть ли у вас лицевой счет",
        choices=(Choice("yes", "есть лицевой счет"), Choice("no", "нет лицевого счета")),
    ),
    Field(
        code="account",
        topic="applicant",
        kind="account",
        label="Номер лицевого счета",
        hint="Стоит в верхней части квитанции. Пробелы не мешают.",
        ask="Укажите номер лицевого счета",
        shown_when=When("account_known", ("yes",)),
        max_length=40,
        inputmode="numeric",
    ),
    Field(
        code="birth_date",
        topic="applicant",
        kind="date",
        label="Дата рождения",
        hint="Например, 05.11.1990",
        ask="Укажите дату рождения",
        only_for=INDIVIDUAL,
        autocomplete="bday",
        inputmode="numeric",
        sensitive=True,
        span=until_today,
        example=date(1990, 11, 5),
    ),
    Field(
        code="identity_kind",
        topic="applicant",
        kind="choice",
        label="Документ, удостоверяющий личность",
        ask="Укажите документ, удостоверяющий личность",
        choices=(
            Choice("passport", "паспорт гражданина Российской Федерации"),
            Choice("other", "иной документ"),
        ),
        only_for=INDIVIDUAL,
        sensitive=True,
    ),
    Field(
        code="identity_name",
        topic="applicant",
        kind="text",
        label="Название документа",
        hint="Например, временное удостоверение личности или паспорт иностранного гражданина",
        ask="Укажите название документа, удостоверяющего личность",
        shown_when=_OTHER_PAPER,
        only_for=INDIVIDUAL,
        max_length=200,
        sensitive=True,
    ),
    Field(
        code="identity_number",
        topic="applicant",
        kind="text",
        label="Серия и номер документа",
        ask="Укажите серию и номер документа, удостоверяющего личность",
        shown_when=_OTHER_PAPER,
        only_for=INDIVIDUAL,
        max_length=60,
        sensitive=True,
    ),
    Field(
        code="passport_series",
        topic="applicant",
        kind="text",
        label="Серия паспорта",
        hint="4 цифры",
        ask="Укажите серию паспорта",
        shown_when=_PASSPORT,
        only_for=INDIVIDUAL,
        inputmode="numeric",
        sensitive=True,
        parse=parse_passport_series,
    ),
    Field(
        code="passport_number",
        topic="applicant",
        kind="text",
        label="Номер паспорта",
        hint="6 цифр",
        ask="Укажите номер паспорта",
        shown_when=_PASSPORT,
        only_for=INDIVIDUAL,
        inputmode="numeric",
        sensitive=True,
        parse=parse_passport_number,
    ),
    Field(
        code="identity_issued_on",
        topic="applicant",
        kind="date",
        label="Дата выдачи",
        hint="Например, 20.11.2010",
        ask="Укажите дату выдачи документа, удостоверяющего личность",
        only_for=INDIVIDUAL,
        inputmode="numeric",
        sensitive=True,
        span=until_today,
        example=date(2010, 11, 20),
        check=_issued_from_fourteen,
    ),
    Field(
        code="identity_issued_by",
        topic="applicant",
        kind="text",
        label="Кем выдан",
        hint="Как написано в документе",
        ask="Укажите, кем выдан документ, удостоверяющий личность",
        only_for=INDIVIDUAL,
        sensitive=True,
    ),
    Field(
        code="department_code",
        topic="applicant",
        kind="text",
        label="Код подразделения",
        hint="6 цифр, например 590-001",
        ask="Укажите код подразделения, которое выдало паспорт",
        shown_when=_PASSPORT,
        only_for=INDIVIDUAL,
        inputmode="numeric",
        sensitive=True,
        parse=parse_department_code,
    ),
    Field(
        code="address",
        topic="applicant",
        kind="text",
        label="Адрес регистрации",
        labels={"legal_entity": "Адрес места нахождения"},
        hint="С почтовым индексом",
        ask="Укажите адрес заявителя",
        max_length=500,
        autocomplete="street-address",
    ),
    Field(
        code="extract_number",
        topic="applicant",
        kind="text",
        label="Номер выписки из ЕГРЮЛ",
        labels={"sole_trader": "Номер выписки из ЕГРИП"},
        hint="Стоит в верхней части выписки. Выписку бесплатно выдает сайт налоговой службы.",
        ask="Укажите номер выписки из реестра",
        only_for=BUSINESS,
        max_length=60,
    ),
    Field(
        code="extract_date",
        topic="applicant",
        kind="date",
        label="Дата выписки",
        hint="Например, 20.11.2024",
        ask="Укажите дату выписки из реестра",
        only_for=BUSINESS,
        inputmode="numeric",
        span=until_today,
        example=date(2024, 11, 20),
    ),
    Field(
        code="authority_number",
        topic="applicant",
        kind="text",
        label="Номер доверенности или иного документа о полномочиях",
        hint="Если номера нет, напишите «без номера»",
        ask="Укажите номер документа о полномочиях представителя",
        shown_when=_by_representative,
        max_length=100,
    ),
    Field(
        code="authority_date",
        topic="applicant",
        kind="date",
        label="Дата документа о полномочиях",
        hint="Например, 20.11.2024",
        ask="Укажите дату документа о полномочиях представителя",
        shown_when=_by_representative,
        inputmode="numeric",
        span=until_today,
        example=date(2024, 11, 20),
    ),
    Field(
        code="authority_until",
        topic="applicant",
        kind="date",
        label="Полномочия действуют до",
        hint="Необязательно. Если срок в документе не назван, оставьте пустым.",
        required=False,
        shown_when=_by_representative,
        inputmode="numeric",
        span=from_today,
    ),
)
