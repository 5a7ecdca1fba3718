"""What becomes of a signature by certificate: taken, put off, refused. Every step needs an open transaction.

The check itself ran before (`certificate_queries.judged`); here rows are held and asked afresh.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from app.accounts import queries as accounts
from app.cases.models import Case, CaseDocument
from app.company import queries as company
from app.errors import Conflict, DomainError, Forbidden
from app.gateways.cms import Owner, Verdict
from app.signing.attempt_steps import Act, Sent, close, keep, not_taken, refuse
from app.signing.authority_queries import accepted_authority, authority_record
from app.signing.certificate_models import CertificateAttempt, MachineAuthority
from app.signing.certificate_queries import owner_record, told_of, verdict_record, waiting_for, whose
from app.signing.certificate_rules import ACCEPTED, NO_LIST, WAITS, Match, Outcome, State, waits_too_long
from app.signing.models import Signature, SignatureSlot
from app.signing.sign_queries import chosen
from app.signing.signature_steps import Evidence, new_number, sign
from app.signing.slot_steps import LONGEST_SIGNER, recorded
from app.signing.who_queries import instant
from app.transaction import require_transaction

_NONE = Match("")
BLOCKED = (
    "Учетная запись того, кто прислал подпись, заблокирована: подписать документ должен другой представитель."
)


@dataclass(frozen=True)
class Decision:
    """What the check comes to: the state, the code of a refusal, by which number and which power of attorney."""

    state: State
    code: str = ""
    match: Match = _NONE
    authority: MachineAuthority | None = None

    @property
    def authority_id(self) -> int | None:
        """The id of the power of attorney, if one is needed."""
        return self.authority.id if self.authority else None


def take(
    case: Case, slot: SignatureSlot, document: CaseDocument, sent: Sent, act: Act
) -> tuple[Outcome, Signature | None]:
    """Keep a signature that has come in and do with its slot what the check says; the signature when it was taken.

    One that still waited for the slot gives way. Raises Conflict when another file has taken the document's place since.
    """
    require_transaction()
    if document.document_version_id != sent.version_id:
        raise Conflict("Пока вы подписывали, документ заменили. Скачайте новый и подпишите его.")
    decision = _decide(case, slot.party, sent.verdict, act.at, act.at)
    if decision.state != "refused" and (earlier := waiting_for(slot.id)):
        close(earlier, "refused", at=act.at, reason="replaced")
    told = {"reason": decision.code, "authority_id": decision.authority_id}
    attempt = keep(slot, sent, act, state=decision.state, **told)  # type: ignore[arg-type]
    signature = None
    if decision.state == "accepted":
        signature = _sign(attempt, slot, sent.verdict, decision, act)
    elif decision.state == "refused":
        not_taken(case, slot, document, attempt, at=act.at)
    else:
        details = {"signature": slot.party, "state": decision.state}
        recorded("signature_deferred", case, document, details, by=act.by, at=act.at)
    return outcome_of(attempt), signature


def outcome_of(attempt: CertificateAttempt) -> Outcome:
    """How a kept signature stands now."""
    state: State = attempt.state  # type: ignore[assignment]
    if state == "refused":
        return Outcome(attempt.slot_id, state, attempt.reason, told_of(attempt))
    return Outcome(attempt.slot_id, state, "ok", WAITS.get(state, ACCEPTED))


def settle(
    case: Case,
    attempt: CertificateAttempt,
    verdict: Verdict,
    *,
    at: datetime,
    decided_by: int | None = None,
    tell: bool = True,
) -> Signature | None:
    """Decide a signature that waited, now that the check has run again; the signature when it was taken.

    Nobody may be there: it counts as an act of who has sent it, with the rights they have now. The case is held. `tell`:
    whether a letter says that it was refused.
    """
    require_transaction()
    attempt.decided_by = decided_by
    try:
        by = accounts.actor_of(attempt.user_id)
        if not accounts.is_active(by.user_id):
            raise Forbidden(BLOCKED)
        ((slot, document),) = chosen(case, by, [attempt.slot_id], held=True)
        if document.document_version_id != attempt.record["version"]:
            raise Conflict("Документ заменили другим: подпишите новый.")
    except DomainError as error:
        known = isinstance(error, Conflict | Forbidden)
        refuse(case, attempt, "too_late", sentence=error.message if known else "", at=at, tell=tell)
        return None
    decision = _decide(case, slot.party, verdict, attempt.sent_at, at)
    attempt.verdict, attempt.authority_id = verdict_record(verdict, at=at), decision.authority_id
    if decision.state == "refused":
        refuse(case, attempt, decision.code, at=at, tell=tell)
        return None
    if decision.state == "accepted":
        return _sign(attempt, slot, verdict, decision, Act(by, at, attempt.record["act"], new_number()))
    attempt.state = decision.state
    return None


def _decide(case: Case, side: str, verdict: Verdict, sent_at: datetime, at: datetime) -> Decision:
    """What a verdict comes to for this party now."""
    owner, no_list = verdict.owner, verdict.code in NO_LIST
    if owner is None or not (verdict.code == "ok" or no_list):
        return Decision("refused", verdict.code if verdict.code != "ok" else "malformed")
    found = whose(owner, case, side)
    if found.code not in ("ok", "authority"):
        return Decision("refused", found.code, found)
    authority = accepted_authority(case, side, owner, at) if found.code == "authority" else None
    if found.code == "authority" and authority is None:
        return Decision("waits_authority", match=found)
    if not no_list:
        return Decision("accepted", match=found, authority=authority)
    if waits_too_long(sent_at, at, hours=int(company.profile().settings["signing.lists_wait"])):
        return Decision("refused", "list_never_came" if at > sent_at else verdict.code, found)
    return Decision("waits_list", match=found, authority=authority)


def _sign(
    attempt: CertificateAttempt, slot: SignatureSlot, verdict: Verdict, decision: Decision, act: Act
) -> Signature:
    owner: Owner = verdict.owner  # type: ignore[assignment]
    check = {
        "code": verdict.code,
        "at": instant(act.at),
        "received_at": instant(attempt.sent_at),
        "at_receipt": verdict.at_receipt,
        "road": attempt.road,
        "algorithm": verdict.algorithm,
        "engine": verdict.engine,
        "chain": list(verdict.chain),
        "lists_used": list(verdict.lists_used),
        "cms_sha256": hashlib.sha256(verdict.cms).hexdigest(),
        "matched_by": decision.match.by or "authority",
        "note": decision.match.note,
    }
    record = {**act.record, "certificate": owner_record(owner), "check": check, "result": "signed"}
    if decision.authority is not None:
        record["authority"] = authority_record(decision.authority)
    evidence = Evidence(
        "certificate",
        (owner.name or owner.organisation)[:LONGEST_SIGNER],
        record,
        act.package,
        cms=verdict.cms,
        came_at=attempt.sent_at,
    )
    signature = sign(slot, evidence, by=act.by, at=act.at)
    close(attempt, "accepted", at=act.at)
    return signature
