"""Signing by files of signatures that were made elsewhere: download the document, sign it, upload the signature."""

from collections.abc import Mapping, Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import clock
from app.accounts.sign_in_routes import this_visit
from app.cases.captions import heading
from app.cases.models import Case, CaseDocument
from app.cases.queries import party, visible_case
from app.cases.routes import READERS, UPLOAD_LIMIT
from app.company import queries as company
from app.company.wording import plural
from app.signing import certificate_actions
from app.signing.amounts import amounts_of
from app.signing.blueprint import bp
from app.signing.certificate_forms import ACCEPT, field_of, is_chosen, read_file, slot_ids
from app.signing.certificate_models import CertificateAttempt
from app.signing.certificate_queries import last_by_slot, told_of
from app.signing.certificate_rules import MOST_AT_ONCE, WAITS, Outcome
from app.signing.models import SignatureSlot
from app.signing.sign_queries import awaited_of, chosen, why_no_certificate
from app.web.idempotency import pressed_key
from app.web.login import current_actor
from app.web.policy import Rule

_SIGNS = Rule(roles=READERS, load={"case_id": ("case", visible_case)}, body_limit=UPLOAD_LIMIT)

POLICY: dict[str, Rule] = {"signing.file_page": _SIGNS, "signing.send_files": _SIGNS}


@bp.get("/cases/<id:case_id>/sign/file")
def file_page(case: Case) -> ResponseReturnValue:
    """The documents with a field for the signature of each; without named slots all that wait for this person."""
    named = slot_ids(request.args) or _all_awaited(case)
    return _page(case, chosen(case, current_actor(), named), {})


@bp.post("/cases/<id:case_id>/sign/file")
def send_files(case: Case) -> ResponseReturnValue:
    """Check the signatures that came; those that are right sign, the others come back with what to do."""
    actor, case_id = current_actor(), case.id
    named = slot_ids(request.form)
    pairs = chosen(case, actor, named)
    sent = [one for one in named if is_chosen(request.files, field_of(one))]
    if not sent:
        return _page(case, pairs, _nothing_chosen(pairs)), 422
    signatures = {one: read_file(request.files, field_of(one)) for one in sent}
    outcomes = certificate_actions.submit(
        case_id,
        signatures,
        road="file",
        by=actor,
        at=clock.now(),
        visit=this_visit(),
        session_id=current_user.session_id,
        key=pressed_key(),
    )
    return _answer(case_id, named, outcomes)


def _answer(case_id: int, named: Sequence[int], outcomes: Sequence[Outcome]) -> ResponseReturnValue:
    """Where to go when nothing was refused; else the page with the documents that are still to be signed."""
    refused = {one.slot_id: [one.sentence] for one in outcomes if one.state == "refused"}
    accepted = [one for one in outcomes if one.state == "accepted"]
    if accepted:
        words = plural(len(accepted), "документ", "документа", "документов")
        flash(f"Подписано: {len(accepted)} {words}.", "success")
    waiting = {one.state: one.sentence for one in outcomes if one.state in WAITS}
    for sentence in waiting.values():
        flash(sentence, "warning" if "waits_authority" in waiting else "info")
    done = {one.slot_id for one in outcomes if one.state in ("accepted", "waits_list")}
    left = [one for one in named if one not in done]
    if refused:
        case = visible_case(current_actor(), case_id)
        return _page(case, chosen(case, current_actor(), left), refused), 422
    if "waits_authority" in waiting:
        return redirect(url_for("signing.authority_page", case_id=case_id), 303)
    return redirect(url_for("cases.page", case_id=case_id, _anchor="documents"), 303)


def _nothing_chosen(pairs: Sequence[tuple[SignatureSlot, CaseDocument]]) -> dict[int, list[str]]:
    return {slot.id: ["Выберите файл подписи этого документа."] for slot, _document in pairs}


def _all_awaited(case: Case) -> list[int]:
    """What waits for this person's signature now."""
    return [one.slot.id for one in awaited_of(case, current_actor()) if one.ready][:MOST_AT_ONCE]


def _page(
    case: Case,
    pairs: Sequence[tuple[SignatureSlot, CaseDocument]],
    errors: Mapping[int, Sequence[str]],
) -> str:
    last = last_by_slot(case)
    told = [
        (f"f-{field_of(slot.id)}", f"{document.title}: {one}")
        for slot, document in pairs
        for one in errors.get(slot.id, ())
    ]
    rows = [
        {
            "slot": slot,
            "document": document,
            "field": field_of(slot.id),
            "errors": errors.get(slot.id, ()),
            "state": _state(last.get(slot.id)) if slot.id not in errors else "",
        }
        for slot, document in pairs
    ]
    return render_template(
        "signing/file.html",
        case=case,
        caption=heading(case.id, case.kind, case.status, case.title),
        amounts=amounts_of(case),
        rows=rows,
        no_certificate=why_no_certificate(case, current_actor()),
        side=party(current_actor(), case),
        office=company.profile(),
        errors=told,
        accept=ACCEPT,
    )


def _state(attempt: CertificateAttempt | None) -> str:
    """What became of the signature that was sent for this document before."""
    if attempt is None:
        return ""
    if attempt.state == "refused":
        return "" if attempt.reason == "replaced" else f"Прошлая подпись не принята. {told_of(attempt)}"
    return WAITS.get(attempt.state, "")
