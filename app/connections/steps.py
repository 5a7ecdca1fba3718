"""Changes of an application inside an open transaction: answers, card, snapshot, requests for corrections."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from app.accounts.models import Applicant, User
from app.actor import Actor
from app.cases.models import Case, CaseDocument, CaseSnapshot
from app.cases.steps import set_card
from app.connections.fields import Answers, Context
from app.connections.models import CorrectionItem, CorrectionRequest
from app.connections.qualification import asked_clause
from app.connections.queries import capacity_of, earlier_answers
from app.connections.questionnaire import SCHEMA_VERSION, fields_of
from app.connections.summary import Card, card_of, facts_line, mode_of
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


def set_draft_card(case: Case, context: Context, *, incomplete: bool, at: datetime) -> None:
    """What the list shows of a draft; supplier and mode are decided by sending."""
    card = card_of(case.answers, context)
    set_card(case, at=at, title=DRAFT_TITLE, incomplete=incomplete, **_facts_of(card))


def set_sent_card(case: Case, context: Context, *, mode: str, at: datetime) -> None:
    """What lists and letters show of a sent application; `mode` is the one it goes on with."""
    card = card_of(case.answers, context)
    supplier = None if card.supplier_id is None else context.supplier_options[card.supplier_id]
    set_card(
        case,
        at=at,
        title=TITLE,
        incomplete=False,
        mode=mode,
        supplier_id=card.supplier_id,
        supplier_name=supplier or "",
        **{**_facts_of(card), "facts": " · ".join(facts_in_mode(case.answers, context, mode))},
    )


def facts_in_mode(answers: Answers, context: Context, mode: str) -> list[str]:
    """The facts under a title with the company's word about the clause, which may differ from the computed one."""
    facts = [fact for fact in facts_line(answers, context) if not fact.endswith("Правил")]
    negation = "" if mode == "A" else "не "
    return [*facts, f"{negation}соответствует {asked_clause(context.legal_form)} Правил"]


def _facts_of(card: Card) -> dict[str, Any]:
    return {
        "facts": card.facts,
        "place": card.place[:500],
        "cadastral": card.cadastral[:400],
        "watts": card.watts,
    }


def mode_after_fixes(case: Case, before: Answers, context: Context) -> str:
    """The mode with which a mended application goes on: computed anew, unless staff had decided otherwise.

    `before` are the answers as they were sent last.
    """
    computed = mode_of(before, context)
    decided_by_staff = computed is not None and computed != case.mode
    return case.mode if decided_by_staff else mode_of(case.answers, context) or case.mode


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
