"""«Документы на подпись»: what waits for this person's signature and how to sign it; declining, and the answer to it."""

from collections.abc import Callable
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.actor import STAFF, SUPPLIER
from app.cases.act_pages import act_done, act_page, seen_by_reader
from app.cases.captions import heading
from app.cases.changes import CaseChanged
from app.cases.forms import put_errors
from app.cases.held_case import require_open
from app.cases.models import Case
from app.cases.queries import party, visible_case
from app.cases.routes import READERS
from app.company import queries as company
from app.errors import DomainError, InvalidForm
from app.signing import decline_actions
from app.signing.amounts import amounts_of
from app.signing.blueprint import bp
from app.signing.certificate_forms import slot_ids
from app.signing.decline_forms import AnswerForm, ReasonForm
from app.signing.plugin_queries import plugin_setup
from app.signing.policy import NOT_CONFIRMED
from app.signing.sign_queries import (
    Awaited,
    awaited_of,
    declined_with,
    is_contract_to_sign,
    roads_of,
    why_no_certificate,
)
from app.signing.slot_queries import slot_in
from app.signing.slot_rules import SIGNATURES
from app.web import htmx
from app.web.idempotency import pressed_key
from app.web.login import current_actor
from app.web.policy import Rule

_READS = Rule(roles=READERS, load={"case_id": ("case", visible_case)})
_ANSWERS = Rule(roles=STAFF | {SUPPLIER}, load={"case_id": ("case", visible_case)})

POLICY: dict[str, Rule] = {
    "signing.sign_page": _READS,
    "signing.decline_page": _READS,
    "signing.decline": _READS,
    "signing.answer_page": _ANSWERS,
    "signing.answer": _ANSWERS,
}

#: The roads as buttons: what is written on each, and the page it leads to; a certificate has two.
_BUTTONS = (
    ("code", "Подписать кодом из СМС", "signing.code_page"),
    ("certificate", "Подписать сертификатом", "signing.certificate_page"),
    ("certificate", "Приложить файл подписи", "signing.file_page"),
)


@bp.get("/cases/<id:case_id>/sign")
def sign_page(case: Case) -> ResponseReturnValue:
    """The documents that wait for this person, ticked, and the ways to sign them; or why there is nothing to sign."""
    actor = current_actor()
    found = awaited_of(case, actor)
    rows = [one for one in found if one.ready]
    named = set(slot_ids(request.args))
    side = party(actor, case)
    return htmx.answer(
        "signing/sign.html",
        "signing/_sign.html",
        case=case,
        caption=heading(case.id, case.kind, case.status, case.title),
        amounts=amounts_of(case),
        rows=[
            (one, not named or one.slot.id in named, side != "applicant" or not _is_contract(case, one))
            for one in rows
        ],
        later=[one for one in found if one.why_not],
        sent=[one for one in found if one.sent and not one.why_not],
        why=_personal(found, rows),
        not_confirmed=NOT_CONFIRMED,
        buttons=_buttons(case) if rows else [],
        no_certificate=why_no_certificate(case, actor) if rows else "",
        side=side,
        office=company.profile(),
        on_paper=side == "applicant",
        papers_of={one.document.side for one in found},
        supplier=case.supplier_name,
        marks=side != "applicant" and bool(found),
    )


@bp.get("/cases/<id:case_id>/sign/decline/<id:slot_id>")
def decline_page(case: Case, slot_id: int) -> ResponseReturnValue:
    """Before a signature is declined: what follows, and the reason."""
    return _decline(case, slot_id, ReasonForm())


@bp.post("/cases/<id:case_id>/sign/decline/<id:slot_id>")
def decline(case: Case, slot_id: int) -> ResponseReturnValue:
    """Decline the signature."""
    form, case_id, by = ReasonForm(request.form), case.id, current_actor()
    press = {"key": pressed_key(), "seen": seen_by_reader()}
    try:
        decline_actions.decline(case_id, slot_id, form.reason.data or "", by=by, at=clock.now(), **press)
    except (InvalidForm, CaseChanged) as error:
        return _decline(case, slot_id, form, error)
    return act_done(case_id, "Вы отказались подписать документ, об этом отправлено письмо.")


@bp.get("/cases/<id:case_id>/sign/answer/<id:slot_id>")
def answer_page(case: Case, slot_id: int) -> ResponseReturnValue:
    """Before the answer to a declined signature."""
    return _answer(case, slot_id, AnswerForm())


@bp.post("/cases/<id:case_id>/sign/answer/<id:slot_id>")
def answer(case: Case, slot_id: int) -> ResponseReturnValue:
    """Answer: the document waits for the signature again."""
    form, case_id, by = AnswerForm(request.form), case.id, current_actor()
    press = {"key": pressed_key(), "seen": seen_by_reader()}
    try:
        decline_actions.answer(case_id, slot_id, form.reason.data or "", by=by, at=clock.now(), **press)
    except (InvalidForm, CaseChanged) as error:
        return _answer(case, slot_id, form, error)
    return act_done(case_id, "Ответ отправлен, документ снова ждет подписи.")


def _is_contract(case: Case, found: Awaited) -> bool:
    return is_contract_to_sign(case, found.document)


def _personal(found: list[Awaited], rows: list[Awaited]) -> str:
    """What keeps this very person from signing, when it keeps them from everything."""
    if rows or not found:
        return ""
    reasons = {one.why_not for one in found}
    return reasons.pop() if len(reasons) == 1 else ""


def _buttons(case: Case) -> list[tuple[str, str, bool]]:
    """(words, address, whether it opens in the dialog) of each road that leads anywhere, the usual one first."""
    closed = "certificate" if why_no_certificate(case, current_actor()) else ""
    roads = [one for one in roads_of(case, current_actor()) if one != closed]
    return [
        (words, url_for(endpoint, case_id=case.id), kind == "code")
        for road in roads
        for kind, words, endpoint in _BUTTONS
        if kind == road and (endpoint != "signing.certificate_page" or plugin_setup().script)
    ]


def _decline(
    case: Case, slot_id: int, form: ReasonForm, refused: DomainError | None = None
) -> ResponseReturnValue:
    slot, document = slot_in(case, current_actor(), slot_id)

    def check(found: Case) -> None:
        decline_actions.require_declinable(found, current_actor(), slot, document)

    return _page("decline", case, slot_id, form, refused, check)


def _answer(
    case: Case, slot_id: int, form: AnswerForm, refused: DomainError | None = None
) -> ResponseReturnValue:
    slot, document = slot_in(case, current_actor(), slot_id)

    def check(found: Case) -> None:
        side = party(current_actor(), found)
        require_open(found, side)
        decline_actions.require_answerable(found, side, slot, document)

    return _page("answer", case, slot_id, form, refused, check, why=declined_with(case, slot))


def _page(
    name: str,
    case: Case,
    slot_id: int,
    form: ReasonForm | AnswerForm,
    refused: DomainError | None,
    check: Callable[[Case], None],
    **told: Any,
) -> ResponseReturnValue:
    """The form, or the form again with what was refused; what cannot be done has no form."""
    if refused is None:
        check(case)
    slot, document = slot_in(case, current_actor(), slot_id)
    return act_page(
        f"signing/{name}",
        case,
        refused=refused,
        check=check,
        caption=heading(case.id, case.kind, case.status, case.title),
        slot=slot,
        document=document,
        whose=SIGNATURES[slot.party],
        form=form,
        errors=put_errors(form, refused) if isinstance(refused, InvalidForm) else [],
        **told,
    )
