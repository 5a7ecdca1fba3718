"""How a form becomes answers: incomplete saving, refusals at the field, typed text kept, nothing lost."""

from dataclasses import replace

import pytest

from app.connections.answers import merge, parse_topic, typed_topic
from app.connections.questionnaire import TOPICS
from tests.rules.applications import HOME, HOME_FORM, SHOP, SHOP_FORM, context, home, shop


def read(topic, about=HOME, stored=None, **raw):
    return parse_topic(topic, {name: [text] for name, text in raw.items()}, about, stored or {})


def refusal(topic, field, about=HOME, **raw):
    """The one sentence told at a field; checks that the value is not taken and the text is kept."""
    parsed = read(topic, about, **raw)
    assert list(parsed.errors) == [field]
    assert field not in parsed.answers
    assert parsed.kept[field] == [raw[field]]
    (sentence,) = parsed.errors[field]
    return sentence


@pytest.mark.parametrize("topic", [topic.code for topic in TOPICS])
@pytest.mark.parametrize("about", [HOME, SHOP], ids=["home", "shop"])
def test_an_empty_topic_is_saved_without_a_word(topic, about):
    parsed = parse_topic(topic, {}, about)
    assert parsed.errors == {}
    assert not any(parsed.answers.values())


def test_values_are_kept_in_their_own_form():
    answers = home()
    assert answers["power_new"] == 15_000 and answers["power_existing"] == 0
    assert answers["birth_date"] == "1990-11-05"
    assert answers["commissioning_month"] == "2026-12"
    assert answers["cadastral_numbers"] == ["59:01:4410000:123"]
    assert answers["passport_series"] == "5710"
    assert answers["points"] == 1
    assert answers["supplier"] == "none" and shop()["supplier"] == 7
    assert answers["cadastral_absent"] is False


@pytest.mark.parametrize(("form", "about"), [(HOME_FORM, HOME), (SHOP_FORM, SHOP)], ids=["home", "shop"])
def test_what_is_kept_can_be_typed_again_and_gives_the_same(form, about):
    answers = {}
    for topic in TOPICS:
        answers = merge(answers, parse_topic(topic.code, form, about, answers))
    for topic in TOPICS:
        again = parse_topic(topic.code, typed_topic(topic.code, answers), about, answers)
        assert again.errors == {}
        assert merge(answers, again) == answers


def test_a_ticked_flag_is_shown_ticked_again():
    answers = read("object", cadastral_absent="yes", cadastral_absent_why="Участок не на учете").answers
    assert typed_topic("object", answers)["cadastral_absent"] == ["yes"]


@pytest.mark.parametrize(
    ("topic", "field", "text", "told"),
    [
        ("type", "connection_type", "forever", "Тип присоединения: выберите один из вариантов."),
        ("object", "reason", "NEW_CONSTRUCTION", "Причина подачи заявки: выберите один из вариантов."),
        ("params", "points", "0", "Количество точек присоединения: введите число от 1 до 100."),
        ("params", "points", "1" * 50, "Количество точек присоединения: введите число от 1 до 100."),
        ("params", "points", "две", "Количество точек присоединения: только цифры, уберите символ «д»."),
        ("params", "points", "-", "Количество точек присоединения: введите число от 1 до 100."),
        ("supplier", "supplier", "8", "выберите компанию из списка"),
        ("supplier", "supplier", "٧", "выберите компанию из списка"),
        ("params", "power_new", "пятнадцать", "Требуемая мощность: введите число"),
        ("params", "power_existing", "-1", "Ранее присоединенная мощность: введите число без минуса."),
        ("object", "cadastral_numbers", "59:01", "59:01:4410000:123"),
        ("applicant", "birth_date", "31.02.1990", "Дата рождения"),
        ("applicant", "birth_date", "вчера", "например 05.11.1990."),
        ("type", "temporary_until", "завтра", "например 20.11.2027."),
        ("applicant", "birth_date", "31.07.2026", "Дата рождения: не позже 30.07.2026."),
        ("applicant", "passport_series", "571", "4 цифры"),
        ("applicant", "account", "12", "лицевой счет"),
        ("type", "temporary_until", "29.07.2026", "не раньше 30.07.2026"),
        ("type", "temporary_until", "31.12.9999", "не позже"),
        ("stages", "design_month", "13.2026", "месяца 13 не бывает"),
        ("stages", "commissioning_month", "06.2026", "не раньше 07.2026"),
        ("object", "place", "x" * 301, "Местоположение энергопринимающих устройств: не больше 300"),
        ("object", "place", "п. Кали\x00ново", "управляющий символ"),
        ("comment", "comment", "x" * 5001, "не больше 5000"),
    ],
)
def test_a_value_of_a_wrong_shape_is_told_at_its_field_and_the_typed_text_is_kept(topic, field, text, told):
    sentence = refusal(topic, field, **{field: text})
    assert told in sentence
    assert sentence.endswith(".")


