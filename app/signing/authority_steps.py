"""Machine-readable powers of attorney: kept, accepted, refused. Every step needs an open transaction."""

from datetime import datetime

from sqlalchemy import select

from app.actor import Actor
from app.cases.held_case import sender
from app.cases.held_case import signed as with_supplier
from app.cases.letter_steps import tell_company
from app.cases.models import Case
from app.cases.policy import Party
from app.cases.queries import party
from app.documents.intake import Received
from app.documents.steps import add_document
from app.extensions import db
from app.gateways.cms import Owner, Verdict
from app.journal.steps import record
from app.signing.authority_queries import WAITING, waiting_signatures
from app.signing.authority_rules import Authority, representative_of
from app.signing.certificate_models import MachineAuthority
from app.signing.certificate_queries import verdict_record
from app.signing.slot_rules import SIGNATURES
from app.transaction import require_transaction

_REPLACED = "Вместо нее прислана другая доверенность."


def keep_authority(
    case: Case,
    file: Received,
    authority: Authority,
    owner: Owner,
    verdict: Verdict,
    *,
    by: Actor,
    at: datetime,
) -> MachineAuthority:
    """A power of attorney for the owner of a certificate, for the office to read; it takes the place of one not read yet."""
    require_transaction()
    side, person = party(by, case), representative_of(authority, owner)
    if person is None:
        raise ValueError("the power of attorney is for somebody else")
    for earlier in _waiting(case, side):
        close_authority(case, earlier, "refused", remark=_REPLACED, by=by, at=at)
    version = add_document(file, owner_applicant_id=None, by=by.user_id, at=at)
    row = MachineAuthority(
        case_id=case.id,
        party=side,
        user_id=by.user_id,
        number=authority.number,
        principal_ogrn=authority.principal_ogrn,
        representative_snils=person.snils[:11],
        representative_inn=person.inn[:12],
        valid_from=authority.valid_from,
        valid_until=authority.valid_until,
        document_version_id=version.id,
        cms=verdict.cms,
        verdict=verdict_record(verdict, at=at),
        sent_at=at,
    )
    db.session.add(row)
    db.session.flush()
    _recorded("authority_sent", case, row, by=by, at=at)
    _tell_office(case, row, side, at)
    return row


def close_authority(
    case: Case,
    row: MachineAuthority,
    state: str,
    *,
    by: Actor,
    at: datetime,
    remark: str = "",
    stopped: bool = False,
) -> None:
    """The office has read it, or another one came; `remark` says why it is not accepted, `stopped` that it was until now.

    That somebody alone in the office has read their own is written, too.
    """
    require_transaction()
    row.state, row.remark, row.decided_by, row.decided_at = state, remark, by.user_id, at
    db.session.flush()
    judged = {"own": True} if state == "accepted" and row.user_id == by.user_id else {}
    _recorded(
        f"authority_{state}", case, row, by=by, at=at, **judged, **({"stopped": True} if stopped else {})
    )


def _waiting(case: Case, side: str) -> list[MachineAuthority]:
    query = select(MachineAuthority).where(
        MachineAuthority.case_id == case.id,
        MachineAuthority.party == side,
        MachineAuthority.state == WAITING,
    )
    return list(db.session.scalars(query.with_for_update()))


def _recorded(kind: str, case: Case, row: MachineAuthority, *, by: Actor, at: datetime, **more: bool) -> None:
    """Told to all sides: by whose power a paper of theirs is signed is their matter."""
    side = party(by, case)
    details = {
        "signature": row.party,
        "number": row.number,
        "authority": row.id,
        "reason": row.remark,
        **more,
    }
    told = with_supplier(case, side, details)
    record(kind, party=side, actor_id=by.user_id, at=at, case_id=case.id, public=True, details=told)


def _tell_office(case: Case, row: MachineAuthority, side: Party, at: datetime) -> None:
    tell_company(
        case,
        "authority-sent",
        key=f"authority-{row.id}",
        at=at,
        mark=None if side == "company" else "status",
        whose=SIGNATURES[side],
        authority=row.number,
        valid_until=f"{row.valid_until:%d.%m.%Y}",
        waiting=len(waiting_signatures(case, side)),
        **sender(case, side),
    )
