"""The papers of a case that wait for their act: which are ready, being made, lacking; what their forms begin with."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app import clock
from app.accounts.contacts import format_mobile
from app.accounts.models import User
from app.accounts.names import full_name
from app.actor import Actor
from app.cases.kinds import term_of
from app.cases.models import Case, CaseDocument
from app.cases.rendering_queries import Printed, renderings_of
from app.company import queries as company
from app.connections import queries as connections
from app.connections.answers import live_answers
from app.contracts.models import Contract, Invoice
from app.contracts.money import format_sum
from app.contracts.paper_data import Applicant, Known, term_words
from app.contracts.paper_kinds import PAPERS, PaperKind, papers_for
from app.contracts.paper_rules import first_typed, known_facts, papers_now
from app.contracts.schedule_rules import instalments, schedule_in
from app.errors import IllegalMove, NotFound
from app.extensions import db


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One paper of the next act: what there is of it. `made` is what became of the printing that is still of interest."""

    paper: PaperKind
    document: CaseDocument | None
    made: Printed | None

    @property
    def unfinished(self) -> bool:
        """Whether a new one is being made."""
        return self.made is not None and self.made.unfinished

    @property
    def failed(self) -> bool:
        """Whether the last printing needs a person."""
        return self.made is not None and self.made.failed

    @property
    def ready(self) -> bool:
        """Whether it can go out as it is."""
        return self.document is not None and not self.unfinished and not self.failed


def ready(case: Case, kind: str) -> CaseDocument | None:
    """The newest paper of the kind that the company alone sees; None while there is none."""
    return _waiting(case, [kind]).get(kind)


def lacking(case: Case, move: str) -> list[PaperKind]:
    """The required papers of an act that are not ready, or are just being made anew."""
    papers = [paper for paper in papers_for(move, case.mode) if paper.required]
    return [row.paper for row in _rows(case, papers) if not row.ready] if papers else []


def paper_rows(case: Case) -> list[PaperRow]:
    """What there is of each paper that the office may make now."""
    papers = papers_now(case.status, case.mode)
    return _rows(case, papers) if papers else []


def may_make(case: Case, kind: str) -> PaperKind:
    """The kind, which must be one that is made at this stage; raises NotFound or IllegalMove."""
    if case.kind != connections.KIND or kind not in PAPERS:
        raise NotFound
    if PAPERS[kind] not in papers_now(case.status, case.mode):
        raise IllegalMove("Этот документ на этом этапе не готовят.")
    return PAPERS[kind]


def _rows(case: Case, papers: Iterable[PaperKind]) -> list[PaperRow]:
    papers = list(papers)
    waiting, made = _waiting(case, [paper.code for paper in papers]), renderings_of(case)
    return [PaperRow(paper, waiting.get(paper.code), made.get(paper.code)) for paper in papers]


def _waiting(case: Case, kinds: Iterable[str]) -> dict[str, CaseDocument]:
    """Kind → its newest paper that the company alone sees."""
    query = select(CaseDocument).where(
        CaseDocument.case_id == case.id,
        CaseDocument.kind.in_(list(kinds)),
        CaseDocument.internal.is_(True),
        CaseDocument.side == "company",
    )
    return {row.kind: row for row in db.session.scalars(query.order_by(CaseDocument.id))}


def known_of(case: Case, actor: Actor, contract: Contract | None) -> Known:
    """What papers tell of a case beside what is filled in."""
    profile, today = company.profile(), company.today()
    term = company.term("payment", today)
    return Known(
        settings=profile.settings,
        applicant=_applicant(case, actor),
        mode=case.mode,
        case_number=case.number or str(case.id),
        sent_on=clock.day_in(profile.zone, case.sent_at) if case.sent_at else None,
        supplier=case.supplier_name if case.supplier_id is not None else "",
        contract_number=contract.number if contract else "",
        concluded_on=contract.concluded_on if contract else None,
        payment_term=term_words(term.days, term.unit),
        facts=known_facts(contract.filled if contract else {}, typed_facts(case, actor)),
    )


def _applicant(case: Case, actor: Actor) -> Applicant:
    about, sender = connections.applicant_of(case), db.session.get_one(User, case.created_by)
    firm = about.legal_form == "legal_entity"
    return Applicant(
        name=about.name,
        legal_form=about.legal_form,
        inn=about.inn,
        kpp=about.kpp,
        ogrn=about.ogrn,
        head=full_name(about.last_name, about.first_name, about.middle_name) if firm else "",
        address=str(_answers(case, actor).get("address", "")),
        phone=format_mobile(sender.phone) if sender.phone else "",
        email=sender.notify_email,
    )


def _answers(case: Case, actor: Actor) -> Mapping[str, Any]:
    return live_answers(case.answers, connections.context_of(case, actor, company.today()))


def typed_facts(case: Case, actor: Actor) -> dict[str, str]:
    """What the questionnaire, the terms and the contract tell of the fields of forms, as one would type it."""
    answers, term = _answers(case, actor), company.term(term_of(case, "works"), company.today())
    return {
        "object": str(answers.get("object_name", "")),
        "place": str(answers.get("place", "")) or case.place,
        "cadastral": case.cadastral,
        "power_new": _kilowatts(answers.get("power_new")),
        "power_existing": _kilowatts(answers.get("power_existing")),
        "reliability": str(answers.get("reliability", "")),
        "voltage": str(answers.get("voltage", "")),
        "works_term": term_words(term.days, term.unit),
        "years": "2",
    }


def _kilowatts(watts: int | None) -> str:
    return f"{watts / 1000:g}".replace(".", ",") if watts else ""


def first_answers(case: Case, actor: Actor, contract: Contract | None, kind: str) -> dict[str, str]:
    """What the form of a paper begins with."""
    filled = contract.filled if contract else {}
    facts = typed_facts(case, actor)
    meter = filled.get("meter_act") or {}
    if meter.get("device"):
        facts |= {
            "meter": f"{meter['device']}, № {meter.get('serial', '')}",
            "meter_place": meter.get("meter_place", ""),
        }
    typed = first_typed(kind, filled, facts, f"{company.today():%d.%m.%Y}")
    return typed | _next_part(case, contract, typed) if kind == "invoice" else typed


def _next_part(case: Case, contract: Contract | None, typed: Mapping[str, str]) -> dict[str, str]:
    """The first part that was not invoiced yet, with its sum; what was filled in for that part already stays."""
    query = select(Invoice.part).where(Invoice.case_id == case.id, Invoice.state.in_(("open", "paid")))
    issued = set(db.session.scalars(query))
    part = next(number for number in range(1, 14) if number not in issued)
    if typed["part"] == str(part):
        return {}
    filled, fee = (contract.filled, contract.fee) if contract else ({}, None)
    parts = schedule_in(filled) or (instalments(fee, []) if fee else [])
    total = next((format_sum(one.total) for one in parts if one.part == part), "")
    vat = next(
        (filled[kind]["vat"] for kind in ("contract", "offer_terms") if filled.get(kind, {}).get("vat")), ""
    )
    return {
        "part": str(part),
        "total": total,
        "vat": vat,
        "due_on": "",
        "date": f"{company.today():%d.%m.%Y}",
    }
