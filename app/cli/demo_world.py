"""The demo world: the company and the people of the manuals, applications in every stage, appeals, all by real actions.

Nothing is written past the actions, so that the demo shows only what the product can really do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import update

from app.accounts.hashing import hash_password
from app.accounts.models import User
from app.accounts.queries import acted_for, roles_of, supplier_of
from app.accounts.registration import PersonName
from app.accounts.staff_actions import Shown, add_staff, confirm_account
from app.actor import Actor
from app.cases import actions as cases
from app.cases import staff_actions as office
from app.cases.models import Counter
from app.cli import demo_appeals, demo_contracts
from app.cli.demo_applications import HOUSE, WORKSHOP, Form, months_after
from app.cli.demo_company import COMPANY, SUPPLIERS
from app.cli.demo_people import ADMINISTRATOR, OPERATOR, PASSWORD, SUPPLIER, Account, energia, ivanov
from app.company.actions import change_settings
from app.company.models import Supplier
from app.company.seed import SINCE, seed
from app.connections import actions as connections
from app.connections import decision_actions as decisions
from app.connections.draft_actions import create_draft, save_topic
from app.connections.file_actions import add_files
from app.connections.questionnaire import TOPICS
from app.documents.intake import Upload
from app.extensions import db
from app.transaction import transaction

SAMPLES = Path(__file__).parent / "samples"


@dataclass(frozen=True)
class People:
    """Who acts in the demo world."""

    ivanov: Actor
    energia: Actor
    operator: Actor
    supplier: Actor
    suppliers: Sequence[int]


def build(now: datetime) -> None:
    """Make the demo world, its past counted back from `now`; an action after the other."""
    _company(now)
    people = _people(now - timedelta(days=40))
    _under_contract(people, now)
    _garage_refused(people, now - timedelta(days=30))
    demo_appeals.answered(people.ivanov, people.operator, now - timedelta(days=20))
    _workshop_complete(people, now - timedelta(days=12))
    _house_with_corrections(people, now - timedelta(days=8))
    _warehouse_withdrawn(people, now - timedelta(days=5))
    demo_appeals.to_supplier(people.energia, people.supplier, now - timedelta(days=3))
    demo_appeals.of_the_manual(people.energia, people.operator, now - timedelta(days=2))
    _house_in_examination(people, now - timedelta(days=1))
    _draft_begun(people, now - timedelta(hours=20))
    _second_workshop_sent(people, now - timedelta(hours=3))


def _company(at: datetime) -> None:
    """The company of the manuals, even where `flask company seed` has put in its nameless one before."""
    seed(at)
    change_settings(COMPANY, valid_from=SINCE, at=at)


def _people(at: datetime) -> People:
    with transaction():
        rows = [Supplier(name=name, email="") for name in SUPPLIERS]
        db.session.add_all(rows)
        db.session.flush()
        suppliers = [row.id for row in rows]
        # The company had numbers before it had the cabinet: the house of the manual gets its 299.
        db.session.execute(update(Counter).values(value=291))
    hashed = hash_password(PASSWORD)
    operator = _staff(OPERATOR, ["operator", "signatory"], hashed, at, ("Вершинина", "Анна", "Павловна"))
    _staff(ADMINISTRATOR, ["administrator"], hashed, at, ("Карпов", "Игорь", "Львович"))
    clerk = _staff(SUPPLIER, ["supplier"], hashed, at, ("Лебедева", "Ольга", "Юрьевна"), suppliers[0])
    petr = _seen_in_office(ivanov(hashed, at), operator, at)
    firm = _seen_in_office(energia(hashed, at), operator, at)
    return People(petr, firm, operator, clerk, suppliers)


def _seen_in_office(user_id: int, operator: Actor, at: datetime) -> Actor:
    """The account after a visit to the office: only such ones sign."""
    confirm_account(user_id, Shown("passport", "Паспорт 57 08 № 000000"), by=operator, at=at)
    return _actor(user_id)


def _staff(
    who: Account,
    roles: Sequence[str],
    hashed: str,
    at: datetime,
    name: tuple[str, str, str],
    supplier_id: int | None = None,
) -> Actor:
    user_id = add_staff(
        PersonName(*name), email=who.email, password_hash=hashed, roles=roles, supplier_id=supplier_id, at=at
    )
    return _actor(user_id)


def _actor(user_id: int) -> Actor:
    user = db.session.get_one(User, user_id)
    return Actor(
        user_id=user_id,
        name=user.name,
        roles=roles_of(user_id),
        applicant_ids=frozenset(link.applicant_id for link in acted_for(user_id)),
        supplier_id=supplier_of(user_id),
        confirmed=user.confirmed_at is not None,
    )


def _sample(name: str) -> list[Upload]:
    return [Upload(f"{name}.png", (SAMPLES / f"{name}.png").open("rb"))]


def _filled(by: Actor, form: Form, kinds: Sequence[str], at: datetime, **changes: str) -> int:
    """A complete draft of the actor's own applicant."""
    (applicant_id,) = by.applicant_ids
    case_id = create_draft(applicant_id, by=by, at=at)
    months = months_after(at)
    raw = {**form, **months, **{name: [value] for name, value in changes.items()}}
    for topic in TOPICS:
        save_topic(case_id, topic.code, raw, by=by, at=at)
    for kind in kinds:
        add_files(case_id, kind, _sample(kind), by=by, at=at)
    return case_id


_HOUSE_PAPERS = ("identity", "plan", "title")
_FIRM_PAPERS = ("extract", "plan", "title", "automatics")


def _draft_begun(people: People, at: datetime) -> None:
    draft = create_draft(next(iter(people.ivanov.applicant_ids)), by=people.ivanov, at=at)
    save_topic(draft, "type", {"connection_type": ["temporary_mobile"]}, by=people.ivanov, at=at)


