"""Writing in a case: who reads it, who is told, what is refused, and what a question on a draft opens."""

from datetime import datetime, timedelta
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask

from app import clock, gateways
from app.accounts.models import UserApplicant
from app.actor import Actor
from app.cases import actions
from app.cases.actions import SeenMark, see, send_message, set_unread
from app.cases.captions import BY_HAND
from app.cases.models import Case, CaseDocument, CaseMark, Message
from app.cases.queries import documents_of, marks_of, messages_of, unread_count, visible_case
from app.cases.steps import set_card
from app.documents.intake import Upload
from app.errors import AlreadyDone, Conflict, Forbidden, InvalidForm, NotFound
from app.extensions import db
from app.journal.models import JournalEntry
from app.notifications.models import OutboxRow
from app.transaction import transaction
from tests.at_once import at_once
from tests.case_world import PDF, Person, applicant, draft, ended, operator, sent, supplier_person
from tests.unchanged import unchanged


def write(case_id: int, who: Person, text: str = "Здравствуйте", **rest: object) -> int:
    rest.setdefault("at", clock.now())
    return send_message(case_id, text, by=who.actor, **rest)  # type: ignore[arg-type]


def scan(name: str = "скан.pdf", content: bytes = PDF) -> Upload:
    return Upload(name, BytesIO(content))


def refusal(
    case_id: int, who: Person, text: str = "", uploads: tuple[Upload, ...] = (), **rest: object
) -> str:
    with pytest.raises(InvalidForm) as refused:
        write(case_id, who, text, uploads=uploads, **rest)
    return " ".join(sentence for found in refused.value.errors.values() for sentence in found)


def letters() -> list[tuple[str, str]]:
    return [(row.kind, row.address) for row in db.session.query(OutboxRow).order_by(OutboxRow.id)]


def stored() -> list[Path]:
    return [path for path in gateways.current().files.root.rglob("*") if path.is_file()]


def updated(case_id: int) -> datetime:
    db.session.expire_all()
    return db.session.get_one(Case, case_id).updated_at


