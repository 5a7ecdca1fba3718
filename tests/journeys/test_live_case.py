"""The page of a case that stays open, as its requests: what a poll brings, what a form answers, what stays without scripts."""

import re
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from sqlalchemy import update

from app import clock
from app.accounts.models import UserSession
from app.cases import actions
from app.cases.models import Case, Message
from app.extensions import db
from app.transaction import transaction
from tests.browser import BASE, Browser, Page, fields_of, file
from tests.case_world import (
    PDF,
    Person,
    applicant,
    draft,
    ended,
    operator,
    register_case,
    sent,
    signed_in,
    supplier_person,
)
from tests.unchanged import unchanged

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}
#: What a form prints anew each time.
TOKENS = re.compile(r'name="(?:csrf_token|action_key)" type="hidden" value="[^"]*"')


@pytest.fixture
def people(app: Flask) -> dict[str, Person]:
    with app.app_context():
        return {"ivanov": applicant(), "office": operator(), "sbyt": supplier_person()}


@pytest.fixture
def case_id(app: Flask, people: dict[str, Person]) -> int:
    """An application that names the supplier."""
    with app.app_context():
        return sent(
            people["ivanov"], supplier_id=people["sbyt"].actor.supplier_id, supplier_name="АО «Энергосбыт»"
        )


def say(app: Flask, case_id: int, who: Person, text: str, channel: str = "company", **rest: Any) -> int:
    rest.setdefault("at", clock.now())
    with app.app_context():
        return actions.send_message(case_id, text, channel=channel, by=who.actor, **rest)


class OpenPage:
    """The page of a case in somebody's browser with what it knows, as htmx and app.js would keep it."""

    def __init__(self, browser: Browser, case_id: int) -> None:
        self.browser, self.case_id = browser, case_id
        self.page = browser.open(f"/cases/{case_id}")
        assert self.page.status == 200
        self.cursor = self.page.value_of("cursor")

    def poll(self) -> "Parts":
        answer = self.browser.client.get(
            f"/cases/{self.case_id}/poll",
            base_url=BASE,
            headers={**PARTIAL, "X-Poll": "1"},
            query_string={"cursor": self.cursor},
        )
        return self._taken(answer.status_code, answer.text)

    def send(self, form: Tag, **values: Any) -> "Parts":
        """Send a form of the page as htmx does, with the cursor."""
        fields = fields_of(form)
        for name, value in {**values, "cursor": self.cursor}.items():
            fields.poplist(name)
            for one in value if isinstance(value, list) else [value]:
                fields.add(name, one)
        answer = self.browser.client.post(
            str(form["hx-post"]), base_url=BASE, data=fields, headers={"Referer": BASE + "/", **PARTIAL}
        )
        return self._taken(answer.status_code, answer.text)

    def write(self, text: str, channel: str = "company", field: str = "text", **more: Any) -> "Parts":
        return self.send(self.composer(channel), **{field: text, **more})

    def composer(self, channel: str = "company") -> Tag:
        return self.page.soup.select_one(f"#composer-{channel}")  # type: ignore[return-value]

    def seen(self) -> "Parts":
        return self.send(self.page.soup.select_one("#seen"))  # type: ignore[arg-type]

    def _taken(self, status: int, html: str) -> "Parts":
        parts = Parts(status, html)
        field = parts.soup.find(id="cursor")
        self.cursor = str(field["value"]) if field else self.cursor
        return parts


class Parts:
    """An answer to a fragment request, taken apart as htmx does."""

    def __init__(self, status: int, html: str) -> None:
        self.status, self.html = status, html
        self.soup = BeautifulSoup(html, "html.parser")
        self.partials = {str(one["hx-target"]): one for one in self.soup.find_all("hx-partial")}

    def text(self, target: str) -> str:
        return " ".join(self.partials[target].get_text(" ").split())


def test_while_nothing_changed_a_poll_says_nothing_and_writes_nothing(
    app: Flask, people: dict[str, Person], case_id: int
) -> None:
    for who in people.values():
        browser = signed_in(app, who)
        browser.open(f"/cases/{case_id}")
        shown = OpenPage(browser, case_id)
        with unchanged(app):
            answer = shown.poll()
        assert (answer.status, answer.html) == (204, "")


