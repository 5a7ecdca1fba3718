"""The office: confirming accounts, moving a login to whom it belongs, accounts of staff, finding people."""

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.accounts import actions, queries, staff_actions
from app.accounts.models import OfficeConfirmation, User
from app.accounts.people_queries import find_people, waiting_people
from app.accounts.people_search import parse_people_query
from app.accounts.registration import Acting, PersonName
from app.accounts.staff_actions import Shown
from app.actor import Actor
from app.errors import AlreadyDone, Conflict, Forbidden, InvalidValue, NotFound
from app.extensions import db
from app.journal.queries import broken_links
from app.transaction import transaction
from tests import factories as make
from tests.unchanged import unchanged

PASSPORT = Shown("passport", "паспорт, выдан 20.11.2010", "пришел сам")


@pytest.fixture
def operator(context: Flask) -> Actor:
    return make.actor_of(make.make_operator())


def confirm(user_id: int, by: Actor, shown: Shown = PASSPORT, **options: object) -> None:
    staff_actions.confirm_account(user_id, shown, by=by, at=clock.now(), **options)


def test_a_confirmation_says_who_when_and_by_which_document(context: Flask, operator: Actor) -> None:
    user_id = make.make_applicant_user()
    confirm(user_id, operator)
    (found,) = queries.confirmations_of(user_id)
    assert found.by == "Сергеев П. С."
    assert (found.row.document_kind, found.row.document_note) == ("passport", PASSPORT.note)
    assert db.session.get_one(User, user_id).confirmed_at == found.row.confirmed_at
    assert list(broken_links()) == []


def test_a_further_document_is_added_and_the_first_day_stays(context: Flask, operator: Actor) -> None:
    user_id = make.make_applicant_user()
    confirm(user_id, operator)
    first = db.session.get_one(User, user_id).confirmed_at
    confirm(user_id, operator, Shown("authority", "доверенность № 7"))
    assert db.session.get_one(User, user_id).confirmed_at == first
    assert [one.row.document_kind for one in queries.confirmations_of(user_id)] == ["authority", "passport"]


def test_a_button_pressed_twice_confirms_once(context: Flask, operator: Actor) -> None:
    user_id = make.make_applicant_user()
    confirm(user_id, operator, press="key-of-the-button")
    with unchanged(context), pytest.raises(AlreadyDone) as done:
        confirm(user_id, operator, press="key-of-the-button")
    assert done.value.url == f"/people/{user_id}"


def test_nobody_confirms_themselves(context: Flask, operator: Actor) -> None:
    user_id = make.make_applicant_user()
    myself = Actor(user_id, "", frozenset({"applicant", "operator"}))
    with unchanged(context), pytest.raises(Forbidden, match="другой сотрудник"):
        confirm(user_id, myself)


@pytest.mark.parametrize("role", ["administrator", "supplier", "applicant"])
def test_only_the_office_confirms(context: Flask, role: str) -> None:
    user_id = make.make_applicant_user()
    with unchanged(context), pytest.raises(Forbidden):
        confirm(user_id, Actor(user_id + 1, "", frozenset({role})))


@pytest.mark.parametrize("whom", ["nobody", "staff"])
def test_only_applicants_accounts_are_confirmed(context: Flask, operator: Actor, whom: str) -> None:
    user_id = make.make_administrator() if whom == "staff" else 10**17
    with unchanged(context), pytest.raises(NotFound):
        confirm(user_id, operator)


def test_an_unknown_kind_of_document_is_refused(context: Flask, operator: Actor) -> None:
    user_id = make.make_applicant_user()
    with unchanged(context), pytest.raises(InvalidValue):
        confirm(user_id, operator, Shown("library card", "№ 5"))


def squatter_and_owner() -> tuple[int, int]:
    """Somebody registered with another person's СНИЛС; the person registered by e-mail alone."""
    squatter = make.new_account()
    first = actions.register(squatter, make.password_hash(), visit=make.HERE, at=clock.now()).user_id
    owner = make.make_applicant_user(applicant=squatter.applicant, by_email_only=True)
    return first, owner


def test_a_login_held_by_an_unconfirmed_stranger_goes_to_its_owner(context: Flask, operator: Actor) -> None:
    squatter, owner = squatter_and_owner()
    (clash,) = queries.clashes(owner)
    assert clash.can_move
    confirm(owner, operator, moved=[clash.held.id])
    assert [one.kind for one in queries.login_ids_of(owner)] == ["snils", "email"]
    assert [one.kind for one in queries.login_ids_of(squatter)] == ["email"]
    assert list(broken_links()) == []


def test_a_confirmation_alone_moves_no_login(context: Flask, operator: Actor) -> None:
    squatter, owner = squatter_and_owner()
    confirm(owner, operator)
    assert [one.kind for one in queries.login_ids_of(squatter)] == ["email", "snils"]


