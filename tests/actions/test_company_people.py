"""People of the company and of suppliers as an administrator sets them up."""

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.accounts.hashing import verify
from app.accounts.models import User, UserSession
from app.accounts.queries import roles_of, supplier_of
from app.accounts.registration import PersonName
from app.accounts.sessions import find_session, open_session
from app.accounts.staff_steps import EmailTaken
from app.actor import Actor
from app.administration import people_actions, queries
from app.administration.people_actions import NewPerson
from app.company.models import Supplier
from app.errors import AlreadyDone, Conflict, Forbidden, InvalidForm, NotFound, Overtaken
from app.extensions import db
from app.journal.models import JournalEntry
from app.journal.queries import broken_links
from app.transaction import transaction
from tests import factories as make
from tests.at_once import at_once
from tests.unchanged import unchanged


@pytest.fixture
def administrator(context: Flask) -> Actor:
    return make.actor_of(make.make_administrator())


def person(email: str = "vershinina@example.org", **changes: object) -> NewPerson:
    values = {
        "name": PersonName("Вершинина", "Анна", "Павловна"),
        "email": email,
        "phone": "",
        "password_hash": make.password_hash(),
        "roles": ("operator", "signatory"),
    }
    return NewPerson(**{**values, **changes})


def add(by: Actor, who: NewPerson | None = None, *, press: str = "") -> int:
    url = "/admin/people"
    return people_actions.add_person(who or person(), by=by, at=clock.now(), url=url, press=press)


def change_roles(user_id: int, *roles: str, by: Actor, version: int | None = None, press: str = "") -> None:
    version = db.session.get_one(User, user_id).version if version is None else version
    people_actions.change_roles(user_id, roles, version=version, by=by, at=clock.now(), press=press)


def block(user_id: int, by: Actor) -> None:
    people_actions.block(user_id, by=by, at=clock.now())


def signed_in(user_id: int) -> str:
    with transaction():
        return open_session(db.session.get_one(User, user_id), at=clock.now(), visit=make.HERE)


def last_entry() -> JournalEntry:
    return db.session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc()).limit(1)).one()


def test_somebody_of_the_company_is_added_with_roles_and_the_journal_says_by_whom(
    context: Flask, administrator: Actor
) -> None:
    user_id = add(administrator)
    assert roles_of(user_id) == {"operator", "signatory"}
    assert (last_entry().kind, last_entry().actor_id) == ("staff_added", administrator.user_id)
    assert "password" not in str(last_entry().body)
    assert list(broken_links()) == []


def test_a_clerk_belongs_to_one_supplier_and_has_no_role_of_the_company(
    context: Flask, administrator: Actor
) -> None:
    supplier_id = make.make_supplier()
    user_id = add(administrator, person(supplier_id=supplier_id, roles=()))
    assert (roles_of(user_id), supplier_of(user_id)) == ({"supplier"}, supplier_id)
    assert [one.id for one in queries.supplier_people(supplier_id)] == [user_id]
    assert user_id not in [one.id for one in queries.company_people()]


def test_a_supplier_out_of_use_gets_no_new_clerk(context: Flask, administrator: Actor) -> None:
    supplier_id = make.make_supplier()
    with transaction():
        db.session.get_one(Supplier, supplier_id).active = False
    with unchanged(context), pytest.raises(NotFound):
        add(administrator, person(supplier_id=supplier_id, roles=()))


def test_a_taken_e_mail_is_told(context: Flask, administrator: Actor) -> None:
    add(administrator)
    with unchanged(context), pytest.raises(EmailTaken, match="уже есть"):
        add(administrator, person("VERSHININA@example.org"))


def test_the_same_button_adds_one_account(context: Flask, administrator: Actor) -> None:
    add(administrator, press="button")
    with unchanged(context), pytest.raises(AlreadyDone):
        add(administrator, person("other@example.org"), press="button")


def test_roles_are_given_and_taken_and_a_role_as_applicant_stays(
    context: Flask, administrator: Actor
) -> None:
    user_id = add(administrator)
    with transaction():
        db.session.add(queries.UserRole(user_id=user_id, role="applicant"))
    version = db.session.get_one(User, user_id).version
    change_roles(user_id, "administrator", "operator", by=administrator)
    assert roles_of(user_id) == {"administrator", "operator", "applicant"}
    assert db.session.get_one(User, user_id).version == version + 1
    assert last_entry().body["roles"] == [["operator", "signatory"], ["administrator", "operator"]]


def test_roles_changed_meanwhile_are_not_written_over(context: Flask, administrator: Actor) -> None:
    user_id = add(administrator)
    version = db.session.get_one(User, user_id).version
    change_roles(user_id, "operator", by=administrator)
    with unchanged(context), pytest.raises(Overtaken):
        change_roles(user_id, "signatory", by=administrator, version=version)
    change_roles(user_id, "operator", by=administrator, version=version)  # both wanted the same


