"""Making the documents that were asked for: claim a row, print, put the file into the case.

A row is claimed by one UPDATE with a lease, as letters are (`app/notifications/actions.py`); the printing itself happens
outside any transaction, and one short transaction makes the file a document of the case. Whoever has lost the row by then
(overtaken by a newer one, lease run out) leaves nothing behind.
"""

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any, Literal

from sqlalchemy import and_, or_, select
from sqlalchemy.exc import DBAPIError

from app import gateways
from app.actor import Actor
from app.cases import rendering_queries as queries
from app.cases import rendering_rules as rules
from app.cases import rendering_steps as steps
from app.cases.held_case import held_for_answer
from app.cases.models import Case
from app.cases.queries import require
from app.cases.rendering_models import Rendering
from app.documents.file_types import BY_CODE
from app.documents.intake import Received, Upload, received
from app.errors import Conflict, DomainError, InvalidForm, NotFound
from app.extensions import db
from app.gateways.files import StoredFile
from app.gateways.pdf import PrinterAway, PrintFailed
from app.journal.steps import record
from app.transaction import transaction

Result = Literal["done", "retry", "failed", "skipped"]
Now = Callable[[], datetime]

#: How often the result of a try is written again when the database is busy; each time waits for some seconds itself.
MARK_TIMES = 6

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Claim:
    row_id: int
    case_id: int
    tries: int
    layout: str
    data: Mapping[str, Any]
    own_text: bool
    file_name: str
    asked_at: datetime


class _Lost(Exception):
    """The try is not ours any more: what was printed is thrown away."""


class _Rehearsed(Exception):
    """Everything was tried and has to be taken back."""


def make(rendering_id: int, *, now: Now, owner: str, lease_seconds: float) -> Result:
    """Try one document once; safe to call twice and by several workers. `now` tells the time.

    «skipped» means that there is nothing to do: somebody else holds the row, it is made, dropped or not due. What cannot
    be printed fails at once with the reason in words; what was cut off is tried again, a few times.
    """
    claim = _claim(rendering_id, at=now(), owner=owner, lease_seconds=lease_seconds)
    if claim is None:
        return "skipped"
    try:
        return _made(claim, now)
    except PrintFailed as error:
        return _ended(claim, steps.fail, str(error), now)
    except DomainError as error:
        return _ended(claim, steps.fail, _sentence(error), now)
    except PrinterAway as error:
        return _ended(claim, steps.wait, str(error), now)
    except OSError:
        return _ended(claim, steps.cut_off, rules.DISK, now)
    except Exception:
        # Killed by somebody, the worker's time limit, a busy database: the document waits and the queue goes on.
        log.exception("document %s was cut off", rendering_id)
        return _ended(claim, steps.cut_off, rules.CUT_OFF, now)


def free_lost(*, at: datetime) -> int:
    """Give back the documents whose worker died while making them; how many. Writes nothing when there are none."""
    lost = queries.lost(at)
    if not lost:
        return 0
    with transaction():
        for row_id, case_id in lost:
            found = steps.held(row_id, case_id)
            if found and queries.is_lost_row(found[0], at):
                steps.cut_off(found[0], rules.CUT_OFF, at=at)
    return len(lost)


def rehearse(*, at: datetime) -> None:
    """Go through a try with some case, and take all of it back: nothing is written, no file is made.

    A worker does so before it forks: its children find layouts and statements ready, which takes them a tenth of a second
    otherwise.
    """
    gateways.current().layouts.load()
    with suppress(_Rehearsed, DomainError), transaction():
        case = db.session.scalars(select(Case).where(Case.archived_at.is_(None)).limit(1)).first()
        if case is not None:
            by = Actor(case.created_by, "", frozenset())
            row = steps.ask_for(case, kind="", title="", layout="", data={}, by=by, at=at)
            _taken(row.id, at=at, owner="", lease_seconds=0)
            steps.held(row.id, case.id)
            nothing = Received("", BY_CODE["pdf"], StoredFile(key="", size=0, sha256=""))
            steps.keep(row, case, [nothing], at=at)
        raise _Rehearsed