def test_a_poll_brings_the_panels_that_changed_and_no_others(
    app: Flask, people: dict[str, Person], case_id: int
) -> None:
    shown = OpenPage(signed_in(app, people["ivanov"]), case_id)
    say(app, case_id, people["office"], "Приедем в четверг")
    answer = shown.poll()
    assert answer.status == 200
    # «Обновлено» tells the minute.
    assert set(answer.partials) - {"#case-head"} == {"#messages-live"}
    assert "Приедем в четверг" in answer.text("#messages-live")
    assert answer.soup.select_one("#unread-badge .badge").get_text() == "1"  # type: ignore[union-attr]
    assert "<form" not in str(answer.partials["#messages-live"]), "nothing into which somebody types"
    assert shown.poll().status == 204
    with app.app_context():
        register_case(case_id, people["office"], number="299")
    answer = shown.poll()
    assert {"#case-head", "#next", "#timeline"} == set(answer.partials)
    assert "299" in answer.text("#case-head")


def test_each_part_of_a_poll_is_the_very_part_of_the_page(
    app: Flask, people: dict[str, Person], case_id: int
) -> None:
    for name in ("ivanov", "office", "sbyt"):
        browser = signed_in(app, people[name])
        say(app, case_id, people["ivanov"], f"Для {name}", "supplier" if name == "sbyt" else "company")
        browser.open(f"/cases/{case_id}")
        shown = OpenPage(browser, case_id)
        shown.cursor = ""
        answer = shown.poll()
        assert "#messages-live" in answer.partials and "#next" in answer.partials
        for target, part in answer.partials.items():
            on_page = shown.page.soup.select_one(f"{target}")
            root = part.find(True)
            assert on_page is not None and root is not None, target
            assert TOKENS.sub("", str(root)) == TOKENS.sub("", str(on_page)), target


def test_a_panel_that_was_not_there_comes_by_itself(
    app: Flask, people: dict[str, Person], case_id: int
) -> None:
    shown = OpenPage(signed_in(app, people["ivanov"]), case_id)
    place = shown.page.soup.find(id="documents")
    assert place is not None and place.has_attr("hidden") and not place.get_text()
    shown.write("Вот план", files=[file(PDF, "План участка.pdf")])
    other = OpenPage(signed_in(app, people["office"]), case_id)
    assert "План участка.pdf" in other.page.soup.find(id="documents").get_text()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "cursor", ["", "x", "0" * 16, "0" * 16 + ".1.1.messages*1.next_00000000", "я" * 5000]
)
def test_a_page_that_knows_something_else_gets_everything(
    app: Flask, people: dict[str, Person], case_id: int, cursor: str
) -> None:
    shown = OpenPage(signed_in(app, people["ivanov"]), case_id)
    shown.cursor = cursor
    answer = shown.poll()
    assert answer.status == 200 and len(answer.partials) > 3


def test_the_line_over_new_messages_stays_until_one_has_answered(
    app: Flask, people: dict[str, Person], case_id: int
) -> None:
    shown = OpenPage(signed_in(app, people["ivanov"]), case_id)
    say(app, case_id, people["ivanov"], "Раньше")
    shown.poll()
    first = say(app, case_id, people["office"], "Первое новое")
    assert _after_line(shown.poll()) == f"m{first}"
    say(app, case_id, people["office"], "Второе новое")
    assert _after_line(shown.poll()) == f"m{first}"
    assert _after_line(shown.write("Спасибо")) is None
    third = say(app, case_id, people["office"], "Третье")
    assert _after_line(shown.poll()) == f"m{third}"


def _after_line(parts: Parts) -> str | None:
    line = parts.partials["#messages-live"].find(string="новые")
    article = line.find_next("article") if line else None
    return str(article["id"]) if article else None


def test_a_poll_does_not_keep_a_session_alive_and_an_ended_one_is_told(
    app: Flask, people: dict[str, Person], case_id: int
) -> None:
    browser = signed_in(app, people["ivanov"])
    browser.open(f"/cases/{case_id}")
    shown = OpenPage(browser, case_id)
    ago = clock.now() - timedelta(minutes=20)
    _set_sessions(app, seen_at=ago)
    with unchanged(app):
        assert shown.poll().status == 204
        assert shown.seen().status == 204
    _set_sessions(app, ended_at=ago)
    answer = shown.poll()
    assert answer.status == 401 and "Сеанс закончился" in answer.html


def _set_sessions(app: Flask, **values: Any) -> None:
    with app.app_context(), transaction():
        db.session.execute(update(UserSession).values(**values))