def _second_workshop_sent(people: People, at: datetime) -> None:
    supplier = str(people.suppliers[0])
    new = _filled(
        people.energia, WORKSHOP, _FIRM_PAPERS, at, supplier=supplier, object_name="ВРУ второго цеха"
    )
    connections.submit(new, by=people.energia, at=at)


def _house_in_examination(people: People, at: datetime) -> None:
    comment = "Здравствуйте, направляю заявку на ТП с участием гарантирующего поставщика."
    supplier = str(people.suppliers[0])
    house = _filled(people.ivanov, HOUSE, _HOUSE_PAPERS, at, supplier=supplier, comment=comment)
    connections.submit(house, by=people.ivanov, at=at)
    office.register(house, by=people.operator, at=at + timedelta(minutes=7))
    decisions.accept(house, by=people.operator, at=at + timedelta(minutes=9))
    answer = "Здравствуйте, ваша заявка принята в работу."
    cases.send_message(house, answer, by=people.operator, at=at + timedelta(minutes=10))


def _house_with_corrections(people: People, at: datetime) -> None:
    operator = people.operator
    fixes = _filled(
        people.ivanov, HOUSE, _HOUSE_PAPERS, at, supplier="none", place="п. Калиново, ул. Полевая, 4"
    )
    connections.submit(fixes, by=people.ivanov, at=at)
    office.register(fixes, by=operator, at=at + timedelta(hours=1))
    decisions.accept(fixes, by=operator, at=at + timedelta(hours=1))
    asked = [
        ("document", "plan", "На плане не видно расстояние от границы участка до сети."),
        ("topic", "object", "Уточните местоположение: на улице Полевой нет дома 4."),
    ]
    text = "Пришлите исправления, и проверка продолжится."
    decisions.request_fixes(fixes, asked, text, by=operator, at=at + timedelta(days=1))
    later = at + timedelta(days=1, minutes=5)
    office.post_documents(fixes, _sample("letter"), kind="letter", by=operator, at=later)


def _garage_refused(people: People, at: datetime) -> None:
    operator = people.operator
    shield = "Распределительный щит гаража"
    garage = _filled(people.ivanov, HOUSE, _HOUSE_PAPERS, at, supplier="none", object_name=shield)
    connections.submit(garage, by=people.ivanov, at=at)
    office.register(garage, by=operator, at=at + timedelta(hours=2))
    reason = "Гараж стоит на землях другой сетевой организации. Обратитесь к ней: адрес есть на ее сайте."
    decisions.reject(garage, reason, by=operator, at=at + timedelta(days=1))
    office.move_to_archive(garage, by=operator, at=at + timedelta(days=3))


def _complete(people: People, by: Actor, form: Form, at: datetime, mode: str = "", **changes: str) -> int:
    """An application that names the supplier, with a complete set of documents two days after its sending.

    With `mode` the office changes its category first: what both sides sign.
    """
    papers = _HOUSE_PAPERS if form is HOUSE else _FIRM_PAPERS
    case_id = _filled(by, form, papers, at, supplier=str(people.suppliers[0]), **changes)
    connections.submit(case_id, by=by, at=at)
    office.register(case_id, by=people.operator, at=at + timedelta(hours=3))
    decisions.accept(case_id, by=people.operator, at=at + timedelta(hours=3))
    if mode:
        why = "Мощность больше 15 кВт: договор подписывают обе стороны."
        decisions.change_mode(case_id, mode, why, by=people.operator, at=at + timedelta(hours=4))
    decisions.complete(case_id, by=people.operator, at=at + timedelta(days=2))
    return case_id


def _under_contract(people: People, now: datetime) -> None:
    """From the connection that is done to the offer that waits for its money: street and house number, days ago."""
    of_ivanov = demo_contracts.Office(people.ivanov, people.operator)
    of_energia = demo_contracts.Office(people.energia, people.operator)
    for carry, house, ago in (
        (demo_contracts.connected, 2, 38),
        (demo_contracts.in_works, 8, 24),
        (demo_contracts.offered, 15, 5),
    ):
        place, sent = f"Пермский край, п. Калиново, ул. Садовая, {house}", now - timedelta(days=ago)
        case_id = _complete(people, people.ivanov, HOUSE, sent, place=place)
        carry(case_id, of_ivanov, sent + timedelta(days=3))
    sent = now - timedelta(days=15)
    case_id = _complete(people, people.energia, WORKSHOP, sent, object_name="ВРУ сушильного цеха")
    demo_contracts.sent_to_sign(case_id, of_energia, sent + timedelta(days=11))
    # Houses beyond the fifteen kilowatts: the contract is signed, and one waits for the code.
    for carry, house, ago in ((demo_contracts.signed_by_code, 21, 20), (demo_contracts.sent_to_sign, 23, 6)):
        place, sent = f"Пермский край, п. Калиново, ул. Садовая, {house}", now - timedelta(days=ago)
        case_id = _complete(people, people.ivanov, HOUSE, sent, mode="general", place=place)
        carry(case_id, of_ivanov, sent + timedelta(days=3))


def _workshop_complete(people: People, at: datetime) -> None:
    workshop = _complete(people, people.energia, WORKSHOP, at)
    line = "Выезд инженера на объект назначен"
    office.add_status_line(workshop, line, by=people.operator, at=at + timedelta(days=4))


def _warehouse_withdrawn(people: People, at: datetime) -> None:
    warehouse = _filled(people.energia, WORKSHOP, _FIRM_PAPERS, at, supplier="none", object_name="ВРУ склада")
    connections.submit(warehouse, by=people.energia, at=at)
    reason = "Склад переносим на другой участок"
    connections.withdraw(warehouse, reason, by=people.energia, at=at + timedelta(days=1))
