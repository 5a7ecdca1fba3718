"""Terms: the list, one term with its versions and the form of the next one."""

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.administration import term_actions
from app.administration.answers import ADMINISTRATORS, answered
from app.administration.blueprint import bp
from app.administration.calendar_rules import gaps
from app.administration.term_forms import TermForm
from app.administration.term_queries import mark_of, term_lines, versions_of
from app.administration.term_rules import planned, standing
from app.administration.wording import TERMS
from app.company import queries as company
from app.company.wording import term_words
from app.errors import NotFound
from app.web.idempotency import pressed_key
from app.web.login import current_actor
from app.web.policy import Rule

POLICY: dict[str, Rule] = {
    "administration.terms_page": ADMINISTRATORS,
    "administration.term_page": ADMINISTRATORS,
    "administration.add_term": ADMINISTRATORS,
    "administration.remove_term": ADMINISTRATORS,
}

#: The codes that have words, as an address names them.
_CODES = ", ".join(TERMS)


@bp.get("/terms")
def terms_page() -> str:
    """All terms as they hold today, and what is planned."""
    today = company.today()
    return render_template(
        "administration/terms.html",
        lines=term_lines(today),
        words=TERMS,
        term_words=term_words,
        gaps=gaps(company.calendar().exceptions, today),
    )


def _term_page(code: str, form: TermForm, status: int = 200) -> ResponseReturnValue:
    versions, today = versions_of(code), company.today()
    present = standing(versions, today)
    late = [("Действует сейчас", _in_words(present))] if status == 409 else []
    late += [(f"С {one.valid_from:%d.%m.%Y}", _in_words(one)) for one in planned(versions, today) if late]
    page = render_template(
        "administration/term.html",
        code=code,
        title=TERMS[code],
        versions=versions[::-1],
        present=present,
        today=today,
        term_words=term_words,
        form=form,
        late=late,
        seen=request.form.get("seen", "") if status == 422 else mark_of(versions),
    )
    return page, status


def _in_words(version: object) -> str:
    if version is None:
        return "не задано"
    clause = f" ({version.clause})" if version.clause else ""  # type: ignore[attr-defined]
    return term_words(version.days, version.unit) + clause  # type: ignore[attr-defined]


@bp.get(f"/terms/<any({_CODES}):term>")
def term_page(term: str) -> ResponseReturnValue:
    """One term with its versions."""
    present, today = standing(versions_of(term), company.today()), company.today()
    kept = {"length": str(present.days), "unit": present.unit, "clause": present.clause} if present else {}
    return _term_page(term, TermForm(None, today=today, data=kept))


@bp.post(f"/terms/<any({_CODES}):term>")
def add_term(term: str) -> ResponseReturnValue:
    """Add the next version."""
    form = TermForm(request.form, today=company.today())
    return answered(
        form,
        lambda: term_actions.add_term(
            term,
            **form.values(),
            seen=request.form.get("seen", ""),
            by=current_actor(),
            at=clock.now(),
            press=pressed_key(),
        ),
        lambda status: _term_page(term, form, status),
        to=url_for("administration.term_page", term=term),
        done="Сохранено. Сроки, которые уже идут, не изменились.",
    )


@bp.post(f"/terms/<any({_CODES}):term>/remove")
def remove_term(term: str) -> ResponseReturnValue:
    """Take a version back that does not hold yet."""
    term_actions.remove_term(
        term,
        _day(request.form.get("valid_from", "")),
        seen=request.form.get("seen", ""),
        by=current_actor(),
        at=clock.now(),
        press=pressed_key(),
    )
    flash("Запланированное изменение отменено.", "success")
    return redirect(url_for("administration.term_page", term=term), 303)


def _day(text: str) -> date:
    """The day that the button carries; what no page has printed names no version."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise NotFound from None
