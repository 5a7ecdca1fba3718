"""What a supplier does in the cases that name them: a number, statuses, documents, an archive of their own."""

from collections.abc import Callable
from functools import partial
from io import BytesIO

import pytest
from flask import Flask

from app import clock
from app.cases import staff_actions
from app.cases.models import Case, CaseDocument, CaseMark
from app.cases.queries import documents_of, visible_case
from app.cases.timeline import past
from app.documents.intake import Upload
from app.errors import Conflict, Forbidden, IllegalMove, InvalidForm, NotFound
from app.extensions import db
from app.journal.models import JournalEntry
from app.notifications.models import OutboxRow
from tests.at_once import at_once
from tests.case_world import (
    PDF,
    Person,
    appeal,
    applicant,
    ended,
    make_move,
    named,
    operator,
    register_case,
    sent,
    supplier_person,
)
from tests.unchanged import unchanged


def case_of(case_id: int) -> Case:
    db.session.expire_all()
    return db.session.get_one(Case, case_id)


def number(case_id: int, who: Person, typed: str = "") -> str:
    return staff_actions.register(case_id, typed, by=who.actor, at=clock.now())


def say(case_id: int, who: Person, words: str = "Договор готовится") -> None:
    staff_actions.add_status_line(case_id, words, by=who.actor, at=clock.now())


def post(case_id: int, who: Person, kind: str = "supply_contract", **rest: bool) -> None:
    upload = Upload("Договор.pdf", BytesIO(PDF))
    staff_actions.post_documents(case_id, [upload], kind=kind, by=who.actor, at=clock.now(), **rest)


def archive(case_id: int, who: Person) -> None:
    staff_actions.move_to_archive(case_id, by=who.actor, at=clock.now())


def restore(case_id: int, who: Person) -> None:
    staff_actions.restore(case_id, by=who.actor, at=clock.now())


def letter(kind: str) -> OutboxRow:
    return db.session.query(OutboxRow).filter_by(kind=kind, address="ivanov@example.org").one()


def marks(person: Person) -> list[tuple[str, str]]:
    return [(mark.kind, mark.side) for mark in db.session.query(CaseMark).filter_by(user_id=person.id)]


def other_supplier() -> Person:
    return supplier_person("ООО «Электроторг»", email="torg@example.org")


def test_a_supplier_gives_an_application_a_number_of_their_own_and_it_does_not_move(context: Flask) -> None:
    ivanov, office, sbyt = applicant(), operator(), supplier_person()
    case_id = sent(ivanov, **named(sbyt))
    register_case(case_id, office, number="299")
    stood = case_of(case_id)
    before = (stood.status, stood.mover, stood.due_on, stood.number)
    assert number(case_id, sbyt, "Э-55") == "Э-55"
    case = case_of(case_id)
    assert (case.status, case.mover, case.due_on, case.number) == before
    assert case.supplier_number == "Э-55"
    told = db.session.query(OutboxRow).filter_by(kind="number-given").order_by(OutboxRow.id.desc()).first()
    assert told is not None and told.subject == "Присвоен № Э-55"
    assert "Гарантирующий поставщик (АО «Энергосбыт»)" in told.body and "номер: 299" in told.body
    line = past(case, for_staff=False)[-1]
    assert (line.sentence, line.who) == ("Присвоен номер поставщика: Э-55", "АО «Энергосбыт»")


def test_each_supplier_counts_for_themselves(context: Flask) -> None:
    ivanov, sbyt, torg = applicant(), supplier_person(), other_supplier()
    first, second = (sent(ivanov, **named(sbyt)) for _ in range(2))
    third = sent(ivanov, **named(torg, name="ООО «Электроторг»"))
    assert [number(first, sbyt), number(second, sbyt), number(third, torg)] == ["1", "2", "1"]


def test_a_number_that_the_same_supplier_has_given_is_taken(app: Flask, context: Flask) -> None:
    ivanov, sbyt, torg = applicant(), supplier_person(), other_supplier()
    first, second = sent(ivanov, **named(sbyt)), sent(ivanov, **named(sbyt))
    number(first, sbyt, "7")
    with unchanged(app), pytest.raises(InvalidForm) as refused:
        number(second, sbyt, "7")
    assert refused.value.errors == {"number": ["Номер 7 уже присвоен другому обращению. Укажите другой."]}
    assert number(sent(ivanov, **named(torg)), torg, "7") == "7"


