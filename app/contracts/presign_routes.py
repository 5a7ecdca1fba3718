"""Signing the papers of an act for the company before they go out: which ones, and on to the page of signing."""

from flask import url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.actor import SIGNATORY
from app.cases.act_pages import act_page, seen_by_reader
from app.cases.changes import CaseChanged
from app.cases.held_case import require_open
from app.cases.models import Case
from app.cases.queries import party, require
from app.connections.queries import application
from app.contracts import presign_actions
from app.contracts.blueprint import bp
from app.contracts.presign_queries import unsigned
from app.errors import Conflict, DomainError
from app.web import htmx
from app.web.idempotency import pressed_key
from app.web.login import current_actor
from app.web.policy import Rule

_SIGNS = Rule(roles=frozenset({SIGNATORY}), load={"case_id": ("case", application)})

POLICY: dict[str, Rule] = {"contracts.presign_page": _SIGNS, "contracts.presign": _SIGNS}


@bp.get("/cases/<id:case_id>/papers/sign")
def presign_page(case: Case) -> ResponseReturnValue:
    """Which papers will be signed before they go out."""
    return _page(case)


@bp.post("/cases/<id:case_id>/papers/sign")
def presign(case: Case) -> ResponseReturnValue:
    """Open them for signing and go on to the page of signing."""
    case_id, press = case.id, {"key": pressed_key(), "seen": seen_by_reader()}
    try:
        presign_actions.ask_to_sign(case_id, by=current_actor(), at=clock.now(), **press)
    except CaseChanged as error:
        return _page(case, error)
    return htmx.leave(url_for("signing.sign_page", case_id=case_id))


def _check(case: Case) -> None:
    """Raise what the action would."""
    side = party(current_actor(), case)
    require_open(case, side)
    require(side == "company")
    if not unsigned(case):
        raise Conflict(presign_actions.NOTHING)


def _page(case: Case, refused: DomainError | None = None) -> ResponseReturnValue:
    if refused is None:
        _check(case)
    return act_page("contracts/presign", case, refused=refused, check=_check, papers=unsigned(case))
