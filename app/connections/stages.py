"""Rows of the question «Сроки и этапы»: reading them, what is missing in them, how they are shown.

A row is a mapping with the parts that were filled: `name`, `design` and `commissioning` (months as
«2027-03»), `power` in watts, `category` («1»…«3»). A form sends each part as a list under
`stage_<part>`, one item for each row.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import zip_longest
from typing import Any

from app.cases.message_text import clean_line
from app.connections.facts import total_watts
from app.connections.fields import BUSINESS, Answers, Context
from app.connections.months import format_month, month_code, month_of, parse_month
from app.connections.power import format_kilowatts, parse_kilowatts
from app.connections.spans import from_this_month, has_passed, lately_or_ahead
from app.errors import InvalidValue

Row = Mapping[str, Any]

MOST_STAGES = 10
PARTS = ("name", "design", "commissioning", "power", "category")
CATEGORY_WORDS = {"1": "первая", "2": "вторая", "3": "третья"}
_PART_WORDS = {
    "name": "название этапа",
    "design": "срок проектирования",
    "commissioning": "срок ввода",
    "power": "мощность",
    "category": "категорию надежности",
}


def part_name(part: str) -> str:
    """The name of the form's input for one part of a row."""
    return f"stage_{part}"


def read_stages(raw: Mapping[str, Sequence[str]], today: date) -> tuple[list[dict[str, Any]], list[str]]:
    """The rows that were filled at least in part, and the sentences about what is wrong in them."""
    columns = [raw.get(part_name(part), ()) for part in PARTS]
    typed = [row for row in zip_longest(*columns, fillvalue="") if any(text.strip() for text in row[:-1])]
    if len(typed) > MOST_STAGES:
        return [], [f"Этапы: не больше {MOST_STAGES} строк, у вас {len(typed)}. Объедините этапы."]
    rows, errors = [], []
    for number, texts in enumerate(typed, start=1):
        row, wrong = _read_row(dict(zip(PARTS, texts, strict=True)), today)
        rows.append(row)
        errors += [f"Этап {number}. {sentence}" for sentence in wrong]
    return rows, errors


def typed_stages(rows: Sequence[Row]) -> dict[str, list[str]]:
    """Kept rows as a form shows them: the reverse of `read_stages`."""
    return {part_name(part): [_typed(part, row.get(part)) for row in rows] for part in PARTS}


def stage_gaps(rows: Sequence[Row], today: date) -> Iterator[str]:
    """Sentences about parts that are missing or do not go together; a lone stage needs no name."""
    for number, row in enumerate(rows, start=1):
        needed = PARTS if len(rows) > 1 else PARTS[1:]
        missing = [_PART_WORDS[part] for part in needed if part not in row]
        if missing:
            yield f"Этап {number}: укажите {_and(missing)}"
        yield from (f"Этап {number}: {sentence}" for sentence in _term_gaps(row, today))


def term_gap(design: str | None, commissioning: str | None) -> str | None:
    """The sentence about terms in the wrong order, or None."""
    if design and commissioning and commissioning < design:
        return "срок ввода раньше срока проектирования, исправьте один из них"
    return None


def show_stages(rows: Sequence[Row]) -> str:
    """All rows in words, one on a line."""
    return "\n".join(_show(number, row) for number, row in enumerate(rows, start=1))


def stages_in(answers: Answers, context: Context) -> tuple[Row, ...]:
    """The rows of any applicant; an individual has one, made of the terms, the total power and the
    category.
    """
    if context.legal_form in BUSINESS:
        return tuple(answers.get("stages", ()))
    row = {
        "design": answers.get("design_month"),
        "commissioning": answers.get("commissioning_month"),
        "power": total_watts(answers),
        "category": answers.get("reliability"),
    }
    if row["design"] is None and row["commissioning"] is None:
        return ()
    return ({part: value for part, value in row.items() if value is not None},)


def _read_row(texts: Mapping[str, str], today: date) -> tuple[dict[str, Any], list[str]]:
    row: dict[str, Any] = {}
    wrong: list[str] = []
    for part, text in texts.items():
        if not text.strip():
            continue
        try:
            row[part] = _read_part(part, text, today)
        except InvalidValue as error:
            wrong.append(error.message)
    return row, wrong


def _read_part(part: str, text: str, today: date) -> str | int:
    if part == "name":
        return clean_line(text, label="Название этапа")
    if part == "design":
        return month_code(parse_month(text, span=lately_or_ahead(today), label="Срок проектирования"))
    if part == "commissioning":
        return month_code(parse_month(text, span=from_this_month(today), label="Срок ввода"))
    if part == "power":
        return parse_kilowatts(text)
    if text not in CATEGORY_WORDS:
        raise InvalidValue("Категория надежности: выберите один из вариантов.")
    return text


def _typed(part: str, value: Any) -> str:
    if value is None:
        return ""
    if part in ("design", "commissioning"):
        return format_month(value)
    return format_kilowatts(value).removesuffix(" кВт") if part == "power" else str(value)


def _term_gaps(row: Row, today: date) -> Iterator[str]:
    wrong_order = term_gap(row.get("design"), row.get("commissioning"))
    if wrong_order:
        yield wrong_order
    commissioning = row.get("commissioning")
    if commissioning and has_passed(month_of(commissioning), from_this_month(today)):
        yield "срок ввода уже прошел, укажите новый"


def _show(number: int, row: Row) -> str:
    parts = [
        f"проектирование {format_month(row['design'])}" if "design" in row else "",
        f"ввод {format_month(row['commissioning'])}" if "commissioning" in row else "",
        format_kilowatts(row["power"]) if "power" in row else "",
        f"{CATEGORY_WORDS[row['category']]} категория" if "category" in row else "",
    ]
    name = f" «{row['name']}»" if "name" in row else ""
    return f"Этап {number}{name}: " + ", ".join(filter(None, parts))


def _and(words: list[str]) -> str:
    return " и ".join(filter(None, (", ".join(words[:-1]), words[-1])))
