"""Registration: first the legal form, then one page with its fields, then straight into the cabinet."""

from typing import cast

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import clock
from app.accounts import actions
from app.accounts.blueprint import bp
from app.accounts.contacts import email_key
from app.accounts.hashing import hash_password
from app.accounts.known_browser import known_browser
from app.accounts.queries import holder, pressed_before
from app.accounts.registration import LEGAL_FORMS, AlreadyRegistered, LegalForm, NewAccount, name_words
from app.accounts.registration_form import RegistrationForm
from app.accounts.sign_in_actions import Entered, sign_in
from app.accounts.sign_in_routes import HOME, go_on, this_visit
from app.company import queries as company
from app.errors import InvalidForm, TooManyTries
from app.web.idempotency import pressed_key
from app.web.policy import ANYBODY, Rule

POLICY: dict[str, Rule] = {"accounts.register_page": ANYBODY, "accounts.register": ANYBODY}


def chosen_legal_form() -> LegalForm | None:
    """The legal form that the address or the form names, None when it names none of the three."""
    named = request.values.get("form", "")
    return cast(LegalForm, named) if named in LEGAL_FORMS else None


def mixed_alphabets_sentence(words: list[str]) -> str:
    """The warning about words in which letters of two alphabets meet; empty when there are none."""
    if not words:
        return ""
    return (
        f" Проверьте: в слове «{'», «'.join(words)}» есть и русские, и латинские буквы. "
        "Если это опечатка, сообщите нам, и мы ее исправим."
    )


def _form(legal_form: LegalForm) -> RegistrationForm:
    return RegistrationForm(
        request.form if request.method == "POST" else None,
        legal_form=legal_form,
        today=company.today(),
        account_pattern=str(company.profile().settings["personal_account.pattern"]),
    )


def _page(
    form: RegistrationForm, status: int = 200, *, taken: AlreadyRegistered | None = None, wait: int = 0
) -> ResponseReturnValue:
    """The page with what was typed. `taken`: an account is there already; `wait` is in seconds."""
    for code in actions.ACCEPTED:
        form[f"{code}_version"].data = company.current_text(code).version
    page = render_template(
        "accounts/register.html", form=form, legal_forms=LEGAL_FORMS, taken=taken, wait=wait
    )
    return page, status, {"Retry-After": str(wait)} if wait else {}


def _choice(status: int = 200, *, asked: bool) -> ResponseReturnValue:
    """The page with the three legal forms; `asked`: one had to be chosen and was not."""
    return render_template("accounts/register_choice.html", legal_forms=LEGAL_FORMS, asked=asked), status


@bp.get("/register")
def register_page() -> ResponseReturnValue:
    """The choice of the legal form, or the fields of the chosen one."""
    if current_user.is_authenticated:
        return redirect(HOME, 303)
    legal_form = chosen_legal_form()
    return _page(_form(legal_form)) if legal_form else _choice(asked="form" in request.args)


@bp.post("/register")
def register() -> ResponseReturnValue:
    """Make the account and lead into the cabinet; every wrong field is told at once."""
    legal_form = chosen_legal_form()
    if legal_form is None:
        return _choice(422, asked=True)
    form = _form(legal_form)
    if not form.validate():
        return _page(form, 422)
    try:
        return _registered(form.account(), form.password.data or "")
    except AlreadyRegistered as taken:
        form.take_errors(taken)
        return _pressed_twice(form) or _page(form, 422, taken=taken)
    except InvalidForm as refused:
        form.take_errors(refused)
        return _page(form, 422)
    except TooManyTries as refused:
        form.form_errors.append(refused.message)
        return _page(form, 429, wait=refused.retry_after)


def _registered(account: NewAccount, password: str) -> ResponseReturnValue:
    done = actions.register(
        account, hash_password(password), visit=this_visit(), at=clock.now(), press=pressed_key()
    )
    response = go_on(Entered(done.user_id, done.token), HOME)
    words = mixed_alphabets_sentence(name_words(account))
    flash(f"Учетная запись создана, вы вошли в личный кабинет.{words}", "warning" if words else "success")
    return response


def _pressed_twice(form: RegistrationForm) -> ResponseReturnValue | None:
    """The same button pressed again: the first press made the account, so the second one only signs in."""
    login = email_key(form.email.value)
    user = holder("email", login)
    if user is None or not pressed_before(user.id, pressed_key()):
        return None
    entered = sign_in(
        ("email", login),
        form.password.data or "",
        visit=this_visit(),
        at=clock.now(),
        browser=known_browser(),
    )
    return go_on(entered, HOME) if entered else None
