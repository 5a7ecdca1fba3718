"""The papers of an act are put before who signs for the company: signed in the cabinet, they need no scan."""

from datetime import datetime

from app.actor import SIGNATORY, Actor
from app.cases.held_case import held_for_answer
from app.cases.queries import require
from app.contracts.presign_queries import unsigned
from app.contracts.publish_steps import open_for
from app.errors import Conflict
from app.transaction import transaction

NOTHING = "Документов, которые можно подписать до отправки, нет. Подготовьте их и повторите."


def ask_to_sign(case_id: int, *, by: Actor, at: datetime, key: str = "", seen: str = "") -> None:
    """Open the signature slots of the papers that are ready; the applicant still sees nothing of them.

    Raises NotFound, Forbidden for anybody but a signatory of the company, Conflict when there is none, CaseChanged,
    AlreadyDone.
    """
    with transaction():
        case, side = held_for_answer(case_id, by=by, at=at, key=key, seen=seen)
        require(side == "company" and SIGNATORY in by.roles)
        papers = unsigned(case)
        if not papers:
            raise Conflict(NOTHING)
        for document in papers:
            open_for(case, document, at=at)
