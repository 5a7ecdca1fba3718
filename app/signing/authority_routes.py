"""Machine-readable powers of attorney: the sender's page, and the page on which the office decides."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.actor import STAFF
from app.cases.captions import heading
from app.cases.downloads import FILE_POLICY, file_answer
from app.cases.forms import chosen_files, put_errors
from app.cases.models import Case
from app.cases.queries import party, people, require, visible_case
from app.cases.routes import READERS, UPLOAD_LIMIT
from app.documents.file_names import content_disposition
from app.documents.models import DocumentVersion
from app.errors import InvalidForm
from app.extensions import db
from app.signing import authority_actions
from app.signing.authority_actions import OVER
from app.signing.authority_forms import AuthorityForm, JudgeForm, StopForm
from app.signing.authority_list_queries import MOST_SHOWN, powers, signed_by
from app.signing.authority_queries import (
    ACCEPTED,
    accepted_since,
    authorities_of,
    authority_in,
    content_of,
    is_over,
    judges_own,
    owners_waiting,
    waiting_signatures,
    why_may_not_judge,
    why_may_not_send,
)
from app.signing.blueprint import bp
from app.signing.certificate_forms import ACCEPT, read_file
from app.signing.certificate_models import MachineAuthority
from app.signing.slot_rules import SIGNATURES
from app.web.idempotency import pressed_key
from app.web.login import current_actor
from app.web.policy import Rule

_CASE = {"case_id": ("case", visible_case)}
_SENDS = Rule(roles=READERS, load=_CASE, body_limit=UPLOAD_LIMIT)
_READS = Rule(roles=READERS, load=_CASE)
_JUDGES = Rule(roles=STAFF, load=_CASE)

POLICY: dict[str, Rule] = {
    "signing.authority_page": _SENDS,
    "signing.send_authority": _SENDS,
    "signing.authorities_page": Rule(roles=STAFF),
    "signing.judge_page": _JUDGES,
    "signing.judge": _JUDGES,
    "signing.authority_file": _READS,
    "signing.authority_signature": _READS,
}

_REFUSED = "Доверенность не принята, отправителю ушло письмо с причиной."
_STOPPED = "Доверенность больше не принимается, отправителю ушло письмо с причиной. Что уже подписано, осталось подписанным."


@bp.get("/authorities")
def authorities_page() -> str:
    """All powers of attorney: what waits for the office, what is accepted, what is over or accepted no more."""
    return render_template("signing/authorities.html", powers=powers(clock.now()), most=MOST_SHOWN)


@bp.get("/cases/<id:case_id>/sign/authority")
def authority_page(case: Case) -> ResponseReturnValue:
    """What waits for a power of attorney, the form, and what was sent before."""
    return _page(case, AuthorityForm())


@bp.post("/cases/<id:case_id>/sign/authority")
def send_authority(case: Case) -> ResponseReturnValue:
    """Send one for the office to read."""
    case_id, form = case.id, AuthorityForm(request.form)
    signature, press = read_file(request.files, "signature"), pressed_key()
    file = next(iter(chosen_files("xml")), None)
    try:
        authority_actions.send(case_id, file, signature, by=current_actor(), at=clock.now(), key=press)
    except InvalidForm as error:
        return _page(case, form, put_errors(form, error)), 422
    flash(
        "Доверенность отправлена. Сотрудник сетевой организации прочитает ее, решение придет письмом.",
        "success",
    )
    return redirect(url_for("cases.page", case_id=case_id, _anchor="documents"), 303)


@bp.get("/cases/<id:case_id>/sign/authority/<id:authority_id>")
def judge_page(case: Case, authority_id: int) -> ResponseReturnValue:
    """One power of attorney as the office reads it."""
    require(party(current_actor(), case) == "company")
    row = authority_in(case, current_actor(), authority_id)
    return _judge_page(case, row, _judge_form(row))


@bp.post("/cases/<id:case_id>/sign/authority/<id:authority_id>")
def judge(case: Case, authority_id: int) -> ResponseReturnValue:
    """Accept or refuse it."""
    case_id, form = case.id, _judge_form(authority_in(case, current_actor(), authority_id))
    stops = isinstance(form, StopForm)
    act = {"by": current_actor(), "at": clock.now(), "key": pressed_key()}
    if request.form.get("decision") == "accept":
        authority_actions.accept(case_id, authority_id, **act)  # type: ignore[arg-type]
        flash("Доверенность принята, отправителю ушло письмо.", "success")
        return redirect(url_for("cases.page", case_id=case_id, _anchor="documents"), 303)
    try:
        authority_actions.refuse(case_id, authority_id, form.remark.data or "", **act)  # type: ignore[arg-type]
    except InvalidForm as error:
        row = authority_in(case, current_actor(), authority_id)
        return _judge_page(case, row, form, put_errors(form, error)), 422
    flash(_STOPPED if stops else _REFUSED, "success")
    return redirect(url_for("cases.page", case_id=case_id, _anchor="documents"), 303)


@bp.get("/cases/<id:case_id>/sign/authority/<id:authority_id>/file")
def authority_file(case: Case, authority_id: int) -> Response:
    """The file as it came."""
    return file_answer(_version(authority_in(case, current_actor(), authority_id)))


@bp.get("/cases/<id:case_id>/sign/authority/<id:authority_id>/signature")
def authority_signature(case: Case, authority_id: int) -> Response:
    """The principal's detached signature of the file."""
    row = authority_in(case, current_actor(), authority_id)
    response = Response(row.cms, mimetype="application/pkcs7-signature")
    response.headers["Content-Disposition"] = content_disposition(f"{_version(row).file_name}.sig")
    response.headers["Content-Security-Policy"] = FILE_POLICY
    response.headers["Cache-Control"] = "no-store"
    return response


def _version(row: MachineAuthority) -> DocumentVersion:
    return db.session.get_one(DocumentVersion, row.document_version_id)


def _judge_form(row: MachineAuthority) -> JudgeForm | StopForm:
    """Of one that is accepted only the end can be told; the form asks why."""
    return (StopForm if row.state == ACCEPTED else JudgeForm)(request.form)


def _page(case: Case, form: AuthorityForm, errors: object = ()) -> str:
    side = party(current_actor(), case)
    return render_template(
        "signing/authority.html",
        case=case,
        caption=heading(case.id, case.kind, case.status, case.title),
        form=form,
        errors=errors,
        owners=owners_waiting(case, side),
        waiting=len(waiting_signatures(case, side)),
        closed=why_may_not_send(case, current_actor()),
        again=accepted_since(case, side, clock.now()),
        sent=[(one, is_over(one, clock.now())) for one in authorities_of(case, side)],
        accept=ACCEPT,
    )


def _judge_page(case: Case, row: MachineAuthority, form: JudgeForm | StopForm, errors: object = ()) -> str:
    return render_template(
        "signing/authority_judge.html",
        case=case,
        caption=heading(case.id, case.kind, case.status, case.title),
        row=row,
        version=_version(row),
        content=content_of(row),
        signed_by=row.verdict.get("owner") or {},
        whose=SIGNATURES[row.party],
        waiting=len(waiting_signatures(case, row.party)),
        judge=people([row.decided_by]).get(row.decided_by, "") if row.decided_by else "",
        over=OVER.format(row.valid_until) if is_over(row, clock.now()) else "",
        used=signed_by(row),
        own=judges_own(row, current_actor()),
        closed=why_may_not_judge(row, current_actor()),
        form=form,
        errors=errors,
    )
