"""What an applicant does with a draft: begins it, fills it, shows it to staff, deletes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import delete

from app import gateways
from app.accounts.models import Applicant
from app.accounts.queries import applicant_of, pressed_before
from app.accounts.steps import claim_key
from app.actor import Actor
from app.cases.document_steps import detach
from app.cases.models import DRAFT, Case, CaseDocument, CaseMark, Message
from app.cases.policy import may_edit_draft
from app.cases.queries import documents_of, locked_case, party, require
from app.cases.search_steps import forget_case
from app.cases.steps import create_draft as new_draft
from app.cases.steps import set_card, touch
from app.connections import queries
from app.connections.answers import merge, merge_valid, parse_topic, tell_the_same, typed_topic
from app.connections.fields import Answers
from app.connections.form_steps import drop_forms
from app.connections.policy import may_edit_topic
from app.connections.questionnaire import is_asked
from app.connections.steps import about_another, set_draft_card, told_before, write_answers
from app.errors import Conflict, InvalidForm, Overtaken
from app.extensions import db
from app.journal.steps import record
from app.transaction import transaction

SENT_ALREADY = (
    "Заявка уже отправлена: анкету можно изменить, только если сетевая организация об этом попросит."
)

OTHER_ROAD = (
    "Этот раздел сейчас не нужен: для черновика выбран другой способ заполнения. "
    "Сменить его можно на странице черновика."
)

_OVERTAKEN = "Пока вы заполняли эту страницу, ответы на ней изменили в другом окне."

#: Papers about the applicant, which must not go over to another one.
_APPLICANT_PAPERS = ("identity", "extract", "authority")


@dataclass(frozen=True)
class Kept:
    """What became of answers that were saved by themselves: the topic's mark now, and why some were not kept."""

    mark: str
    refused: Mapping[str, list[str]]


def create_draft(applicant_id: int, *, by: Actor, at: datetime, key: str = "") -> int:
    """A new draft for an applicant of the actor, with what is known already; returns its number.

    Raises NotFound for somebody else's applicant and AlreadyDone for a second press of the same button.
    """
    with transaction():
        applicant = applicant_of(by, applicant_id)
        case = new_draft(queries.KIND, applicant, by=by, at=at)
        claim_key(by.user_id, key, url=f"/cases/{case.id}/form", at=at)
        write_answers(case, told_before(applicant, by=by, but=case.id))
        _show_in_list(case, by, at)
        return case.id


def save_topic(
    case_id: int,
    topic: str,
    raw: Mapping[str, Sequence[str]],
    *,
    by: Actor,
    at: datetime,
    seen: str = "",
    page: str = "",
) -> None:
    """Keep one topic as typed, complete or not.

    `seen` is the topic's mark (`queries.topic_mark`) when the page was opened, `page` the key of that page. Raises
    InvalidForm for values wrong in shape; Overtaken when the topic was changed meanwhile, but not by this page itself;
    Conflict when it is not open for changes. Nothing is kept then.
    """
    with transaction():
        case = locked_case(by, case_id)
        _require_editable(case, topic, by)
        context = queries.context_of(case, by, queries.day_of(at))
        parsed = parse_topic(topic, raw, context, case.answers)
        if parsed.errors:
            raise InvalidForm(parsed.errors)
        before, answers = case.answers, merge(case.answers, parsed)
        if not tell_the_same(before, answers) and is_overtaken(topic, before, by=by, seen=seen, page=page):
            raise Overtaken(_OVERTAKEN)
        write_answers(case, answers)
        if case.status == DRAFT:
            _show_in_list(case, by, at)
        elif typed_topic(topic, before) != typed_topic(topic, answers):
            touch(case, at=at)
            record(
                "answers_changed",
                party="applicant",
                actor_id=by.user_id,
                at=at,
                case_id=case.id,
                details={"topic": topic},
            )


def keep_topic(
    case_id: int,
    topic: str,
    raw: Mapping[str, Sequence[str]],
    *,
    by: Actor,
    at: datetime,
    seen: str,
    page: str,
) -> Kept:
    """Keep of one topic of a draft what is good in shape; what is not leaves the answer that was kept before.

    Writes nothing when nothing was changed. Raises Overtaken as `save_topic` does, Conflict when it is no draft.
    """
    with transaction():
        case = locked_case(by, case_id)
        _require_draft(case, by)
        _require_asked(case, topic)
        context = queries.context_of(case, by, queries.day_of(at))
        parsed = parse_topic(topic, raw, context, case.answers)
        before, answers = case.answers, merge_valid(case.answers, parsed)
        if tell_the_same(before, answers):
            return Kept(queries.topic_mark(topic, before), parsed.errors)
        if is_overtaken(topic, before, by=by, seen=seen, page=page):
            raise Overtaken(_OVERTAKEN)
        write_answers(case, answers)
        _show_in_list(case, by, at)
        mark = queries.topic_mark(topic, answers)
        _sign_for_page(case_id, topic, mark, page, by=by, at=at)
        return Kept(mark, parsed.errors)


