"""One world for tests that look at the whole site: a case in every status, people on every side of it.

It is made once by the real actions and copied for each test, database and files, so that a test may break it.
"""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import update

from app import clock, create_app
from app.accounts.models import LoginId, UserSession
from app.actor import ADMINISTRATOR, Actor
from app.appeals.lifecycle import STAGES as APPEAL_STAGES
from app.cases import actions as messages
from app.cases import staff_actions as office
from app.cases.models import CaseDocument
from app.cases.queries import locked_case
from app.cases.steps import move
from app.company.models import DocumentKind
from app.connections import actions, decision_actions
from app.connections.lifecycle import LIFECYCLE, STAGES
from app.extensions import db
from app.transaction import transaction
from tests.appeal_world import appeal_to
from tests.application_world import complete_draft, filer, make_draft, pdf, submit_draft
from tests.browser import Browser
from tests.case_world import Person, add_person, operator, signed_in, supplier_person
from tests.databases import SqliteDatabases, close, config_for

#: Whose browser a test may take; «anonymous» has not signed in.
ACTORS = ("anonymous", "applicant", "neighbour", "operator", "administrator", "supplier", "other supplier")

#: Keys of `World.cases` beside the statuses of the lifecycle.
ARCHIVED, ASKED_DRAFT, NEIGHBOURS = "archived", "draft with a question", "case of the neighbour"
#: Appeals to the company by their status, one in the archive, and one to the supplier.
APPEALS = {stage.code: f"appeal {stage.code}" for stage in APPEAL_STAGES if stage.tab != "drafts"}
ARCHIVED_APPEAL, TO_SUPPLIER = "appeal archived", "appeal to the supplier"


_PAID = ("publish_offer", "conclude")
_SIGNED = ("publish_contract", "sign_contract")
_CHECKED = (*_PAID, "start_works", "own_part_done")
#: Beyond the preparation no page leads yet: mode and moves that make a case in every later status.
CARRIED = (
    ("A", _PAID[:1]),
    ("A", _PAID),
    ("A", (*_PAID, "start_works")),
    ("A", (*_PAID, "start_works", "report_done")),
    ("A", _CHECKED),
    ("A", (*_CHECKED, "admit_meter")),
    ("A", (*_CHECKED, "admit_meter", "connect")),
    ("A", (*_PAID, "terminate")),
    ("A", ("publish_offer", "annul_unpaid")),
    ("B", _SIGNED[:1]),
    ("B", _SIGNED),
    ("B", ("publish_contract", "dispute")),
    ("B", ("publish_contract", "annul_unsigned")),
    ("B", (*_SIGNED, "start_works", "own_part_done", "admit_meter", "publish_act")),
)


@dataclass(frozen=True)
class World:
    """A running application with everything in it."""

    app: Flask
    people: Mapping[str, Person]
    cases: Mapping[str, int]
    _browsers: dict[str, Browser] = field(default_factory=dict)

    def browser(self, who: str) -> Browser:
        """The browser of one of ACTORS, the same one at every call."""
        if who not in self._browsers:
            anonymous = who not in self.people
            self._browsers[who] = Browser(self.app) if anonymous else signed_in(self.app, self.people[who])
        return self._browsers[who]

    def document(self, case: str, kind: str = "") -> int:
        """The id of a file of a case."""
        with self.app.app_context():
            query = db.select(CaseDocument.id).where(CaseDocument.case_id == self.cases[case])
            if kind:
                query = query.where(CaseDocument.kind == kind)
            return db.session.scalars(query.order_by(CaseDocument.id)).first() or 0

    def forget_visits(self, ago: timedelta) -> None:
        """Make every session look as if it was used last so long ago."""
        with self.app.app_context(), transaction():
            db.session.execute(update(UserSession).values(seen_at=clock.now() - ago))


class WorldTemplate:
    """The world as it was made, waiting to be copied."""

    def __init__(self, databases: SqliteDatabases, folder: Path) -> None:
        self.folder, self.copies = folder, 0
        self.database = Path(databases.fresh().removeprefix("sqlite:///"))
        app = create_app(config_for(f"sqlite:///{self.database}", folder / "instance"))
        with app.app_context():
            self.people = _people()
            self.cases = _cases(self.people, clock.now())
        close(app)

    @contextmanager
    def copy(self, folder: Path) -> Iterator[World]:
        """A world of one's own for the time of the block."""
        shutil.copy(self.database, folder / "world.db")
        shutil.copytree(self.folder / "instance", folder / "instance", dirs_exist_ok=True)
        app = create_app(config_for(f"sqlite:///{folder / 'world.db'}", folder / "instance"))
        yield World(app, self.people, self.cases)
        close(app)


def _people() -> dict[str, Person]:
    with transaction():
        user = add_person("Карпов", roles=(ADMINISTRATOR,), email="admin@example.org")
        administrator = Actor(user.id, user.name, frozenset({ADMINISTRATOR}))
        db.session.add(DocumentKind(code="own-1", title="Схема учета"))
    own = filer("Иванов")
    with transaction():
        db.session.add_all(
            LoginId(kind=kind, value=value, user_id=own.id)
            for kind, value in (("snils", "91866342037"), ("email", "ivanov@example.org"))
        )
    return {
        "applicant": own,
        "neighbour": filer("Соседов", snils="10289803962", email="neighbour@example.org"),
        "operator": operator(),
        "administrator": Person(administrator),
        "supplier": supplier_person(),
        "other supplier": supplier_person("ООО «Электроторг»", email="torg@example.org"),
    }


