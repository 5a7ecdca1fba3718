"""The first panel of a case: whose move it is, until when, what happens next, what to press."""

from typing import Any

from sqlalchemy import select

from app.actor import Actor
from app.cases.clock_queries import paused_words, running_clock
from app.cases.kinds import stage_of, term_of
from app.cases.lifecycle import Stage
from app.cases.list_cards import stage_words
from app.cases.models import Case, CaseClock, CaseDocument
from app.cases.next_actions import next_actions
from app.cases.next_words import Words, instead
from app.cases.policy import DRAFT, Party, is_closed
from app.cases.queries import party
from app.company import queries as company
from app.company.wording import date_words, plural, term_words
from app.errors import NotFound
from app.extensions import db

_BARS: dict[Party, dict[str, str]] = {
    "applicant": {
        "applicant": "Сейчас ваш ход",
        "company": "Рассматривает сетевая организация",
        "supplier": "Отвечает гарантирующий поставщик",
    },
    "company": {
        "applicant": "Ждем заявителя",
        "company": "Сейчас ваш ход",
        "supplier": "Ждем гарантирующего поставщика",
    },
    "supplier": {
        "applicant": "Ждем заявителя",
        "company": "Рассматривает сетевая организация",
        "supplier": "Сейчас ваш ход",
    },
}


def next_context(case: Case, actor: Actor) -> dict[str, Any]:
    """For the template of the panel `next`."""
    side, today = party(actor, case), company.today()
    due_on = None if is_closed(side, case) else case.due_on
    overdue = due_on is not None and due_on < today
    stopped = case.paused_on if not is_closed(side, case) else None
    clock = running_clock(case) if due_on or stopped else None
    due = company.calendar().due_words(today, due_on) if due_on else ""
    other = instead(case, side) if case.archived_at is None and not is_closed(side, case) else None
    return {
        "words": other or _words(case, side, overdue=overdue),
        "due": (other and other.due) or due or paused_words(stopped, today),
        "basis": _basis(case, clock) if clock and not (other and other.due) else "",
        "late": _late(case, side) if overdue and other is None else "",
        "paused": clock.reason if clock else "",
        "paused_document": _ground(case, clock) if clock else None,
        "actions": next_actions(case, actor, side),
    }


def _words(case: Case, side: Party, *, overdue: bool) -> Words:
    stage = stage_of(case.kind, case.status)
    if case.status == DRAFT:
        return _draft(case, side)
    label = stage_words(stage, company.profile())
    if case.archived_at is not None:
        return Words("", "В архиве", label, "Обращение можно читать, но не менять.")
    if is_closed(side, case):
        return Words(
            "", "В вашем архиве", label, "Для остальных обращение идет дальше. Чтобы ответить, верните его."
        )
    if stage.mover == "nobody":
        return _ended(stage, side)
    tone = "bad" if overdue else "you" if case.mover == side else "co"
    task = stage.task_for(side) if case.mover == side else ""
    return Words(tone, _bar(case, side), task or label, stage.next_words if side == "applicant" else "")


def _bar(case: Case, side: Party) -> str:
    """Whose move it is; a supplier who answers is named."""
    if side == "applicant" and case.mover == "supplier" and case.supplier_name:
        return f"Отвечает {case.supplier_name}"
    return _BARS[side][case.mover]


def _draft(case: Case, side: Party) -> Words:
    if side == "company":
        text = "Анкета и документы откроются, когда заявитель покажет их или отправит заявку."
        return Words("co", "Черновик заявителя", "Заявитель задал вопрос по черновику", text)
    if case.incomplete:
        text = stage_of(case.kind, case.status).next_words
        return Words("you", "Черновик", UNSENT, text)
    return Words("you", "Черновик", "Анкета заполнена, осталось проверить и отправить заявку")


#: The manual's sentence over a draft.
UNSENT = "Ваша заявка всё ещё в статусе черновика, заполните анкету для её рассмотрения"


def _ended(stage: Stage, side: Party) -> Words:
    label = stage_words(stage, company.profile())
    tone = "ok" if stage.tab == "done" else "bad"
    return Words(tone, "Рассмотрение закончено", label, stage.next_words if side == "applicant" else "")


def _late(case: Case, side: Party) -> str:
    if side == "company":
        return "Срок нарушен: заявитель видит это на своей странице." if case.mover == "company" else ""
    if side == "applicant" and case.mover == "supplier":
        return "Срок ответа прошел. Напишите поставщику еще раз или позвоните ему."
    if side == "applicant" and case.mover == "company":
        phone = company.profile().phone
        return f"Срок ответа прошел. Позвоните нам, и мы скажем, в чем дело: {phone}." if phone else ""
    if case.mover == side == "supplier":
        return "Срок нарушен: заявитель видит это на своей странице."
    return ""


def _basis(case: Case, clock: CaseClock) -> str:
    """«Отведено 10 рабочих дней (п. 15 Правил) после 3 августа», and what pauses have added to it."""
    try:
        term = company.term(term_of(case, clock.term_code), clock.started_on)
    except NotFound:
        return ""
    length, unit = clock.length or term.days, clock.unit or term.unit
    clause = f" ({term.clause})" if term.clause else ""
    verb = plural(length, "Отведен", "Отведено", "Отведено")
    after = date_words(clock.started_on, company.today())
    words = f"{verb} {term_words(length, unit)}{clause} после {after}."
    if not clock.paused_days:
        return words
    added = term_words(clock.paused_days, "working_days" if unit == "working_days" else "days")
    return f"{words} Срок приостанавливали, поэтому он продлен на {added}."


def _ground(case: Case, clock: CaseClock) -> CaseDocument | None:
    """The document of the pause, as it stands in the case."""
    if clock.document_version_id is None:
        return None
    query = select(CaseDocument).where(
        CaseDocument.case_id == case.id, CaseDocument.document_version_id == clock.document_version_id
    )
    return db.session.scalars(query).first()
