"""Signatures by certificate as people send them, by file or from the plug-in, and as the site decides them later."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import select

from app.accounts import queries as accounts
from app.accounts.attempt_steps import Counted, count, refuse_impatience
from app.accounts.sessions import Visit
from app.accounts.steps import claim_key
from app.accounts.throttle import Limit
from app.accounts.throttle import key as try_key
from app.actor import Actor
from app.cases.models import Case, CaseDocument
from app.cases.queries import locked_case, party, visible_case
from app.cases.steps import touch
from app.errors import Conflict, NotFound
from app.extensions import db
from app.gateways.cms import Verdict
from app.signing.attempt_steps import Act, Sent
from app.signing.certificate_models import CertificateAttempt
from app.signing.certificate_queries import judged, same_before
from app.signing.certificate_rules import LARGEST_SIGNATURE, MOST_AN_HOUR, MOST_AT_ONCE, Outcome
from app.signing.certificate_steps import outcome_of, settle, take
from app.signing.chain_work import remember_chains
from app.signing.letter_steps import tell_signed
from app.signing.models import SignatureSlot
from app.signing.sign_queries import chosen
from app.signing.signature_steps import new_number
from app.signing.who_queries import when_given, where_from, who_acts
from app.transaction import transaction

Road = Literal["file", "plugin"]
#: Signatures of one person for one case: each is checked by runs of a program.
CHECKS = Limit("signature-check", MOST_AN_HOUR, timedelta(hours=1))


def submit(
    case_id: int,
    signatures: Mapping[int, bytes],
    *,
    road: Road,
    by: Actor,
    at: datetime,
    visit: Visit,
    session_id: int,
    key: str = "",
) -> list[Outcome]:
    """Sign the documents of these slots by the signatures that came for them, each by itself; what became of each.

    A signature that is refused changes nothing and says what to do; the others count. The same file for a slot that it has
    signed already is taken once. Raises NotFound, Forbidden, Conflict (not their turn, too many at once), AlreadyDone.
    """
    if len(signatures) > MOST_AT_ONCE:
        raise Conflict(f"За один раз подписывают не больше {MOST_AT_ONCE} документов. Отметьте меньше.")
    digests = {slot_id: hashlib.sha256(cms).hexdigest() for slot_id, cms in signatures.items()}
    sent = _checked(visible_case(by, case_id), signatures, digests, road, by, at)
    with transaction():
        case, known = locked_case(by, case_id), _known(case_id, digests, by)
        claim_key(by.user_id, key, url=f"/cases/{case_id}", at=at, sent=sorted(digests.values()))
        fresh = [slot_id for slot_id in signatures if slot_id not in known]
        if not set(fresh) <= sent.keys():
            raise Conflict  # one that was known a moment ago is not any more
        pairs = chosen(case, by, fresh, held=True) if fresh else []
        told = {"who": who_acts(case, by), "where": where_from(visit, session_id), "when": when_given(at)}
        act = Act(by, at, told, new_number())
        status, signed, outcomes = case.status, [], dict(known)
        for slot, document in pairs:
            outcomes[slot.id], signature = take(case, slot, document, sent[slot.id], act)
            signed += [signature] if signature else []
        if pairs:
            touch(case, at=at)
        tell_signed(case, signed, status_before=status, by=by, at=at)
    remember_chains((one.verdict for one in sent.values()), at=at)
    return [outcomes[slot_id] for slot_id in signatures]


def decide_waiting(attempt_id: int, *, at: datetime) -> None:
    """Decide a signature that waits for a list of revoked certificates, when one has come or the waiting is over.

    What happened to the certificate after the signature came in does not count. One that is decided meanwhile, or gone,
    is left alone.
    """
    found = db.session.get(CertificateAttempt, attempt_id)
    if found is None or found.state != "waits_list":
        return
    verdict = _again(found, at)
    remember_chains([verdict], at=at)
    with transaction():
        case = _held(found.case_id)
        attempt = db.session.get_one(
            CertificateAttempt, attempt_id, populate_existing=True, with_for_update=True
        )
        if attempt.state != "waits_list":
            return
        status = case.status
        signature = settle(case, attempt, verdict, at=at)
        if attempt.state != "waits_list":
            touch(case, at=at)
        if signature:
            by = accounts.actor_of(attempt.user_id)
            tell_signed(case, [signature], status_before=status, by=by, at=at, to_sender=True)


def _checked(
    case: Case,
    signatures: Mapping[int, bytes],
    digests: Mapping[int, str],
    road: Road,
    by: Actor,
    at: datetime,
) -> dict[int, Sent]:
    """The verdicts on what has not been taken before; outside the transaction, since each takes a program's run."""
    known = _known(case.id, digests, by)
    fresh = [slot_id for slot_id in signatures if slot_id not in known]
    if fresh:
        _count_checks(case.id, by, at, len(fresh))
    sent = {}
    for slot, document in chosen(case, by, fresh) if fresh or not known else []:
        cms = signatures[slot.id]
        large = len(cms) > LARGEST_SIGNATURE
        verdict = Verdict("too_large") if large else judged(cms, document.version, at=at)
        sent[slot.id] = Sent(cms, digests[slot.id], road, document.document_version_id, verdict)
    return sent


def _count_checks(case_id: int, by: Actor, at: datetime, number: int) -> None:
    """Count what is to be checked, in a transaction of its own: what is refused or sent again counts, too."""
    counted = [Counted(CHECKS, try_key(str(by.user_id), str(case_id)))]
    with transaction():
        refuse_impatience(counted, at=at)
        count(counted * number, at=at)


def _known(case_id: int, digests: Mapping[int, str], by: Actor) -> dict[int, Outcome]:
    """Files that were sent for the same slot before and taken, or that still wait there."""
    found = {}
    for slot_id, digest in digests.items():
        slot, before = db.session.get(SignatureSlot, slot_id), same_before(slot_id, digest)
        if slot is None or slot.case_id != case_id or before is None:
            continue
        if party(by, db.session.get_one(Case, case_id)) == slot.party:
            found[slot_id] = outcome_of(before)
    return found


def _again(attempt: CertificateAttempt, at: datetime) -> Verdict:
    slot = db.session.get_one(SignatureSlot, attempt.slot_id)
    document = db.session.get_one(CaseDocument, slot.case_document_id)
    return judged(attempt.cms, document.version, at=at, received=attempt.sent_at)


def _held(case_id: int) -> Case:
    """The case for what the site does by itself."""
    query = select(Case).where(Case.id == case_id).with_for_update().execution_options(populate_existing=True)
    case = db.session.scalars(query).one_or_none()
    if case is None:
        raise NotFound
    return case
