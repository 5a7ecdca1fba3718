"""What the company does with a case as such: gives it a number, adds a status, posts documents, archives it."""

from collections.abc import Sequence
from datetime import datetime

from app import clock, gateways
from app.accounts.steps import claim_key
from app.actor import Actor
from app.cases import steps
from app.cases.document_kinds import posted_kinds
from app.cases.document_steps import attach, left_over
from app.cases.kinds import lifecycle_of
from app.cases.letter_steps import tell_applicant
from app.cases.message_text import clean_line
from app.cases.models import DRAFT, Case
from app.cases.number_steps import give_number
from app.cases.policy import may_manage
from app.cases.queries import locked_case, party, refuse_archived, require
from app.company import queries as company
from app.documents.intake import Received, Upload, received
from app.errors import Conflict, InvalidForm, InvalidValue
from app.journal.steps import record
from app.transaction import transaction

LONGEST_STATUS = 300
LONGEST_TITLE = 200


def register(case_id: int, typed: str = "", *, by: Actor, at: datetime, key: str = "") -> str:
    """Give the case its registration number, the typed one or the next of the counter, and return it.

    The term for checking counts from the day of sending. Raises InvalidForm (`number`) for a number that is taken or
    unusable, IllegalMove when the case does not wait for one.
    """
    with transaction():
        case = _held(case_id, by, at, key)
        lifecycle_of(case.kind).target("register", case.status, case.mode)
        profile = company.profile()
        today = clock.day_in(profile.zone, at)
        try:
            number = give_number(
                case, pattern=str(profile.settings["number.pattern"]), day=today, typed=typed
            )
        except InvalidValue as error:
            raise InvalidForm({"number": [error.message]}) from error
        case.registered_at = at
        sent_on = clock.day_in(profile.zone, case.sent_at or at)
        steps.move(case, "register", by=by, at=at, details={"number": number}, term_starts_on=sent_on)
        tell_applicant(case, "number-given", key="register", at=at, due=_due(case, at))
        return number


def add_status_line(case_id: int, text: str, *, by: Actor, at: datetime, key: str = "") -> None:
    """Add a status in the company's own words; it moves nothing. Raises InvalidForm (`status`)."""
    try:
        words = clean_line(text, max_length=LONGEST_STATUS, label="Статус")
    except InvalidValue as error:
        raise InvalidForm({"status": [error.message]}) from error
    with transaction():
        case = _held(case_id, by, at, key, sent=(words,))
        entry = _recorded(case, "status_line", {"text": words}, by=by, at=at)
        steps.touch(case, at=at)
        tell_applicant(case, "status-added", key=f"j{entry}", at=at, status=words)


def post_documents(
    case_id: int,
    uploads: Sequence[Upload],
    *,
    kind: str,
    title: str = "",
    internal: bool = False,
    by: Actor,
    at: datetime,
    key: str = "",
) -> None:
    """Put documents of the company into the case; internal ones are for staff alone and tell nobody.

    An empty title means the kind's own, or for «other» the file's name. Raises InvalidForm (`kind`, `title`, `files`).
    """
    if not uploads:
        raise InvalidForm({"files": ["Выберите хотя бы один файл."]})
    left: list[str] = []
    with received(uploads) as files, transaction():
        case = _held(case_id, by, at, key, sent=(kind, title, *(one.stored.sha256 for one in files)))
        words = _title(case, kind, title)
        rows = attach(case, files, kind=kind, title=words, side="company", by=by, at=at, internal=internal)
        if not rows:
            raise InvalidForm({"files": ["Этот файл уже размещен в обращении."]})
        left = left_over(files, rows)
        shown = words or _names(files)
        entry = _recorded(
            case,
            "document_posted",
            {"title": shown, "kind": kind, "files": len(rows)},
            by=by,
            at=at,
            public=not internal,
        )
        if not internal:
            steps.touch(case, at=at)
            tell_applicant(case, "document-posted", key=f"j{entry}", at=at, document=shown)
    for storage_key in left:
        gateways.current().files.delete(storage_key)


def _title(case: Case, kind: str, typed: str) -> str:
    kinds = posted_kinds(case.kind)
    if kind not in kinds:
        raise InvalidForm({"kind": ["Выберите вид документа из списка."]})
    try:
        title = clean_line(typed, max_length=LONGEST_TITLE, label="Название", required=False)
    except InvalidValue as error:
        raise InvalidForm({"title": [error.message]}) from error
    return title or ("" if kind == "other" else kinds[kind])


def _names(files: Sequence[Received]) -> str:
    return ", ".join(one.name for one in files)[:LONGEST_TITLE]


def move_to_archive(case_id: int, *, by: Actor, at: datetime, key: str = "") -> None:
    """Put an ended case into the archive, where it can only be read; raises IllegalMove when it has not ended."""
    with transaction():
        case = _held(case_id, by, at, key)
        steps.archive(case, by=by, at=at)
        tell_applicant(case, "archived", key="archive", at=at)


def _held(case_id: int, by: Actor, at: datetime, key: str, *, sent: Sequence[str] = ()) -> Case:
    """The case for an act of the company, the button's key used up for what was `sent` with it.

    Raises NotFound, Forbidden for one's own case, AlreadyDone, Conflict for a draft and for the archive.
    """
    case = locked_case(by, case_id)
    side = party(by, case)
    require(side == "company")
    claim_key(by.user_id, key, url=f"/cases/{case_id}", at=at, sent=sent)
    refuse_archived(case)
    if case.status == DRAFT:
        raise Conflict("Это черновик заявителя: дождитесь, пока он отправит заявку.")
    require(may_manage(side, case))
    return case


def _recorded(
    case: Case, kind: str, details: dict[str, object], *, by: Actor, at: datetime, public: bool = True
) -> int:
    entry = record(
        kind, party="company", actor_id=by.user_id, at=at, case_id=case.id, public=public, details=details
    )
    return entry.id


def _due(case: Case, at: datetime) -> str:
    if case.due_on is None:
        return ""
    return company.calendar().due_words(clock.day_in(company.profile().zone, at), case.due_on)
