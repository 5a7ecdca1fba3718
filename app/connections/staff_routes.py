"""What the company's staff decide about an application: each act has a page that says what will follow."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from app import clock
from app.actor import STAFF
from app.cases.act_pages import act_done, act_page, seen_by_reader
from app.cases.changes import CaseChanged
from app.cases.clock_queries import refuse_paused
from app.cases.kinds import stage_of
from app.cases.models import Case
from app.cases.policy import party_of
from app.company import queries as company
from app.connections import decision_actions, queries, road
from app.connections.blueprint import bp
from app.connections.checklist import APPLICANT_KINDS
from app.connections.completeness import asks_nothing
from app.connections.corrections import may_be_asked
from app.connections.form_rules import facts_lacking
from app.connections.forms import asked_for
from app.connections.policy import may_change_mode
from app.connections.power import format_kilowatts
from app.connections.queries import received_application
from app.connections.questionnaire import ASKED_TOPICS
from app.connections.wording import MODE_WORDS
from app.errors import Conflict, DomainError, InvalidForm
from app.web.idempotency import pressed_key
from app.web.login import current_actor
from app.web.policy import Rule

_DECIDES = Rule(roles=STAFF, load={"case_id": ("case", received_application)})

POLICY: dict[str, Rule] = {
    f"connections.{name}{suffix}": _DECIDES
    for name in ("accept", "complete", "reject", "annul", "mode", "request_fixes")
    for suffix in ("", "_page")
}


@dataclass(frozen=True)
class Decision:
    """The page of one decision: its move, heading, button, what follows in words, and whether a reason is asked."""

    move: str
    title: str
    button: str
    follows: Callable[[Case], str]
    reason: bool = False
    danger: bool = False


def _label_after(case: Case, status: str) -> str:
    return company.profile().label(f"stage.{status}", stage_of(case.kind, status).label)


def _accepted(case: Case) -> str:
    return f"Заявитель получит письмо «Добавлен статус: {_label_after(case, 'checking')}»."


def _completed(case: Case) -> str:
    lacking = facts_lacking(case.answers)
    if lacking:
        return lacking
    status = "preparing_offer" if case.mode == "A" else "preparing_contract"
    told = f"Заявитель получит письмо «Добавлен статус: {_label_after(case, status)}»."
    if case.supplier_id is not None:
        told += f" Письмо о новой заявке уйдет и поставщику: {case.supplier_name}."
    return f"{told} Порядок заключения договора: {MODE_WORDS[case.mode]}. Запросить исправления после этого нельзя."


def _ended(case: Case) -> str:
    told = "Заявитель получит"
    if case.supplier_id is not None:
        told = f"Заявитель и поставщик ({case.supplier_name}) получат"
    return f"Рассмотрение закончится. {told} письмо с причиной и с тем, что делать дальше."


DECISIONS: Mapping[str, Decision] = {
    "accept": Decision("accept", "Принять к рассмотрению", "Принять к рассмотрению", _accepted),
    "complete": Decision("complete", "Комплект полный", "Комплект полный", _completed),
    "reject": Decision("reject", "Отказать в заявке", "Отказать", _ended, reason=True, danger=True),
    "annul": Decision("annul_incomplete", "Аннулировать заявку", "Аннулировать", _ended, danger=True),
}


def _decide(case: Case, name: str, act: Callable[..., str]) -> ResponseReturnValue:
    """One decision of the table: done with its button's key, or its form again with what is wrong or new."""
    decision, case_id = DECISIONS[name], case.id
    reason = request.form.get("reason", "")
    arguments = (case_id, reason) if decision.reason else (case_id,)
    try:
        act(*arguments, by=current_actor(), at=clock.now(), key=pressed_key(), seen=seen_by_reader())
    except (InvalidForm, CaseChanged) as error:
        return _decision_page(case, name, reason, error)
    return act_done(case_id, "Сделано, заявителю отправлено письмо.")


def _decision_page(
    case: Case, name: str, reason: str = "", refused: DomainError | None = None
) -> ResponseReturnValue:
    def check(found: Case) -> None:
        road.require_move(found, DECISIONS[name].move, current_actor())
        if name == "annul":
            refuse_paused(found)
            if found.due_on is not None and company.today() <= found.due_on:
                raise Conflict("Срок исправлений еще не прошел.")

    if refused is None:
        check(case)
    return act_page(
        "connections/decision",
        case,
        refused=refused,
        check=check,
        name=name,
        decision=DECISIONS[name],
        follows=DECISIONS[name].follows(case),
        now=road.present(case, company.today()),
        typed={"reason": reason},
        errors=_errors(refused),
    )


def _errors(refused: DomainError | None) -> Mapping[str, list[str]]:
    return refused.errors if isinstance(refused, InvalidForm) else {}


@bp.get("/cases/<id:case_id>/accept")
def accept_page(case: Case) -> ResponseReturnValue:
    """Before an application is taken up for examination."""
    return _decision_page(case, "accept")


