"""Whose signature or answer waits in which case, as conditions of the home page's list."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select
from sqlalchemy.orm import aliased

from app.actor import SIGNATORY, Actor
from app.cases.models import Case, CaseDocument
from app.cases.policy import Party
from app.cases.turns import Task, Turn
from app.connections.contract_lifecycle import CONTRACT_DISPUTED, CONTRACT_SENT
from app.connections.works_lifecycle import ACT_SENT
from app.extensions import db
from app.signing.certificate_models import CertificateAttempt, MachineAuthority
from app.signing.models import SignatureSlot
from app.signing.slot_rules import DECLINED, PENDING, SIGNED

#: In these statuses the applicant's move is to sign.
_SIGNING = frozenset({CONTRACT_SENT, ACT_SENT})
#: A power of attorney of the company itself is found by its people in the case: its sender may not read it.
_TO_READ = and_(MachineAuthority.state == "waiting", MachineAuthority.party != "company")


def waits_for(side: Party) -> ColumnElement[bool]:
    """A slot of the side whose turn it is; a signature that has come in and waits for the check is not asked for again."""
    earlier = aliased(SignatureSlot)
    first = exists().where(
        earlier.case_document_id == SignatureSlot.case_document_id,
        earlier.place < SignatureSlot.place,
        earlier.required,
        earlier.state != SIGNED,
    )
    return and_(SignatureSlot.party == side, SignatureSlot.state == PENDING, ~first, ~_is_checked())


def _is_checked() -> ColumnElement[bool]:
    """That a signature of the slot waits for the site or the office; a power of attorney not sent yet is its own side's."""
    attempt = CertificateAttempt.slot_id == SignatureSlot.id
    sent = exists().where(
        MachineAuthority.case_id == SignatureSlot.case_id,
        MachineAuthority.party == SignatureSlot.party,
        MachineAuthority.state == "waiting",
    )
    return or_(
        exists().where(attempt, CertificateAttempt.state == "waits_list"),
        and_(exists().where(attempt, CertificateAttempt.state == "waits_authority"), sent),
    )


def signature_sent(case_ids: Collection[int]) -> set[int]:
    """Of these cases those whose applicant has sent a signature that is being checked: nobody reminds them of it."""
    query = select(SignatureSlot.case_id).where(
        SignatureSlot.case_id.in_(case_ids),
        SignatureSlot.party == "applicant",
        SignatureSlot.state == PENDING,
        _is_checked(),
    )
    return set(db.session.scalars(query))


def is_being_checked(document_id: int, side: Party) -> bool:
    """Whether the side has sent its signature under a document and the check is not finished."""
    query = select(SignatureSlot.id).where(
        SignatureSlot.case_document_id == document_id,
        SignatureSlot.party == side,
        SignatureSlot.state == PENDING,
        _is_checked(),
    )
    return db.session.scalar(query.limit(1)) is not None


def _declined(side: Party) -> ColumnElement[bool]:
    """A slot that somebody declined under a document of the side."""
    theirs = exists().where(CaseDocument.id == SignatureSlot.case_document_id, CaseDocument.side == side)
    return and_(SignatureSlot.state == DECLINED, or_(SignatureSlot.party == side, theirs))


def _to_sign(side: Party) -> Select[int]:
    return select(SignatureSlot.case_id).where(waits_for(side))


def _to_answer(side: Party) -> Select[int]:
    return select(SignatureSlot.case_id).where(_declined(side))


def _waits(side: Party) -> ColumnElement[bool]:
    return and_(
        Case.status != CONTRACT_DISPUTED, exists().where(SignatureSlot.case_id == Case.id, waits_for(side))
    )


def _answers(side: Party) -> ColumnElement[bool]:
    return exists().where(SignatureSlot.case_id == Case.id, _declined(side))


def _may_sign(actor: Actor, side: Party) -> bool:
    return side != "company" or SIGNATORY in actor.roles


def _judges(side: Party) -> ColumnElement[bool]:
    if side != "company":
        return false()
    return exists().where(MachineAuthority.case_id == Case.id, _TO_READ)


def _to_judge(side: Party) -> Select[int]:
    return select(MachineAuthority.case_id).where(_TO_READ if side == "company" else false())


def _checked(_side: Party) -> Select[int]:
    """Cases whose applicant has sent a signature that the site checks by itself: nobody has to do anything."""
    listed = exists().where(
        CertificateAttempt.slot_id == SignatureSlot.id, CertificateAttempt.state == "waits_list"
    )
    theirs = SignatureSlot.party == "applicant"
    return select(SignatureSlot.case_id).where(theirs, SignatureSlot.state == PENDING, listed)


TO_JUDGE = Turn(
    Task("Проверьте доверенность", "next"),
    _judges,
    _to_judge,
    lambda _actor, side: side == "company",
    instead_of=_SIGNING,
)
#: Nobody's deed, and the applicant's no more.
CHECKED = Turn(
    Task("Подпись проверяется"),
    lambda _side: false(),
    _checked,
    lambda _actor, _side: False,
    instead_of=_SIGNING,
)
TO_SIGN = Turn(Task("Подпишите документы", "documents"), _waits, _to_sign, _may_sign)
TO_ANSWER = Turn(
    Task("Ответьте на отказ от подписи", "documents"),
    _answers,
    _to_answer,
    lambda _actor, side: side != "applicant",
    instead_of=frozenset({ACT_SENT}),
)
