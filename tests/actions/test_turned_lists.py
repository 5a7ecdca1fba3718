"""Whose move a list and the home page tell when the stage waits for the applicant and the applicant for the company."""

from datetime import date, timedelta
from typing import Any

from flask import Flask

from app import clock
from app.cases.deadline_queries import deadline_groups
from app.cases.list_cards import cards
from app.cases.list_filters import parse_filter
from app.cases.list_queries import find_page
from app.company import queries as company
from app.connections.works_lifecycle import ACT_SENT
from app.contracts import claim_actions
from app.portal.queries import waiting_for
from app.signing.decline_actions import answer, decline
from app.signing.models import SignatureSlot
from tests.case_world import Person, moment
from tests.contract_world import office, reach
from tests.money_world import awaiting, case_of, invoices, people

TODAY = date(2026, 8, 6)


def tab(who: Person, name: str, *, works_here: bool = True) -> dict[int, str]:
    """Number of a case → whose move its card tells, of all cases of a tab."""
    rows = find_page(parse_filter({"tab": name}, works_here=works_here), who.actor, TODAY).rows
    return {card.id: card.turn.words if card.turn else "" for card in cards(rows, who.actor, TODAY)}


def todos(who: Person) -> list[str]:
    return [one.task.words for one in waiting_for(who.actor).todos]


def declined_act() -> tuple[Any, int, int]:
    """Who works on it, the case whose act the applicant has declined, and the slot."""
    who = office()
    case_id = reach(ACT_SENT, who, at=clock.now() - timedelta(days=1))
    (slot_id,) = (one.id for one in SignatureSlot.query.filter_by(party="applicant", state="pending"))
    decline(case_id, slot_id, "Не та мощность.", by=who.own.actor, at=clock.now())
    return who, case_id, slot_id


def test_a_payment_to_be_found_waits_for_the_company_in_every_list(context: Flask) -> None:
    ivanov, clerk = people()
    case_id = awaiting(ivanov, clerk)
    assert (tab(clerk, "ours"), tab(clerk, "theirs")) == ({}, {case_id: "Ждем заявителя"})
    assert tab(ivanov, "active", works_here=False)[case_id].startswith("Ваш ход")
    invoice = invoices(case_id)[0].id
    claim_actions.claim_paid(case_id, invoice, date(2026, 8, 5), [], by=ivanov.actor, at=moment(12, day=5))
    assert tab(clerk, "theirs") == {}
    assert list(tab(clerk, "ours")) == [case_id] and tab(clerk, "ours")[case_id].startswith("Ваш ход")
    assert not tab(ivanov, "active", works_here=False)[case_id].startswith("Ваш ход")
    assert todos(clerk) == ["Найдите деньги: заявитель сообщил об оплате"]
    claim_actions.not_found(case_id, "Не видим.", by=clerk.actor, at=moment(13, day=5))
    assert (list(tab(clerk, "ours")), list(tab(clerk, "theirs"))) == ([], [case_id])


def test_a_declined_act_waits_for_the_company_s_answer_in_every_list(context: Flask) -> None:
    who, case_id, slot_id = declined_act()
    assert list(tab(who.clerk, "ours")) == [case_id] and tab(who.clerk, "theirs") == {}
    assert not tab(who.own, "active", works_here=False)[case_id].startswith("Ваш ход")
    assert todos(who.own) == []
    assert todos(who.clerk) == ["Ответьте на отказ от подписи"]
    answer(case_id, slot_id, "Мощность верна.", by=who.clerk.actor, at=clock.now())
    assert list(tab(who.clerk, "theirs")) == [case_id]
    assert tab(who.own, "active", works_here=False)[case_id].startswith("Ваш ход")
    assert todos(who.own) != []


def test_an_unanswered_no_is_late_with_the_company_and_not_with_the_applicant(context: Flask) -> None:
    who, case_id, slot_id = declined_act()
    due = case_of(case_id).due_on
    assert due is not None
    board = deadline_groups(who.clerk.actor, due + timedelta(days=1), company.calendar())
    assert [group.code for group in board if group.rows] == ["late"]
    answer(case_id, slot_id, "Мощность верна.", by=who.clerk.actor, at=clock.now())
    board = deadline_groups(who.clerk.actor, due + timedelta(days=1), company.calendar())
    assert [group.code for group in board if group.rows] == ["unanswered"]


def test_what_the_head_has_to_sign_waits_in_the_list_of_the_head_alone(context: Flask) -> None:
    who = office()
    case_id = reach(ACT_SENT, who, at=clock.now() - timedelta(days=1))
    assert SignatureSlot.query.filter_by(party="company", state="pending").count() > 0
    assert (tab(who.clerk, "ours"), tab(who.head, "ours")) == ({}, {case_id: "Ваш ход: подпишите документы"})