@bp.post("/cases/<id:case_id>/accept")
def accept(case: Case) -> ResponseReturnValue:
    """Take the application up for examination."""
    return _decide(case, "accept", decision_actions.accept)


@bp.get("/cases/<id:case_id>/complete")
def complete_page(case: Case) -> ResponseReturnValue:
    """Before the set of documents is called complete."""
    return _decision_page(case, "complete")


@bp.post("/cases/<id:case_id>/complete")
def complete(case: Case) -> ResponseReturnValue:
    """Call the set of documents complete."""
    return _decide(case, "complete", decision_actions.complete)


@bp.get("/cases/<id:case_id>/reject")
def reject_page(case: Case) -> ResponseReturnValue:
    """Before an application is refused."""
    return _decision_page(case, "reject")


@bp.post("/cases/<id:case_id>/reject")
def reject(case: Case) -> ResponseReturnValue:
    """Refuse the application."""
    return _decide(case, "reject", decision_actions.reject)


@bp.get("/cases/<id:case_id>/annul")
def annul_page(case: Case) -> ResponseReturnValue:
    """Before an application ends because its corrections did not come."""
    return _decision_page(case, "annul")


@bp.post("/cases/<id:case_id>/annul")
def annul(case: Case) -> ResponseReturnValue:
    """Confirm the end of an application whose corrections did not come."""
    return _decide(case, "annul", decision_actions.annul)


@bp.get("/cases/<id:case_id>/mode")
def mode_page(case: Case) -> ResponseReturnValue:
    """The category and with it the way the contract comes about, before they are changed."""
    return _mode_page(case, {"category": case.category})


def _may_change_mode(case: Case) -> None:
    if not may_change_mode(party_of(current_actor(), case), case.status):
        raise Conflict("Категорию заявки уже не меняют.")


def _mode_page(
    case: Case, typed: Mapping[str, str], refused: DomainError | None = None
) -> ResponseReturnValue:
    if refused is None:
        _may_change_mode(case)
    return act_page(
        "connections/mode",
        case,
        refused=refused,
        check=_may_change_mode,
        categories=queries.categories_for(case, company.today()),
        mode_words=MODE_WORDS,
        kilowatts=format_kilowatts,
        typed=typed,
        errors=_errors(refused),
    )


@bp.post("/cases/<id:case_id>/mode")
def mode(case: Case) -> ResponseReturnValue:
    """Decide otherwise about the category and with it about the way the contract comes about."""
    case_id, typed = case.id, {name: request.form.get(name, "") for name in ("category", "reason")}
    press = {"key": pressed_key(), "seen": seen_by_reader()}
    try:
        decision_actions.change_mode(case_id, **typed, by=current_actor(), at=clock.now(), **press)
    except (InvalidForm, CaseChanged) as error:
        return _mode_page(case, typed, error)
    return act_done(case_id, "Категория изменена, заявителю отправлено письмо.")


@bp.get("/cases/<id:case_id>/request-fixes")
def request_fixes_page(case: Case) -> ResponseReturnValue:
    """What can be asked for: documents of the checklist and topics of the questionnaire."""
    return _fixes_page(case, {})


def _offered(found: queries.Dossier) -> list[tuple[str, str, str]]:
    kinds = [item.kind for item in found.items] or list(APPLICANT_KINDS)
    topics = [one for one in ASKED_TOPICS if not asks_nothing(one.code, found.answers, found.context)]
    return may_be_asked(kinds, topics)


def _may_request(case: Case) -> None:
    road.require_move(case, "request_fixes", current_actor())


def _fixes_page(
    case: Case, typed: Mapping[str, Any], refused: DomainError | None = None
) -> ResponseReturnValue:
    if refused is None:
        _may_request(case)
    actor, today = current_actor(), company.today()
    found = queries.dossier(case, actor, today)
    due_on = company.last_day("corrections", today)
    return act_page(
        "connections/request_fixes",
        case,
        refused=refused,
        check=_may_request,
        offered=_offered(found),
        found=found,
        due=company.calendar().due_words(today, due_on),
        typed=typed,
        errors=_errors(refused),
    )


@bp.post("/cases/<id:case_id>/request-fixes")
def request_fixes(case: Case) -> ResponseReturnValue:
    """Ask for corrections and documents."""
    actor, case_id = current_actor(), case.id
    offered = _offered(queries.dossier(case, actor, company.today()))
    items, text = asked_for(request.form, offered), request.form.get("text", "")
    press = {"key": pressed_key(), "seen": seen_by_reader()}
    try:
        decision_actions.request_fixes(case_id, items, text, by=actor, at=clock.now(), **press)
    except (InvalidForm, CaseChanged) as error:
        typed = {**request.form.to_dict(), "items": request.form.getlist("items")}
        return _fixes_page(case, typed, error)
    return act_done(case_id, "Запрос отправлен, заявитель получит письмо со списком.")
