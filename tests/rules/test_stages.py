"""Rows of terms and stages: reading, keeping, gaps, words."""

from datetime import date

import pytest

from app.connections.answers import parse_topic
from app.connections.months import format_month, month_code, parse_month
from app.connections.spans import from_this_month
from app.connections.stages import MOST_STAGES, part_name, read_stages, show_stages, stage_gaps, stages_in
from app.errors import InvalidValue
from tests.rules.applications import HOME, SHOP, TODAY, home, shop


def typed(*rows):
    """Rows of texts as a form sends them."""
    parts = ("name", "design", "commissioning", "power", "category")
    return {
        part_name(part): list(column) for part, column in zip(parts, zip(*rows, strict=True), strict=True)
    }


@pytest.mark.parametrize(
    "text", ["03.2027", "3.2027", "03/2027", " 2027-03 ", "032027", "3 2027", "03 . 2027"]
)
def test_a_month_is_understood_in_many_hands(text):
    assert parse_month(text, span=from_this_month(TODAY), label="Срок") == date(2027, 3, 1)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "введите месяц и год, например 03.2027"),
        ("март 2027", "введите месяц и год"),
        ("03.27", "введите месяц и год"),
        ("٠٣.2027", "введите месяц и год"),
        ("00.2027", "месяца 0 не бывает"),
        ("13.2027", "месяца 13 не бывает"),
        ("06.2026", "не раньше 07.2026"),
        ("08.2056", "не позже 07.2056"),
        ("12.9999", "не позже"),
        ("01.0000", "не раньше"),
        ("0" * 10_000, "введите месяц и год"),
    ],
)
def test_a_wrong_month_is_told_with_its_label(text, told):
    with pytest.raises(InvalidValue) as refused:
        parse_month(text, span=from_this_month(TODAY), label="Срок ввода")
    assert refused.value.message.startswith("Срок ввода: ")
    assert told in refused.value.message


def test_the_present_month_has_not_passed():
    assert month_code(parse_month("07.2026", span=from_this_month(TODAY), label="Срок")) == "2026-07"
    assert format_month("2026-07") == "07.2026"


def test_rows_are_kept_with_the_parts_that_were_filled():
    rows, errors = read_stages(
        typed(("Цех", "09.2026", "12.2026", "40,5", "3"), ("", "", "06.2027", "", "")), TODAY
    )
    assert errors == []
    assert rows == [
        {"name": "Цех", "design": "2026-09", "commissioning": "2026-12", "power": 40_500, "category": "3"},
        {"commissioning": "2027-06"},
    ]


def test_a_row_with_only_a_preset_category_is_an_empty_row():
    assert read_stages(typed(("", " ", "", "", "3")), TODAY) == ([], [])


def test_columns_of_unequal_length_do_not_break_the_reading():
    rows, errors = read_stages({"stage_power": ["40", "60"], "stage_name": ["Цех"]}, TODAY)
    assert (rows, errors) == ([{"name": "Цех", "power": 40_000}, {"power": 60_000}], [])


def test_each_wrong_part_is_told_with_the_number_of_its_row():
    _, errors = read_stages(typed(("", "09.2026", "", "", "3"), ("", "99.2026", "", "много", "4")), TODAY)
    assert len(errors) == 3
    assert all(sentence.startswith("Этап 2. ") for sentence in errors)


def test_wrong_rows_are_told_at_the_question_and_the_typed_rows_are_kept():
    raw = typed(("Цех", "09.2026", "12.2026", "0", "3"))
    parsed = parse_topic("stages", raw, SHOP, {"connection_type": "permanent"})
    assert parsed.answers == {}
    assert parsed.errors == {"stages": ["Этап 1. Мощность: введите число больше нуля."]}
    assert parsed.kept == raw


def test_too_many_rows_are_refused_with_the_limit():
    rows, errors = read_stages({"stage_power": ["1"] * (MOST_STAGES + 1)}, TODAY)
    assert rows == []
    assert errors == ["Этапы: не больше 10 строк, у вас 11. Объедините этапы."]


def test_missing_parts_are_told_by_row_and_a_lone_stage_needs_no_name():
    lone = [{"design": "2026-09", "commissioning": "2026-12"}]
    assert list(stage_gaps(lone, TODAY)) == ["Этап 1: укажите мощность и категорию надежности"]
    full = {"design": "2026-09", "commissioning": "2026-12", "power": 1000, "category": "3"}
    assert list(stage_gaps([full], TODAY)) == []
    assert list(stage_gaps([full, full | {"name": "Вторая"}], TODAY)) == ["Этап 1: укажите название этапа"]


def test_a_commissioning_before_the_design_or_in_the_past_is_told():
    row = {"design": "2026-09", "commissioning": "2026-08", "power": 1000, "category": "3"}
    assert list(stage_gaps([row], TODAY)) == [
        "Этап 1: срок ввода раньше срока проектирования, исправьте один из них"
    ]
    assert list(stage_gaps([row | {"commissioning": "2026-09"}], TODAY)) == []
    later = date(2027, 1, 1)
    assert "Этап 1: срок ввода уже прошел, укажите новый" in list(stage_gaps([row], later))


def test_stages_are_shown_in_words_one_on_a_line():
    assert show_stages(shop()["stages"]) == (
        "Этап 1 «Первая очередь»: проектирование 09.2026, ввод 12.2026, 40 кВт, третья категория\n"
        "Этап 2 «Вторая очередь»: проектирование 03.2027, ввод 09.2027, 100 кВт, третья категория"
    )


def test_an_individual_has_one_stage_made_of_the_other_answers():
    assert stages_in(home(), HOME) == (
        {"design": "2026-09", "commissioning": "2026-12", "power": 15_000, "category": "3"},
    )
    assert stages_in({}, HOME) == ()
    assert len(stages_in(shop(), SHOP)) == 2
