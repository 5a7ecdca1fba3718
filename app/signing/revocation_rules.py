"""When a list of revoked certificates is fetched again, and which of two is newer. Pure.

Authorities publish a list once or twice a day and let it hold for some days: it is fetched again long before it runs out,
so that a day without their server costs nothing.
"""

from datetime import datetime, timedelta

from app.errors import InvalidValue

#: A fresh list is looked at again after half of the time that it still holds, within these bounds.
SOONEST = timedelta(minutes=30)
LATEST = timedelta(hours=12)
#: After a failure: so long, doubled with each further one.
FIRST_PAUSE = timedelta(minutes=2)
LONGEST_PAUSE = timedelta(hours=1)
#: A list from a little ahead is one of a clock that goes a little differently.
AHEAD = timedelta(minutes=10)
#: No list that is believed holds longer: a wrong one would keep all newer ones out.
LONGEST_HOLD = timedelta(days=400)
#: A list put in by hand is asked for anew in the last third of its time, between a day and a week before its end.
_ASK_LATEST, _ASK_SOONEST = timedelta(days=1), timedelta(days=7)


def next_fetch(next_update: datetime, at: datetime) -> datetime:
    """When to ask again after a list came at `at` that holds until `next_update`."""
    return at + min(LATEST, max(SOONEST, (next_update - at) / 2))


def pause_after(tries: int) -> timedelta:
    """How long to wait after the failure number `tries` in a row (from 1)."""
    doubled: timedelta = FIRST_PAUSE * 2 ** min(max(tries, 1) - 1, 10)
    return min(LONGEST_PAUSE, doubled)


def state_of_list(this_update: datetime, next_update: datetime, at: datetime) -> str:
    """«good», «soon» (a newer one has to be put in by hand now) or «over»."""
    if at >= next_update:
        return "over"
    ahead = min(_ASK_SOONEST, max(_ASK_LATEST, (next_update - this_update) / 3))
    return "soon" if next_update - at <= ahead else "good"


def check_dates(
    this_update: datetime, next_update: datetime | None, *, at: datetime, newest: datetime | None
) -> datetime:
    """Until when the list holds; `newest` is the day of issue of the one that is there.

    Raises InvalidValue for a list without an end, out of date, from the future, or older than the one that is there: an
    old one would give back certificates revoked since.
    """
    if next_update is None:
        raise InvalidValue(
            "В списке не указано, до какого времени он действует: нужен список, в котором этот срок есть."
        )
    if this_update > at + AHEAD or next_update - this_update > LONGEST_HOLD:
        raise InvalidValue("Даты в списке неправдоподобны: проверьте часы сервера и возьмите список заново.")
    if next_update <= at:
        raise InvalidValue(
            "Список просрочен: дождитесь, когда удостоверяющий центр выложит новый, и возьмите его."
        )
    if newest is not None and this_update < newest:
        raise InvalidValue("Этот список старше того, который уже есть: нужен более новый.")
    return next_update
