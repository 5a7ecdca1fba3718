"""«Данные и настройки», applicants one acts for, legal texts; gathers the rows of the door and of registration."""

from typing import cast

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import clock
from app.accounts import actions, queries, registration_routes, sign_in_routes
from app.accounts.blueprint import bp
from app.accounts.confirmation import DOCUMENT_KINDS
from app.accounts.contacts import format_mobile
from app.accounts.forms import ApplicantForm
from app.accounts.identifiers import format_snils
from app.accounts.login_ids import LOGIN_KINDS
from app.accounts.models import LoginId
from app.accounts.registration import CAPACITIES, LEGAL_FORMS, LegalForm, mixed_alphabet_words
from app.accounts.registration_routes import mixed_alphabets_sentence
from app.accounts.session_queries import living_sessions
from app.accounts.sign_in_routes import ask_to_sign_in
from app.actor import APPLICANT
from app.company import queries as company
from app.web.idempotency import pressed_key
from app.web.login import current_actor
from app.web.paths import safe_path
from app.web.policy import ANYBODY, SIGNED_IN, Rule

__all__ = ["POLICY", "ask_to_sign_in"]

_APPLICANTS = Rule(roles=frozenset({APPLICANT}))

POLICY: dict[str, Rule] = {
    **sign_in_routes.POLICY,
    **registration_routes.POLICY,
    "accounts.legal_page": ANYBODY,
    "accounts.profile_page": SIGNED_IN,
    "accounts.new_applicant_page": _APPLICANTS,
    "accounts.add_applicant": _APPLICANTS,
}

#: Legal forms that can be added to an account: a person is an applicant of their own from the start.
_ADDABLE = {code: label for code, label in LEGAL_FORMS.items() if code != "individual"}


@bp.get("/legal/<any(consent, agreement):code>")
def legal_page(code: str) -> ResponseReturnValue:
    """The current version of a text that people accept."""
    return render_template("accounts/legal.html", text=company.current_text(code))


@bp.get("/profile")
def profile_page() -> ResponseReturnValue:
    """What the account holds: logins, contacts, applicants, confirmation."""
    actor = current_actor()
    return render_template(
        "accounts/profile.html",
        user=queries.account_of(actor),
        login_ids=queries.login_ids_of(actor.user_id),
        acts_for=queries.acted_for(actor.user_id),
        confirmations=queries.confirmations_of(actor.user_id),
        factor=queries.second_factor_of(actor.user_id),
        sessions=len(
            living_sessions(actor.user_id, roles=actor.roles, this=current_user.session_id, at=clock.now())
        ),
        files_applications=APPLICANT in actor.roles,
        today=company.today(),
        **words(),
    )


def shown_login(held: LoginId) -> str:
    """A login identifier as people write it."""
    return format_snils(held.value) if held.kind == "snils" else held.value


def words() -> dict[str, object]:
    """The dictionaries with which pages of accounts name things."""
    return {
        "login_kinds": LOGIN_KINDS,
        "legal_forms": LEGAL_FORMS,
        "capacities": CAPACITIES,
        "document_kinds": DOCUMENT_KINDS,
        "mobile": format_mobile,
        "snils": format_snils,
        "shown_login": shown_login,
        "office": company.profile(),
    }


def _chosen() -> LegalForm | None:
    named = request.values.get("form", "")
    return cast(LegalForm, named) if named in _ADDABLE else None


def _page(form: ApplicantForm | None, status: int = 200, *, asked: bool = False) -> ResponseReturnValue:
    page = render_template(
        "accounts/new_applicant.html",
        form=form,
        legal_forms=_ADDABLE,
        next=safe_path(request.values.get("next", "")),
        asked=asked,
    )
    return page, status


@bp.get("/applicants/new")
def new_applicant_page() -> ResponseReturnValue:
    """The choice of the legal form, or the fields of the chosen one."""
    legal_form = _chosen()
    if legal_form is None:
        return _page(None, asked="form" in request.args)
    return _page(ApplicantForm(None, legal_form=legal_form, today=company.today()))


@bp.post("/applicants/new")
def add_applicant() -> ResponseReturnValue:
    """Add an applicant and go back to where the person came from."""
    legal_form = _chosen()
    if legal_form is None:
        return _page(None, 422, asked=True)
    form = ApplicantForm(request.form, legal_form=legal_form, today=company.today())
    if not form.validate():
        return _page(form, 422)
    url = safe_path(request.form.get("next", "")) or "/profile"
    new = form.applicant()
    actions.add_applicant(
        new, form.acting(), by=current_actor(), at=clock.now(), url=url[:300], press=pressed_key()
    )
    mixed = mixed_alphabet_words(new.title, new.name.last, new.name.first, new.name.middle)
    flash(f"Заявитель добавлен.{mixed_alphabets_sentence(mixed)}", "warning" if mixed else "success")
    return redirect(url, 303)
