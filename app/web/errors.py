"""What people get when something is refused: one table from kinds of errors to answers.

No answer carries a traceback, SQL, a path or a version; an unforeseen error shows a number that stands in the log.
"""

import secrets
import traceback
from pathlib import Path

from flask import Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError, SQLAlchemyError, StatementError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError

from app import errors
from app.extensions import db
from app.web.carried import carried_page, is_from_another_site
from app.web.headers import content_policy
from app.web.htmx import leave, refusal, wants_fragment

_STATUS: dict[type[errors.DomainError], int] = {
    errors.NotFound: 404,
    errors.Forbidden: 403,
    errors.InvalidValue: 422,
    errors.InvalidForm: 422,
    errors.Conflict: 409,
    errors.IllegalMove: 409,
    errors.TooLarge: 413,
    errors.TooManyTries: 429,
    errors.Unavailable: 503,
}

#: Seconds after which a person may try again when the database or the disk was busy.
RETRY_AFTER = 10


def init_app(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(errors.AlreadyDone, _already_done)
    app.register_error_handler(errors.DomainError, _refused)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(StaleDataError, _overtaken)
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(OSError, _disk)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unforeseen)


#: Refusals whose advice helps somebody who stays on the page, too.
_ADVISED = (400, 413, 500, 503)


def _page(
    status: int,
    message: str = "",
    *,
    number: str = "",
    retry_after: int = 0,
    native: bool = False,
    kind: str = "",
) -> ResponseReturnValue:
    headers = {"Retry-After": str(retry_after)} if retry_after else {}
    if wants_fragment():
        return refusal(_sentence(status, message, number), status, native=native), headers
    try:
        page = render_template("errors/page.html", code=status, kind=kind, message=message, number=number)
    except SQLAlchemyError:
        # Every page shows the company, whose name is in the database that is away.
        page, headers["Content-Security-Policy"] = _plain_page(503)
    return page, status, headers


def _sentence(status: int, message: str, number: str) -> str:
    """What happened and what to do, for somebody whose page stays as it is."""
    texts = current_app.jinja_env.get_template("errors/texts.html").module.texts  # type: ignore[attr-defined]
    _, happened, advice = texts.get(status, texts[500])
    words = [message or happened]
    if status in _ADVISED and not message:
        words.append(advice)
    if number:
        words.append(f"Номер ошибки: {number}.")
    if request.method == "POST":
        words.append("Введенное осталось на странице.")
    return " ".join(words)


def _plain_page(code: int) -> tuple[str, str]:
    """A page that needs neither the database nor an address of the site, and its Content-Security-Policy."""
    page = Path(current_app.static_folder or "", "errors", f"{code}.html").read_text(encoding="utf-8")
    style = page.partition("<style>")[2].partition("</style>")[0]
    return page, content_policy(style)


def _already_done(error: errors.AlreadyDone) -> ResponseReturnValue:
    return leave(error.url)


def _refused(error: errors.DomainError) -> ResponseReturnValue:
    status = next((_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS), 422)
    wait = (
        error.retry_after if isinstance(error, errors.TooManyTries) else RETRY_AFTER if status == 503 else 0
    )
    return _page(status, error.message, retry_after=wait, kind="refused" if _is_plain_refusal(error) else "")


def _is_plain_refusal(error: errors.DomainError) -> bool:
    """Whether a conflict says in words of its own why not: then nothing need have changed since the page was shown."""
    return type(error) is errors.Conflict and error.message != errors.Conflict.sentence


def _stale_form(error: CSRFError) -> ResponseReturnValue:
    if "referrer" not in (error.description or "") and is_from_another_site():
        return _page(422, "Форма пришла не с нашего сайта. Ничего не изменено.")
    if wants_fragment():
        return _page(409, "Страница была открыта слишком давно. Нажмите кнопку формы еще раз.", native=True)
    if "referrer" in (error.description or ""):
        return carried_page(
            "Форма пришла не с нашего сайта",
            "Браузер не сообщил, с какой страницы отправлена форма, или она с другого сайта. Ничего не изменено. "
            "Если вы заполняли ее здесь, нажмите «Отправить еще раз»; не поможет — разрешите браузеру передавать "
            "адрес страницы (заголовок Referer).",
            status=422,
        )
    return carried_page(
        "Страница была открыта слишком давно",
        "Введенное сохранено на этой странице. Проверьте и нажмите «Отправить еще раз».",
        status=422,
    )


def _overtaken(_error: StaleDataError) -> ResponseReturnValue:
    db.session.rollback()
    return _page(409, errors.Conflict.sentence)


def _busy(error: OperationalError) -> ResponseReturnValue:
    db.session.rollback()
    current_app.logger.warning("database unavailable: %s", type(error.orig).__name__)
    return _page(503, errors.Unavailable.sentence, retry_after=RETRY_AFTER)


def _disk(error: OSError) -> ResponseReturnValue:
    db.session.rollback()
    current_app.logger.error("disk or network refused: errno %s", error.errno)
    return _page(503, errors.Unavailable.sentence, retry_after=RETRY_AFTER)


def _http(error: HTTPException) -> ResponseReturnValue:
    if isinstance(error, SecurityError):
        # The host is none of ours, so no address of the site can be written.
        page, policy = _plain_page(400)
        return page, 400, {"Content-Security-Policy": policy}
    return _page(error.code or 500)


def _unforeseen(error: Exception) -> ResponseReturnValue:
    db.session.rollback()
    if isinstance(error, StatementError) and isinstance(error.orig, OverflowError | UnicodeEncodeError):
        return _page(400)
    number = secrets.token_hex(4)
    # The path may name a case, never a person: searches and codes do not travel in it.
    if isinstance(error, SQLAlchemyError):
        # The words of these errors repeat the rows they are about, and PostgreSQL's even the values: where is enough.
        where = "".join(traceback.format_tb(error.__traceback__))
        words = (number, request.endpoint, type(error).__name__, where)
        current_app.logger.error("unforeseen error %s at %s: %s\n%s", *words)
    else:
        current_app.logger.exception("unforeseen error %s at %s", number, request.endpoint)
    return _page(500, number=number)