def test_an_applicants_message_tells_the_company_and_marks_the_case(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case_id = sent(ivanov)
    write(case_id, ivanov, "Когда приедет инженер?")
    letter = db.session.query(OutboxRow).one()
    assert (letter.kind, letter.address) == ("message-from-applicant", "office@example.org")
    assert "Когда приедет инженер?" in letter.body and "Иванов Петр Григорьевич" in letter.body
    assert [(mark.kind, mark.side) for mark in marks_of(case_id, office.id)] == [("message", "applicant")]
    assert marks_of(case_id, ivanov.id) == []


def test_an_answer_of_the_company_tells_everybody_who_acts_for_the_applicant(context: Flask) -> None:
    ivanov, colleague, office = applicant(), applicant("Сергеев", snils="10289803962"), operator()
    with transaction():
        db.session.add(
            UserApplicant(user_id=colleague.id, applicant_id=ivanov.applicant_id, capacity="representative")
        )
    case_id = sent(ivanov)
    write(case_id, office, "Ваша заявка принята в работу.")
    assert [kind for kind, _ in letters()] == ["message-added", "message-added"]
    for person in (ivanov, colleague):
        assert [(mark.kind, mark.side) for mark in marks_of(case_id, person.id)] == [("message", "company")]
    body = db.session.query(OutboxRow).first().body  # type: ignore[union-attr]
    assert "Добавлено новое сообщение со стороны Сетевой организации:" in body


def test_a_letter_holds_2000_characters_of_the_company_and_200_of_anybody_else(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case_id = sent(ivanov)
    write(case_id, office, "ж" * 5000)
    write(case_id, ivanov, "щ" * 5000)
    ours, theirs = (row.body for row in db.session.query(OutboxRow).order_by(OutboxRow.id))
    assert ours.count("ж") <= 2000 + 20 and "ж" * 1990 in ours
    assert "щ" * 190 in theirs and "щ" * 210 not in theirs


def test_an_internal_note_reaches_the_company_alone_and_leaves_no_trace_outside(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case_id = sent(ivanov)
    before = updated(case_id)
    write(case_id, office, "Проверить границу участка", channel="internal", uploads=[scan()])
    case = visible_case(ivanov.actor, case_id)
    assert updated(case_id) == before
    assert letters() == [] and db.session.query(CaseMark).count() == 0
    assert messages_of(case, ivanov.actor) == [] and documents_of(case, ivanov.actor) == []
    assert [one.text for one in messages_of(case, office.actor)] == ["Проверить границу участка"]
    assert len(documents_of(case, office.actor)) == 1
    assert not any(entry.public for entry in db.session.query(JournalEntry).filter_by(kind="message_written"))


def test_an_applicant_cannot_write_an_internal_note(app: Flask, context: Flask) -> None:
    ivanov = applicant()
    case_id = sent(ivanov)
    with unchanged(app), pytest.raises(Forbidden):
        write(case_id, ivanov, channel="internal")


def test_a_question_on_a_draft_opens_that_conversation_and_no_more(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case_id = draft(ivanov, place="п. Калиново, ул. Тайная, 1", facts="≤15 кВт")
    with pytest.raises(NotFound):
        visible_case(office.actor, case_id)
    write(case_id, ivanov, "Можно без кадастрового номера?", uploads=[scan("вопрос.pdf")])
    case = visible_case(office.actor, case_id)
    assert case.draft_opened_at is not None and not case.answers_shared
    body = db.session.query(OutboxRow).one().body
    assert "Можно без кадастрового номера?" in body and "Иванов Петр Григорьевич" in body
    assert "Тайная" not in body and "кВт" not in body
    assert [one.title for one in documents_of(case, office.actor)] == ["вопрос.pdf"]


def test_staff_answer_a_question_on_a_draft(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case_id = draft(ivanov)
    write(case_id, ivanov)
    write(case_id, office, "Можно.")
    assert ("message-added", "ivanov@example.org") in letters()


@pytest.mark.parametrize(
    "text", ["", " \n\t ", "\u200b\u200d\u2060", "<p><br></p>", "\u2800", "\u202e", "&nbsp;"]
)
def test_an_empty_message_is_refused(app: Flask, context: Flask, text: str) -> None:
    ivanov = applicant()
    case_id = sent(ivanov)
    with unchanged(app):
        assert refusal(case_id, ivanov, text) == "Пустое сообщение: напишите текст."


@pytest.mark.parametrize("text", ["а\x00б", "а\x1bб", "\ufffd", "а" * 10_001, "е" + "\u0301" * 40])
def test_a_text_that_no_database_or_letter_can_hold_is_refused(app: Flask, context: Flask, text: str) -> None:
    ivanov = applicant()
    case_id = sent(ivanov)
    with unchanged(app):
        assert refusal(case_id, ivanov, text).startswith("Сообщение")


def test_ten_thousand_characters_and_emoji_are_kept_as_written(context: Flask) -> None:
    ivanov = applicant()
    case_id = sent(ivanov)
    text = "👩\u200d👩\u200d👧 " + "ё" * 9_900
    write(case_id, ivanov, text)
    assert db.session.query(Message).one().text == text


def test_files_go_with_the_message_and_stand_among_the_documents_of_their_side(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case_id = sent(ivanov)
    message_id = write(case_id, ivanov, "Вот план", uploads=[scan("план.pdf"), scan("фото.pdf", PDF + b"2")])
    write(case_id, office, "Вот схема", uploads=[scan("схема.pdf", PDF + b"3")])
    case = visible_case(ivanov.actor, case_id)
    found = documents_of(case, ivanov.actor)
    assert [(one.side, one.title) for one in found] == [
        ("applicant", "план.pdf"),
        ("applicant", "фото.pdf"),
        ("company", "схема.pdf"),
    ]
    assert [one.message_id for one in found[:2]] == [message_id] * 2
    assert [one.sensitive for one in found] == [True, True, False]


def test_files_alone_are_a_message_too(context: Flask) -> None:
    ivanov = applicant()
    operator()
    case_id = sent(ivanov)
    write(case_id, ivanov, "", uploads=[scan("план.pdf")])
    assert "Приложены файлы: план.pdf" in db.session.query(OutboxRow).one().body


def test_a_supplier_sees_neither_the_messages_nor_their_files(context: Flask) -> None:
    ivanov, office, sbyt = applicant(), operator(), supplier_person()
    case_id = sent(ivanov)
    with transaction():
        case = db.session.get_one(Case, case_id)
        set_card(case, at=clock.now(), supplier_id=sbyt.actor.supplier_id, supplier_name="АО «Энергосбыт»")
    write(case_id, ivanov, "Паспорт", uploads=[scan("паспорт.pdf")])
    write(case_id, office, "Получили", uploads=[scan("ответ.pdf", PDF + b"2")])
    case = visible_case(sbyt.actor, case_id)
    assert messages_of(case, sbyt.actor) == [] and documents_of(case, sbyt.actor) == []
    with pytest.raises(Forbidden):
        write(case_id, sbyt)


def test_a_refused_file_names_itself_and_leaves_nothing_on_the_disk(app: Flask, context: Flask) -> None:
    ivanov = applicant()
    case_id = sent(ivanov)
    with unchanged(app):
        said = refusal(case_id, ivanov, "План", (scan("план.pdf"), scan("план.exe", b"MZ")))
    assert said.startswith("«план.exe»:") and stored() == []


def test_a_message_that_was_not_written_keeps_no_bytes(context: Flask) -> None:
    ivanov, stranger = applicant(), applicant("Чужой", snils="10289803962")
    case_id = sent(ivanov)
    with pytest.raises(NotFound):
        write(case_id, stranger, "Это чье?", uploads=[scan()])
    assert stored() == [] and db.session.query(Message).count() == 0


def test_the_fifty_first_file_is_refused_with_what_is_left(app: Flask, context: Flask) -> None:
    ivanov = applicant()
    case_id = sent(ivanov)
    write(case_id, ivanov, "", uploads=[scan(f"{n}.pdf", PDF + b"%d" % n) for n in range(49)])
    with unchanged(app):
        said = refusal(case_id, ivanov, "", (scan("а.pdf", PDF + b"a"), scan("б.pdf", PDF + b"b")))
    assert said == "В одном обращении помещается 50 файлов, можно добавить еще 1."
    write(case_id, operator(), "Ответ", uploads=[scan("ответ.pdf", PDF + b"o"), scan("акт.pdf", PDF + b"p")])


def test_an_unknown_channel_is_refused(app: Flask, context: Flask) -> None:
    ivanov = applicant()
    case_id = sent(ivanov)
    with unchanged(app):
        assert "кому вы пишете" in refusal(case_id, ivanov, "Привет", channel="supplier")


def test_twenty_presses_of_one_button_write_one_message_and_one_letter(app: Flask) -> None:
    with app.app_context():
        ivanov = applicant()
        operator()
        case_id = sent(ivanov)
    got = at_once(app, [partial(write, case_id, ivanov, "Один раз", key="same")] * 20)
    assert sum(isinstance(one, int) for one in got) == 1
    assert {one.url for one in got if isinstance(one, AlreadyDone)} == {f"/cases/{case_id}#messages"}
    with app.app_context():
        assert db.session.query(Message).count() == 1 and len(letters()) == 1


def test_a_message_to_the_archive_is_a_conflict(app: Flask, context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case_id = ended(ivanov)
    with transaction():
        db.session.get_one(Case, case_id).archived_at = clock.now()
    with unchanged(app):
        for who, channel in ((ivanov, "company"), (office, "company"), (office, "internal")):
            with pytest.raises(Conflict, match="архиве"):
                write(case_id, who, channel=channel)


def test_opening_a_case_gives_back_what_was_unread_and_clears_it(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case_id = sent(ivanov)
    first = clock.now() - timedelta(hours=1)
    write(case_id, office, "Первое", at=first)
    write(case_id, office, "Второе")
    assert unread_count(ivanov.actor) == 1
    assert see(case_id, by=ivanov.actor, at=clock.now()) == [SeenMark("message", "company", first)]
    assert unread_count(ivanov.actor) == 0
    assert see(case_id, by=ivanov.actor, at=clock.now()) == []


def test_what_is_written_after_the_case_was_opened_is_unread(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case_id = sent(ivanov)
    write(case_id, office, "Первое")
    see(case_id, by=ivanov.actor, at=clock.now())
    write(case_id, office, "Второе")
    assert unread_count(ivanov.actor) == 1


def test_writing_and_opening_at_once_never_loses_a_mark_of_an_unseen_message(app: Flask) -> None:
    with app.app_context():
        ivanov, office = applicant(), operator()
        case_id = sent(ivanov)
        write(case_id, office, "Первое")

    def read() -> int:
        see(case_id, by=ivanov.actor, at=clock.now())
        return db.session.query(Message).count()

    for _ in range(5):
        shown, _ = at_once(app, [read, partial(write, case_id, office)])
        with app.app_context():
            written = db.session.query(Message).count()
            assert shown == written or unread_count(ivanov.actor) == 1
            see(case_id, by=ivanov.actor, at=clock.now())


def test_a_mark_put_by_hand_is_ones_own_and_changes_nothing_else(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case_id = sent(ivanov)
    before = updated(case_id)
    set_unread(case_id, True, by=office.actor, at=clock.now())
    set_unread(case_id, True, by=office.actor, at=clock.now())
    assert [(mark.kind, mark.side) for mark in marks_of(case_id, office.id)] == [("message", BY_HAND)]
    assert updated(case_id) == before and marks_of(case_id, ivanov.id) == []
    set_unread(case_id, False, by=office.actor, at=clock.now())
    assert marks_of(case_id, office.id) == []


def test_a_mark_of_a_case_that_went_out_of_sight_is_not_counted(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case_id = sent(ivanov)
    write(case_id, office)
    stranger = Person(Actor(ivanov.id, "Иванов", ivanov.actor.roles))
    assert unread_count(stranger.actor) == 0
    with pytest.raises(NotFound):
        actions.see(case_id, by=stranger.actor, at=clock.now())


def test_the_opening_of_an_applicants_file_is_written_down(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case_id = sent(ivanov)
    write(case_id, ivanov, "Паспорт", uploads=[scan("паспорт.pdf")])
    file_id = db.session.query(CaseDocument).one().id
    actions.record_opening(case_id, file_id, by=office.actor, at=clock.now())
    entry = db.session.query(JournalEntry).filter_by(kind="document_opened").one()
    assert (entry.actor_id, entry.public, entry.body["document"]) == (office.id, False, file_id)
