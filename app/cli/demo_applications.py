"""What the people of the demo world write into their applications, as their browsers would send it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

Form = Mapping[str, list[str]]

_COMMON: dict[str, list[str]] = {
    "account_known": ["no"],
    "connection_type": ["permanent"],
    "object_name": ["Вводное устройство"],
    "reason": ["new_construction"],
    "power_existing": ["0"],
    "reliability": ["3"],
    "voltage": ["0.4"],
    "points": ["1"],
    "rule_fits": ["yes"],
}

#: Topics of an individual's application for a house; place, power and dates differ from case to case.
HOUSE: Form = _COMMON | {
    "address": ["Пермский край, п. Калиново, ул. Лесная, 12"],
    "birth_date": ["05.11.1980"],
    "identity_kind": ["passport"],
    "passport_series": ["5710"],
    "passport_number": ["123456"],
    "identity_issued_on": ["20.11.2010"],
    "identity_issued_by": ["Отделением внутренних дел п. Калиново"],
    "department_code": ["590-001"],
    "place": ["Пермский край, п. Калиново, ул. Лесная, 12"],
    "cadastral_numbers": ["59:01:4410000:123"],
    "power_new": ["15"],
    "household": ["yes"],
    "sources": ["one"],
    "contract_kind": ["supply"],
}

#: Topics of a firm's application for a workshop.
WORKSHOP: Form = _COMMON | {
    "address": ["Пермский край, п. Калиново, ул. Заводская, 3"],
    "extract_number": ["ЮЭ9965-20-1"],
    "extract_date": ["01.07.2020"],
    "object_name": ["ВРУ цеха"],
    "place": ["Пермский край, п. Калиново, ул. Заводская, 3"],
    "cadastral_numbers": ["59:01:4410000:77"],
    "power_new": ["200"],
    "load": ["Деревообработка"],
    "stage_name": ["Первая очередь"],
    "stage_power": ["200"],
    "stage_category": ["3"],
    "rule_fits": ["no"],
    "contract_kind": ["supply"],
    "price_category": ["1"],
    "payment_order": ["once"],
}


def months_after(at: datetime) -> dict[str, list[str]]:
    """The months of the plans of an application that is sent then."""
    begin, end = at + timedelta(days=90), at + timedelta(days=180)
    words = [f"{begin:%m.%Y}"], [f"{end:%m.%Y}"]
    return {
        "design_month": words[0],
        "commissioning_month": words[1],
        "stage_design": words[0],
        "stage_commissioning": words[1],
    }
