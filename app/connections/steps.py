"""Changes of an application inside an open transaction: answers, card, snapshot, requests for corrections."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from app.accounts.models import Applicant, User
from app.actor import Actor
from app.cases.models import Case, CaseDocument, CaseSnapshot
from app.cases.steps import set_card
from app.company.categories import Category, category_named
from app.connections.answers import live_answers
from app.connections.fields import Answers, Context
from app.connections.form_rules import BY_FORM, FORM_ENTERED, ROAD
from app.connections.models import CorrectionItem, CorrectionRequest
from app.connections.queries import capacity_of, earlier_answers, last_snapshot
from app.connections.questionnaire import SCHEMA_VERSION, fields_of
from app.connections.summary import Card, card_of, category_of, clause_fact, facts_line
from app.extensions import db
from app.transaction import require_transaction

#: The title of a card, of the page of a case and of letters; a draft has its own (labels of the manuals).
TITLE = "Заявка на технологическое присоединение (в том числе временное)"
DRAFT_TITLE = "Заявка на подключение"

#: A file of the register is made anew for each application, so its number is not carried over.
_NOT_CARRIED = frozenset({"extract_number", "extract_date"})
_OF_THE_SENDER = frozenset({"authority_number", "authority_date", "authority_until"})
_APPLICANT_CODES = frozenset(field.code for field in fields_of("applicant"))


def told_before(applicant: Applicant, *, by: Actor, but: int) -> dict[str, Any]:
    """Answers about the applicant that are known already: from their last application, else from the account.

    What concerns the sender's own authority is taken only from applications that this user made.
    """
    found = next(
        (one for one in earlier_answers(applicant.id, but) if _APPLICANT_CODES & one.answers.keys()), None
    )
    known: dict[str, Any] = {}
    if applicant.personal_account:
        known |= {"account_known": "yes", "account": applicant.personal_account}
    if found is not None:
        carried = _APPLICANT_CODES - _NOT_CARRIED
        if found.created_by != by.user_id:
            carried -= _OF_THE_SENDER
        known |= {code: value for code, value in found.answers.items() if code in carried}
    return known


def about_another(answers: Answers, known: Mapping[str, Any]) -> dict[str, Any]:
    """The answers after the applicant was changed: everything about the former one goes, the known comes."""
    return {code: value for code, value in answers.items() if code not in _APPLICANT_CODES} | dict(known)


def write_answers(case: Case, answers: Answers) -> None:
    """Keep the answers under the present schema of the questionnaire."""
    require_transaction()
    case.answers = dict(answers)
    case.answers_schema = SCHEMA_VERSION


def leave_what_is_sent(case: Case, context: Context) -> None:
    """Of an application by form forget what was typed on the other road: the check page has not shown it."""
    if case.answers.get(ROAD) == BY_FORM:
        write_answers(case, {**live_answers(case.answers, context), ROAD: BY_FORM})


def set_draft_card(case: Case, context: Context, *, incomplete: bool, at: datetime) -> None:
    """What the list shows of a draft; supplier and mode are decided by sending."""
    card = card_of(case.answers, context)
    set_card(case, at=at, title=DRAFT_TITLE, incomplete=incomplete, **_facts_of(card))


def set_sent_card(case: Case, context: Context, *, category: Category, at: datetime) -> None:
    """What lists and letters show of a sent application; `category` is the one it goes on with, the mode its."""
    card = card_of(case.answers, context)
    supplier = None if card.supplier_id is None else context.supplier_options[card.supplier_id]
    set_card(
        case,
        at=at,
        title=TITLE,
        incomplete=False,
        mode=category.mode,
        category=category.code,
        supplier_id=card.supplier_id,
        supplier_name=supplier or "",
        **{**_facts_of(card), "facts": " · ".join(facts_in_category(case.answers, context, category))},
    )


def set_entered_card(case: Case, context: Context, *, at: datetime) -> None:
    """What lists show after the company has entered the facts of a form; mode and supplier stay as they are."""
    facts = " · ".join(facts_in_category(case.answers, context, held_category(case, context)))
    set_card(case, at=at, **{**_facts_of(card_of(case.answers, context)), "facts": facts})


def held_category(case: Case, context: Context) -> Category | None:
    """The category with which a sent application goes on now."""
    return category_named(context.categories, case.category)


def facts_in_category(answers: Answers, context: Context, category: Category | None) -> list[str]:
    """The facts under a title with the company's word about the clause, which may differ from the computed one."""
    facts = [fact for fact in facts_line(answers, context) if not fact.endswith("Правил")]
    return facts if category is None else [*facts, clause_fact(category, context)]


