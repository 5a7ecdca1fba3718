"""Putting papers before the applicant with an act: shown, to be signed, the company's signature noted.

Every step needs an open transaction.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from app.actor import Actor
from app.cases.models import Case, CaseDocument
from app.cases.rendering_queries import renderings_of
from app.connections.refusals import at_field
from app.contracts.act_rules import FILES, Values
from app.contracts.contract_steps import begun_contract, contract_of, offer
from app.contracts.invoice_steps import issue
from app.contracts.models import Invoice
from app.contracts.money import format_money
from app.contracts.paper_fields import FIELDS
from app.contracts.paper_kinds import PAPERS, signers_of
from app.contracts.paper_queries import lacking, paper_rows, ready
from app.contracts.paper_steps import publish, publish_kinds
from app.contracts.presign_queries import signed_by_company
from app.errors import InvalidForm
from app.extensions import db
from app.signing.slot_queries import slots_of
from app.signing.slot_steps import open_slots, sign_on_paper, supersede
from app.signing.turn_queries import is_being_checked
from app.transaction import require_transaction


def place_papers(case: Case, move: str, *, by: Actor, at: datetime) -> list[CaseDocument]:
    """Show the applicant the papers of an act, with a slot for each signature they need.

    Raises InvalidForm naming every required paper that is not ready.
    """
    require_transaction()
    if missing := lacking(case, move):
        titles = "; ".join(paper.title for paper in missing)
        raise InvalidForm({"": [f"Не хватает документов: {titles}. Подготовьте их и повторите."]})
    placed = publish(case, move, by=by, at=at)
    for document in placed:
        open_for(case, document, at=at)
    return placed


def replace_papers(case: Case, move: str, *, by: Actor, at: datetime) -> list[CaseDocument]:
    """As `place_papers`, for papers that take the place of former ones: nobody signs those any more."""
    placed = place_papers(case, move, by=by, at=at)
    for document in placed:
        _take_the_place(case, document, at=at)
    return placed


def open_for(case: Case, document: CaseDocument, *, at: datetime) -> bool:
    """Open the slots of a paper, unless it has them: the company may have signed it before it goes out. Whether it did."""
    require_transaction()
    parties = signers_of(PAPERS[document.kind], case.mode)
    if not parties or slots_of(document.id):
        return False
    open_slots(case, document, parties, at=at)
    return True


def require_day(case: Case, kind: str, day: date | None) -> None:
    """The day that the office types for an act is the one its printed paper tells; an own file is not read.

    Raises InvalidForm (`on`).
    """
    printed, found, contract = renderings_of(case).get(kind), ready(case, kind), contract_of(case)
    if printed is None or found is None or contract is None or printed.document_id != found.id:
        return
    dated = next(field for field in FIELDS[kind] if field.code == "date")
    told = dated.parse(contract.filled[kind]["date"])
    if day is not None and told != day:
        sentence = f"В акте стоит {told:%d.%m.%Y}. Укажите этот день или сделайте акт с другой датой."
        raise InvalidForm({"on": [sentence]})


def offer_contract(
    case: Case, move: str, *, by: Actor, at: datetime
) -> tuple[list[CaseDocument], dict[str, Any]]:
    """Put contract, conditions and what was invoiced before the applicant; the papers, and the invoice in words.

    Raises InvalidForm when a paper is lacking, and where the money makes the contract but nothing was invoiced.
    """
    placed = place_papers(case, move, by=by, at=at)
    offer(begun_contract(case, by=by, at=at))
    invoices = issue(case, by=by, at=at)
    if case.mode == "A" and not invoices:
        sentence = "Счет не выписан в кабинете. Заполните его: по номеру и сумме узнают оплату."
        raise InvalidForm({"": [sentence]})
    return placed, _in_words(invoices)


def _in_words(invoices: Sequence[Invoice]) -> dict[str, Any]:
    """What a letter says of the first invoice; empty texts when there is none."""
    first = next(iter(invoices), None)
    if first is None:
        return {"invoice": "", "total": ""}
    return {"invoice": first.number, "total": format_money(first.total)}


def place_signed(
    placed: Sequence[CaseDocument],
    kind: str,
    scans: Sequence[CaseDocument],
    values: Values,
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Note that the company has signed the paper of this kind, as its scan shows; one signed in the cabinet needs none.

    The scan shows the signature under all that goes out with it: the technical conditions are annexed to the contract
    (the Rules, No. 861, clause 15). Raises InvalidForm when the paper is signed neither way.
    """
    document = next(one for one in placed if one.kind == kind)
    if not signed_by_company(document) and not scans:
        raise InvalidForm({FILES: [CHECKED if is_being_checked(document.id, "company") else UNSIGNED]})
    _sign_all(placed, scans, values, by=by, at=at)


def _sign_all(
    placed: Sequence[CaseDocument],
    scans: Sequence[CaseDocument],
    values: Values,
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Every paper of the company's that waits for its signature is signed as the scan shows; without a scan none is."""
    for document in placed if scans else ():
        if any(one.party == "company" and one.state == "pending" for one in slots_of(document.id)):
            _sign(document, scans[0], values, by=by, at=at)


CHECKED = (
    "Подпись сетевой организации отправлена, ее проверка не закончена: на странице заявки видно, чего она ждет. "
    "Повторите после проверки или приложите скан с подписью."
)
UNSIGNED = (
    "Документ не подписан сетевой организацией. Приложите скан с подписью, или пусть руководитель подпишет документ "
    "в кабинете: кнопка «Подписать до отправки» на странице заявки."
)


def answer_with(
    case: Case, scans: Sequence[CaseDocument], values: Values, *, by: Actor, at: datetime
) -> bool:
    """With the answer to disagreements a new edition may go out: papers made anew, or the company's own signed file.

    Returns whether there is one. Raises InvalidForm when it is still being made or its signed scan is not there.
    """
    require_transaction()
    rows = paper_rows(case)
    if any(row.unfinished for row in rows):
        raise InvalidForm({"": ["Новая редакция еще готовится. Подождите минуту и отправьте ответ снова."]})
    placed = publish_kinds(case, [row.paper.code for row in rows if row.ready])
    contract = next((one for one in placed if one.kind == "contract"), None)
    scan = next(iter(scans), None)
    if contract is not None and scan is None and not signed_by_company(contract):
        raise InvalidForm({FILES: ["Новая редакция договора подготовлена: приложите ее подписанный скан."]})
    if contract is None and scan is not None:
        # The company's own file is both the new edition and the scan that shows the signature.
        scan.kind, scan.title = "contract", "Договор, новая редакция"
        contract = scan
        placed = [*placed, scan]
    for document in placed:
        _take_the_place(case, document, at=at)
    _sign_all(placed, scans, values, by=by, at=at)
    return contract is not None


def _take_the_place(case: Case, document: CaseDocument, *, at: datetime) -> None:
    """Nobody signs the former paper of the kind any more; the new one has slots of its own."""
    query = select(CaseDocument).where(
        CaseDocument.case_id == case.id,
        CaseDocument.kind == document.kind,
        CaseDocument.internal.is_(False),
        CaseDocument.id != document.id,
    )
    for former in db.session.scalars(query):
        supersede(former)
    open_for(case, document, at=at)


def _sign(document: CaseDocument, scan: CaseDocument, values: Values, *, by: Actor, at: datetime) -> None:
    if values.on is None:
        raise ValueError("the form of an act with a signature asks for its day")
    slot = next(one for one in slots_of(document.id) if one.party == "company")
    with at_field("on"):
        sign_on_paper(slot, scan=scan, signed_on=values.on, signer=values.signer, by=by, at=at)
