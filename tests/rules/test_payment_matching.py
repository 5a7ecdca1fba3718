"""Which invoice a payment is proposed for, how surely, and the reasons that staff read."""

from datetime import date

import pytest

from app.contracts.invoice_numbers import number_key, numbers_in
from app.contracts.matching import Confidence, OpenInvoice, Proposal, propose
from app.contracts.statement import IncomingPayment

IVANOV, ENERGIA = "500100732259", "7707083893"
ISSUED, TODAY = date(2026, 11, 2), date(2026, 11, 3)
INVOICES = [
    OpenInvoice(1, "12", IVANOV, 1_234_500, ISSUED),
    OpenInvoice(2, "СЧ-00013/2026", ENERGIA, 5_000_000, ISSUED),
    OpenInvoice(3, "14", "", 1_234_500, ISSUED),
    OpenInvoice(4, "299", ENERGIA, 700_000, ISSUED),
]


def paid(
    purpose: str, kopecks: int = 1_234_500, inn: str = "", day: date = date(2026, 11, 2)
) -> IncomingPayment:
    return IncomingPayment("id", "45", day, day, True, kopecks, "", "", inn, "", purpose, 11)


def proposed(payment: IncomingPayment) -> Proposal:
    (proposal,) = propose([payment], INVOICES, today=TODAY)
    return proposal


@pytest.mark.parametrize(
    ("purpose", "kopecks", "inn", "number", "confidence"),
    [
        ("Оплата по счету № 12 от 01.11.2026", 1_234_500, IVANOV, "12", Confidence.EXACT),
        ("Оплата по счету № 12 от 01.11.2026", 1_234_500, "", "12", Confidence.EXACT),
        ("по счету 14", 1_234_500, IVANOV, "14", Confidence.EXACT),
        ("СЧ-13/2026, технологическое присоединение", 5_000_000, ENERGIA, "СЧ-00013/2026", Confidence.EXACT),
        ("по счету № 12", 1_000_000, IVANOV, "12", Confidence.LIKELY),
        ("по счету № 12", 2_000_000, "", "12", Confidence.LIKELY),
        ("по счету № 12", 1_234_500, ENERGIA, "12", Confidence.LIKELY),
        ("за подключение", 1_234_500, IVANOV, "12", Confidence.LIKELY),
        ("за подключение", 5, IVANOV, "12", Confidence.LIKELY),
        ("за подключение", 700_000, ENERGIA, "299", Confidence.LIKELY),
        ("за подключение", 5, ENERGIA, None, Confidence.NONE),
        ("за подключение", 1_234_500, "", None, Confidence.NONE),
        ("договор ТП № 299, дом 12", 700_000, "", None, Confidence.NONE),
        ("по счетам № 12 и по счету № 14", 1_234_500, "", None, Confidence.NONE),
    ],
)
def test_a_payment_is_proposed_by_number_inn_and_sum(
    purpose: str, kopecks: int, inn: str, number: str | None, confidence: Confidence
) -> None:
    proposal = proposed(paid(purpose, kopecks, inn))
    assert (proposal.invoice.number if proposal.invoice else None) == number
    assert proposal.confidence is confidence
    assert proposal.reasons


@pytest.mark.parametrize(
    ("payment", "said"),
    [
        (paid("счет 12", 1_000_000, IVANOV), "Сумма меньше остатка по счету на 2\u00a0345,00\u00a0₽."),
        (paid("счет 12", 1_234_600, IVANOV), "Сумма больше остатка по счету на 1,00\u00a0₽."),
        (paid("счет 12", inn=ENERGIA), f"ИНН плательщика другой: {ENERGIA}, в счете {IVANOV}."),
        (paid("счет 12"), "ИНН сравнить нельзя"),
        (paid("за свет", inn=IVANOV), "Номера счета № 12 в назначении платежа нет."),
        (paid("за свет", 5, ENERGIA), "несколько счетов: № СЧ-00013/2026, № 299."),
        (paid("за свет"), "в счетах: № 12, № 14. Одной суммы мало."),
    ],
)
def test_the_reasons_tell_what_agrees_and_what_does_not(payment: IncomingPayment, said: str) -> None:
    assert said in " ".join(proposed(payment).reasons)


def test_a_second_payment_of_the_same_invoice_is_only_likely() -> None:
    first, second = propose([paid("счет 12"), paid("счет 12")], INVOICES, today=TODAY)
    assert (first.confidence, second.confidence) == (Confidence.EXACT, Confidence.LIKELY)
    assert "не заплатили ли дважды" in second.reasons[-1]


def test_without_open_invoices_nothing_is_proposed() -> None:
    assert propose([paid("счет 12")], [], today=TODAY)[0].confidence is Confidence.NONE


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 11, 1), "Счет № 12 не предложен. Счет выставлен 02.11.2026: деньги по нему не могли"),
        (date(2026, 11, 4), "Счет № 12 не предложен. Этот день еще не наступил"),
    ],
)
def test_money_of_a_day_that_would_be_refused_is_not_proposed_and_the_reason_is_told(
    day: date, why: str
) -> None:
    proposal = proposed(paid("счет 12", day=day))
    assert (proposal.invoice, proposal.confidence) == (None, Confidence.NONE)
    assert why in " ".join(proposal.reasons)
    assert "№ 14" not in " ".join(proposed(paid("за свет", day=day)).reasons)
    assert proposed(paid("за свет", inn=IVANOV, day=day)).invoice is None


def test_an_earlier_invoice_of_the_payer_is_proposed_when_the_named_one_cannot_be_it() -> None:
    named = OpenInvoice(5, "15", IVANOV, 1_234_500, date(2026, 11, 3))
    (proposal,) = propose([paid("счет 15", inn=IVANOV)], [*INVOICES, named], today=TODAY)
    assert proposal.invoice is not None
    assert (proposal.invoice.number, proposal.confidence) == ("12", Confidence.LIKELY)
    assert "Счет № 15 не предложен" in proposal.reasons[-1]


@pytest.mark.parametrize(
    ("purpose", "number"),
    [
        ("Оплата по счёту №12 от 01.11.2026", "12"),
        ("сч. 12", "12"),
        ("Сч.№ 00012", "12"),
        ("СЧЕТ НА ОПЛАТУ N 12", "12"),
        ("счет №12от 01.11.26", "12"),
        ("по счету от 01.11.2026 г. № 12", "12"),
        ("счет ТП\u201112/2026.", "ТП-12/2026"),
        ("оплата TП-012/2026", "ТП-12/2026"),
    ],
)
def test_a_number_is_found_as_people_write_it(purpose: str, number: str) -> None:
    assert number_key(number) in numbers_in(purpose)


@pytest.mark.parametrize(
    "purpose",
    [
        "лицевой счет 12",
        "л/счет 12",
        "расчетный счет № 12",
        "договор № 12",
        "счету № 123",
        "счет 12/2026",
        "12.11.2026",
        "",
        "счет",
    ],
)
def test_other_numbers_are_not_taken_for_the_invoices(purpose: str) -> None:
    assert "12" not in numbers_in(purpose)


def test_a_hostile_purpose_is_looked_through_at_once() -> None:
    assert numbers_in("счет от " * 100_000) == set()
    assert numbers_in("сч" * 100_000 + "лицев" * 100_000) == set()
