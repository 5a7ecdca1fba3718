"""What an application by form tells in figures, and what the company has to enter of the form before it goes on.

Pure. On this road the band of power and the applicant's own word about clause 14 or 12(1) stand for the figures, which
are in the uploaded form; the company looks at them there and may decide otherwise.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import cast

from app.cases.policy import Party
from app.connections.fields import BUSINESS, Answers, Context
from app.connections.lifecycle import CHECKING, REGISTERED, SUBMITTED
from app.connections.power import BAND_LABELS, Band
from app.connections.qualification import Facts, asked_clause
from app.errors import InvalidValue

#: Beside the answers: by which road the application goes. Absent: the questionnaire is filled here.
ROAD = "road"
#: The applicant fills the company's form in a file and uploads it.
BY_FORM = "form"
#: What the choice of the road sends for the questionnaire; it is kept as no road at all.
HERE = "here"
#: So it came, and the company has entered what the form says: the whole questionnaire stands.
FORM_ENTERED = "form_entered"

#: While the company looks at an application that came by form, it enters what the form says.
FACTS_OPEN = frozenset({SUBMITTED, REGISTERED, CHECKING})

#: The most of each band in watts: what stands for a power that only the form tells.
_WATTS: Mapping[Band, int] = MappingProxyType({"upto15": 15_000, "upto150": 150_000, "over150": 150_010})
_FOR_LAW: Mapping[str, Band] = MappingProxyType({"individual": "upto15"})

FACTS_FIRST = "Сначала внесите сведения из формы заявки: {}. Без них не подготовить договор."


def read_road(chosen: str) -> bool:
    """Whether the draft will be filled in a file, as the hub's form sends it; raises InvalidValue."""
    if chosen not in (HERE, BY_FORM):
        raise InvalidValue("Выберите, как заполнить заявку: здесь, в анкете, или в файле.")
    return chosen == BY_FORM


def came_by_form(answers: Answers) -> bool:
    """Whether the applicant has chosen to fill the form in a file."""
    return answers.get(ROAD) in (BY_FORM, FORM_ENTERED)


def may_enter_facts(party: Party | None, status: str, answers: Answers) -> bool:
    """Whether the company enters facts of the form now: it came by form and the set is not yet called complete."""
    return party == "company" and status in FACTS_OPEN and came_by_form(answers)


def facts_lacking(answers: Answers) -> str | None:
    """The sentence that keeps an application by form from being called complete; None when nothing lacks."""
    if not came_by_form(answers):
        return None
    entered = answers.get(ROAD) == FORM_ENTERED
    lacking = []
    if not (entered and answers.get("place")):
        lacking.append("местоположение")
    if not (entered and answers.get("power_new") is not None and answers.get("power_existing") is not None):
        lacking.append("мощность, требуемую и ранее присоединенную")
    return FACTS_FIRST.format(" и ".join(lacking)) if lacking else None


def told_band(answers: Answers) -> Band | None:
    """The band of power that the applicant has chosen; it is asked only of those who fill the form in a file."""
    return cast(Band | None, answers.get("power_band"))


def facts_by_form(answers: Answers, context: Context) -> Facts | None:
    """The facts of the qualification as far as this road tells them; None while an answer that it needs is missing.

    Whether what stands in the way is the purpose or something else, the form tells: «не соответствует» is no figure.
    """
    chosen, kind = told_band(answers), answers.get("connection_type")
    if chosen is None or kind is None or (kind == "permanent" and "rule_fits" not in answers):
        return None
    denied = answers.get("rule_fits") == "no"
    business = context.legal_form in BUSINESS
    return Facts(
        legal_form=context.legal_form,
        watts_total=_WATTS[chosen],
        category=3,
        sources="one",
        household=None if business or kind != "permanent" else not denied,
        connection_type=kind,
    )


def reasons_by_form(answers: Answers, context: Context, *, fits: bool) -> tuple[str, ...]:
    """Why the clause fits or does not, in words that claim no figure the form alone tells."""
    clause, chosen = asked_clause(context.legal_form), told_band(answers)
    if answers.get("connection_type") != "permanent":
        return ("Подключение временное, для него в Правилах есть отдельный пункт 13.",)
    if answers.get("rule_fits") == "no":
        return (f"Отмечено, что заявка не соответствует {clause}.",)
    label = BAND_LABELS[chosen] if chosen else ""
    if fits:
        return (
            f"Подключение постоянное, максимальная мощность {label}, отмечено соответствие {clause}.",
            "Сетевая организация проверит это по форме заявки.",
        )
    most = BAND_LABELS[_FOR_LAW.get(context.legal_form, "upto150")]
    return (f"Максимальная мощность {label}, а {clause} говорит о мощности {most.removeprefix('>15 и ')}.",)


def switched(answers: Answers, *, to_form: bool, band: Band | None) -> dict[str, object]:
    """The answers on the other road: nothing that was typed goes; `band` is the power told so far, if any."""
    others = {code: value for code, value in answers.items() if code != ROAD}
    if not to_form:
        return others
    known = {"power_band": band} if band and "power_band" not in answers else {}
    return others | known | {ROAD: BY_FORM}
