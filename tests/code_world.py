"""Individuals who may sign by a code from an SMS, each with a session of their own, and a paper that waits for them."""

from dataclasses import dataclass, replace
from datetime import datetime

from app import clock, gateways
from app.accounts.models import UserSession
from app.accounts.sessions import Visit, token_hash
from app.accounts.staff_actions import Shown, confirm_account
from app.cases.models import CaseDocument
from app.extensions import db
from app.notifications.models import OutboxRow
from app.signing import code_actions
from app.signing.code_actions import Entered
from app.signing.code_models import SigningCode
from app.signing.code_queries import Asker
from app.signing.models import Signature
from app.transaction import transaction
from tests.application_world import filer
from tests.case_world import Person, operator, sent
from tests.databases import SECRET_KEY
from tests.signing_world import paper_to_sign, slot

VISIT = Visit("203.0.113.7", "Firefox")


@dataclass(frozen=True)
class Paper:
    """A paper of a case that waits for the applicant's code."""

    own: Person
    office: Person
    case_id: int
    slot_id: int
    by: Asker


def confirmed(person: Person, office: Person, *, at: datetime | None = None) -> Person:
    """The same person after their visit to the office with a passport."""
    shown = Shown("passport", "57 10 123456")
    confirm_account(person.id, shown, by=office.actor, at=at or clock.now())
    return replace(person, actor=replace(person.actor, confirmed=True))


def asker(person: Person, *, visit: Visit = VISIT, at: datetime | None = None) -> Asker:
    """The person in a session of their own."""
    at = at or clock.now()
    with transaction():
        count = db.session.query(UserSession).count()
        row = UserSession(
            token_hash=token_hash(f"signing {count}"),
            user_id=person.id,
            created_at=at,
            seen_at=at,
            password_at=at,
        )
        db.session.add(row)
        db.session.flush()
        session_id = row.id
    return Asker(person.actor, visit, session_id)


def paper(
    *,
    title: str = "Договор",
    at: datetime | None = None,
    own: Person | None = None,
    office: Person | None = None,
) -> Paper:
    """A contract that only the applicant has to sign, who may sign it by code."""
    office = office or operator()
    own = own or confirmed(filer(), office, at=at)
    case_id = sent(own, at=at)
    (slot_id,) = paper_to_sign(case_id, office, ("applicant",), title=title, at=at)
    return Paper(own, office, case_id, slot_id, asker(own, at=at))


def ask(paper: Paper, *slots: int, at: datetime, by: Asker | None = None, key: str = "") -> int:
    """«Получить код» for the paper's slot, or for those named."""
    named = list(slots) or [paper.slot_id]
    return code_actions.ask_code(paper.case_id, named, by=by or paper.by, at=at, key=key, url="/code")


def enter(paper: Paper, code_id: int, typed: str, *, at: datetime, by: Asker | None = None) -> Entered:
    """«Подтвердить и отправить»."""
    return code_actions.enter_code(
        paper.case_id, code_id, typed, by=by or paper.by, at=at, secret_key=SECRET_KEY, url=f"/code/{code_id}"
    )


def code(code_id: int) -> SigningCode:
    """The row of a code as it stands now."""
    return db.session.get_one(SigningCode, code_id, populate_existing=True)


def digits(code_id: int) -> str:
    """What stands in the SMS of a code."""
    return gateways.current().code_of(code(code_id).salt)


def wrong(code_id: int) -> str:
    """Six digits that are not those of the SMS."""
    return f"{(int(digits(code_id)) + 1) % 1_000_000:06}"


def sms(code_id: int) -> OutboxRow:
    return db.session.get_one(OutboxRow, code(code_id).outbox_id, populate_existing=True)


def signatures(slot_id: int) -> list[Signature]:
    return list(db.session.query(Signature).filter_by(slot_id=slot_id))


def document_of(slot_id: int) -> CaseDocument:
    return db.session.get_one(CaseDocument, slot(slot_id).case_document_id, populate_existing=True)
