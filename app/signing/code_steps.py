"""Changes of signing codes: asked for, guessed, put out, used. Every one needs an open transaction."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy import update

from app import gateways
from app.accounts.contact_rules import signs_from
from app.accounts.models import Attempt, User
from app.accounts.throttle import key as try_key
from app.accounts.throttle import network
from app.actor import Actor
from app.cases.models import Case, CaseDocument
from app.company import queries as company
from app.errors import Conflict, TooManyTries
from app.extensions import db
from app.journal.steps import record
from app.notifications.sms_rules import masked
from app.notifications.sms_steps import Recipient, send_sms
from app.signing import code_queries as queries
from app.signing.code_models import SigningCode
from app.signing.code_queries import Agreement, Asker
from app.signing.code_rules import (
    FOR_ACCOUNT,
    FOR_DOCUMENT,
    GUESSES,
    LIFE,
    MOST_TRIES,
    NEW_NUMBER,
    TO_NUMBER,
    WHY_NOT,
    Cap,
    cap_words,
    documents_hash,
    seconds_to_wait,
    sms_words,
)
from app.signing.models import SignatureSlot
from app.transaction import require_transaction

SMS_KIND = "signing-code"
#: Random bytes of a salt, written in hex.
_SALT_BYTES = 32


def held_user(actor: Actor) -> User:
    """The account read afresh and held: what one person asks for and enters passes one after the other."""
    require_transaction()
    held = {"key_share": True}
    return db.session.get_one(User, actor.user_id, with_for_update=held, populate_existing=True)


def refuse_new_number(user: User, *, at: datetime) -> None:
    """Raise Conflict for a number that its owner has put in too short a time ago (security.md, A13)."""
    profile = company.profile()
    free = signs_from(user.phone_changed_at, int(profile.settings["security.phone_hold_hours"]), at)
    if free is not None:
        local = free.astimezone(ZoneInfo(profile.zone))
        raise Conflict(f"{NEW_NUMBER} {local:%d.%m.%Y, %H:%M}. Если это срочно, придите в офис.")


def refuse_often(case: Case, slot_ids: Sequence[int], user: User, *, at: datetime) -> None:
    """Raise TooManyTries when too many codes were asked for by this account, to its number, for one of the documents."""
    _refuse(FOR_ACCOUNT, queries.asked_by(user.id, at=at), at)
    _refuse(TO_NUMBER, queries.asked_to(user.phone, at=at), at)
    for slot_id in slot_ids:
        _refuse(FOR_DOCUMENT, queries.asked_for_document(case.id, slot_id, at=at), at)


def issue(
    case: Case,
    chosen: Sequence[tuple[SignatureSlot, CaseDocument]],
    agreement: Agreement,
    user: User,
    *,
    by: Asker,
    at: datetime,
) -> SigningCode:
    """A new code for these documents, its SMS in the outbox; the code before it is put out.

    Raises what `send_sms` does when no SMS may or can be sent now: then nothing has changed.
    """
    require_transaction()
    put_out(user.id, at=at)
    documents = queries.shown_documents(chosen)
    code = SigningCode(
        user_id=user.id,
        session_id=by.session_id,
        case_id=case.id,
        documents=documents,
        digest=documents_hash(documents),
        consent_id=agreement.consent.id,
        phone=user.phone,
        salt=secrets.token_hex(_SALT_BYTES),
        made_at=at,
        expires_at=at + LIFE,
        address=by.visit.address[:60],
        agent=by.visit.agent[:300],
    )
    db.session.add(code)
    db.session.flush()
    _send(case, code, network(by.visit.address), at)
    details = {
        "code": code.id,
        "phone": masked(code.phone),
        "documents": [one["document"] for one in documents],
        "digest": code.digest,
    }
    record("signing_code_asked", party="applicant", actor_id=user.id, at=at, case_id=case.id, details=details)
    return code


def _send(case: Case, code: SigningCode, asked_from: str, at: datetime) -> None:
    host = urlsplit(gateways.current().texts.public_url).hostname or ""
    what, bound = sms_words([str(one["title"]) for one in code.documents], case.number or str(case.id), host)
    row = send_sms(
        SMS_KIND,
        to=Recipient(code.user_id, code.phone),
        context={"what": what, "bound": bound},
        key=f"signing-code-{code.id}",
        at=at,
        case_id=case.id,
        salt=code.salt,
        expires_at=code.expires_at,
        asked_from=asked_from,
    )
    code.outbox_id = row.id


def put_out(user_id: int, *, at: datetime) -> None:
    """The open code of a user signs nothing any more; its SMS, should it still wait, is not sent."""
    require_transaction()
    old = queries.open_code(user_id, held=True)
    if old is None:
        return
    old.state = "expired" if old.expires_at <= at else "spent" if old.tries >= MOST_TRIES else "replaced"
    row = queries.sms_of(old)
    if row is not None and row.sent_at is None:
        row.expires_at = at  # not deleted: it counts among those that were asked for
    db.session.flush()


def count_guess(code: SigningCode, user: User, *, at: datetime) -> int:
    """Count one guess before it is looked at, and give the tries so far; what is not counted is not checked.

    One UPDATE decides, so that twenty guesses at the same moment are five. Raises TooManyTries for an account that has
    guessed too often, Conflict when the tries of this code are used up.
    """
    require_transaction()
    key = try_key("signing-code", str(user.id))
    _refuse(GUESSES, queries.guessed(key, since=at - GUESSES.window), at)
    counted = (
        update(SigningCode)
        .where(
            SigningCode.id == code.id,
            SigningCode.state == "open",
            SigningCode.tries < MOST_TRIES,
            SigningCode.expires_at > at,
        )
        .values(tries=SigningCode.tries + 1)
        .returning(SigningCode.tries)
        .execution_options(synchronize_session=False)
    )
    tries = db.session.scalar(counted)
    if tries is None:
        raise Conflict(WHY_NOT["spent"])
    db.session.add(Attempt(scope=queries.GUESS_SCOPE, key=key, at=at))
    return tries


def refuse_code(code: SigningCode, state: str, reason: str, *, at: datetime) -> None:
    """A code ends without a signature: its tries are used up, or what it was to sign is not what it was."""
    require_transaction()
    if code.state != "open":
        return
    code.state = state
    record(
        "signing_refused",
        party="applicant",
        actor_id=code.user_id,
        at=at,
        case_id=code.case_id,
        details={"code": code.id, "reason": reason, "tries": code.tries, "digest": code.digest},
    )


def use(code: SigningCode, *, at: datetime) -> None:
    """The code was right and signs what it was asked for, once."""
    require_transaction()
    code.state, code.used_at = "used", at


def _refuse(cap: Cap, times: Sequence[datetime], at: datetime) -> None:
    seconds = seconds_to_wait(cap, times, at)
    if seconds:
        raise TooManyTries(seconds, cap_words(cap, seconds))
