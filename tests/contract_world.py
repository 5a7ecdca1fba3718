"""Applications under way to their contract and beyond, made by actions; papers are small files of the office."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.actor import OPERATOR, SIGNATORY, Actor
from app.cases import staff_actions
from app.cases.models import Case, CaseDocument
from app.connections import decision_actions
from app.connections.queries import day_of
from app.contracts import act_actions, payment_actions
from app.contracts.contract_steps import begun_contract
from app.contracts.invoice_steps import draft_invoice
from app.contracts.models import Contract, Invoice
from app.contracts.paper_kinds import papers_for
from app.contracts.payment_steps import Money
from app.documents.intake import Upload
from app.extensions import db
from app.signing import actions as signing
from app.signing.models import SignatureSlot
from app.transaction import transaction
from tests.application_world import checking, filer, pdf
from tests.case_world import Person, add_person, operator

FEE = 500_000
HEAD = "Сидоров А. П."


@dataclass(frozen=True)
class Office:
    """Who works on the cases of a test: the applicant, a clerk, a head who may restore and terminate."""

    own: Person
    clerk: Person
    head: Person


def signatory(last: str = "Сидоров") -> Person:
    """A head of the company, who works with cases too."""
    with transaction():
        user = add_person(last, "Андрей", "Павлович", roles=(OPERATOR, SIGNATORY), email="head@example.org")
        user_id, name = user.id, user.name
    return Person(Actor(user_id, name, frozenset({OPERATOR, SIGNATORY})))


def office(**names: str) -> Office:
    """An applicant who may send applications, a clerk and a head of the company."""
    return Office(filer(**names), operator(), signatory())


def preparing(office: Office, mode: str, *, at: datetime, **changes: Sequence[str]) -> int:
    """An application with a complete set of documents, whose contract is being prepared."""
    fits = {"A": "yes", "B": "no"}[mode]
    case_id = checking(office.own, office.clerk, at=at, **{"rule_fits": [fits], **changes})
    decision_actions.complete(case_id, by=office.clerk.actor, at=at)
    return case_id


def case_of(case_id: int) -> Case:
    """The case as it stands in the database now."""
    db.session.expire_all()
    return db.session.get_one(Case, case_id)


def contract(case_id: int) -> Contract:
    """The contract of a case."""
    return db.session.query(Contract).filter_by(case_id=case_id).one()


def invoices(case_id: int) -> list[Invoice]:
    """The invoices of a case, the first part first."""
    return db.session.query(Invoice).filter_by(case_id=case_id).order_by(Invoice.part, Invoice.id).all()


def put_papers(case_id: int, office: Office, move: str, *, at: datetime) -> None:
    """The office's own file for each required paper of an act, and the invoice where one goes out."""
    mode = case_of(case_id).mode
    for paper in papers_for(move, mode):
        if not paper.required:
            continue
        file = pdf(f"{paper.code}-{case_id}-{at:%d%H%M%S}")
        staff_actions.post_documents(
            case_id, [file], kind=paper.code, internal=True, by=office.clerk.actor, at=at
        )
        if paper.code == "invoice":
            with transaction():
                case = db.session.get_one(Case, case_id)
                found = begun_contract(case, by=office.clerk.actor, at=at)
                draft_invoice(case, found, part=1, total=FEE, by=office.clerk.actor, at=at)


def act(
    case_id: int,
    name: str,
    person: Person,
    *,
    at: datetime,
    files: Sequence[Upload] = (),
    **texts: str,
) -> None:
    """One act of the table with what its form sends."""
    act_actions.perform(case_id, name.replace("_", "-"), texts, files, by=person.actor, at=at)


def typed_day(at: datetime) -> str:
    """The day of an instant in the company's zone, as people type it."""
    return f"{day_of(at):%d.%m.%Y}"


def applicant_has_no_part(case_id: int, office: Office, *, at: datetime) -> None:
    """The technical conditions ask nothing of the applicant."""
    with transaction():
        case = db.session.get_one(Case, case_id)
        begun_contract(case, by=office.clerk.actor, at=at).applicant_part = False


def costs(case_id: int, office: Office, fee: int, *, at: datetime) -> None:
    """The contract costs so many kopecks, whatever was invoiced so far."""
    with transaction():
        begun_contract(db.session.get_one(Case, case_id), by=office.clerk.actor, at=at).fee = fee


def pay(case_id: int, office: Office, *, at: datetime) -> None:
    """The money for the first invoice came today."""
    first = invoices(case_id)[0]
    money = Money(first.total, day_of(at), "платежное поручение № 12")
    payment_actions.record_payment(case_id, first.id, money, by=office.clerk.actor, at=at)


