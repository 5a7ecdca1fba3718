"""The conversations of a case apart: who reads which, who is told, how far each was read, and what is taken back in time."""

from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask

from app import clock, gateways
from app.cases import actions
from app.cases.captions import BY_HAND
from app.cases.cursor import Cursor, parse
from app.cases.models import Case, CaseDocument, CaseRead, CaseViewer, Message
from app.cases.pulse_queries import Pulse, pulse_of
from app.cases.queries import documents_of, marks_of, messages_of, unread_count, visible_case
from app.cases.read_queries import newest, read_by_others, viewers
from app.cases.steps import archive, set_card
from app.documents.intake import Upload
from app.errors import Conflict, Forbidden, InvalidForm, NotFound
from app.extensions import db
from app.journal.models import JournalEntry
from app.notifications import queries as outbox
from app.notifications.models import OutboxRow
from app.transaction import transaction
from tests.case_world import (
    PDF,
    Person,
    applicant,
    draft,
    ended,
    operator,
    register_case,
    sent,
    supplier_person,
)
from tests.unchanged import unchanged

SUPPLIER_NAME = "АО «Энергосбыт»"


def write(
    case_id: int, who: Person, text: str = "Здравствуйте", channel: str = "company", **rest: object
) -> int:
    rest.setdefault("at", clock.now())
    return actions.send_message(case_id, text, channel=channel, by=who.actor, **rest)  # type: ignore[arg-type]


def scan(name: str = "скан.pdf", content: bytes = PDF) -> Upload:
    return Upload(name, BytesIO(content))


def stored() -> list[Path]:
    return [path for path in gateways.current().files.root.rglob("*") if path.is_file()]


def named(ivanov: Person, sbyt: Person) -> int:
    """A sent application that names the supplier."""
    return sent(ivanov, supplier_id=sbyt.actor.supplier_id, supplier_name=SUPPLIER_NAME)


def letters() -> list[tuple[str, str]]:
    return [(row.kind, row.address) for row in db.session.query(OutboxRow).order_by(OutboxRow.id)]


def texts(case_id: int, who: Person) -> list[str]:
    return [one.text for one in messages_of(visible_case(who.actor, case_id), who.actor)]


def marks(case_id: int, who: Person) -> list[tuple[str, str]]:
    return [(mark.kind, mark.side) for mark in marks_of(case_id, who.id)]


def pulse(case_id: int, who: Person) -> Pulse:
    db.session.rollback()
    return pulse_of(who.actor, case_id)


def shown(case_id: int, who: Person) -> Cursor:
    """What a page of the case knows that was opened now."""
    found = pulse(case_id, who)
    return Cursor(found.stamp, found.message, found.entry)


# Channels


def test_what_applicant_and_supplier_write_to_each_other_is_theirs_alone(context: Flask) -> None:
    ivanov, office, sbyt = applicant(), operator(), supplier_person()
    torg = supplier_person("ООО «Электроторг»", email="torg@example.org")
    case_id = named(ivanov, sbyt)
    write(case_id, ivanov, "Вопрос поставщику", "supplier", uploads=[scan("счет.pdf")])
    write(case_id, sbyt, "Ответ поставщика", "supplier")
    write(case_id, ivanov, "Вопрос сетевой")
    assert texts(case_id, ivanov) == ["Вопрос поставщику", "Ответ поставщика", "Вопрос сетевой"]
    assert texts(case_id, sbyt) == ["Вопрос поставщику", "Ответ поставщика"]
    assert texts(case_id, office) == ["Вопрос сетевой"]
    files = {
        who.id: len(documents_of(visible_case(who.actor, case_id), who.actor))
        for who in (ivanov, sbyt, office)
    }
    assert files == {ivanov.id: 1, sbyt.id: 1, office.id: 0}
    with pytest.raises(NotFound):
        write(case_id, torg, "Чужое", "supplier")


def test_each_side_is_told_of_what_is_written_to_it_and_by_whom(context: Flask) -> None:
    ivanov, office, sbyt = applicant(), operator(), supplier_person()
    case_id = named(ivanov, sbyt)
    write(case_id, ivanov, "Когда договор?", "supplier")
    assert letters() == [("message-from-applicant", "sbyt@example.org")]
    assert marks(case_id, sbyt) == [("message", "applicant")] and marks(case_id, office) == []
    write(case_id, sbyt, "В пятницу", "supplier")
    assert letters()[1:] == [("message-added", "ivanov@example.org")]
    body = db.session.query(OutboxRow).order_by(OutboxRow.id.desc()).first().body  # type: ignore[union-attr]
    assert f"со стороны Гарантирующего поставщика ({SUPPLIER_NAME}):" in body and "В пятницу" in body
    assert marks(case_id, ivanov) == [("message", "supplier")] and marks(case_id, office) == []


