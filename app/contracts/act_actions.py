"""The acts that carry an application on after a complete set of documents: one action, the table says the rest."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from app import clock, gateways
from app.accounts.steps import claim_key
from app.actor import Actor
from app.cases.changes import refuse_changed
from app.cases.document_steps import attach, left_over
from app.cases.models import Case, CaseDocument
from app.cases.queries import locked_case, refuse_archived
from app.company import queries as company
from app.contracts.act_queries import require_act
from app.contracts.act_rules import FILES, Act, Values, read
from app.contracts.act_steps import Doing, do
from app.contracts.acts import act_named
from app.documents.intake import Received, Upload, received
from app.errors import InvalidForm, NotFound
from app.transaction import transaction


def perform(
    case_id: int,
    name: str,
    texts: Mapping[str, str],
    uploads: Sequence[Upload] = (),
    *,
    by: Actor,
    at: datetime,
    key: str = "",
    seen: str = "",
) -> Act:
    """Do the act of the table that `name` names, with what was typed into its form (`texts`) and its files.

    Raises NotFound for an unknown act or case; Forbidden for the other side's act and for a signatory's; IllegalMove and
    Conflict when it is not possible now; InvalidForm by field; CaseChanged when the form was shown before something
    happened; AlreadyDone for a second press.
    """
    act = act_named(name)
    if act is None:
        raise NotFound
    taken = list(uploads) if act.files else []
    with received(taken, field=FILES) as files, transaction():
        sent = (*texts.values(), *(one.stored.sha256 for one in files))
        case = _held(case_id, act, by=by, at=at, key=key, seen=seen, sent=sent)
        today = clock.day_in(company.profile().zone, at)
        values = _read(case, act, texts, len(files), at)
        rows = _put_in(case, act, values, files, by=by, at=at)
        do(Doing(case, act, values, rows, by, at, today))
        left = left_over(files, rows)
    for storage_key in left:
        gateways.current().files.delete(storage_key)
    return act


def _held(
    case_id: int, act: Act, *, by: Actor, at: datetime, key: str, seen: str, sent: Sequence[str]
) -> Case:
    case = locked_case(by, case_id)
    claim_key(by.user_id, key, url=f"/cases/{case_id}", at=at, sent=sent)
    refuse_changed(case, seen, by=by)
    refuse_archived(case)
    require_act(case, act, by, clock.day_in(company.profile().zone, at))
    return case


def _read(case: Case, act: Act, texts: Mapping[str, str], files: int, at: datetime) -> Values:
    zone = company.profile().zone
    earliest = clock.day_in(zone, case.sent_at or case.created_at)
    return read(act, texts, files, earliest=earliest, today=clock.day_in(zone, at))


def _put_in(
    case: Case, act: Act, values: Values, files: Sequence[Received], *, by: Actor, at: datetime
) -> list[CaseDocument]:
    if not files:
        return []
    kind, title = act.document
    rows = attach(case, files, kind=kind, title=title, side=act.by, by=by, at=at)
    if not rows:
        raise InvalidForm({FILES: ["Этот файл уже есть в обращении. Приложите другой."]})
    return rows
