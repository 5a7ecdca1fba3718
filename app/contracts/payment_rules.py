"""When money may be counted for an invoice, and what is told about it. Pure: sums are whole kopecks, days the company's."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from app.accounts.identity_papers import parse_date
from app.cases.message_text import clean_line, clean_text
from app.characters import one_line, without_control, without_invisible
from app.connections.refusals import collected
from app.contracts.invoice_rules import covered_on
from app.contracts.money import format_money, parse_money
from app.errors import InvalidForm, InvalidValue

LONGEST_DOCUMENT = 200
LONGEST_PAYER = 300
LONGEST_NOTE = 1000

#: Names of fields, as the forms of the pages have them.
TOTAL, DAY, OVER, RETURNED = "total", "received_on", "over", "returned_on"
#: No money of a cabinet that exists is older.
_EARLIEST = date(2020, 1, 1)
NOTE_FIRST = "Напишите, что известно об этих деньгах: по записи их будут искать."


@dataclass(frozen=True, slots=True)
class Money:
    """Money that came: how much, on which day, by which document, from whom; `source` is hand | statement."""

    total: int
    received_on: date
    document: str = ""
    payer: str = ""
    source: str = "hand"
    note: str = ""


def read_day(text: str, *, today: date, label: str = "День") -> date:
    """A typed day not after today; raises InvalidValue."""
    if not text.strip():
        raise InvalidValue(f"{label}: укажите день, например {today:%d.%m.%Y}.")
    return parse_date(text, earliest=_EARLIEST, latest=today, label=label, example=today)


def read_money(typed: Mapping[str, str], *, today: date, note_needed: bool = False) -> Money:
    """Money as staff typed it: `total`, `received_on`, `document`, `payer`, `note`.

    Raises one InvalidForm with all that is wrong in them.
    """
    errors: dict[str, list[str]] = {}
    total, day, document, payer, note = 0, today, "", "", ""
    with collected(errors, TOTAL):
        total = parse_money(typed.get(TOTAL, ""))
    with collected(errors, DAY):
        day = read_day(typed.get(DAY, ""), today=today, label="День, когда пришли деньги")
    with collected(errors, "document"):
        document = clean_line(
            typed.get("document", ""), max_length=LONGEST_DOCUMENT, label="Документ", required=False
        )
    with collected(errors, "payer"):
        payer = clean_line(
            typed.get("payer", ""), max_length=LONGEST_PAYER, label="Плательщик", required=False
        )
    with collected(errors, "note"):
        note = read_note(typed.get("note", ""), required=note_needed)
    if errors:
        raise InvalidForm(errors)
    return Money(total, day, document, payer, note=note)


def read_return(typed: Mapping[str, str], *, today: date) -> tuple[date, str]:
    """On which day and by which document money was sent back, as staff typed it: `returned_on`, `document`.

    Raises one InvalidForm with all that is wrong in them.
    """
    errors: dict[str, list[str]] = {}
    day, document = today, ""
    with collected(errors, RETURNED):
        day = read_day(typed.get(RETURNED, ""), today=today, label="День возврата")
    with collected(errors, "document"):
        document = clean_line(
            typed.get("document", ""), max_length=LONGEST_DOCUMENT, label="Документ", required=True
        )
    if errors:
        raise InvalidForm(errors)
    return day, document


def read_note(text: str, *, required: bool = True) -> str:
    """What is known of money without an invoice; raises InvalidValue."""
    return clean_text(text, max_length=LONGEST_NOTE, label="Запись", required=required, blank=NOTE_FIRST)


def bare_invoice_number(text: str) -> str:
    """A number as staff type it: without «№» and spaces around."""
    return without_control(one_line(without_invisible(text.replace("№", ""))))[:40].strip()


def no_such(number: str) -> str:
    """That no invoice takes money under this number."""
    typed = bare_invoice_number(number)
    return (
        f"Счета № {typed}, по которому ждут деньги, нет. Проверьте номер."
        if typed
        else "Укажите номер счета."
    )


def day_refusal(day: date, *, today: date, issued_on: date | None = None) -> str:
    """Why money cannot have come on a day; empty when it can: not in the future, not before its invoice.

    Asked of what is typed, of what is counted, and of what is proposed for a line of a statement.
    """
    if day > today:
        return f"Этот день еще не наступил, сегодня {today:%d.%m.%Y}. Проверьте день, когда пришли деньги."
    if issued_on and day < issued_on:
        return (
            f"Счет выставлен {issued_on:%d.%m.%Y}: деньги по нему не могли прийти раньше. "
            "Проверьте день и счет."
        )
    return ""


def over_refusal(total: int, left: int) -> str:
    """What is asked before more than the rest of an invoice is counted for it; empty when it is not more."""
    if total <= left:
        return ""
    rest = f"осталось оплатить {format_money(left)}" if left else "счет уже оплачен полностью"
    return (
        f"По счету {rest}, а пришло {format_money(total)}: больше на {format_money(total - left)}. "
        "Проверьте сумму и счет. Если это действительно переплата, отметьте это ниже."
    )


def concludes(mode: str | None, status: str, part: int, covered: bool) -> bool:
    """Whether this money makes the contract: mode A, the first part has come whole, and it is waited for.

    Source: the Rules of technological connection (No. 861), section X: the contract counts as made on the day of
    payment.
    """
    return mode == "A" and status == "awaiting_payment" and part == 1 and covered


def holds_contract(
    concluded_on: date | None, mode: str | None, part: int, total: int, others: Iterable[tuple[date, int]]
) -> bool:
    """Whether the contract stands on this money: without it (`others` are the rest) its day would be another or none."""
    if mode != "A" or part != 1 or concluded_on is None:
        return False
    return covered_on(total, others) != concluded_on


def sum_words(kopecks: int) -> str:
    """The sum for a letter or a sentence; nothing for no money."""
    return format_money(kopecks) if kopecks else ""