@pytest.mark.parametrize(
    ("who", "channel"),
    [("sbyt", "company"), ("sbyt", "internal"), ("office", "supplier"), ("ivanov", "internal")],
)
def test_a_message_into_a_conversation_of_others_is_refused(
    app: Flask, context: Flask, who: str, channel: str
) -> None:
    people = {"ivanov": applicant(), "office": operator(), "sbyt": supplier_person()}
    case_id = named(people["ivanov"], people["sbyt"])
    with unchanged(app), pytest.raises(Forbidden):
        write(case_id, people[who], channel=channel)


def test_without_a_named_supplier_and_on_a_draft_there_is_nobody_to_write_to(
    app: Flask, context: Flask
) -> None:
    ivanov, sbyt = applicant(), supplier_person()
    own = draft(ivanov, supplier_id=sbyt.actor.supplier_id, supplier_name=SUPPLIER_NAME)
    for case_id in (own, sent(ivanov)):
        with unchanged(app), pytest.raises(InvalidForm) as refused:
            write(case_id, ivanov, channel="supplier")
        assert "кому вы пишете" in refused.value.errors[""][0]


def test_another_supplier_named_later_does_not_read_the_talk_with_the_first(context: Flask) -> None:
    ivanov, sbyt = applicant(), supplier_person()
    torg = supplier_person("ООО «Электроторг»", email="torg@example.org")
    case_id = named(ivanov, sbyt)
    message_id = write(case_id, ivanov, "Для первого", "supplier", uploads=[scan()])
    with transaction():
        case = db.session.get_one(Case, case_id)
        set_card(case, at=clock.now(), supplier_id=torg.actor.supplier_id, supplier_name="ООО «Электроторг»")
    assert texts(case_id, torg) == []
    assert documents_of(visible_case(torg.actor, case_id), torg.actor) == []
    assert newest(visible_case(torg.actor, case_id), torg.actor)[0] == 0
    assert pulse(case_id, torg).message == 0
    assert newest(visible_case(ivanov.actor, case_id), ivanov.actor)[0] == message_id


def test_the_supplier_who_put_a_case_away_reads_it_only_while_the_applicant_may_still_write(
    context: Flask,
) -> None:
    ivanov, sbyt = applicant(), supplier_person()
    case_id = named(ivanov, sbyt)
    with transaction():
        db.session.get_one(Case, case_id).supplier_archived_at = clock.now()
    with pytest.raises(Conflict, match="архиве"):
        write(case_id, sbyt, channel="supplier")
    assert write(case_id, ivanov, "Еще вопрос", "supplier")


# Taking back