def test_an_application_gets_one_number_of_the_supplier(app: Flask, context: Flask) -> None:
    sbyt = supplier_person()
    case_id = sent(applicant(), **named(sbyt))
    number(case_id, sbyt)
    with unchanged(app), pytest.raises(IllegalMove, match="уже присвоен"):
        number(case_id, sbyt)


def test_ten_numbers_of_a_supplier_at_once_are_ten_numbers(app: Flask) -> None:
    with app.app_context():
        ivanov, sbyt = applicant(), supplier_person()
        cases = [sent(ivanov, **named(sbyt)) for _ in range(10)]
    numbers = at_once(app, [partial(number, case_id, sbyt) for case_id in cases])
    assert sorted(numbers, key=str) == sorted(map(str, range(1, 11)))


def test_an_appeal_to_a_supplier_is_registered_by_them(context: Flask) -> None:
    ivanov, sbyt = applicant(), supplier_person()
    case_id = appeal(ivanov, sbyt)
    assert number(case_id, sbyt) == "1"
    case = case_of(case_id)
    assert (case.status, case.mover, case.number, case.supplier_number) == (
        "registered",
        "supplier",
        None,
        "1",
    )
    told = letter("number-given")
    assert told.subject == "Присвоен № 1" and "Регистрационный номер: 1" in told.body
    assert "Гарантирующий поставщик (АО «Энергосбыт») зарегистрировал сообщение" in told.body
    assert past(case, for_staff=False)[-1].who == "АО «Энергосбыт»"


