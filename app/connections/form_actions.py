"""The other road of an application: its form filled in a file. Chosen and left again by the applicant; its facts are
entered by the company."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from app import gateways
from app.accounts.steps import claim_key
from app.actor import Actor
from app.cases.changes import refuse_changed
from app.cases.models import Case
from app.cases.policy import may_edit_draft
from app.cases.queries import locked_case, party, refuse_archived, require
from app.connections import queries
from app.connections.answers import standing_in_full, tell_the_same
from app.connections.facts import band_in
from app.connections.form_facts import entered
from app.connections.form_queries import FORM, form_now, newest_made, shown_form, waiting_elsewhere
from app.connections.form_rules import BY_FORM, ROAD, may_enter_facts, switched
from app.connections.form_steps import ask_for_form, drop_forms
from app.connections.steps import keep_facts, set_draft_card, set_entered_card, write_answers
from app.errors import Conflict, InvalidForm
from app.journal.steps import record
from app.transaction import transaction

SENT_ALREADY = "Заявка уже отправлена: способ заполнения больше не меняют."
#: Forms of one person's other applications that may be on their way at a time.
MOST_WAITING = 5
TOO_MANY = "Формы других ваших заявок еще готовятся. Подождите минуту и нажмите снова."
TOO_LATE = "Сведения из формы сейчас внести нельзя: обновите страницу и проверьте, на каком этапе заявка."


def choose_road(case_id: int, *, by_form: bool, by: Actor, at: datetime) -> bool:
    """Fill the draft here or in a file from now on; whether anything changed. Nothing that was typed is lost."""
    with transaction():
        case = locked_case(by, case_id)
        if not may_edit_draft(party(by, case), case):
            require(party(by, case) == "applicant")
            raise Conflict(SENT_ALREADY)
        if by_form == (case.answers.get(ROAD) == BY_FORM):
            return False
        context = queries.context_of(case, by, queries.day_of(at))
        told = band_in(standing_in_full(case.answers, context).answers)
        write_answers(case, switched(case.answers, to_form=by_form, band=told))
        found = queries.dossier(case, by, queries.day_of(at))
        set_draft_card(case, context, incomplete=bool(queries.gaps_of(found)), at=at)
        return True


def ask_form(case_id: int, *, by: Actor, at: datetime, key: str = "") -> None:
    """Have the form printed with the present answers, unless such a one is there or under way.

    A case keeps only the newest. Raises NotFound, Forbidden as `form_queries.shown_form` does; Conflict in the
    archive, and while many of this person's forms are still being printed: the office's papers wait in the same queue.
    """
    keys: list[str] = []
    with transaction():
        claim_key(by.user_id, key, url=f"/cases/{case_id}/form/file", at=at)
        locked_case(by, case_id)
        case = shown_form(by, case_id)
        form, last = form_now(case, by, queries.day_of(at)), newest_made(case, FORM)
        if last is not None and last.state != "failed" and last.data == form:
            return
        refuse_archived(case)
        if waiting_elsewhere(case, by) >= MOST_WAITING:
            raise Conflict(TOO_MANY)
        keys = drop_forms(case)
        ask_for_form(case, form, by=by, at=at)
    for stored in keys:
        gateways.current().files.delete(stored)


def enter_facts(
    case_id: int,
    raw: Mapping[str, Sequence[str]],
    *,
    by: Actor,
    at: datetime,
    key: str = "",
    seen: str = "",
) -> str:
    """Keep what the company has read in the uploaded form, complete or not; returns the address of the case.

    What the applicant has answered here themselves stays as it is. Raises InvalidForm for values wrong in shape,
    CaseChanged when something has happened since the page was shown, Conflict when it is too late.
    """
    url = f"/cases/{case_id}"
    with transaction():
        claim_key(by.user_id, key, url=url, at=at)
        case = locked_case(by, case_id)
        require(party(by, case) == "company")
        refuse_changed(case, seen, by=by)
        if not may_enter_facts("company", case.status, case.answers):
            raise Conflict(TOO_LATE)
        context = queries.context_of(case, by, queries.day_of(at))
        answers, errors = entered(raw, context, case.answers)
        if errors:
            raise InvalidForm(errors)
        if not tell_the_same(answers, case.answers):
            _keep(case, answers, by, at)
    return url


def _keep(case: Case, answers: Mapping[str, object], by: Actor, at: datetime) -> None:
    write_answers(case, answers)
    set_entered_card(case, queries.context_of(case, by, queries.day_of(at)), at=at)
    keep_facts(case, at=at)
    record("facts_entered", party="company", actor_id=by.user_id, at=at, case_id=case.id, public=True)
