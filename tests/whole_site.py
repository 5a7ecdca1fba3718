"""One world for tests that look at the whole site: a case in every status, people on every side of it.

It is made once by the real actions and copied for each test, database and files, so that a test may break it.
"""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import update

from app import clock, create_app, gateways
from app.accounts import password_actions
from app.accounts.contact_steps import send_link
from app.accounts.models import LoginId, User, UserSession
from app.accounts.secret_models import SentSecret
from app.accounts.sessions import Visit
from app.actor import ADMINISTRATOR, Actor
from app.appeals.lifecycle import STAGES as APPEAL_STAGES
from app.cases import actions as messages
from app.cases import pause_actions
from app.cases import staff_actions as office
from app.cases.models import CaseDocument
from app.company.models import DocumentKind
from app.connections import actions, decision_actions, queries
from app.connections.lifecycle import STAGES
from app.contracts import claim_actions, payment_actions, statement_actions
from app.contracts.models import Invoice, Payment
from app.contracts.payment_rules import Money
from app.extensions import db
from app.signing import decline_actions
from app.signing.certificate_models import MachineAuthority
from app.signing.code_models import SigningCode
from app.signing.models import SignatureSlot
from app.signing.sign_queries import awaited_of
from app.transaction import transaction
from tests.appeal_world import appeal_to
from tests.application_world import (
    complete_draft,
    draft_by_form,
    filer,
    make_draft,
    pdf,
    sent_by_form,
    submit_draft,
)
from tests.browser import Browser
from tests.case_world import Person, add_person, operator, signed_in, supplier_person
from tests.code_world import confirmed
from tests.contract_world import REACHED, Office, act, case_of, preparing, put_papers, reach, signatory
from tests.databases import SqliteDatabases, close, config_for
from tests.money_world import fill_requisites
from tests.signing_roads import by_certificate, by_code, code_asked, waits_for_authority
from tests.statements import incoming, statement

#: Whose browser a test may take; «anonymous» has not signed in.
ACTORS = ("anonymous", "applicant", "neighbour", "operator", "administrator", "supplier", "other supplier")

#: Keys of `World.cases` beside the statuses of the lifecycle.
ARCHIVED, ASKED_DRAFT, NEIGHBOURS = "archived", "draft with a question", "case of the neighbour"
#: The applicant says that the invoice is paid.
CLAIMED = "payment claimed"
#: The applicant fills the form in a file: not sent yet, and sent.
DRAFT_BY_FORM, BY_FORM = "draft by form", "came by form"
#: A sent application whose term stands still.
PAUSED = "paused"
#: Signed by the applicant's code, by the company's certificate; the act declined; papers that the head may sign.
BY_CODE, BY_CERTIFICATE, DECLINED, READY = (
    "signed by code",
    "signed by certificate",
    "act declined",
    "papers ready",
)
#: A code is asked for; a signature of the company's waits for the power of attorney that was sent.
UNSIGNED = "signatures wait"
#: Appeals to the company by their status, one in the archive, and one to the supplier.
APPEALS = {stage.code: f"appeal {stage.code}" for stage in APPEAL_STAGES if stage.tab != "drafts"}
ARCHIVED_APPEAL, TO_SUPPLIER = "appeal archived", "appeal to the supplier"

