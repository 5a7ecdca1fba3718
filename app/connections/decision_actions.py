"""What the company's staff decide about an application; every act tells the applicant by a letter."""

from collections.abc import Sequence
from datetime import datetime

from app.accounts.steps import claim_key
from app.actor import Actor
from app.cases.changes import refuse_changed
from app.cases.clock_queries import refuse_paused
from app.cases.kinds import stage_of
from app.cases.letter_steps import tell_applicant, tell_supplier
from app.cases.message_text import clean_line, clean_text
from app.cases.models import Case
from app.cases.queries import locked_case, party, require
from app.cases.steps import move, set_card
from app.company.categories import Category, category_named
from app.connections import queries
from app.connections.corrections import item_title
from app.connections.form_rules import facts_lacking
from app.connections.policy import may_change_mode
from app.connections.refusals import LONGEST_REASON, clean_reason, collected, reason_in
from app.connections.road import due_words, status_words
from app.connections.steps import ask_for_fixes, facts_in_category
from app.connections.wording import MODE_WORDS
from app.errors import Conflict, InvalidForm
from app.journal.models import JournalEntry
from app.journal.steps import record
from app.transaction import transaction

#: One thing to ask for: subject, code, remark as typed.
AskedFor = tuple[str, str, str]

LONGEST_REQUEST = 5000
NOTHING_ASKED = "Отметьте хотя бы один документ или раздел анкеты."
REASON_FIRST = "Напишите причину: заявитель увидит ее в письме и в кабинете."


def accept(case_id: int, *, by: Actor, at: datetime, key: str = "", seen: str = "") -> str:
    """Take a registered application up for examination; returns the address of the case."""
    with transaction():
        case = _claimed(case_id, by, at, key, seen)
        entry = move(case, "accept", by=by, at=at)
        tell_applicant(case, "status-added", key=str(entry.seq), at=at, status=status_words(case))
    return _page(case_id)


def complete(case_id: int, *, by: Actor, at: datetime, key: str = "", seen: str = "") -> str:
    """Call the set of documents complete: the contract is prepared by the case's mode, the supplier gets the case.

    Raises InvalidForm while the company has not entered of a form what the contract needs.
    """
    with transaction():
        case = _claimed(case_id, by, at, key, seen)
        lacking = facts_lacking(case.answers)
        if lacking:
            raise InvalidForm({"": [lacking]})
        entry = move(case, "complete", by=by, at=at)
        tell_applicant(case, "status-added", key=str(entry.seq), at=at, status=status_words(case))
        tell_supplier(
            case,
            "supplier-new-application",
            key=str(entry.seq),
            at=at,
            due=due_words(case, queries.day_of(at)),
        )
    return _page(case_id)


def request_fixes(
    case_id: int,
    items: Sequence[AskedFor],
    text: str,
    *,
    by: Actor,
    at: datetime,
    key: str = "",
    seen: str = "",
) -> str:
    """Ask for documents and for corrections of topics, each with its remark, until the due date of the stage.

    Raises InvalidForm when nothing is asked for or a text cannot be used.
    """
    with transaction():
        case = _claimed(case_id, by, at, key, seen)
        asked, words = _request_in(items, text)
        titled = [(item_title(subject, code), remark) for subject, code, remark in asked]
        entry = move(
            case,
            "request_fixes",
            by=by,
            at=at,
            details={"items": [list(one) for one in titled], "text": words},
        )
        ask_for_fixes(case, asked, text=words, by=by, at=at)
        tell_applicant(
            case,
            "fixes-requested",
            key=str(entry.seq),
            at=at,
            text=words,
            items=titled,
            due=due_words(case, queries.day_of(at)),
        )
    return _page(case_id)


def _request_in(items: Sequence[AskedFor], text: str) -> tuple[list[AskedFor], str]:
    """The things and the words of a request, cleaned; raises one InvalidForm with all that is wrong in them."""
    errors: dict[str, list[str]] = {} if items else {"items": [NOTHING_ASKED]}
    asked, words = [], ""
    for subject, code, remark in items:
        with collected(errors, f"remark-{subject}-{code}"):
            line = clean_line(remark, max_length=LONGEST_REASON, label="Замечание", required=False)
            asked.append((subject, code, line))
    with collected(errors, "text"):
        words = clean_text(text, max_length=LONGEST_REQUEST, label="Пояснение", required=False)
    if errors:
        raise InvalidForm(errors)
    return asked, words


