"""What a hostile or curious person could reach through what is new and alive: polls, search, floods, a replaced supplier."""

import sys
from datetime import timedelta
from functools import partial
from itertools import islice

import pytest
from flask import Flask

from app import clock
from app.administration import mail_actions
from app.cases import actions, assign_actions, staff_actions
from app.cases.list_views import view_in
from app.cases.models import Case, Message
from app.cases.policy import INTERNAL
from app.cases.pulse_queries import pulse_of
from app.cases.queries import visible_case
from app.cases.search_queries import find_hits
from app.cases.search_texts import Written
from app.cases.search_words import LONGEST_QUERY, LONGEST_TEXT, parse_query
from app.connections import actions as applications
from app.connections import draft_actions
from app.errors import Conflict, IllegalMove, InvalidForm, NotFound, Overtaken
from app.extensions import db
from app.transaction import transaction
from tests import factories as make
from tests.appeal_world import appeal_to
from tests.application_world import asked, filer, home_form
from tests.at_once import at_once
from tests.case_world import Person, applicant, draft, named, operator, sent, supplier_person
from tests.unchanged import unchanged


def write(case_id: int, who: Person, text: str = "Здравствуйте", channel: str = "company") -> int:
    return actions.send_message(case_id, text, channel=channel, by=who.actor, at=clock.now())


def see(case_id: int, who: Person) -> None:
    actions.see(case_id, by=who.actor, at=clock.now())


def stamp(case_id: int, who: Person) -> str:
    db.session.rollback()
    return pulse_of(who.actor, case_id).stamp


def torg() -> Person:
    return supplier_person("ООО «Электроторг»", email="torg@example.org")


# What one may not read is not felt


def test_nobody_feels_that_a_conversation_of_others_was_read(context: Flask) -> None:
    ivanov, office, sbyt = applicant(), operator(), supplier_person()
    case_id = sent(ivanov, **named(sbyt))
    write(case_id, ivanov, "Вам", "supplier")
    write(case_id, ivanov, "А это вам")
    see(case_id, office)
    before = stamp(case_id, office)
    see(case_id, sbyt)
    assert stamp(case_id, office) == before
    write(case_id, office, "Ответ")
    before = stamp(case_id, sbyt)
    see(case_id, ivanov)
    assert stamp(case_id, sbyt) == before


def test_nobody_outside_the_company_feels_a_note_an_assignee_or_somebody_who_looks(context: Flask) -> None:
    ivanov, office, sbyt = applicant(), operator(), supplier_person()
    case_id = sent(ivanov, **named(sbyt))
    before = [stamp(case_id, who) for who in (ivanov, sbyt)]
    write(case_id, office, "Между нами", INTERNAL)
    assign_actions.take(case_id, by=office.actor, at=clock.now())
    actions.keep_seeing(case_id, actions.Cursor(), by=office.actor, at=clock.now())
    assert [stamp(case_id, who) for who in (ivanov, sbyt)] == before


# Another supplier takes an application over


def renamed(case_id: int, ivanov: Person, to: Person) -> None:
    """The applicant corrects the application: it names another supplier now."""
    now = clock.now()
    form = home_form(now.date(), supplier=[str(to.actor.supplier_id)], contract_kind=["supply"])
    draft_actions.save_topic(case_id, "supplier", form, by=ivanov.actor, at=now)
    applications.send_fixes(case_id, "", by=ivanov.actor, at=now)


def asked_about_supplier(ivanov: Person, office: Person, first: Person) -> int:
    answers = {"supplier": [str(first.actor.supplier_id)], "contract_kind": ["supply"]}
    return asked(ivanov, office, ("topic", "supplier", ""), **answers)


