"""Reading one case: who may know of it, its files, its messages, what is unread in it."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Label, and_, false, func, or_, select

from app.accounts.models import User
from app.accounts.names import short_name
from app.actor import SUPPLIER, Actor
from app.cases.document_kinds import is_kept_from_suppliers
from app.cases.models import DRAFT, Case, CaseDocument, CaseMark, Message
from app.cases.policy import APPEAL, Party, channels_of, is_closed, may_see_document, party_of
from app.cases.supplier_duty import waited_until
from app.errors import Conflict, Forbidden, NotFound
from app.extensions import db
from app.journal.models import JournalEntry

#: A badge says «99+» beyond this, so nothing beyond it is counted.
MOST_UNREAD = 100


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The condition under which a case exists for the actor: the same rule as `policy.party_of`, in SQL."""
    rights: list[ColumnElement[bool]] = []
    if actor.applicant_ids:
        rights.append(Case.applicant_id.in_(actor.applicant_ids))
    if actor.is_staff:
        shown = or_(Case.status != DRAFT, Case.draft_opened_at.is_not(None))
        rights.append((Case.recipient == "company") & shown)
    if SUPPLIER in actor.roles and actor.supplier_id is not None:
        rights.append((Case.supplier_id == actor.supplier_id) & (Case.status != DRAFT))
    return or_(*rights) if rights else false()


def waits_for_supplier() -> ColumnElement[bool]:
    """What a supplier has to do among the open cases they see.

    An appeal to answer, an application without their number, and what `supplier_duty` tells of.
    """
    unnumbered = and_(Case.kind != APPEAL, Case.supplier_number.is_(None))
    return or_(Case.mover == "supplier", unnumbered, waited_until().is_not(None))


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


def refuse_archived(case: Case, side: Party | None = None) -> None:
    """The archive is read only, for a supplier their own shelf of it too: raises Conflict."""
    if is_closed(side, case):
        raise Conflict("Обращение в архиве, его можно только читать.")


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
    if side == "supplier" and found.supplier_id not in (None, actor.supplier_id):
        return False  # of another supplier, whom the application named before
    if side == "supplier" and is_kept_from_suppliers(found.kind):
        return False
    if found.channel:
        return found.channel in channels_of(side, case) or (side == "supplier" and found.shared_with_supplier)
    if side == "company" and case.status == DRAFT and not case.answers_shared:
        return False
    return may_see_document(
        side,
        sensitive=found.sensitive,
        shared_with_supplier=found.shared_with_supplier,
        internal=found.internal,
    )


def messages_of(
    case: Case,
    actor: Actor,
    *,
    channels: Collection[str] = (),
    before: int | None = None,
    limit: int | None = None,
) -> list[Message]:
    """Messages of the channels that the actor may read (or of those named), in the order they were written.

    With `limit` only the last ones, of those before the message with the id `before` when it is given. Raises
    NotFound when a channel is named that the actor does not read.
    """
    side = party(actor, case)
    if not set(channels) <= set(channels_of(side, case)):
        raise NotFound
    query = select(Message).where(
        Message.case_id == case.id, Message.channel.in_(channels or channels_of(side, case))
    )
    if side == "supplier":
        query = query.where(Message.supplier_id == actor.supplier_id)
    if before is not None:
        query = query.where(Message.id < before)
    found = list(db.session.scalars(query.order_by(Message.id.desc()).limit(limit)))
    return found[::-1]


def message_in(case: Case, actor: Actor, message_id: int) -> Message:
    """One message of a conversation that the actor reads; raises NotFound for any other."""
    found = db.session.get(Message, message_id, populate_existing=True)
    side = party(actor, case)
    if found is None or found.case_id != case.id or found.channel not in channels_of(side, case):
        raise NotFound
    if side == "supplier" and found.supplier_id != actor.supplier_id:
        raise NotFound
    return found


def moves_at(case_id: int, instants: Collection[datetime]) -> set[tuple[int | None, datetime]]:
    """Who moved the case at one of these instants: what its mover wrote at the very instant is part of the move."""
    query = select(JournalEntry.actor_id, JournalEntry.at).where(
        JournalEntry.case_id == case_id, JournalEntry.kind == "moved", JournalEntry.at.in_(instants)
    )
    return {(row.actor_id, row.at) for row in db.session.execute(query)}


def written_since(actor: Actor, since: datetime) -> int:
    """How many messages the actor has written for their applicants since an instant, those taken back too."""
    query = (
        select(func.count(Message.id))
        .join(Case, Case.id == Message.case_id)
        # A message moves the date of its case, so older cases need not be looked through.
        .where(Case.applicant_id.in_(actor.applicant_ids), Case.updated_at > since)
        .where(Message.author_id == actor.user_id, Message.created_at > since)
    )
    return db.session.scalar(query) or 0


def marks_of(case_id: int, user_id: int) -> list[CaseMark]:
    """What one person has not seen yet in a case."""
    query = select(CaseMark).where(CaseMark.case_id == case_id, CaseMark.user_id == user_id)
    return list(db.session.scalars(query.order_by(CaseMark.kind.desc(), CaseMark.side)))


def unread_marks(actor: Actor) -> Label[str | None]:
    """The column `marks` of a query over cases: what the actor has unread in each, for `captions.marks_words`."""
    one = CaseMark.kind + ":" + CaseMark.side
    query = select(func.aggregate_strings(one, ",")).where(
        CaseMark.case_id == Case.id, CaseMark.user_id == actor.user_id
    )
    return query.correlate(Case).scalar_subquery().label("marks")


def unread_count(actor: Actor) -> int:
    """In how many cases the actor has something unread; counted up to 100."""
    unread = (
        select(CaseMark.case_id)
        .join(Case, Case.id == CaseMark.case_id)
        .where(CaseMark.user_id == actor.user_id, visible_to(actor))
        .distinct()
        .limit(MOST_UNREAD)
        .subquery()
    )
    return db.session.scalar(select(func.count()).select_from(unread)) or 0


_NAMES = "names of people"


def people(user_ids: Iterable[int]) -> dict[int, str]:
    """Users by id as the company's staff see them: «Иванов П. Г.»; each is asked for once in a request or job."""
    wanted = set(user_ids)
    known: dict[int, str] = db.session().info.setdefault(_NAMES, {})
    if unknown := wanted - known.keys():
        query = select(User.id, User.last_name, User.first_name, User.middle_name).where(User.id.in_(unknown))
        for row in db.session.execute(query):
            known[row.id] = short_name(row.last_name, row.first_name, row.middle_name)
    return {user_id: known[user_id] for user_id in wanted if user_id in known}