def _cases(people: Mapping[str, Person], now: datetime) -> dict[str, int]:
    staff, own = people["operator"], people["applicant"]
    named = {"supplier": [str(people["supplier"].actor.supplier_id)], "contract_kind": ["supply"]}
    before = now - timedelta(hours=3)
    cases = {"draft": complete_draft(own, at=before), ASKED_DRAFT: make_draft(own, at=before)}
    messages.send_message(
        cases[ASKED_DRAFT], "Какие нужны документы?", [], channel="company", by=own.actor, at=before
    )
    for status in (
        "submitted",
        "registered",
        "checking",
        "needs_fix",
        "preparing_offer",
        "preparing_contract",
    ):
        cases[status] = submit_draft(own, at=before, **named)
        _bring_to(status, cases[status], staff, before)
    for status in ("withdrawn", "rejected", ARCHIVED):
        cases[status] = submit_draft(own, at=before, **named)
        _end(status, cases[status], own, staff, before)
    long_ago = now - timedelta(days=60)
    cases["annulled_incomplete"] = submit_draft(own, at=long_ago, **named)
    _bring_to("needs_fix", cases["annulled_incomplete"], staff, long_ago)
    decision_actions.annul(cases["annulled_incomplete"], by=staff.actor, at=now)
    earlier = before - timedelta(hours=1)  # below the others in every list
    for mode, moves in CARRIED:
        case_id = submit_draft(own, at=earlier, **named)
        _bring_to("preparing_offer" if mode == "A" else "preparing_contract", case_id, staff, earlier)
        cases[_carry(case_id, moves, own, staff, earlier)] = case_id
    cases[NEIGHBOURS] = submit_draft(people["neighbour"], at=before)
    _talk(cases["checking"], own, staff, before)
    cases |= _appeals(people, before)
    assert {stage.code for stage in STAGES} <= set(cases)
    return cases


def _appeals(people: Mapping[str, Person], at: datetime) -> dict[str, int]:
    """The supplier is named in the applications before: so the applicant may write to it too."""
    own, staff = people["applicant"], people["operator"]
    cases = {key: appeal_to(own, staff, status, at=at) for status, key in APPEALS.items()}
    cases[ARCHIVED_APPEAL] = appeal_to(own, staff, "answered", at=at)
    office.move_to_archive(cases[ARCHIVED_APPEAL], by=staff.actor, at=at)
    cases[TO_SUPPLIER] = appeal_to(own, people["supplier"], "registered", at=at)
    return cases


def _bring_to(status: str, case_id: int, staff: Person, at: datetime) -> None:
    by = staff.actor
    if status == "submitted":
        return
    office.register(case_id, by=by, at=at)
    if status == "registered":
        return
    decision_actions.accept(case_id, by=by, at=at)
    if status == "needs_fix":
        asked = [("document", "plan", "Не видно границ участка."), ("topic", "object", "Уточните адрес.")]
        decision_actions.request_fixes(case_id, asked, "Пришлите исправления.", by=by, at=at)
    if status == "preparing_contract":
        decision_actions.change_mode(case_id, "B", "Так решили вместе.", by=by, at=at)
    if status.startswith("preparing"):
        decision_actions.complete(case_id, by=by, at=at)


def _carry(case_id: int, moves: Sequence[str], own: Person, staff: Person, at: datetime) -> str:
    """Make the moves by the step alone, each by the side it belongs to; returns the status at the end."""
    with transaction():
        case = locked_case(staff.actor, case_id)
        for name in moves:
            by = own if "applicant" in LIFECYCLE.move(name).by else staff
            move(case, name, by=by.actor, at=at, details={"reason": "Так решили."})
        return case.status


def _end(how: str, case_id: int, own: Person, staff: Person, at: datetime) -> None:
    if how == "withdrawn":
        actions.withdraw(case_id, "Передумал", by=own.actor, at=at)
        return
    decision_actions.reject(case_id, "Участок вне сетей компании.", by=staff.actor, at=at)
    if how == ARCHIVED:
        office.move_to_archive(case_id, by=staff.actor, at=at)


def _talk(case_id: int, own: Person, staff: Person, at: datetime) -> None:
    """Both sides write, the company posts a paper and keeps a note: everything that can be unread or hidden is there."""
    say = messages.send_message
    say(case_id, "Когда приедет инженер?", [pdf("question")], channel="company", by=own.actor, at=at)
    say(case_id, "В **четверг**.", [pdf("reply")], channel="company", by=staff.actor, at=at)
    say(case_id, "Позвонить до выезда.", [], channel="internal", by=staff.actor, at=at)
    office.post_documents(case_id, [pdf("letter")], kind="letter", by=staff.actor, at=at)
    office.add_status_line(case_id, "Выезд назначен", by=staff.actor, at=at)
