"""A term stopped and let run again, as both sides meet it on their pages."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from flask import Flask

from app import clock
from tests.case_world import PDF, Person, applicant, make_move, operator, register_case, sent, signed_in

MONDAY = datetime(2026, 8, 3, 9, tzinfo=UTC)
WHY = "ждем ответа администрации"


class Now:
    """The clock of the test."""

    def __init__(self) -> None:
        self.at = MONDAY

    def __call__(self) -> datetime:
        return self.at

    def later(self, days: int) -> None:
        self.at += timedelta(days=days)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Now:
    found = Now()
    monkeypatch.setattr(clock, "now", found)
    return found


def checking(own: Person, office: Person) -> int:
    case_id = sent(own, at=MONDAY)
    register_case(case_id, office, at=MONDAY)
    make_move(case_id, "accept", office, at=MONDAY)
    return case_id


def test_a_term_stands_still_for_both_sides_until_it_is_resumed(app: Flask, now: Now) -> None:
    with app.app_context():
        own, office = applicant(at=MONDAY), operator(at=MONDAY)
        case_id = checking(own, office)
    clerk, person = signed_in(app, office), signed_in(app, own)
    page = clerk.open(f"/cases/{case_id}")
    form = clerk.open(page.link("Приостановить срок"))
    assert "Со следующего дня срок не идет" in form.text
    done = clerk.send(form, "/pause", reason=WHY, files=(BytesIO(PDF), "Ответ.pdf"))
    assert "Срок приостановлен, заявителю отправлено письмо." in done.text
    for browser in (clerk, person):
        shown = browser.open(f"/cases/{case_id}")
        assert "срок приостановлен 3 августа" in shown.soup.find(id="next").get_text(" ", strip=True)
        assert f"Почему срок приостановлен: {WHY} · Ответ.pdf" in shown.text
        assert f"Срок приостановлен: {WHY} (документ: Ответ.pdf)" in shown.soup.find(id="timeline").get_text(
            " "
        )
        assert browser.open(shown.link("Ответ.pdf")).status == 200
    now.later(60)
    # Sessions are over by then.
    clerk, person = signed_in(app, office), signed_in(app, own)
    assert "срок истек" not in person.open(f"/cases/{case_id}").text
    board = clerk.open("/deadlines").text
    assert ("Просрочены" in board, "Срок приостановлен: 1" in board) == (False, True)
    assert "срок приостановлен 3 августа" in clerk.open("/cases").text
    form = clerk.open(clerk.open(f"/cases/{case_id}").link("Возобновить срок"))
    assert "Новый срок: до 7 октября (ср), осталось 3 рабочих дня" in form.text
    done = clerk.send(form, "/resume")
    assert "Срок снова идет, заявителю отправлено письмо." in done.text
    shown = person.open(f"/cases/{case_id}").text
    assert "до 7 октября (ср), осталось 3 рабочих дня" in shown
    assert (
        "Отведено 3 рабочих дня после 3 августа. Срок приостанавливали, поэтому он продлен на 44 рабочих дня."
        in shown
    )


def test_a_refused_pause_keeps_the_reason(app: Flask, context: Flask, now: Now) -> None:
    own, office = applicant(at=MONDAY), operator(at=MONDAY)
    case_id = checking(own, office)
    clerk = signed_in(app, office)
    form = clerk.open(f"/cases/{case_id}/pause")
    empty = clerk.send(form, "/pause", reason=" ")
    assert (empty.status, "Напишите причину" in empty.text) == (422, True)
    wrong = clerk.send(form, "/pause", reason=WHY, files=(BytesIO(b"MZ"), "Ответ.exe"))
    assert (wrong.status, wrong.value_of("reason")) == (422, WHY)
    assert "Выберите файл заново" in wrong.text


def test_a_pause_decided_by_a_colleague_meanwhile_is_shown(app: Flask, context: Flask, now: Now) -> None:
    own, office = applicant(at=MONDAY), operator(at=MONDAY)
    case_id = checking(own, office)
    clerk = signed_in(app, office)
    early = clerk.open(f"/cases/{case_id}/pause")
    clerk.send(clerk.open(f"/cases/{case_id}/pause"), "/pause", reason=WHY)
    late = clerk.send(early, "/pause", reason="другая причина")
    assert late.status == 409
    assert "Срок уже приостановлен." in late.text
    assert late.value_of("reason") == "другая причина"
    assert clerk.open(f"/cases/{case_id}/pause").status == 409


def test_nobody_else_has_the_pages(app: Flask, context: Flask, now: Now) -> None:
    own, office = applicant(at=MONDAY), operator(at=MONDAY)
    case_id = checking(own, office)
    for page in ("pause", "resume"):
        assert signed_in(app, own).open(f"/cases/{case_id}/{page}").status in (403, 404)


def test_a_term_in_months_is_told_in_months(app: Flask, context: Flask, now: Now) -> None:
    own, office = applicant(at=MONDAY), operator(at=MONDAY)
    case_id = sent(own, at=MONDAY, mode="A")
    register_case(case_id, office, at=MONDAY)
    for name in ("accept", "complete", "publish_offer", "conclude"):
        make_move(case_id, name, office, at=MONDAY)
    assert "Отведено 6 месяцев" in signed_in(app, own).open(f"/cases/{case_id}").text
