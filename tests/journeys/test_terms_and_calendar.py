"""The pages of terms and of the calendar, as an administrator works with them."""

from datetime import UTC, datetime

import pytest

from app import clock
from tests.browser import Browser
from tests.whole_site import World

MONDAY = datetime(2026, 8, 3, 9, tzinfo=UTC)


@pytest.fixture
def boss(world: World, monkeypatch: pytest.MonkeyPatch) -> Browser:
    """The administrator, on a Monday in August 2026."""
    monkeypatch.setattr(clock, "now", lambda: MONDAY)
    return world.browser("administrator")


def test_a_term_gets_another_length_from_a_day_on_and_it_can_be_taken_back(boss: Browser) -> None:
    terms = boss.open("/admin/terms")
    assert "Проверить анкету и документы 3 рабочих дня, с 01.01.2020" in terms.text
    assert "сроки, которые уже идут, не меняются" in terms.text
    page = boss.open(terms.link("Проверить анкету и документы"))
    saved = boss.send(
        page, "/admin/terms/completeness", length="5", clause="п. 15 Правил", valid_from="01.09.2026"
    )
    assert "Сохранено. Сроки, которые уже идут, не изменились." in saved.text
    assert "5 рабочих дней (п. 15 Правил) с 01.09.2026" in saved.text
    assert "с 01.09.2026 будет 5 рабочих дней" in boss.open("/admin/terms").text
    back = boss.send(saved, "/admin/terms/completeness/remove")
    assert "Запланированное изменение отменено." in back.text
    assert "01.09.2026" not in back.soup.find("ul", class_="list").get_text(" ")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"length": "0"}, "Сколько: целое число от 1 до 400."),
        ({"length": "61", "unit": "months"}, "Срок в месяцах: не больше 60."),
        ({"unit": "years"}, "Выберите, в чем считать срок."),
        ({"valid_from": "02.08.2026"}, "Действует с: не раньше 03.08.2026."),
        ({"valid_from": "31.02.2027"}, "Действует с:"),
    ],
)
def test_what_no_term_can_be_is_told_and_what_was_typed_stays(
    boss: Browser, changes: dict[str, str], sentence: str
) -> None:
    page = boss.open("/admin/terms/works")
    typed = {"length": "7", "unit": "days", "clause": "договор", "valid_from": "01.09.2026"} | changes
    answer = boss.send(page, "/admin/terms/works", **typed)
    assert (answer.status, sentence in answer.text) == (422, True)
    assert answer.value_of("clause") == "договор"
    assert answer.value_of("length") == typed["length"]


def test_a_term_changed_by_somebody_else_shows_both(boss: Browser) -> None:
    early = boss.open("/admin/terms/works")
    typed = {"length": "7", "valid_from": "01.09.2026"}
    boss.send(boss.open("/admin/terms/works"), "/admin/terms/works", **typed)
    late = boss.send(early, "/admin/terms/works", length="8", valid_from="01.10.2026")
    assert late.status == 409
    assert "С 01.09.2026 7 месяцев" in late.text
    assert "Сохранено" in boss.send(late, "/admin/terms/works").text


@pytest.mark.parametrize(
    "path",
    [
        "/admin/terms/unknown",
        "/admin/calendar/2019",
        "/admin/calendar/2100",
        "/admin/calendar/99999999999999",
    ],
)
def test_what_is_not_there_is_not_found(boss: Browser, path: str) -> None:
    assert boss.open(path).status == 404


def test_a_day_off_moves_and_a_day_goes_back_to_the_plain_week(boss: Browser) -> None:
    page = boss.open("/admin/calendar")
    assert page.path == "/admin/calendar/2026"
    assert "Сроки, которые уже идут, при изменении календаря не пересчитываются." in page.text
    assert "04.11.2026 (ср), День народного единства Выходной" in page.text
    moved = boss.send(page, "/transfer", worked="08.08.2026", rested="10.08.2026")
    assert "Выходной перенесен." in moved.text
    assert "10.08.2026 (пн), Выходной перенесен с 08.08.2026 Выходной" in moved.text
    assert "Август 21" in moved.text
    day = boss.send(moved, "/day", day="15.08.2026", kind="working", title="Отработка")
    assert "15.08.2026 (сб), Отработка Рабочий" in day.text
    gone = boss.send(day, "/forget", day="2026-08-15")
    assert "День снова такой, как в обычной неделе." in gone.text
    assert "15.08.2026" not in gone.soup.find("ul", class_="list").get_text(" ")


@pytest.mark.parametrize(
    ("form", "typed", "sentence"),
    [
        ("/day", {"day": "01.08.2026", "kind": "working"}, "01.08.2026 уже прошло: прошедшие дни не меняют."),
        ("/day", {"day": "04.08.2026", "kind": "working"}, "04.08.2026 и так рабочий день."),
        ("/day", {"day": "04.08.2027", "kind": "off"}, "День: не позже 31.12.2026."),
        ("/day", {"day": "05.08.2026"}, "Выберите: выходной или рабочий."),
        ("/transfer", {"worked": "08.08.2026", "rested": "08.08.2026"}, "Укажите другой день"),
        ("/transfer", {"worked": "05.08.2026", "rested": "06.08.2026"}, "05.08.2026 и так рабочий день."),
    ],
)
def test_a_day_that_cannot_be_marked_is_told_at_its_field(
    boss: Browser, form: str, typed: dict[str, str], sentence: str
) -> None:
    answer = boss.send(boss.open("/admin/calendar/2026"), form, **typed)
    assert (answer.status, sentence in answer.text) == (422, True)
    name = next(iter(typed))
    assert answer.soup.find("input", {"name": name, "type": "text"})["value"] == typed[name]


def test_a_year_without_days_says_so_and_takes_the_holidays_of_the_law(boss: Browser) -> None:
    page = boss.open("/admin/calendar/2029")
    assert "На 2029 год не внесено ни одного дня" in page.text
    filled = boss.send(page, "/holidays")
    assert "праздничных дней. Перенесенные выходные добавьте сами." in filled.text
    assert "23.02.2029 (пт), День защитника Отечества" in filled.text
    assert "Внести праздники" not in filled.text


def test_a_year_that_is_over_can_only_be_looked_at(boss: Browser) -> None:
    page = boss.open("/admin/calendar/2025")
    assert "Этот год прошел" in page.text
    assert [form for form in page.soup.find_all("form") if "/calendar" in str(form.get("action"))] == []


def test_a_calendar_changed_by_somebody_else_is_shown_first(boss: Browser) -> None:
    early = boss.open("/admin/calendar/2026")
    boss.send(boss.open("/admin/calendar/2026"), "/day", day="08.08.2026", kind="working")
    late = boss.send(early, "/day", day="15.08.2026", kind="working")
    assert late.status == 409
    assert "календарь этого года изменил другой сотрудник" in late.text
    assert "15.08.2026 (сб)" in boss.send(late, "/day", kind="working").text


@pytest.mark.parametrize("who", ["applicant", "operator", "supplier"])
def test_others_have_no_such_pages(world: World, who: str) -> None:
    for path in ("/admin/terms", "/admin/terms/works", "/admin/calendar/2026"):
        assert world.browser(who).open(path).status in (403, 404)
