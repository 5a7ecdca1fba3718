"""Bank statements in the exchange format of 1С («1CClientBankExchange», versions 1.01–1.03): the incoming payments.

A file comes from outside, so it is hostile: its size, lines and number of documents are capped, and whatever is
wrong ends in one InvalidValue that names the line. Knows no invoice, no case and no database.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from app.characters import one_line, without_control, without_invisible
from app.contracts.statement_text import LARGEST_FILE, at_line, day, kopecks, lines_of
from app.errors import InvalidValue

__all__ = ["LARGEST_FILE", "IncomingPayment", "Statement", "parse_statement"]

_MOST_DOCUMENTS = 20_000
_LONGEST_PURPOSE = 1000
_LONGEST_NAME = 300
_LONGEST_NUMBER = 40
_PURPOSE = "НазначениеПлатежа"
_TRUNCATED = "Выписка обрывается: в конце нет строки «КонецФайла». Выгрузите ее из банка еще раз."


@dataclass(frozen=True, slots=True)
class IncomingPayment:
    """Money that came to an account of the company.

    `identity` is the same each time the payment is met, in this statement or another. `received_is_stated` is
    false when the bank gave no day of receipt and `received_on` is the date of the document.
    """

    identity: str
    number: str
    dated: date
    received_on: date
    received_is_stated: bool
    kopecks: int
    account: str
    payer: str
    payer_inn: str
    payer_account: str
    purpose: str
    line: int


@dataclass(frozen=True, slots=True)
class Statement:
    """What one file tells: whose accounts, the incoming payments in its order, how many documents are not such."""

    accounts: tuple[str, ...]
    payments: tuple[IncomingPayment, ...]
    other_documents: int


@dataclass(slots=True)
class _Document:
    """Fields of one section as they stand in the file, with the line of each."""

    line: int
    values: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)

    def get(self, *names: str) -> str:
        return next((self.values[name] for name in names if self.values.get(name)), "")

    def where(self, *names: str) -> int:
        return next((self.lines[name] for name in names if self.values.get(name)), self.line)


def parse_statement(content: bytes, *, account: str = "", today: date) -> Statement:
    """The incoming payments of a statement file; `today` is the company's.

    `account` (20 digits) is the company's; without it the accounts that the file names are taken for the
    company's. Raises InvalidValue for a file that is no statement, is cut short, broken, too large, of
    another account, or with a day on which no payment can have been.
    """
    accounts: set[str] = set()
    documents = list(_documents(lines_of(content), accounts))
    if account and account not in accounts:
        raise InvalidValue(
            f"Эта выписка не по счету {account}. Выгрузите выписку по счету из реквизитов компании."
        )
    own = {account} if account else accounts
    if not own:
        raise InvalidValue("В выписке не указан счет компании (строка «РасчСчет»). Выгрузите ее еще раз.")
    incoming = [document for document in documents if _is_incoming(document, own)]
    payments = _numbered([_payment(document, today) for document in incoming])
    return Statement(tuple(sorted(accounts)), tuple(payments), len(documents) - len(payments))


def _documents(lines: list[str], accounts: set[str]) -> Iterator[_Document]:
    """The documents of the file one by one; account numbers met outside them are added to `accounts`."""
    document: _Document | None = None
    count, last_key = 0, ""
    for number, line in enumerate(lines[1:], start=2):
        key, separator, value = (part.strip() for part in line.partition("="))
        if key == "СекцияДокумент":
            count += 1
            document, last_key = _begun(document, number, count), ""
        elif key == "КонецДокумента" and not separator:
            yield _ended(document, number)
            document = None
        elif key == "КонецФайла" and not separator:
            if document:
                raise at_line(number, "файл закончился внутри документа. Выгрузите выписку еще раз.")
            return
        elif document:
            last_key = _take(document, last_key, line, number)
        elif key == "РасчСчет" and value:
            accounts.add(value)
    raise InvalidValue(_TRUNCATED)


def _begun(open_one: _Document | None, number: int, count: int) -> _Document:
    if open_one:
        raise at_line(number, "новый документ начинается раньше, чем закончился предыдущий.")
    if count > _MOST_DOCUMENTS:
        raise at_line(number, "в выписке слишком много документов. Выгрузите ее за меньший срок.")
    return _Document(number)


def _ended(document: _Document | None, number: int) -> _Document:
    if not document:
        raise at_line(number, "«КонецДокумента» без начала документа.")
    return document


def _take(document: _Document, last_key: str, line: str, number: int) -> str:
    """Keep one line of a document and give its key; a purpose may go on over several lines."""
    key, separator, value = (part.strip() for part in line.partition("="))
    if separator:
        document.values.setdefault(key, value)
        document.lines.setdefault(key, number)
        return key
    if line.strip() and not last_key.startswith(_PURPOSE):
        raise at_line(number, "ожидалось «Поле=значение».")
    # A huge run of such lines must not take quadratic time: the longest purpose is cut anyway.
    if line.strip() and len(document.values[last_key]) < _LONGEST_PURPOSE:
        document.values[last_key] += " " + line.strip()
    return last_key


def _is_incoming(document: _Document, own: set[str]) -> bool:
    """Whether the money came from outside: a transfer between the company's own accounts is no payment."""
    receivers = {document.get("ПолучательСчет"), document.get("ПолучательРасчСчет")}
    payers = {document.get("ПлательщикСчет"), document.get("ПлательщикРасчСчет")}
    return bool(receivers & own) and not payers & own


