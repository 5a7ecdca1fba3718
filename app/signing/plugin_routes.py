"""Signing by certificate in the browser: the plug-in signs the hashes, the server checks what it made."""

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
from app.signing import certificate_actions
from app.signing.amounts import amounts_of
from app.signing.blueprint import bp
from app.signing.certificate_forms import field_of, slot_ids
from app.signing.certificate_rules import MOST_AT_ONCE, Outcome
from app.signing.models import SignatureSlot
from app.signing.plugin_forms import read_signature
from app.signing.plugin_queries import hashes_of, plugin_setup
from app.signing.plugin_rules import script_sources
from app.signing.sign_queries import awaited_of, chosen, why_no_certificate
from app.signing.slot_queries import slot_in
from app.web.headers import allow_scripts
from app.web.idempotency import pressed_key
from app.web.login import current_actor
from app.web.policy import Rule

Pairs = Sequence[tuple[SignatureSlot, CaseDocument]]

_SIGNS = Rule(roles=READERS, load={"case_id": ("case", visible_case)}, body_limit=UPLOAD_LIMIT)

POLICY: dict[str, Rule] = {"signing.certificate_page": _SIGNS, "signing.send_signatures": _SIGNS}

_NOT_SIGNED = "Этот документ плагин не подписал. Выберите сертификат и нажмите «Подписать и отправить»."
_TONES = {"accepted": "success", "waits_list": "info", "waits_authority": "warning"}


@bp.get("/cases/<id:case_id>/sign/certificate")
def certificate_page(case: Case) -> ResponseReturnValue:
    """The documents, and the certificates that the plug-in finds; without named slots all that wait for this person."""
    actor = current_actor()
    waiting = [one.slot.id for one in awaited_of(case, actor) if one.ready]
    return _page(case, chosen(case, actor, slot_ids(request.args) or waiting), {})


@bp.post("/cases/<id:case_id>/sign/certificate")
def send_signatures(case: Case) -> ResponseReturnValue:
    """Check the signatures that the plug-in made; what became of each is said by itself."""
    actor, case_id, named = current_actor(), case.id, slot_ids(request.form)
    sent = {one: read_signature(request.form, field_of(one)) for one in named}
    signatures = {one: cms for one, cms in sent.items() if cms}
    if not signatures:
        pairs = chosen(case, actor, named)
        return _page(case, pairs, {slot.id: _NOT_SIGNED for slot, _document in pairs}), 422
    outcomes = certificate_actions.submit(
        case_id,
        signatures,
        road="plugin",
        by=actor,
        at=clock.now(),
        visit=this_visit(),
        session_id=current_user.session_id,
        key=pressed_key(),
    )
    unsigned = [one for one in named if one not in signatures]
    return _answer(case_id, outcomes, unsigned)


def _answer(case_id: int, outcomes: Sequence[Outcome], unsigned: Sequence[int]) -> ResponseReturnValue:
    """Each document with what became of it; what is refused stays on the page to be signed again."""
    case = visible_case(current_actor(), case_id)
    errors = dict.fromkeys(unsigned, _NOT_SIGNED)
    for one in outcomes:
        if one.state == "refused":
            errors[one.slot_id] = one.sentence
        else:
            _slot, document = slot_in(case, current_actor(), one.slot_id)
            flash(f"{document.title}: {one.sentence[0].lower()}{one.sentence[1:]}", _TONES[one.state])
    if errors:
        return _page(case, chosen(case, current_actor(), list(errors)), errors), 422
    if any(one.state == "waits_authority" for one in outcomes):
        return redirect(url_for("signing.authority_page", case_id=case_id), 303)
    return redirect(url_for("cases.page", case_id=case_id, _anchor="documents"), 303)


def _page(case: Case, pairs: Pairs, errors: Mapping[int, str]) -> str:
    """The page, with the browser allowed to load the plug-in; without a set up plug-in it leads to the road by file.

    It shows what is signed at once and no more: hashes take runs of a program.
    """
    setup, pairs = plugin_setup(), pairs[:MOST_AT_ONCE]
    if setup.script:
        allow_scripts(*script_sources(setup.script))
    rows = [
        {
            "slot": slot,
            "document": document,
            "field": field_of(slot.id),
            "error": errors.get(slot.id, ""),
            "hashes": hashes_of(document) if setup.script else None,
        }
        for slot, document in pairs
    ]
    named = [slot.id for slot, _document in pairs]
    return render_template(
        "signing/certificate.html",
        case=case,
        caption=heading(case.id, case.kind, case.status, case.title),
        amounts=amounts_of(case),
        rows=rows,
        no_certificate=why_no_certificate(case, current_actor()),
        side=party(current_actor(), case),
        office=company.profile(),
        errors=_told(pairs, errors),
        setup=setup,
        by_file=url_for("signing.file_page", case_id=case.id, slot=named),
        again=url_for("signing.certificate_page", case_id=case.id, slot=named),
    )


def _told(pairs: Pairs, errors: Mapping[int, str]) -> list[tuple[str, str]]:
    """The refusals for the summary above the page, each with its document."""
    return [
        (f"document-{slot.id}", f"{document.title}: {errors[slot.id]}")
        for slot, document in pairs
        if slot.id in errors
    ]
