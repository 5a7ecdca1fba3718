"""What the first panel says of money that is looked for or still owed, and of works that came back with remarks."""

from sqlalchemy import select

from app.cases.models import Case
from app.cases.next_words import Words
from app.cases.policy import Party
from app.company import queries as company
from app.connections.lifecycle import AWAITING_PAYMENT
from app.connections.works_lifecycle import CONNECTED, WORKS
from app.contracts.claim_queries import open_claim
from app.contracts.invoice_queries import owed
from app.contracts.money import format_money
from app.extensions import db
from app.journal.models import JournalEntry


def next_words(case: Case, side: Party) -> Words | None:
    """Words instead of the stage's own: the applicant said «Я оплатил», or has remarks to mend."""
    if case.status == AWAITING_PAYMENT and side != "supplier":
        return _claimed(case, side)
    if case.status == WORKS and side == "applicant":
        return _returned(case)
    if case.status == CONNECTED and side == "applicant" and (left := owed(case)):
        text = f"По договору осталось оплатить {format_money(left)}. Оплачивайте счета в сроки договора."
        return Words("ok", "Присоединение выполнено", "Осталась оплата по договору", text)
    return None


def _claimed(case: Case, side: Party) -> Words | None:
    claim = open_claim(case)
    if claim is None:
        return None
    due = company.calendar().due_words(company.today(), claim.due_on)
    if side == "company":
        return Words("you", "Сейчас ваш ход", "Заявитель сообщил об оплате: найдите деньги", due=due)
    return Words(
        "co",
        "Проверяет сетевая организация",
        "Вы сообщили об оплате",
        "Сетевая организация найдет ваши деньги и отметит оплату. Платить еще раз не нужно.",
        due,
    )


def _returned(case: Case) -> Words | None:
    """The last move of the case, when it brought the works back with remarks."""
    moved = select(JournalEntry).where(JournalEntry.case_id == case.id, JournalEntry.kind == "moved")
    entry = db.session.scalars(moved.order_by(JournalEntry.id.desc()).limit(1)).first()
    if entry is None or entry.body.get("move") != "return_conditions":
        return None
    return Words(
        "you",
        "Сейчас ваш ход",
        "Исправьте замечания к техническим условиям",
        f"{entry.body.get('reason', '')} Когда исправите, сообщите об этом здесь.",
    )