def _payment(document: _Document, today: date) -> IncomingPayment:
    dated, received = _day(document, "Дата", today), document.get("ДатаПоступило")
    payment = IncomingPayment(
        identity="",
        number=_shown(document.get("Номер"), _LONGEST_NUMBER),
        dated=dated,
        received_on=_day(document, "ДатаПоступило", today) if received else dated,
        received_is_stated=bool(received),
        kopecks=kopecks(document.get("Сумма"), document.where("Сумма")),
        account=_shown(document.get("ПолучательСчет", "ПолучательРасчСчет"), _LONGEST_NUMBER),
        payer=_shown(document.get("Плательщик1", "Плательщик"), _LONGEST_NAME),
        payer_inn=_inn(document.get("ПлательщикИНН")),
        payer_account=_shown(document.get("ПлательщикСчет", "ПлательщикРасчСчет"), _LONGEST_NUMBER),
        purpose=_purpose(document),
        line=document.line,
    )
    return replace(payment, identity=_identity(payment))


def _day(document: _Document, name: str, today: date) -> date:
    return day(document.get(name), name, document.where(name), today=today)


def _purpose(document: _Document) -> str:
    """The purpose as one line; some banks give it whole, some only in numbered parts."""
    whole = document.get(_PURPOSE)
    parts = (document.get(f"{_PURPOSE}{number}") for number in range(1, 7))
    return _shown(whole or " ".join(parts), _LONGEST_PURPOSE)


def _shown(value: str, longest: int) -> str:
    """A value that can be stored and shown: one line, nothing invisible, cut to the longest."""
    return one_line(without_control(without_invisible(value[: 2 * longest])))[:longest].rstrip()


def _inn(value: str) -> str:
    """The payer's ИНН, or nothing: for people banks write zeros or leave it out."""
    is_inn = value.isascii() and value.isdecimal() and len(value) in (10, 12) and value.strip("0")
    return value if is_inn else ""


def _identity(payment: IncomingPayment) -> str:
    """A hash of what a bank never changes in a payment between two exports.

    The purpose goes in as letters and digits alone: its spaces and line ends differ from export to export. The
    day of receipt stays out: it may be missing in an export of the same morning.
    """
    purpose = "".join(filter(str.isalnum, payment.purpose)).casefold()
    facts = (
        payment.account,
        payment.number.lstrip("0"),
        payment.dated.isoformat(),
        str(payment.kopecks),
        payment.payer_account,
        payment.payer_inn,
        purpose,
    )
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()


def _numbered(payments: list[IncomingPayment]) -> list[IncomingPayment]:
    """The payments, where the second, third… of several that agree in everything gets an identity of its own."""
    met: dict[str, int] = {}
    numbered = []
    for payment in payments:
        met[payment.identity] = count = met.get(payment.identity, 0) + 1
        numbered.append(payment if count == 1 else replace(payment, identity=f"{payment.identity}-{count}"))
    return numbered
