"""Who may sign and decline what: side by role by state; the no and its answer; what a signed document keeps."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import DBAPIError

from app import clock
from app.actor import OPERATOR, SIGNATORY, SUPPLIER, Actor
from app.cases.models import Case, CaseDocument
from app.cases.next_actions import next_actions
from app.cases.queries import party
from app.cases.timeline import past
from app.errors import AlreadyDone, Conflict, Forbidden, InvalidForm, NotFound
from app.extensions import db
from app.notifications.models import OutboxRow
from app.portal.queries import waiting_for
from app.signing.decline_actions import answer, decline
from app.signing.policy import may_sign, why_may_not_decline
from app.signing.sign_queries import awaited_of, chosen
from app.signing.slot_steps import supersede
from app.transaction import transaction
from tests.application_world import filer
from tests.case_world import Person, applicant, named, operator, sent, supplier_person
from tests.certificate_world import may_sign_for_company, seen_in_office
from tests.code_world import ask, digits, enter, paper
from tests.contract_world import office, reach
from tests.signing_world import document_of, in_mode, mark, paper_to_sign, slot
from tests.unchanged import unchanged


def letters(kind: str) -> list[OutboxRow]:
    return list(OutboxRow.query.filter_by(kind=kind).order_by(OutboxRow.id))


def sentences(case_id: int) -> list[str]:
    return [line.sentence for line in past(db.session.get_one(Case, case_id), for_staff=False)]


def case_of(case_id: int) -> Case:
    return db.session.get_one(Case, case_id, populate_existing=True)


def todo(person: Person) -> str:
    return " | ".join(one.task.words for one in waiting_for(person.actor).todos)


def buttons(case_id: int, person: Person) -> list[str]:
    case = case_of(case_id)
    return [one.label for one in next_actions(case, person.actor, party(person.actor, case))]


class Facts:
    """A case or a slot as plain values."""

    kind, status, recipient, applicant_id, supplier_id = "application", "contract_sent", "company", 1, 7
    archived_at: object = None
    supplier_archived_at: object = None
    draft_opened_at, answers_shared, place, required, state = None, True, 1, True, "pending"

    def __init__(self, **values: Any) -> None:
        self.__dict__.update(values)


PEOPLE = {
    "applicant": Actor(1, "И", frozenset({"applicant"}), frozenset({1}), confirmed=True),
    "unconfirmed": Actor(1, "И", frozenset({"applicant"}), frozenset({1})),
    "neighbour": Actor(2, "С", frozenset({"applicant"}), frozenset({2}), confirmed=True),
    "clerk": Actor(3, "К", frozenset({OPERATOR})),
    "head": Actor(4, "С", frozenset({SIGNATORY})),
    "head's own case": Actor(4, "С", frozenset({SIGNATORY, "applicant"}), frozenset({1}), confirmed=True),
    "administrator": Actor(5, "А", frozenset({"administrator"})),
    "supplier": Actor(6, "П", frozenset({SUPPLIER}), supplier_id=7),
    "other supplier": Actor(8, "Т", frozenset({SUPPLIER}), supplier_id=9),
}
STATES = {
    "open": {},
    "archived": {"archived_at": clock.now()},
    "supplier's shelf": {"supplier_archived_at": clock.now()},
}
#: Who signs for which side, by the state of the case.
MAY = {
    ("applicant", "applicant"): {"open", "supplier's shelf"},
    ("head's own case", "applicant"): {"open", "supplier's shelf"},
    ("head", "company"): {"open", "supplier's shelf"},
    ("supplier", "supplier"): {"open"},
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("side", ["applicant", "company", "supplier"])
@pytest.mark.parametrize("who", PEOPLE)
def test_who_may_sign_for_whom(who: str, side: str, state: str) -> None:
    case, found = Facts(**STATES[state]), Facts(party=side)
    assert may_sign(PEOPLE[who], case, found) == (state in MAY.get((who, side), set()))  # type: ignore[arg-type]
    declines = MAY.get(("applicant" if who == "unconfirmed" else who, side), set())
    assert (not why_may_not_decline(PEOPLE[who], case, found)) == (state in declines)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "who", "error"),
    [
        ("pending", "own", Conflict),  # the company has not signed
        ("pending", "head", None),
        ("pending", "clerk", Forbidden),
        ("pending", "neighbour", NotFound),
        ("signed", "own", None),
        ("signed", "unseen", Forbidden),
        ("signed", "head", Conflict),
        ("declined", "own", Conflict),
        ("superseded", "own", Conflict),
    ],
)
def test_a_slot_is_chosen_by_its_side_in_its_turn(
    context: Flask, before: str, who: str, error: type[Exception] | None
) -> None:
    own, clerk = seen_in_office(filer()), operator()
    head = may_sign_for_company(operator("Главный", email="main@example.org"))
    others = {"own": own, "clerk": clerk, "head": head, "neighbour": filer("Соседов", snils="10289803962")}
    others["unseen"] = replace(own, actor=replace(own.actor, confirmed=False))
    case_id = sent(own)
    ids = paper_to_sign(case_id, clerk, ("company", "applicant"))
    if before != "pending":
        mark(case_id, ids[0], clerk)
    if before == "declined":
        decline(case_id, ids[1], "Нет", by=own.actor, at=clock.now())
    if before == "superseded":
        with transaction():
            supersede(document_of(ids[0]))
    mine = ids[0] if who in ("head", "clerk") else ids[1]
    if error:
        with pytest.raises(error):
            chosen(case_of(case_id), others[who].actor, [mine])
        return
    ((found, document),) = chosen(case_of(case_id), others[who].actor, [mine])
    assert (found.id, document.title) == (mine, "Договор")


def test_three_parties_sign_one_paper_in_their_order(context: Flask) -> None:
    own, clerk, sbyt = seen_in_office(filer()), operator(), supplier_person()
    head = may_sign_for_company(operator("Главный", email="main@example.org"))
    case_id = sent(own, **named(sbyt))
    ids = paper_to_sign(case_id, clerk, ("company", "supplier", "applicant"))
    case = case_of(case_id)
    turns = [[not one.why_not for one in awaited_of(case, who.actor)] for who in (head, sbyt, own)]
    assert turns == [[True], [False], [False]]
    assert "Подпишите документы" in todo(head) and "Подпишите документы" not in todo(own)
    mark(case_id, ids[0], clerk)
    mark(case_id, ids[1], sbyt)
    assert [not one.why_not for one in awaited_of(case_of(case_id), own.actor)] == [True]
    assert "Подпишите документы" in todo(own) and "Подпишите документы" not in todo(head)
    assert "Подпишите документы" not in todo(clerk)  # a clerk signs nothing


def test_a_no_is_told_answered_and_the_document_waits_again(context: Flask) -> None:
    own, clerk = filer(), operator()
    case_id = sent(own)
    ids = paper_to_sign(case_id, clerk, ("company", "applicant"), title="Акт")
    mark(case_id, ids[0], clerk)
    decline(case_id, ids[1], " Не та мощность. ", by=own.actor, at=clock.now(), key="k" * 22)
    assert slot(ids[1]).state == "declined"
    assert sentences(case_id)[-1] == "Подпись Заявителя отклонена: Акт. Причина: Не та мощность."
    (letter,) = letters("signature-declined")
    assert letter.user_id == clerk.id and "Не та мощность." in letter.body
    assert "Ответьте на отказ от подписи" in todo(clerk)
    assert "Ответить на отказ" in buttons(case_id, clerk) and "Ответить на отказ" not in buttons(case_id, own)
    with pytest.raises(AlreadyDone):
        decline(case_id, ids[1], " Не та мощность. ", by=own.actor, at=clock.now(), key="k" * 22)
    with pytest.raises(Forbidden):
        answer(case_id, ids[1], "Та.", by=own.actor, at=clock.now())
    answer(case_id, ids[1], "Мощность верна, пункт 2.", by=clerk.actor, at=clock.now())
    assert slot(ids[1]).state == "pending" and "Ответить на отказ" not in buttons(case_id, clerk)
    (told,) = letters("decline-answered")
    assert told.user_id == own.id and "Мощность верна" in told.body and "подпишите его" in told.body
    assert "снова ждет подписи: Акт. Мощность верна, пункт 2." in sentences(case_id)[-1]
    with pytest.raises(Conflict, match="Обновите страницу"):
        answer(case_id, ids[1], "Еще раз.", by=clerk.actor, at=clock.now())


def test_a_no_needs_a_reason_and_one_s_turn(app: Flask, context: Flask) -> None:
    own, clerk = filer(), operator()
    case_id = sent(own)
    ids = paper_to_sign(case_id, clerk, ("company", "applicant"))
    with unchanged(app), pytest.raises(Conflict, match="Сначала"):
        decline(case_id, ids[1], "Нет", by=own.actor, at=clock.now())
    for who in (own, clerk):  # another side's, and without the right to sign
        with unchanged(app), pytest.raises(Forbidden):
            decline(case_id, ids[0], "Нет", by=who.actor, at=clock.now())
    mark(case_id, ids[0], clerk)
    for reason in ("", " \u200b ", "Я" * 1001):
        with unchanged(app), pytest.raises(InvalidForm):
            decline(case_id, ids[1], reason, by=own.actor, at=clock.now())
    stranger = applicant("Соседов", snils="10289803962", email="sosed@example.org")
    with unchanged(app), pytest.raises(NotFound):
        decline(case_id, ids[1], "Нет", by=stranger.actor, at=clock.now())


def test_the_no_to_a_contract_is_a_disagreement(app: Flask, context: Flask) -> None:
    people = office()
    case_id = reach("contract_sent", people, at=clock.now())
    (mine,) = awaited_of(case_of(case_id), people.own.actor)
    with unchanged(app), pytest.raises(Conflict, match="отправьте разногласия"):
        decline(case_id, mine.slot.id, "Нет", by=people.own.actor, at=clock.now())


def test_a_new_edition_of_a_declined_paper_is_asked_for_anew(context: Flask) -> None:
    own, clerk = filer(), operator()
    case_id = sent(own)
    (one,) = paper_to_sign(case_id, clerk, ("applicant",))
    decline(case_id, one, "Нет", by=own.actor, at=clock.now())
    with transaction():
        supersede(document_of(one))
    (two,) = paper_to_sign(case_id, clerk, ("applicant",), title="Договор, новый")
    assert (slot(one).state, slot(two).state) == ("superseded", "pending")
    assert "Ответьте на отказ от подписи" not in todo(clerk)


def test_in_mode_a_the_head_signs_what_the_company_has_placed(context: Flask) -> None:
    clerk = operator()
    head = may_sign_for_company(operator("Главный", email="main@example.org"))
    case_id = sent(applicant())
    in_mode(case_id, "A")
    (one,) = paper_to_sign(case_id, clerk, ("company",))
    assert [found.slot.id for found in awaited_of(case_of(case_id), head.actor) if not found.why_not] == [one]


def test_the_file_of_a_signed_document_can_never_be_another(app: Flask) -> None:
    with app.app_context():
        found = paper(title="Акт")
        code_id = ask(found, at=clock.now())
        enter(found, code_id, digits(code_id), at=clock.now())
        other = paper_to_sign(found.case_id, found.office, ("applicant",), title="Иной")[0]
        signed, version = document_of(found.slot_id).id, document_of(other).document_version_id
    with app.app_context(), pytest.raises(DBAPIError), transaction():
        db.session.get_one(CaseDocument, signed).document_version_id = version
        db.session.flush()