def change_mode(
    case_id: int, category: str, reason: str, *, by: Actor, at: datetime, key: str = "", seen: str = ""
) -> str:
    """Decide otherwise about the category of the applicant, and so about the way the contract comes about; with a reason.

    Raises InvalidForm for a category that is not another one or a missing reason; Conflict when it is too late.
    """
    with transaction():
        case = _claimed(case_id, by, at, key, seen)
        if not may_change_mode(party(by, case), case.status):
            raise Conflict("Категорию заявки уже не меняют: комплект документов признан полным.")
        errors: dict[str, list[str]] = {}
        chosen = category_named(queries.categories_for(case, queries.day_of(at)), category)
        if chosen is None or chosen.code == case.category:
            errors["category"] = ["Выберите другую категорию."]
        with collected(errors, "reason"):
            why = clean_reason(reason, required=True, blank=REASON_FIRST)
        if errors or chosen is None:
            raise InvalidForm(errors)
        entry = _set_category(case, chosen, why, by=by, at=at)
        tell_applicant(
            case,
            "mode-changed",
            key=str(entry.seq),
            at=at,
            category=chosen.name,
            mode_words=MODE_WORDS[chosen.mode],
            mode_changed=entry.body["from"] != chosen.mode,
            reason=why,
        )
    return _page(case_id)


def _set_category(case: Case, category: Category, reason: str, *, by: Actor, at: datetime) -> JournalEntry:
    context = queries.context_of(case, by, queries.day_of(at))
    facts = " · ".join(facts_in_category(case.answers, context, category))
    former, former_category = case.mode, case.category
    set_card(case, at=at, mode=category.mode, category=category.code, facts=facts)
    return record(
        "mode_changed",
        party="company",
        actor_id=by.user_id,
        at=at,
        case_id=case.id,
        public=True,
        details={
            "from": former,
            "to": category.mode,
            "category": [former_category, category.code],
            "name": category.name,
            "reason": reason,
        },
    )


def reject(case_id: int, reason: str, *, by: Actor, at: datetime, key: str = "", seen: str = "") -> str:
    """Refuse the application with a reason; the applicant and the supplier are told what can be done now."""
    with transaction():
        case = _claimed(case_id, by, at, key, seen)
        why = reason_in(reason, required=True, blank=REASON_FIRST)
        entry = move(case, "reject", by=by, at=at, details={"reason": why})
        _tell_the_end(case, entry, why, at)
    return _page(case_id)


def annul(case_id: int, *, by: Actor, at: datetime, key: str = "", seen: str = "") -> str:
    """Confirm that an application ends because its corrections did not come in time.

    Raises Conflict while the term still runs.
    """
    with transaction():
        case = _claimed(case_id, by, at, key, seen)
        why = ""
        refuse_paused(case)
        if case.due_on is not None:
            if queries.day_of(at) <= case.due_on:
                raise Conflict(f"Срок исправлений еще не прошел: {due_words(case, queries.day_of(at))}.")
            why = f"Замечания не исправлены в срок: он закончился {case.due_on:%d.%m.%Y}."
        entry = move(case, "annul_incomplete", by=by, at=at, details={"reason": why})
        _tell_the_end(case, entry, why, at)
    return _page(case_id)


def _tell_the_end(case: Case, entry: JournalEntry, reason: str, at: datetime) -> None:
    for tell in (tell_applicant, tell_supplier):
        tell(
            case,
            "refused",
            key=str(entry.seq),
            at=at,
            status=status_words(case),
            reason=reason,
            next_words=stage_of(case.kind, case.status).next_words,
        )


def _claimed(case_id: int, by: Actor, at: datetime, key: str, seen: str) -> Case:
    """The button's key used up, the case held; raises Forbidden unless the actor decides for the company.

    Raises CaseChanged when something has happened since the form that carried `seen` was shown.
    """
    claim_key(by.user_id, key, url=_page(case_id), at=at)
    case = locked_case(by, case_id)
    require(party(by, case) == "company")
    refuse_changed(case, seen, by=by)
    return case


def _page(case_id: int) -> str:
    return f"/cases/{case_id}"
