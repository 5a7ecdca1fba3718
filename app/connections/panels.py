"""Parts of the page of a case that this subject brings: questionnaire, applicant, corrections, decisions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.accounts.contacts import format_mobile
from app.accounts.identifiers import format_snils
from app.accounts.models import User, UserApplicant
from app.actor import Actor
from app.cases.models import DRAFT, Case, CaseDocument
from app.cases.next_actions import NextAction
from app.cases.panels import Panel
from app.cases.policy import Party, may_see_answers, party_of
from app.company import queries as company
from app.company.categories import category_named
from app.connections import hub, queries, road
from app.connections.checklist import KINDS
from app.connections.contradictions import contradictions
from app.connections.corrections import is_given, item_title
from app.connections.fields import Context, Topic
from app.connections.form_rules import FORM_ENTERED, ROAD, came_by_form, facts_lacking, may_enter_facts
from app.connections.lifecycle import NEEDS_FIX
from app.connections.models import CorrectionRequest
from app.connections.policy import may_change_mode
from app.connections.qualification import CONSEQUENCES
from app.connections.summary import NOT_TOLD, SummaryRow, qualification_of, summary
from app.connections.wording import CAPACITY_WORDS, LEGAL_FORM_WORDS, MODE_WORDS
from app.extensions import db

#: The topic that becomes the first message to the company, in a conversation that suppliers do not read.
_TO_THE_COMPANY = "comment"


@dataclass(frozen=True)
class AskedLine:
    """One thing that was asked for, as pages show it; `files` are those added since."""

    subject: str
    code: str
    title: str
    full: str
    remark: str
    given: bool
    files: Sequence[CaseDocument]


def questionnaire(case: Case, actor: Actor) -> dict[str, Any] | None:
    """The answers in words; of a draft, how far it is. Whoever may not see the answers is told so."""
    side = party_of(actor, case)
    if case.kind != queries.KIND:
        return None
    if not may_see_answers(side, case):
        return {"closed": True, "side": side}
    if case.status == DRAFT and side == "applicant":
        return {"closed": False, "side": side, **_of_draft(case, actor)}
    context = queries.context_of(case, actor, company.today())
    topics = [
        (
            topic,
            [row for row in rows if not row.field.sensitive],
            [row for row in rows if row.field.sensitive],
        )
        for topic, rows in _told(case, context)
        if side != "supplier" or topic.code != _TO_THE_COMPANY
    ]
    return {
        "closed": False,
        "side": side,
        "draft": False,
        "by_form": came_by_form(case.answers),
        "entered": case.answers.get(ROAD) == FORM_ENTERED,
        "topics": topics,
        "mode": MODE_WORDS.get(case.mode, ""),
        "category": category_named(context.categories, case.category),
        "strange": contradictions(case.answers, context) if side == "company" else [],
        "computed": _computed(case, context) if side == "company" else "",
    }


def _told(case: Case, context: Context) -> list[tuple[Topic, list[SummaryRow]]]:
    """The answers in words; of a form that the company has entered only what was told, for nobody was asked the rest."""
    found = summary(case.answers, context)
    if case.answers.get(ROAD) != FORM_ENTERED:
        return found
    return [(topic, [row for row in rows if row.value != NOT_TOLD]) for topic, rows in found]


def _of_draft(case: Case, actor: Actor) -> dict[str, Any]:
    found = queries.dossier(case, actor, company.today())
    tasks = hub.tasks(found.answers, found.items, found.present, found.context)
    ready, total = hub.progress(tasks)
    return {"draft": True, "ready": ready, "total": total, "lacking": bool(queries.gaps_of(found))}


def _computed(case: Case, context: Context) -> str:
    """For staff: what the answers say about the clause, when the case goes another way."""
    proposal = qualification_of(case.answers, context)
    held = category_named(context.categories, case.category)
    if proposal is None or held is None or held.by_staff or proposal.category.code == held.code:
        return ""
    return f"По ответам анкеты получается иначе: {proposal.category.name}. {CONSEQUENCES[proposal.mode]}"


def applicant(case: Case, actor: Actor) -> dict[str, Any] | None:
    """«Профиль заявителя»; staff see who acts and whether their account was confirmed, suppliers only how to reach them."""
    side = party_of(actor, case)
    if case.kind != queries.KIND or side is None:
        return None
    if side == "company" and case.status == DRAFT:
        return {"side": side, "name": case.applicant_name, "closed": True}
    about = queries.applicant_of(case)
    return {
        "side": side,
        "closed": False,
        "name": about.name,
        "form": LEGAL_FORM_WORDS[about.legal_form],
        "about": about,
        "snils": format_snils(about.snils) if about.snils else "",
        "people": _people(case) if side != "applicant" else [],
        "address": str(case.answers.get("address", "")),
    }


def _people(case: Case) -> list[dict[str, Any]]:
    """Who acts for the applicant: the one who made the application first."""
    query = (
        select(User, UserApplicant.capacity)
        .join(UserApplicant, UserApplicant.user_id == User.id)
        .where(UserApplicant.applicant_id == case.applicant_id)
        .order_by(User.id != case.created_by, User.id)
        .limit(5)
    )
    return [
        {
            "id": user.id,
            "name": user.name,
            "phone": user.phone,
            "phone_words": format_mobile(user.phone),
            "email": user.notify_email,
            "capacity": CAPACITY_WORDS[capacity],
            "confirmed_at": user.confirmed_at,
        }
        for user, capacity in db.session.execute(query)
    ]


def corrections(case: Case, actor: Actor) -> dict[str, Any] | None:
    """What the company asked to mend: the open request with its state, the answered ones in brief."""
    side = party_of(actor, case)
    if case.kind != queries.KIND or side not in ("applicant", "company"):
        return None
    made = queries.requests_of(case)
    if not made:
        return None
    today = company.today()
    asked = next((one for one in made if one.answered_at is None), None) if case.status == NEEDS_FIX else None
    lines = request_lines(case, asked, queries.dossier(case, actor, today)) if asked else []
    return {
        "side": side,
        "asked": asked,
        "due": road.term_words(case, today) if asked else "",
        "lines": lines,
        "earlier": [_earlier(one) for one in reversed(made) if one is not asked],
    }


def _earlier(request: CorrectionRequest) -> dict[str, Any]:
    titles = [(item_title(item.subject, item.code), item.remark) for item in request.items]
    made_at: datetime = request.made_at
    return {
        "made_at": made_at,
        "text": request.text,
        "items": titles,
        "answered_at": request.answered_at,
        "answer": request.answer,
    }


def request_lines(case: Case, asked: CorrectionRequest | None, found: queries.Dossier) -> list[AskedLine]:
    """Each thing of a request with its remark, and whether it was brought already."""
    if asked is None:
        return []
    before, fresh = queries.answers_sent(case), queries.fresh_kinds(found, asked)
    lines = []
    for item in asked.items:
        document = KINDS.get(item.code) if item.subject == "document" else None
        files = found.files.get(item.code, []) if document else []
        lines.append(
            AskedLine(
                subject=item.subject,
                code=item.code,
                title=item_title(item.subject, item.code),
                full=document.full if document else "",
                remark=item.remark,
                given=is_given(item, found.answers, before, fresh, found.context),
                files=[one for one in files if one.added_at > asked.made_at],
            )
        )
    return lines


def next_actions(case: Case, actor: Actor, side: Party) -> Sequence[NextAction]:
    """The buttons of the first panel: what carries the application forward, the main thing first."""
    possible = set(road.moves(case, actor))
    if not _annulment_is_due(case):
        possible.discard("annul_incomplete")
    if side == "applicant" and case.status == DRAFT and not case.incomplete:
        return [NextAction("Проверить и отправить", "connections.check", primary=True)]
    ways = dict(_WAYS)
    lacking = facts_lacking(case.answers)
    if lacking:
        ways["complete"] = replace(ways["complete"], primary=False)
    entering = []
    if may_enter_facts(side, case.status, case.answers) and case.archived_at is None:
        entering = [replace(_FACTS, primary=bool(lacking) and "complete" in possible)]
    return [*entering, *(action for move, action in ways.items() if move in possible)]


#: What the company reads in a form that came as a file.
_FACTS = NextAction("Внести сведения из формы", "connections.facts_page")

#: move: the button that leads to its page. Sending a draft and giving a number have ways of their own.
_WAYS = {
    "send_fixes": NextAction("Ответить на запрос", "connections.answer_page", primary=True),
    "accept": NextAction("Принять к рассмотрению", "connections.accept_page", primary=True, dialog=True),
    "complete": NextAction("Комплект полный", "connections.complete_page", primary=True, dialog=True),
    "request_fixes": NextAction("Запросить исправления", "connections.request_fixes_page"),
    "annul_incomplete": NextAction("Аннулировать", "connections.annul_page", primary=True, dialog=True),
}


def _annulment_is_due(case: Case) -> bool:
    return case.status == NEEDS_FIX and case.due_on is not None and case.due_on < company.today()


def decisions(case: Case, actor: Actor) -> dict[str, Any] | None:
    """The rare and final acts, apart from the buttons that carry the application forward."""
    side = party_of(actor, case)
    if case.kind != queries.KIND or side not in ("applicant", "company"):
        return None
    names = {"withdraw", "reject"} & set(road.moves(case, actor))
    change = may_change_mode(side, case.status) and case.archived_at is None
    draft = case.status == DRAFT and side == "applicant"
    if not (names or change or draft):
        return None
    return {"side": side, "moves": names, "may_change_mode": change, "draft": draft}


PANELS = (
    Panel("corrections", "connections/_corrections.html", corrections, column="top", order=20),
    Panel("questionnaire", "connections/_questionnaire.html", questionnaire, column="bottom", order=30),
    Panel("applicant", "connections/_applicant.html", applicant, column="aside", order=70),
    Panel("decisions", "connections/_decisions.html", decisions, column="aside", order=90),
)
