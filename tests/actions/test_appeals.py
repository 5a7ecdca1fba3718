"""Appeals: sent at once to whom one may address, and answered by whom they are addressed to."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from io import BytesIO

import pytest
from flask import Flask

from app import clock
from app.appeals import actions, queries
from app.appeals.actions import MOST_A_DAY, answer, reopen, send, start
from app.appeals.written import supplier_choice
from app.cases import staff_actions
from app.cases.actions import send_message, take_back
from app.cases.changes import CaseChanged, seen_now
from app.cases.models import Case, CaseClock, CaseDocument, Message
from app.cases.policy import APPEAL
from app.cases.queries import documents_of, marks_of, messages_of, visible_case
from app.cases.steps import set_card
from app.cases.timeline import past
from app.company.models import Supplier
from app.documents.intake import Upload
from app.errors import AlreadyDone, Conflict, Forbidden, IllegalMove, InvalidForm, NotFound
from app.extensions import db
from app.journal.models import JournalEntry
from app.notifications.models import OutboxRow
from app.transaction import transaction
from tests.appeal_world import QUESTION, TOPIC, appeal_to, to_company
from tests.at_once import at_once
from tests.case_world import PDF, Person, applicant, draft, operator, sent, supplier_person
from tests.unchanged import unchanged


def scan(name: str = "договор.pdf", content: bytes = PDF) -> Upload:
    return Upload(name, BytesIO(content))


def write(who: Person, *uploads: Upload, key: str = "", **changes: str) -> int:
    return send(replace(to_company(), **changes), uploads, by=who.actor, at=clock.now(), key=key)


def refusal(who: Person, *uploads: Upload, **changes: str) -> dict[str, list[str]]:
    with pytest.raises(InvalidForm) as refused:
        write(who, *uploads, **changes)
    return dict(refused.value.errors)


def named(who: Person, supplier: Person, **card: object) -> int:
    """A sent application of the applicant that names the supplier."""
    case_id = sent(who)
    with transaction():
        case = db.session.get_one(Case, case_id)
        name = db.session.get_one(Supplier, supplier.actor.supplier_id).name
        set_card(case, at=clock.now(), supplier_id=supplier.actor.supplier_id, supplier_name=name, **card)
    return case_id


def to(supplier: Person) -> str:
    return supplier_choice(supplier.actor.supplier_id or 0)


def case_of(case_id: int) -> Case:
    db.session.expire_all()
    return db.session.get_one(Case, case_id)


def letters(kind: str) -> list[OutboxRow]:
    return list(db.session.query(OutboxRow).filter_by(kind=kind).order_by(OutboxRow.id))


def act(do: object, case_id: int, who: Person, *words: object, **rest: object) -> None:
    do(case_id, *words, by=who.actor, at=clock.now(), **rest)  # type: ignore[operator]


def test_an_appeal_to_the_company_is_sent_at_once_and_waits_for_the_company(context: Flask) -> None:
    ivanov = applicant()
    case = case_of(write(ivanov))
    assert (case.kind, case.status, case.mover, case.recipient) == (APPEAL, "new", "company", "company")
    assert case.title == "Сообщение к ООО «Калиновские Электрические Сети»" and case.topic == TOPIC
    assert case.sent_at is not None and not case.incomplete and case.due_on is not None
    assert [one.text for one in messages_of(case, ivanov.actor)] == [QUESTION]
    clocks = db.session.query(CaseClock).filter_by(case_id=case.id).all()
    assert [one.term_code for one in clocks] == ["appeal_registration"]


def test_the_office_and_the_applicant_get_a_letter_with_the_topic(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case_id = write(ivanov)
    ours, theirs = letters("appeal-new"), letters("appeal-sent")
    assert [row.address for row in ours] == ["office@example.org"]
    assert [row.address for row in theirs] == ["ivanov@example.org"]
    for body in (ours[0].body, theirs[0].body):
        assert f"\nСообщение\n№ {case_id}\nТема: {TOPIC}\n" in body
    assert QUESTION in ours[0].body and "Иванов Петр Григорьевич" in ours[0].body
    assert (
        QUESTION not in theirs[0].body
        and "Получатель: ООО «Калиновские Электрические Сети»." in theirs[0].body
    )
    assert [(mark.kind, mark.side) for mark in marks_of(case_id, office.id)] == [("message", "applicant")]
    assert marks_of(case_id, ivanov.id) == []


def test_the_journal_proves_the_sending_and_the_message_without_its_words(context: Flask) -> None:
    case_id = write(applicant(), scan())
    entries = db.session.query(JournalEntry).filter_by(case_id=case_id).order_by(JournalEntry.id).all()
    assert [(entry.kind, entry.public) for entry in entries] == [("moved", True), ("message_written", False)]
    assert entries[1].body["files"] == 1 and QUESTION not in str(entries[1].body)


def test_files_go_with_the_first_message_and_are_opened_under_record(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case = case_of(write(ivanov, scan(), scan("паспорт.pdf", PDF + b"2")))
    for reader in (ivanov, office):
        assert [one.title for one in documents_of(case, reader.actor)] == ["договор.pdf", "паспорт.pdf"]
    assert all(one.sensitive and one.message_id for one in db.session.query(CaseDocument))


def test_a_supplier_named_in_a_sent_application_can_be_addressed(context: Flask) -> None:
    ivanov, sbyt, torg, office = (
        applicant(),
        supplier_person(),
        supplier_person("ООО «Электроторг»", email="torg@example.org"),
        operator(),
    )
    about = named(ivanov, sbyt)
    case_id = write(ivanov, recipient=to(sbyt), about=str(about))
    case = case_of(case_id)
    assert (case.mover, case.recipient, case.supplier_name) == ("supplier", "supplier", "АО «Энергосбыт»")
    assert case.title == "Сообщение к АО «Энергосбыт»"
    assert [one.text for one in messages_of(case, sbyt.actor)] == [QUESTION]
    assert [row.address for row in letters("appeal-new")] == ["sbyt@example.org"]
    for stranger in (office, torg):
        with pytest.raises(NotFound):
            visible_case(stranger.actor, case_id)


def test_an_appeal_to_the_company_is_not_the_suppliers_to_read(context: Flask) -> None:
    ivanov, sbyt = applicant(), supplier_person()
    case_id = write(ivanov, about=str(named(ivanov, sbyt)))
    with pytest.raises(NotFound):
        visible_case(sbyt.actor, case_id)


def test_a_supplier_that_only_a_draft_or_an_appeal_names_cannot_be_addressed(
    app: Flask, context: Flask
) -> None:
    ivanov, sbyt = applicant(), supplier_person()
    draft(ivanov, supplier_id=sbyt.actor.supplier_id, supplier_name="АО «Энергосбыт»")
    with unchanged(app):
        assert list(refusal(ivanov, recipient=to(sbyt))) == ["recipient"]


def test_a_supplier_named_by_another_applicant_cannot_be_addressed(app: Flask, context: Flask) -> None:
    ivanov, other, sbyt = applicant(), applicant("Соседов", snils="10289803962"), supplier_person()
    named(other, sbyt)
    with unchanged(app):
        assert list(refusal(ivanov, recipient=to(sbyt))) == ["recipient"]


def test_a_supplier_who_serves_nobody_any_more_is_not_offered(app: Flask, context: Flask) -> None:
    ivanov, sbyt = applicant(), supplier_person()
    named(ivanov, sbyt)
    with transaction():
        db.session.get_one(Supplier, sbyt.actor.supplier_id).active = False
    assert queries.offered(ivanov.actor).suppliers == {}
    with unchanged(app):
        assert list(refusal(ivanov, recipient=to(sbyt))) == ["recipient"]


def test_somebody_elses_application_is_no_basis_and_does_not_show_that_it_exists(
    app: Flask, context: Flask
) -> None:
    ivanov, other = applicant(), applicant("Соседов", snils="10289803962")
    foreign, missing = str(sent(other)), "999999"
    with unchanged(app):
        assert refusal(ivanov, about=foreign) == refusal(ivanov, about=missing)


def test_a_draft_is_no_basis(app: Flask, context: Flask) -> None:
    ivanov = applicant()
    case_id = draft(ivanov)
    with unchanged(app):
        assert list(refusal(ivanov, about=str(case_id))) == ["about"]


def test_an_old_application_may_still_be_the_basis_of_an_appeal(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "LAST_APPLICATIONS", 1)
    ivanov = applicant()
    old, _new = sent(ivanov), sent(ivanov)
    assert old not in queries.offered(ivanov.actor).applications
    case = case_of(write(ivanov, about=str(old)))
    subject = queries.subject_of(case, ivanov.actor)
    assert subject is not None and (subject.id, subject.visible) == (old, True)


def test_the_recipient_learns_of_an_application_no_more_than_they_may_see(context: Flask) -> None:
    ivanov, sbyt = applicant(), supplier_person()
    about = named(ivanov, sbyt, place="п. Тайное")
    case = case_of(write(ivanov, recipient=to(sbyt), about=str(about)))
    with transaction():
        set_card(case_of(about), at=clock.now(), supplier_id=None, supplier_name="")
    subject = queries.subject_of(case, sbyt.actor)
    assert subject is not None and not subject.visible and "Тайное" not in subject.label


def test_a_refused_file_names_itself_and_nothing_is_kept(app: Flask, context: Flask) -> None:
    ivanov = applicant()
    with unchanged(app):
        errors = refusal(ivanov, scan(), scan("план.exe", b"MZ"))
    assert errors["files"][0].startswith("«план.exe»:")


def test_wrong_fields_are_told_before_a_file_is_kept(app: Flask, context: Flask) -> None:
    ivanov = applicant()
    with unchanged(app):
        assert set(refusal(ivanov, scan(), own_topic="", recipient="")) == {"own_topic", "recipient"}


def test_nobody_writes_for_an_applicant_of_another_person(app: Flask, context: Flask) -> None:
    ivanov, other = applicant(), applicant("Соседов", snils="10289803962")
    with unchanged(app):
        assert list(refusal(ivanov, applicant=str(other.applicant_id))) == ["applicant"]


def test_twenty_presses_of_one_button_make_one_appeal_and_one_letter(app: Flask) -> None:
    with app.app_context():
        ivanov = applicant()
        operator()
    got = at_once(app, [partial(write, ivanov, key="k" * 22)] * 20)
    made = [one for one in got if isinstance(one, int)]
    assert len(made) == 1
    assert {one.url for one in got if isinstance(one, AlreadyDone)} == {f"/cases/{made[0]}"}
    with app.app_context():
        assert db.session.query(Case).count() == db.session.query(Message).count() == 1
        assert len(letters("appeal-new")) == 1


def test_one_person_sends_a_bounded_number_of_appeals_a_day(
    app: Flask, context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST_A_DAY", 2)
    ivanov, now = applicant(), clock.now()
    send(to_company(), by=ivanov.actor, at=now - timedelta(days=1, minutes=1))
    write(ivanov)
    write(ivanov)
    with unchanged(app):
        assert refusal(ivanov)[""] == [actions.TOO_MANY]
    assert MOST_A_DAY == 30


def test_the_company_numbers_takes_and_answers_an_appeal(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case_id = write(ivanov)
    number = staff_actions.register(case_id, "899", by=office.actor, at=clock.now())
    assert number == "899" and case_of(case_id).status == "registered"
    act(start, case_id, office)
    assert (case_of(case_id).status, case_of(case_id).mover) == ("in_work", "company")
    act(answer, case_id, office, "Просим направить документы, подтверждающие право собственности.")
    case = case_of(case_id)
    assert (case.status, case.mover, case.due_on) == ("answered", "nobody", None)
    assert [line.sentence for line in past(case, for_staff=False)] == [
        "Сообщение отправлено",
        "Присвоен регистрационный номер: 899",
        "Сообщение взято в работу",
        "Дан ответ",
    ]


def test_the_letters_of_an_appeal_are_those_of_the_manual(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case_id = write(ivanov)
    staff_actions.register(case_id, "899", by=office.actor, at=clock.now())
    text = "Просим направить документы, подтверждающие право собственности."
    act(answer, case_id, office, text)
    (number,), (reply,) = letters("number-given"), letters("message-added")
    assert number.subject == "Присвоен № 899"
    about = f"\nСообщение\nРегистрационный номер: 899\nТема: {TOPIC}\n"
    assert about in number.body and about in reply.body
    assert f"Добавлено новое сообщение со стороны Сетевой организации:\n\n{text}\n" in reply.body
    assert ("message", "company") in [(mark.kind, mark.side) for mark in marks_of(case_id, ivanov.id)]


def test_a_supplier_answers_under_their_own_number_and_name(context: Flask) -> None:
    ivanov, sbyt = applicant(), supplier_person()
    named(ivanov, sbyt)
    case_id = write(ivanov, recipient=to(sbyt))
    staff_actions.register(case_id, "17-К", by=sbyt.actor, at=clock.now())
    act(start, case_id, sbyt)
    act(answer, case_id, sbyt, "Договор изменим.")
    case = case_of(case_id)
    assert (case.status, case.number, case.supplier_number) == ("answered", None, "17-К")
    (reply,) = letters("message-added")
    assert "со стороны Гарантирующего поставщика (АО «Энергосбыт»):\n\nДоговор изменим.\n" in reply.body
    assert "Регистрационный номер: 17-К" in reply.body
    assert "Сетевая" not in reply.body
    assert {mark.side for mark in marks_of(case_id, ivanov.id)} == {"supplier"}


def test_an_appeal_may_be_answered_without_a_number(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case_id = write(ivanov)
    act(answer, case_id, office, "Ответ")
    assert case_of(case_id).status == "answered"
    assert f"№ {case_id}" in letters("message-added")[0].body


def test_the_term_of_the_answer_counts_from_the_sending_and_goes_on_in_work(context: Flask) -> None:
    office, sent_at = operator(), clock.now() - timedelta(days=3)
    case_id = send(to_company(), by=applicant().actor, at=sent_at)
    staff_actions.register(case_id, by=office.actor, at=clock.now())
    due = case_of(case_id).due_on
    running = db.session.query(CaseClock).filter_by(case_id=case_id, ended_on=None).one()
    assert (running.term_code, running.started_on) == (
        "appeal_answer",
        clock.day_in("Europe/Moscow", sent_at),
    )
    act(start, case_id, office)
    assert case_of(case_id).due_on == due


def test_an_applicant_writes_on_under_an_answer_and_the_receiver_may_reopen(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case_id = write(ivanov)
    act(answer, case_id, office, "Ответ")
    send_message(case_id, "Остался вопрос", by=ivanov.actor, at=clock.now())
    assert case_of(case_id).status == "answered"
    assert letters("message-from-applicant")[0].body.count(f"Тема: {TOPIC}") == 1
    assert any(mark.kind == "message" for mark in marks_of(case_id, office.id))
    act(reopen, case_id, office)
    case = case_of(case_id)
    assert (case.status, case.mover) == ("in_work", "company") and case.due_on is not None
    assert letters("status-added")[-1].subject == "Добавлен статус: Сообщение в работе"


def test_an_answered_appeal_goes_to_the_archive_where_nobody_writes(app: Flask, context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case_id = write(ivanov)
    with pytest.raises(IllegalMove):
        staff_actions.move_to_archive(case_id, by=office.actor, at=clock.now())
    act(answer, case_id, office, "Ответ")
    staff_actions.move_to_archive(case_id, by=office.actor, at=clock.now())
    with unchanged(app):
        with pytest.raises(Conflict):
            send_message(case_id, "Еще", by=ivanov.actor, at=clock.now())
        with pytest.raises(Conflict):
            act(reopen, case_id, office)


@pytest.mark.parametrize("do", [start, reopen])
def test_a_step_that_does_not_start_here_is_refused(app: Flask, context: Flask, do: object) -> None:
    office, case_id = operator(), write(applicant())
    with unchanged(app), pytest.raises(IllegalMove):
        act(do, case_id, office)


def test_neither_an_appeal_nor_its_answer_is_taken_back_but_what_is_written_later_is(
    app: Flask, context: Flask
) -> None:
    ivanov, office = applicant(), operator()
    case_id = write(ivanov)
    act(answer, case_id, office, "Ответ")
    question, reply = messages_of(case_of(case_id), ivanov.actor)
    with unchanged(app):
        for message, who in ((question, ivanov), (reply, office)):
            with pytest.raises(Conflict, match="с ним обращение отправлено или на него дан ответ"):
                take_back(case_id, message.id, by=who.actor, at=message.created_at)
    for who in (ivanov, office):
        later = send_message(case_id, "Не туда", by=who.actor, at=clock.now())
        take_back(case_id, later, by=who.actor, at=clock.now())
    assert [one.text for one in messages_of(case_of(case_id), ivanov.actor)] == [QUESTION, "Ответ", "", ""]


def test_the_letter_with_an_answer_does_not_wait_to_be_taken_back(context: Flask) -> None:
    office, case_id = operator(), write(applicant())
    act(answer, case_id, office, "Ответ")
    (letter,) = letters("message-added")
    assert letter.next_at <= clock.now()


def test_an_answer_is_given_once(app: Flask, context: Flask) -> None:
    office, case_id = operator(), write(applicant())
    act(answer, case_id, office, "Ответ")
    with unchanged(app), pytest.raises(IllegalMove):
        act(answer, case_id, office, "Еще ответ", uploads=[scan()])


@pytest.mark.parametrize("text", ["", " \n", "я" * 10_001, "а\x00б"])
def test_an_unusable_answer_is_refused_at_its_field(app: Flask, context: Flask, text: str) -> None:
    office, case_id = operator(), write(applicant())
    with unchanged(app), pytest.raises(InvalidForm) as refused:
        act(answer, case_id, office, text)
    assert list(refused.value.errors) == ["text"]


def test_an_answer_may_be_a_file(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case_id = write(ivanov)
    act(answer, case_id, office, "", uploads=[scan("ответ.pdf")])
    (found,) = documents_of(case_of(case_id), ivanov.actor)
    assert (found.title, found.side, found.sensitive) == ("ответ.pdf", "company", False)
    assert "Приложены файлы: ответ.pdf" in letters("message-added")[0].body


def test_nobody_answers_their_own_appeal_nor_one_addressed_to_others(app: Flask, context: Flask) -> None:
    ivanov, sbyt, office = applicant(), supplier_person(), operator()
    named(ivanov, sbyt)
    to_them, to_us = write(ivanov, recipient=to(sbyt)), write(ivanov)
    clerk = Person(replace(ivanov.actor, roles=ivanov.actor.roles | office.actor.roles), ivanov.applicant_id)
    with unchanged(app):
        for who, case_id, error in (
            (ivanov, to_us, Forbidden),
            (clerk, to_us, Forbidden),
            (office, to_them, NotFound),
            (sbyt, to_us, NotFound),
        ):
            with pytest.raises(error):
                act(answer, case_id, who, "Ответ")


def test_the_steps_of_an_appeal_do_not_touch_an_application(app: Flask, context: Flask) -> None:
    office, case_id = operator(), sent(applicant())
    with unchanged(app), pytest.raises(NotFound):
        act(answer, case_id, office, "Ответ")


def test_nobody_answers_what_has_changed_unseen(app: Flask, context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case_id = write(ivanov)
    seen = seen_now(case_of(case_id))
    send_message(case_id, "Вопрос решен, спасибо", by=ivanov.actor, at=clock.now())
    with unchanged(app), pytest.raises(CaseChanged) as refused:
        act(answer, case_id, office, "Ответ", seen=seen)
    assert refused.value.changes.messages == "1 новое сообщение"
    act(answer, case_id, office, "Ответ", seen=seen_now(case_of(case_id)))


def test_two_answers_at_once_are_one(app: Flask) -> None:
    with app.app_context():
        ivanov, office, other = applicant(), operator(), operator("Сидорова", email="second@example.org")
        case_id = write(ivanov)
    got = at_once(app, [partial(act, answer, case_id, who, "Ответ") for who in (office, other) * 3])
    assert sum(one is None for one in got) == 1
    assert all(one is None or isinstance(one, IllegalMove) for one in got)
    with app.app_context():
        assert db.session.query(Message).filter_by(case_id=case_id, author_party="company").count() == 1


def test_appeal_to_brings_an_appeal_into_every_status(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    for status in ("new", "registered", "in_work", "answered"):
        assert case_of(appeal_to(ivanov, office, status)).status == status
