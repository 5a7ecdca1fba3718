"""The company of the demo world as its settings, and the suppliers of its region."""

from collections.abc import Mapping
from typing import Any

COMPANY: Mapping[str, Any] = {
    "company.name": "ООО «Калиновские Электрические Сети»",
    "company.phone": "8 800 000-00-00",
    "company.address": "п. Калиново, ул. Центральная, 1",
    "company.zone": "Asia/Yekaterinburg",
    "company.zone_label": "МСК+2",
    #: Whoever looks at the demo has no generator of codes at hand.
    "security.second_factor": False,
    "company.inn": "5948012341",
    "company.kpp": "594801001",
    "company.ogrn": "1164101000128",
    "company.legal_address": "614575, Пермский край, п. Калиново, ул. Центральная, д. 1",
    "company.bank": "ПАО Сбербанк",
    "company.bik": "044525225",
    "company.account": "40702810938000000001",
    "company.correspondent": "30101810400000000225",
    "company.head_post": "генеральный директор",
    "company.head_name": "Сидоров А. П.",
    "company.head_basis": "Устава",
}
SUPPLIERS = ("Гарантирующий поставщик в регионе", "ООО «Электроторг»")
