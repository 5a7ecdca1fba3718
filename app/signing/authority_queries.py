"""Reading machine-readable powers of attorney: one of a case, those that were accepted, who has to do what about them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from app import clock, gateways
from app.accounts import queries as accounts
from app.accounts.models import User
from app.actor import Actor
from app.cases.models import Case
from app.cases.next_actions import NextAction
from app.cases.policy import Party
from app.cases.queries import party
from app.company import queries as company
from app.documents.models import DocumentVersion
from app.errors import InvalidValue, NotFound
from app.extensions import db
from app.gateways.cms import Owner
from app.signing.authority_rules import Authority, read, same_person
from app.signing.certificate_models import CertificateAttempt, MachineAuthority
from app.signing.certificate_queries import expected_of
from app.signing.certificate_rules import OwnerFacts
from app.signing.models import SignatureSlot
from app.signing.policy import why_may_not
from app.signing.slot_rules import PENDING
from app.signing.who_queries import instant

WAITING, ACCEPTED, REFUSED = "waiting", "accepted", "refused"
OWN = "Свою доверенность проверяет другой сотрудник."


def accepted_authority(case: Case, side: str, owner: Owner, at: datetime) -> MachineAuthority | None:
    """An accepted power of attorney of the side for the owner of a certificate that holds on this day; the newest one.

    It may have come with another case: it is of the same party by its number, and the office has read it.
    """
    expected, today = expected_of(case, side).ogrn, clock.day_in(company.profile().zone, at)
    if not expected:
        return None
    query = select(MachineAuthority).where(
        MachineAuthority.party == side,
        MachineAuthority.state == ACCEPTED,
        MachineAuthority.principal_ogrn == expected,
        MachineAuthority.valid_until >= today,
        or_(MachineAuthority.valid_from.is_(None), MachineAuthority.valid_from <= today),
    )
    rows = db.session.scalars(query.order_by(MachineAuthority.id.desc()))
    return next((row for row in rows if fits(row, owner)), None)


def fits(row: MachineAuthority, owner: OwnerFacts) -> bool:
    """Whether it names the owner of a certificate."""
    return same_person(owner, snils=row.representative_snils, inn=row.representative_inn)


def authority_record(row: MachineAuthority) -> dict[str, Any]:
    """What the record of a signature keeps of the power of attorney by which it was taken."""
    version = db.session.get_one(DocumentVersion, row.document_version_id)
    judge = db.session.get(User, row.decided_by) if row.decided_by else None
    return {
        "id": row.id,
        "number": row.number,
        "principal_ogrn": row.principal_ogrn,
        "valid_from": row.valid_from.isoformat() if row.valid_from else "",
        "valid_until": row.valid_until.isoformat(),
        "document_version": version.id,
        "sha256": version.sha256,
        "accepted_by": judge.name if judge else "",
        "accepted_at": instant(row.decided_at),
    }


def authority_in(case: Case, actor: Actor, authority_id: int) -> MachineAuthority:
    """One power of attorney of the case; raises NotFound for who is neither of the company nor of the side that sent it."""
    found = db.session.get(MachineAuthority, authority_id)
    if found is None or found.case_id != case.id or party(actor, case) not in ("company", found.party):
        raise NotFound
    return found


def authorities_of(case: Case, side: str) -> list[MachineAuthority]:
    """What a side has sent in this case, the newest first."""
    query = select(MachineAuthority).where(
        MachineAuthority.case_id == case.id, MachineAuthority.party == side
    )
    return list(db.session.scalars(query.order_by(MachineAuthority.id.desc())))


def unjudged(case: Case, side: str = "") -> MachineAuthority | None:
    """The first power of attorney of the case, or of one side in it, that the office has not decided."""
    query = select(MachineAuthority).where(
        MachineAuthority.case_id == case.id, MachineAuthority.state == WAITING
    )
    if side:
        query = query.where(MachineAuthority.party == side)
    return db.session.scalars(query.order_by(MachineAuthority.id).limit(1)).first()


def is_over(row: MachineAuthority, at: datetime) -> bool:
    """Whether its last day has passed, wherever it stands."""
    return row.valid_until < clock.day_in(company.profile().zone, at)


def judges_own(row: MachineAuthority, actor: Actor) -> bool:
    """Whether somebody judges their own: for the company's own signature, when nobody else works with cases there."""
    alone = row.party == "company" and row.user_id == actor.user_id
    return alone and all(one.user_id == actor.user_id for one in accounts.staff_people())


def why_may_not_judge(row: MachineAuthority, actor: Actor) -> str:
    """What keeps one of the company's people from deciding about it; '' when nothing does."""
    return OWN if row.user_id == actor.user_id and not judges_own(row, actor) else ""


def content_of(row: MachineAuthority) -> Authority | None:
    """What its file says now; None when the file cannot be read any more."""
    version = db.session.get_one(DocumentVersion, row.document_version_id)
    try:
        return read(gateways.current().files.path(version.storage_key).read_bytes())
    except (OSError, InvalidValue):
        return None


def waiting_signatures(case: Case, side: str) -> list[CertificateAttempt]:
    """The signatures of a side that wait for a power of attorney under what still is to be signed."""
    query = (
        select(CertificateAttempt)
        .join(SignatureSlot, SignatureSlot.id == CertificateAttempt.slot_id)
        .where(CertificateAttempt.case_id == case.id, CertificateAttempt.state == "waits_authority")
        .where(SignatureSlot.party == side, SignatureSlot.state == PENDING)
    )
    return list(db.session.scalars(query.order_by(CertificateAttempt.id)))


def why_may_not_send(case: Case, actor: Actor) -> str:
    """What keeps this person from sending one for the signature of their side that waits; '' when nothing does."""
    waiting = waiting_signatures(case, party(actor, case))
    return why_may_not(actor, case, db.session.get_one(SignatureSlot, waiting[0].slot_id)) if waiting else ""


def accepted_since(case: Case, side: str, at: datetime) -> list[int]:
    """Slots whose signature waits although a power of attorney has been accepted since: it came with another case."""
    found = []
    for one in waiting_signatures(case, side):
        owner = one.verdict.get("owner")
        if owner and accepted_authority(case, side, owner_from(owner), at) is not None:
            found.append(one.slot_id)
    return found


def owners_waiting(case: Case, side: str) -> list[Owner]:
    """Whose certificates these are, each once."""
    found = [one.verdict.get("owner") for one in waiting_signatures(case, side)]
    return list({owner["serial"]: owner_from(owner) for owner in found if owner}.values())


def owner_from(kept: dict[str, Any]) -> Owner:
    """The owner of a certificate as `certificate_queries.owner_record` has kept it."""
    dates = {name: datetime.fromisoformat(kept[name]) for name in ("not_before", "not_after")}
    return Owner(**{**kept, **dates})


def next_actions(case: Case, actor: Actor, side: Party) -> Sequence[NextAction]:
    """The office reads what came; who has signed without the number of the organisation sends the power of attorney."""
    found = unjudged(case)
    if side == "company" and found is not None and not why_may_not_judge(found, actor):
        arguments = {"authority_id": str(found.id)}
        return (
            NextAction("Проверить доверенность", "signing.judge_page", primary=True, arguments=arguments),
        )
    own = unjudged(case, side)
    waits = (own is None or is_over(own, clock.now())) and waiting_signatures(case, side)
    if waits and not why_may_not_send(case, actor):
        return (NextAction("Приложить доверенность", "signing.authority_page", primary=True),)
    return ()