def sign(case_id: int, kind: str, office: Office, *, at: datetime) -> None:
    """The applicant's signature under the newest paper of a kind is marked from its scan."""
    slot = (
        db.session.query(SignatureSlot)
        .join(CaseDocument, CaseDocument.id == SignatureSlot.case_document_id)
        .filter(
            CaseDocument.kind == kind, SignatureSlot.case_id == case_id, SignatureSlot.party == "applicant"
        )
        .order_by(SignatureSlot.id.desc())
        .first()
    )
    assert slot is not None
    typed = signing.Typed(typed_day(at), "Иванов П. Г.")
    scan = [pdf(f"scan-{case_id}-{kind}")]
    signing.mark_signed(case_id, slot.id, scan, typed, by=office.clerk.actor, at=at)


def publish_offer(case_id: int, office: Office, at: datetime) -> None:
    put_papers(case_id, office, "publish_offer", at=at)
    act(case_id, "publish_offer", office.clerk, at=at)


def publish_contract(case_id: int, office: Office, at: datetime) -> None:
    put_papers(case_id, office, "publish_contract", at=at)
    scan = [pdf(f"signed-{case_id}")]
    act(case_id, "publish_contract", office.clerk, at=at, files=scan, signer=HEAD, on=typed_day(at))


def admit_meter(case_id: int, office: Office, at: datetime) -> None:
    put_papers(case_id, office, "admit_meter", at=at)
    act(case_id, "admit_meter", office.clerk, at=at, on=typed_day(at))


def connect(case_id: int, office: Office, at: datetime) -> None:
    put_papers(case_id, office, "connect", at=at)
    act(case_id, "connect", office.clerk, at=at, on=typed_day(at))


def publish_act(case_id: int, office: Office, at: datetime) -> None:
    put_papers(case_id, office, "publish_act", at=at)
    scan = [pdf(f"act-{case_id}")]
    act(case_id, "publish_act", office.clerk, at=at, files=scan, signer=HEAD, on=typed_day(at))


Step = Callable[[int, Office, datetime], None]

#: One step of the road by the name of its move; a step takes a day.
STEPS: Mapping[str, Step] = {
    "publish_offer": publish_offer,
    "conclude": lambda case_id, office, at: pay(case_id, office, at=at),
    "publish_contract": publish_contract,
    "sign_contract": lambda case_id, office, at: sign(case_id, "contract", office, at=at),
    "dispute": lambda case_id, office, at: act(case_id, "dispute", office.own, at=at, reason="Пункт 3."),
    "start_works": lambda case_id, office, at: act(case_id, "start_works", office.clerk, at=at),
    "report_done": lambda case_id, office, at: act(
        case_id, "report_done", office.own, at=at, on=typed_day(at)
    ),
    "accept_conditions": lambda case_id, office, at: act(case_id, "accept_conditions", office.clerk, at=at),
    "admit_meter": admit_meter,
    "connect": connect,
    "publish_act": publish_act,
    "sign_act": lambda case_id, office, at: sign(case_id, "connection_act", office, at=at),
    "terminate": lambda case_id, office, at: act(
        case_id, "terminate", office.head, at=at, reason="По соглашению."
    ),
}

_UNDERWAY = ("start_works", "report_done", "accept_conditions", "admit_meter")
ROAD_A = ("publish_offer", "conclude", *_UNDERWAY, "connect")
ROAD_B = ("publish_contract", "sign_contract", *_UNDERWAY, "publish_act", "sign_act")

#: status → mode and the steps that lead there from a complete set of documents.
REACHED: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "preparing_offer": ("A", ()),
    "awaiting_payment": ("A", ROAD_A[:1]),
    "contract_concluded": ("A", ROAD_A[:2]),
    "works": ("A", ROAD_A[:3]),
    "tu_check": ("A", ROAD_A[:4]),
    "meter_admission": ("A", ROAD_A[:5]),
    "meter_admitted": ("A", ROAD_A[:6]),
    "connected": ("A", ROAD_A),
    "preparing_contract": ("B", ()),
    "contract_sent": ("B", ROAD_B[:1]),
    "contract_disputed": ("B", ("publish_contract", "dispute")),
    "contract_signed": ("B", ROAD_B[:2]),
    "act_sent": ("B", ROAD_B[:7]),
    "terminated": ("A", (*ROAD_A[:2], "terminate")),
}


def walk(case_id: int, office: Office, moves: Sequence[str], *, at: datetime) -> datetime:
    """Make the steps one after the other, a minute apart; the instant after the last one."""
    for name in moves:
        STEPS[name](case_id, office, at)
        at += timedelta(minutes=1)
    return at


def reach(status: str, office: Office, *, at: datetime, **changes: Sequence[str]) -> int:
    """An application that has come to a status by the actions of the site."""
    mode, moves = REACHED[status]
    case_id = preparing(office, mode, at=at, **changes)
    walk(case_id, office, moves, at=at + timedelta(minutes=1))
    assert case_of(case_id).status == status
    return case_id
