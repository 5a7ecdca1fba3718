"""That somebody who answers a case has taken its folder: the identity papers in it are opened by that."""

from datetime import datetime

from app.actor import Actor
from app.cases.queries import documents_of, locked_case, party
from app.journal.steps import record
from app.transaction import transaction


def record_taking(case_id: int, *, by: Actor, at: datetime) -> None:
    """Write down each identity paper that the folder holds; nothing for the applicant's own side.

    Raises NotFound when the case is not for this actor.
    """
    with transaction():
        case = locked_case(by, case_id)
        side = party(by, case)
        if side == "applicant":
            return
        for found in documents_of(case, by):
            if found.sensitive:
                details = {"document": found.id, "kind": found.kind, "title": found.title}
                told = {"party": side, "actor_id": by.user_id, "at": at, "case_id": case.id}
                record("document_opened", **told, details=details)  # type: ignore[arg-type]
