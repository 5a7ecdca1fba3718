"""Signing by a code from an SMS: what is signed and «Получить код», entering, that it is signed.

The same pages stand in the dialog and by themselves: `act_pages` says how an act answers, but this one has two steps.
"""

from typing import Any

from flask import current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import clock
from app.accounts.queries import account_of
from app.accounts.sign_in_routes import this_visit
from app.accounts.throttle import network
from app.actor import APPLICANT
from app.cases import panels
from app.cases.captions import heading
from app.cases.models import Case
from app.cases.queries import visible_case
from app.company import queries as company
from app.errors import (
    Conflict,
    DomainError,
    Forbidden,
    InvalidForm,
    InvalidValue,
    NotFound,
    TooManyTries,
    Unavailable,
)
from app.notifications import sms_queries
from app.notifications.sms_rules import is_mobile, masked
from app.signing import code_actions, code_queries
from app.signing.amounts import amounts_of
from app.signing.blueprint import bp
from app.signing.code_forms import CodeForm
from app.signing.code_models import SigningCode
from app.signing.code_queries import Asker
from app.signing.code_rules import (
    BY_CERTIFICATE,
    NO_NUMBER,
    WHY_NOT,
    clock_words,
    documents_hash,
    wrong_words,
)
from app.signing.sign_queries import chosen, roads_of
from app.web import htmx
from app.web.idempotency import pressed_key
from app.web.login import current_actor
from app.web.policy import Rule

_OWN = Rule(roles=frozenset({APPLICANT}), load={"case_id": ("case", visible_case)})

POLICY: dict[str, Rule] = {
    "signing.code_page": _OWN,
    "signing.ask_code": _OWN,
    "signing.accept_agreement": _OWN,
    "signing.entry_page": _OWN,
    "signing.enter_code": _OWN,
}

#: How refusals of a plain form are answered; a fragment's are said in the dialog by the web kit, but for a conflict.
_STATUS: dict[type[DomainError], int] = {Forbidden: 403, Conflict: 409, TooManyTries: 429, Unavailable: 503}
#: For the live region: what is to be said stands in the part itself.
_NOTHING_MORE = '<div id="flash" hx-swap-oob="innerHTML"></div>'
#: More slots than these nobody names.
_MOST_SLOTS = 50
#: A timer that runs longer is told in words and not waited for.
_LONGEST_TIMER = 90


@bp.get("/cases/<id:case_id>/sign/code")
def code_page(case: Case) -> ResponseReturnValue:
    """What will be signed, to which number the code goes; a code that is under way already is entered."""
    slot_ids = _slots()
    code = _under_way(case, slot_ids)
    if code is None:
        return _code(case, slot_ids)
    return _entry(case, code.id) if htmx.wants_fragment() else redirect(_entry_url(case.id, code.id), 303)


@bp.post("/cases/<id:case_id>/sign/code")
def ask_code(case: Case) -> ResponseReturnValue:
    """Send a code, the first one or another one, and go to where it is entered."""
    case_id, slot_ids = case.id, _slots()
    try:
        code_id = code_actions.ask_code(
            case_id,
            slot_ids,
            by=_asker(),
            at=clock.now(),
            key=pressed_key(),
            url=_code_url(case_id, slot_ids),
        )
    except (Conflict, Forbidden, TooManyTries, Unavailable) as error:
        _leave_to_the_kit(error)
        code = _under_way(case, slot_ids)
        return _code(case, slot_ids, error) if code is None else _entry(case, code.id, error)
    if htmx.wants_fragment():
        return _entry(visible_case(current_actor(), case_id), code_id)
    return redirect(_entry_url(case_id, code_id), 303)


@bp.post("/cases/<id:case_id>/sign/agreement")
def accept_agreement(case: Case) -> ResponseReturnValue:
    """Accept the agreement without which a code is no signature, and go on."""
    case_id, slot_ids = case.id, _slots()
    url = _code_url(case_id, slot_ids)
    version, now = request.form.get("agreement", "")[:20], clock.now()
    try:
        code_actions.accept_agreement(case_id, version, by=_asker(), at=now, key=pressed_key(), url=url)
    except InvalidForm as error:
        return _code(case, slot_ids, error)
    return _code(case, slot_ids) if htmx.wants_fragment() else redirect(url, 303)


@bp.get("/cases/<id:case_id>/sign/code/<id:code_id>")
def entry_page(case: Case, code_id: int) -> ResponseReturnValue:
    """Where a code is entered; that it has signed; why it signs nothing any more."""
    return _entry(case, code_id)


@bp.post("/cases/<id:case_id>/sign/code/<id:code_id>")
def enter_code(case: Case, code_id: int) -> ResponseReturnValue:
    """Sign with the code from the SMS."""
    case_id, form = case.id, CodeForm(request.form)
    url = _entry_url(case_id, code_id)
    secret_key = current_app.extensions["config"].secret_key
    try:
        entered = code_actions.enter_code(
            case_id,
            code_id,
            form.code.data or "",
            by=_asker(),
            at=clock.now(),
            secret_key=secret_key,
            url=url,
        )
    except (InvalidValue, Conflict, Forbidden, TooManyTries) as error:
        _leave_to_the_kit(error)
        return _entry(case, code_id, error)
    if not entered.signed:
        return _entry(case, code_id, InvalidValue(wrong_words(entered.tries_left)))
    if not htmx.wants_fragment():
        return redirect(url, 303)
    done, actor = visible_case(current_actor(), case_id), current_actor()
    on_its_page = htmx.page_path().partition("?")[0] == url_for("cases.page", case_id=case_id)
    return _entry_text(done, code_id) + (panels.parts(done, actor) + htmx.oob_badge() if on_its_page else "")


