"""How Russian counts things and names days and moments. Knows no settings, no calendar and no clock."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

_MONTHS = (
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
)
_WEEKDAY_NAMES = ("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье")
_WEEKDAYS_SHORT = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")


def plural(number: int, one: str, few: str, many: str) -> str:
    """The form of a word that stands after a number: plural(5, "день", "дня", "дней") → «дней»."""
    tens, ones = abs(number) % 100, abs(number) % 10
    if ones == 1 and tens != 11:
        return one
    if ones in (2, 3, 4) and tens not in (12, 13, 14):
        return few
    return many


_UNITS = {
    "working_days": ("рабочий день", "рабочих дня", "рабочих дней"),
    "days": ("день", "дня", "дней"),
    "months": ("месяц", "месяца", "месяцев"),
}


def term_words(length: int, unit: str) -> str:
    """A length of time in words: «15 рабочих дней», «6 месяцев»; `unit` is that of the table of terms."""
    return f"{length} {plural(length, *_UNITS[unit])}"


#: Units of the table of terms as they follow a number, with a space that does not break a line.
_SHORT_UNITS = {"working_days": "раб.\u00a0дн.", "days": "дн.", "months": "мес."}


def short_term_words(length: int, unit: str) -> str:
    """A length of time where there is little room: «10 раб. дн.», «6 мес.»; `unit` is that of the table of terms."""
    return f"{length}\u00a0{_SHORT_UNITS[unit]}"


def date_words(day: date, today: date) -> str:
    """A day in words, with the year only when it is not the present one: «17 августа», «17 августа 2027»."""
    words = f"{day.day} {_MONTHS[day.month - 1]}"
    return words if day.year == today.year else f"{words} {day.year}"


def weekday_short(day: date) -> str:
    """Two letters of the weekday: «пн»."""
    return _WEEKDAYS_SHORT[day.weekday()]


def zone_label(zone: str, at: datetime) -> str:
    """How people name a zone, by its distance from Moscow at an instant: «МСК», «МСК+2», «МСК−1», «МСК+2:30»."""
    here, moscow = (
        at.astimezone(ZoneInfo(zone)).utcoffset(),
        at.astimezone(ZoneInfo("Europe/Moscow")).utcoffset(),
    )
    ahead = int((here - moscow).total_seconds()) // 60 if here is not None and moscow is not None else 0
    hours, minutes = divmod(abs(ahead), 60)
    sign = "+" if ahead > 0 else "−"
    return "МСК" + (f"{sign}{hours}" + (f":{minutes:02}" if minutes else "") if ahead else "")


def moment_words(at: datetime, zone: str, label: str) -> str:
    """An instant as letters tell it, in the named zone: «четверг, 6 августа 2020 г. 06:28 (МСК)»."""
    local = at.astimezone(ZoneInfo(zone))
    month = _MONTHS[local.month - 1]
    return f"{_WEEKDAY_NAMES[local.weekday()]}, {local.day} {month} {local.year} г. {local:%H:%M} ({label})"
