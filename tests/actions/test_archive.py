"""The archive: only ended cases come into it, and what is in it can only be read."""

from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask

from app import clock
from app.cases import staff_actions
from app.cases.actions import see, send_message, set_unread
from app.cases.list_filters import parse_filter
from app.cases.list_queries import find_page
from app.cases.models import Case
from app.cases.queries import visible_case
from app.company import queries as company
from app.documents.intake import Upload
from app.errors import Conflict, Forbidden, IllegalMove
from app.extensions import db
from app.notifications.models import OutboxRow
from tests.case_world import PDF, Person, applicant, ended, make_move, operator, register_case, sent
from tests.unchanged import unchanged


def archive(case_id: int, who: Person) -> None:
    staff_actions.move_to_archive(case_id, by=who.actor, at=clock.now())


def shelf(tab: str, who: Person) -> list[int]:
    view = parse_filter({"tab": tab}, works_here=False)
    return [row.id for row in find_page(view, who.actor, company.today()).rows]


def test_an_ended_case_moves_from_its_tab_to_the_archive(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case_id = ended(ivanov)
    assert shelf("rejected", ivanov) == [case_id]
    archive(case_id, office)
    assert shelf("rejected", ivanov) == [] and shelf("archive", ivanov) == [case_id]
    case = visible_case(ivanov.actor, case_id)
    assert case.archived_at is not None and case.status == "withdrawn"


def test_the_applicant_gets_a_letter(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case_id = ended(ivanov)
    archive(case_id, office)
    letter = db.session.query(OutboxRow).one()
    assert (letter.kind, letter.address) == ("archived", "ivanov@example.org")


def test_a_case_that_goes_on_cannot_be_archived(app: Flask, context: Flask) -> None:
    office, case_id = operator(), sent(applicant())
    with unchanged(app), pytest.raises(IllegalMove, match="завершенные"):
        archive(case_id, office)


def test_an_applicant_archives_nothing(app: Flask, context: Flask) -> None:
    ivanov = applicant()
    case_id = ended(ivanov)
    with unchanged(app), pytest.raises(Forbidden):
        archive(case_id, ivanov)


@pytest.mark.parametrize(
    "act",
    [
        lambda case_id, _own, office: archive(case_id, office),
        lambda case_id, _own, office: register_case(case_id, office),
        lambda case_id, _own, office: staff_actions.add_status_line(
            case_id, "Ещё", by=office.actor, at=clock.now()
        ),
        lambda case_id, _own, office: staff_actions.post_documents(
            case_id, [Upload("а.pdf", BytesIO(PDF))], kind="letter", by=office.actor, at=clock.now()
        ),
        lambda case_id, own, _office: send_message(case_id, "Ещё", by=own.actor, at=clock.now()),
        lambda case_id, _own, office: send_message(
            case_id, "Ещё", channel="internal", by=office.actor, at=clock.now()
        ),
        lambda case_id, own, _office: make_move(case_id, "withdraw", own),
    ],
    ids=["archive again", "number", "status", "document", "message", "note", "move"],
)
def test_nothing_in_the_archive_changes(
    app: Flask, context: Flask, act: Callable[[int, Person, Person], None]
) -> None:
    ivanov, office = applicant(), operator()
    case_id = ended(ivanov)
    archive(case_id, office)
    with unchanged(app), pytest.raises(Conflict):
        act(case_id, ivanov, office)


def test_marks_of_an_archived_case_are_still_ones_own(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case_id = ended(ivanov)
    archive(case_id, office)
    assert [mark.kind for mark in see(case_id, by=ivanov.actor, at=clock.now())] == ["status"]
    set_unread(case_id, True, by=ivanov.actor, at=clock.now())
    assert db.session.get_one(Case, case_id).archived_at is not None
