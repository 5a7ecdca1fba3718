"""The home page tells each person what waits for them: what to do, where, until when, and nothing that is not theirs."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app import clock
from app.cases.actions import send_message
from app.cases.list_filters import VIEWS
from app.cases.list_queries import find_page
from app.cases.list_views import view_for
from app.cases.models import Case
from app.cases.todo import Todo
from app.company import queries as company
from app.company.models import Supplier
from app.connections import queries as applications
from app.connections.draft_progress import progress_of
from app.connections.hub import progress, tasks
from app.extensions import db
from app.portal.queries import SHOWN, Home, home_of, queue_of, waiting_for
from app.transaction import transaction
from tests.appeal_world import appeal_to
from tests.application_world import asked, checking, complete_draft, filer, make_draft, submit_draft
from tests.case_world import Person, draft, ended, operator, register_case, sent, supplier_person

LATE = timedelta(days=60)


def home(who: Person) -> Home:
    return home_of(who.actor)


def todos(who: Person) -> list[Todo]:
    return list(home(who).waiting.todos)


def waiting_ids(who: Person) -> list[int]:
    return [one.case_id for one in todos(who)]


def change(case_id: int, **columns: Any) -> None:
    with transaction():
        db.session.execute(db.update(Case).where(Case.id == case_id).values(**columns))


def naming(supplier: Person) -> dict[str, list[str]]:
    return {"supplier": [str(supplier.actor.supplier_id)], "contract_kind": ["supply"]}


# The applicant


def test_an_applicant_is_told_how_many_remarks_to_mend_and_until_when(context: Flask) -> None:
    ivanov, office = filer(), operator()
    case_id = asked(ivanov, office, ("document", "plan", "нет границ"), ("topic", "object", "уточните адрес"))
    (one,) = todos(ivanov)
    assert (one.case_id, one.task.words, one.task.panel) == (
        case_id,
        "Исправьте 2\u00a0замечания",
        "corrections",
    )
    assert one.due.startswith("до ") and "осталось 20" in one.due and not one.overdue
    assert "рег. №" in one.about and "п. Калиново" in one.about and "Иванов" not in one.about


def test_an_applicant_sees_no_turn_in_cases_that_others_answer_or_that_have_ended(context: Flask) -> None:
    ivanov, petrov, office = filer(), filer("Петров", snils="10289803962"), operator()
    asked(petrov, office)
    sent(ivanov), ended(ivanov), draft(ivanov)
    assert todos(ivanov) == []
    assert {line.id for line in home(ivanov).latest}.isdisjoint(waiting_ids(petrov))


def test_the_nearest_deadline_comes_first_and_the_rest_is_counted(context: Flask) -> None:
    ivanov, today = filer(), company.today()
    cases = [sent(ivanov) for _ in range(SHOWN + 3)]
    for place, case_id in enumerate(cases):
        change(case_id, mover="applicant", status="needs_fix", due_on=today + timedelta(days=10 - place))
    change(cases[0], due_on=None)
    found = home(ivanov).waiting
    assert [one.case_id for one in found.todos] == cases[: -SHOWN - 1 : -1]
    assert found.more == 3
    assert waiting_for(ivanov.actor) == found


def test_a_deadline_that_is_over_is_told_as_such(context: Flask) -> None:
    ivanov, office = filer(), operator()
    asked(ivanov, office, at=clock.now() - LATE)
    (one,) = todos(ivanov)
    assert one.overdue and one.due.startswith("срок истек")


def test_drafts_are_their_own_list_and_say_how_far_they_are(context: Flask) -> None:
    ivanov = filer()
    empty, full = make_draft(ivanov), complete_draft(ivanov)
    found = home(ivanov)
    assert [line.id for line in found.drafts] == [full, empty]
    told = {line.id: line.progress for line in found.drafts}
    assert told[full] and told[full].is_full
    assert told[empty] and not told[empty].is_full and told[empty].ready < told[empty].total
    assert found.waiting.todos == [] and found.latest == []


@pytest.mark.parametrize("how", ["empty", "full", "naming a supplier", "naming one who has left"])
def test_the_progress_of_a_draft_is_the_one_of_its_own_page(context: Flask, how: str) -> None:
    ivanov, supplier = filer(), supplier_person()
    named = naming(supplier) if "naming" in how else {}
    case_id = make_draft(ivanov) if how == "empty" else complete_draft(ivanov, **named)
    if how == "naming one who has left":
        with transaction():
            db.session.execute(db.update(Supplier).values(active=False))
    case, today = db.session.get_one(Case, case_id), company.today()
    found = applications.dossier(case, ivanov.actor, today)
    there = progress(tasks(found.answers, found.items, found.present, found.context))
    here = progress_of([case_id], ivanov.actor, today)[case_id]
    assert (here.ready, here.total) == there
    assert here.is_full == (how in ("full", "naming a supplier"))


def test_nobody_learns_the_progress_of_a_stranger_s_draft(context: Flask) -> None:
    case_id = make_draft(filer())
    stranger = filer("Петров", snils="10289803962")
    assert progress_of([case_id], stranger.actor, company.today()) == {}


def test_the_latest_cases_carry_their_marks(context: Flask) -> None:
    ivanov, office = filer(), operator()
    quiet, talked = sent(ivanov, at=clock.now() - timedelta(hours=1)), submit_draft(ivanov)
    send_message(talked, "Приедем в четверг.", [], channel="company", by=office.actor, at=clock.now())
    found = home(ivanov).latest
    assert [(line.id, list(line.marks)) for line in found] == [
        (talked, ["Новое сообщение от Сетевой"]),
        (quiet, []),
    ]


# The company


def test_staff_are_told_what_nobody_has_taken_and_what_is_their_own(context: Flask) -> None:
    ivanov, anna, boris = filer(), operator(), operator("Сергеев", email="sergeev@example.org")
    free, annas, boriss = sent(ivanov), checking(ivanov, anna), sent(ivanov)
    change(annas, assignee_id=anna.id)
    change(boriss, assignee_id=boris.id)
    asked(ivanov, anna)
    told = {one.case_id: one for one in todos(anna)}
    assert set(told) == {free, annas}
    assert told[free].untaken and told[free].task.words == "Присвойте номер и проверьте документы"
    assert not told[annas].untaken and told[annas].task.words == "Проверьте анкету и документы"
    assert "Иванов" in told[free].about
    assert set(waiting_ids(boris)) == {free, boriss}


def test_staff_decide_when_corrections_were_not_brought_in_time(context: Flask) -> None:
    ivanov, office = filer(), operator()
    case_id = asked(ivanov, office, at=clock.now() - LATE)
    (one,) = todos(office)
    assert one.case_id == case_id and one.overdue and "решите" in one.task.words


def test_a_clerk_who_applies_is_the_applicant_of_their_own_case(context: Flask) -> None:
    clerk = filer("Петрова")
    both = Person(replace(clerk.actor, roles=frozenset({"applicant", "operator"})), clerk.applicant_id)
    sent(clerk)
    assert todos(both) == []
    fixes = asked(clerk, operator())
    assert [one.task.panel for one in todos(both)] == ["corrections"]
    assert waiting_ids(both) == [fixes]


def test_staff_do_not_see_drafts(context: Flask) -> None:
    ivanov, office = filer(), operator()
    case_id = make_draft(ivanov)
    send_message(case_id, "Что приложить?", [], channel="company", by=ivanov.actor, at=clock.now())
    found = home(office)
    assert (found.drafts, found.latest, found.waiting.todos) == ([], [], [])


def test_the_figures_of_the_queue_are_those_that_its_views_show(context: Flask) -> None:
    ivanov, office = filer(), operator()
    sent(ivanov), asked(ivanov, office), sent(ivanov, at=clock.now() - LATE)
    shown = {view.words: view for view in queue_of(office.actor)}
    assert shown
    for view in shown.values():
        rows = find_page(view_for(office.actor, view.parameters), office.actor, company.today()).rows
        assert int(view.figure) == len(rows) > 0, view
    assert VIEWS["overdue"] in shown


# Appeals


def test_an_appeal_waits_for_whom_it_is_addressed_to_until_it_is_answered(context: Flask) -> None:
    ivanov, office, energosbyt = filer(), operator(), supplier_person()
    submit_draft(ivanov, **naming(energosbyt))
    with_office, with_supplier = appeal_to(ivanov, office, "in_work"), appeal_to(ivanov, energosbyt, "new")
    appeal_to(ivanov, office, "answered")
    told = {one.case_id: one for one in todos(office)}
    assert with_supplier not in told and told[with_office].task.words == "Подготовьте ответ"
    assert "Тема: Изменение условий" in told[with_office].about and told[with_office].due
    first = todos(energosbyt)[0]
    assert (first.case_id, first.task.words) == (with_supplier, "Присвойте сообщению номер") and first.due
    assert with_office not in waiting_ids(energosbyt)
    assert todos(ivanov) == []


# A supplier


def test_a_supplier_is_told_of_applications_without_their_number_and_of_no_deadline_of_the_company(
    context: Flask,
) -> None:
    ivanov, energosbyt, torg = (
        filer(),
        supplier_person(),
        supplier_person("ООО «Торг»", email="t@example.org"),
    )
    office = operator()
    case_id = submit_draft(ivanov, at=clock.now() - LATE, **naming(energosbyt))
    submit_draft(ivanov)
    register_case(case_id, office)
    (one,) = todos(energosbyt)
    assert (one.case_id, one.task.words, one.due, one.overdue) == (
        case_id,
        "Присвойте заявке свой номер",
        "",
        False,
    )
    assert todos(torg) == []
    change(case_id, supplier_number="15")
    assert todos(energosbyt) == []
    assert "рег. №\u00a015" in home(energosbyt).latest[0].about


def test_what_a_supplier_has_put_away_waits_no_more(context: Flask) -> None:
    ivanov, energosbyt = filer(), supplier_person()
    case_id = submit_draft(ivanov, **naming(energosbyt))
    change(case_id, supplier_archived_at=clock.now())
    assert todos(energosbyt) == []


def test_a_person_without_cases_is_told_of_nothing(context: Flask) -> None:
    sent(filer())
    administrator = Person(replace(operator().actor, roles=frozenset({"administrator"})))
    found = home(administrator)
    assert (found.waiting.todos, found.waiting.more, found.drafts, found.latest) == ([], 0, [], [])
