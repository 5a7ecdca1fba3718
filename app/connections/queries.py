"""Reading an application: the applicant's context, checklist with its files, the open request for corrections."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from app import clock
from app.accounts.models import Applicant, UserApplicant
from app.actor import Actor
from app.cases.models import DRAFT, Case, CaseDocument, CaseSnapshot
from app.cases.policy import party_of
from app.cases.queries import documents_of, visible_case
from app.company import queries as company
from app.company.categories import Category
from app.company.category_queries import categories_on
from app.connections.answers import typed_topic
from app.connections.checklist import APPLICANT_KINDS, KINDS, DocumentKind, Item, checklist
from app.connections.completeness import Gap
from app.connections.fields import Answers, Context
from app.connections.lifecycle import NEEDS_FIX
from app.connections.models import CorrectionRequest
from app.connections.policy import Asked
from app.connections.submission import submission_gaps
from app.errors import Forbidden, NotFound
from app.extensions import db

KIND = "application"

#: Statuses in which the questionnaire, or a part of it, is open for its applicant.
ANSWERABLE = (DRAFT, NEEDS_FIX)


@dataclass(frozen=True)
class Dossier:
    """An application with all that its pages ask of it: what counts, what is needed, what is there."""

    answers: Answers
    context: Context
    items: list[Item]
    files: Mapping[str, list[CaseDocument]]

    @property
    def present(self) -> frozenset[str]:
        """Kinds of documents of which at least one file is there."""
        return frozenset(kind for kind, files in self.files.items() if files)

    @property
    def slots(self) -> list[Item]:
        """The checklist, and after it the kinds that have files although they are needed no more."""
        listed = {item.kind.code for item in self.items}
        extra = [kind for kind in APPLICANT_KINDS if kind.code in self.present - listed]
        return [*self.items, *(Item(kind, False, "Больше не требуется.") for kind in extra)]

    @property
    def count(self) -> int:
        """How many files of the checklist's kinds are there."""
        return sum(map(len, self.files.values()))


def application(actor: Actor, case_id: int) -> Case:
    """The connection application with this number, or NotFound for anything that is not one for the actor."""
    case = visible_case(actor, case_id)
    if case.kind != KIND:
        raise NotFound
    return case


def own_application(actor: Actor, case_id: int) -> Case:
    """The application of an applicant for whom the actor acts; Forbidden for those who see it from elsewhere."""
    return _from_side("applicant", actor, case_id)


def received_application(actor: Actor, case_id: int) -> Case:
    """The application as the company's staff decide about it; Forbidden for one's own."""
    return _from_side("company", actor, case_id)


def _from_side(side: str, actor: Actor, case_id: int) -> Case:
    case = application(actor, case_id)
    if party_of(actor, case) != side:
        raise Forbidden
    return case


def applicant_of(case: Case) -> Applicant:
    """The applicant as known now; asked for once in a request, since the session forgets what nobody holds."""
    found = db.session.get_one(Applicant, case.applicant_id)
    db.session().info["applicant"] = found
    return found


def applicants_of(actor: Actor) -> list[UserApplicant]:
    """For whom the actor may file an application today, the first one first."""
    query = (
        select(UserApplicant)
        .where(
            UserApplicant.user_id == actor.user_id,
            UserApplicant.applicant_id.in_(actor.applicant_ids),
        )
        .order_by(UserApplicant.applicant_id)
    )
    return list(db.session.scalars(query))


def context_of(case: Case, actor: Actor, today: date) -> Context:
    """What the questions depend on besides the answers.

    Of a draft the actor is the one who would send it; of a sent application it is who sent it last.
    """
    # Where nothing can be answered any more, the list of suppliers is not read: the case knows its own.
    suppliers = company.active_suppliers() if case.status in ANSWERABLE else {}
    if case.supplier_id is not None:
        suppliers |= {case.supplier_id: case.supplier_name}
    return Context(
        legal_form=applicant_of(case).legal_form,  # type: ignore[arg-type]
        acts_as=_acts_as(case, actor),  # type: ignore[arg-type]
        supplier_options=suppliers,
        today=today,
        account_pattern=str(company.profile().settings["personal_account.pattern"]),
        categories=categories_on(deciding_day(case, today)),
    )


def categories_for(case: Case, today: date) -> list[Category]:
    """The categories that may be an application's: of its applicant's legal form, on the day that counts."""
    form = applicant_of(case).legal_form
    found = categories_on(deciding_day(case, today))
    return [one for one in found if form in one.conditions.get("legal_forms", (form,))]