def test_the_number_and_the_shelf_of_the_former_supplier_do_not_bind_the_next(context: Flask) -> None:
    ivanov, office, first, second = filer(), operator(), supplier_person(), torg()
    case_id = asked_about_supplier(ivanov, office, first)
    number = staff_actions.register(case_id, by=first.actor, at=clock.now())
    staff_actions.move_to_archive(case_id, by=first.actor, at=clock.now())
    # The next supplier counts from one, too: the same figure is another number.
    theirs = sent(ivanov, **named(second))
    assert staff_actions.register(theirs, by=second.actor, at=clock.now()) == number
    renamed(case_id, ivanov, second)
    case = visible_case(second.actor, case_id)
    assert (case.supplier_number, case.supplier_archived_at) == (None, None)
    assert staff_actions.register(case_id, by=second.actor, at=clock.now()) != number
    write(case_id, second, "Здравствуйте", "supplier")


def test_a_supplier_who_is_named_no_more_finds_feels_and_reads_nothing(context: Flask) -> None:
    ivanov, office, first, second = filer(), operator(), supplier_person(), torg()
    case_id = asked_about_supplier(ivanov, office, first)
    write(case_id, ivanov, "Тариф обсуждаем отдельно", "supplier")
    renamed(case_id, ivanov, second)
    with pytest.raises(NotFound):
        pulse_of(first.actor, case_id)
    for act in (
        partial(write, case_id, first, "Еще слово", "supplier"),
        partial(see, case_id, first),
        partial(actions.keep_seeing, case_id, actions.Cursor(), by=first.actor, at=clock.now()),
        partial(actions.set_unread, case_id, True, by=first.actor, at=clock.now()),
    ):
        with unchanged(context), pytest.raises(NotFound):
            act()
    for who, query in ((first, "калиново"), (first, "тариф"), (second, "тариф")):
        hits = find_hits(parse_query(query), who.actor)
        assert hits is not None and hits.ids == (), (who.actor.supplier_id, query)


# Words of a search


