"""What an applicant does with an application as a whole: sends it, mends it, withdraws it."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from app.accounts.models import User
from app.accounts.sessions import Visit
from app.accounts.steps import claim_key
from app.accounts.text_queries import texts_to_accept
from app.accounts.text_steps import accept_shown
from app.actor import Actor
from app.cases.letter_steps import tell_applicant, tell_company, tell_supplier
from app.cases.message_steps import add_message
from app.cases.message_text import clean_text
from app.cases.models import DRAFT, Case, CaseDocument
from app.cases.queries import locked_case, party, require
from app.cases.steps import move
from app.company import queries as company
from app.connections import queries
from app.connections.corrections import unanswered
from app.connections.lifecycle import NEEDS_FIX
from app.connections.models import CorrectionRequest
from app.connections.queries import Dossier
from app.connections.receipt_steps import ask_for_receipt
from app.connections.refusals import at_field, reason_in
from app.connections.road import due_words
from app.connections.steps import category_after_fixes, leave_what_is_sent, set_sent_card, take_snapshot
from app.connections.summary import category_of
from app.errors import AlreadyDone, Conflict, InvalidForm
from app.extensions import db
from app.transaction import transaction

CONFIRM_FIRST = (
    "Сначала подтвердите учетную запись в офисе сетевой организации: она принимает заявки только "
    "от подтвержденных заявителей. Черновик сохранен."
)
NOT_GIVEN = "Приложите или исправьте то, о чем просят, либо напишите здесь, почему этого нет: {}."
LONGEST_ANSWER = 5000
_NOTHING: Mapping[str, str] = MappingProxyType({})
_NOWHERE = Visit("", "")


def submit(
    case_id: int,
    *,
    by: Actor,
    at: datetime,
    key: str = "",
    accepted: Mapping[str, str] = _NOTHING,
    visit: Visit = _NOWHERE,
) -> str:
    """Send the application to the company, once; returns the address of the confirmation.

    `accepted` are the versions of legal texts that the sender accepts with this sending, by code. Raises InvalidForm
    when something lacks, and AlreadyDone (with the same address) when it was sent before, also from another window.
    """
    url = f"/cases/{case_id}/sent"
    with transaction():
        claim_key(by.user_id, key, url=url, at=at)
        case = locked_case(by, case_id)
        require(party(by, case) == "applicant")
        if case.status != DRAFT:
            raise AlreadyDone(url)
        found = queries.dossier(case, by, queries.day_of(at))
        _check_confirmed(by)
        _check_complete(found)
        _accept_texts(by, accepted, visit, at)
        _send(case, found, by, at)
    return url


def _check_confirmed(by: Actor) -> None:
    """Where the company demands it, the sender has been seen in the office."""
    confirmed = db.session.get_one(User, by.user_id).confirmed_at is not None
    if not confirmed and not company.profile().settings["unconfirmed.may_send"]:
        raise InvalidForm({"": [CONFIRM_FIRST]})


def _check_complete(found: Dossier) -> None:
    lacking = [gap.sentence for gap in queries.gaps_of(found)]
    if category_of(found.answers, found.context) is None and not lacking:
        raise RuntimeError("complete answers must tell the category")
    if lacking:
        raise InvalidForm({"": lacking})


def _accept_texts(by: Actor, accepted: Mapping[str, str], visit: Visit, at: datetime) -> None:
    """The sender has accepted the present versions of the texts, or accepts them now, each by a box of its own."""
    texts = texts_to_accept(by.user_id)
    accept_shown(by.user_id, texts, accepted, otherwise="этого заявку нельзя отправить", visit=visit, at=at)


def _send(case: Case, found: Dossier, by: Actor, at: datetime) -> None:
    category = category_of(found.answers, found.context)
    if category is None:
        raise RuntimeError("complete answers must tell the category")
    leave_what_is_sent(case, found.context)
    set_sent_card(case, found.context, category=category, at=at)
    entry = move(case, "submit", by=by, at=at)
    sent = take_snapshot(case, "submit", _all_files(found), by=by, at=at)
    ask_for_receipt(case, sent, found.context, by=by, at=at)
    comment = str(found.answers.get("comment", ""))
    if comment:
        add_message(case, comment, channel="company", by=by, at=at)
    key = str(entry.seq)
    tell_company(case, "application-new", key=key, at=at, due=due_words(case, queries.day_of(at)))
    tell_applicant(case, "application-sent", key=key, at=at, mark=None)


def _all_files(found: Dossier) -> list[CaseDocument]:
    return [one for files in found.files.values() for one in files]


def save_answer(case_id: int, text: str, *, by: Actor, at: datetime) -> None:
    """Keep the text that goes with the corrections until they are sent; raises InvalidForm, Conflict."""
    with transaction():
        _case, request = _open_request(case_id, by)
        request.answer = _answer_in(text)


def send_fixes(case_id: int, text: str, *, by: Actor, at: datetime, key: str = "") -> str:
    """Send the corrections; the check begins anew. Returns the address of the case.

    Late is possible as long as the company has not ended the application. Raises InvalidForm when something that was
    asked for is not there and the text does not say why.
    """
    url = f"/cases/{case_id}"
    with transaction():
        claim_key(by.user_id, key, url=url, at=at)
        case, request = _open_request(case_id, by)
        answer = _answer_in(text)
        found = queries.dossier(case, by, queries.day_of(at))
        lacking = unanswered(
            request.items,
            found.answers,
            queries.answers_sent(case),
            queries.fresh_kinds(found, request),
            found.context,
        )
        if lacking and not answer:
            raise InvalidForm({"text": [NOT_GIVEN.format("; ".join(lacking))]})
        _send_fixes(case, request, found, answer, by=by, at=at)
    return url


def _open_request(case_id: int, by: Actor) -> tuple[Case, CorrectionRequest]:
    case = locked_case(by, case_id)
    require(party(by, case) == "applicant")
    request = queries.open_request(case)
    if case.status != NEEDS_FIX or request is None:
        raise Conflict("Сейчас сетевая организация ничего не просит исправить.")
    return case, request


def _answer_in(text: str) -> str:
    with at_field("text"):
        return clean_text(text, max_length=LONGEST_ANSWER, label="Пояснение", required=False)


def _send_fixes(
    case: Case, request: CorrectionRequest, found: Dossier, answer: str, *, by: Actor, at: datetime
) -> None:
    category = category_after_fixes(case, queries.answers_sent(case), found.context)
    set_sent_card(case, found.context, category=category, at=at)
    request.answer, request.answered_at = answer, at
    entry = move(case, "send_fixes", by=by, at=at, details={"text": answer})
    sent = take_snapshot(case, "send_fixes", _all_files(found), by=by, at=at)
    ask_for_receipt(case, sent, found.context, by=by, at=at)
    due = due_words(case, queries.day_of(at))
    tell_company(case, "fixes-sent", key=str(entry.seq), at=at, text=answer, due=due)


def withdraw(case_id: int, reason: str, *, by: Actor, at: datetime, key: str = "") -> str:
    """Take the application back; the company and the supplier are told. Raises IllegalMove when it has ended."""
    url = f"/cases/{case_id}"
    with transaction():
        claim_key(by.user_id, key, url=url, at=at)
        case = locked_case(by, case_id)
        require(party(by, case) == "applicant")
        why = reason_in(reason, required=False)
        entry = move(case, "withdraw", by=by, at=at, details={"reason": why})
        for tell in (tell_company, tell_supplier):
            tell(case, "withdrawn", key=str(entry.seq), at=at, reason=why)
    return url
