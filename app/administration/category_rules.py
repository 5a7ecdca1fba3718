"""What a new version of a category of applicants may be. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from app.accounts.identity_papers import parse_date
from app.cases.message_text import clean_line
from app.company.categories import ALWAYS, CLAUSE_12_1, CLAUSE_14, Category
from app.connections.power import format_kilowatts, parse_kilowatts
from app.errors import InvalidForm, InvalidValue

#: The categories whose limit of power the questionnaire tells: they always have one.
LIMITED = frozenset({CLAUSE_14, CLAUSE_12_1})
#: A day further ahead is a slip of the finger.
YEARS_AHEAD = 10

LIMIT, VALID_FROM = "Предел мощности", "Действует с"
TOO_EARLY = f"{VALID_FROM}: укажите завтрашний или более поздний день. Отправленное сегодня не меняется."
SAME = "С этого дня и так действует то же самое. Измените хотя бы одно поле."
LIMIT_NEEDED = "Предел мощности: укажите, о нем говорит вопрос анкеты."
ALWAYS_THERE = "Эту категорию нельзя отключить: без нее часть заявок осталась бы без категории."


def parse_clause(text: str) -> str:
    """The clause as pages name it, e.g. «п. 14»; raises InvalidValue."""
    return clean_line(text, max_length=60, label="Пункт Правил")


def parse_category_title(text: str) -> str:
    """Whom the category is for, in a few words; raises InvalidValue."""
    return clean_line(text, max_length=200, label="Для кого")


def parse_limit(text: str) -> int | None:
    """The most power in watts; None when there is no limit. Raises InvalidValue."""
    return parse_kilowatts(text, label=LIMIT) if text.strip() else None


def parse_valid_from(text: str, today: date) -> date:
    """The day from which a version holds: tomorrow or later, for what was sent today stays as it was; raises InvalidValue."""
    earliest, latest = date(1900, 1, 1), date(today.year + YEARS_AHEAD, 12, 31)
    tomorrow = today + timedelta(days=1)
    day = parse_date(text, earliest=earliest, latest=latest, label=VALID_FROM, example=tomorrow)
    if day <= today:
        raise InvalidValue(TOO_EARLY)
    return day


def check_version(versions: Sequence[Category], new: Category) -> None:
    """Refuse a version that leaves applications without a category, contradicts itself or changes nothing.

    `versions` are those of this category, at least one. Raises InvalidForm with the names of the fields.
    """
    errors: dict[str, list[str]] = {}
    least = new.conditions.get("watts_from", 0)
    if new.watts_most is None and new.code in LIMITED:
        errors["limit"] = [LIMIT_NEEDED]
    elif new.watts_most is not None and new.watts_most < least:
        errors["limit"] = [
            f"{LIMIT}: не меньше {format_kilowatts(least)}, с этой мощности категория начинается."
        ]
    if not new.active and new.code in ALWAYS:
        errors["active"] = [ALWAYS_THERE]
    if not errors and _says(held_on(versions, new.valid_from)) == _says(new):
        errors["valid_from"] = [SAME]
    if errors:
        raise InvalidForm(errors)


def held_on(versions: Sequence[Category], day: date) -> Category:
    """The version that holds on a day, also when it switches the category off."""
    return max((one for one in versions if one.valid_from <= day), key=lambda one: one.valid_from)


def changes(versions: Sequence[Category], new: Category) -> Mapping[str, list[object]]:
    """What differs from the version that would hold otherwise, for the journal: name of the column → before, after."""
    before, after = _says(held_on(versions, new.valid_from)), _says(new)
    return {name: [before[name], after[name]] for name in after if before[name] != after[name]}


def _says(version: Category) -> dict[str, object]:
    names = ("clause", "title", "mode", "watts_most", "works_term", "active")
    return {name: getattr(version, name) for name in names}


def standing(versions: Sequence[Category], today: date) -> tuple[list[Category], list[Category]]:
    """The versions that hold today, switched off ones with them, and those that hold from a later day."""
    codes = dict.fromkeys(one.code for one in versions)
    present = [held_on([one for one in versions if one.code == code], today) for code in codes]
    present.sort(key=lambda one: (not one.active, one.position))
    return present, [one for one in versions if one.valid_from > today]
