"""Reading for appeals: what one may choose for a new one, the appeal one has received, what it is about."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select

from app import clock
from app.accounts.models import User, UserApplicant
from app.actor import Actor
from app.appeals.written import Application, Offered, Supplier
from app.cases.kinds import lifecycle_of, stage_of
from app.cases.models import DRAFT, Case, Message
from app.cases.policy import APPEAL, party_of
from app.cases.queries import messages_of, visible_case, visible_to
from app.company import queries as company
from app.errors import Forbidden, IllegalMove, NotFound
from app.extensions import db

#: Among so many of the latest messages the applicant's last words are looked for.
_LATELY = 30

#: Among so many of the newest applications one chooses what an appeal is about.
LAST_APPLICATIONS = 50

#: Where an appeal keeps the number of the application that it is about.
ABOUT = "about"


def applicants_of(actor: Actor) -> list[UserApplicant]:
    """For whom the actor may write today, the first one first."""
    query = (
        select(UserApplicant)
        .where(UserApplicant.user_id == actor.user_id, UserApplicant.applicant_id.in_(actor.applicant_ids))
        .order_by(UserApplicant.applicant_id)
    )
    return list(db.session.scalars(query))


def offered(actor: Actor, about: int | None = None) -> Offered:
    """What the actor may choose for a new appeal; the application `about` is among the choices even when it is old."""
    return Offered(
        applicants={link.applicant_id: link.applicant.name for link in applicants_of(actor)},
        suppliers=_suppliers(actor),
        topics=company.appeal_topics(),
        applications=_applications(actor, about),
    )


def _suppliers(actor: Actor) -> dict[int, Supplier]:
    """Suppliers that sent applications name, with the newest of these; who serves nobody any more is not among them."""
    active = company.active_suppliers()
    newest = (
        select(func.max(Case.id))
        .where(Case.applicant_id.in_(actor.applicant_ids), *_SENT, Case.supplier_id.in_(active))
        .group_by(Case.supplier_id, Case.applicant_id)
    )
    rows = db.session.execute(
        select(Case.id, Case.number, Case.supplier_id, Case.applicant_id)
        .where(Case.id.in_(newest))
        .order_by(Case.id)
    )
    found: dict[int, Supplier] = {}
    for row in rows:
        before = found.get(row.supplier_id)
        by = {*before.named_by, row.applicant_id} if before else {row.applicant_id}
        hint = f"Указан в заявке {_number(row.number, row.id)}"
        found[row.supplier_id] = Supplier(active[row.supplier_id], frozenset(by), hint)
    return dict(sorted(found.items(), key=lambda pair: pair[1].name.casefold()))


_SENT = (Case.kind != APPEAL, Case.status != DRAFT)


def _number(number: str | None, own: int) -> str:
    return f"рег. №\u00a0{number}" if number else f"№\u00a0{own}"


def _applications(actor: Actor, about: int | None) -> dict[int, Application]:
    own = (Case.applicant_id.in_(actor.applicant_ids), *_SENT)
    newest = select(Case.id).where(*own).order_by(Case.id.desc()).limit(LAST_APPLICATIONS).subquery()
    rows = db.session.execute(
        select(Case.id, Case.number, Case.applicant_id, Case.supplier_id, Case.place)
        .where(*own, or_(Case.id.in_(select(newest.c.id)), Case.id == about))
        .order_by(Case.id.desc())
    )
    return {
        row.id: Application(row.applicant_id, row.supplier_id, _label(row.number, row.id, row.place))
        for row in rows
    }


def _label(number: str | None, own: int, place: str) -> str:
    short = place if len(place) <= 80 else place[:79].rstrip() + "…"
    return ", ".join(part for part in (_number(number, own), short) if part)


def sent_since(actor: Actor, since: datetime) -> int:
    """How many appeals the actor has sent since an instant."""
    query = select(func.count(Case.id)).where(
        Case.applicant_id.in_(actor.applicant_ids),
        Case.kind == APPEAL,
        Case.created_by == actor.user_id,
        Case.created_at > since,
    )
    return db.session.scalar(query) or 0


def received_appeal(actor: Actor, case_id: int) -> Case:
    """The appeal as those answer it to whom it is addressed; Forbidden for its applicant, NotFound for anybody else."""
    case = visible_case(actor, case_id)
    if case.kind != APPEAL:
        raise NotFound
    if party_of(actor, case) == "applicant":
        raise Forbidden
    return case


def moves(case: Case, actor: Actor) -> list[str]:
    """Names of the moves that the actor's side may make now; none in the archive."""
    side = party_of(actor, case)
    if side is None or case.archived_at is not None:
        return []
    return [move.name for move in lifecycle_of(case.kind).available(case.status, side)]


def require_move(case: Case, name: str, actor: Actor) -> None:
    """The move must be possible now; raises IllegalMove otherwise."""
    if name not in moves(case, actor):
        raise IllegalMove


def status_words(case: Case) -> str:
    """The status as the company words it."""
    stage = stage_of(case.kind, case.status)
    return company.profile().label(f"stage.{stage.code}", stage.label)


def due_words(case: Case, at: datetime) -> str:
    """Until when the present stage lasts, as of an instant; an empty text when no term runs."""
    today = clock.day_in(company.profile().zone, at)
    return company.calendar().due_words(today, case.due_on) if case.due_on else ""


@dataclass(frozen=True)
class Subject:
    """The application that an appeal is about; `visible` tells whether the reader may open it."""

    id: int
    label: str
    visible: bool


def subject_of(case: Case, actor: Actor) -> Subject | None:
    """What the appeal is about, when it is about an application; a reader who may not see that learns its number alone."""
    number = case.answers.get(ABOUT)
    if not isinstance(number, int):
        return None
    found = db.session.scalars(select(Case).where(Case.id == number, visible_to(actor))).one_or_none()
    if found is None:
        return Subject(number, f"№\u00a0{number}", False)
    return Subject(number, _label(found.number, found.id, found.place), True)


def author_of(case: Case) -> User:
    """Who wrote the appeal."""
    return db.session.get_one(User, case.created_by)


def last_question(case: Case, actor: Actor) -> Message | None:
    """What the applicant has written last, to be read beside the answer; None when they have sent files alone."""
    said = messages_of(case, actor, channels=[case.recipient], limit=_LATELY)
    asked = (one for one in reversed(said) if one.author_party == "applicant" and one.text)
    return next(asked, None)
