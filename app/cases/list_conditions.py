"""Which cases belong to a view of the list, as conditions of SQL: tab, kind, unread, found by words."""

from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select

from app.actor import SUPPLIER, Actor
from app.cases import company_duty
from app.cases.kinds import codes_in, codes_waiting_for
from app.cases.list_filters import ListFilter
from app.cases.models import DRAFT, Case, CaseMark
from app.cases.queries import visible_to, waits_for_supplier
from app.cases.search_queries import Hits
from app.cases.supplier_duty import waited_until
from app.cases.turns import waits_beside

Condition = ColumnElement[bool]


def conditions(view: ListFilter, actor: Actor, today: date, hits: Hits | None) -> list[Condition]:
    """All that a case of the view fulfils; the filter «read, unread» apart, see `by_reading`."""
    return [*in_all_tabs(view, actor, hits), *in_tab(view.tab, actor, today)]


def in_all_tabs(view: ListFilter, actor: Actor, hits: Hits | None) -> list[Condition]:
    """What is asked of a case whatever its tab."""
    found = [visible_to(actor)]
    if view.kind != "all":
        found.append(Case.kind == view.kind)
    if hits is not None:
        found.append(hits.condition())
    return found


def by_reading(view: ListFilter, actor: Actor) -> list[Condition]:
    """The filter «Непрочитанные», «Прочитанные»."""
    if view.read == "all":
        return []
    return [unread(actor) if view.read == "unread" else ~unread(actor)]


def unread(actor: Actor) -> Condition:
    """That the actor has something unread in the case."""
    return Case.id.in_(select(CaseMark.case_id).where(CaseMark.user_id == actor.user_id))


def statuses(tab: str, actor: Actor) -> tuple[str, ...]:
    """The statuses of which a tab consists; none for the tabs that are no matter of the status alone."""
    if tab in ("archive", "drafts", "unread"):
        return ()
    if tab == "theirs":
        return codes_waiting_for("applicant")
    if tab == "ours":
        return codes_in("active") if _for_supplier(actor) else codes_waiting_for("company")
    return codes_in("active" if tab in ("overdue", "mine", "nobody") else tab)


def in_tab(tab: str, actor: Actor, today: date) -> list[Condition]:
    """That a case stands in this tab or saved view."""
    if tab == "archive":
        return [_archived(actor)]
    if tab == "drafts":
        strangers = actor.is_staff and not actor.applicant_ids
        return [Case.status == DRAFT, *([Case.draft_opened_at.is_not(None)] if strangers else [])]
    if tab == "unread":
        return [unread(actor)]
    if tab == "ours":
        return [_ours(actor), *_not_archived(actor)]
    stands = [Case.status.in_(statuses(tab, actor)), *_not_archived(actor)]
    more: dict[str, Condition] = {
        "theirs": ~company_duty.turned(),
        "overdue": Case.due_on < today,
        "mine": Case.assignee_id == actor.user_id,
        "nobody": Case.assignee_id.is_(None),
    }
    if _for_supplier(actor):
        # The same statuses of an application are the company's turn: its terms are not the supplier's.
        late = or_((Case.mover == "supplier") & (Case.due_on < today), waited_until() < today)
        more = {"overdue": late}
    return [*stands, more[tab]] if tab in more else stands


def _ours(actor: Actor) -> Condition:
    """What waits for this person's side: as the stage has it, or beside that."""
    active = Case.status.in_(codes_in("active"))
    if _for_supplier(actor):
        # The same statuses of an application are the company's turn; the supply contract is owed after the connection, too.
        waits = and_(active, or_(waits_for_supplier(), waits_beside(actor, "supplier")))
        return or_(waits, owed_after_the_end())
    return or_(Case.status.in_(codes_waiting_for("company")), beside(actor))


def owed_after_the_end() -> Condition:
    """That a supplier still owes something in a case that has come to its end."""
    return and_(Case.status.in_(codes_in("done")), waited_until().is_not(None))


def beside(actor: Actor) -> Condition:
    """What waits for the company though the stage does not: something to check, to sign, to answer."""
    more = or_(company_duty.to_check(), waits_beside(actor, "company"))
    return and_(Case.status.in_(codes_in("active")), more)


def _archived(actor: Actor) -> Condition:
    """A supplier has a shelf of its own for applications that go on for the others."""
    if _for_supplier(actor):
        return or_(Case.archived_at.is_not(None), Case.supplier_archived_at.is_not(None))
    return Case.archived_at.is_not(None)


def _not_archived(actor: Actor) -> list[Condition]:
    own = [Case.supplier_archived_at.is_(None)] if _for_supplier(actor) else []
    return [Case.archived_at.is_(None), *own]


def _for_supplier(actor: Actor) -> bool:
    return SUPPLIER in actor.roles and not actor.is_staff
