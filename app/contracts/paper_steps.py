"""Changes of papers: printed, replaced by an own file, shown with their act. Every one needs an open transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from app.actor import Actor
from app.cases.document_steps import detach
from app.cases.models import Case, CaseDocument
from app.cases.rendering_models import Rendering
from app.cases.rendering_queries import renderings_of
from app.cases.rendering_steps import ask_for, drop
from app.contracts.invoice_queries import purpose_in, qr_of
from app.contracts.invoice_steps import draft_invoice
from app.contracts.models import Contract, Invoice
from app.contracts.paper_data import Known, names
from app.contracts.paper_fields import kept
from app.contracts.paper_kinds import PAPERS, papers_for
from app.contracts.paper_names import sample
from app.contracts.paper_queries import known_of, ready
from app.contracts.paper_sheets import bill, sheet, title_of
from app.contracts.payment_qr import qr_svg
from app.contracts.schedule_rules import TERMS_KINDS
from app.contracts.template_queries import current_template
from app.contracts.template_text import filled
from app.errors import InvalidForm
from app.extensions import db
from app.transaction import require_transaction

#: The money makes the contract of mode A within the stage's term: the paper must not name another day than the page.
OWN_DAY = (
    "Срок оплаты первого счета считается со дня, когда вы разместите документы. Оставьте это поле пустым."
)

STALE = "Заново документ не получился, а прежний устарел: {}. Сделайте его еще раз или приложите свой файл."


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a layout prints: its frozen values and the version of the company's text in them."""

    layout: str
    data: Mapping[str, Any]
    template_version: int | None
    title: str


def templated_sheet(kind: str, known: Known, values: Mapping[str, Any]) -> Sheet:
    """The sheet of a paper that is made from the company's text; writes nothing.

    Raises InvalidValue when the text cannot be filled.
    """
    template = current_template(kind)
    body = filled(template.body, names(kind, known, values), sample(kind))
    title = title_of(kind, known.contract_number)
    return Sheet("paper", sheet(kind, known, values, body), template.version, title)


def keep_filled(contract: Contract, kind: str, typed: Mapping[str, str], values: Mapping[str, Any]) -> None:
    """Keep what was filled in; the form of the contract also tells the fee, its parts and the applicant's share of work."""
    require_transaction()
    contract.filled = {**contract.filled, kind: kept(kind, typed, values)}
    if kind in TERMS_KINDS:
        contract.fee, contract.parts = values["fee"], max(1, len(values["shares"] or []))
        contract.applicant_part = values["applicant_part"] == "yes"
        contract.template_version = current_template(kind).version
    db.session.flush()


def invoice_sheet(
    case: Case, contract: Contract, values: Mapping[str, Any], *, by: Actor, at: datetime
) -> Sheet:
    """The sheet of an invoice, with its row drafted; a draft of another part is given up for it.

    Raises Conflict when the part was invoiced already, InvalidValue when the payment code cannot be drawn, InvalidForm
    (`due_on`) for a last day of the office's own where the stage tells it.
    """
    require_transaction()
    if values["due_on"] and values["part"] == 1 and case.mode == "A" and contract.concluded_on is None:
        raise InvalidForm({"due_on": [OWN_DAY]})
    for other in db.session.scalars(_drafts(case).where(Invoice.part != values["part"])):
        other.state = "void"
    db.session.flush()
    invoice = draft_invoice(
        case,
        contract,
        part=values["part"],
        total=values["total"],
        by=by,
        at=at,
        due_on=values["due_on"] or None,
    )
    qr = qr_svg(qr_of(invoice, kopecks=invoice.total))
    data = bill(
        known_of(case, by, contract),
        values,
        number=invoice.number,
        parts=contract.parts,
        purpose=purpose_in(invoice),
        qr=qr,
    )
    return Sheet("invoice", data, None, f"Счет № {invoice.number}")


def print_sheet(case: Case, kind: str, made: Sheet, *, by: Actor, at: datetime) -> Rendering:
    """Have a sheet printed; the PDF is seen by the company alone until its act."""
    return ask_for(
        case,
        kind=kind,
        title=made.title,
        layout=made.layout,
        data=made.data,
        by=by,
        at=at,
        # A slash would be taken for a folder: «№ 12-ТП/2026».
        file_name=f"{made.title.replace('/', '-')}.pdf",
        template_version=made.template_version,
        internal=True,
    )


def give_way(case: Case, kind: str) -> list[str]:
    """What was made or posted of a kind and nobody outside has seen gives way to an own file.

    Returns storage keys whose bytes the action deletes after its commit.
    """
    require_transaction()
    drop(case, kind)
    keys = []
    while (former := ready(case, kind)) is not None:
        keys.append(detach(former))
    return [key for key in keys if key]


def has_draft(case: Case) -> bool:
    """Whether an invoice of the case is being prepared."""
    return db.session.scalar(_drafts(case).limit(1)) is not None


def _drafts(case: Case) -> Select[Invoice]:
    return select(Invoice).where(Invoice.case_id == case.id, Invoice.state == "draft")


def publish(case: Case, move: str, *, by: Actor, at: datetime) -> list[CaseDocument]:
    """Show the applicant the papers of an act."""
    return publish_kinds(case, [paper.code for paper in papers_for(move, case.mode)])


def publish_kinds(case: Case, kinds: Sequence[str]) -> list[CaseDocument]:
    """Show the applicant the papers of these kinds that are ready; the invoice knows its paper from then on.

    Raises InvalidForm while one of them is being made, for nobody outside would ever see it; and when making it anew has
    failed, for what lies there tells what was filled in before.
    """
    require_transaction()
    made = renderings_of(case)
    if late := [made[kind].title for kind in kinds if kind in made and made[kind].unfinished]:
        raise InvalidForm({"": [f"Еще готовится: {'; '.join(late)}. Дождитесь, пока документ будет готов."]})
    found = [ready(case, kind) for kind in kinds]
    if stale := [one.title for one in found if one and one.kind in made and made[one.kind].failed]:
        raise InvalidForm({"": [STALE.format("; ".join(stale))]})
    placed = [one for one in found if one is not None]
    for one in placed:
        one.internal = False
        if one.kind == PAPERS["invoice"].code:
            _tie_to_invoice(case, one)
    db.session.flush()
    return placed


def _tie_to_invoice(case: Case, document: CaseDocument) -> None:
    query = select(Invoice).where(
        Invoice.case_id == case.id, Invoice.state != "void", Invoice.case_document_id.is_(None)
    )
    invoice = db.session.scalars(query.order_by(Invoice.made_at.desc(), Invoice.id.desc())).first()
    if invoice is not None:
        invoice.case_document_id = document.id
