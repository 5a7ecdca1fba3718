"""The supplier's package: begun with the complete set of documents, placed, replaced, signed, late."""

from datetime import date, timedelta

import pytest
from flask import Flask

from app import clock
from app.cases.deadline_queries import deadline_groups
from app.cases.models import Case, CaseDocument
from app.cases.policy import party_of
from app.cases.queries import locked_case
from app.cases.steps import set_card
from app.cases.timeline import past
from app.company import queries as company
from app.connections import decision_actions
from app.contracts.contract_steps import begun_contract, conclude
from app.contracts.package_actions import Typed, place
from app.contracts.package_queries import usual_requisites
from app.contracts.package_steps import begin
from app.errors import Conflict, Forbidden, InvalidForm, NotFound
from app.extensions import db
from app.journal.models import JournalEntry
from app.notifications.models import OutboxRow
from app.portal.queries import home_of
from app.signing.slot_queries import slots_of
from app.transaction import transaction
from tests.application_world import checking, filer, pdf, stored_files
from tests.case_world import Person, make_move, operator, supplier_person
from tests.signing_world import mark
from tests.supply_world import BANK, business, naming, package, place_contract, place_requisites, supplied
from tests.unchanged import unchanged


@pytest.fixture
def ivanov(context: Flask) -> Person:
    return filer()


@pytest.fixture
def office(context: Flask) -> Person:
    return operator()


@pytest.fixture
def sbyt(context: Flask) -> Person:
    return supplier_person()


def sentences(case_id: int) -> list[str]:
    return [line.sentence for line in past(db.session.get_one(Case, case_id), for_staff=False)]


def slot_ids(case_id: int) -> list[int]:
    found = package(case_id)
    assert found is not None and found.case_document_id is not None
    return [one.id for one in slots_of(found.case_document_id)]


def test_the_suppliers_term_begins_with_the_complete_set_of_documents(
    ivanov: Person, office: Person, sbyt: Person
) -> None:
    case_id = checking(ivanov, office, **naming(sbyt))
    assert package(case_id) is None
    decision_actions.complete(case_id, by=office.actor, at=clock.now())
    found = package(case_id)
    assert found is not None and found.state == "preparing"
    today = company.today()
    assert (found.started_on, found.due_on) == (today, company.calendar().add_working_days(today, 10))


def test_an_application_without_a_supplier_has_no_package(ivanov: Person, office: Person) -> None:
    case_id = checking(ivanov, office)
    decision_actions.complete(case_id, by=office.actor, at=clock.now())
    assert package(case_id) is None


def test_requisites_and_an_account_are_enough_for_a_household(
    ivanov: Person, office: Person, sbyt: Person
) -> None:
    case_id = supplied(ivanov, office, sbyt)
    status = db.session.get_one(Case, case_id).status
    place_requisites(case_id, sbyt)
    found = package(case_id)
    assert found is not None and (found.state, found.form) == ("placed", "requisites")
    assert (found.personal_account, found.requisites, found.placed_by) == ("5900-123456", BANK, sbyt.id)
    assert db.session.get_one(Case, case_id).status == status  # the company's clock is its own
    assert sentences(case_id)[-1] == "Сообщены реквизиты и номер лицевого счета"
    entry = JournalEntry.query.filter_by(kind="supply_placed").one()
    assert "5900" not in str(entry.body) and entry.body["supplier"] == "АО «Энергосбыт»"


def test_the_applicant_and_the_company_get_a_letter(ivanov: Person, office: Person, sbyt: Person) -> None:
    case_id = supplied(ivanov, office, sbyt)
    place_requisites(case_id, sbyt)
    letters = {row.address: row for row in OutboxRow.query.filter_by(kind="supply-placed")}
    assert letters.keys() == {"ivanov@example.org", "office@example.org"}
    assert "5900-123456" in letters["ivanov@example.org"].body
    assert "сохраните номер лицевого счета" in letters["ivanov@example.org"].body
    assert "Сейчас от вас ничего не требуется" in letters["office@example.org"].body


