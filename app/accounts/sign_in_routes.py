"""The door: signing in and out, and what people get who have to sign in first."""

from urllib.parse import urlsplit

from flask import (
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import clock
from app.accounts import login, sign_in_actions
from app.accounts.blueprint import bp
from app.accounts.kept_fields import KeptFields, WrongPerson, give_back, keep
from app.accounts.known_browser import known_browser, remember_browser
from app.accounts.login_ids import LOGIN_KINDS, LoginKind, recognise
from app.accounts.password_forms import CodeForm
from app.accounts.sessions import Entered, Visit, owner_of
from app.characters import without_control
from app.errors import InvalidValue, TooManyTries
from app.web.carried import carried_fields, had_files, is_from_another_site
from app.web.login import begin
from app.web.paths import safe_path
from app.web.policy import ANYBODY, KIB, Rule

HOME = "/"
#: Where the browser keeps the token of a half session between password and code.
HALF_COOKIE = "half"
_OWN_PAGES = ("accounts.sign_in_page", "accounts.sign_in")
REFUSED = "Логин или пароль не подходят. Проверьте раскладку клавиатуры и попробуйте еще раз."

#: The sign-in form may carry what was typed elsewhere.
POLICY: dict[str, Rule] = {
    "accounts.sign_in_page": ANYBODY,
    "accounts.sign_in": Rule(roles=None, body_limit=256 * KIB),
    "accounts.sign_out": ANYBODY,
}


def this_visit() -> Visit:
    """Where this request comes from; the address is what the proxy in front says."""
    return Visit(request.remote_addr or "", without_control(request.user_agent.string))


def _page(errors: dict[str, str], status: int = 200, *, kept: str = "", wait: int = 0) -> ResponseReturnValue:
    """The sign-in page with what was typed; `wait` is in seconds.

    In place of another page it reads nothing of the request: a stranger's body of any size stays unread.
    """
    own = request.endpoint in _OWN_PAGES
    chosen = request.values.get("by", "") if own else ""
    page = render_template(
        "accounts/sign_in.html",
        kinds=LOGIN_KINDS,
        chosen=chosen if chosen in LOGIN_KINDS else "",
        typed=request.form.get("login", "") if own else "",
        errors=errors,
        next=_next(),
        kept=kept,
        ended=status == 401,
    )
    return page, status, {"Retry-After": str(wait)} if wait else {}


def _next() -> str:
    """Where to go after signing in: the asked page, or that of the form that came too late."""
    if request.endpoint in _OWN_PAGES:
        return safe_path(request.values.get("next", ""))
    return _page_of_the_form()


def _page_of_the_form() -> str:
    came_from = urlsplit(request.referrer or "")
    query = f"?{came_from.query}" if came_from.query else ""
    return safe_path(came_from.path + query) if came_from.netloc == request.host else ""


@bp.get("/login")
def sign_in_page() -> ResponseReturnValue:
    """«Вход в личный кабинет»; who is in already goes on."""
    if current_user.is_authenticated:
        return redirect(_next() or HOME, 303)
    return _page({})


@bp.post("/login")
def sign_in() -> ResponseReturnValue:
    """Check the login and the password; wrong ones, unknown ones and blocked accounts get one and the same answer."""
    password, kept = request.form.get("password", ""), request.form.get("kept", "")
    try:
        typed = recognise(request.form.get("login", ""))
    except InvalidValue as refused:
        return _page({"login": refused.message}, 422, kept=kept)
    if not password:
        return _page({"password": "Введите пароль."}, 422, kept=kept)
    try:
        entered = _tried(typed, password)
    except TooManyTries as refused:
        return _page({"": refused.message}, 429, kept=kept, wait=refused.retry_after)
    if entered is None:
        return _page({"login": REFUSED}, 422, kept=kept)
    return go_on(entered, _next() or HOME, kept=kept)


def _tried(login_id: tuple[LoginKind, str], password: str) -> Entered | None:
    return sign_in_actions.sign_in(
        login_id,
        password,
        visit=this_visit(),
        at=clock.now(),
        browser=known_browser(),
        leaving=current_user.session_id if current_user.is_authenticated else None,
    )


def go_on(entered: Entered, path: str, *, kept: str = "") -> Response:
    """Begin the session in the browser and lead the person on, first to what they typed before it ended, if anything.

    Where a second factor is to come, its code is asked for first.
    """
    if entered.half:
        return _ask_for_code(entered, path, kept)
    signed_in = login.load(entered.token)
    if signed_in is None:  # ended again in this very moment
        return make_response(redirect(url_for("accounts.sign_in_page"), 303))
    begin(signed_in)
    response = _given_back(kept, entered.user_id) or make_response(redirect(path, 303))
    remember_browser(response, entered.user_id)
    return response


def _ask_for_code(entered: Entered, path: str, kept: str) -> Response:
    """What was typed before the session ended travels on through the form of the code."""
    session.clear()
    session[HALF_COOKIE] = entered.token
    if not kept:
        return make_response(
            redirect(url_for("accounts.code_page", next=path if path != HOME else None), 303)
        )
    page = render_template(
        "accounts/sign_in_code.html", form=CodeForm(None), refused="", next=safe_path(path), kept=kept
    )
    return make_response(page)


def _given_back(kept: str, user_id: int) -> Response | None:
    if not kept:
        return None
    try:
        found = give_back(kept, user_id=user_id, secret=current_app.config["SECRET_KEY"])
    except WrongPerson:
        flash("Введенное до входа принадлежит другой учетной записи, поэтому не перенесено.", "warning")
        return make_response(redirect(HOME, 303))
    if found is None:
        return None
    page = render_template(
        "carried.html",
        title="Вы снова вошли, введенное сохранено",
        explanation="Проверьте и нажмите «Отправить еще раз».",
        target=found.target,
        fields=found.fields,
        had_files=found.had_files,
    )
    return make_response(page)


@bp.post("/logout")
def sign_out() -> ResponseReturnValue:
    """End the session for good and clear what the browser keeps of the site; safe to press twice."""
    if current_user.is_authenticated:
        sign_in_actions.sign_out(current_user.session_id, by=current_user.actor, at=clock.now())
    session.clear()
    response = make_response(redirect(url_for("accounts.sign_in_page"), 303))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def ask_to_sign_in() -> ResponseReturnValue:
    """The answer to somebody who is not, or no longer, signed in; a form that came too late is not lost."""
    if request.method in ("GET", "HEAD"):
        path = safe_path(_asked_path())
        asked = path if path not in ("", HOME) else None
        return redirect(url_for("accounts.sign_in_page", next=asked), 303)
    return _page({}, 401, kept=_kept())


def _asked_path() -> str:
    """The path and query of this request; a query may hold any bytes, so it is not read as UTF-8."""
    query = request.query_string.decode("latin-1")
    return f"{request.path}?{query}" if query else request.path


def _kept() -> str:
    """The form of an ended session, signed for its user. Without one nothing is read: the body may be anybody's."""
    token = session.get("_user_id")
    owner = owner_of(token) if isinstance(token, str) else None
    if owner is None or is_from_another_site():
        return ""
    kept = KeptFields(_asked_path(), carried_fields(request.form), had_files())
    return keep(kept, user_id=owner, secret=current_app.config["SECRET_KEY"])