def deciding_day(case: Case, today: date) -> date:
    """The day whose categories count for an application: of its first sending, the present one for a draft."""
    return day_of(case.sent_at) if case.sent_at else today


def _acts_as(case: Case, actor: Actor) -> str:
    if case.status == DRAFT:
        user_id = actor.user_id if case.applicant_id in actor.applicant_ids else case.created_by
        return capacity_of(user_id, case.applicant_id)
    query = select(CaseSnapshot.applicant).where(CaseSnapshot.case_id == case.id)
    sent = db.session.scalars(query.order_by(CaseSnapshot.id.desc()).limit(1)).first()
    return str(sent["acts_as"]) if sent else capacity_of(case.created_by, case.applicant_id)


def capacity_of(user_id: int, applicant_id: int) -> str:
    """As whom the user acts for the applicant: self | head | representative (also when nothing is known)."""
    link = db.session.get(UserApplicant, (user_id, applicant_id))
    return link.capacity if link else "representative"


def last_snapshot(case: Case) -> CaseSnapshot | None:
    """What stood in the application when it was sent last; None for a draft."""
    query = select(CaseSnapshot).where(CaseSnapshot.case_id == case.id).order_by(CaseSnapshot.id.desc())
    return db.session.scalars(query.limit(1)).first()


def files_of(case: Case, actor: Actor) -> dict[str, list[CaseDocument]]:
    """The applicant's files by the kind of document, without those that came with messages."""
    files: dict[str, list[CaseDocument]] = {}
    for found in documents_of(case, actor):
        if found.side == "applicant" and found.message_id is None:
            files.setdefault(found.kind, []).append(found)
    return files


def dossier(case: Case, actor: Actor, today: date) -> Dossier:
    """Everything about the application that its pages and its sending ask for."""
    context = context_of(case, actor, today)
    return Dossier(case.answers, context, checklist(case.answers, context), files_of(case, actor))


def gaps_of(found: Dossier) -> list[Gap]:
    """What keeps the application from being sent, in the order of the hub."""
    return list(submission_gaps(found.answers, found.items, found.present, found.context))


def open_request(case: Case) -> CorrectionRequest | None:
    """The request for corrections that waits for its answer; None when there is none."""
    return next((one for one in reversed(requests_of(case)) if one.answered_at is None), None)


def requests_of(case: Case) -> list[CorrectionRequest]:
    """All requests for corrections of the case, the first one first."""
    query = select(CorrectionRequest).where(CorrectionRequest.case_id == case.id)
    return list(db.session.scalars(query.order_by(CorrectionRequest.id)))


def asked_in(request: CorrectionRequest | None) -> Set[Asked]:
    """What a request asks for, as pairs for the rules; nothing when there is no request."""
    return frozenset() if request is None else frozenset((item.subject, item.code) for item in request.items)


def applicant_kind(code: str) -> DocumentKind:
    """A kind of document that an applicant may attach; raises NotFound for any other code."""
    kind = KINDS.get(code)
    if kind not in APPLICANT_KINDS:
        raise NotFound
    return kind


def earlier_answers(applicant_id: int, but: int) -> Iterable[Case]:
    """Other applications of the same applicant, the last touched first: what was told once is not asked again."""
    query = (
        select(Case)
        .where(Case.applicant_id == applicant_id, Case.kind == KIND, Case.id != but)
        .order_by(Case.updated_at.desc(), Case.id.desc())
        .limit(5)
    )
    return db.session.scalars(query)


def day_of(at: datetime) -> date:
    """The day of an instant in the company's zone."""
    return clock.day_in(company.profile().zone, at)


def topic_mark(topic: str, answers: Answers) -> str:
    """A short mark of a topic's answers: a page carries it, so that two windows do not overwrite each other."""
    typed = json.dumps(typed_topic(topic, answers), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(typed.encode()).hexdigest()[:16]


def answers_sent(case: Case) -> Answers:
    """The answers as they were sent last; nothing for a draft."""
    sent = last_snapshot(case)
    return dict(sent.answers) if sent else {}


def fresh_kinds(found: Dossier, request: CorrectionRequest) -> frozenset[str]:
    """Kinds of documents to which a file was added after the request was made."""
    return frozenset(
        kind for kind, files in found.files.items() if any(one.added_at > request.made_at for one in files)
    )