def test_the_contract_of_a_business_is_signed_by_the_supplier_and_then_by_the_applicant(
    ivanov: Person, office: Person, sbyt: Person
) -> None:
    case_id = business(ivanov, office, sbyt)
    place_contract(case_id, sbyt)
    first, second = slot_ids(case_id)
    document = db.session.get_one(CaseDocument, package(case_id).case_document_id)  # type: ignore[union-attr]
    assert (document.side, document.kind, document.title) == ("supplier", "supply_contract", "Договор ЭСО")
    assert document.supplier_id == sbyt.actor.supplier_id
    with pytest.raises(Forbidden):
        mark(case_id, first, office)
    with pytest.raises(Conflict):
        mark(case_id, second, sbyt)
    mark(case_id, first, sbyt)
    assert package(case_id).state == "placed"  # type: ignore[union-attr]
    mark(case_id, second, sbyt, signer="Иванов П. Г.")
    assert package(case_id).state == "signed"  # type: ignore[union-attr]
    assert sentences(case_id)[-1] == "Договор энергоснабжения подписан обеими сторонами"


def test_in_mode_a_the_supplier_alone_signs_the_contract(
    ivanov: Person, office: Person, sbyt: Person
) -> None:
    case_id = business(ivanov, office, sbyt, mode="A")
    place_contract(case_id, sbyt)
    (only,) = slot_ids(case_id)
    mark(case_id, only, sbyt)
    assert package(case_id).state == "signed"  # type: ignore[union-attr]


def test_nobody_signs_the_contract_of_a_household(ivanov: Person, office: Person, sbyt: Person) -> None:
    case_id = supplied(ivanov, office, sbyt, mode="B")
    place_contract(case_id, sbyt)
    assert slot_ids(case_id) == [] and package(case_id).state == "placed"  # type: ignore[union-attr]


def test_a_business_needs_the_file(app: Flask, ivanov: Person, office: Person, sbyt: Person) -> None:
    case_id = business(ivanov, office, sbyt)
    for typed, field in ((Typed("requisites", BANK, "12"), "what"), (Typed("contract"), "project")):
        with unchanged(app), pytest.raises(InvalidForm) as refused:
            place(case_id, typed, [], by=sbyt.actor, at=clock.now())
        assert list(refused.value.errors) == [field]


def test_everything_wrong_is_told_at_once(app: Flask, ivanov: Person, office: Person, sbyt: Person) -> None:
    case_id = supplied(ivanov, office, sbyt)
    place_requisites(case_id, sbyt)
    with unchanged(app), pytest.raises(InvalidForm) as refused:
        place(case_id, Typed("requisites", " ", "1 2"), [pdf("x")], by=sbyt.actor, at=clock.now())
    assert refused.value.errors.keys() == {"requisites", "account", "reason"}


def test_a_file_beside_requisites_is_not_kept(ivanov: Person, office: Person, sbyt: Person) -> None:
    case_id = supplied(ivanov, office, sbyt)
    before = stored_files()
    place(case_id, Typed("requisites", BANK, "12"), [pdf("x")], by=sbyt.actor, at=clock.now())
    assert stored_files() == before


def test_a_package_is_replaced_with_a_reason_and_the_old_contract_is_signed_no_more(
    app: Flask, ivanov: Person, office: Person, sbyt: Person
) -> None:
    case_id = business(ivanov, office, sbyt)
    place_contract(case_id, sbyt)
    first, second = slot_ids(case_id)
    mark(case_id, first, sbyt)
    with unchanged(app), pytest.raises(InvalidForm) as refused:
        place_contract(case_id, sbyt, file=pdf("new"))
    assert list(refused.value.errors) == ["reason"]
    place_contract(case_id, sbyt, file=pdf("new"), reason="Ошибка в адресе")
    assert len(slot_ids(case_id)) == 2 and not {first, second} & set(slot_ids(case_id))
    with pytest.raises(Conflict, match="новая редакция"):
        mark(case_id, second, sbyt)
    assert sentences(case_id)[-1] == "Заменено: договор энергоснабжения. Причина: Ошибка в адресе"
    letter = OutboxRow.query.filter_by(kind="supply-placed").order_by(OutboxRow.id.desc()).first()
    assert letter is not None and "Это замена прежнего. Причина: Ошибка в адресе" in letter.body


