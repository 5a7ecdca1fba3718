"""How the pages of the set-up name roles, terms and texts. Pure."""

from collections.abc import Mapping
from types import MappingProxyType

from app.actor import ADMINISTRATOR, OPERATOR, SIGNATORY, SUPPLIER
from app.company.wording import plural

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
        "payment": "Заявителю оплатить счет",
        "contract_signature": "Заявителю подписать договор",
        "dispute_answer": "Ответить на разногласия",
        "works": "Выполнить мероприятия по договору",
        "conditions_check": "Проверить технические условия",
        "meter": "Допустить прибор учета",
        "act": "Разместить акт",
        "act_signature": "Заявителю подписать акт",
        "appeal_registration": "Присвоить обращению номер",
        "appeal_answer": "Ответить на обращение",
    }
)
_UNITS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "working_days": ("рабочий день", "рабочих дня", "рабочих дней"),
        "days": ("день", "дня", "дней"),
        "months": ("месяц", "месяца", "месяцев"),
    }
)
TEXTS: Mapping[str, str] = MappingProxyType(
    {
        "consent": "Согласие на обработку персональных данных",
        "agreement": "Соглашение между участниками электронного взаимодействия",
    }
)


def term_words(days: int, unit: str) -> str:
    """A length of time in words: «15 рабочих дней»; `unit` is that of the table of terms."""
    return f"{days} {plural(days, *_UNITS[unit])}"