def is_overtaken(topic: str, answers: Answers, *, by: Actor, seen: str, page: str) -> bool:
    """Whether the answers of a topic were changed since a page was opened with the mark `seen`, and not by that page.

    The answer to a page's own saving may have been lost on the way, so the page cannot know its new mark.
    """
    mark = queries.topic_mark(topic, answers)
    return bool(seen) and seen != mark and not pressed_before(by.user_id, _page_key(page, topic, mark))


def _sign_for_page(case_id: int, topic: str, mark: str, page: str, *, by: Actor, at: datetime) -> None:
    key = _page_key(page, topic, mark)
    if page and not pressed_before(by.user_id, key):
        claim_key(by.user_id, key, url=f"/cases/{case_id}/form/{topic}", at=at)


def _page_key(page: str, topic: str, mark: str) -> str:
    return sha256(f"{page} {topic} {mark}".encode()).hexdigest()


def _require_editable(case: Case, topic: str, by: Actor) -> None:
    side = party(by, case)
    asked = queries.asked_in(queries.open_request(case))
    if not may_edit_topic(side, case.status, topic, asked):
        require(side == "applicant")
        raise Conflict(SENT_ALREADY)
    _require_asked(case, topic)


def _require_asked(case: Case, topic: str) -> None:
    """Refuse answers to a topic that the chosen road does not ask; that of the applicant holds their papers on both."""
    if topic != "applicant" and not is_asked(topic, case.answers):
        raise Conflict(OTHER_ROAD)


def _require_draft(case: Case, by: Actor) -> None:
    side = party(by, case)
    if not may_edit_draft(side, case):
        require(side == "applicant")
        raise Conflict(SENT_ALREADY)


def _show_in_list(case: Case, by: Actor, at: datetime) -> None:
    found = queries.dossier(case, by, queries.day_of(at))
    set_draft_card(case, found.context, incomplete=bool(queries.gaps_of(found)), at=at)


def change_applicant(case_id: int, applicant_id: int, *, by: Actor, at: datetime) -> bool:
    """File the draft for another applicant of the actor; whether anything changed.

    What was told about the former applicant, and their papers, goes: colleagues of the new one will see the draft.
    """
    with transaction():
        case = locked_case(by, case_id)
        _require_draft(case, by)
        applicant = applicant_of(by, applicant_id)
        if applicant.id == case.applicant_id:
            return False
        keys = _hand_over_files(case, applicant, by) + drop_forms(case)
        _hand_over(case, applicant, by, at)
        set_card(case, at=at, applicant_id=applicant.id, applicant_name=applicant.name)
        write_answers(case, about_another(case.answers, told_before(applicant, by=by, but=case.id)))
        db.session.flush()
        _show_in_list(case, by, at)
    _forget_bytes(keys)
    return True


def _hand_over(case: Case, applicant: Applicant, by: Actor, at: datetime) -> None:
    """Other people see the draft from now on; what staff were shown of the former applicant says nothing of this one."""
    told: dict[str, Any] = {"party": "applicant", "actor_id": by.user_id, "at": at, "case_id": case.id}
    record("applicant_changed", **told, details={"from": case.applicant_id, "to": applicant.id})
    if case.answers_shared:
        case.answers_shared = False
        record("answers_hidden", **told)


def _hand_over_files(case: Case, applicant: Applicant, by: Actor) -> list[str]:
    """Papers about the former applicant leave the draft, the other files belong to the new one from now on."""
    keys = []
    for found in documents_of(case, by):
        if found.side != "applicant":
            continue
        if found.kind in _APPLICANT_PAPERS and found.message_id is None:
            keys.append(detach(found))
        else:
            found.version.document.owner_applicant_id = applicant.id
    return [key for key in keys if key]


def share_answers(case_id: int, shared: bool, *, by: Actor, at: datetime) -> None:
    """Show the questionnaire of a draft to staff, who see it only after a question was asked; or hide it again."""
    with transaction():
        case = locked_case(by, case_id)
        _require_draft(case, by)
        if case.answers_shared == shared:
            return
        case.answers_shared = shared
        touch(case, at=at)
        record(
            "answers_shared" if shared else "answers_hidden",
            party="applicant",
            actor_id=by.user_id,
            at=at,
            case_id=case.id,
        )


def delete_draft(case_id: int, *, by: Actor, at: datetime, key: str = "") -> None:
    """Delete a draft with its answers, files, messages and marks; the journal of the site keeps its number alone."""
    with transaction():
        claim_key(by.user_id, key, url="/cases", at=at)
        case = locked_case(by, case_id)
        _require_draft(case, by)
        keys = _delete_rows(case)
        record("draft_deleted", party="applicant", actor_id=by.user_id, at=at, details={"number": case_id})
    _forget_bytes(keys)


def _delete_rows(case: Case) -> list[str]:
    files = db.session.scalars(db.select(CaseDocument).where(CaseDocument.case_id == case.id)).all()
    keys = [detach(found) for found in files]
    for table in (CaseMark, Message):
        db.session.execute(delete(table).where(table.case_id == case.id))
    forget_case(case.id)
    db.session.delete(case)
    db.session.flush()
    return [key for key in keys if key]


def _forget_bytes(keys: Sequence[str]) -> None:
    """Remove files from the disk; only after the commit, so that no row ever lacks its file."""
    for key in keys:
        gateways.current().files.delete(key)
