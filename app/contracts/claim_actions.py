"""«Я оплатил»: the applicant's word with a receipt, and the office's answer that the money was not found.

The other answer, that the money came, is the mark of the payment itself (`payment_actions`).
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from app import clock, gateways
from app.accounts.steps import claim_key
from app.actor import Actor
from app.cases.document_steps import attach, left_over
from app.cases.held_case import held_for_answer
from app.cases.letter_steps import tell_applicant, tell_company
from app.cases.message_text import clean_text
from app.cases.models import Case
from app.cases.queries import locked_case, party, refuse_archived, require
from app.cases.steps import touch
from app.company import queries as company
from app.company.wording import date_words
from app.connections.refusals import at_field
from app.contracts.claim_queries import open_claim
from app.contracts.invoice_queries import paid_for
from app.contracts.invoice_rules import left_of
from app.contracts.invoice_steps import held_invoice
from app.contracts.models import Invoice, PaymentClaim
from app.contracts.money import format_money
from app.contracts.payment_rules import LONGEST_NOTE, day_refusal
from app.contracts.payment_steps import due_of
from app.documents.intake import Received, Upload, received
from app.errors import Conflict, InvalidForm
from app.extensions import db
from app.journal.steps import record
from app.transaction import transaction

#: The receipt as a document of the case; a supplier does not see it.
RECEIPT_KIND, RECEIPT_TITLE = "payment_receipt", "Чек об оплате"
#: The field of its files: «files» stands on the page of the case already.
RECEIPT = "receipt"
#: The term within which the office checks.
TERM = "payment_check"
ALREADY = "Вы уже сообщили об оплате, сетевая организация ее проверяет. Дождитесь ответа."
NOT_OPEN = "Этот счет оплачивать не нужно: он оплачен или больше не действует. Обновите страницу."


def claim_paid(
    case_id: int,
    invoice_id: int,
    paid_on: date,
    uploads: Sequence[Upload],
    *,
    by: Actor,
    at: datetime,
    key: str = "",
) -> str:
    """Say that an invoice was paid on a day, with receipts if there are any; returns the address of the case.

    The office has the term `payment_check` to answer. Raises Conflict when a claim waits already or nothing is to be
    paid; InvalidForm (`paid_on`, `receipt`; `files` when the case is full).
    """
    left: list[str] = []
    url = f"/cases/{case_id}"
    with received(uploads, field=RECEIPT) as files, transaction():
        sent = (str(invoice_id), paid_on.isoformat(), *(one.stored.sha256 for one in files))
        claim_key(by.user_id, key, url=url, at=at, sent=sent)
        case = locked_case(by, case_id)
        require(party(by, case) == "applicant")
        refuse_archived(case, "applicant")
        if open_claim(case) is not None:
            raise Conflict(ALREADY)
        invoice = held_invoice(case, invoice_id)
        if invoice is None or invoice.state != "open":
            raise Conflict(NOT_OPEN)
        if why := day_refusal(paid_on, today=_day(at), issued_on=invoice.issued_on):
            raise InvalidForm({"paid_on": [why]})
        left = _attached(case, files, by, at)
        _open(case, invoice, paid_on, receipt=bool(files), by=by, at=at)
    for storage_key in left:
        gateways.current().files.delete(storage_key)
    return url


def _attached(case: Case, files: Sequence[Received], by: Actor, at: datetime) -> list[str]:
    """Put the receipts into the case; the storage keys of what was there already come back."""
    if not files:
        return []
    rows = attach(
        case,
        files,
        kind=RECEIPT_KIND,
        title=RECEIPT_TITLE,
        side="applicant",
        by=by,
        at=at,
        sensitive=True,
    )
    return left_over(files, rows)


def _open(case: Case, invoice: Invoice, paid_on: date, *, receipt: bool, by: Actor, at: datetime) -> None:
    today = _day(at)
    due_on = company.last_day(TERM, today)
    values: dict[str, Any] = {"paid_on": paid_on, "claimed_by": by.user_id, "claimed_at": at}
    db.session.add(PaymentClaim(case_id=case.id, invoice_id=invoice.id, due_on=due_on, **values))
    db.session.flush()
    entry = record(
        "payment_claimed",
        party="applicant",
        actor_id=by.user_id,
        at=at,
        case_id=case.id,
        public=True,
        details={"number": invoice.number, "on": paid_on.isoformat(), "receipt": receipt},
    )
    touch(case, at=at)
    tell_company(
        case,
        "payment-claimed",
        key=str(entry.seq),
        at=at,
        paid=date_words(paid_on, today),
        invoice=invoice.number,
        sum=format_money(left_of(invoice.total, paid_for(invoice))),
        receipt=receipt,
        due=company.calendar().due_words(today, due_on),
    )


def not_found(case_id: int, text: str, *, by: Actor, at: datetime, key: str = "", seen: str = "") -> None:
    """Answer that the money was not found; the applicant is told and may claim again.

    Raises InvalidForm (`text`); Conflict when no claim waits.
    """
    with transaction():
        case, side = held_for_answer(case_id, by=by, at=at, key=key, seen=seen, sent=(text,))
        require(side == "company")
        claim = open_claim(case)
        if claim is None:
            raise Conflict("На сообщение об оплате уже ответили.")
        with at_field("text"):
            words = clean_text(
                text,
                max_length=LONGEST_NOTE,
                label="Ответ",
                blank="Напишите, что вы проверили: заявитель прочитает это в письме.",
            )
        _answer(case, claim, words, by=by, at=at)


def _answer(case: Case, claim: PaymentClaim, words: str, *, by: Actor, at: datetime) -> None:
    claim.state, claim.answer, claim.answered_by, claim.answered_at = "not_found", words, by.user_id, at
    invoice = db.session.get_one(Invoice, claim.invoice_id)
    entry = record(
        "payment_not_found",
        party="company",
        actor_id=by.user_id,
        at=at,
        case_id=case.id,
        public=True,
        details={"number": invoice.number, "text": words},
    )
    touch(case, at=at)
    tell_applicant(
        case,
        "payment-not-found",
        key=str(entry.seq),
        at=at,
        invoice=invoice.number,
        text=words,
        due=due_of(invoice, _day(at)) if invoice.state == "open" else "",
    )


def _day(at: datetime) -> date:
    return clock.day_in(company.profile().zone, at)
