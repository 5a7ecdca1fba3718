"""Words of this subject that stand on several pages and in letters. Pure."""

from collections.abc import Mapping
from types import MappingProxyType

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