def try_again(
    case_id: int, rendering_id: int, *, by: Actor, at: datetime, key: str = "", seen: str = ""
) -> None:
    """Have a document that failed made anew from the same data; an act of the company.

    Raises NotFound when it is not of this case, Conflict when it did not fail, and what `held_for_answer` does.
    """
    with transaction():
        case, side = held_for_answer(case_id, by=by, at=at, key=key, seen=seen)
        require(side == "company")
        row = db.session.get(Rendering, rendering_id, populate_existing=True)
        if row is None or row.case_id != case.id:
            raise NotFound
        if row.state != "failed":
            raise Conflict("Этот документ уже готовится или готов. Обновите страницу.")
        row.state, row.tries, row.next_at, row.error = "new", 0, at, ""
        told = {"kind": row.kind, "title": row.title}
        record("paper_asked", party=side, actor_id=by.user_id, at=at, case_id=case.id, details=told)


def _claim(rendering_id: int, *, at: datetime, owner: str, lease_seconds: float) -> _Claim | None:
    with transaction():
        row = _taken(rendering_id, at=at, owner=owner, lease_seconds=lease_seconds)
        if row is None:
            return None
        return _Claim(
            row_id=row.id,
            case_id=row.case_id,
            tries=row.tries,
            layout=row.layout,
            data=row.data,
            own_text=row.template_version is not None,
            file_name=row.file_name,
            asked_at=row.asked_at,
        )


def _taken(rendering_id: int, *, at: datetime, owner: str, lease_seconds: float) -> Rendering | None:
    free = and_(Rendering.id == rendering_id, or_(queries.is_due(at), queries.is_lost(at)))
    if not steps.claim(free, owner=owner, until=at + timedelta(seconds=lease_seconds)):
        return None
    return db.session.get_one(Rendering, rendering_id, populate_existing=True)


def _made(claim: _Claim, now: Now) -> Result:
    rules.check_data(claim.data)
    page = _page(claim)
    rules.check_page(page)
    printed = gateways.current().printer.render(page)
    return _patiently(lambda: _kept(claim, printed, now))


def _page(claim: _Claim) -> str:
    try:
        layouts = gateways.current().layouts
        return layouts.html(claim.layout, claim.data, made_at=claim.asked_at, own_text=claim.own_text)
    except Exception as error:  # whatever a layout does with data that it was not written for
        log.exception("document %s: layout %s", claim.row_id, claim.layout)
        raise PrintFailed(rules.NO_LAYOUT) from error


def _kept(claim: _Claim, printed: bytes, now: Now) -> Result:
    """Make the file a document of the case, in one transaction; the file goes again when the try is not ours any more."""
    try:
        with received([Upload(claim.file_name, BytesIO(printed))]) as files, transaction():
            row, case = _held(claim)
            gone = steps.keep(row, case, files, at=now())
    except _Lost:
        return "skipped"
    for storage_key in gone:
        gateways.current().files.delete(storage_key)
    return "done"


def _ended(claim: _Claim, end: Callable[..., None], reason: str, now: Now) -> Result:
    def write() -> Result:
        with transaction():
            row, _case = _held(claim)
            end(row, reason, at=now())
            return "failed" if row.state == "failed" else "retry"

    try:
        return _patiently(write)
    except _Lost:
        return "skipped"


def _held(claim: _Claim) -> tuple[Rendering, Case]:
    """The row and its case, held until the end of the action; raises _Lost when the try is not ours any more."""
    found = steps.held(claim.row_id, claim.case_id)
    if found is None or found[0].state != "making" or found[0].tries != claim.tries:
        raise _Lost
    return found


def _patiently(write: Callable[[], Result]) -> Result:
    """Write the result of a try, patiently: nobody prints a document again because the database was busy."""
    for _ in range(MARK_TIMES - 1):
        try:
            return write()
        except DBAPIError:
            log.warning("the database is busy: the result of a printing waits")
    return write()


def _sentence(error: DomainError) -> str:
    if isinstance(error, InvalidForm):
        return " ".join(sentence for sentences in error.errors.values() for sentence in sentences)
    return error.message