def _facts_of(card: Card) -> dict[str, Any]:
    return {
        "facts": card.facts,
        "place": card.place[:500],
        "cadastral": card.cadastral[:400],
        "watts": card.watts,
    }


def category_after_fixes(case: Case, before: Answers, context: Context) -> Category:
    """The category with which a mended application goes on: computed anew, unless staff had decided otherwise.

    `before` are the answers as they were sent last. Of what the company has entered from a form it is not computed: the
    applicant has not said those figures here.
    """
    held, computed = held_category(case, context), category_of(before, context)
    entered = case.answers.get(ROAD) == FORM_ENTERED
    if held and (entered or (computed and computed.code != held.code)):
        return held
    found = category_of(case.answers, context) or held
    if found is None:
        raise RuntimeError("a sent application has a category")
    return found


def take_snapshot(
    case: Case, move: str, files: Iterable[CaseDocument], *, by: Actor, at: datetime
) -> CaseSnapshot:
    """Keep what stands in the application at this sending: applicant, answers, documents with their hashes."""
    require_transaction()
    snapshot = CaseSnapshot(
        case_id=case.id,
        taken_at=at,
        move=move,
        applicant=_applicant_now(case, by),
        answers=dict(case.answers),
        answers_schema=case.answers_schema,
        documents=[_file_now(found) for found in files],
    )
    db.session.add(snapshot)
    db.session.flush()
    return snapshot


def keep_facts(case: Case, *, at: datetime) -> None:
    """Keep the answers with what the company has entered, so that later corrections are compared with these."""
    require_transaction()
    sent = last_snapshot(case)
    if sent is None:
        raise RuntimeError("facts are entered of a sent application")
    db.session.add(
        CaseSnapshot(
            case_id=case.id,
            taken_at=at,
            move="enter_facts",
            applicant=sent.applicant,
            answers=dict(case.answers),
            answers_schema=case.answers_schema,
            documents=sent.documents,
        )
    )


def _applicant_now(case: Case, by: Actor) -> dict[str, Any]:
    applicant = db.session.get_one(Applicant, case.applicant_id)
    sender = db.session.get_one(User, by.user_id)
    columns = ("legal_form", "name", "last_name", "first_name", "middle_name", "snils", "inn", "ogrn", "kpp")
    return {
        **{name: getattr(applicant, name) for name in columns},
        "acts_as": capacity_of(by.user_id, applicant.id),
        "sent_by": by.user_id,
        "sent_by_name": sender.name,
        "phone": sender.phone,
        "email": sender.notify_email,
    }


def _file_now(found: CaseDocument) -> dict[str, Any]:
    version = found.version
    return {
        "case_document": found.id,
        "kind": found.kind,
        "title": found.title,
        "name": version.file_name,
        "size": version.size,
        "sha256": version.sha256,
    }


def ask_for_fixes(
    case: Case, items: Sequence[tuple[str, str, str]], *, text: str, by: Actor, at: datetime
) -> CorrectionRequest:
    """A request for corrections with items (subject, code, remark), due when the case is due now."""
    require_transaction()
    if case.due_on is None:
        raise RuntimeError("a request for corrections belongs to a stage with a deadline")
    request = CorrectionRequest(
        case_id=case.id, made_by=by.user_id, made_at=at, due_on=case.due_on, text=text
    )
    request.items = [
        CorrectionItem(subject=subject, code=code, remark=remark) for subject, code, remark in items
    ]
    db.session.add(request)
    db.session.flush()
    return request
