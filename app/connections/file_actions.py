"""Files of an application: put into a slot of the checklist, taken out again."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime

from app import gateways
from app.actor import Actor
from app.cases.document_steps import MAX_FILES, attach, detach, left_over
from app.cases.models import Case, CaseDocument
from app.cases.queries import document_in, locked_case, party, require
from app.cases.steps import set_card, touch
from app.connections import queries
from app.connections.checklist import DocumentKind
from app.connections.policy import may_add_files, may_remove_file
from app.documents.file_names import clean_file_name
from app.documents.intake import Received, Upload, received
from app.errors import Conflict, InvalidForm
from app.journal.steps import record
from app.transaction import transaction

NOT_OPEN = "Сейчас файлы к этому документу добавить или удалить нельзя: обновите страницу и проверьте, что изменилось."


@dataclass(frozen=True)
class Taken:
    """What became of the files of one request: how many stand in the slot now, and why the others do not."""

    added: int
    refusals: list[str]


def add_files(case_id: int, kind: str, uploads: Sequence[Upload], *, by: Actor, at: datetime) -> Taken:
    """Put files into the slot of a kind: the good ones stay, each refused one is told by name.

    A file that stands in the slot already is not doubled. Raises NotFound, Forbidden or Conflict before anything is
    stored when the slot is not open for this actor.
    """
    document = queries.applicant_kind(kind)
    _require_open(queries.own_application(by, case_id), document, by)
    with _stored(uploads) as (files, refusals), transaction():
        case = locked_case(by, case_id)
        _require_open(case, document, by)
        attached = _attach_each(case, document, files, refusals, by=by, at=at)
        unused = left_over(files, attached)
    # Outside the block, which would take back every file when a removal fails: the rows are committed by now.
    for key in unused:
        gateways.current().files.delete(key)
    return Taken(len(attached), refusals)


@contextmanager
def _stored(uploads: Sequence[Upload]) -> Iterator[tuple[list[Received], list[str]]]:
    """Take in each file by itself, so that a bad one does not refuse the others."""
    files: list[Received] = []
    refusals = [
        f"«{clean_file_name(one.name)}»: за один раз можно приложить {MAX_FILES} файлов."
        for one in uploads[MAX_FILES:]
    ]
    with ExitStack() as stack:
        for upload in uploads[:MAX_FILES]:
            try:
                files += stack.enter_context(received([upload]))
            except InvalidForm as error:
                refusals += error.errors["files"]
        yield files, refusals


def _require_open(case: Case, document: DocumentKind, by: Actor) -> None:
    side = party(by, case)
    asked = queries.asked_in(queries.open_request(case))
    if not may_add_files(side, case.status, document.code, asked):
        require(side == "applicant")
        raise Conflict(NOT_OPEN)


def _attach_each(
    case: Case,
    document: DocumentKind,
    files: Sequence[Received],
    refusals: list[str],
    *,
    by: Actor,
    at: datetime,
) -> list[CaseDocument]:
    """Attach one by one, as long as there is room, and tell of each that does not fit."""
    attached: list[CaseDocument] = []
    for one in files:
        try:
            attached += attach(
                case,
                [one],
                kind=document.code,
                title=document.short,
                side="applicant",
                by=by,
                at=at,
                sensitive=document.sensitive,
            )
        except InvalidForm as error:
            refusals += [f"«{one.name}»: {sentence}" for sentence in error.errors["files"]]
    if attached:
        _tell_card(case, by, at)
        _note(case, "files_added", document.code, len(attached), by=by, at=at)
    return attached


def remove_file(case_id: int, document_id: int, *, by: Actor, at: datetime) -> str:
    """Take a file out of its slot and give the slot's kind back; the bytes go after the commit.

    Raises NotFound for a file that is not there; Conflict when it was sent already.
    """
    with transaction():
        case = locked_case(by, case_id)
        found = document_in(case, by, document_id)
        asked = queries.open_request(case)
        own = found.side == "applicant" and found.message_id is None
        side = party(by, case)
        if not may_remove_file(
            side, case.status, added_at=found.added_at, asked_at=asked.made_at if asked else None, own=own
        ):
            require(side == "applicant")
            raise Conflict(NOT_OPEN)
        kind, key = found.kind, detach(found)
        _tell_card(case, by, at)
        _note(case, "file_removed", kind, 1, by=by, at=at)
    if key:
        gateways.current().files.delete(key)
    return kind


def _tell_card(case: Case, by: Actor, at: datetime) -> None:
    """A draft may have become complete or incomplete by its files."""
    if case.sent_at is not None:
        touch(case, at=at)
        return
    set_card(case, at=at, incomplete=bool(queries.gaps_of(queries.dossier(case, by, queries.day_of(at)))))


def _note(case: Case, kind: str, document: str, count: int, *, by: Actor, at: datetime) -> None:
    """Files of a sent application are written down; a draft is the applicant's own matter."""
    if case.sent_at is not None:
        record(
            kind,
            party="applicant",
            actor_id=by.user_id,
            at=at,
            case_id=case.id,
            details={"document": document, "count": count},
        )
