"""What those who answer do with a case: its number, a status in own words, documents, the archive.

The company does so with its cases, a supplier with the appeals to them and, for their part, with the applications that
name them. Every act tells the applicant by a letter whose act it was.
"""

from collections.abc import Sequence
from datetime import datetime

from app import clock, gateways
from app.accounts.steps import claim_key
from app.actor import Actor
from app.cases import shelf_steps, steps
from app.cases.document_kinds import goes_by_file_name, posted_kinds
from app.cases.document_steps import attach, left_over
from app.cases.held_case import held_for_answer, sender, signed
from app.cases.kinds import lifecycle_of
from app.cases.letter_steps import tell_applicant
from app.cases.message_text import clean_line
from app.cases.models import Case
from app.cases.number_steps import give_number, give_supplier_number
from app.cases.policy import Party
from app.cases.queries import locked_case, party, refuse_archived, require
from app.company import queries as company
from app.documents.intake import Received, Upload, received
from app.errors import IllegalMove, InvalidForm, InvalidValue
from app.journal.steps import record
from app.transaction import transaction

LONGEST_STATUS = 300
LONGEST_TITLE = 200


def register(case_id: int, typed: str = "", *, by: Actor, at: datetime, key: str = "", seen: str = "") -> str:
    """Give the case its registration number, the typed one or the next of the counter, and return it.

    Whom the case is addressed to moves it on by that, and the term counts from the day of sending; the number that a
    supplier gives an application moves nothing. Raises InvalidForm (`number`) for a number that is taken or unusable,
    IllegalMove when the case does not wait for one.
    """
    with transaction():
        case, side = held_for_answer(case_id, by=by, at=at, key=key, seen=seen)
        if side != case.recipient:
            return _number_of_supplier(case, typed, by=by, at=at)
        lifecycle_of(case.kind).target("register", case.status, case.mode)
        number = _numbered(case, side, typed, at)
        case.registered_at = at
        sent_on = clock.day_in(company.profile().zone, case.sent_at or at)
        details = signed(case, side, {"number": number})
        steps.move(case, "register", by=by, at=at, details=details, term_starts_on=sent_on)
        told = {**sender(case, side), "given": number, "due": _due(case, at)}
        tell_applicant(case, "number-given", key="register", at=at, **told)
        return number


def _number_of_supplier(case: Case, typed: str, *, by: Actor, at: datetime) -> str:
    if case.supplier_number is not None:
        raise IllegalMove("Ваш номер этой заявке уже присвоен.")
    number = _numbered(case, "supplier", typed, at)
    _recorded(case, "supplier", "supplier_numbered", {"number": number}, by=by, at=at)
    steps.touch(case, at=at)
    told = {**sender(case, "supplier"), "given": number, "due": ""}
    tell_applicant(case, "number-given", key=f"supplier-{case.supplier_id}", at=at, **told)
    return number


def _numbered(case: Case, side: Party, typed: str, at: datetime) -> str:
    profile = company.profile()
    day = clock.day_in(profile.zone, at)
    try:
        if side == "supplier":
            return give_supplier_number(case, day=day, typed=typed)
        return give_number(case, pattern=str(profile.settings["number.pattern"]), day=day, typed=typed)
    except InvalidValue as error:
        raise InvalidForm({"number": [error.message]}) from error


