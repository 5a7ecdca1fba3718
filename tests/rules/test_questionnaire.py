"""The table of questions: that it is consistent, and which questions are for whom."""

import json

import pytest

from app.connections.answers import live_answers, offered_fields, standing
from app.connections.fields import When
from app.connections.questionnaire import FIELD, FIELDS, HUB_TOPICS, TOPICS, fields_of, topic_of
from app.errors import NotFound
from tests.rules.applications import FIRM, HOME, SHOP, context, home, shop


def codes(fields):
    return [field.code for field in fields]


def asked(topic, answers, context):
    """The questions of a topic that count for the answers."""
    return [field for field in standing(answers, context).fields if field.topic == topic]


def test_topics_stand_in_the_order_of_the_form_and_documents_before_the_comment():
    assert [topic.code for topic in TOPICS] == [
        "applicant",
        "type",
        "object",
        "params",
        "stages",
        "rule",
        "supplier",
        "comment",
    ]
    assert [topic.code for topic in HUB_TOPICS][-3:] == ["supplier", "documents", "comment"]


@pytest.mark.parametrize("text", ["", "nothing", "Object", "object/../type"])
def test_an_unknown_topic_in_an_address_is_not_found(text):
    with pytest.raises(NotFound):
        topic_of(text)


def test_every_question_has_its_own_code_and_a_known_topic():
    assert len(FIELD) == len(FIELDS)
    assert {field.topic for field in FIELDS} == {topic.code for topic in TOPICS}


def test_questions_of_one_topic_stand_together_in_the_order_of_the_topics():
    order = [topic.code for topic in TOPICS]
    places = [order.index(field.topic) for field in FIELDS]
    assert places == sorted(places)


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.code)
def test_a_condition_looks_only_at_a_question_above_and_at_answers_it_can_have(field):
    condition = field.shown_when
    if isinstance(condition, When):
        parent = FIELD[condition.field]
        assert FIELDS.index(parent) < FIELDS.index(field)
        # A choice that opens others is itself never hidden, so one look at it is enough.
        assert field.only_for <= parent.only_for and parent.shown_when is None
        known = {choice.code for choice in parent.choices} | ({True} if parent.kind == "flag" else set())
        assert set(condition.values) <= known | ({"none"} if parent.kind == "supplier" else set())


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.code)
def test_whatever_may_be_missing_has_a_sentence_that_asks_for_it(field):
    assert bool(field.ask) == (field.required is not False)
    assert not field.ask.endswith(".")


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.code)
def test_choices_have_options_and_dates_have_limits(field):
    assert bool(field.choices) == (field.kind == "choice")
    assert (field.span is not None) == (field.kind in ("date", "month"))


def test_labels_are_those_of_the_manuals():
    labels = {field.label for field in FIELDS} | {
        choice.label for field in FIELDS for choice in field.choices
    }
    assert {
        "Тип присоединения",
        "Постоянное подключение",
        "Временное, на период выполнения постоянной схемы электроснабжения",
        "Временное, подключение передвижного объекта",
        "Наименование присоединяемых энергопринимающих устройств",
        "Местоположение энергопринимающих устройств",
        "Кадастровый № земельного участка, на котором расположено энергопринимающее устройство",
        "новое строительство",
        "увеличение максимальной мощности",
        "изменение точки присоединения",
        "Категория надежности",
        "Напряжение",
        "соответствует",
        "не соответствует",
        "Ценовая категория",
        "Порядок расчетов",
        "Комментарий к заявке",
        "нет лицевого счета",
    } <= labels


def test_an_individual_is_asked_for_a_passport_and_a_business_for_an_extract():
    assert "passport_series" in codes(asked("applicant", home(), HOME))
    assert "extract_number" not in codes(asked("applicant", home(), HOME))
    assert "extract_number" in codes(asked("applicant", shop(), SHOP))
    assert "passport_series" not in codes(asked("applicant", shop(), SHOP))