def test_a_poll_of_somebody_elses_case_is_refused_as_one_that_never_was(
    app: Flask, people: dict[str, Person], case_id: int
) -> None:
    with app.app_context():
        stranger = applicant("Чужой", snils="10289803962", email="")
    browser = signed_in(app, stranger)
    for number in (case_id, 999):
        answer = browser.client.get(f"/cases/{number}/poll", base_url=BASE, headers=PARTIAL)
        assert answer.status_code == 404 and "hx-partial" not in answer.text


def test_opening_the_address_of_a_poll_shows_the_page(
    app: Flask, people: dict[str, Person], case_id: int
) -> None:
    page = signed_in(app, people["ivanov"]).open(f"/cases/{case_id}/poll")
    assert page.path == f"/cases/{case_id}" and page.status == 200


# Sending


def test_a_sent_message_stands_there_at_once_over_an_empty_form_with_a_new_key(
    app: Flask, people: dict[str, Person], case_id: int
) -> None:
    shown = OpenPage(signed_in(app, people["ivanov"]), case_id)
    before = shown.composer()
    answer = shown.write("Когда приедет **инженер**?", files=[file(PDF, "план.pdf")])
    form = answer.soup.select_one("#composer-company")
    assert answer.status == 200 and form is not None
    assert fields_of(form)["text"] == "" and form.select_one("textarea").has_attr("autofocus")  # type: ignore[union-attr]
    assert fields_of(form)["action_key"] != fields_of(before)["action_key"]
    assert "инженер" in answer.text("#messages-live") and "план.pdf" in answer.text("#messages-live")
    assert "план.pdf" in answer.text("#documents")
    assert shown.poll().status == 204


def test_a_second_try_on_a_bad_line_is_the_same_message_and_the_same_answer(
    app: Flask, people: dict[str, Person], case_id: int
) -> None:
    shown = OpenPage(signed_in(app, people["ivanov"]), case_id)
    first, second = shown.write("Один раз"), shown.write("Один раз")
    assert [one.status for one in (first, second)] == [200, 200]
    assert second.soup.select_one("#composer-company") is not None
    with app.app_context():
        assert db.session.query(Message).count() == 1


def test_a_refused_message_comes_back_in_its_form_with_what_was_typed(
    app: Flask, people: dict[str, Person], case_id: int
) -> None:
    shown = OpenPage(signed_in(app, people["ivanov"]), case_id)
    with unchanged(app):
        answer = shown.write("Вот план", files=[file(b"MZ\x90", "план.exe")])
    form = answer.soup.find("form")
    assert answer.status == 422 and form is not None and form["id"] == "composer-company"
    assert fields_of(form)["text"] == "Вот план" and "«план.exe»" in form.get_text()
    summary = form.find(id="errors")
    assert (
        summary is not None and summary.has_attr("autofocus") and "Выберите файлы заново" in form.get_text()
    )
    assert answer.partials == {}


def test_the_refused_form_of_the_page_and_of_the_fragment_are_one(
    app: Flask, people: dict[str, Person], case_id: int
) -> None:
    browser = signed_in(app, people["ivanov"])
    shown = OpenPage(browser, case_id)
    fragment = shown.write(" ").soup.find("form")
    page = browser.send(shown.page, "/messages", text=" ")
    whole = page.soup.select_one("#composer-company")
    assert page.status == 422 and TOKENS.sub("", str(fragment)) == TOKENS.sub("", str(whole))


def test_an_applicant_has_a_conversation_with_each_side_and_is_told_who_reads_it(
    app: Flask, people: dict[str, Person], case_id: int
) -> None:
    browser = signed_in(app, people["ivanov"])
    shown = OpenPage(browser, case_id)
    ours, theirs = (shown.page.soup.find(id=name) for name in ("messages", "supplier-messages"))
    assert ours is not None and theirs is not None
    assert "Видят сотрудники ООО «Калиновские Электрические Сети»." in ours.get_text()
    assert theirs.h2.get_text() == "Сообщения с ГП: АО «Энергосбыт»"  # type: ignore[union-attr]
    assert "Видят сотрудники поставщика (АО «Энергосбыт»), сетевая организация не видит." in theirs.get_text()
    answer = shown.write("Вопрос поставщику", "supplier", "supplier_text")
    assert "Вопрос поставщику" in answer.text("#supplier-messages-live")
    assert "#messages-live" not in answer.partials
    page = browser.send(shown.page, button="Отправить", channel="company", text="Вопрос сетевой")
    assert "Вопрос поставщику" not in page.soup.find(id="messages").get_text()  # type: ignore[union-attr]
    office, sbyt = (signed_in(app, people[who]).open(f"/cases/{case_id}") for who in ("office", "sbyt"))
    assert "Вопрос сетевой" in office.text and "Вопрос поставщику" not in office.html
    assert "Вопрос поставщику" in sbyt.text and "Вопрос сетевой" not in sbyt.html
    assert "сетевая организация не видит" in sbyt.text and "Внутренняя" not in sbyt.html