#: What a complete set of documents leads to.
BEYOND = tuple(status for status, (_mode, moves) in REACHED.items() if moves)


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

    def slot(self, case: str) -> int:
        """The id of the signature slot of a case whose turn it is, or of any other; 0 when it has none."""
        with self.app.app_context():
            query = db.select(SignatureSlot.id).where(SignatureSlot.case_id == self.cases[case])
            order = (SignatureSlot.state != "pending", SignatureSlot.place, SignatureSlot.id)
            return db.session.scalars(query.order_by(*order)).first() or 0

    def slots(self, case: str) -> list[int]:
        """The slot of `slot`, the applicant's open one and a declined one, each once; empty when there is none."""
        with self.app.app_context():
            theirs = db.select(SignatureSlot.id).where(SignatureSlot.case_id == self.cases[case])
            found = [
                db.session.scalars(theirs.where(condition).order_by(SignatureSlot.id)).first()
                for condition in (
                    (SignatureSlot.state == "pending") & (SignatureSlot.party == "applicant"),
                    SignatureSlot.state == "declined",
                )
            ]
        return list(dict.fromkeys(one for one in (self.slot(case), *found) if one))

    def code(self, case: str) -> int:
        """The id of a code from an SMS that was asked for in a case; 0 when there is none."""
        return self._newest(SigningCode.id, SigningCode.case_id == self.cases[case])

    def authority(self, case: str) -> int:
        """The id of a power of attorney that was sent for a case; 0 when there is none."""
        return self._newest(MachineAuthority.id, MachineAuthority.case_id == self.cases[case])

    def invoice(self, case: str) -> int:
        """The id of the newest invoice of a case; 0 when it has none."""
        return self._newest(Invoice.id, Invoice.case_id == self.cases[case])

    def payment(self, case: str = "") -> int:
        """The id of the newest payment of a case, or of money that belongs to none; 0 when there is none."""
        return self._newest(
            Payment.id, Payment.case_id == self.cases[case] if case else Payment.case_id.is_(None)
        )

    def tokens(self) -> list[str]:
        """What stands in the links of letters to the applicant: for a new password, for an address to confirm."""
        with self.app.app_context():
            links = db.session.scalars(db.select(SentSecret).order_by(SentSecret.id))
            return [f"{link.id}-{gateways.current().link_of(link.salt)}" for link in links]

    def _newest(self, column: Any, which: Any) -> int:
        with self.app.app_context():
            return db.session.scalars(db.select(column).where(which).order_by(column.desc())).first() or 0

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
            fill_requisites()
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
    staff = operator()
    own = confirmed(filer("Иванов"), staff)
    with transaction():
        db.session.add_all(
            LoginId(kind=kind, value=value, user_id=own.id)
            for kind, value in (("snils", "91866342037"), ("email", "ivanov@example.org"))
        )
    return {
        "applicant": own,
        "neighbour": filer("Соседов", snils="10289803962", email="neighbour@example.org"),
        "operator": staff,
        "signatory": signatory(),
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
    office_of = Office(own, staff, people["signatory"])
    for status in BEYOND:
        cases[status] = reach(status, office_of, at=earlier, **named)
    for status, name in (("awaiting_payment", "annul_unpaid"), ("contract_sent", "annul_unsigned")):
        case_id = reach(status, office_of, at=long_ago, **named)
        if name == "annul_unpaid":
            # A part of the money came: it is to be sent back.
            (invoice,) = db.session.query(Invoice).filter_by(case_id=case_id)
            part = Money(1_00, queries.day_of(long_ago), "платежное поручение № 41")
            payment_actions.record_payment(case_id, invoice.id, part, by=staff.actor, at=long_ago)
        act(case_id, name, staff, at=now)
        cases[case_of(case_id).status] = case_id
    cases[PAUSED] = submit_draft(own, at=earlier, **named)
    pause_actions.pause(cases[PAUSED], "Ждем выписку.", by=staff.actor, at=now)
    cases[CLAIMED] = reach("awaiting_payment", office_of, at=earlier, **named)
    _money(cases[CLAIMED], own, staff, now)
    cases |= _signatures(office_of, earlier, named)
    cases[DRAFT_BY_FORM] = draft_by_form(own, at=before)
    cases[BY_FORM] = sent_by_form(own, at=before, supplier=named["supplier"])
    cases[NEIGHBOURS] = submit_draft(people["neighbour"], at=before)
    _talk(cases["checking"], own, staff, before)
    cases |= _appeals(people, before)
    password_actions.ask_for_reset(("email", "ivanov@example.org"), visit=Visit("192.0.2.9", ""), at=now)
    with transaction():
        send_link(db.session.get_one(User, own.id), "ivanov@example.org", at=now)
    assert {stage.code for stage in STAGES} <= set(cases)
    return cases


def _signatures(people: Office, at: datetime, named: Mapping[str, list[str]]) -> dict[str, int]:
    """By the real actions: a code from an SMS, a GOST certificate of the company, a no to the act."""
    cases = {
        BY_CODE: reach("contract_sent", people, at=at, **named),
        BY_CERTIFICATE: reach("awaiting_payment", people, at=at, **named),
        DECLINED: reach("act_sent", people, at=at, **named),
        READY: preparing(people, "A", at=at, **named),
        UNSIGNED: reach("act_sent", people, at=at, **named),
    }
    by_code(cases[BY_CODE], people.own, at=at + timedelta(minutes=30))
    by_certificate(cases[BY_CERTIFICATE], people.head)
    mine = [one for one in awaited_of(case_of(cases[DECLINED]), people.own.actor) if not one.why_not]
    decline_actions.decline(cases[DECLINED], mine[0].slot.id, "Не та мощность.", by=people.own.actor, at=at)
    code_asked(cases[UNSIGNED], people.own)
    waits_for_authority(cases[UNSIGNED], people.head)
    put_papers(cases[READY], people, "publish_offer", at=at)
    return cases


def _money(case_id: int, own: Person, staff: Person, at: datetime) -> None:
    """A part came, the applicant says they have paid the rest; a line of a statement and money of nobody wait too."""
    (invoice,) = db.session.query(Invoice).filter_by(case_id=case_id)
    day = queries.day_of(at)
    part = Money(1_00, day, "платежное поручение № 44")
    payment_actions.record_payment(case_id, invoice.id, part, by=staff.actor, at=at)
    claim_actions.claim_paid(case_id, invoice.id, day, [pdf("receipt")], by=own.actor, at=at)
    line = incoming(45, 1_00, f"Оплата по счету № {invoice.number}", day=day)
    statement_actions.import_statement(statement([line]), by=staff.actor, at=at)
    money = Money(7_00, day, payer="Петров", note="Спросить у банка")
    payment_actions.note_money(money, by=staff.actor, at=at)


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
        decision_actions.change_mode(case_id, "general", "Так решили вместе.", by=by, at=at)
    if status.startswith("preparing"):
        decision_actions.complete(case_id, by=by, at=at)


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
