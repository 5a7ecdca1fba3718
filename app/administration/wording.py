"""How the pages of the set-up name roles, terms and texts. Pure."""

from collections.abc import Mapping
from types import MappingProxyType

from app.actor import ADMINISTRATOR, OPERATOR, SIGNATORY, SUPPLIER
from app.company.wording import term_words

#: Roles of the company's people as they are chosen.
ROLES: Mapping[str, str] = MappingProxyType(
    {
        OPERATOR: "Оператор: ведет обращения",
        SIGNATORY: "Подписант: ведет обращения и подписывает документы",
        ADMINISTRATOR: "Администратор: настраивает кабинет, обращений не видит",
    }
)
ROLE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        OPERATOR: "оператор",
        SIGNATORY: "подписант",
        ADMINISTRATOR: "администратор",
        SUPPLIER: "сотрудник поставщика",
    }
)
TERMS: Mapping[str, str] = MappingProxyType(
    {
        "registration": "Присвоить заявке номер",
        "completeness": "Проверить анкету и документы",
        "corrections": "Заявителю исправить замечания",
        "offer": "Подготовить условия и счет",
        "contract": "Подготовить договор",
        "supply": "Поставщику разместить договор энергоснабжения",
        "payment": "Заявителю оплатить счет",
        "payment_check": "Проверить оплату, о которой сообщил заявитель",
        "contract_signature": "Заявителю подписать договор",
        "dispute_answer": "Ответить на разногласия",
        "works": "Выполнить мероприятия по договору",
        "works_15_days": "Выполнить мероприятия: временное подключение, микрогенерация",
        "works_30_days": "Выполнить мероприятия: до сети не больше 15 м, строить ничего не нужно",
        "works_4_months": "Выполнить мероприятия: меньше 670 кВт, строить ничего не нужно",
        "works_year": "Выполнить мероприятия: общий порядок, меньше 670 кВт",
        "works_2_years": "Выполнить мероприятия: 670 кВт и больше",
        "conditions_check": "Проверить технические условия",
        "meter": "Допустить прибор учета",
        "act": "Разместить акт",
        "act_signature": "Заявителю подписать акт",
        "appeal_registration": "Присвоить обращению номер",
        "appeal_answer": "Ответить на обращение",
    }
)
TEXTS: Mapping[str, str] = MappingProxyType(
    {
        "consent": "Согласие на обработку персональных данных",
        "agreement": "Соглашение между участниками электронного взаимодействия",
    }
)


def works_words(code: str, length: int, unit: str) -> str:
    """A term of the works with what it is for: «15 рабочих дней: временное подключение, микрогенерация»."""
    about = TERMS.get(code, code).removeprefix("Выполнить мероприятия").lstrip(": ")
    return f"{term_words(length, unit)}: {about}"