def test_a_message_is_taken_back_with_its_files_letters_and_marks(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case_id = sent(ivanov)
    at = clock.now()
    message_id = write(case_id, ivanov, "Не туда", uploads=[scan()], at=at)
    assert letters() == [("message-from-applicant", "office@example.org")]
    assert outbox.due(at + timedelta(seconds=14), limit=10) == []
    assert len(outbox.due(at + timedelta(seconds=15), limit=10)) == 1
    actions.take_back(case_id, message_id, by=ivanov.actor, at=at + timedelta(seconds=14))
    message = db.session.get_one(Message, message_id)
    assert message.text == "" and message.removed_at == at + timedelta(seconds=14)
    assert letters() == [] and marks(case_id, office) == []
    assert db.session.query(CaseDocument).count() == 0 and stored() == []
    entry = db.session.query(JournalEntry).filter_by(kind="message_withdrawn").one()
    assert entry.body == {"message": message_id, "channel": "company"} and not entry.public
    actions.take_back(case_id, message_id, by=ivanov.actor, at=at + timedelta(hours=1))


def test_after_fifteen_seconds_a_message_stays(app: Flask, context: Flask) -> None:
    ivanov = applicant()
    case_id = sent(ivanov)
    at = clock.now()
    message_id = write(case_id, ivanov, at=at)
    with unchanged(app), pytest.raises(Conflict, match="15 секунд"):
        actions.take_back(case_id, message_id, by=ivanov.actor, at=at + timedelta(seconds=15))


def test_nobody_takes_back_what_another_has_written(app: Flask, context: Flask) -> None:
    ivanov, office, sbyt = applicant(), operator(), supplier_person()
    colleague = operator("Кузнецова", email="second@example.org")
    case_id = named(ivanov, sbyt)
    ours, note = write(case_id, office), write(case_id, office, "Заметка", "internal")
    with unchanged(app):
        for who in (ivanov, colleague):
            with pytest.raises(Forbidden):
                actions.take_back(case_id, ours, by=who.actor, at=clock.now())
        for who, message_id in ((ivanov, note), (sbyt, ours), (sbyt, note), (ivanov, 999)):
            with pytest.raises(NotFound):
                actions.take_back(case_id, message_id, by=who.actor, at=clock.now())


def test_a_letter_that_is_on_its_way_is_not_taken_back_but_the_message_is(context: Flask) -> None:
    ivanov, _ = applicant(), operator()
    case_id = sent(ivanov)
    message_id = write(case_id, ivanov)
    with transaction():
        db.session.query(OutboxRow).one().state = "sending"
    actions.take_back(case_id, message_id, by=ivanov.actor, at=clock.now())
    assert len(letters()) == 1


def test_the_mark_moves_to_the_next_unseen_message_when_the_first_is_taken_back(context: Flask) -> None:
    ivanov, office, sbyt = applicant(), operator(), supplier_person()
    case_id = named(ivanov, sbyt)
    first = write(case_id, office, "Ошибка")
    later = clock.now() + timedelta(seconds=3)
    write(case_id, sbyt, "А это нет", "supplier", at=later)
    actions.take_back(case_id, first, by=office.actor, at=clock.now())
    (mark,) = marks_of(case_id, ivanov.id)
    assert (mark.side, mark.first_unseen) == ("supplier", later)


def test_a_mark_of_something_older_or_put_by_hand_stays(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case_id = sent(ivanov)
    write(case_id, ivanov, "Первое", at=clock.now() - timedelta(hours=1))
    second = write(case_id, ivanov, "Второе")
    actions.take_back(case_id, second, by=ivanov.actor, at=clock.now())
    assert marks(case_id, office) == [("message", "applicant")]


def test_a_question_taken_back_leaves_the_draft_open_to_those_who_may_have_read_it(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case_id = draft(ivanov)
    message_id = write(case_id, ivanov, "Вопрос")
    actions.take_back(case_id, message_id, by=ivanov.actor, at=clock.now())
    assert texts(case_id, office) == [""]


def test_in_the_archive_nothing_is_taken_back(app: Flask, context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case_id = ended(ivanov)
    message_id = write(case_id, ivanov)
    with transaction():
        archive(db.session.get_one(Case, case_id), by=office.actor, at=clock.now())
    with unchanged(app), pytest.raises(Conflict, match="архиве"):
        actions.take_back(case_id, message_id, by=ivanov.actor, at=clock.now())


# What was read


def test_one_reader_of_the_other_side_is_enough_and_ones_own_side_is_none(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case_id = sent(ivanov)
    message_id = write(case_id, ivanov)
    assert read_by_others(case_id, "applicant") == {}
    actions.see(case_id, by=ivanov.actor, at=clock.now())
    assert read_by_others(case_id, "applicant") == {} and db.session.query(CaseRead).count() == 0
    actions.see(case_id, by=office.actor, at=clock.now())
    assert read_by_others(case_id, "applicant") == {"company": message_id}
    assert read_by_others(case_id, "company") == {}


def test_each_conversation_is_read_for_itself_and_notes_are_read_by_nobody(context: Flask) -> None:
    ivanov, office, sbyt = applicant(), operator(), supplier_person()
    colleague = operator("Кузнецова", email="second@example.org")
    case_id = named(ivanov, sbyt)
    to_company, to_supplier = write(case_id, ivanov), write(case_id, ivanov, channel="supplier")
    write(case_id, office, "Заметка", "internal")
    actions.see(case_id, by=sbyt.actor, at=clock.now())
    assert read_by_others(case_id, "applicant") == {"supplier": to_supplier}
    actions.see(case_id, by=colleague.actor, at=clock.now())
    assert read_by_others(case_id, "applicant") == {"company": to_company, "supplier": to_supplier}
    assert {row.channel for row in db.session.query(CaseRead)} == {"company", "supplier"}


def test_an_open_page_reads_what_it_shows_and_later_things_stay_unread(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case_id = sent(ivanov)
    first = write(case_id, office, "Первое")
    before = shown(case_id, ivanov)
    second = write(case_id, office, "Второе")
    assert not actions.keep_seeing(case_id, before, by=ivanov.actor, at=clock.now())
    assert unread_count(ivanov.actor) == 1
    assert read_by_others(case_id, "company") == {"company": first}
    assert actions.keep_seeing(case_id, shown(case_id, ivanov), by=ivanov.actor, at=clock.now())
    assert unread_count(ivanov.actor) == 0 and read_by_others(case_id, "company") == {"company": second}


def test_a_status_that_came_later_keeps_its_mark(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case_id = sent(ivanov)
    before = shown(case_id, ivanov)
    register_case(case_id, office, number="299")
    assert not actions.keep_seeing(case_id, before, by=ivanov.actor, at=clock.now())
    assert marks(case_id, ivanov) == [("status", "company")]


def test_an_open_page_leaves_the_mark_that_was_put_by_hand(app: Flask, context: Flask) -> None:
    ivanov = applicant()
    case_id = sent(ivanov)
    actions.set_unread(case_id, True, by=ivanov.actor, at=clock.now())
    with unchanged(app):
        assert not actions.keep_seeing(case_id, shown(case_id, ivanov), by=ivanov.actor, at=clock.now())
    assert marks(case_id, ivanov) == [("message", BY_HAND)]


def test_a_page_that_claims_to_have_shown_the_future_reads_no_more_than_there_is(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case_id = sent(ivanov)
    message_id = write(case_id, office)
    claimed = parse("0" * 16 + ".999999999999.999999999999")
    assert actions.keep_seeing(case_id, claimed, by=ivanov.actor, at=clock.now())
    assert read_by_others(case_id, "company") == {"company": message_id}


def test_staff_see_which_colleague_looks_and_only_for_two_minutes(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    colleague = operator("Кузнецова", "Ольга", "Петровна", email="second@example.org")
    case_id = sent(ivanov)
    at = clock.now()
    actions.keep_seeing(case_id, Cursor(), by=colleague.actor, at=at)
    actions.keep_seeing(case_id, Cursor(), by=ivanov.actor, at=at)
    looking = lambda who, now: [one.name for one in viewers(case_id, but=who.id, at=now)]  # noqa: E731
    assert looking(office, at) == ["Кузнецова О. П."] and looking(colleague, at) == []
    assert looking(office, at + timedelta(seconds=119)) == ["Кузнецова О. П."]
    assert looking(office, at + timedelta(seconds=120)) == []
    actions.keep_seeing(case_id, Cursor(), by=colleague.actor, at=at + timedelta(seconds=10))
    assert db.session.query(CaseViewer).one().seen_at == at, "not written with every sign"


# The pulse


def test_the_pulse_of_each_side_changes_with_what_it_may_see_and_with_nothing_else(context: Flask) -> None:
    ivanov, office, sbyt = applicant(), operator(), supplier_person()
    colleague = operator("Кузнецова", email="second@example.org")
    case_id = named(ivanov, sbyt)
    people = {"ivanov": ivanov, "office": office, "sbyt": sbyt}

    def felt_by(act: object) -> set[str]:
        before = {name: pulse(case_id, who).stamp for name, who in people.items()}
        assert callable(act)
        act()
        return {name for name, who in people.items() if pulse(case_id, who).stamp != before[name]}

    long_ago: datetime = clock.now() - timedelta(minutes=5)
    assert felt_by(lambda: None) == set()
    assert felt_by(lambda: write(case_id, office, "Заметка", "internal", at=long_ago)) == {"office"}
    assert felt_by(lambda: write(case_id, sbyt, "Поставщик", "supplier", at=long_ago)) >= {"ivanov", "sbyt"}
    assert felt_by(lambda: register_case(case_id, office)) == {"ivanov", "office", "sbyt"}
    seen = lambda who: actions.see(case_id, by=who.actor, at=clock.now())  # noqa: E731
    assert felt_by(lambda: seen(ivanov)) == {"ivanov", "sbyt"}, "what the supplier wrote was read"
    write(case_id, office, "Компания", at=long_ago)
    assert felt_by(lambda: seen(ivanov)) == {"ivanov", "office"}
    looks = lambda: actions.keep_seeing(case_id, Cursor(), by=colleague.actor, at=clock.now())  # noqa: E731
    assert felt_by(looks) >= {"office"}


def test_nobody_feels_the_pulse_of_a_case_that_is_not_theirs(context: Flask) -> None:
    ivanov, stranger, sbyt = applicant(), applicant("Чужой", snils="10289803962"), supplier_person()
    case_id = sent(ivanov)
    for who in (stranger, sbyt):
        with pytest.raises(NotFound):
            pulse_of(who.actor, case_id)
    with pytest.raises(NotFound):
        pulse_of(ivanov.actor, 999)


def test_somebody_of_the_company_feels_their_own_application_as_an_applicant(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case_id = sent(ivanov)
    both = Person(
        type(office.actor)(office.id, "Петрова", office.actor.roles, frozenset({ivanov.applicant_id or 0}))
    )
    write(case_id, ivanov)
    before = pulse(case_id, both).stamp
    write(case_id, office, "Заметка", "internal")
    assert pulse(case_id, both).stamp == before