def add_status_line(
    case_id: int, text: str, *, by: Actor, at: datetime, key: str = "", seen: str = ""
) -> None:
    """Add a status in own words; it moves nothing. Raises InvalidForm (`status`)."""
    try:
        words = clean_line(text, max_length=LONGEST_STATUS, label="Статус")
    except InvalidValue as error:
        raise InvalidForm({"status": [error.message]}) from error
    with transaction():
        case, side = held_for_answer(case_id, by=by, at=at, key=key, seen=seen, sent=(words,))
        entry = _recorded(case, side, "status_line", {"text": words}, by=by, at=at)
        steps.touch(case, at=at)
        tell_applicant(case, "status-added", key=f"j{entry}", at=at, status=words, **sender(case, side))


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
    seen: str = "",
) -> None:
    """Put documents of one's side into the case; the company's internal ones are for staff alone and tell nobody.

    An empty title means the kind's own, or for «other» the file's name. Raises InvalidForm (`kind`, `title`, `files`).
    """
    if not uploads:
        raise InvalidForm({"files": ["Выберите хотя бы один файл."]})
    left: list[str] = []
    with received(uploads) as files, transaction():
        sent = (kind, title, *(one.stored.sha256 for one in files))
        case, side = held_for_answer(case_id, by=by, at=at, key=key, seen=seen, sent=sent)
        require(side == "company" or not internal)
        words = _title(case, side, kind, title)
        rows = attach(case, files, kind=kind, title=words, side=side, by=by, at=at, internal=internal)
        if not rows:
            raise InvalidForm({"files": ["Этот файл уже размещен в обращении."]})
        left = left_over(files, rows)
        shown = words or _names(files)
        told = {"title": shown, "kind": kind, "files": len(rows)}
        entry = _recorded(case, side, "document_posted", told, by=by, at=at, public=not internal)
        if not internal:
            steps.touch(case, at=at)
            tell_applicant(
                case, "document-posted", key=f"j{entry}", at=at, document=shown, **sender(case, side)
            )
    for storage_key in left:
        gateways.current().files.delete(storage_key)


def _title(case: Case, side: Party, kind: str, typed: str) -> str:
    kinds = posted_kinds(case.kind, side, company.own_document_kinds())
    if kind not in kinds:
        raise InvalidForm({"kind": ["Выберите вид документа из списка."]})
    try:
        title = clean_line(typed, max_length=LONGEST_TITLE, label="Название", required=False)
    except InvalidValue as error:
        raise InvalidForm({"title": [error.message]}) from error
    return title or ("" if goes_by_file_name(kind) else kinds[kind])


def _names(files: Sequence[Received]) -> str:
    return ", ".join(one.name for one in files)[:LONGEST_TITLE]


def move_to_archive(case_id: int, *, by: Actor, at: datetime, key: str = "", seen: str = "") -> None:
    """Put an ended case into the archive, where it can only be read; raises IllegalMove when it has not ended.

    A supplier puts an application away for themselves alone, whenever they want: nothing changes for the applicant, so
    no letter tells of it.
    """
    with transaction():
        case, side = held_for_answer(case_id, by=by, at=at, key=key, seen=seen)
        if side != case.recipient:
            shelf_steps.put_away(case, by=by, at=at)
            return
        steps.archive(case, by=by, at=at)
        tell_applicant(case, "archived", key="archive", at=at, **sender(case, side))


def restore(case_id: int, *, by: Actor, at: datetime, key: str = "") -> None:
    """A supplier takes an application out of their own archive; raises IllegalMove when it is not there."""
    with transaction():
        case = locked_case(by, case_id)
        require(party(by, case) == "supplier")
        claim_key(by.user_id, key, url=f"/cases/{case_id}", at=at)
        refuse_archived(case)
        if case.supplier_archived_at is None:
            raise IllegalMove("Этого обращения нет в вашем архиве.")
        shelf_steps.take_back(case, by=by, at=at)


def _recorded(
    case: Case,
    side: Party,
    kind: str,
    details: dict[str, object],
    *,
    by: Actor,
    at: datetime,
    public: bool = True,
) -> int:
    told = signed(case, side, details)
    entry = record(kind, party=side, actor_id=by.user_id, at=at, case_id=case.id, public=public, details=told)
    return entry.id


def _due(case: Case, at: datetime) -> str:
    if case.due_on is None:
        return ""
    return company.calendar().due_words(clock.day_in(company.profile().zone, at), case.due_on)