@pytest.mark.parametrize("roles", [(), ("applicant",), ("supplier",), ("operator", "root")])
def test_no_role_and_a_role_that_is_none_of_the_company_are_refused(
    context: Flask, administrator: Actor, roles: tuple[str, ...]
) -> None:
    user_id = add(administrator)
    with unchanged(context), pytest.raises(InvalidForm) as refused:
        change_roles(user_id, *roles, by=administrator)
    assert "roles" in refused.value.errors


def test_nobody_changes_their_own_roles_blocks_themselves_or_sets_their_own_password(
    context: Flask, administrator: Actor
) -> None:
    make.make_administrator()
    own = administrator.user_id
    with unchanged(context):
        with pytest.raises(Forbidden, match="другой администратор"):
            change_roles(own, "operator", "administrator", by=administrator)
        with pytest.raises(Forbidden):
            block(own, administrator)
        with pytest.raises(Forbidden):
            people_actions.set_first_password(own, "hash", by=administrator, at=clock.now())


def test_the_last_active_administrator_keeps_the_role_and_is_not_blocked(
    context: Flask, administrator: Actor
) -> None:
    other = make.actor_of(make.make_administrator())
    block(administrator.user_id, other)
    with unchanged(context):
        with pytest.raises(Conflict, match="последний действующий администратор"):
            change_roles(other.user_id, "operator", by=administrator)
        with pytest.raises(Conflict, match="последний действующий администратор"):
            block(other.user_id, administrator)


def test_of_two_administrators_who_block_each_other_at_the_same_moment_one_stays(
    context: Flask, administrator: Actor
) -> None:
    other = make.actor_of(make.make_administrator())
    results = at_once(
        context,
        [lambda: block(other.user_id, administrator), lambda: block(administrator.user_id, other)],
    )
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "NoneType"]
    db.session.rollback()
    states = [db.session.get_one(User, one.user_id).state for one in (administrator, other)]
    assert sorted(states) == ["active", "blocked"]


def test_of_two_administrators_who_take_each_other_s_role_at_the_same_moment_one_keeps_it(
    context: Flask, administrator: Actor
) -> None:
    other = make.actor_of(make.make_administrator())
    results = at_once(
        context,
        [
            lambda: change_roles(other.user_id, "operator", by=administrator),
            lambda: change_roles(administrator.user_id, "operator", by=other),
        ],
    )
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "NoneType"]


def test_blocking_ends_every_open_session_at_once_and_unblocking_revives_none(
    context: Flask, administrator: Actor
) -> None:
    user_id = add(administrator)
    token = signed_in(user_id)
    assert find_session(token, at=clock.now()) is not None
    block(user_id, administrator)
    assert find_session(token, at=clock.now()) is None
    assert last_entry().kind == "account_blocked"
    people_actions.unblock(user_id, by=administrator, at=clock.now())
    assert find_session(token, at=clock.now()) is None
    assert db.session.get_one(User, user_id).state == "active"


def test_rights_that_were_taken_are_gone_with_the_next_request(context: Flask, administrator: Actor) -> None:
    user_id = add(administrator)
    token = signed_in(user_id)
    change_roles(user_id, "administrator", by=administrator)
    found = find_session(token, at=clock.now())
    assert found is not None and found.actor.roles == {"administrator"}


def test_a_new_first_password_ends_what_was_open(context: Flask, administrator: Actor) -> None:
    user_id = add(administrator)
    token = signed_in(user_id)
    hashed = make.password_hash("совсем другой пароль")
    people_actions.set_first_password(user_id, hashed, by=administrator, at=clock.now())
    assert find_session(token, at=clock.now()) is None
    assert verify(db.session.get_one(User, user_id).password_hash, "совсем другой пароль")
    assert (last_entry().kind, last_entry().body) == ("password_set", {"user": user_id})


def test_a_clerk_is_given_no_role_of_the_company(context: Flask, administrator: Actor) -> None:
    clerk = make.make_supplier_user()
    with unchanged(context), pytest.raises(NotFound):
        change_roles(clerk, "operator", by=administrator)


def test_applicants_and_nobody_are_not_among_the_staff(context: Flask, administrator: Actor) -> None:
    own = make.make_applicant_user()
    for user_id in (own, 10**9):
        with unchanged(context), pytest.raises(NotFound):
            block(user_id, administrator)
        with pytest.raises(NotFound):
            queries.person(administrator, user_id)


@pytest.mark.parametrize("role", ["applicant", "operator", "signatory", "supplier"])
def test_only_an_administrator_sets_people_up(context: Flask, administrator: Actor, role: str) -> None:
    user_id = add(administrator)
    other = Actor(administrator.user_id, "", frozenset({role}))
    with unchanged(context):
        with pytest.raises(Forbidden):
            add(other, person("other@example.org"))
        with pytest.raises(Forbidden):
            change_roles(user_id, "administrator", by=other)
        with pytest.raises(Forbidden):
            block(user_id, other)
        with pytest.raises(Forbidden):
            people_actions.unblock(user_id, by=other, at=clock.now())
        with pytest.raises(Forbidden):
            people_actions.set_first_password(user_id, "hash", by=other, at=clock.now())
    assert db.session.query(UserSession).count() == 0
