"""Bank statements of 1CClientBankExchange: what is read out of them, and how a broken one is refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.contracts.statement import LARGEST_FILE, IncomingPayment, Statement, parse_statement
from app.errors import InvalidValue
from tests.rules.examples import QUICK

TODAY = date(2026, 11, 10)
OURS = "40702810938000000001"
THEIRS = "40817810000000000012"
HEADER = f"""1CClientBankExchange
ВерсияФормата=1.03
Кодировка=Windows
ДатаНачала=01.11.2026
ДатаКонца=10.11.2026
РасчСчет={OURS}
СекцияРасчСчет
РасчСчет={OURS}
КонечныйОстаток=100.00
КонецРасчСчет
"""
INCOMING = f"""СекцияДокумент=Платежное поручение
Номер=45
Дата=02.11.2026
Сумма=12345.50
ПлательщикСчет={THEIRS}
Плательщик=ИНН 500100732259 Иванов Петр Григорьевич
Плательщик1=Иванов Петр Григорьевич
ПлательщикИНН=500100732259
ПолучательСчет={OURS}
ДатаПоступило=03.11.2026
НазначениеПлатежа=Оплата по счету № 12 = аванс
КонецДокумента
"""
OUTGOING = f"""СекцияДокумент=Платежное поручение
Номер=7
Сумма=не важно
ПлательщикСчет={OURS}
ПолучательСчет={THEIRS}
КонецДокумента
"""
END = "КонецФайла\n"


def read(text: str, encoding: str = "cp1251", **how: str) -> Statement:
    return parse_statement(text.replace("\n", "\r\n").encode(encoding), today=TODAY, **how)


def only(text: str) -> IncomingPayment:
    (payment,) = read(HEADER + text + END).payments
    return payment


def refusal(content: bytes, **how: str) -> str:
    with pytest.raises(InvalidValue) as caught:
        parse_statement(content, today=TODAY, **how)
    return caught.value.message


def test_an_incoming_payment_is_read_whole() -> None:
    payment = only(INCOMING)
    assert payment.number == "45"
    assert (payment.dated, payment.received_on) == (date(2026, 11, 2), date(2026, 11, 3))
    assert payment.received_is_stated
    assert payment.kopecks == 1_234_550
    assert (payment.account, payment.payer_account) == (OURS, THEIRS)
    assert (payment.payer, payment.payer_inn) == ("Иванов Петр Григорьевич", "500100732259")
    assert payment.purpose == "Оплата по счету № 12 = аванс"
    assert payment.line == 11


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("cp1251", "Windows"),
        ("cp866", "DOS"),
        ("utf-8", "UTF-8"),
        ("utf-8", "Windows"),
        ("utf-8-sig", "UTF-8"),
    ],
)
def test_the_file_is_read_in_the_encoding_its_header_is_written_in(encoding: str, named: str) -> None:
    text = (HEADER + INCOMING + END).replace("Кодировка=Windows", f"Кодировка={named}")
    if encoding == "cp866":
        text = text.replace("«", "").replace("№", "№")
    assert read(text, encoding).payments[0].payer == "Иванов Петр Григорьевич"


def test_outgoing_payments_and_own_transfers_are_counted_and_not_read() -> None:
    transfer = INCOMING.replace(f"ПлательщикСчет={THEIRS}", f"ПлательщикСчет={OURS}")
    statement = read(HEADER + OUTGOING + INCOMING + transfer + END)
    assert (len(statement.payments), statement.other_documents) == (1, 2)
    assert statement.accounts == (OURS,)


def test_without_a_day_of_receipt_the_date_of_the_document_stands_in_and_says_so() -> None:
    payment = only(INCOMING.replace("ДатаПоступило=03.11.2026", "ДатаПоступило="))
    assert (payment.received_on, payment.received_is_stated) == (date(2026, 11, 2), False)


@pytest.mark.parametrize(
    ("written", "kopecks"), [("12345", 1_234_500), ("0.01", 1), ("5,5", 550), ("7.500", 750)]
)
def test_sums_become_kopecks(written: str, kopecks: int) -> None:
    assert only(INCOMING.replace("12345.50", written)).kopecks == kopecks


def test_a_purpose_in_parts_or_over_several_lines_is_joined() -> None:
    whole = "НазначениеПлатежа=Оплата по счету № 12 = аванс"
    parts = INCOMING.replace(whole, "НазначениеПлатежа1=Оплата по\nНазначениеПлатежа2=счету 12")
    lines = INCOMING.replace(whole, "НазначениеПлатежа=Оплата по\nсчету 12\n")
    assert only(parts).purpose == only(lines).purpose == "Оплата по счету 12"


@pytest.mark.parametrize("inn", ["", "0", "000000000000", "12345", "٣" * 10])
def test_what_is_no_inn_of_a_payer_is_left_out(inn: str) -> None:
    statement = read(
        HEADER.replace("Windows", "UTF-8") + INCOMING.replace("500100732259", inn) + END, "utf-8"
    )
    assert statement.payments[0].payer_inn == ""


def test_the_same_payment_has_the_same_identity_in_another_export() -> None:
    other = (
        INCOMING.replace("Номер=45", "Номер=000045")
        .replace("ДатаПоступило=03.11.2026", "ДатаПоступило=")
        .replace("Оплата по", "ОПЛАТА  по")
    )
    again = read(HEADER.replace("Windows", "UTF-8") + OUTGOING + other + END, "utf-8").payments[0]
    assert again.identity == only(INCOMING).identity


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Номер=45", "Номер=46"),
        ("Дата=02.11.2026", "Дата=01.11.2026"),
        ("12345.50", "12345.51"),
        (THEIRS, THEIRS[:-1] + "3"),
        ("№ 12", "№ 13"),
    ],
)
def test_another_payment_has_another_identity(old: str, new: str) -> None:
    assert only(INCOMING.replace(old, new)).identity != only(INCOMING).identity


def test_payments_that_agree_in_everything_are_two_and_stay_two() -> None:
    text = HEADER + INCOMING + INCOMING + END
    first, second = read(text).payments
    assert first.identity != second.identity
    assert [payment.identity for payment in read(text).payments] == [first.identity, second.identity]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEADER + INCOMING, "нет строки «КонецФайла»"),
        (HEADER + INCOMING.replace("КонецДокумента\n", "") + END, "Строка 22: файл закончился внутри"),
        (HEADER + INCOMING.replace("КонецДокумента\n", "") + INCOMING + END, "Строка 22: новый документ"),
        (HEADER + "КонецДокумента\n" + END, "Строка 11: «КонецДокумента» без начала"),
        (HEADER + INCOMING.replace("Номер=45", "Номер 45") + END, "Строка 12: ожидалось «Поле=значение»"),
        (HEADER + INCOMING.replace("12345.50", "12 345") + END, "Строка 14: в поле «Сумма».*стоит «12 345»"),
        (HEADER + INCOMING.replace("12345.50", "-5.00") + END, "Строка 14: в поле «Сумма»"),
        (HEADER + INCOMING.replace("12345.50", "0.00") + END, "Строка 14: в поле «Сумма»"),
        (HEADER + INCOMING.replace("12345.50", "") + END, "Строка 11: в поле «Сумма».*оно пустое"),
        (HEADER + INCOMING.replace("=02.11.2026", "=31.02.2026") + END, "Строка 13: в поле «Дата»"),
        (HEADER + INCOMING.replace("=03.11.2026", "=2026-11-03") + END, "Строка 20: в поле «ДатаПоступило»"),
        (HEADER + "Х" * 10_001 + "\n" + END, "Строка 11: слишком длинная"),
        (HEADER.replace(OURS, "") + INCOMING + END, "не указан счет компании"),
        ("1CClientBankExchangeX\n" + END, "не выписка в формате 1С"),
        ("1CClientBankExchange\n" + END, "понять кодировку"),
    ],
)
def test_a_broken_statement_is_refused_with_the_line(text: str, said: str) -> None:
    with pytest.raises(InvalidValue, match=said):
        read(text)


@pytest.mark.parametrize("told", ["01.01.0001", "31.12.1999", "13.11.2027", "31.12.9999"])
@pytest.mark.parametrize(("field", "line"), [("Дата=02.11.2026", 13), ("ДатаПоступило=03.11.2026", 20)])
def test_a_day_on_which_no_payment_can_have_been_is_refused_with_the_line(
    told: str, field: str, line: int
) -> None:
    name = field.partition("=")[0]
    with pytest.raises(InvalidValue) as refused:
        read(HEADER + INCOMING.replace(f"\n{field}", f"\n{name}={told}") + END)
    assert refused.value.message.startswith(f"Строка {line}: в поле «{name}» стоит {told}: ")
    assert "Выгрузите" in refused.value.message or "выгрузите" in refused.value.message


@pytest.mark.parametrize("told", [date(2000, 1, 1), date(2026, 11, 11), date(2027, 11, 11)])
def test_a_day_of_long_ago_or_dated_ahead_is_read(told: date) -> None:
    payment = only(INCOMING.replace("=02.11.2026", f"={told:%d.%m.%Y}"))
    assert payment.dated == told


def test_days_of_what_is_no_payment_to_the_company_are_not_looked_at() -> None:
    assert read(HEADER + OUTGOING.replace("Номер=7", "Дата=01.01.0001") + END).payments == ()


def test_a_statement_of_another_account_is_refused() -> None:
    assert "не по счету 40702810900000000009" in refusal(
        (HEADER + END).encode("cp1251"), account="40702810900000000009"
    )
    assert len(read(HEADER + INCOMING + END, account=OURS).payments) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7\n",
        b"PK\x03\x04",
        b"\x00" * 100,
        (HEADER + END).encode("utf-16"),
        "<html>".encode("cp1251"),
    ],
)
def test_a_file_of_another_kind_is_refused(content: bytes) -> None:
    assert "не выписка в формате 1С" in refusal(content)


def test_bytes_of_another_encoding_are_refused_with_the_line() -> None:
    mixed = HEADER.encode() + INCOMING.encode("cp1251") + END.encode()
    assert refusal(mixed).startswith("Строка 11: символ не из кодировки UTF-8")


def test_a_file_over_the_limits_is_refused_before_it_is_read() -> None:
    start = HEADER.encode("cp1251")
    assert "больше 8 МБ" in refusal(start + b"x" * LARGEST_FILE)
    assert "слишком много строк" in refusal(start + b"\n" * 1_000_001)


def test_nothing_invisible_reaches_the_program_and_long_values_are_cut() -> None:
    text = HEADER + INCOMING.replace("Петр", "Пе\x00\x1bтр\u202e\u0085").replace("аванс", "а" * 5_000) + END
    payment = read(text.replace("Windows", "UTF-8"), "utf-8").payments[0]
    assert payment.payer == "Иванов Петр Григорьевич"
    assert len(payment.purpose) == 1_000


@QUICK
@given(st.binary(max_size=300))
def test_any_bytes_are_refused_or_read(content: bytes) -> None:
    for file in (
        content,
        HEADER.encode("cp1251") + content,
        HEADER.encode() + content + b"\n" + END.encode(),
    ):
        try:
            parse_statement(file, today=TODAY)
        except InvalidValue as refused:
            assert refused.message


@QUICK
@given(
    st.lists(
        st.sampled_from([*INCOMING.split("\n"), "КонецФайла", "Дата=", "=", "Сумма=\u0660"]), max_size=25
    )
)
def test_lines_in_any_order_are_refused_or_read(lines: list[str]) -> None:
    try:
        statement = read(HEADER + "\n".join(lines) + "\n" + END, "utf-8")
    except InvalidValue as refused:
        assert refused.message
    else:
        assert all(payment.kopecks > 0 for payment in statement.payments)
