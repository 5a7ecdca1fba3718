"""Applications for tests: people who may send them, drafts, and the whole way of filling one through the actions."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO

from flask import current_app

from app import clock, gateways
from app.accounts.models import Applicant, User, UserApplicant
from app.accounts.sessions import Visit
from app.accounts.steps import accept_text
from app.accounts.text_queries import TEXTS_TO_ACCEPT
from app.actor import APPLICANT, Actor
from app.cases import rendering_actions
from app.cases.models import Case
from app.cases.rendering_models import Rendering
from app.company import queries as company
from app.connections import actions, decision_actions, draft_actions, file_actions, form_actions, queries
from app.connections.checklist import checklist
from app.connections.questionnaire import TOPICS
from app.documents.intake import Upload
from app.extensions import db
from app.transaction import transaction
from tests.case_world import PDF, Person, add_person, applicant, register_case
from tests.unchanged import state

Form = Mapping[str, Sequence[str]]

#: What an individual fills for a house, but for the terms, which depend on the day.
HOME: Form = {
    "account_known": ["no"],
    "birth_date": ["05.11.1990"],
    "identity_kind": ["passport"],
    "passport_series": ["57 10"],
    "passport_number": ["123456"],
    "identity_issued_on": ["20.11.2010"],
    "identity_issued_by": ["Отделом УФМС"],
    "department_code": ["590-001"],
    "address": ["614000, г. Пермь, ул. Ленина, 1"],
    "connection_type": ["permanent"],
    "object_name": ["ВРУ"],
    "place": ["п. Калиново, ул. Лесная, 12"],
    "cadastral_numbers": ["59:01:4410000:123"],
    "reason": ["new_construction"],
    "power_new": ["15"],
    "power_existing": ["0"],
    "reliability": ["3"],
    "voltage": ["0.4"],
    "points": ["1"],
    "household": ["yes"],
    "sources": ["one"],
    "rule_fits": ["yes"],
    "supplier": ["none"],
    "comment": ["Здравствуйте, направляю заявку на ТП и схему электроснабжения"],
}


def home_form(today: date, **changes: Sequence[str] | None) -> dict[str, Sequence[str]]:
    """The fields of a whole home application filled on a day; a change to None leaves the field out."""
    terms = {
        "design_month": [f"{today:%m.%Y}"],
        "commissioning_month": [f"12.{today.year + 1}"],
    }
    filled = {**HOME, **terms, **changes}
    return {name: values for name, values in filled.items() if values is not None}


def filer(last: str = "Иванов", **rest: str) -> Person:
    """An individual who has accepted the legal texts and may send applications."""
    person = applicant(last, **rest)
    accept_texts(person)
    return person


def accept_texts(person: Person, at: datetime | None = None) -> None:
    with transaction():
        user = db.session.get_one(User, person.id)
        for code in TEXTS_TO_ACCEPT:
            accept_text(user, company.current_text(code), visit=Visit("", ""), at=at or clock.now())


def add_firm(
    person: Person, *, title: str = "ООО «Энергия»", capacity: str = "head", ogrn: str = "1168702456933"
) -> Person:
    """The same person, who acts for a firm too; the firm is the second of `actor.applicant_ids`."""
    with transaction():
        firm = Applicant(
            legal_form="legal_entity",
            title=title,
            last_name="Сергеев",
            first_name="Петр",
            middle_name="Сергеевич",
            inn="4174873890",
            ogrn=ogrn,
            kpp="419901495",
            created_at=clock.now(),
        )
        db.session.add(firm)
        db.session.flush()
        db.session.add(UserApplicant(user_id=person.id, applicant_id=firm.id, capacity=capacity))
        firm_id = firm.id
    actor = replace(person.actor, applicant_ids=person.actor.applicant_ids | {firm_id})
    return Person(actor, firm_id)


def colleague(of: Person, last: str = "Сергеева") -> Person:
    """Another person who acts for the same applicant."""
    with transaction():
        user = add_person(last, email="colleague@example.org")
        db.session.add(
            UserApplicant(user_id=user.id, applicant_id=of.applicant_id, capacity="representative")
        )
        user_id, name = user.id, user.name
    assert of.applicant_id is not None
    person = Person(
        Actor(user_id, name, frozenset({APPLICANT}), frozenset({of.applicant_id})), of.applicant_id
    )
    accept_texts(person)
    return person


def pdf(mark: str, name: str = "") -> Upload:
    """A small PDF whose bytes differ by the mark."""
    return Upload(name or f"{mark}.pdf", BytesIO(PDF + f"%{mark}\n".encode()))


def make_draft(person: Person, *, at: datetime | None = None) -> int:
    """An empty draft for the person's applicant."""
    assert person.applicant_id is not None
    return draft_actions.create_draft(person.applicant_id, by=person.actor, at=at or clock.now())