def test_a_confirmed_account_keeps_its_login(context: Flask, operator: Actor) -> None:
    squatter, owner = squatter_and_owner()
    confirm(squatter, operator)
    (clash,) = queries.clashes(owner)
    assert not clash.can_move
    with unchanged(context), pytest.raises(Conflict):
        confirm(owner, operator, moved=[clash.held.id])


def test_a_login_that_does_not_clash_cannot_be_taken(context: Flask, operator: Actor) -> None:
    user_id, stranger = make.make_applicant_user(), make.make_applicant_user()
    foreign = queries.login_ids_of(stranger)[0].id
    with unchanged(context), pytest.raises(Conflict):
        confirm(user_id, operator, moved=[foreign])


def test_a_representative_claims_no_number_of_the_firm(context: Flask) -> None:
    firm = make.new_applicant("legal_entity")
    make.make_applicant_user("legal_entity", applicant=firm)
    other = make.make_applicant_user("legal_entity", applicant=firm, acting=Acting("representative"))
    assert queries.clashes(other) == []


def test_staff_may_have_several_roles_of_the_company(context: Flask) -> None:
    user_id = make.make_staff("operator", "administrator")
    assert queries.roles_of(user_id) == {"operator", "administrator"}


@pytest.mark.parametrize(
    ("roles", "supplier"),
    [
        ((), False),
        (("applicant",), False),
        (("supplier",), False),
        (("operator",), True),
        (("supplier", "operator"), True),
    ],
)
def test_a_wrong_set_of_roles_is_refused(context: Flask, roles: tuple[str, ...], supplier: bool) -> None:
    supplier_id = make.make_supplier() if supplier else None
    with unchanged(context), pytest.raises(InvalidValue):
        make.make_staff(*roles, supplier_id=supplier_id)


def test_staff_of_an_unknown_supplier_is_refused(context: Flask) -> None:
    with unchanged(context), pytest.raises(NotFound):
        make.make_staff("supplier", supplier_id=999)


def test_a_taken_e_mail_makes_no_second_account_of_staff(context: Flask) -> None:
    login = make.login_of(make.make_operator())
    with unchanged(context), pytest.raises(InvalidValue, match="уже есть"):
        staff_actions.add_staff(
            PersonName("Иванов", "Петр"),
            email=login.upper(),
            password_hash="hash",
            roles=["operator"],
            at=clock.now(),
        )


@pytest.fixture
def korolev(context: Flask) -> int:
    firm = make.new_applicant("legal_entity", title="ООО «Тёплый дом 50%»", ogrn="1168702456933")
    return make.make_applicant_user(
        "legal_entity",
        applicant=firm,
        name=PersonName("Королёв", "Семён", "Ильич"),
        email="Korolev_S@example.org",
        phone="+79504000001",
    )


@pytest.mark.parametrize(
    "question",
    [
        "Королёв",
        "королев",
        "КОРОЛЕВ",
        "семен королев",
        "Корол",
        "тёплый",
        "теплый дом",
        "50%",
        "korolev_s@",
        "Korolev_S@example.org",
        "1168702456933",
        "1168 7024",
        "8 950 400-00-01",
        "+79504000001",
        "4000001",
    ],
)
def test_a_person_is_found_by_name_title_number_phone_and_address(
    context: Flask, korolev: int, question: str
) -> None:
    make.make_applicant_user()
    people, more = find_people(parse_people_query(question))
    assert [person.user.id for person in people] == [korolev]
    assert not more


@pytest.mark.parametrize(
    "question", ["Петров", "%%", "____", "korolevXs@", "9999999999", "' OR 1=1 --", "королев сидор"]
)
def test_what_does_not_fit_finds_nobody(context: Flask, korolev: int, question: str) -> None:
    assert find_people(parse_people_query(question)) == ([], False)


def test_staff_are_not_among_the_applicants(context: Flask) -> None:
    make.make_operator()
    assert find_people(parse_people_query("Сергеев")) == ([], False)


def test_at_most_fifty_are_shown_and_more_is_told(context: Flask) -> None:
    with transaction():
        for number in range(51):
            user = User(
                last_name="Сидоров",
                first_name=f"№{number}",
                password_hash="x",
                password_at=clock.now(),
                created_at=clock.now(),
            )
            db.session.add(user)
            db.session.flush()
            db.session.add(queries.UserRole(user_id=user.id, role="applicant"))
    people, more = find_people(parse_people_query("сидоров"))
    assert (len(people), more) == (50, True)


def test_the_newest_unconfirmed_accounts_wait_on_the_page(context: Flask, operator: Actor) -> None:
    first, second, third = (make.make_applicant_user() for _ in range(3))
    confirm(second, operator)
    assert [person.user.id for person in waiting_people()] == [third, first]
    assert db.session.scalars(select(OfficeConfirmation.user_id)).all() == [second]
