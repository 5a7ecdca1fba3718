"""The company's form of an application as plain values, filled with the answers that there are: for DOCX and for PDF. Pure.

A row is a mapping: `label`, `hint`, and one of `value` (a text; `lines` to write on when it is empty), `choices` (pairs
of a label and whether it is ticked) or `rows` under `head`. Unlike a summary it holds every question that may count, so
that it can be printed and filled by hand.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from app.cases.policy import DRAFT
from app.connections.answers import standing_in_full
from app.connections.checklist import Item
from app.connections.facts import band_in
from app.connections.fields import NO_SUPPLIER, Answers, Context, Field
from app.connections.form_rules import told_band
from app.connections.months import format_month
from app.connections.power import format_kilowatts
from app.connections.questionnaire import TOPICS
from app.connections.questions_form import POWER_BAND
from app.connections.stages import CATEGORY_WORDS
from app.connections.summary import SUPPLIER_NOT_PLANNED, display

TITLE = "Заявка на технологическое присоединение (в том числе временное)"
#: Rows to write on where nothing was told.
_LINES: Mapping[str, int] = MappingProxyType({"lines": 4})
#: Rows of stages on an empty form.
_STAGES = 3
_STAGE_HEAD = ("Этап", "Срок проектирования", "Срок ввода", "Мощность, кВт", "Категория надежности")
_BY_HAND = (
    "Форма заполнена по ответам в личном кабинете. Пустые места можно заполнить на компьютере или от руки, нужный "
    "вариант отметьте знаком «☒» или «✓». Затем подпишите форму и загрузите ее в личный кабинет как документ «Заявка»."
)


@dataclass(frozen=True, slots=True)
class Filer:
    """Who files: name, legal form in words, and their numbers as pairs of a label and a value."""

    name: str
    legal_form: str
    numbers: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Receiver:
    """The grid company to which the form is addressed."""

    name: str
    address: str


def form_of(
    answers: Answers,
    context: Context,
    *,
    filer: Filer,
    receiver: Receiver,
    number: int,
    status: str,
    papers: Iterable[Item],
    present: Set[str],
    responsibility: str,
) -> dict[str, Any]:
    """The whole form; `papers` is the checklist, `present` the kinds of which a file is there."""
    return {
        "title": TITLE,
        "to": [receiver.name, receiver.address],
        "number": f"{'Черновик' if status == DRAFT else 'Заявка'} № {number} в личном кабинете",
        "hint": _BY_HAND,
        "sections": [_filer(filer), *_topics(answers, context)],
        "papers": [[item.kind.full, item.kind.code in present] for item in papers if item.required],
        "responsibility": responsibility,
        "signer": filer.name,
    }


def _filer(filer: Filer) -> dict[str, Any]:
    rows = [_text("Заявитель", filer.name), _text("Правовая форма", filer.legal_form)]
    return {
        "title": "От чьего имени подается заявка",
        "rows": rows + [_text(label, value) for label, value in filer.numbers],
    }


def _topics(answers: Answers, context: Context) -> list[dict[str, Any]]:
    now = standing_in_full(answers, context)
    rows: dict[str, list[dict[str, Any]]] = {topic.code: [] for topic in TOPICS}
    for field in now.fields:
        rows[field.topic].append(_row(field, now.answers.get(field.code), context))
        if field.code == "power_existing":
            chosen = band_in(now.answers) or told_band(answers)
            rows[field.topic].append(_row(POWER_BAND, chosen, context))
    return [{"title": topic.title, "rows": rows[topic.code]} for topic in TOPICS if rows[topic.code]]


def _row(field: Field, value: Any, context: Context) -> dict[str, Any]:
    label, hint = field.label_for(context), _hint(field)
    if field.kind == "stages":
        return {"label": label, "hint": "", "head": list(_STAGE_HEAD), "rows": _stages(value or ())}
    if field.kind == "flag":
        return _choice("", "", [[label, bool(value)]])
    if field.kind == "choice":
        return _choice(label, hint, [[choice.label, choice.code == value] for choice in field.choices])
    if field.kind == "supplier":
        offered = [[name, code == value] for code, name in context.supplier_options.items()]
        return _choice(label, hint, [*offered, [SUPPLIER_NOT_PLANNED, value == NO_SUPPLIER]])
    told = "" if value in (None, "", []) else display(field, value, context)
    return _text(label, told, hint, _LINES.get(field.kind, 1))


def _hint(field: Field) -> str:
    """What helps on paper; what is said of the page alone is left out."""
    return "" if field.kind == "lines" else field.hint


def _text(label: str, value: str, hint: str = "", lines: int = 1) -> dict[str, Any]:
    return {"label": label, "hint": "" if value else hint, "value": value, "lines": 0 if value else lines}


def _choice(label: str, hint: str, choices: list[list[Any]]) -> dict[str, Any]:
    ticked = any(chosen for _, chosen in choices)
    return {"label": label, "hint": "" if ticked else hint, "choices": choices}


def _stages(stages: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    filled = [
        [
            str(stage.get("name", number)),
            format_month(stage["design"]) if "design" in stage else "",
            format_month(stage["commissioning"]) if "commissioning" in stage else "",
            format_kilowatts(stage["power"]).removesuffix(" кВт") if "power" in stage else "",
            CATEGORY_WORDS.get(stage.get("category", ""), ""),
        ]
        for number, stage in enumerate(stages, start=1)
    ]
    return filled + [[""] * len(_STAGE_HEAD)] * max(0, _STAGES - len(filled))
