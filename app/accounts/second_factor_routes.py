"""«Двухэтапный вход»: the code at the sign-in, and the page where it is set up."""

from collections.abc import Callable
from datetime import timedelta

from flask import Response, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from app import clock, gateways
from app.accounts import login, queries, second_factor_actions
from app.accounts.blueprint import bp
from app.accounts.password_forms import CodeForm
from app.accounts.second_factor import (
    generator_address,
    generator_secret,
    in_groups,
    recovery_codes,
    square,
)
from app.accounts.second_factor_actions import HalfOver
from app.accounts.secret_models import SecondFactor
from app.accounts.sessions import WORKING
from app.accounts.sign_in_routes import HALF_COOKIE, HOME, go_on, this_visit
from app.actor import EVERY_ROLE
from app.company import queries as company
from app.errors import InvalidForm, NotFound, TooManyTries
from app.web.login import begin, current_actor
from app.web.paths import safe_path
from app.web.policy import ANYBODY, KIB, Rule

_OWNER = Rule(roles=EVERY_ROLE, owing=True)

POLICY: dict[str, Rule] = {
    "accounts.code_page": ANYBODY,
    "accounts.enter_code": Rule(roles=None, body_limit=256 * KIB),
    "accounts.second_factor_page": _OWNER,
    "accounts.second_factor_square": _OWNER,
    "accounts.begin_second_factor": _OWNER,
    "accounts.confirm_second_factor": _OWNER,
    "accounts.renew_recovery_codes": _OWNER,
    "accounts.remove_second_factor": _OWNER,
}

#: For how long new recovery codes can be looked at: an answer that got lost on the way is asked for again.
_SHOWN_FOR = timedelta(minutes=10)


def _code_page(form: CodeForm, status: int = 200, *, refused: str = "", wait: int = 0) -> ResponseReturnValue:
    page = render_template(
        "accounts/sign_in_code.html",
        form=form,
        refused=refused,
        next=safe_path(request.values.get("next", "")),
        kept=request.form.get("kept", ""),
    )
    return page, status, {"Retry-After": str(wait)} if wait else {}


def _again() -> ResponseReturnValue:
    session.pop(HALF_COOKIE, None)
    flash(HalfOver.sentence, "warning")
    return redirect(
        url_for("accounts.sign_in_page", next=safe_path(request.values.get("next", "")) or None), 303
    )


@bp.get("/login/code")
def code_page() -> ResponseReturnValue:
    """The second step of the sign-in."""
    if not isinstance(session.get(HALF_COOKIE), str):
        return redirect(url_for("accounts.sign_in_page"), 303)
    return _code_page(CodeForm(None))


@bp.post("/login/code")
def enter_code() -> ResponseReturnValue:
    """Check the code; with the right one the session begins."""
    token = session.get(HALF_COOKIE)
    if not isinstance(token, str):
        return _again()
    form = CodeForm(request.form)
    if not form.validate():
        return _code_page(form, 422)
    try:
        entered = second_factor_actions.enter(token, form.code.value, visit=this_visit(), at=clock.now())
    except HalfOver:
        return _again()
    except TooManyTries as refused:
        return _code_page(form, 429, refused=refused.message, wait=refused.retry_after)
    if entered is None:
        form.take_errors(InvalidForm({"code": [second_factor_actions.WRONG]}))
        return _code_page(form, 422)
    return go_on(entered, safe_path(request.form.get("next", "")) or HOME, kept=request.form.get("kept", ""))


def _page(form: CodeForm | None = None, status: int = 200, *, refused: str = "") -> ResponseReturnValue:
    actor = current_actor()
    factor = queries.second_factor_of(actor.user_id)
    page = render_template(
        "accounts/second_factor.html",
        form=form or CodeForm(None),
        factor=factor,
        refused=refused,
        required=bool(actor.roles & WORKING) and company.profile().settings["security.second_factor"],
        **(_to_scan(factor) if factor and factor.confirmed_at is None else {}),
        codes=_fresh_codes(factor),
        left=queries.recovery_codes_left(actor.user_id) if factor else 0,
    )
    return page, status


def _to_scan(factor: SecondFactor) -> dict[str, str]:
    secret = generator_secret(gateways.current().keys[0], factor.salt)
    return {"secret": in_groups(secret), "address": _address(secret)}


def _address(secret: str) -> str:
    account = queries.account_of(current_actor())
    login = queries.account_address(account) or account.name
    return generator_address(secret, login=login, site=company.profile().name)


@bp.get("/profile/second-factor/square")
def second_factor_square() -> Response:
    """The square that a generator scans while it is set up: a picture, so that the style of icons does not touch it."""
    factor = queries.second_factor_of(current_actor().user_id)
    if factor is None or factor.confirmed_at is not None:
        raise NotFound
    drawn = square(_address(generator_secret(gateways.current().keys[0], factor.salt)))
    return Response(drawn, mimetype="image/svg+xml")


def _fresh_codes(factor: SecondFactor | None) -> list[str]:
    """The recovery codes while they may still be looked at."""
    if factor is None or factor.recovery_at is None or clock.now() - factor.recovery_at > _SHOWN_FOR:
        return []
    return recovery_codes(gateways.current().keys[0], factor.recovery_salt)


@bp.get("/profile/second-factor")
def second_factor_page() -> ResponseReturnValue:
    """What it is, and the steps to set it up, or what can be done with it."""
    return _page()


@bp.post("/profile/second-factor")
def begin_second_factor() -> ResponseReturnValue:
    """Show the square for the generator."""
    second_factor_actions.begin(by=current_actor(), at=clock.now())
    return redirect(url_for("accounts.second_factor_page"), 303)


@bp.post("/profile/second-factor/confirm")
def confirm_second_factor() -> ResponseReturnValue:
    """Turn it on by the first code: this browser stays in by a new session, all others are out."""
    form = CodeForm(request.form)
    if not form.validate():
        return _page(form, 422)
    try:
        entered = second_factor_actions.confirm(
            form.code.value, by=current_actor(), visit=this_visit(), at=clock.now()
        )
    except InvalidForm as refused:
        form.take_errors(refused)
        return _page(form, 422)
    except TooManyTries as refused:
        return _page(form, 429, refused=refused.message)
    signed_in = login.load(entered.token)
    if signed_in is not None:
        begin(signed_in)
    flash("Двухэтапный вход включен. Сохраните резервные коды.", "success")
    return redirect(url_for("accounts.second_factor_page"), 303)


def _by_code(act: Callable[..., None], done: str, to: str) -> ResponseReturnValue:
    """What needs a code of the factor itself."""
    form = CodeForm(request.form)
    if not form.validate():
        return _page(form, 422)
    try:
        act(form.code.value, by=current_actor(), at=clock.now())
    except InvalidForm as refused:
        form.take_errors(refused)
        return _page(form, 422)
    except TooManyTries as refused:
        return _page(form, 429, refused=refused.message)
    flash(done, "success")
    return redirect(url_for(to), 303)


@bp.post("/profile/second-factor/codes")
def renew_recovery_codes() -> ResponseReturnValue:
    """Ten new recovery codes in place of the old ones."""
    done = "Новые резервные коды созданы, прежние больше не действуют."
    return _by_code(second_factor_actions.renew_recovery_codes, done, "accounts.second_factor_page")


@bp.post("/profile/second-factor/remove")
def remove_second_factor() -> ResponseReturnValue:
    """Turn it off."""
    return _by_code(second_factor_actions.remove_own, "Двухэтапный вход отключен.", "accounts.profile_page")