def every_letter() -> list[str]:
    """Queries in which every letter and digit of Unicode stands once, as long as a query may be."""
    signs = (chr(code) for code in range(sys.maxunicode + 1) if chr(code).isalnum())
    groups = iter(lambda: "".join(islice(signs, LONGEST_QUERY // 4)), "")
    words = iter(lambda: list(islice(groups, 3)), [])
    return [" ".join(part) for part in words]


def test_no_letter_of_any_script_is_an_operator_of_the_database(context: Flask) -> None:
    office, sbyt = operator(), supplier_person()
    for typed in every_letter():
        for who in (office, sbyt):
            hits = find_hits(parse_query(typed), who.actor)
            assert hits is None or hits.ids == ()


@pytest.mark.parametrize(
    "typed",
    [
        '" OR company_text : "а',
        "company_text : а",
        "{supplier_text} : а",
        "а NEAR(б, 5)",
        "^а",
        "а' | 'б",
        "а':*A & !'б'",
        "а\\' | б",
        "а <-> б",
        "!а",
        "%а%",
        "§1",
        "§1 лесная",
        "а\x00б",
        "\ud800а",
        "а\ufffdб",
        "а" * 10_000,
        "а " * 5_000,
        "1 " * 5_000,
        "-" * 10_000,
        "а-" * 5_000,
    ],
)
def test_what_looks_like_an_operator_finds_nothing_that_is_hidden(context: Flask, typed: str) -> None:
    ivanov, office, sbyt = applicant(), operator(), supplier_person()
    case_id = sent(ivanov, **named(sbyt))
    write(case_id, office, "Сверхсекретно", INTERNAL)
    draft(ivanov, place="ул. Тайная, 1")
    for who in (torg(), applicant("Соседов", snils="10289803962", email="")):
        hits = find_hits(parse_query(typed), who.actor)
        assert hits is None or hits.ids == ()
    found = find_hits(parse_query(f"сверхсекретно {typed}"), sbyt.actor)
    assert found is not None and found.ids == ()
    assert view_in(office.actor, f"q={typed}&tab=%00&sort=password_hash&size=-1").tab == "active"


def test_a_long_talk_costs_no_more_with_every_further_message(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All messages may have the greatest length: what the index cannot hold is not taken apart again and again."""
    taken: list[int] = []
    monkeypatch.setattr(
        "app.cases.search_texts.words_of", lambda text: taken.append(len(text)) or text.split()
    )
    from app.cases.search_texts import texts_of

    case = db.session.get_one(Case, sent(applicant()))
    told = [Written(channel, None, "слово " * 1500) for channel in ("company", "internal")] * 200
    taken.clear()
    texts_of(case, "", told)
    assert sum(taken) < 2 * LONGEST_TEXT + 2000


# Floods


def test_one_applicant_writes_a_bounded_number_of_messages_a_day_whatever_the_case(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST_A_DAY", 3)
    ivanov, office, now = applicant(), operator(), clock.now()
    first, second = sent(ivanov), draft(ivanov)
    long_ago = now - timedelta(days=1, minutes=1)
    actions.send_message(first, "Давно", by=ivanov.actor, at=long_ago)
    for case_id in (first, second, second):
        write(case_id, ivanov)
    with unchanged(context), pytest.raises(InvalidForm) as refused:
        write(first, ivanov, "Четвертое")
    assert refused.value.errors == {"text": [actions.TOO_MANY]}
    for _ in range(5):
        write(first, office, "Офис отвечает всем")
    neighbour = applicant("Соседов", snils="10289803962", email="")
    write(sent(neighbour), neighbour)
    assert db.session.query(Message).count() == 10


def test_trial_letters_are_no_way_to_flood_a_stranger(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_actions, "MOST_A_DAY", 2)
    administrator, now = make.actor_of(make.make_administrator()), clock.now()
    mail_actions.send_trial("a@example.org", by=administrator, at=now - timedelta(days=1, minutes=1))
    for _ in range(2):
        mail_actions.send_trial("a@example.org", by=administrator, at=clock.now())
    with unchanged(context), pytest.raises(InvalidForm) as refused:
        mail_actions.send_trial("b@example.org", by=administrator, at=clock.now())
    assert refused.value.errors == {"address": [mail_actions.TOO_MANY]}


# The same moment


def test_of_the_archive_and_another_act_at_the_same_moment_only_what_still_fits_is_done(app: Flask) -> None:
    """An answered appeal: one puts it away, one reopens it, one writes into it."""
    from app.appeals.actions import reopen

    with app.app_context():
        ivanov, office, other = applicant(), operator(), operator("Новикова", email="other@example.org")
        cases = [appeal_to(ivanov, office, "answered") for _ in range(4)]
        db.session.remove()
    for case_id in cases:
        acts = (
            partial(staff_actions.move_to_archive, case_id, by=office.actor, at=clock.now()),
            partial(reopen, case_id, by=other.actor, at=clock.now()),
            partial(write, case_id, ivanov),
        )
        put, reopened, _ = got = at_once(app, acts)
        refusals = [one for one in got if isinstance(one, Exception)]
        assert all(isinstance(one, Conflict | IllegalMove | Overtaken) for one in refusals), got
        assert (put is None) != (reopened is None), got
        with app.app_context():
            case = db.session.get_one(Case, case_id)
            assert (case.archived_at is not None) == (put is None)
            assert case.status == ("answered" if put is None else "in_work")
            db.session.remove()


def test_taking_and_assigning_at_the_same_moment_leaves_one_who_has_the_case(app: Flask) -> None:
    with app.app_context():
        office, other = operator(), operator("Новикова", email="other@example.org")
        case_id = sent(applicant())
        db.session.remove()
    now = clock.now()
    acts = [partial(assign_actions.take, case_id, by=who.actor, at=now) for who in (office, other)]
    acts += [partial(assign_actions.assign, case_id, other.id, by=office.actor, at=now)]
    got = at_once(app, acts)
    assert all(one is None or isinstance(one, str | Conflict) for one in got), got
    with app.app_context(), transaction():
        assert db.session.get_one(Case, case_id).assignee_id in (office.id, other.id)
