"""Signatures on paper: staff attach the signed scan to a line under a document."""

from flask import request
from flask.typing import ResponseReturnValue

from app import clock
from app.actor import STAFF, SUPPLIER
from app.cases.act_pages import act_done, act_page, seen_by_reader
from app.cases.captions import heading
from app.cases.changes import CaseChanged
from app.cases.forms import chosen_files, put_errors
from app.cases.held_case import require_open
from app.cases.models import Case
from app.cases.queries import party, require, visible_case
from app.cases.routes import UPLOAD_LIMIT
from app.company import queries as company
from app.documents.file_types import ACCEPT
from app.errors import Conflict, DomainError, InvalidForm
from app.signing import actions
from app.signing.blueprint import bp
from app.signing.forms import PaperForm
from app.signing.models import SignatureSlot
from app.signing.slot_queries import slot_in, slots_of
from app.signing.slot_rules import SIGNATURES, marks, second, why_not
from app.web.idempotency import pressed_key
from app.web.login import current_actor
from app.web.policy import Rule

_MARKS = Rule(roles=STAFF | {SUPPLIER}, load={"case_id": ("case", visible_case)}, body_limit=UPLOAD_LIMIT)

POLICY: dict[str, Rule] = {"signing.mark_page": _MARKS, "signing.mark": _MARKS}


@bp.get("/cases/<id:case_id>/signatures/<id:slot_id>")
def mark_page(case: Case, slot_id: int) -> ResponseReturnValue:
    """The form for a signature that stands on the paper."""
    slot, _document = slot_in(case, current_actor(), slot_id)
    return _page(case, slot_id, PaperForm(data={"signer": _usual_signer(case, slot)}))


@bp.post("/cases/<id:case_id>/signatures/<id:slot_id>")
def mark(case: Case, slot_id: int) -> ResponseReturnValue:
    """Mark the signature."""
    form, case_id = PaperForm(request.form), case.id
    press = {"key": pressed_key(), "seen": seen_by_reader()}
    try:
        actions.mark_signed(
            case_id, slot_id, chosen_files("scan"), form.typed(), by=current_actor(), at=clock.now(), **press
        )
    except (InvalidForm, CaseChanged) as error:
        return _page(case, slot_id, form, error)
    return act_done(case_id, "Подпись отмечена, скан лежит в документах.")


def _page(
    case: Case, slot_id: int, form: PaperForm, refused: DomainError | None = None
) -> ResponseReturnValue:
    """The form, or the form again with what was refused."""
    slot, document = slot_in(case, current_actor(), slot_id)
    if refused is None:
        _may_mark(case, slot_id)
    errors = put_errors(form, refused) if isinstance(refused, InvalidForm) else []
    if isinstance(refused, InvalidForm) and chosen_files("scan"):
        errors = [*errors, ("", "Выберите скан заново: браузер не хранит его после отправки.")]
    return act_page(
        "signing/mark",
        case,
        refused=refused,
        check=lambda found: _may_mark(found, slot_id),
        caption=heading(case.id, case.kind, case.status, case.title),
        slot=slot,
        document=document,
        whose=SIGNATURES[slot.party],
        other=_other(case, slot),
        form=form,
        errors=errors,
        accept=ACCEPT,
    )


def _may_mark(case: Case, slot_id: int) -> None:
    """Raise what the action would, so that what cannot be marked has no form."""
    side = party(current_actor(), case)
    require_open(case, side)
    slot, document = slot_in(case, current_actor(), slot_id)
    require(marks(side, slot.party, document.side))
    if why := why_not(slot, slots_of(document.id)):
        raise Conflict(why)


def _other(case: Case, slot: SignatureSlot) -> str:
    """Whose signature the same scan may show as well; empty when there is none that this side marks."""
    _slot, document = slot_in(case, current_actor(), slot.id)
    other = second(slot, slots_of(document.id))
    if other is None or not marks(party(current_actor(), case), other.party, document.side):
        return ""
    return SIGNATURES[other.party]


def _usual_signer(case: Case, slot: SignatureSlot) -> str:
    """Who signs as a rule: the company's head of the settings; the applicant who is a person."""
    if slot.party == "company":
        return str(company.profile().settings.get("company.head_name", ""))
    return case.applicant_name if slot.party == "applicant" else ""