def test_only_a_representative_is_asked_for_authority():
    assert "authority_number" in codes(asked("applicant", {}, FIRM))
    assert "authority_number" in codes(asked("applicant", {}, context(acts_as="representative")))
    assert "authority_number" not in codes(asked("applicant", {}, SHOP))


def test_each_legal_form_reads_its_own_question_about_the_rules():
    field = FIELD["rule_fits"]
    assert "п. 14 Правил" in field.label_for(HOME)
    assert "п. 12(1) Правил" in field.label_for(SHOP)
    assert "№ 861" in field.label_for(HOME) and "№ 861" in field.label_for(SHOP)


def test_an_extract_is_named_after_the_register_of_the_legal_form():
    assert FIELD["extract_number"].label_for(SHOP) == "Номер выписки из ЕГРИП"
    assert FIELD["extract_number"].label_for(FIRM) == "Номер выписки из ЕГРЮЛ"


def test_an_individual_has_one_row_of_terms_and_a_business_has_stages():
    assert codes(asked("stages", home(), HOME)) == ["design_month", "commissioning_month"]
    assert codes(asked("stages", shop(), SHOP)) == ["stages"]


def test_a_temporary_connection_has_a_term_and_neither_stages_nor_the_question_about_the_rules():
    answers = home(connection_type=["temporary_mobile"], temporary_until=["01.12.2026"])
    assert codes(asked("type", answers, HOME)) == ["connection_type", "temporary_until"]
    assert asked("stages", answers, HOME) == asked("rule", answers, HOME) == []


def test_a_connection_until_the_permanent_scheme_names_the_permanent_contract():
    answers = {"connection_type": "temporary_scheme"}
    assert "permanent_contract" in codes(asked("type", answers, HOME))


def test_without_a_supplier_nobody_is_asked_about_the_contract_and_the_prices():
    assert codes(asked("supplier", shop(supplier=["none"]), SHOP)) == ["supplier", "payment_order"]


def test_an_individual_is_never_asked_about_price_categories():
    assert codes(asked("supplier", home(supplier=["7"]), HOME)) == ["supplier", "contract_kind"]


@pytest.mark.parametrize(
    ("power", "category", "offered"),
    [
        ("15", "3", False),
        ("15,01", "3", True),
        ("150", "2", True),
        ("150", "1", False),
        ("150,01", "3", False),
    ],
)
def test_instalments_are_for_a_business_between_15_and_150_kilowatts(power, category, offered):
    answers = shop(power_new=[power], reliability=[category])
    assert ("payment_order" in codes(asked("supplier", answers, SHOP))) is offered


def test_while_a_choice_is_open_what_hangs_on_it_stays_in_sight():
    shown = codes(asked("applicant", {}, HOME))
    assert {"account", "passport_series", "identity_name"} <= set(shown)


def test_after_the_choice_only_its_own_branch_counts_but_the_page_offers_both():
    answers = {"account_known": "no", "identity_kind": "other"}
    counts = codes(asked("applicant", answers, HOME))
    offered = codes(offered_fields("applicant", answers, HOME))
    assert "identity_name" in counts and not {"account", "passport_series"} & set(counts)
    assert {"account", "passport_series", "identity_name"} <= set(offered)


def test_a_page_offers_nothing_that_another_topic_or_the_legal_form_hides():
    assert offered_fields("stages", {"connection_type": "temporary_mobile"}, SHOP) == []
    offered = codes(offered_fields("supplier", {"supplier": "none"}, HOME))
    assert offered == ["supplier", "contract_kind"]


def test_answers_of_hidden_questions_do_not_count():
    stored = home() | {
        "account": "123456",
        "extract_number": "ЮЭ1",
        "temporary_until": "2026-12-01",
        "alien": 1,
    }
    live = live_answers(stored, HOME)
    assert not {"account", "extract_number", "temporary_until", "alien"} & live.keys()


def test_answers_survive_json():
    for answers in (home(), shop()):
        assert json.loads(json.dumps(answers)) == answers


def test_every_question_of_a_topic_is_found_by_its_topic():
    assert sum(len(fields_of(topic.code)) for topic in TOPICS) == len(FIELDS)
    assert fields_of("documents") == ()