def _asker() -> Asker:
    return Asker(current_actor(), this_visit(), current_user.session_id)


def _slots() -> list[int]:
    """The slots that the request names, each once; NotFound for what no page of the site has printed."""
    named = request.values.getlist("slot")
    if len(named) > _MOST_SLOTS or not all(
        one.isascii() and one.isdigit() and len(one) < 19 for one in named
    ):
        raise NotFound
    return list(dict.fromkeys(int(one) for one in named))


def _code_url(case_id: int, slot_ids: list[int]) -> str:
    return url_for("signing.code_page", case_id=case_id, slot=slot_ids[: code_actions.MOST_DOCUMENTS])


def _entry_url(case_id: int, code_id: int) -> str:
    return url_for("signing.entry_page", case_id=case_id, code_id=code_id)


def _leave_to_the_kit(error: DomainError) -> None:
    """In a dialog what is no form to mend is said by the web kit, and the dialog stays as it is."""
    if htmx.wants_fragment() and not isinstance(error, Conflict | InvalidValue):
        raise error


def _under_way(case: Case, slot_ids: list[int]) -> SigningCode | None:
    """The code that was asked for in this session for these very documents and can be entered."""
    actor = current_actor()
    code = code_queries.open_code(actor.user_id)
    if code is None or code.case_id != case.id or code_queries.slots_signed_by(code) != slot_ids:
        return None
    is_now = code_queries.standing_of(code, session_id=current_user.session_id, at=clock.now())
    if is_now != "open":
        return None
    try:
        documents = code_queries.shown_documents(chosen(case, actor, slot_ids))
    except DomainError:
        return None
    return code if documents_hash(documents) == code.digest else None


def _code(case: Case, slot_ids: list[int], refused: DomainError | None = None) -> ResponseReturnValue:
    actor = current_actor()
    pairs, why = [], ""
    try:
        pairs = chosen(case, actor, slot_ids)
    except (Conflict, Forbidden) as error:
        why = error.message
    if pairs and "code" not in roads_of(case, actor):
        why = BY_CERTIFICATE
    phone = account_of(actor).phone
    if not why and not is_mobile(phone):
        why = NO_NUMBER
    fields = refused.errors if isinstance(refused, InvalidForm) else {}
    said = "" if refused is None or fields or refused.message == why else refused.message
    text = htmx.answer(
        "signing/code.html",
        "signing/_code.html",
        **_around(case, code_queries.shown_documents(pairs)),
        slot_ids=slot_ids,
        why=why,
        said=said,
        agreement=company.current_text(code_queries.AGREEMENT),
        accepted=code_queries.agreement_of(actor.user_id) is not None,
        field_errors=fields.get("agreement", []),
        errors=[("f-agreement", one) for one in fields.get("agreement", [])],
        phone=masked(phone),
        office=company.profile(),
        is_confirmed=actor.confirmed,
    )
    return _with_status(text, refused)


def _entry(case: Case, code_id: int, refused: DomainError | None = None) -> ResponseReturnValue:
    return _with_status(_entry_text(case, code_id, refused), refused)


def _entry_text(case: Case, code_id: int, refused: DomainError | None = None) -> str:
    code, now = code_queries.code_in(case, current_actor(), code_id), clock.now()
    around = _around(case, code.documents)
    signed = code_queries.signatures_by(code)
    if signed:
        return htmx.answer("signing/code_done.html", "signing/_code_done.html", signed=signed, **around)
    is_now = code_queries.standing_of(code, session_id=current_user.session_id, at=now)
    wait = sms_queries.wait(code.phone, network(this_visit().address), at=now)
    sms, said = code_queries.sms_of(code), refused.message if refused else ""
    return htmx.answer(
        "signing/code_entry.html",
        "signing/_code_entry.html",
        code=code,
        **around,
        slot_ids=code_queries.slots_signed_by(code),
        why=WHY_NOT.get(is_now, ""),
        said="" if said == WHY_NOT.get(is_now) else said,
        errors=[("f-code", said)] if isinstance(refused, InvalidValue) and is_now == "open" else [],
        phone=masked(code.phone),
        wait=wait,
        timer=wait.seconds if wait and wait.seconds <= _LONGEST_TIMER else 0,
        again=clock_words(wait.seconds, now, company.profile().zone) if wait else "",
        told=sms_queries.awaited_words(sms) if sms is not None and is_now == "open" else None,
    )


def _around(case: Case, documents: list[dict[str, Any]]) -> dict[str, Any]:
    """What all three pages show: the case, and what is signed with the way to each file."""
    return {
        "case": case,
        "caption": heading(case.id, case.kind, case.status, case.title),
        "amounts": amounts_of(case),
        "documents": [
            {**one, "label": str(one["file_name"]).rpartition(".")[2].upper()} for one in documents
        ],
    }


def _with_status(text: str, refused: DomainError | None) -> ResponseReturnValue:
    if refused is None:
        return text
    status = next((code for kind, code in _STATUS.items() if isinstance(refused, kind)), 422)
    if status == 409 and htmx.wants_fragment():
        text += _NOTHING_MORE
    wait = {"Retry-After": str(refused.retry_after)} if isinstance(refused, TooManyTries) else {}
    return text, status, wait
