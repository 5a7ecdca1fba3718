"""Complete applications as forms send them, for the tests of the questionnaire and the checklist."""

from datetime import date

from app.company.categories import SHIPPED
from app.connections.answers import merge, parse_topic
from app.connections.fields import Context
from app.connections.questionnaire import TOPICS

TODAY = date(2026, 7, 30)
SUPPLIERS = {7: "Гарантирующий поставщик в регионе", 12: "ООО «Электроторг»"}


def context(legal_form="individual", acts_as="self", today=TODAY, suppliers=SUPPLIERS):
    return Context(legal_form, acts_as, suppliers, today, "[0-9]{6,20}", SHIPPED)


HOME = context()
SHOP = context("sole_trader", "head")
FIRM = context("legal_entity", "representative")

_COMMON = {
    "account_known": ["no"],
    "address": ["614000, г. Пермь, ул. Ленина, 1"],
    "connection_type": ["permanent"],
    "object_name": ["ВРУ"],
    "place": ["п. Калиново, ул. Лесная, 12"],
    "cadastral_numbers": ["59:01:4410000:123"],
    "reason": ["new_construction"],
    "power_new": ["15"],
    "power_existing": ["0"],
    "reliability": ["3"],
    "voltage": ["0.4"],
    "points": ["1"],
    "rule_fits": ["yes"],
    "supplier": ["none"],
}
HOME_FORM = _COMMON | {
    "birth_date": ["05.11.1990"],
    "identity_kind": ["passport"],
    "passport_series": ["57 10"],
    "passport_number": ["123456"],
    "identity_issued_on": ["20.11.2010"],
    "identity_issued_by": ["Отделом УФМС"],
    "department_code": ["590-001"],
    "design_month": ["09.2026"],
    "commissioning_month": ["12.2026"],
    "household": ["yes"],
    "sources": ["one"],
}
SHOP_FORM = _COMMON | {
    "extract_number": ["ИЭ9965-26-1"],
    "extract_date": ["01.07.2026"],
    "authority_number": ["7"],
    "authority_date": ["01.07.2026"],
    "power_new": ["100"],
    "load": ["Столярная мастерская"],
    "stage_name": ["Первая очередь", "Вторая очередь"],
    "stage_design": ["09.2026", "03.2027"],
    "stage_commissioning": ["12.2026", "09.2027"],
    "stage_power": ["40", "100"],
    "stage_category": ["3", "3"],
    "supplier": ["7"],
    "contract_kind": ["supply"],
    "price_category": ["1"],
    "payment_order": ["instalments"],
}


def filled(form, about, **changes):
    """Answers after all topics of the form were saved in order; `changes` replace or, when None, remove inputs."""
    raw = {name: values for name, values in (form | changes).items() if values is not None}
    answers = {}
    for topic in TOPICS:
        parsed = parse_topic(topic.code, raw, about, answers)
        assert not parsed.errors, parsed.errors
        answers = merge(answers, parsed)
    return answers


def home(**changes):
    return filled(HOME_FORM, HOME, **changes)


def shop(**changes):
    return filled(SHOP_FORM, SHOP, **changes)
