"""Which invoice a payment of a bank statement is for: a proposal with its reasons, for staff to confirm.

Plain values in, plain values out: no database, nothing is written. The invoice's number in the purpose, the
payer's ИНН and the sum are looked at; a payment is never tied to an invoice by its sum alone. What could not be
counted because of its day (`payment_rules.day_refusal`) is not proposed either.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.contracts.invoice_numbers import number_key, numbers_in
from app.contracts.money import format_money
from app.contracts.payment_rules import day_refusal
from app.contracts.statement import IncomingPayment


class Confidence(StrEnum):
    """How sure a proposal is; staff confirm either."""

    EXACT = "exact"
    LIKELY = "likely"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class OpenInvoice:
    """An invoice that waits for money: `remaining` is what is left to pay, in kopecks; the day it was issued on."""

    id: int
    number: str
    payer_inn: str
    remaining: int
    issued_on: date | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed for one payment; without an invoice the reasons tell why."""

    payment: IncomingPayment
    invoice: OpenInvoice | None
    confidence: Confidence
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Signs:
    """What speaks for one invoice. `inn` is None when one side has no ИНН."""

    invoice: OpenInvoice
    number: bool
    inn: bool | None
    sum: bool

    @property
    def weight(self) -> int:
        """Bigger is better."""
        return 4 * self.number + 2 * (self.inn is True) + self.sum


def propose(
    payments: Iterable[IncomingPayment], invoices: Sequence[OpenInvoice], *, today: date
) -> list[Proposal]:
    """A proposal for each payment, in their order; `today` is the company's.

    An invoice that an earlier payment of the same list pays in full is only likely for a later one: it may be
    paid twice.
    """
    index = _Index(invoices)
    taken: dict[int, int] = {}
    proposals = []
    for payment in payments:
        proposal = _warned(_proposed(payment, index, today), taken)
        if proposal.invoice:
            taken[proposal.invoice.id] = taken.get(proposal.invoice.id, 0) + payment.kopecks
        proposals.append(proposal)
    return proposals


class _Index:
    """The invoices by each sign, so that a year's statement does not look through all of them per payment."""

    def __init__(self, invoices: Iterable[OpenInvoice]) -> None:
        """Sort the invoices into the three registers."""
        self.by_number: dict[str, list[OpenInvoice]] = {}
        self.by_inn: dict[str, list[OpenInvoice]] = {}
        self.by_sum: dict[int, list[OpenInvoice]] = {}
        for invoice in invoices:
            self.by_number.setdefault(number_key(invoice.number), []).append(invoice)
            self.by_sum.setdefault(invoice.remaining, []).append(invoice)
            if invoice.payer_inn:
                self.by_inn.setdefault(invoice.payer_inn, []).append(invoice)


def _proposed(payment: IncomingPayment, index: _Index, today: date) -> Proposal:
    found, refused = _signs_of(payment, index, today)
    if not found:
        reasons = tuple(refused) or _why_none(payment, index, today)
        return Proposal(payment, None, Confidence.NONE, reasons)
    best = max(sign.weight for sign in found)
    leaders = [sign for sign in found if sign.weight == best]
    if len(leaders) > 1:
        numbers = ", ".join(f"№ {sign.invoice.number}" for sign in leaders[:5])
        more = " и другие" if len(leaders) > 5 else ""
        reason = f"Одинаково подходят несколько счетов: {numbers}{more}. Выберите нужный."
        return Proposal(payment, None, Confidence.NONE, (reason, *refused))
    sign = leaders[0]
    sure = sign.number and sign.sum and sign.inn is not False
    confidence = Confidence.EXACT if sure else Confidence.LIKELY
    return Proposal(payment, sign.invoice, confidence, (*_reasons(payment, sign), *refused))


def _signs_of(payment: IncomingPayment, index: _Index, today: date) -> tuple[list[_Signs], list[str]]:
    """The invoices that the number or the ИНН leads to; and why those of them whose number stands there cannot be it."""
    named = {
        invoice.id: invoice
        for number in numbers_in(payment.purpose)
        for invoice in index.by_number.get(number, ())
    }
    same_payer = {invoice.id: invoice for invoice in index.by_inn.get(payment.payer_inn, ())}
    found: list[_Signs] = []
    refused: list[str] = []
    for key, invoice in (named | same_payer).items():
        why = day_refusal(payment.received_on, today=today, issued_on=invoice.issued_on)
        if not why:
            found.append(_signs(payment, invoice, key in named))
        elif key in named:
            refused.append(f"Счет № {invoice.number} не предложен. {why}")
    return found, refused


def _signs(payment: IncomingPayment, invoice: OpenInvoice, named: bool) -> _Signs:
    both = payment.payer_inn and invoice.payer_inn
    return _Signs(
        invoice,
        number=named,
        inn=payment.payer_inn == invoice.payer_inn if both else None,
        sum=payment.kopecks == invoice.remaining,
    )


def _reasons(payment: IncomingPayment, sign: _Signs) -> tuple[str, ...]:
    number = f"счета № {sign.invoice.number}"
    reasons = [
        f"В назначении платежа есть номер {number}."
        if sign.number
        else f"Номера {number} в назначении платежа нет."
    ]
    if sign.inn is None:
        reasons.append("ИНН сравнить нельзя: у плательщика или в счете его нет.")
    elif sign.inn:
        reasons.append(f"ИНН плательщика тот же: {payment.payer_inn}.")
    else:
        reasons.append(
            f"ИНН плательщика другой: {payment.payer_inn}, в счете {sign.invoice.payer_inn}. "
            "Проверьте, кто заплатил."
        )
    reasons.append(_about_sum(payment.kopecks, sign.invoice.remaining))
    return tuple(reasons)


def _about_sum(paid: int, remaining: int) -> str:
    if paid == remaining:
        return "Сумма равна остатку по счету."
    if paid < remaining:
        return f"Сумма меньше остатка по счету на {format_money(remaining - paid)}."
    return f"Сумма больше остатка по счету на {format_money(paid - remaining)}."


def _why_none(payment: IncomingPayment, index: _Index, today: date) -> tuple[str, ...]:
    reasons = ["В назначении платежа нет номера неоплаченного счета, и по ИНН плательщика счет не найден."]
    same = [
        invoice.number
        for invoice in index.by_sum.get(payment.kopecks, ())
        if not day_refusal(payment.received_on, today=today, issued_on=invoice.issued_on)
    ]
    if same:
        numbers = ", ".join(f"№ {number}" for number in same[:5])
        reasons.append(
            f"Такая же сумма ({format_money(payment.kopecks)}) в счетах: {numbers}. Одной суммы мало."
        )
    return tuple(reasons)


def _warned(proposal: Proposal, taken: dict[int, int]) -> Proposal:
    """The proposal made weaker when earlier payments of the list already pay its invoice or its part."""
    if not proposal.invoice or proposal.invoice.id not in taken:
        return proposal
    earlier = format_money(taken[proposal.invoice.id])
    reason = f"На этот счет в выписке уже есть другой платеж ({earlier}): проверьте, не заплатили ли дважды."
    return Proposal(proposal.payment, proposal.invoice, Confidence.LIKELY, (*proposal.reasons, reason))
