"""Answers in words: check page, facts under a title, columns of the list."""

import pytest

from app.connections.questionnaire import FIELD, FIELDS, TOPICS
from app.connections.summary import (
    TOTAL_POWER_LABEL,
    card_of,
    display,
    facts_line,
    mode_of,
    qualification_of,
    summary,
    title_place,
)
from tests.rules.applications import HOME, SHOP, home, shop


def rows(answers, about=HOME):
    return {row.label: row.value for _, lines in summary(answers, about) for row in lines}


@pytest.mark.parametrize(
    ("code", "value", "words"),
    [
        ("place", "п. Калиново", "п. Калиново"),
        ("connection_type", "permanent", "Постоянное подключение"),
        ("power_new", 7_500, "7,5 кВт"),
        ("power_existing", 0, "0 кВт"),
        ("points", 1, "1"),
        ("birth_date", "1990-11-05", "05.11.1990"),
        ("design_month", "2027-03", "03.2027"),
        ("cadastral_absent", True, "да"),
        ("cadastral_absent", False, "нет"),
        (
            "cadastral_numbers",
            ["59:01:4410000:123", "59:01:4410000:124"],
            "59:01:4410000:123, 59:01:4410000:124",
        ),
        ("supplier", "none", "Не планируется"),
        ("supplier", 12, "ООО «Электроторг»"),
        ("supplier", 99, "Поставщика больше нет в списке"),
        ("place", None, "Не указано"),
        ("stages", None, "Не указано"),
        ("reason", "left_from_an_old_version", "left_from_an_old_version"),
    ],
)
def test_an_answer_is_shown_as_people_write_it(code, value, words):
    assert display(FIELD[code], value, HOME) == words


def test_the_summary_has_the_topics_in_order_with_the_answers_in_words():
    found = summary(home(), HOME)
    assert [topic.code for topic, _ in found] == [topic.code for topic in TOPICS]
    words = rows(home())
    assert words["Местоположение энергопринимающих устройств"] == "п. Калиново, ул. Лесная, 12"
    assert words["Энергосбытовая компания"] == "Не планируется"
    assert words["Комментарий к заявке"] == "Не указано"
    assert words["Соответствие Правилам"] == "соответствует"


def test_the_total_power_stands_beside_its_parts_with_its_band():
    answers = home(power_new=["5"], power_existing=["10,5"])
    assert rows(answers)[TOTAL_POWER_LABEL] == "15,5 кВт (>15 и ≤150 кВт)"
    assert rows({})[TOTAL_POWER_LABEL] == "Не указано"


def test_each_line_leads_to_a_question_of_its_topic():
    for topic, lines in summary(home(), HOME):
        assert {row.field.topic for row in lines} == {topic.code}


def test_the_summary_shows_neither_hidden_answers_nor_questions_under_an_open_choice():
    stored = home() | {"account": "987654", "extract_number": "ЮЭ1"}
    assert not {"987654", "ЮЭ1"} & set(rows(stored).values())
    assert "Серия паспорта" not in rows({}) and "Дата рождения" in rows({})
    assert rows({"account": "123456"})["Номер лицевого счета"] == "123456"


def test_a_flag_is_listed_only_when_it_is_ticked():
    assert "Кадастрового номера пока нет" not in rows(home())
    assert rows({"cadastral_absent": True})["Кадастрового номера пока нет"] == "да"


def test_topics_that_ask_this_applicant_nothing_are_left_out():
    answers = home(connection_type=["temporary_mobile"], temporary_until=["01.12.2026"])
    assert {"stages", "rule"}.isdisjoint(topic.code for topic, _ in summary(answers, HOME))


def test_facts_are_the_words_of_the_manual():
    assert facts_line(home(), HOME) == ["≤15 кВт", "постоянная схема", "соответствует п. 14 Правил"]
    assert facts_line(shop(), SHOP) == [">15 и ≤150 кВт", "постоянная схема", "соответствует п. 12(1) Правил"]


def test_facts_of_what_does_not_fit_say_so():
    assert facts_line(home(power_new=["151"]), HOME) == [
        ">150 кВт",
        "постоянная схема",
        "не соответствует п. 14 Правил",
    ]


def test_facts_of_a_temporary_connection():
    answers = home(connection_type=["temporary_mobile"], temporary_until=["01.12.2026"])
    assert facts_line(answers, HOME) == ["≤15 кВт", "временная схема", "не соответствует п. 14 Правил"]
    assert mode_of(answers, HOME) == "B"


def test_of_a_draft_only_known_facts_are_told():
    assert facts_line({}, HOME) == []
    assert facts_line({"connection_type": "permanent"}, HOME) == ["постоянная схема"]
    assert facts_line({"power_new": 5_000}, HOME) == []


def test_payment_instead_of_signing_needs_both_the_answers_and_the_applicants_word():
    assert mode_of(home(), HOME) == "A"
    assert mode_of(home(rule_fits=["no"]), HOME) == "B"
    assert mode_of(home(household=["no"]), HOME) == "B"
    assert mode_of({}, HOME) is None
    assert qualification_of({}, HOME) is None


def test_the_proposal_stands_before_the_applicant_answers_about_the_rules():
    answers = home(rule_fits=None)
    assert qualification_of(answers, HOME).fits
    assert mode_of(answers, HOME) == "A"


def test_the_fact_line_agrees_with_the_mode_when_the_applicant_denies():
    assert facts_line(home(rule_fits=["no"]), HOME)[-1] == "не соответствует п. 14 Правил"


def test_a_home_is_judged_only_when_household_and_sources_are_told():
    assert mode_of(home(household=None), HOME) is None
    assert mode_of(home(sources=None), HOME) is None


def test_the_card_holds_what_lists_and_columns_need():
    card = card_of(shop(cadastral_numbers=["59:01:4410000:123, 59:01:4410000:124"]), SHOP)
    assert card.facts == ">15 и ≤150 кВт · постоянная схема · соответствует п. 12(1) Правил"
    assert card.place == "п. Калиново, ул. Лесная, 12"
    assert card.cadastral == "59:01:4410000:123, 59:01:4410000:124"
    assert (card.watts, card.mode, card.supplier_id) == (100_000, "A", 7)


def test_the_card_of_an_empty_draft_is_empty():
    card = card_of({}, HOME)
    assert (card.facts, card.place, card.cadastral) == ("", "", "")
    assert (card.watts, card.mode, card.supplier_id) == (None, None, None)


def test_the_example_in_a_refused_date_is_that_of_the_hint():
    hinted = [field for field in FIELDS if field.kind == "date" and "Например" in field.hint]
    assert len(hinted) == 5
    for field in hinted:
        assert f"{field.example:%d.%m.%Y}" in field.hint, field.code


def test_no_supplier_planned_is_no_supplier_in_the_column():
    assert card_of(home(), HOME).supplier_id is None


def test_the_place_for_titles_is_the_typed_place():
    assert title_place(home()) == "п. Калиново, ул. Лесная, 12"
    assert title_place({}) == ""


def test_identity_data_are_marked_as_sensitive():
    sensitive = {row.field.code for _, lines in summary(home(), HOME) for row in lines if row.field.sensitive}
    assert sensitive == {
        "birth_date",
        "identity_kind",
        "passport_series",
        "passport_number",
        "identity_issued_on",
        "identity_issued_by",
        "department_code",
    }