def fill_topics(case_id: int, person: Person, form: Form, *, at: datetime | None = None) -> None:
    """Save every topic of the questionnaire from one form."""
    for topic in TOPICS:
        draft_actions.save_topic(case_id, topic.code, form, by=person.actor, at=at or clock.now())


def attach_required(case_id: int, person: Person, *, at: datetime | None = None) -> None:
    """Put one file into every required slot."""
    moment = at or clock.now()
    case = db.session.get_one(Case, case_id)
    context = queries.context_of(case, person.actor, queries.day_of(moment))
    kinds = [item.kind.code for item in checklist(case.answers, context) if item.required]
    for kind in kinds:
        taken = file_actions.add_files(case_id, kind, [pdf(kind)], by=person.actor, at=moment)
        assert taken.added == 1, taken.refusals


def complete_draft(person: Person, *, at: datetime | None = None, **changes: Sequence[str] | None) -> int:
    """A draft in which nothing lacks; `changes` replace fields of the form or, when None, leave them out."""
    moment = at or clock.now()
    case_id = make_draft(person, at=moment)
    fill_topics(case_id, person, home_form(queries.day_of(moment), **changes), at=moment)
    attach_required(case_id, person, at=moment)
    return case_id


def submit_draft(person: Person, *, at: datetime | None = None, **changes: Sequence[str] | None) -> int:
    """An application that was sent just now."""
    case_id = complete_draft(person, at=at, **changes)
    actions.submit(case_id, by=person.actor, at=at or clock.now())
    return case_id


#: What is asked on the road of the form.
BRIEF: Form = {
    "power_band": ["upto15"],
    "connection_type": ["permanent"],
    "rule_fits": ["yes"],
    "supplier": ["none"],
}


def draft_by_form(person: Person, *, at: datetime | None = None, **changes: Sequence[str]) -> int:
    """A draft whose applicant fills the form in a file: the four answers and every paper that is needed."""
    moment = at or clock.now()
    case_id = make_draft(person, at=moment)
    form_actions.choose_road(case_id, by_form=True, by=person.actor, at=moment)
    draft_actions.save_topic(case_id, "brief", {**BRIEF, **changes}, by=person.actor, at=moment)
    attach_required(case_id, person, at=moment)
    return case_id


def sent_by_form(person: Person, *, at: datetime | None = None, **changes: Sequence[str]) -> int:
    """An application by form that was sent just now."""
    case_id = draft_by_form(person, at=at, **changes)
    actions.submit(case_id, by=person.actor, at=at or clock.now())
    return case_id


def world() -> dict[str, str]:
    """A digest of every table and every stored file, for saying that nothing changed."""
    db.session.rollback()
    return state(current_app._get_current_object(), but=("sessions",))  # type: ignore[attr-defined]


def stored_files() -> list[str]:
    """The keys of all files on the disk."""
    root = gateways.current().files.root
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def checking(
    person: Person, staff: Person, *, at: datetime | None = None, **changes: Sequence[str] | None
) -> int:
    """An application that staff have registered and taken up for examination."""
    moment = at or clock.now()
    case_id = submit_draft(person, at=moment, **changes)
    register_case(case_id, staff, at=moment)
    decision_actions.accept(case_id, by=staff.actor, at=moment)
    return case_id


def asked(
    person: Person,
    staff: Person,
    *items: tuple[str, str, str],
    at: datetime | None = None,
    text: str = "",
    **changes: Sequence[str] | None,
) -> int:
    """An application of which staff ask corrections: by default a new plan."""
    moment = at or clock.now()
    case_id = checking(person, staff, at=moment, **changes)
    wanted = items or (("document", "plan", "не видны границы участка"),)
    decision_actions.request_fixes(case_id, wanted, text, by=staff.actor, at=moment)
    return case_id


def print_paper(rendering_id: int) -> None:
    """Print a paper as the worker does."""
    made = rendering_actions.make(rendering_id, now=clock.now, owner="test", lease_seconds=60)
    assert made == "done", db.session.get_one(Rendering, rendering_id).error
