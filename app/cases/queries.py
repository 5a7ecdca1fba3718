"""Reading one case: who may know of it, its files, its messages."""

from sqlalchemy import ColumnElement, false, or_, select

from app.actor import SUPPLIER, Actor
from app.cases.models import DRAFT, Case, CaseDocument, Message
from app.cases.policy import Party, may_see_document, party_of
from app.errors import Forbidden, NotFound
from app.extensions import db


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The condition under which a case exists for the actor: the same rule as `policy.party_of`, in SQL."""
    rights: list[ColumnElement[bool]] = []
    if actor.applicant_ids:
        rights.append(Case.applicant_id.in_(actor.applicant_ids))
    if actor.is_staff:
        rights.append(or_(Case.status != DRAFT, Case.draft_opened_at.is_not(None)))
    if SUPPLIER in actor.roles and actor.supplier_id is not None:
        rights.append((Case.supplier_id == actor.supplier_id) & (Case.status != DRAFT))
    return or_(*rights) if rights else false()


def visible_case(actor: Actor, case_id: int) -> Case:
    """The case, or NotFound for one that is not there or not for this actor: nobody can tell which."""
    case = db.session.get(Case, case_id)
    if case is None or party_of(actor, case) is None:
        raise NotFound
    return case


def locked_case(actor: Actor, case_id: int) -> Case:
    """The case read afresh and held until the end of the action; raises NotFound as `visible_case` does."""
    query = select(Case).where(Case.id == case_id).with_for_update().execution_options(populate_existing=True)
    case = db.session.scalars(query).one_or_none()
    if case is None or party_of(actor, case) is None:
        raise NotFound
    return case


def party(actor: Actor, case: Case) -> Party:
    """On which side the actor stands; raises NotFound when on none."""
    side = party_of(actor, case)
    if side is None:
        raise NotFound
    return side


def require(allowed: bool) -> None:
    """Turn a rule's answer into a refusal: raises Forbidden."""
    if not allowed:
        raise Forbidden


def documents_of(case: Case, actor: Actor) -> list[CaseDocument]:
    """Files of the case that the actor may see, oldest first."""
    query = select(CaseDocument).where(CaseDocument.case_id == case.id).order_by(CaseDocument.id)
    return [found for found in db.session.scalars(query) if _may_see(actor, case, found)]


def document_in(case: Case, actor: Actor, case_document_id: int) -> CaseDocument:
    """One file of the case; raises NotFound when it is not there or not for this actor."""
    found = db.session.get(CaseDocument, case_document_id)
    if found is None or found.case_id != case.id or not _may_see(actor, case, found):
        raise NotFound
    return found


def _may_see(actor: Actor, case: Case, found: CaseDocument) -> bool:
    side = party_of(actor, case)
    if side == "company" and case.status == DRAFT and not case.answers_shared:
        return found.message_id is not None
    return may_see_document(
        side,
        sensitive=found.sensitive,
        shared_with_supplier=found.shared_with_supplier,
        internal=found.internal,
    )


def messages_of(case: Case, actor: Actor) -> list[Message]:
    """Messages of the channels that the actor may read, in the order they were written."""
    channels = {
        "applicant": ("company", "supplier"),
        "company": ("company", "internal"),
        "supplier": ("supplier",),
    }
    query = (
        select(Message)
        .where(Message.case_id == case.id, Message.channel.in_(channels[party(actor, case)]))
        .order_by(Message.id)
    )
    return list(db.session.scalars(query))