def test_a_text_in_the_field_of_another_channel_goes_nowhere(
    app: Flask, people: dict[str, Person], case_id: int
) -> None:
    shown = OpenPage(signed_in(app, people["office"]), case_id)
    with unchanged(app):
        assert shown.write("Заметка", field="note").status == 422
        assert shown.write("Заметка", "internal").status == 422
    answer = shown.write("Заметка", "internal", "note")
    assert "Внутренняя заметка" in answer.text("#messages-live") and "Заметка" in answer.text(
        "#messages-live"
    )
    assert shown.page.soup.select_one(".note #composer-internal") is not None


def test_the_archive_refuses_a_message_of_an_open_page_and_keeps_it_there(
    app: Flask, people: dict[str, Person]
) -> None:
    with app.app_context():
        gone = ended(people["ivanov"])
    shown = OpenPage(signed_in(app, people["ivanov"]), gone)
    with app.app_context(), transaction():
        db.session.get_one(Case, gone).archived_at = clock.now()
    answer = shown.write("Еще вопрос")
    assert answer.status == 409 and "в архиве" in answer.soup.find(id="flash").get_text()  # type: ignore[union-attr]


def test_earlier_messages_of_each_conversation_have_their_own_pages(
    app: Flask, people: dict[str, Person], case_id: int
) -> None:
    for n in range(35):
        say(app, case_id, people["ivanov"], f"Поставщику {n:02}.", "supplier")
    say(app, case_id, people["ivanov"], "Сетевой.")
    browser = signed_in(app, people["ivanov"])
    page = browser.open(browser.open(f"/cases/{case_id}").link("Показать раньше"))
    assert "Поставщику 34." in page.text and "Сетевой." not in page.text
    earlier = browser.open(page.link("Показать раньше"))
    assert re.findall(r"Поставщику (\d+)\.", earlier.text) == [f"{n:02}" for n in range(5)]
    other = signed_in(app, people["office"]).open(f"/cases/{case_id}/messages?channel=supplier")
    assert other.status == 200 and "Поставщику" not in other.html


# Read, taken back, looked at


def test_what_the_other_side_has_read_says_so_in_a_word(
    app: Flask, people: dict[str, Person], case_id: int
) -> None:
    shown = OpenPage(signed_in(app, people["ivanov"]), case_id)
    shown.write("Вопрос")
    assert "прочитано" not in shown.browser.open(f"/cases/{case_id}").text
    theirs = OpenPage(signed_in(app, people["office"]), case_id)
    answer = shown.poll()
    assert "прочитано" in answer.text("#messages-live")
    assert set(answer.partials) - {"#case-head"} == {"#messages-live"}
    theirs.write("Ответ")
    shown.poll()
    assert "прочитано" not in _of(theirs.browser, case_id, "Ответ")
    assert shown.seen().status == 200
    assert "прочитано" in _of(theirs.browser, case_id, "Ответ")


def _of(browser: Browser, case_id: int, text: str) -> str:
    articles = browser.open(f"/cases/{case_id}").soup.select("article.msg")
    return next(one.get_text(" ") for one in articles if text in one.get_text())


def test_what_came_while_the_page_stood_open_is_unread_until_it_was_seen(
    app: Flask, people: dict[str, Person], case_id: int
) -> None:
    shown = OpenPage(signed_in(app, people["ivanov"]), case_id)
    say(app, case_id, people["office"], "Новое")
    assert shown.seen().status == 204
    assert shown.poll().soup.select_one("#unread-badge .badge") is not None
    read = shown.seen()
    assert read.status == 200 and read.soup.select_one("#unread-badge .badge") is None
    with unchanged(app):
        assert shown.seen().status == 204