def test_a_contract_that_the_applicant_has_signed_is_replaced_by_nobody_alone(
    app: Flask, ivanov: Person, office: Person, sbyt: Person
) -> None:
    case_id = business(ivanov, office, sbyt)
    place_contract(case_id, sbyt)
    mark(case_id, slot_ids(case_id)[0], sbyt, second="Иванов П. Г.")
    assert package(case_id).state == "signed"  # type: ignore[union-attr]
    with unchanged(app), pytest.raises(Conflict, match="уже заключен"):
        place_contract(case_id, sbyt, file=pdf("new"), reason="Новая цена")


def test_where_the_applicant_signs_nothing_the_contract_stays_from_their_payment_on(
    app: Flask, ivanov: Person, office: Person, sbyt: Person
) -> None:
    case_id = business(ivanov, office, sbyt, mode="A")
    place_contract(case_id, sbyt)
    mark(case_id, slot_ids(case_id)[0], sbyt)
    place_contract(case_id, sbyt, file=pdf("new"), reason="Ошибка в адресе")
    with transaction():
        case = locked_case(office.actor, case_id)
        conclude(begun_contract(case, by=office.actor, at=clock.now()), on=company.today())
    with unchanged(app), pytest.raises(Conflict, match="уже заключен"):
        place_contract(case_id, sbyt, file=pdf("newest"), reason="Новая цена")


def test_an_account_is_mended_until_the_connection(ivanov: Person, office: Person, sbyt: Person) -> None:
    case_id = supplied(ivanov, office, sbyt)
    place_requisites(case_id, sbyt)
    with transaction():
        case = locked_case(office.actor, case_id)
        conclude(begun_contract(case, by=office.actor, at=clock.now()), on=company.today())
    place_requisites(case_id, sbyt, account="77", reason="Опечатка в номере")
    assert package(case_id).personal_account == "77"  # type: ignore[union-attr]


def test_the_same_file_is_no_new_edition(app: Flask, ivanov: Person, office: Person, sbyt: Person) -> None:
    case_id = business(ivanov, office, sbyt)
    place_contract(case_id, sbyt)
    with unchanged(app), pytest.raises(InvalidForm, match="выделенные"):
        place_contract(case_id, sbyt, reason="Так надо")


def test_before_the_set_is_complete_and_after_the_end_nothing_is_placed(
    app: Flask, ivanov: Person, office: Person, sbyt: Person
) -> None:
    early, ended = checking(ivanov, office, **naming(sbyt)), supplied(ivanov, office, sbyt)
    decision_actions.reject(ended, "Не наша сеть.", by=office.actor, at=clock.now())
    for case_id, words in ((early, "комплект документов полным"), (ended, "Заявка завершена")):
        with unchanged(app), pytest.raises(Conflict, match=words):
            place_requisites(case_id, sbyt)


def test_what_was_not_placed_in_time_is_placed_after_the_connection_and_then_stays(
    app: Flask, ivanov: Person, office: Person, sbyt: Person
) -> None:
    case_id = supplied(ivanov, office, sbyt)
    for name in ("publish_offer", "conclude", "start_works", "own_part_done", "admit_meter", "connect"):
        make_move(case_id, name, office)
    place_requisites(case_id, sbyt)
    assert package(case_id).state == "placed"  # type: ignore[union-attr]
    with unchanged(app), pytest.raises(Conflict, match="Заявка завершена"):
        place_requisites(case_id, sbyt, account="77", reason="Новый счет")


