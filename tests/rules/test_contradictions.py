"""Answers that do not go together are told in plain words and keep nobody from sending."""

import pytest

from app.connections.completeness import gaps
from app.connections.contradictions import contradictions
from app.connections.questionnaire import FIELD
from tests.rules.applications import HOME, SHOP, home, shop


def told(answers, about=HOME):
    found = contradictions(answers, about)
    assert all(FIELD[item.field].topic == item.topic for item in found)
    assert all(item.sentence.endswith(".") for item in found)
    return [(item.field, item.sentence) for item in found]


def test_plain_applications_and_empty_drafts_contradict_nothing():
    assert told(home()) == told(shop(), SHOP) == told({}) == told({}, SHOP) == []


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        (
            {"cadastral_absent": ["yes"], "cadastral_absent_why": ["Нет"]},
            "cadastral_absent",
            "номера пока нет",
        ),
        ({"reason": ["temporary"]}, "reason", "тип присоединения выбран постоянный"),
        ({"power_existing": ["5"], "power_new": ["10"]}, "power_existing", "новое строительство"),
        ({"reason": ["more_power"]}, "power_new", "ранее присоединенной мощности нет"),
        (
            {"reason": ["more_power"], "power_new": ["0"], "power_existing": ["15"]},
            "power_new",
            "требуемая мощность равна нулю",
        ),
        ({"sources": ["two"], "rule_fits": ["no"]}, "sources", "хватает одного источника"),
        ({"reliability": ["2"], "rule_fits": ["no"]}, "sources", "нужны два источника питания"),
        ({"rule_fits": ["no"]}, "rule_fits", "по ответам анкеты заявка соответствует п. 14"),
        ({"household": ["no"]}, "rule_fits", "Электроэнергия нужна для предпринимательской деятельности."),
        ({"power_new": ["20"]}, "rule_fits", "не соответствует п. 14. Максимальная мощность 20 кВт"),
    ],
)
def test_a_contradiction_of_a_home_is_told_but_does_not_keep_it_from_being_sent(changes, field, words):
    ((found, sentence),) = told(home(**changes))
    assert found == field
    assert words in sentence
    assert gaps(home(**changes), HOME) == []


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"stage_power": ["40", "101"]}, "stages", "больше общей, которая равна 100 кВт"),
        ({"reliability": ["1"]}, "rule_fits", "не соответствует п. 12(1). Категория надежности первая"),
        ({"power_new": ["670"], "rule_fits": ["no"]}, "price_category", "с третьей по шестую"),
    ],
)
def test_a_contradiction_of_a_business_is_told(changes, field, words):
    ((found, sentence),) = told(shop(**changes), SHOP)
    assert found == field
    assert words in sentence


def test_large_power_with_hourly_prices_contradicts_nothing():
    assert told(shop(power_new=["670"], rule_fits=["no"], price_category=["3"]), SHOP) == []


def test_hidden_answers_contradict_nothing():
    answers = home(connection_type=["temporary_mobile"], temporary_until=["01.12.2026"]) | {"sources": "two"}
    assert told(answers) == []
