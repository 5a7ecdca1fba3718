"""Words of this subject that stand on several pages and in letters. Pure."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from app.accounts.identifiers import format_snils

#: How the contract comes about, after «порядок заключения договора:».
MODE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "A": "по оплате счета, подписывать договор не нужно",
        "B": "подписание договора обеими сторонами",
    }
)

LEGAL_FORM_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "individual": "физическое лицо",
        "sole_trader": "индивидуальный предприниматель",
        "legal_entity": "юридическое лицо",
    }
)

CAPACITY_WORDS: Mapping[str, str] = MappingProxyType(
    {"self": "лично", "head": "как руководитель", "representative": "по доверенности"}
)

#: Stands over the button «Отправить заявку» (the manual's text).
RESPONSIBILITY = (
    "Обращаем Ваше внимание, что Заявитель несет ответственность за достоверность и полноту прилагаемых в "
    "электронном виде к заявке документов в соответствии с законодательством Российской Федерации."
)


def numbers_of(applicant: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The numbers by which an applicant is known, those that there are: pairs of a label and the number as it is shown."""
    ogrn = "ОГРНИП" if applicant["legal_form"] == "sole_trader" else "ОГРН"
    snils = format_snils(applicant["snils"]) if applicant["snils"] else ""
    named = (
        ("СНИЛС", snils),
        ("ИНН", applicant["inn"]),
        (ogrn, applicant["ogrn"]),
        ("КПП", applicant["kpp"]),
    )
    return [(label, value) for label, value in named if value]
