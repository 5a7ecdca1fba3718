"""Signing by a code from an SMS: accepting the agreement, asking for a code, entering it.

Entering is a count, a look and a signature: the guess is counted and committed before it is compared, the files are
read anew between two transactions, so that nobody waits for the database while thirty megabytes are hashed, and
everything is asked once more on rows that are held when the documents are signed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.accounts.models import User
from app.accounts.steps import accept_text, claim_key
from app.cases.models import Case
from app.cases.queries import locked_case, visible_case
from app.cases.steps import touch
from app.company import queries as company
from app.errors import AlreadyDone, Conflict, Forbidden, InvalidForm
from app.notifications.codes import derive, read_code, same_code
from app.notifications.sms_rules import is_mobile
from app.signing import code_queries as queries
from app.signing import code_steps as steps
from app.signing.code_models import SigningCode
from app.signing.code_queries import AGREEMENT, Agreement, Asker
from app.signing.code_record_queries import record_of
from app.signing.code_rules import (
    AGREEMENT_CHANGED,
    BY_CERTIFICATE,
    CHANGED,
    DAMAGED,
    MOST_TRIES,
    NO_AGREEMENT,
    NO_NUMBER,
    NUMBER_CHANGED,
    WHY_NOT,
    documents_hash,
)
from app.signing.letter_steps import tell_signed
from app.signing.policy import NOT_CONFIRMED
from app.signing.sign_queries import chosen, roads_of
from app.signing.signature_steps import Evidence, new_number, sign
from app.signing.slot_steps import end_waiting
from app.transaction import transaction

#: So many documents are signed by one code.
MOST_DOCUMENTS = 10


@dataclass(frozen=True)
class Entered:
    """What became of a code that was entered: whether it signed, and how many tries are left when it was wrong."""

    signed: bool
    tries_left: int = 0


@dataclass(frozen=True)
class _Guess:
    """A counted guess: what the right code is made of, and what it signs."""

    salt: str
    tries: int
    documents: list[dict[str, Any]]


def accept_agreement(case_id: int, version: str, *, by: Asker, at: datetime, key: str = "", url: str) -> None:
    """Accept the present version of the agreement; one that is accepted already is not accepted twice.

    `version` is that of the text whose box was ticked ('' when none was); `url` is where the person goes on. Raises
    NotFound, AlreadyDone, InvalidForm (`agreement`).
    """
    with transaction():
        visible_case(by.actor, case_id)
        claim_key(by.actor.user_id, key, url=url, at=at, sent=(version,))
        user, text = steps.held_user(by.actor), company.current_text(AGREEMENT)
        if queries.agreement_of(user.id) is not None:
            return
        if version != str(text.version):
            words = "Отметьте, что принимаете соглашение." if not version else AGREEMENT_CHANGED
            raise InvalidForm({"agreement": [words]})
        accept_text(user, text, visit=by.visit, at=at)


def ask_code(
    case_id: int, slot_ids: Sequence[int], *, by: Asker, at: datetime, key: str = "", url: str
) -> int:
    """Send a code that signs the documents of these slots and nothing else; its id. The code before it is put out.

    `url` is where a second press of the same button leads. Raises NotFound, Forbidden, Conflict (not their turn, no
    agreement, no number, not by code), TooManyTries, Unavailable (no gateway for SMS).
    """
    with transaction():
        case = locked_case(by.actor, case_id)
        claim_key(by.actor.user_id, key, url=url, at=at, sent=[str(one) for one in slot_ids])
        pairs = chosen(case, by.actor, slot_ids, held=True)
        if len(pairs) > MOST_DOCUMENTS:
            raise Conflict(f"Одним кодом подписывают не больше {MOST_DOCUMENTS} документов. Отметьте меньше.")
        user, agreement = _signer(case, by, at)
        steps.refuse_often(case, [slot.id for slot, _document in pairs], user, at=at)
        return steps.issue(case, pairs, agreement, user, by=by, at=at).id


def enter_code(
    case_id: int, code_id: int, typed: str, *, by: Asker, at: datetime, secret_key: str, url: str
) -> Entered:
    """Check a code and sign its documents; a wrong one is counted, and that stays so.

    `url` is the page of the code: whoever presses twice is led there. Raises InvalidValue for what is no code (not
    counted), NotFound for a code of somebody else, AlreadyDone, TooManyTries, Conflict when the code is worth nothing
    any more, and when a document, a file, the number or the agreement is not what it was: then the code is put out.
    """
    code = read_code(typed)
    guess = _count(case_id, code_id, by=by, at=at, url=url)
    if not same_code(code, derive(secret_key, guess.salt)):
        return _wrong(case_id, code_id, MOST_TRIES - guess.tries, by=by, at=at)
    try:
        if queries.damaged(guess.documents):
            raise Conflict(DAMAGED)
        _accept(case_id, code_id, by=by, at=at, secret=(secret_key, code), url=url)
    except (Conflict, Forbidden) as error:
        _end(case_id, code_id, "replaced", error.message, by=by, at=at)
        raise
    return Entered(signed=True)


def _count(case_id: int, code_id: int, *, by: Asker, at: datetime, url: str) -> _Guess:
    """Count the guess before anything is compared."""
    with transaction():
        case = visible_case(by.actor, case_id)
        user = steps.held_user(by.actor)
        code = queries.code_in(case, by.actor, code_id)
        is_now = queries.standing_of(code, session_id=by.session_id, at=at)
        if is_now == "used":
            raise AlreadyDone(url)
        if is_now != "open":
            raise Conflict(WHY_NOT[is_now])
        tries = steps.count_guess(code, user, at=at)
        return _Guess(code.salt, tries, list(code.documents))


def _wrong(case_id: int, code_id: int, left: int, *, by: Asker, at: datetime) -> Entered:
    if left <= 0:
        _end(case_id, code_id, "spent", "wrong code", by=by, at=at)
    return Entered(signed=False, tries_left=max(0, left))


def _end(case_id: int, code_id: int, state: str, reason: str, *, by: Asker, at: datetime) -> None:
    with transaction():
        case = visible_case(by.actor, case_id)
        steps.refuse_code(queries.code_in(case, by.actor, code_id, held=True), state, reason, at=at)


def _accept(
    case_id: int, code_id: int, *, by: Asker, at: datetime, secret: tuple[str, str], url: str
) -> None:
    """Sign, after everything was asked anew: whose it is, whose turn, the same documents, number and agreement."""
    with transaction():
        case = locked_case(by.actor, case_id)
        found = queries.code_in(case, by.actor, code_id)
        if found.state == "used":
            raise AlreadyDone(url)
        pairs = chosen(case, by.actor, queries.slots_signed_by(found), held=True)
        user, agreement = _signer(case, by, at)
        code = queries.code_in(case, by.actor, code_id, held=True)
        _refuse_other(code, agreement, user, documents_hash(queries.shown_documents(pairs)), by=by, at=at)
        steps.use(code, at=at)
        record = record_of(case, code, agreement, by=by, at=at, secret=secret)
        evidence = Evidence("code", user.name, record, new_number())
        stood = case.status
        for slot, _document in pairs:
            end_waiting(slot, at=at)
        signed = [sign(slot, evidence, by=by.actor, at=at) for slot, _document in pairs]
        touch(case, at=at)
        tell_signed(case, signed, status_before=stood, by=by.actor, at=at)


def _signer(case: Case, by: Asker, at: datetime) -> tuple[User, Agreement]:
    """The account, held, and the agreement, when this person may sign by code at all."""
    if "code" not in roads_of(case, by.actor):
        raise Conflict(BY_CERTIFICATE)
    user = steps.held_user(by.actor)
    if user.confirmed_at is None or user.state != "active":
        raise Forbidden(NOT_CONFIRMED)
    if not is_mobile(user.phone):
        raise Conflict(NO_NUMBER)
    steps.refuse_new_number(user, at=at)
    agreement = queries.agreement_of(user.id)
    if agreement is None:
        raise Conflict(NO_AGREEMENT)
    return user, agreement


def _refuse_other(
    code: SigningCode, agreement: Agreement, user: User, digest: str, *, by: Asker, at: datetime
) -> None:
    """Raise Conflict when the code was asked for something else than what would be signed now.

    The fifth try may be the right one: it was counted while the code was open.
    """
    if code.state != "open":
        raise Conflict(WHY_NOT[queries.standing_of(code, session_id=by.session_id, at=at)])
    if code.session_id != by.session_id:
        raise Conflict(WHY_NOT["elsewhere"])
    if code.expires_at <= at:
        raise Conflict(WHY_NOT["expired"])
    if code.digest != digest:
        raise Conflict(CHANGED)
    if code.phone != user.phone:
        raise Conflict(NUMBER_CHANGED)
    if code.consent_id != agreement.consent.id:
        raise Conflict(AGREEMENT_CHANGED)
