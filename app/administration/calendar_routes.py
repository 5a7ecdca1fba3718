"""The working calendar, a year on a page: its days, the forms by which they change, what lacks."""

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.actor import Actor
from app.administration import calendar_actions
from app.administration.answers import ADMINISTRATORS, answered, one
from app.administration.blueprint import bp
from app.administration.calendar_actions import Press
from app.administration.calendar_forms import DayForm, TransferForm
from app.administration.calendar_queries import day_lines, days_of, exceptions_of, mark_of
from app.administration.calendar_rules import FIRST_YEAR, LAST_YEAR, gap_of, public_holidays, working_days_of
from app.company import queries as company
from app.company.wording import plural
from app.errors import NotFound
from app.web.idempotency import pressed_key
from app.web.login import current_actor
from app.web.policy import Rule


def _shown_year(_actor: Actor, year: int) -> int:
    """A year that the pages show; raises NotFound."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotFound
    return year


_YEAR = one("year", "year", _shown_year)

POLICY: dict[str, Rule] = {
    "administration.calendar_now": ADMINISTRATORS,
    "administration.calendar_page": _YEAR,
    "administration.mark_day": _YEAR,
    "administration.move_day_off": _YEAR,
    "administration.add_holidays": _YEAR,
    "administration.forget_day": _YEAR,
}

MONTHS = (
    "Январь",
    "Февраль",
    "Март",
    "Апрель",
    "Май",
    "Июнь",
    "Июль",
    "Август",
    "Сентябрь",
    "Октябрь",
    "Ноябрь",
    "Декабрь",
)


def _page(
    year: int, day: DayForm | None = None, transfer: TransferForm | None = None, status: int = 200
) -> ResponseReturnValue:
    today, days = company.today(), days_of(year)
    known = exceptions_of(days)
    page = render_template(
        "administration/calendar.html",
        year=year,
        today=today,
        months=list(zip(MONTHS, working_days_of(year, known), strict=True)),
        lines=day_lines(days, year, today),
        gap=gap_of(year, known, today),
        holidays_lack=any(one >= today and one not in known for one in public_holidays(year)),
        open=year >= today.year,
        first=FIRST_YEAR,
        last=LAST_YEAR,
        day_form=day or DayForm(None, year=year),
        transfer_form=transfer or TransferForm(None, year=year),
        refused=day or transfer,
        overtaken=status == 409,
        seen=request.form.get("seen", "") if status == 422 else mark_of(days),
    )
    return page, status


def _press() -> Press:
    return Press(current_actor(), clock.now(), request.form.get("seen", ""), pressed_key())


def _here(year: int) -> str:
    return url_for("administration.calendar_page", year=year)


@bp.get("/calendar")
def calendar_now() -> ResponseReturnValue:
    """The calendar of the present year."""
    return redirect(_here(company.today().year))


@bp.get("/calendar/<id:year>")
def calendar_page(year: int) -> ResponseReturnValue:
    """The calendar of one year."""
    return _page(year)


@bp.post("/calendar/<id:year>/day")
def mark_day(year: int) -> ResponseReturnValue:
    """Make a day working or off."""
    form = DayForm(request.form, year=year)
    return answered(
        form,
        lambda: calendar_actions.mark_day(
            form.day.value, working=form.kind.data == "working", title=form.title.value, press=_press()
        ),
        lambda status: _page(year, day=form, status=status),
        to=_here(year),
        done="Сохранено. Сроки, которые уже идут, не изменились.",
    )


@bp.post("/calendar/<id:year>/transfer")
def move_day_off(year: int) -> ResponseReturnValue:
    """Move a day off."""
    form = TransferForm(request.form, year=year)
    return answered(
        form,
        lambda: calendar_actions.move_day_off(form.worked.value, form.rested.value, press=_press()),
        lambda status: _page(year, transfer=form, status=status),
        to=_here(year),
        done="Выходной перенесен. Сроки, которые уже идут, не изменились.",
    )


@bp.post("/calendar/<id:year>/holidays")
def add_holidays(year: int) -> ResponseReturnValue:
    """Put in the holidays of the law."""
    count = calendar_actions.add_holidays(year, press=_press())
    days = plural(count, "праздничный день", "праздничных дня", "праздничных дней")
    flash(f"Внесено: {count} {days}. Перенесенные выходные добавьте сами.", "success")
    return redirect(_here(year), 303)


@bp.post("/calendar/<id:year>/forget")
def forget_day(year: int) -> ResponseReturnValue:
    """Let a day be a plain one again."""
    calendar_actions.forget_day(_day(year), press=_press())
    flash("День снова такой, как в обычной неделе. Сроки, которые уже идут, не изменились.", "success")
    return redirect(_here(year), 303)


def _day(year: int) -> date:
    """The day that the button carries; what no page has printed is no day of the year."""
    try:
        day = date.fromisoformat(request.form.get("day", "")[:10])
    except ValueError:
        raise NotFound from None
    if day.year != year:
        raise NotFound
    return day