def test_an_appeal_to_the_company_is_registered_by_the_company(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case_id = appeal(ivanov)
    number(case_id, office)
    assert case_of(case_id).number == "1"
    assert "Сетевая организация зарегистрировала сообщение" in letter("number-given").body


def test_a_status_of_the_supplier_is_told_as_theirs(context: Flask) -> None:
    ivanov, sbyt = applicant(), supplier_person()
    case_id = sent(ivanov, **named(sbyt))
    say(case_id, sbyt)
    told = letter("status-added")
    assert told.subject == "Добавлен статус: Договор готовится"
    assert "Со стороны Гарантирующего поставщика: АО «Энергосбыт»." in told.body
    assert marks(ivanov) == [("status", "supplier")]
    assert past(case_of(case_id), for_staff=True)[-1].who == "АО «Энергосбыт»"


def test_a_status_of_the_company_names_no_supplier(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    say(sent(ivanov), office)
    assert "поставщика" not in letter("status-added").body


def test_what_a_supplier_has_done_stays_theirs_when_another_one_is_named(context: Flask) -> None:
    ivanov, sbyt = applicant(), supplier_person()
    case_id = sent(ivanov, **named(sbyt))
    say(case_id, sbyt)
    case_of(case_id).supplier_name = "ООО «Электроторг»"
    assert past(db.session.get_one(Case, case_id), for_staff=False)[-1].who == "АО «Энергосбыт»"


def test_a_contract_of_the_supplier_stands_among_their_documents(context: Flask) -> None:
    ivanov, office, sbyt = applicant(), operator(), supplier_person()
    case_id = sent(ivanov, **named(sbyt))
    post(case_id, sbyt)
    for reader in (ivanov, office, sbyt):
        found = documents_of(visible_case(reader.actor, case_id), reader.actor)
        assert [(one.side, one.title) for one in found] == [("supplier", "Договор ЭСО")]
    told = letter("document-posted")
    assert "размещен документ: Договор ЭСО" in told.body
    assert "Со стороны Гарантирующего поставщика: АО «Энергосбыт»." in told.body
    assert marks(ivanov) == [("status", "supplier")]


def test_the_kinds_of_the_company_are_not_the_suppliers_nor_the_other_way_round(
    app: Flask, context: Flask
) -> None:
    office, sbyt = operator(), supplier_person()
    case_id = sent(applicant(), **named(sbyt))
    with unchanged(app):
        for who, kind in ((sbyt, "letter"), (office, "supply_contract")):
            with pytest.raises(InvalidForm):
                post(case_id, who, kind)


def test_a_supplier_has_no_internal_documents(app: Flask, context: Flask) -> None:
    sbyt = supplier_person()
    case_id = sent(applicant(), **named(sbyt))
    with unchanged(app), pytest.raises(Forbidden):
        post(case_id, sbyt, internal=True)


def test_the_same_letter_of_both_sides_stands_twice_and_betrays_nothing(context: Flask) -> None:
    office, sbyt = operator(), supplier_person()
    case_id = sent(applicant(), **named(sbyt))
    post(case_id, office, "letter", internal=True)
    post(case_id, sbyt, "supplier_letter")
    assert db.session.query(CaseDocument).count() == 2


def test_an_application_goes_into_the_suppliers_own_archive_and_back_and_nobody_else_notices(
    context: Flask,
) -> None:
    ivanov, sbyt = applicant(), supplier_person()
    case_id = sent(ivanov, **named(sbyt))
    before = case_of(case_id)
    stood = (before.updated_at, before.version, before.archived_at)
    archive(case_id, sbyt)
    case = case_of(case_id)
    assert case.supplier_archived_at is not None
    assert (case.updated_at, case.version, case.archived_at) == stood
    assert db.session.query(OutboxRow).count() == 0 and marks(ivanov) == []
    assert [line.sentence for line in past(case, for_staff=True)] == ["Заявка создана и отправлена в сетевую"]
    assert db.session.query(JournalEntry).filter_by(kind="supplier_archived").count() == 1
    with pytest.raises(Conflict, match="архив"):
        say(case_id, sbyt)
    restore(case_id, sbyt)
    assert case_of(case_id).supplier_archived_at is None
    say(case_id, sbyt)


def test_what_is_not_in_the_suppliers_archive_is_not_taken_out_of_it(app: Flask, context: Flask) -> None:
    ivanov, office, sbyt = applicant(), operator(), supplier_person()
    case_id, gone = sent(ivanov, **named(sbyt)), ended(ivanov, **named(sbyt))
    archive(gone, office)
    with unchanged(app):
        for case, kind in ((case_id, IllegalMove), (gone, Conflict)):
            with pytest.raises(kind):
                restore(case, sbyt)
        with pytest.raises(Forbidden):
            restore(case_id, office)


def test_the_company_goes_on_with_what_the_supplier_has_put_away(context: Flask) -> None:
    office, sbyt = operator(), supplier_person()
    case_id = sent(applicant(), **named(sbyt))
    archive(case_id, sbyt)
    register_case(case_id, office)
    assert case_of(case_id).status == "registered"


def test_an_appeal_goes_into_the_archive_of_all_when_it_has_ended(app: Flask, context: Flask) -> None:
    ivanov, sbyt = applicant(), supplier_person()
    case_id = appeal(ivanov, sbyt)
    with unchanged(app), pytest.raises(IllegalMove, match="завершенные"):
        archive(case_id, sbyt)
    make_move(case_id, "answer", sbyt)
    archive(case_id, sbyt)
    assert case_of(case_id).archived_at is not None
    told = letter("archived")
    assert told.subject.startswith("Сообщение перемещено в архив")
    assert "Со стороны Гарантирующего поставщика: АО «Энергосбыт»." in told.body


ACTS: dict[str, Callable[[int, Person], object]] = {
    "number": number,
    "status": say,
    "document": post,
    "archive": archive,
    "restore": restore,
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_another_supplier_knows_nothing_of_the_case(
    app: Flask, context: Flask, act: Callable[[int, Person], object]
) -> None:
    ivanov, sbyt, torg = applicant(), supplier_person(), other_supplier()
    cases = (sent(ivanov, **named(sbyt)), appeal(ivanov, sbyt), sent(ivanov))
    with unchanged(app):
        for case_id in cases:
            with pytest.raises(NotFound):
                act(case_id, torg)


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_an_appeal_to_a_supplier_is_none_of_the_companys_business(
    app: Flask, context: Flask, act: Callable[[int, Person], object]
) -> None:
    office, case_id = operator(), appeal(applicant(), supplier_person())
    with unchanged(app), pytest.raises(NotFound):
        act(case_id, office)
