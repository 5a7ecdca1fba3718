"""Reading what signing by code needs: the accepted agreement, what a code signs, how many were asked for, how it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from app import gateways
from app.accounts.models import Attempt, Consent
from app.accounts.sessions import Visit
from app.actor import Actor
from app.cases.models import Case, CaseDocument
from app.company import queries as company
from app.company.models import LegalText
from app.documents.models import DocumentVersion
from app.errors import NotFound
from app.extensions import db
from app.notifications.models import OutboxRow
from app.signing.code_models import SigningCode
from app.signing.code_rules import FOR_ACCOUNT, FOR_DOCUMENT, TO_NUMBER, Standing, standing
from app.signing.models import Signature, SignatureSlot

AGREEMENT = "agreement"
#: Guesses are counted among the tries of the site under this name.
GUESS_SCOPE = "signing-code"


@dataclass(frozen=True)
class Asker:
    """Who asks for a code or enters one: the person, from where, in which session."""

    actor: Actor
    visit: Visit
    session_id: int


@dataclass(frozen=True)
class Agreement:
    """The present version of the agreement by which a code is a signature, and that this user accepted it."""

    text: LegalText
    consent: Consent


def agreement_of(user_id: int) -> Agreement | None:
    """The agreement as this user accepted it; None when they have not, have taken it back, or a new version came."""
    text = company.current_text(AGREEMENT)
    query = select(Consent).where(
        Consent.user_id == user_id, Consent.legal_text_id == text.id, Consent.withdrawn_at.is_(None)
    )
    consent = db.session.scalars(query.order_by(Consent.id).limit(1)).first()
    return Agreement(text, consent) if consent is not None else None


def shown_documents(chosen: Sequence[tuple[SignatureSlot, CaseDocument]]) -> list[dict[str, Any]]:
    """What a code is bound to, for each slot: the document, its edition and the exact bytes."""
    return [
        {
            "slot": slot.id,
            "document": document.id,
            "version": document.version.id,
            "title": document.title,
            "file_name": document.version.file_name,
            "size": document.version.size,
            "sha256": document.version.sha256,
        }
        for slot, document in chosen
    ]


def code_in(case: Case, actor: Actor, code_id: int, *, held: bool = False) -> SigningCode:
    """A code of this very person in this case; NotFound for any other. `held` keeps it for an action."""
    query = select(SigningCode).where(
        SigningCode.id == code_id, SigningCode.case_id == case.id, SigningCode.user_id == actor.user_id
    )
    if held:
        query = query.with_for_update()
    found = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def open_code(user_id: int, *, held: bool = False) -> SigningCode | None:
    """The one code of a user that no other has put out; it may have run out."""
    query = select(SigningCode).where(SigningCode.user_id == user_id, SigningCode.state == "open")
    if held:
        query = query.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(query).one_or_none()


def standing_of(code: SigningCode, *, session_id: int, at: datetime) -> Standing:
    """What a code is worth now in this session."""
    return standing(
        code.state,
        tries=code.tries,
        expires_at=code.expires_at,
        same_session=code.session_id == session_id,
        at=at,
    )


def slots_signed_by(code: SigningCode) -> list[int]:
    """The slots that a code is for, in the order in which the documents were named."""
    return [int(one["slot"]) for one in code.documents]


def asked_for_document(case_id: int, slot_id: int, *, at: datetime) -> list[datetime]:
    """When codes were asked for one slot within the window of its limit."""
    query = select(SigningCode.made_at, SigningCode.documents).where(
        SigningCode.case_id == case_id, SigningCode.made_at > at - FOR_DOCUMENT.window
    )
    rows = db.session.execute(query)
    return [made_at for made_at, documents in rows if any(one["slot"] == slot_id for one in documents)]


def asked_by(user_id: int, *, at: datetime) -> list[datetime]:
    """When an account asked for codes within the window of its limit."""
    return _made(SigningCode.user_id == user_id, at - FOR_ACCOUNT.window)


def asked_to(phone: str, *, at: datetime) -> list[datetime]:
    """When codes were asked for to one number, whoever has it, within the window of its limit."""
    return _made(SigningCode.phone == phone, at - TO_NUMBER.window)


def _made(which: ColumnElement[bool], since: datetime) -> list[datetime]:
    return list(db.session.scalars(select(SigningCode.made_at).where(which, SigningCode.made_at > since)))


def guessed(key: str, *, since: datetime) -> list[datetime]:
    """When codes were entered under a key of the table of tries."""
    query = select(Attempt.at).where(Attempt.scope == GUESS_SCOPE, Attempt.key == key, Attempt.at > since)
    return list(db.session.scalars(query))


def times_asked(code: SigningCode) -> int:
    """How many codes this user asked for these very documents so far, this one among them."""
    query = select(func.count(SigningCode.id)).where(
        SigningCode.user_id == code.user_id, SigningCode.digest == code.digest, SigningCode.id <= code.id
    )
    return db.session.scalar(query) or 0


def sms_of(code: SigningCode) -> OutboxRow | None:
    """The SMS of a code with the story of its delivery; None when the row is gone."""
    return db.session.get(OutboxRow, code.outbox_id) if code.outbox_id is not None else None


def signatures_by(code: SigningCode) -> list[Signature]:
    """The signatures that a used code has given, in the order of the documents."""
    if code.state != "used":
        return []
    slots = slots_signed_by(code)
    query = select(Signature).where(Signature.slot_id.in_(slots), Signature.user_id == code.user_id)
    return sorted(db.session.scalars(query), key=lambda one: slots.index(one.slot_id))


def damaged(documents: Sequence[Mapping[str, Any]]) -> list[str]:
    """Titles of the documents whose file on the disk is not, byte for byte, the one that was shown.

    Reads every file whole; not for an open transaction.
    """
    named = DocumentVersion.id.in_([one["version"] for one in documents])
    rows = db.session.execute(select(DocumentVersion.id, DocumentVersion.storage_key).where(named))
    keys: dict[int, str] = {version: storage_key for version, storage_key in rows}
    holds = gateways.current().files.holds
    return [
        str(one["title"]) for one in documents if not holds(keys.get(one["version"], ""), str(one["sha256"]))
    ]