def test_only_the_supplier_of_the_case_places(
    app: Flask, ivanov: Person, office: Person, sbyt: Person
) -> None:
    torg = supplier_person("ООО «Электроторг»", email="torg@example.org")
    case_id = supplied(ivanov, office, sbyt)
    for who, error in ((ivanov, Forbidden), (office, Forbidden), (torg, NotFound)):
        with unchanged(app), pytest.raises(error):
            place_requisites(case_id, who)


def test_another_supplier_has_a_package_of_its_own_and_the_former_sees_nothing(
    app: Flask, ivanov: Person, office: Person, sbyt: Person
) -> None:
    torg = supplier_person("ООО «Электроторг»", email="torg@example.org")
    case_id = checking(ivanov, office, **naming(sbyt))
    with transaction():  # what the applicant's corrections do to the card
        case = db.session.get_one(Case, case_id)
        begin(case, sbyt.actor.supplier_id or 0, on=company.today())
        other = {"supplier_id": torg.actor.supplier_id, "supplier_name": "ООО «Электроторг»"}
        set_card(case, at=clock.now(), **other)
    decision_actions.complete(case_id, by=office.actor, at=clock.now())
    found = package(case_id)
    assert found is not None and found.supplier_id == torg.actor.supplier_id
    assert party_of(sbyt.actor, db.session.get_one(Case, case_id)) is None
    with unchanged(app), pytest.raises(NotFound):
        place_requisites(case_id, sbyt)
    place_requisites(case_id, torg)


def test_what_waits_for_the_supplier_stands_on_the_home_page_until_it_is_placed(
    ivanov: Person, office: Person, sbyt: Person
) -> None:
    case_id = supplied(ivanov, office, sbyt)
    (one,) = home_of(sbyt.actor).waiting.todos
    assert (one.case_id, one.task.words, one.task.panel) == (
        case_id,
        "Разместите договор энергоснабжения",
        "supply-contract",
    )
    assert "осталось 10 рабочих дней" in one.due and not one.overdue
    place_requisites(case_id, sbyt)
    (one,) = home_of(sbyt.actor).waiting.todos
    assert one.task.words == "Присвойте заявке свой номер" and one.due == ""


def late_on_the_board(who: Person, today: date) -> list[tuple[int, date]]:
    found = deadline_groups(who.actor, today, company.calendar())
    return [(row.id, row.due_on) for group in found if group.code == "supplier" for row in group.rows]


def test_a_late_supplier_stands_on_the_companys_board(ivanov: Person, office: Person, sbyt: Person) -> None:
    case_id = supplied(ivanov, office, sbyt)
    due = package(case_id).due_on  # type: ignore[union-attr]
    assert late_on_the_board(office, due) == []
    assert late_on_the_board(office, due + timedelta(days=1)) == [(case_id, due)]
    place_requisites(case_id, sbyt)
    assert late_on_the_board(office, due + timedelta(days=1)) == []


def test_a_late_package_of_an_ended_case_troubles_nobody(
    ivanov: Person, office: Person, sbyt: Person
) -> None:
    case_id = supplied(ivanov, office, sbyt)
    due = package(case_id).due_on  # type: ignore[union-attr]
    make_move(case_id, "withdraw", ivanov)
    assert late_on_the_board(office, due + timedelta(days=1)) == []
    assert list(home_of(sbyt.actor).waiting.todos) == []


def test_the_requisites_placed_last_are_the_usual_ones(ivanov: Person, office: Person, sbyt: Person) -> None:
    assert usual_requisites(sbyt.actor.supplier_id or 0) == ""
    place_requisites(supplied(ivanov, office, sbyt), sbyt)
    assert usual_requisites(sbyt.actor.supplier_id or 0) == BANK
