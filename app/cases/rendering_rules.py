"""What may be printed, how often that is tried, and how the office reads what became of it. Pure.

The limits keep one document from holding up all others: WeasyPrint takes seconds for a table of thousands of rows and
for a cell that spans thousands of columns.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from app.errors import InvalidValue

#: Characters of one value, of the company's own text with its values, and of the page that is made of them.
LONGEST_TEXT = 20_000
LONGEST_BODY = 300_000
LONGEST_PAGE = 1_000_000
#: Rows of all tables of a document, and lines of one list of values.
MOST_ROWS = 500
WIDEST_SPAN = 50
#: A try that was cut off is repeated so many times: what cuts it off may be the document itself.
MOST_TRIES = 4
PAUSES = (timedelta(0), timedelta(seconds=10), timedelta(minutes=1))
#: While the programs for printing are not installed a document waits so long between tries, which are not counted.
PAUSE_WITHOUT_PRINTER = timedelta(minutes=1)

CUT_OFF = "Печать прервалась."
GIVEN_UP = "Печать прерывалась несколько раз подряд. Попробуйте еще раз."
NO_LAYOUT = "Форма документа не собралась: в ней не хватает данных. Сообщите администратору сайта."
DISK = "Готовый файл не записался на диск сервера. Сайт попробует еще раз."

_ROW = re.compile(r"<tr[\s/>]", re.IGNORECASE)
_SPAN = re.compile(r"<t[dh]\b[^>]*?\b(?:col|row)span\s*=\s*[\"']?\s*([0-9]+)", re.IGNORECASE)

#: state: how the office reads it, and the tone of its badge (docs/design.md). Dropped ones are shown to nobody.
STATE_WORDS: Mapping[str, tuple[str, str]] = {
    "new": ("Готовится", "co"),
    "making": ("Готовится", "co"),
    "retry": ("Готовится, еще одна попытка", "co"),
    "done": ("Готов", "ok"),
    "failed": ("Не удалось сделать", "bad"),
}


def check_data(data: Mapping[str, Any]) -> None:
    """Whether the values of a document can be printed; raises InvalidValue with a sentence for the office."""
    rows = 0
    for name, value in _values(data):
        if isinstance(value, str):
            longest = LONGEST_BODY if name == "body" else LONGEST_TEXT
            if len(value) > longest:
                raise InvalidValue(_long_text(longest, name == "body"))
        else:
            rows = max(rows, len(value))
    if rows > MOST_ROWS:
        raise InvalidValue(f"В документе помещается {MOST_ROWS} строк таблицы, сейчас их {rows}.")


def check_page(html: str) -> None:
    """Whether a page can be printed in reasonable time; raises InvalidValue with a sentence for the office."""
    if len(html) > LONGEST_PAGE:
        raise InvalidValue("Документ слишком длинный. Сократите его тексты и таблицы.")
    rows = len(_ROW.findall(html))
    if rows > MOST_ROWS:
        raise InvalidValue(f"В документе помещается {MOST_ROWS} строк таблицы, сейчас их {rows}.")
    if any(len(span) > 4 or int(span) > WIDEST_SPAN for span in _SPAN.findall(html)):
        raise InvalidValue(f"Ячейка таблицы может занимать не больше {WIDEST_SPAN} соседних ячеек.")


def is_given_up(tries: int) -> bool:
    """Whether a document has been cut off so often that a person has to look at it."""
    return tries >= MOST_TRIES


def pause_after(tries: int) -> timedelta:
    """How long to wait after try number `tries` (from 1) was cut off."""
    return PAUSES[min(tries, len(PAUSES)) - 1]


def _long_text(longest: int, whole: bool) -> str:
    words = "Текст документа" if whole else "Одно из значений документа"
    return f"{words} длиннее {longest:,} знаков. Сократите его.".replace(",", "\N{NO-BREAK SPACE}")


def _values(value: Any, name: str = "") -> Iterator[tuple[str, str | list[Any]]]:
    """Every text and every list of nested values, each with its name; lists count as rows."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from _values(one, key)
    elif isinstance(value, list | tuple):
        yield name, list(value)
        for one in value:
            yield from _values(one)
