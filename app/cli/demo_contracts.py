"""Applications of the demo world under their contracts: papers from data, money, signatures, works, all by real actions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from app import gateways
from app.accounts.models import UserSession
from app.accounts.sessions import Visit
from app.actor import Actor
from app.cases.models import Case
from app.cases.rendering_actions import make
from app.cases.rendering_models import Rendering
from app.connections.queries import day_of
from app.contracts.act_actions import perform
from app.contracts.contract_steps import contract_of
from app.contracts.models import Invoice
from app.contracts.paper_actions import make_paper, put_own_file
from app.contracts.paper_kinds import PAPERS
from app.contracts.paper_queries import first_answers, lacking
from app.contracts.payment_actions import record_payment
from app.contracts.payment_rules import Money
from app.documents.intake import Upload
from app.extensions import db
from app.signing.code_actions import ask_code, enter_code
from app.signing.code_models import SigningCode
from app.signing.code_queries import Asker
from app.signing.sign_queries import awaited_of

_SCAN = Path(__file__).parent / "samples" / "letter.png"
_HEAD = "Сидоров А. П."
_HOUR = timedelta(hours=1)

#: What the office fills in beside what the case tells.
_FILLED: Mapping[str, Mapping[str, str]] = {
    "offer_terms": {"fee": "75 000", "vat": "22", "applicant_part": "yes"},
    "conditions": {
        "points": "Опора № 14 ВЛ-0,4 кВ Л-2 от ТП-118",
        "source": "ПС 35/10 кВ «Калиново», ВЛ-10 кВ № 3, ТП-118",
        "company_side": "Построить ответвление от опоры № 14\nУстановить прибор учета на опоре",
        "applicant_side": "Установить вводной щит с автоматическим выключателем\nСмонтировать контур заземления",
    },
    "invoice": {"part": "1", "total": "75 000", "vat": "22"},
}


@dataclass(frozen=True)
class Office:
    """Who makes the acts of one application: its applicant and a clerk of the company, who is a signatory too."""

    own: Actor
    clerk: Actor


def offered(case_id: int, office: Office, at: datetime, *, printed: bool = True) -> None:
    """Mode A: contract terms, technical conditions and the invoice are placed."""
    _papers(case_id, office, "publish_offer", at, printed=printed)
    perform(case_id, "publish-offer", {}, by=office.clerk, at=at + _HOUR)


def in_works(case_id: int, office: Office, at: datetime) -> None:
    """Mode A: paid a day after the offer; the works have begun."""
    offered(case_id, office, at, printed=False)
    paid = at + timedelta(days=1)
    invoice = db.session.scalars(select(Invoice).where(Invoice.case_id == case_id)).one()
    money = Money(invoice.total, day_of(paid), "платежное поручение № 214")
    record_payment(case_id, invoice.id, money, by=office.clerk, at=paid)
    perform(case_id, "start-works", {}, by=office.clerk, at=paid + _HOUR)


def connected(case_id: int, office: Office, at: datetime) -> None:
    """Mode A to its end: works done, the meter admitted, the act placed."""
    in_works(case_id, office, at)
    done = at + timedelta(days=5)
    told = {"on": f"{day_of(done):%d.%m.%Y}", "reason": "Поставлен вводной щит, смонтировано заземление."}
    perform(case_id, "report-done", told, by=office.own, at=done)
    perform(case_id, "accept-conditions", {}, by=office.clerk, at=done + _HOUR)
    for name, later in (("admit_meter", 2), ("connect", 4)):
        moment = done + timedelta(days=later)
        _papers(case_id, office, name, moment)
        day = {"on": f"{day_of(moment):%d.%m.%Y}"}
        perform(case_id, name.replace("_", "-"), day, by=office.clerk, at=moment + _HOUR)


def sent_to_sign(case_id: int, office: Office, at: datetime) -> None:
    """Mode B: the contract, signed by the company, waits for the applicant."""
    _papers(case_id, office, "publish_contract", at)
    fields = {"signer": _HEAD, "on": f"{day_of(at):%d.%m.%Y}"}
    with _SCAN.open("rb") as scan:
        uploads = [Upload("Договор с подписью.png", scan)]
        perform(case_id, "publish-contract", fields, uploads, by=office.clerk, at=at + _HOUR)


def signed_by_code(case_id: int, office: Office, at: datetime) -> None:
    """Mode B: a person signs the contract in the cabinet a day later, by the code of an SMS."""
    sent_to_sign(case_id, office, at)
    later, case = at + timedelta(days=1), db.session.get_one(Case, case_id)
    slots = [one.slot.id for one in awaited_of(case, office.own) if one.ready]
    session = db.session.scalars(select(UserSession.id).where(UserSession.user_id == office.own.user_id))
    by = Asker(office.own, Visit("127.0.0.1", "demo"), session.first() or 0)
    url = f"/cases/{case_id}"
    code_id = ask_code(case_id, slots, by=by, at=later, url=url)
    typed = gateways.current().code_of(db.session.get_one(SigningCode, code_id).salt)
    key = current_app.extensions["config"].secret_key
    enter_code(case_id, code_id, typed, by=by, at=later + timedelta(minutes=1), secret_key=key, url=url)


def _papers(case_id: int, office: Office, move: str, at: datetime, *, printed: bool = False) -> None:
    """The required papers of an act: printed from data, which takes a second each, or the office's own scans."""
    case = db.session.get_one(Case, case_id)
    for paper in lacking(case, move):
        if printed or paper.code == "invoice":  # without its form an invoice has no number
            typed = first_answers(case, office.clerk, contract_of(case), paper.code)
            typed |= {**_FILLED[paper.code], "date": f"{day_of(at):%d.%m.%Y}"}
            make_paper(case_id, paper.code, typed, by=office.clerk, at=at)
    if printed:
        _print(case_id, at)
    for paper in lacking(case, move):
        with _SCAN.open("rb") as scan:
            upload = Upload(f"{paper.title}.png", scan)
            put_own_file(case_id, paper.code, [upload], by=office.clerk, at=at)


def _print(case_id: int, at: datetime) -> None:
    """What the worker of a running site does a moment later."""
    waiting = select(Rendering.id).where(Rendering.case_id == case_id, Rendering.kind.in_(PAPERS))
    for rendering_id in db.session.scalars(waiting.where(Rendering.state == "new")).all():
        make(rendering_id, now=lambda: at, owner="demo", lease_seconds=60)
