"""The company's settings, texts and the trial letter as an administrator changes them."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.actor import Actor
from app.administration import mail_actions, queries, settings_actions, text_actions
from app.company import queries as company
from app.company.actions import change_settings
from app.company.models import LegalText, Setting
from app.company.seed import seed
from app.errors import AlreadyDone, Conflict, Forbidden, Overtaken
from app.extensions import db
from app.journal.models import JournalEntry
from app.journal.queries import broken_links
from app.notifications.models import OutboxRow
from app.notifications.queries import trial_letters
from tests import factories as make
from tests.at_once import at_once
from tests.unchanged import unchanged

KEYS = ("company.name", "company.phone")


@pytest.fixture
def administrator(context: Flask) -> Actor:
    return make.actor_of(make.make_administrator())


def seen(keys: tuple[str, ...] = KEYS) -> str:
    return settings_actions.mark_of(company.settings_at(clock.now()), keys)


def change(by: Actor, mark: str | None = None, *, press: str = "", **values: str) -> None:
    named = {f"company.{name}": value for name, value in values.items()}
    mark = seen(tuple(named)) if mark is None else mark
    settings_actions.change_settings(
        named, seen=mark, by=by, at=clock.now(), url="/admin/company", press=press
    )


def last_entry(kind: str) -> JournalEntry:
    query = select(JournalEntry).where(JournalEntry.kind == kind).order_by(JournalEntry.id.desc())
    return db.session.scalars(query.limit(1)).one()


def test_a_change_holds_at_once_and_the_former_value_stays_as_history(
    context: Flask, administrator: Actor
) -> None:
    before = company.profile().name
    change(administrator, name="АО «Северные сети»", phone=company.profile().phone)
    assert company.profile().name == "АО «Северные сети»"
    rows = queries.history(KEYS)
    assert [(row.key, row.value, row.by) for row in rows] == [
        ("company.name", "АО «Северные сети»", "Сергеев П. С."),
        ("company.name", before, ""),
    ]
    assert rows[0].valid_from == company.today()


def test_the_journal_says_who_has_changed_which_key_from_what_to_what(
    context: Flask, administrator: Actor
) -> None:
    before = company.profile().name
    change(administrator, name="АО «Северные сети»", phone=company.profile().phone)
    entry = last_entry("settings_changed")
    assert (entry.actor_id, entry.party) == (administrator.user_id, "company")
    assert entry.body["changes"] == {"company.name": [before, "АО «Северные сети»"]}
    assert list(broken_links()) == []


def test_the_words_for_the_zone_follow_the_zone(context: Flask, administrator: Actor) -> None:
    change(administrator, zone="Asia/Omsk")
    assert (company.profile().zone, company.profile().zone_label) == ("Asia/Omsk", "МСК+3")


def test_saving_what_is_there_already_writes_nothing(context: Flask, administrator: Actor) -> None:
    with unchanged(context):
        change(administrator, name=company.profile().name)


def test_a_second_change_on_the_same_day_replaces_the_first(context: Flask, administrator: Actor) -> None:
    change(administrator, name="Первое")
    change(administrator, name="Второе")
    names = db.session.scalars(select(Setting.value).where(Setting.key == "company.name")).all()
    assert len(names) == 2 and "Второе" in names and "Первое" not in names
    assert last_entry("settings_changed").body["changes"] == {"company.name": ["Первое", "Второе"]}


def test_a_page_opened_before_somebody_else_s_change_is_told_so(context: Flask, administrator: Actor) -> None:
    mark = seen(("company.name",))
    change(administrator, name="Первое")
    with unchanged(context), pytest.raises(Overtaken):
        change(administrator, mark, name="Второе")
    change(administrator, mark, name="Первое")  # both wanted the same


def test_the_same_button_changes_settings_once(context: Flask, administrator: Actor) -> None:
    change(administrator, name="Первое", press="key-of-the-button")
    with unchanged(context), pytest.raises(AlreadyDone) as done:
        change(administrator, name="Второе", press="key-of-the-button")
    assert done.value.url == "/admin/company"


@pytest.mark.parametrize("role", ["applicant", "operator", "signatory", "supplier"])
def test_only_an_administrator_changes_settings_texts_and_tries_the_mail(context: Flask, role: str) -> None:
    other = Actor(1, "", frozenset({role}))
    with unchanged(context):
        with pytest.raises(Forbidden):
            change(other, name="Чужое")
        with pytest.raises(Forbidden):
            text_actions.publish("consent", "Согласие", "Текст", version=1, by=other, at=clock.now())
        with pytest.raises(Forbidden):
            mail_actions.send_trial("ivanov@example.org", by=other, at=clock.now())


def test_of_two_people_who_save_different_names_at_the_same_moment_one_is_told(
    context: Flask, administrator: Actor
) -> None:
    mark = seen(("company.name",))
    second = make.actor_of(make.make_administrator())
    results = at_once(
        context,
        [
            lambda: change(administrator, mark, name="Первое"),
            lambda: change(second, mark, name="Второе"),
        ],
    )
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "Overtaken"]


def test_the_operator_s_change_names_nobody(context: Flask) -> None:
    change_settings({"company.phone": "112"}, valid_from=company.today(), at=clock.now())
    entry = last_entry("settings_changed")
    assert (entry.actor_id, entry.party, company.profile().phone) == (None, "system", "112")


def test_an_empty_label_of_a_stage_gives_the_program_s_words(context: Flask, administrator: Actor) -> None:
    for words, shown in (("Проверяем", "Проверяем"), ("", "Заявка принята")):
        values = {"label.stage.checking": words}
        mark = seen(tuple(values))
        settings_actions.change_settings(
            values, seen=mark, by=administrator, at=clock.now(), url="/admin/labels"
        )
        assert company.profile().label("stage.checking", "Заявка принята") == shown


def publish(by: Actor, body: str = "**Новый** текст", *, version: int = 1, press: str = "") -> None:
    text_actions.publish("consent", "Согласие", body, version=version, by=by, at=clock.now(), press=press)


def test_a_new_wording_is_a_new_version_and_the_old_one_stays(context: Flask, administrator: Actor) -> None:
    old = company.current_text("consent").body
    publish(administrator)
    assert (company.current_text("consent").version, company.current_text("consent").title) == (2, "Согласие")
    assert [text.version for text in queries.text_versions("consent")] == [2, 1]
    assert queries.text_version("consent", 1).body == old
    assert last_entry("legal_text_published").body["version"] == [1, 2]


def test_who_registers_afterwards_accepts_the_new_version(context: Flask, administrator: Actor) -> None:
    publish(administrator)
    account = make.new_account()
    assert account.versions["consent"] == 2


def test_a_text_published_meanwhile_is_not_written_over(context: Flask, administrator: Actor) -> None:
    publish(administrator)
    with unchanged(context), pytest.raises(Overtaken):
        publish(administrator, "Другой текст", version=1)


def test_a_text_that_does_not_differ_makes_no_version(context: Flask, administrator: Actor) -> None:
    text = company.current_text("consent")
    with unchanged(context), pytest.raises(Conflict, match="не отличается"):
        text_actions.publish("consent", text.title, text.body, version=1, by=administrator, at=clock.now())


def test_the_same_button_publishes_once(context: Flask, administrator: Actor) -> None:
    publish(administrator, press="key-of-the-button")
    with unchanged(context), pytest.raises(AlreadyDone):
        publish(administrator, press="key-of-the-button")


def test_of_two_people_who_publish_at_the_same_moment_one_is_told(
    context: Flask, administrator: Actor
) -> None:
    results = at_once(
        context, [lambda: publish(administrator, "Первый"), lambda: publish(administrator, "Второй")]
    )
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "Overtaken"]
    db.session.rollback()
    assert db.session.query(LegalText).where(LegalText.code == "consent").count() == 2


def test_a_trial_letter_waits_in_the_outbox_and_tells_nothing_secret(
    context: Flask, administrator: Actor
) -> None:
    letter = mail_actions.send_trial("ivanov@example.org", by=administrator, at=clock.now())
    row = db.session.get_one(OutboxRow, letter)
    assert (row.kind, row.state, row.address) == ("trial", "new", "ivanov@example.org")
    assert company.profile().name in row.body
    assert last_entry("trial_letter_written").body == {"letter": letter}
    (line,) = trial_letters(10)
    assert (line.id, line.state) == (letter, "Ждет отправки")


def test_what_the_mail_server_said_is_told_in_words(context: Flask, administrator: Actor) -> None:
    letter = mail_actions.send_trial("nobody@example.org", by=administrator, at=clock.now())
    row = db.session.get_one(OutboxRow, letter)
    row.state, row.last_error = "dead", "SMTP 550"
    db.session.commit()
    (line,) = trial_letters(10)
    assert (line.state, line.error) == ("Не доставлено", "почтовый сервер не принял письмо (код 550)")


def test_the_same_button_writes_one_trial_letter(context: Flask, administrator: Actor) -> None:
    mail_actions.send_trial("ivanov@example.org", by=administrator, at=clock.now(), press="button")
    with unchanged(context), pytest.raises(AlreadyDone):
        later = clock.now() + timedelta(seconds=1)
        mail_actions.send_trial("ivanov@example.org", by=administrator, at=later, press="button")


def test_a_later_seed_brings_no_topic_back(context: Flask) -> None:
    from app.company.models import AppealTopic

    assert company.appeal_topics()[0] == "Изменение условий договора"
    assert company.appeal_topics()[-1] == "Иное"
    db.session.query(AppealTopic).where(AppealTopic.title != "Иное").delete()
    db.session.commit()
    seed(clock.now())
    assert company.appeal_topics() == ["Иное"]
