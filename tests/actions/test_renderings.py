"""Documents made from data: asked for in an act, printed outside of it, put into the case once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from app import gateways
from app.cases import rendering_actions, rendering_queries
from app.cases.models import Case, CaseDocument
from app.cases.pulse_queries import pulse_of
from app.cases.rendering_models import Rendering
from app.cases.rendering_rules import CUT_OFF, DISK, GIVEN_UP, MOST_TRIES, NO_LAYOUT
from app.cases.rendering_steps import drop
from app.cases.rendering_work import DOCUMENTS
from app.documents.models import DocumentVersion
from app.errors import Conflict, Forbidden, NotFound
from app.extensions import db
from app.gateways.pdf import PrintCut, PrinterAway, PrintFailed
from app.journal.models import JournalEntry
from app.journal.queries import broken_links
from app.notifications import dispatcher
from app.notifications.dispatcher import Memory, Terms
from app.transaction import transaction
from tests.actions.test_dispatcher import Clock, Line
from tests.case_world import Person, applicant, moment, operator, sent, supplier_person
from tests.specimen import asked, contents, rendering

AT = moment(4)
PRINTED = b"%PDF-1.7\n%printed\n%%EOF\n"


@dataclass
class Press:
    """A printer that answers what the test says; `pages` are those it was given."""

    answer: bytes | Exception = PRINTED
    pages: list[str] = field(default_factory=list)
    meanwhile: Callable[[], object] = lambda: None

    def render(self, html: str) -> bytes:
        self.pages.append(html)
        self.meanwhile()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@dataclass
class Desk:
    """A case of the office whose documents are made by a press of the test."""

    app: Flask
    press: Press
    staff: Person
    person: Person
    case_id: int

    def make(self, rendering_id: int, at: datetime = AT, owner: str = "worker:1") -> str:
        return rendering_actions.make(rendering_id, now=lambda: at, owner=owner, lease_seconds=120)

    def documents(self) -> list[CaseDocument]:
        db.session.rollback()
        query = select(CaseDocument).where(CaseDocument.case_id == self.case_id).order_by(CaseDocument.id)
        return list(db.session.scalars(query))

    def files(self) -> list[Path]:
        root = self.app.extensions["gateways"].files.root
        return [path for path in root.rglob("*") if path.is_file()]

    def stamp(self) -> str:
        db.session.rollback()
        return pulse_of(self.staff.actor, self.case_id).stamp


@pytest.fixture
def desk(app: Flask) -> Iterator[Desk]:
    press = Press()
    app.extensions["gateways"] = replace(app.extensions["gateways"], printer=press)
    with app.app_context():
        gateways.use(app.extensions["gateways"])
        person = applicant()
        yield Desk(app, press, operator(), person, sent(person, at=AT))


def told(case_id: int) -> list[tuple[str, bool]]:
    query = select(JournalEntry.kind, JournalEntry.public).where(
        JournalEntry.case_id == case_id, JournalEntry.kind.startswith("paper_")
    )
    return [(kind, public) for kind, public in db.session.execute(query.order_by(JournalEntry.id))]


def test_a_document_that_was_asked_for_becomes_one_of_the_case(desk: Desk) -> None:
    row = asked(desk.case_id, desk.staff, at=AT)
    assert desk.make(row) == "done"
    (document,) = desk.documents()
    assert (document.kind, document.title, document.side, document.internal) == (
        "contract",
        "Договор",
        "company",
        True,
    )
    assert document.version.file_name == "Договор.pdf"
    assert rendering(row).case_document_id == document.id
    (path,) = desk.files()
    assert path.read_bytes() == PRINTED
    assert told(desk.case_id) == [("paper_made", False)]
    assert list(broken_links()) == []
    assert "Мероприятие 3" in desk.press.pages[0]


def test_what_is_made_is_not_made_again(desk: Desk) -> None:
    row = asked(desk.case_id, desk.staff, at=AT)
    assert [desk.make(row), desk.make(row)] == ["done", "skipped"]
    assert len(desk.press.pages) == len(desk.files()) == 1


def test_two_workers_never_hold_one_document(desk: Desk) -> None:
    row = asked(desk.case_id, desk.staff, at=AT)
    answers: list[str] = []
    desk.press.meanwhile = lambda: answers.append(desk.make(row, AT + timedelta(seconds=119), "worker:2"))
    assert desk.make(row) == "done"
    assert answers == ["skipped"]
    assert len(desk.documents()) == 1


def test_the_data_is_frozen_when_the_document_is_asked_for(desk: Desk) -> None:
    data = contents(title="Договор № 5")
    row = asked(desk.case_id, desk.staff, at=AT, data=data)
    data["title"] = "Договор № 6"
    desk.make(row)
    assert "Договор № 5" in desk.press.pages[0]
    assert "Договор № 6" not in desk.press.pages[0]


def test_values_are_text_and_only_the_companys_own_text_is_markup(desk: Desk) -> None:
    data = contents(title="<b>Договор</b>", body="<p><i>текст</i></p>")
    desk.make(asked(desk.case_id, desk.staff, at=AT, data=data))
    assert "<i>текст</i>" not in desk.press.pages[0]
    desk.make(asked(desk.case_id, desk.staff, at=AT, data=data, template_version=1))
    assert "<i>текст</i>" in desk.press.pages[1]
    assert all("<b>Договор" not in page for page in desk.press.pages)


def test_a_newer_document_takes_the_place_of_one_that_nobody_has_seen(desk: Desk) -> None:
    desk.make(asked(desk.case_id, desk.staff, at=AT))
    desk.press.answer = PRINTED + b"second"
    second = asked(desk.case_id, desk.staff, at=AT)
    desk.make(second)
    (document,) = desk.documents()
    assert rendering(second).case_document_id == document.id
    assert [path.read_bytes() for path in desk.files()] == [desk.press.answer]
    assert rendering_queries.renderings_of(db.session.get_one(Case, desk.case_id))["contract"].id == second


def test_a_published_document_and_one_that_staff_have_put_stay_beside_the_newer_one(desk: Desk) -> None:
    desk.make(asked(desk.case_id, desk.staff, at=AT))
    with transaction():
        db.session.execute(update(CaseDocument).values(internal=False))
    desk.press.answer = PRINTED + b"second"
    desk.make(asked(desk.case_id, desk.staff, at=AT))
    assert [document.internal for document in desk.documents()] == [False, True]


def test_the_same_bytes_are_not_doubled(desk: Desk) -> None:
    desk.make(asked(desk.case_id, desk.staff, at=AT, internal=False))
    second = asked(desk.case_id, desk.staff, at=AT, internal=False)
    assert desk.make(second) == "done"
    (document,) = desk.documents()
    assert rendering(second).case_document_id == document.id
    assert len(desk.files()) == 1


def test_a_document_for_all_is_told_to_all(desk: Desk) -> None:
    desk.make(asked(desk.case_id, desk.staff, at=AT, internal=False, side="applicant", sensitive=True))
    (document,) = desk.documents()
    assert (document.internal, document.sensitive, document.side) == (False, True, "applicant")
    assert document.version.document.owner_applicant_id == desk.person.applicant_id
    assert told(desk.case_id) == [("paper_made", True)]


def test_asking_anew_drops_what_is_not_made_yet_even_in_the_middle_of_its_printing(desk: Desk) -> None:
    first = asked(desk.case_id, desk.staff, at=AT)
    later: list[int] = []
    desk.press.meanwhile = lambda: later.append(asked(desk.case_id, desk.staff, at=AT))
    assert desk.make(first) == "skipped"
    assert (desk.documents(), desk.files()) == ([], [])
    desk.press.meanwhile = lambda: None
    assert rendering(first).state == "dropped"
    assert desk.make(later[0]) == "done"
    assert len(desk.documents()) == 1


def test_what_was_taken_back_is_not_made(desk: Desk) -> None:
    row = asked(desk.case_id, desk.staff, at=AT)
    with transaction():
        drop(db.session.get_one(Case, desk.case_id), "contract")
    assert desk.make(row) == "skipped"
    assert rendering_queries.renderings_of(db.session.get_one(Case, desk.case_id)) == {}


def test_a_case_that_is_gone_takes_its_document_along(desk: Desk) -> None:
    row = asked(desk.case_id, desk.staff, at=AT)

    def forget() -> None:
        with transaction():
            db.session.execute(update(Rendering).values(state="dropped"))

    desk.press.meanwhile = forget
    assert desk.make(row) == "skipped"
    assert desk.files() == []


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (contents(title="я" * 20_001), "Одно из значений документа длиннее 20\xa0000 знаков. Сократите его."),
        (contents(rows=501), "В документе помещается 500 строк таблицы, сейчас их 501."),
        ({"title": "Договор"}, NO_LAYOUT),
    ],
)
def test_what_cannot_be_printed_fails_before_the_printing(
    desk: Desk, data: dict[str, object], reason: str
) -> None:
    row = asked(desk.case_id, desk.staff, at=AT, data=data)
    assert desk.make(row) == "failed"
    assert (rendering(row).error, rendering(row).tries) == (reason, 1)
    assert desk.press.pages == []
    assert told(desk.case_id) == [("paper_failed", False)]


def test_a_layout_that_is_not_there_fails_in_words(desk: Desk) -> None:
    row = asked(desk.case_id, desk.staff, at=AT, layout="nowhere")
    assert desk.make(row) == "failed"
    assert rendering(row).error == NO_LAYOUT


def test_a_bomb_fails_at_once_with_its_reason(desk: Desk) -> None:
    desk.press.answer = PrintFailed("Документу не хватило памяти.")
    row = asked(desk.case_id, desk.staff, at=AT)
    assert desk.make(row) == "failed"
    assert desk.make(row, AT + timedelta(hours=1)) == "skipped"
    shown = rendering_queries.renderings_of(db.session.get_one(Case, desk.case_id))["contract"]
    assert (shown.words, shown.tone, shown.error) == (
        "Не удалось сделать",
        "bad",
        "Документу не хватило памяти.",
    )
    assert shown.failed
    assert not shown.unfinished


def test_a_printing_that_is_cut_off_is_tried_again_a_few_times(desk: Desk) -> None:
    desk.press.answer = PrintCut("killed")
    row = asked(desk.case_id, desk.staff, at=AT)
    at, results = AT, []
    for _ in range(MOST_TRIES + 1):
        results.append(desk.make(row, at))
        at += timedelta(minutes=2)
    assert results == ["retry"] * (MOST_TRIES - 1) + ["failed", "skipped"]
    assert rendering(row).error == GIVEN_UP


def test_between_tries_there_is_a_pause(desk: Desk) -> None:
    desk.press.answer = PrintCut("killed")
    row = asked(desk.case_id, desk.staff, at=AT)
    desk.make(row)
    assert rendering(row).error == CUT_OFF
    assert desk.make(row) == "retry"
    assert desk.make(row) == "skipped"
    assert [one.tries for one in rendering_queries.due(AT + timedelta(seconds=10), limit=5)] == [2]


def test_a_full_disk_is_tried_again_and_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_source: object) -> None:
        raise OSError(28, "No space left on device")

    row = asked(desk.case_id, desk.staff, at=AT)
    with monkeypatch.context() as patched:
        patched.setattr(desk.app.extensions["gateways"].files, "save", full)
        assert desk.make(row) == "retry"
    assert rendering(row).error == DISK
    assert desk.make(row) == "done"
    assert rendering(row).error == ""


def test_without_programs_for_printing_documents_wait_and_say_why(desk: Desk) -> None:
    desk.press.answer = PrinterAway("На сервере нет программ для печати.")
    row = asked(desk.case_id, desk.staff, at=AT)
    at = AT
    for _ in range(MOST_TRIES + 3):
        assert desk.make(row, at) == "retry"
        at += timedelta(minutes=1)
    assert rendering(row).error == "На сервере нет программ для печати."
    assert told(desk.case_id) == [("paper_waits", False)]
    desk.press.answer = PRINTED
    assert desk.make(row, at) == "done"


def test_waiting_for_a_printer_uses_up_no_try(desk: Desk) -> None:
    row = asked(desk.case_id, desk.staff, at=AT)
    at, results = AT, []
    away, cut = PrinterAway("На сервере нет программ для печати."), PrintCut("killed")
    for answer in [away] * 6 + [cut] + [away] * 6 + [cut] * (MOST_TRIES - 1):
        desk.press.answer = answer
        results.append(desk.make(row, at))
        at += timedelta(minutes=2)
    assert results == ["retry"] * (len(results) - 1) + ["failed"]
    assert (rendering(row).error, rendering(row).tries) == (GIVEN_UP, MOST_TRIES)


def test_a_worker_that_waited_and_one_that_comes_too_late_do_not_disturb_the_next(desk: Desk) -> None:
    """The late one holds try 1; the one that waits gives try 2 back, which the third then takes."""
    row = asked(desk.case_id, desk.staff, at=AT)
    others: list[str] = []

    def outlived() -> None:
        desk.press.meanwhile = lambda: None
        desk.press.answer = PrinterAway("На сервере нет программ для печати.")
        others.append(desk.make(row, AT + timedelta(seconds=121), "worker:2"))
        desk.press.answer = PRINTED

        def still_printing() -> None:
            others.append(desk.make(row, AT + timedelta(seconds=200), "worker:4"))

        desk.press.meanwhile = still_printing
        others.append(desk.make(row, AT + timedelta(seconds=190), "worker:3"))

    desk.press.meanwhile = outlived
    assert desk.make(row) == "skipped"
    assert others == ["retry", "skipped", "done"]
    assert len(desk.documents()) == len(desk.files()) == 1


def test_a_document_whose_worker_died_is_made_by_the_next(desk: Desk) -> None:
    row = asked(desk.case_id, desk.staff, at=AT)

    def die() -> None:
        raise SystemExit

    desk.press.meanwhile = die
    with pytest.raises(SystemExit):
        desk.make(row)
    desk.press.meanwhile = lambda: None
    assert desk.make(row, AT + timedelta(seconds=119)) == "skipped"
    assert rendering_actions.free_lost(at=AT + timedelta(seconds=119)) == 0
    assert rendering_actions.free_lost(at=AT + timedelta(seconds=120)) == 1
    assert desk.make(row, AT + timedelta(seconds=120), "worker:2") == "done"
    assert rendering(row).tries == 2


def test_a_worker_that_comes_too_late_leaves_nothing(desk: Desk) -> None:
    row = asked(desk.case_id, desk.staff, at=AT)
    late = AT + timedelta(seconds=121)
    others: list[str] = []

    def outlived() -> None:
        desk.press.meanwhile = lambda: None
        others.append(desk.make(row, late, "worker:2"))

    desk.press.meanwhile = outlived
    assert desk.make(row) == "skipped"
    assert others == ["done"]
    assert len(desk.documents()) == len(desk.files()) == 1
    assert db.session.scalar(select(func.count(DocumentVersion.id))) == 1


def test_a_failed_document_is_tried_again_by_the_office(desk: Desk) -> None:
    desk.press.answer = PrintFailed("Документу не хватило памяти.")
    row = asked(desk.case_id, desk.staff, at=AT)
    desk.make(row)
    desk.press.answer = PRINTED
    rendering_actions.try_again(desk.case_id, row, by=desk.staff.actor, at=AT, key="k1")
    assert desk.make(row) == "done"
    with pytest.raises(Conflict):
        rendering_actions.try_again(desk.case_id, row, by=desk.staff.actor, at=AT, key="k2")


def test_nobody_else_tries_it_again_and_no_other_case_does(desk: Desk) -> None:
    desk.press.answer = PrintFailed("Документу не хватило памяти.")
    row = asked(desk.case_id, desk.staff, at=AT)
    desk.make(row)
    with pytest.raises((Forbidden, NotFound)):
        rendering_actions.try_again(desk.case_id, row, by=desk.person.actor, at=AT)
    with pytest.raises(NotFound):
        rendering_actions.try_again(desk.case_id, row, by=supplier_person().actor, at=AT)
    with pytest.raises(NotFound):
        rendering_actions.try_again(sent(desk.person), row, by=desk.staff.actor, at=AT)
    assert rendering(row).state == "failed"


def test_an_open_page_of_the_office_feels_a_document_made_and_failed(desk: Desk) -> None:
    seen = [desk.stamp()]
    desk.make(asked(desk.case_id, desk.staff, at=AT))
    seen.append(desk.stamp())
    desk.press.answer = PrintFailed("Документу не хватило памяти.")
    row = asked(desk.case_id, desk.staff, at=AT)
    desk.make(row)
    seen.append(desk.stamp())
    rendering_actions.try_again(desk.case_id, row, by=desk.staff.actor, at=AT)
    seen.append(desk.stamp())
    assert len(set(seen)) == len(seen)


def test_making_a_document_stops_nobody_who_fills_a_form(desk: Desk) -> None:
    version = db.session.get_one(Case, desk.case_id).version
    desk.make(asked(desk.case_id, desk.staff, at=AT))
    assert db.session.get_one(Case, desk.case_id, populate_existing=True).version == version


def test_a_rehearsal_leaves_nothing(desk: Desk) -> None:
    row = asked(desk.case_id, desk.staff, at=AT)
    before = desk.stamp()
    rendering_actions.rehearse(at=AT)
    assert (desk.documents(), desk.files(), told(desk.case_id)) == ([], [], [])
    assert desk.stamp() == before
    assert db.session.scalars(select(Rendering.id)).all() == [row]
    assert desk.make(row) == "done"
    assert list(broken_links()) == []


def test_the_dispatcher_brings_documents_into_a_queue_of_their_own_and_never_prints(desk: Desk) -> None:
    row, line, clock = asked(desk.case_id, desk.staff, at=AT), Line(), Clock()
    memory, terms = Memory(), Terms(owner="dispatcher:1", lease_seconds=60)

    def step() -> str:
        return dispatcher.step(
            memory,
            line,
            terms,
            now=lambda: AT + timedelta(seconds=clock.seconds),
            tick=clock.tick,
            work=DOCUMENTS,
        )

    assert step() == "queued"
    assert [(job.key, job.function, job.argument) for job in line.jobs] == [
        (f"document-{row}-0", "jobs.documents.make", row)
    ]
    line.away = True
    clock.seconds = 60
    assert step() == "waiting"
    assert desk.press.pages == []
