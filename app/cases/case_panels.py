"""The panels of a case that belong to `cases` itself: its head, what is next, statuses, documents, letters."""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select

from app import clock
from app.actor import Actor
from app.cases.captions import turn
from app.cases.clock_queries import paused_words
from app.cases.document_lines import lines_under
from app.cases.kinds import lifecycle_of, stage_of, term_of
from app.cases.lifecycle import tab_of
from app.cases.message_panels import FileLine, file_line, messages_context, supplier_messages_context
from app.cases.models import DRAFT, Case
from app.cases.next_panel import next_context
from app.cases.panels import Panel
from app.cases.policy import Party, may_see_answers
from app.cases.queries import documents_of, party, people
from app.cases.read_queries import viewers
from app.cases.timeline import ahead, past
from app.company import queries as company
from app.company.models import Term
from app.company.wording import short_term_words
from app.extensions import db
from app.notifications.queries import letters_of_case


def head_context(case: Case, actor: Actor) -> dict[str, Any]:
    """The heading of the page: numbers, dates, on which shelf the case stands, who works on it."""
    side = party(actor, case)
    shelved = case.archived_at is not None or (side == "supplier" and case.supplier_archived_at is not None)
    shelf = tab_of(lifecycle_of(case.kind), case.status, shelved)
    assignee = case.assignee_id if side == "company" else None
    return {
        "shelf": _SHELVES.get(shelf, shelf),
        "supplier_number": case.supplier_number,
        "assignee": people([assignee]).get(assignee, "") if assignee else "",
    }


_SHELVES = {"drafts": "draft"}


def viewers_context(case: Case, actor: Actor) -> dict[str, Any] | None:
    """Who else of the company looks at the case, for the company alone; None while nobody does."""
    if party(actor, case) != "company":
        return None
    looking = viewers(case.id, but=actor.user_id, at=clock.now())
    return {"looking": looking} if looking else None


def documents_context(case: Case, actor: Actor) -> dict[str, Any] | None:
    """Files by the side they came from; None while there is none."""
    headings = {
        "applicant": "Документы заявителя",
        "company": f"Документы {company.profile().name}",
        "supplier": f"Документы {case.supplier_name or 'гарантирующего поставщика'}",
    }
    groups: dict[str, list[FileLine]] = {side: [] for side in headings}
    documents = documents_of(case, actor)
    told = lines_under(case, actor, documents)
    for found in documents:
        groups[found.side].append(replace(file_line(found), lines=told.get(found.id, ())))
    filled = [(headings[side], files) for side, files in groups.items() if files]
    return {"groups": filled} if filled else None


def timeline_context(case: Case, actor: Actor) -> dict[str, Any] | None:
    """What happened and what usually follows; nothing of a draft whose answers are not shown."""
    side, today = party(actor, case), company.today()
    if not may_see_answers(side, case):
        return None
    running = case.archived_at is None and case.mover != "nobody"
    return {
        "lines": past(case, for_staff=side == "company", for_supplier=side == "supplier"),
        "now": _now(case, side) if running and case.status != DRAFT else "",
        "tone": "you" if case.mover == side else "co",
        "due": _due(case, today),
        "ahead": ahead(case, _usual_terms(case, today)) if running else [],
    }


def _due(case: Case, today: date) -> str:
    if case.due_on is None:
        return paused_words(case.paused_on, today)
    return company.calendar().due_words(today, case.due_on)


def _now(case: Case, side: Party) -> str:
    """What is being done now, in few words: the reader's own task, or who works."""
    stage = stage_of(case.kind, case.status)
    found = turn(case.mover, side, task=stage.task_for("applicant" if side == "applicant" else "company"))
    words = found.words if found else stage.label
    return words[:1].lower() + words[1:]


def _usual_terms(case: Case, on: date) -> dict[str, str]:
    """How long each term of this case is as of a day, in short words."""
    query = select(Term.code, Term.days, Term.unit).where(Term.valid_from <= on)
    rows = db.session.execute(query.order_by(Term.valid_from))
    words = {row.code: short_term_words(row.days, row.unit) for row in rows}
    return {code: words.get(term_of(case, code), usual) for code, usual in words.items()}


def letters_context(case: Case, actor: Actor) -> dict[str, Any] | None:
    """The ledger of letters, for the company alone."""
    if party(actor, case) != "company" or case.status == DRAFT:
        return None
    return {"letters": letters_of_case(case.id)}


PANELS = (
    Panel("case-head", "cases/_case_head.html", head_context, "head", -20),
    Panel("viewers", "cases/_viewers.html", viewers_context, "top", -10),
    Panel("next", "cases/_next.html", next_context, "top", 0),
    Panel("messages", "cases/_messages.html", messages_context, "main", 20, live="cases/_log.html"),
    Panel(
        "supplier-messages",
        "cases/_supplier_messages.html",
        supplier_messages_context,
        "main",
        21,
        live="cases/_log.html",
        keeps_place=False,
    ),
    Panel("timeline", "cases/_timeline.html", timeline_context, "aside", 20),
    Panel("documents", "cases/_documents.html", documents_context, "main", 30),
    Panel("letters", "cases/_letters.html", letters_context, "bottom", 90, keeps_place=False),
)