def test_good_values_beside_a_wrong_one_are_taken():
    parsed = read("params", power_new="7,5 кВт", power_existing="семь")
    assert parsed.answers == {"power_new": 7_500}
    assert list(parsed.errors) == ["power_existing"]


def test_spaces_and_invisible_text_are_no_answer():
    parsed = read("object", place=" \t ", object_name="\u200b", cadastral_numbers=" , ;")
    assert parsed.errors == {}
    assert parsed.answers == {"cadastral_absent": False}


def test_a_line_becomes_one_line_and_a_comment_keeps_its_lines():
    assert read("object", place="п. Калиново,\r\n  ул. Лесная").answers["place"] == "п. Калиново, ул. Лесная"
    assert read("comment", comment="Раз\r\nДва").answers["comment"] == "Раз\nДва"


def test_a_field_sent_twice_counts_by_its_first_value():
    parsed = parse_topic("params", {"voltage": ["0.4", "110"]}, HOME)
    assert parsed.answers == {"voltage": "0.4"}


def test_what_a_choice_hides_is_neither_checked_nor_taken():
    parsed = read(
        "applicant", account_known="no", account="wrong!", identity_kind="other", passport_series="x"
    )
    assert parsed.errors == {}
    assert parsed.answers == {"account_known": "no", "identity_kind": "other"}


def test_what_was_typed_under_an_open_choice_is_taken():
    assert read("applicant", account="123456").answers == {"account": "123456"}


def test_questions_of_the_other_legal_form_are_not_taken():
    parsed = read("applicant", SHOP, passport_series="5710", extract_number="ИЭ1")
    assert parsed.answers == {"extract_number": "ИЭ1"}


def test_unknown_inputs_and_those_of_other_topics_are_ignored():
    parsed = read("comment", comment="Раз", power_new="15", status="signed", version="999")
    assert parsed.answers == {"comment": "Раз"}
    assert parsed.kept == {"comment": ["Раз"]}


def test_answers_of_other_topics_decide_what_is_read():
    raw = {"design_month": "09.2026", "household": "yes"}
    permanent, temporary = {"connection_type": "permanent"}, {"connection_type": "temporary_mobile"}
    assert read("stages", stored=permanent, **raw).answers == {"design_month": "2026-09"}
    assert read("stages", stored=temporary, **raw).answers == {}


def test_saving_a_topic_again_drops_what_it_holds_no_more_and_leaves_the_others():
    stored = home() | {"account": "123456", "forgotten_code": "x"}
    saved = merge(stored, read("applicant", account_known="no"))
    assert "account" not in saved and "passport_series" not in saved and "forgotten_code" not in saved
    assert saved["account_known"] == "no"
    assert saved["place"] == "п. Калиново, ул. Лесная, 12"


def test_a_passport_issued_before_the_fourteenth_birthday_is_refused_at_its_date():
    parsed = read(
        "applicant", birth_date="05.11.1990", identity_kind="passport", identity_issued_on="04.11.2004"
    )
    assert parsed.errors == {
        "identity_issued_on": ["Дата выдачи: паспорт выдают с 14 лет. Проверьте дату выдачи и дату рождения."]
    }


def test_another_paper_may_be_issued_earlier():
    parsed = read(
        "applicant", birth_date="05.11.2010", identity_kind="other", identity_issued_on="01.12.2010"
    )
    assert parsed.errors == {}


def test_the_shape_of_a_personal_account_is_the_companys():
    about = context()
    own = replace(about, account_pattern="КЭС-[0-9]{4}")
    assert read("applicant", own, account="КЭС-0012").answers == {"account": "КЭС-0012"}
    assert "account" in read("applicant", own, account="123456").errors


def test_zero_is_an_answer_to_a_question_about_power():
    assert read("params", power_existing="0").answers == {"power_existing": 0}
