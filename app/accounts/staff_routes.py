"""Accounts of applicants as the office sees them: find a person, confirm their account.

What is searched for travels in the body, never in an address: addresses go to logs.
"""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts import people_queries, queries, staff_actions
from app.accounts.blueprint import bp
from app.accounts.login_ids import LOGIN_KINDS
from app.accounts.models import User
from app.accounts.people_search import parse_people_query
from app.accounts.policy import may_confirm
from app.accounts.registration import mixed_alphabet_words
from app.accounts.routes import shown_login, words
from app.accounts.second_factor import FACTOR_REMOVED
from app.accounts.staff_forms import ConfirmForm
from app.actor import STAFF
from app.company import queries as company
from app.errors import InvalidValue
from app.web.idempotency import pressed_key
from app.web.login import current_actor
from app.web.policy import Rule

_ONE = Rule(roles=STAFF, load={"user_id": ("user", queries.applicants_account)})

POLICY: dict[str, Rule] = {
    "accounts.people_page": Rule(roles=STAFF),
    "accounts.search_people": Rule(roles=STAFF),
    "accounts.person_page": _ONE,
    "accounts.confirm_person": _ONE,
    "accounts.remove_lost_factor": _ONE,
}


@bp.get("/people")
def people_page() -> ResponseReturnValue:
    """The field of the search, and the newest accounts that wait for a confirmation."""
    return render_template(
        "accounts/people.html", typed="", people=people_queries.waiting_people(), found=False, **words()
    )


@bp.post("/people/search")
def search_people() -> ResponseReturnValue:
    """People found by a name, a title, a number, a phone or an e-mail."""
    typed = request.form.get("q", "")
    try:
        people, more = people_queries.find_people(parse_people_query(typed))
    except InvalidValue as refused:
        errors = {"q": refused.message}
        page = render_template(
            "accounts/people.html", typed=typed, people=[], found=False, errors=errors, **words()
        )
        return page, 422
    return render_template(
        "accounts/people.html", typed=typed, people=people, found=True, more=more, **words()
    )


def _page(
    user: User, form: ConfirmForm, clashes: list[queries.Clash], status: int = 200
) -> ResponseReturnValue:
    actor, acts_for = current_actor(), queries.acted_for(user.id)
    page = render_template(
        "accounts/person.html",
        user=user,
        form=form,
        login_ids=queries.login_ids_of(user.id),
        acts_for=acts_for,
        confirmations=queries.confirmations_of(user.id),
        factor=queries.second_factor_of(user.id),
        clashes=clashes,
        may_confirm=may_confirm(actor, user.id),
        mixed=mixed_alphabet_words(user.name, *(link.applicant.name for link in acts_for)),
        today=company.today(),
        **words(),
    )
    return page, status


def _form(clashes: list[queries.Clash]) -> ConfirmForm:
    movable = [
        (str(clash.held.id), f"{LOGIN_KINDS[clash.kind].field} {shown_login(clash.held)}")
        for clash in clashes
        if clash.can_move
    ]
    return ConfirmForm(request.form if request.method == "POST" else None, movable=movable)


@bp.get("/people/<id:user_id>")
def person_page(user: User) -> ResponseReturnValue:
    """One account: contacts, applicants, confirmations, the form to confirm."""
    clashes = queries.clashes(user.id)
    return _page(user, _form(clashes), clashes)


@bp.post("/people/<id:user_id>/confirm")
def confirm_person(user: User) -> ResponseReturnValue:
    """Write down that the person was in the office."""
    clashes = queries.clashes(user.id)
    form = _form(clashes)
    if not form.validate():
        return _page(user, form, clashes, 422)
    staff_actions.confirm_account(
        user.id,
        form.shown(),
        moved=form.moved_ids(),
        phone=form.phone.value,
        by=current_actor(),
        at=clock.now(),
        press=pressed_key(),
    )
    flash("Учетная запись подтверждена.", "success")
    return redirect(url_for("accounts.person_page", user_id=user.id), 303)


@bp.post("/people/<id:user_id>/remove-second-factor")
def remove_lost_factor(user: User) -> ResponseReturnValue:
    """Take the second factor of an applicant away who has lost it."""
    user_id = user.id
    staff_actions.remove_second_factor(user_id, by=current_actor(), at=clock.now(), press=pressed_key())
    flash(FACTOR_REMOVED, "success")
    return redirect(url_for("accounts.person_page", user_id=user_id), 303)