def test_a_message_is_taken_back_by_its_button_and_both_sides_are_told(
    app: Flask, people: dict[str, Person], case_id: int
) -> None:
    shown = OpenPage(signed_in(app, people["ivanov"]), case_id)
    sent_one = shown.write("Не туда")
    theirs = OpenPage(signed_in(app, people["office"]), case_id)
    button = sent_one.partials["#messages-live"].find("form")
    assert button is not None and "Отменить отправку" in button.get_text()
    answer = shown.send(button)
    assert "Сообщение отозвано автором" in answer.text("#messages-live")
    assert "Не туда" not in answer.html and "Отменить отправку" not in answer.html
    assert "Сообщение отозвано." in answer.soup.find(id="flash").get_text()  # type: ignore[union-attr]
    seen = theirs.poll()
    assert "Сообщение отозвано автором" in seen.text("#messages-live") and "Не туда" not in seen.html


def test_without_scripts_a_message_is_taken_back_and_the_button_goes_with_its_time(
    app: Flask, people: dict[str, Person], case_id: int
) -> None:
    browser = signed_in(app, people["ivanov"])
    page = browser.send(browser.open(f"/cases/{case_id}"), button="Отправить", text="Не туда")
    assert "Сообщение отозвано автором" in browser.send(page, button="Отменить отправку").text
    say(app, case_id, people["ivanov"], "Давно", at=clock.now() - timedelta(seconds=15))
    assert "Отменить отправку" not in browser.open(f"/cases/{case_id}").text


def test_the_button_of_taking_back_goes_by_the_next_poll(
    app: Flask, people: dict[str, Person], case_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = OpenPage(signed_in(app, people["ivanov"]), case_id)
    message = shown.write("Останется")
    stale = message.partials["#messages-live"].find("form")
    assert shown.poll().status == 204
    later = clock.now() + timedelta(seconds=16)
    monkeypatch.setattr(clock, "now", lambda: later)
    answer = shown.poll()
    assert set(answer.partials) - {"#case-head"} == {"#messages-live"}
    assert "Отменить" not in answer.html
    with unchanged(app):
        refused = shown.send(stale)  # type: ignore[arg-type]
    assert refused.status == 409 and "15 секунд" in refused.html


def test_staff_are_told_who_else_looks_at_the_case(
    app: Flask, people: dict[str, Person], case_id: int
) -> None:
    with app.app_context():
        colleague = operator("Кузнецова", "Ольга", "Петровна", email="second@example.org")
    shown = OpenPage(signed_in(app, people["office"]), case_id)
    assert not shown.page.soup.find(id="viewers").get_text()  # type: ignore[union-attr]
    OpenPage(signed_in(app, colleague), case_id).seen()
    said = shown.poll().text("#viewers")
    assert re.fullmatch(r"Карточку смотрит: Кузнецова О\. П\. \(\d\d:\d\d\)", said)
    OpenPage(signed_in(app, people["ivanov"]), case_id).seen()
    applicant_page = signed_in(app, people["ivanov"]).open(f"/cases/{case_id}")
    assert "смотрит" not in applicant_page.text and "Кузнецова" not in applicant_page.html


def test_the_case_is_marked_unread_from_its_own_page_with_and_without_scripts(
    app: Flask, people: dict[str, Person], case_id: int
) -> None:
    browser = signed_in(app, people["ivanov"])
    shown = OpenPage(browser, case_id)
    answer = shown.send(shown.page.form("/unread"), action="unread")
    assert "Отмечено непрочитанным" in answer.html and answer.soup.select_one("#unread-badge .badge")
    assert shown.seen().status == 204, "what was marked by hand stays so while the page is open"
    page = browser.open(f"/cases/{case_id}")
    assert "Отмечено непрочитанным" in page.text
    back: Page = browser.send(page, "/unread")
    assert back.path == "/cases" and "Отмечено непрочитанным" in back.text


def test_a_draft_has_its_chat_alive_too(app: Flask, people: dict[str, Person]) -> None:
    with app.app_context():
        own = draft(people["ivanov"])
    shown = OpenPage(signed_in(app, people["ivanov"]), own)
    answer = shown.write("Можно без номера участка?")
    assert "Можно без номера участка?" in answer.text("#messages-live")
    clerk = OpenPage(signed_in(app, people["office"]), own)
    clerk.write("Можно.")
    assert "Можно." in shown.poll().text("#messages-live")
    assert clerk.page.soup.find(id="supplier-messages") is None
