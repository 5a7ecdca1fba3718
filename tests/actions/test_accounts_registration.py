"""Registration: what it writes, what it refuses, and that it happens once."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import clock
from app.accounts import actions
from app.accounts.models import Applicant, Attempt, Consent, LoginId, User, UserApplicant, UserSession
from app.accounts.queries import acted_for, login_ids_of, roles_of
from app.accounts.registration import Acting, AlreadyRegistered, Authority, NewAccount, PersonName
from app.accounts.sessions import Visit, find_session
from app.actor import APPLICANT
from app.company import queries as company
from app.company.models import LegalText
from app.errors import Forbidden, InvalidForm, TooManyTries
from app.extensions import db
from app.journal.models import JournalEntry
from app.journal.queries import broken_links
from app.transaction import transaction
from tests import factories as make
from tests.unchanged import unchanged

VISIT = Visit("198.51.100.20", "Firefox")


def register(new: NewAccount, **options: object) -> actions.Registered:
    return actions.register(new, make.password_hash(), visit=VISIT, at=clock.now(), **options)


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.parametrize(
    ("form", "kinds", "capacity"),
    [
        ("individual", ["email", "snils"], "self"),
        ("sole_trader", ["email", "ogrnip"], "head"),
        ("legal_entity", ["email", "ogrn"], "head"),
    ],
)
def test_each_legal_form_gets_an_account_with_its_applicant(
    context: Flask, form: str, kinds: list[str], capacity: str
) -> None:
    new = make.new_account(form)
    done = register(new)
    user = db.session.get_one(User, done.user_id)
    (link,) = acted_for(user.id)
    assert [one.kind for one in login_ids_of(user.id)] == kinds
    assert roles_of(user.id) == {APPLICANT}
    assert (link.capacity, link.applicant.legal_form) == (capacity, form)
    assert user.default_applicant_id == link.applicant_id
    assert (user.phone, user.notify_email, user.confirmed_at) == (new.phone, new.email, None)


def test_the_account_begins_signed_in(context: Flask) -> None:
    done = register(make.new_account())
    found = find_session(done.token, at=clock.now())
    assert found is not None
    assert found.actor.user_id == done.user_id
    assert len(found.actor.applicant_ids) == 1


def test_both_texts_are_accepted_with_version_hash_and_place(context: Flask) -> None:
    done = register(make.new_account())
    rows = db.session.execute(
        select(Consent, LegalText).join(LegalText).where(Consent.user_id == done.user_id)
    ).all()
    assert sorted(text.code for _, text in rows) == ["agreement", "consent"]
    for consent, text in rows:
        assert consent.text_sha256 == hashlib.sha256(text.body.encode()).hexdigest()
        assert (consent.address, consent.agent) == (VISIT.address, VISIT.agent)
        assert consent.withdrawn_at is None


def test_the_journal_tells_of_the_account_the_texts_and_the_applicant(context: Flask) -> None:
    done = register(make.new_account())
    kinds = db.session.scalars(select(JournalEntry.kind).where(JournalEntry.actor_id == done.user_id)).all()
    texts = ["text_accepted", "text_accepted"]
    assert sorted(kinds) == ["account_registered", "applicant_added", "email_link_sent", *texts]
    assert list(broken_links()) == []


def test_a_representative_brings_the_power_of_attorney_and_signs_in_by_e_mail(context: Flask) -> None:
    until = company.today() + timedelta(days=30)
    acting = Acting("representative", Authority("7", date(2026, 7, 1), until))
    new = make.new_account("legal_entity", acting=acting, name=PersonName("Сергеев", "Петр"))
    done = register(new)
    (link,) = acted_for(done.user_id)
    assert [one.kind for one in login_ids_of(done.user_id)] == ["email"]
    assert (link.capacity, link.valid_until) == ("representative", until)
    assert db.session.get_one(User, done.user_id).name == "Сергеев Петр"


def test_the_same_firm_named_by_another_person_is_not_joined_but_a_new_applicant(context: Flask) -> None:
    firm = make.new_applicant("legal_entity")
    head = register(make.new_account("legal_entity", applicant=firm))
    acting = Acting("representative", Authority("7", date(2026, 7, 1)))
    other = register(make.new_account("legal_entity", applicant=firm, acting=acting))
    assert acted_for(head.user_id)[0].applicant_id != acted_for(other.user_id)[0].applicant_id


@pytest.mark.parametrize("kind", ["email", "snils"])
def test_a_taken_identifier_is_told_at_its_field_and_nothing_is_made(context: Flask, kind: str) -> None:
    first = make.new_account()
    register(first)
    same = {"email": first.email.upper()} if kind == "email" else {"applicant": first.applicant}
    with unchanged(context, but=["attempts"]), pytest.raises(AlreadyRegistered) as refused:
        register(make.new_account(**same))
    assert list(refused.value.errors) == [kind]
    assert refused.value.message == "Такая учетная запись уже есть."


def test_whose_number_is_taken_can_register_by_e_mail_alone(context: Flask) -> None:
    first = make.new_account()
    register(first)
    second = register(make.new_account(applicant=first.applicant, by_email_only=True))
    assert [one.kind for one in login_ids_of(second.user_id)] == ["email"]
    assert count(Applicant) == 2


def test_asking_for_accounts_again_and_again_has_to_wait(context: Flask) -> None:
    first = make.new_account()
    register(first)
    for _ in range(5):
        with pytest.raises(AlreadyRegistered):
            register(first)
    with unchanged(context), pytest.raises(TooManyTries) as refused:
        register(make.new_account())
    assert 0 < refused.value.retry_after <= 60
    elsewhere = Visit("198.51.100.21", "")
    actions.register(make.new_account(), make.password_hash(), visit=elsewhere, at=clock.now())


def test_a_text_that_was_replaced_meanwhile_has_to_be_read_again(context: Flask) -> None:
    new = make.new_account()
    with transaction():
        db.session.add(
            LegalText(
                code="consent",
                version=2,
                title="Согласие",
                body="новое",
                sha256="0" * 64,
                published_at=clock.now(),
            )
        )
    with unchanged(context), pytest.raises(InvalidForm) as refused:
        register(new)
    assert list(refused.value.errors) == ["consent"]


def test_twenty_equal_registrations_at_once_make_one_account(context: Flask) -> None:
    new = make.new_account()
    make.password_hash()

    def attempt(number: int) -> bool:
        with context.app_context():
            try:
                visit = Visit(f"198.51.100.{number}", "")
                actions.register(new, make.password_hash(), visit=visit, at=clock.now())
            except AlreadyRegistered:
                return False
            return True

    with ThreadPoolExecutor(20) as pool:
        made = list(pool.map(attempt, range(20)))
    db.session.rollback()  # what was read before the others wrote is old
    assert sum(made) == 1
    assert [count(model) for model in (User, Applicant, UserApplicant, UserSession)] == [1, 1, 1, 1]
    assert (count(LoginId), count(Consent), count(Attempt)) == (2, 2, 19)
    assert list(broken_links()) == []


def test_one_more_applicant_joins_the_account(context: Flask) -> None:
    user_id = make.make_applicant_user()
    firm = make.new_applicant("legal_entity", title="ООО «Свет»")
    actor = make.actor_of(user_id)
    actions.add_applicant(firm, Acting("head"), by=actor, at=clock.now(), url="/profile")
    assert [link.applicant.name for link in acted_for(user_id)] == ["Иванов Петр Григорьевич", "ООО «Свет»"]
    assert [one.kind for one in login_ids_of(user_id)] == ["email", "snils"], "no new way to sign in"


def test_who_files_no_applications_adds_no_applicants(context: Flask) -> None:
    operator = make.actor_of(make.make_operator())
    with unchanged(context), pytest.raises(Forbidden):
        actions.add_applicant(
            make.new_applicant("legal_entity"), Acting("head"), by=operator, at=clock.now(), url="/profile"
        )
