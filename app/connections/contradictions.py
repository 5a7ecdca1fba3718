"""Answers that do not go together: told to the applicant and to the staff in plain words, and never refused.

A real object may be an exception, and the company decides about it, so a contradiction keeps nobody from
sending.
"""

from collections.abc import Callable
from dataclasses import dataclass

from app.connections.answers import live_answers
from app.connections.facts import qualification_in, total_watts
from app.connections.fields import Answers, Context
from app.connections.form_rules import came_by_form, told_band
from app.connections.power import BAND_LABELS, band, format_kilowatts
from app.connections.qualification import asked_clause
from app.connections.questions_form import BRIEF
from app.connections.stages import stages_in

#: From this power on, price categories 1 and 2 are not offered (Government decree No. 442).
_HOURLY_PRICES_FROM_WATTS = 670_000


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two answers that do not go together: where to look, and what is strange."""

    topic: str
    field: str
    sentence: str


def contradictions(answers: Answers, context: Context) -> list[Contradiction]:
    """All contradictions between the answers that count, in the order of the questions."""
    live = live_answers(answers, context)
    found = [
        Contradiction(BRIEF.code if told_band(live) else topic, field, sentence)
        for topic, field, look in _CHECKS
        if (sentence := look(live, context)) is not None
    ]
    return found + _not_as_chosen(answers, live)


def _not_as_chosen(answers: Answers, live: Answers) -> list[Contradiction]:
    """Of an application by form: the power that the company has read in the form against the band that was chosen."""
    total, chosen = total_watts(live), told_band(answers)
    if not came_by_form(answers) or total is None or chosen is None or band(total) == chosen:
        return []
    sentence = (
        f"Заявитель выбрал мощность {BAND_LABELS[chosen]}, а по форме заявки она {format_kilowatts(total)}."
    )
    return [Contradiction("params", "power_new", sentence)]


def _number_and_none(answers: Answers, context: Context) -> str | None:
    if answers.get("cadastral_absent") and answers.get("cadastral_numbers"):
        return "Указан кадастровый номер и отмечено, что номера пока нет."
    return None


def _temporary_reason(answers: Answers, context: Context) -> str | None:
    if answers.get("reason") == "temporary" and answers.get("connection_type") == "permanent":
        return "Причина — временное присоединение, а тип присоединения выбран постоянный."
    return None


def _new_object_with_power(answers: Answers, context: Context) -> str | None:
    if answers.get("reason") == "new_construction" and answers.get("power_existing"):
        return "Причина — новое строительство, но указана ранее присоединенная мощность."
    return None


def _more_of_nothing(answers: Answers, context: Context) -> str | None:
    if answers.get("reason") != "more_power":
        return None
    if answers.get("power_existing") == 0:
        return "Причина — увеличение мощности, но ранее присоединенной мощности нет."
    if answers.get("power_new") == 0:
        return "Причина — увеличение мощности, но требуемая мощность равна нулю."
    return None


def _stage_over_total(answers: Answers, context: Context) -> str | None:
    total = total_watts(answers)
    powers = [row["power"] for row in stages_in(answers, context) if "power" in row]
    if total is not None and powers and max(powers) > total:
        return f"Мощность одного из этапов больше общей, которая равна {format_kilowatts(total)}."
    return None


def _sources_and_category(answers: Answers, context: Context) -> str | None:
    category, sources = answers.get("reliability"), answers.get("sources")
    if sources == "one" and category in ("1", "2"):
        return "Для первой и второй категории надежности нужны два источника питания, а указан один."
    if sources == "two" and category == "3":
        return "Третьей категории надежности хватает одного источника питания, а указано два."
    return None


def _denied_or_claimed(answers: Answers, context: Context) -> str | None:
    qualification, given = qualification_in(answers, context), answers.get("rule_fits")
    clause = asked_clause(context.legal_form)
    if qualification is None or given is None or qualification.fits == (given == "yes"):
        return None
    if given == "no" and told_band(answers):
        return None  # what stands in the way is in the form
    if given == "yes":
        why = " ".join(qualification.reasons)
        return f"Отмечено «соответствует», но по ответам анкеты заявка не соответствует {clause}. {why}"
    return (
        f"Отмечено «не соответствует», но по ответам анкеты заявка соответствует {clause}. "
        "Если оставить так, договор нужно будет подписать."
    )


def _monthly_prices_for_large(answers: Answers, context: Context) -> str | None:
    total = total_watts(answers)
    if total is None or total < _HOURLY_PRICES_FROM_WATTS:
        return None
    if answers.get("price_category") in ("1", "2"):
        return "При мощности от 670 кВт доступны ценовые категории с третьей по шестую."
    return None


_CHECKS: tuple[tuple[str, str, Callable[[Answers, Context], str | None]], ...] = (
    ("object", "cadastral_absent", _number_and_none),
    ("object", "reason", _temporary_reason),
    ("params", "power_existing", _new_object_with_power),
    ("params", "power_new", _more_of_nothing),
    ("stages", "stages", _stage_over_total),
    ("rule", "sources", _sources_and_category),
    ("rule", "rule_fits", _denied_or_claimed),
    ("supplier", "price_category", _monthly_prices_for_large),
)
