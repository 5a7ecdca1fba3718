"""The first panel of a case: whose move it is, until when, what happens next, what to press."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from app.actor import Actor
from app.cases.kinds import stage_of
from app.cases.lifecycle import Stage
from app.cases.list_cards import stage_words
from app.cases.models import Case, CaseClock
from app.cases.next_actions import next_actions
from app.cases.policy import DRAFT, Party, is_closed
from app.cases.queries import party
from app.company import queries as company
from app.company.wording import date_words, plural
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


@dataclass(frozen=True)
class Words:
    """What the panel says: its tone (you, co, ok, bad or none), the bar, the heading, a paragraph below it."""

    tone: str
    bar: str
    heading: str
    text: str = ""


def next_context(case: Case, actor: Actor) -> dict[str, Any]:
    """For the template of the panel `next`."""
    side, today = party(actor, case), company.today()
    due_on = None if is_closed(side, case) else case.due_on
    overdue = due_on is not None and due_on < today
    clock = _running_clock(case) if due_on is not None else None
    return {
        "words": _words(case, side, overdue=overdue),
        "due": company.calendar().due_words(today, due_on) if due_on else "",
        "basis": _basis(clock) if clock else "",
        "late": _late(case, side) if overdue else "",
        "paused": _paused(clock, today) if clock else "",
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


def _running_clock(case: Case) -> CaseClock | None:
    query = select(CaseClock).where(CaseClock.case_id == case.id, CaseClock.ended_on.is_(None))
    return db.session.scalars(query).first()


def _basis(clock: CaseClock) -> str:
    """«Отведено 10 рабочих дней (п. 15 Правил), считая с 3 августа»."""
    try:
        term = company.term(clock.term_code, clock.started_on)
    except NotFound:
        return ""
    days = f"{term.days} {plural(term.days, 'рабочий день', 'рабочих дня', 'рабочих дней')}"
    clause = f" ({term.clause})" if term.clause else ""
    verb = plural(term.days, "Отведен", "Отведено", "Отведено")
    return f"{verb} {days}{clause} после {date_words(clock.started_on, company.today())}."


def _paused(clock: CaseClock, today: date) -> str:
    if clock.paused_on is None:
        return ""
    return f"Срок приостановлен {date_words(clock.paused_on, today)}: {clock.reason}"
