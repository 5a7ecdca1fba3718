"""Answers in words: for the check page, the page of the case, letters and cards.

Everything here takes stored answers and looks only at those that count.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from app.cases.lifecycle import Mode
from app.company.categories import CLAUSE_12_1, CLAUSE_14, Category
from app.connections.answers import is_answered, live_answers, standing, waits_for_a_choice
from app.connections.facts import band_in, category_in, mode_in, qualification_in, total_watts
from app.connections.fields import NO_SUPPLIER, Answers, Context, Field, Topic
from app.connections.months import format_month
from app.connections.power import BAND_LABELS, band, format_kilowatts
from app.connections.qualification import Qualification, asked_clause
from app.connections.questionnaire import ASKED_TOPICS, FIELD
from app.connections.stages import show_stages

NOT_TOLD = "Не указано"
SUPPLIER_NOT_PLANNED = "Не планируется"
TOTAL_POWER_LABEL = "Максимальная мощность (с учетом ранее присоединенных энергопринимающих устройств)"


class SummaryRow(NamedTuple):
    """One line of a summary; `field` is the question that «Изменить» leads to."""

    label: str
    value: str
    field: Field


@dataclass(frozen=True, slots=True)
class Card:
    """What lists and columns keep of an application. `supplier_id` is None when none is planned or told."""

    facts: str
    place: str
    cadastral: str
    watts: int | None
    mode: Mode | None
    supplier_id: int | None


def display(field: Field, value: Any, context: Context) -> str:
    """One stored answer in words; an answer that was not given is «Не указано»."""
    if value is None or value in ("", []):
        return NOT_TOLD
    show = _SHOWN.get(field.kind)
    return str(value) if show is None else show(field, value, context)


def summary(answers: Answers, context: Context) -> list[tuple[Topic, list[SummaryRow]]]:
    """All topics that ask this applicant something, with the answers in words, in the order of the
    questions.
    """
    now = standing(answers, context)
    rows: dict[str, list[SummaryRow]] = {topic.code: [] for topic in ASKED_TOPICS}
    for field in now.fields:
        if waits_for_a_choice(field, now.answers) and not is_answered(now.answers, field.code):
            continue
        if field.kind == "flag" and not now.answers.get(field.code):
            continue
        value = display(field, now.answers.get(field.code), context)
        rows[field.topic].append(SummaryRow(field.listed_as(context), value, field))
        if field.code == "power_existing":
            rows[field.topic].append(_total_row(now.answers))
    return [(topic, rows[topic.code]) for topic in ASKED_TOPICS if rows[topic.code]]


def qualification_of(answers: Answers, context: Context) -> Qualification | None:
    """The computed clause and mode, with reasons; None while an answer that it needs is missing."""
    return qualification_in(live_answers(answers, context), context)


def mode_of(answers: Answers, context: Context) -> Mode | None:
    """The mode with which the application goes on: A needs both the answers and the applicant's consent."""
    return mode_in(live_answers(answers, context), context)


def category_of(answers: Answers, context: Context) -> Category | None:
    """The category with which the application goes on; None while an answer that it needs is missing."""
    return category_in(live_answers(answers, context), context)


def facts_line(answers: Answers, context: Context) -> list[str]:
    """The facts under a title: «≤15 кВт», «постоянная схема», «соответствует п. 14 Правил»; what is
    known of them.
    """
    live = live_answers(answers, context)
    power, category = band_in(live), category_in(live, context)
    facts = []
    if power and total_watts(live) != 0:
        facts.append(BAND_LABELS[power])
    if "connection_type" in live:
        permanent = live["connection_type"] == "permanent"
        facts.append("постоянная схема" if permanent else "временная схема")
    if category is not None:
        facts.append(clause_fact(category, context))
    return facts


def clause_fact(category: Category, context: Context) -> str:
    """«соответствует п. 14 Правил», or that the application does not meet the clause that was asked about."""
    if category.mode == "A" or category.code in (CLAUSE_14, CLAUSE_12_1):
        return f"соответствует {category.clause} Правил"
    return f"не соответствует {asked_clause(context.legal_form)} Правил"


def title_place(answers: Answers) -> str:
    """Where the object is, for cards and titles; an empty text while it is not told."""
    return str(answers.get("place", ""))


def card_of(answers: Answers, context: Context) -> Card:
    """What lists show and columns keep, from the answers that count."""
    live = live_answers(answers, context)
    supplier = live.get("supplier", NO_SUPPLIER)
    known = supplier in context.supplier_options
    return Card(
        facts=" · ".join(facts_line(answers, context)),
        place=title_place(live),
        cadastral=", ".join(live.get("cadastral_numbers", ())),
        watts=total_watts(live),
        mode=mode_in(live, context),
        supplier_id=supplier if known else None,
    )


def _total_row(answers: Answers) -> SummaryRow:
    total = total_watts(answers)
    words = NOT_TOLD if total is None else f"{format_kilowatts(total)} ({BAND_LABELS[band(total)]})"
    return SummaryRow(TOTAL_POWER_LABEL, words, FIELD["power_new"])


def _show_supplier(field: Field, value: Any, context: Context) -> str:
    if value == NO_SUPPLIER:
        return SUPPLIER_NOT_PLANNED
    return context.supplier_options.get(value, "Поставщика больше нет в списке")


_SHOWN: Mapping[str, Callable[[Field, Any, Context], str]] = {
    "choice": lambda field, value, _: field.choice_label(value),
    "flag": lambda _, value, __: "да" if value else "нет",
    "power": lambda _, value, __: format_kilowatts(value),
    "date": lambda _, value, __: f"{date.fromisoformat(value):%d.%m.%Y}",
    "month": lambda _, value, __: format_month(value),
    "cadastral": lambda _, value, __: ", ".join(value),
    "stages": lambda _, value, __: show_stages(value),
    "supplier": _show_supplier,
}
