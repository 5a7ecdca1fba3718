"""Parts of the page of a case that this subject brings: what an appeal is about and whose it is; its buttons."""

from collections.abc import Sequence
from typing import Any

from app.accounts.contacts import format_mobile
from app.accounts.models import User
from app.actor import Actor
from app.appeals import queries
from app.cases.models import Case
from app.cases.next_actions import NextAction
from app.cases.panels import Panel
from app.cases.policy import APPEAL, Party, party_of
from app.company import queries as company


def appeal(case: Case, actor: Actor) -> dict[str, Any] | None:
    """Topic, recipient, on whose behalf; those who answer see who wrote and how to reach them."""
    side = party_of(actor, case)
    if case.kind != APPEAL or side is None:
        return None
    return {
        "side": side,
        "recipient": case.supplier_name if case.recipient == "supplier" else company.profile().name,
        "subject": queries.subject_of(case, actor),
        "person": _person(queries.author_of(case)) if side != "applicant" else None,
    }


def _person(user: User) -> dict[str, Any]:
    return {
        "id": user.id,
        "name": user.name,
        "phone": user.phone,
        "phone_words": format_mobile(user.phone),
        "email": user.notify_email,
        "confirmed": user.confirmed_at is not None,
    }


def question(case: Case, actor: Actor) -> dict[str, Any] | None:
    """Nobody writes into the archive: whoever still has a question about such an application is shown the way."""
    closed = case.kind != APPEAL and case.archived_at is not None
    return {} if closed and party_of(actor, case) == "applicant" else None


def next_actions(case: Case, actor: Actor, side: Party) -> Sequence[NextAction]:
    """The buttons of the first panel: what carries an appeal forward, the main thing first."""
    possible = queries.moves(case, actor)
    found = []
    if "answer" in possible:
        # The first thing is usually the number, and that button is the case's own.
        found.append(
            NextAction("Ответить", "appeals.answer_page", primary="register" not in possible, dialog=True)
        )
    if "start" in possible:
        found.append(NextAction("Взять в работу", "appeals.start_page", dialog=True))
    if "reopen" in possible:
        found.append(NextAction("Вернуть в работу", "appeals.reopen_page", dialog=True))
    return found


PANELS = (
    Panel("appeal", "appeals/_appeal.html", appeal, column="top", order=10, keeps_place=False),
    Panel("question", "appeals/_question.html", question, column="main", order=25),
)
