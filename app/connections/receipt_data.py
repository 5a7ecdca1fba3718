"""The receipt of a filing as plain values: what came, from whom, when, with which files. Pure.

It is made from the snapshot of that sending, so it tells what was sent, whatever happens to the case afterwards.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from app.company.wording import moment_words
from app.connections.fields import Answers, Context
from app.connections.form_rules import came_by_form
from app.connections.summary import NOT_TOLD, summary

TITLE = "Расписка о приеме заявки"
FIXES_TITLE = "Расписка о приеме исправлений"
#: The digits of a hash in one group: so two people can compare it aloud.
GROUP = 8
#: The answers that say what is asked for; the rest stands in the questionnaire.
_MAIN = (
    "power_band",
    "connection_type",
    "object_name",
    "place",
    "cadastral_numbers",
    "power_new",
    "power_existing",
    "reliability",
    "rule_fits",
    "supplier",
)
_UNITS = ((1024 * 1024, "МБ"), (1024, "КБ"))


def receipt(
    *,
    fixes: bool,
    company: str,
    company_address: str,
    number: int,
    registered: str,
    applicant: Mapping[str, Any],
    numbers: Sequence[tuple[str, str]],
    at: datetime,
    zone: str,
    zone_label: str,
    brief: Iterable[tuple[str, str]],
    files: Iterable[Mapping[str, Any]],
    snapshot: int,
) -> dict[str, Any]:
    """The whole receipt; `files` are those of the snapshot, `brief` are the main answers as (label, words)."""
    listed = [_file(place, one) for place, one in enumerate(files, start=1)]
    return {
        "title": FIXES_TITLE if fixes else TITLE,
        "what": "исправления к заявке" if fixes else "заявку",
        "company": company,
        "company_address": company_address,
        "number": number,
        "registered": registered,
        "applicant": str(applicant["name"]),
        "numbers": [list(one) for one in numbers],
        "sent_by": str(applicant["sent_by_name"]),
        "when": moment_words(at, zone, zone_label),
        "brief": [list(one) for one in brief],
        "files": listed,
        "count": len(listed),
        "snapshot": snapshot,
    }


def _file(place: int, one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "place": place,
        "title": str(one["title"]),
        "name": str(one["name"]),
        "size": size_words(int(one["size"])),
        "sha256": grouped_hash(str(one["sha256"])),
    }


def grouped_hash(digits: str) -> str:
    """A hash in groups that people can read and compare."""
    return " ".join(digits[start : start + GROUP] for start in range(0, len(digits), GROUP))


def size_words(size: int) -> str:
    """A size in bytes exactly, with a rounded one before it when it is large."""
    exact = f"{size:,} байт".replace(",", "\u00a0")
    for unit, word in _UNITS:
        if size >= unit:
            return f"{size / unit:.1f}\u00a0{word} ({exact})".replace(".", ",")
    return exact


def brief_of(answers: Answers, context: Context) -> list[tuple[str, str]]:
    """The main answers in words, and by which road the application was filled."""
    how = "форма заявки в файле" if came_by_form(answers) else "анкета в личном кабинете"
    rows = {
        row.field.code: (row.label, row.value)
        for _, topic_rows in reversed(summary(answers, context))
        for row in reversed(topic_rows)
        if row.value != NOT_TOLD
    }
    return [("Как заполнена заявка", how), *(rows[code] for code in _MAIN if code in rows)]
