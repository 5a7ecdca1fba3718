"""Signing by a code from an SMS: one code, one person, one session, these very documents, five tries, ten minutes."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from app import gateways
from app.accounts import contact_actions
from app.accounts.contact_queries import open_code
from app.accounts.models import Consent, User, UserApplicant
from app.accounts.sessions import Visit
from app.accounts.staff_actions import Shown, confirm_account
from app.cases.models import Case
from app.company.models import LegalText
from app.errors import AlreadyDone, Conflict, Forbidden, InvalidForm, InvalidValue, NotFound, TooManyTries
from app.extensions import db
from app.gateways.sms import Report
from app.journal.models import JournalEntry
from app.notifications import sms_actions
from app.notifications.codes import derive
from app.notifications.models import OutboxRow
from app.notifications.sms_actions import deliver_sms
from app.signing import code_actions
from app.signing.code_models import SigningCode
from app.signing.code_queries import Asker, agreement_of
from app.signing.code_rules import CHANGED, DAMAGED, NO_AGREEMENT, NO_NUMBER, code_proof
from app.signing.models import Signature
from app.signing.signature_rules import record_hash
from app.signing.slot_steps import supersede
from app.signing.viewing_actions import note_viewing
from app.transaction import transaction
from tests.application_world import filer
from tests.at_once import at_once
from tests.case_world import operator, sent, supplier_person
from tests.code_world import (
    VISIT,
    Paper,
    ask,
    asker,
    code,
    confirmed,
    digits,
    document_of,
    enter,
    paper,
    signatures,
    sms,
    wrong,
)
from tests.databases import SECRET_KEY
from tests.signing_world import paper_to_sign, slot
from tests.unchanged import unchanged

NOON = datetime(2026, 11, 30, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_the_code_of_the_sms_signs_the_document(context: Flask) -> None:
    one = paper(at=NOON)
    code_id = ask(one, at=NOON)
    assert enter(one, code_id, digits(code_id), at=NOON + MINUTE).signed
    (signature,) = signatures(one.slot_id)
    assert (signature.kind, signature.signer) == ("code", "Иванов Петр Григорьевич")
    assert (slot(one.slot_id).state, slot(one.slot_id).kind) == ("signed", "code")
    assert (code(code_id).state, code(code_id).used_at) == ("used", NOON + MINUTE)


def test_a_code_is_taken_as_people_type_and_paste_it(context: Flask) -> None:
    one = paper(at=NOON)
    code_id = ask(one, at=NOON)
    right = digits(code_id)
    assert enter(one, code_id, f" {right[:3]} {right[3:]} ", at=NOON).signed


def test_the_sms_names_document_and_application_in_one_segment_and_holds_no_code(context: Flask) -> None:
    one = paper(title="Договор об осуществлении технологического присоединения", at=NOON)
    code_id = ask(one, at=NOON)
    row = sms(code_id)
    assert (row.channel, row.kind, row.address) == ("sms", "signing-code", "+79504000001")
    assert digits(code_id) not in row.body
    deliver_sms(row.id, at=NOON, owner="test")
    (kept,) = gateways.current().sms.newest(9)  # type: ignore[attr-defined]
    right = digits(code_id)
    first, last = kept.sms.text.split("\n")
    assert first.startswith(f"Код {right}, подпись: Договор об осу")
    assert first.endswith(f"… № {one.case_id}".replace("… ", "…, "))
    assert last == f"@lk.example.org #{right}"
    assert len(kept.sms.text) <= 70
    assert right not in sms(code_id).body


def test_the_evidence_tells_everything_of_the_act_but_the_code(context: Flask) -> None:
    one = paper(at=NOON)
    first = ask(one, at=NOON)
    code_id = ask(one, at=NOON + 2 * MINUTE)
    deliver_sms(code(code_id).outbox_id or 0, at=NOON + 2 * MINUTE, owner="test")
    right = digits(code_id)
    with pytest.raises(Conflict):
        enter(one, first, digits(first), at=NOON + 3 * MINUTE)
    enter(one, code_id, wrong(code_id), at=NOON + 3 * MINUTE)
    enter(one, code_id, right, at=NOON + 4 * MINUTE)
    (signature,) = signatures(one.slot_id)
    told, version = signature.record, document_of(one.slot_id).version
    groups = {
        "who",
        "what",
        "agreement",
        "key",
        "delivery",
        "when",
        "where",
        "side",
        "kind",
        "signed_at",
        "viewed_at",
        "result",
    }
    assert set(told) == groups
    assert set(told["when"]) == {"requested_at", "expires_at", "confirmed_at", "local", "zone"}
    assert told["who"]["name"] == "Иванов Петр Григорьевич"
    assert told["who"]["snils"] == "91866342037"
    assert told["who"]["capacity"] == "self"
    assert told["who"]["confirmed"]["by"] == "Петрова А. И."
    assert told["who"]["confirmed"]["document"] == "passport"
    assert told["what"]["sha256"] == version.sha256
    assert told["what"]["size"] == version.size
    agreement = agreement_of(one.own.id)
    assert agreement is not None
    assert told["agreement"]["sha256"] == agreement.text.sha256
    assert told["agreement"]["version"] == agreement.text.version
    key = told["key"]
    assert (key["phone"], key["phone_masked"]) == ("+79504000001", "+7 950 •••-••-01")
    assert (key["tries"], key["digits"], key["life_seconds"], key["challenge"]) == (2, 6, 600, code_id)
    assert [file["sha256"] for file in key["documents"]] == [version.sha256]
    proof = code_proof(SECRET_KEY, salt=code(code_id).salt, code=right, digest=code(code_id).digest)
    assert key["code_hmac"] == proof
    assert (told["delivery"]["asked"], told["delivery"]["provider"]) == (2, "kept")
    assert told["delivery"]["sent_at"] == "2026-11-30T09:02:00.000000+00:00"
    assert told["when"]["local"] == "2026-11-30T14:04:00+05:00"
    assert told["where"] == {
        "address": VISIT.address,
        "agent": VISIT.agent,
        "session": one.by.session_id,
        "asked_from": VISIT.address,
    }
    assert right not in repr(told)
    assert signature.record_sha256 == record_hash(told)
    entry = db.session.get_one(JournalEntry, signature.journal_entry_id)
    assert entry.body["record_sha256"] == signature.record_sha256


def test_no_row_of_any_table_holds_the_code(context: Flask) -> None:
    one = paper(at=NOON)
    code_id = ask(one, at=NOON)
    deliver_sms(code(code_id).outbox_id or 0, at=NOON, owner="test")
    right = digits(code_id)
    enter(one, code_id, right, at=NOON + MINUTE)
    told = re.compile(rf"(?<![0-9A-Za-z.]){right}(?![0-9A-Za-z])")
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(table.select()):
            assert not told.search(repr(tuple(row))), table.name


def test_one_code_signs_several_documents_as_one_package(context: Flask) -> None:
    one = paper(at=NOON)
    (other,) = paper_to_sign(one.case_id, one.office, ("applicant",), title="Акт", at=NOON)
    code_id = ask(one, one.slot_id, other, at=NOON)
    assert "2 документа" in sms(code_id).body
    enter(one, code_id, digits(code_id), at=NOON)
    (first,), (second,) = signatures(one.slot_id), signatures(other)
    assert first.package == second.package
    assert first.number != second.number


def test_a_wrong_code_is_counted_for_good_and_the_fifth_ends_it(context: Flask) -> None:
    one = paper(at=NOON)
    code_id = ask(one, at=NOON)
    left = [enter(one, code_id, wrong(code_id), at=NOON).tries_left for _ in range(5)]
    assert left == [4, 3, 2, 1, 0]
    db.session.rollback()
    assert (code(code_id).tries, code(code_id).state) == (5, "spent")
    with pytest.raises(Conflict, match="5 раз"):
        enter(one, code_id, digits(code_id), at=NOON)
    assert not signatures(one.slot_id)


def test_the_fifth_try_may_be_the_right_one(context: Flask) -> None:
    one = paper(at=NOON)
    code_id = ask(one, at=NOON)
    for _ in range(4):
        enter(one, code_id, wrong(code_id), at=NOON)
    assert enter(one, code_id, digits(code_id), at=NOON).signed


def test_what_is_no_code_is_no_guess(context: Flask) -> None:
    one = paper(at=NOON)
    code_id = ask(one, at=NOON)
    for typed in ("", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "\x00" * 6, "1" * 5000):
        with pytest.raises(InvalidValue):
            enter(one, code_id, typed, at=NOON)
    assert code(code_id).tries == 0


def test_twenty_guesses_at_once_are_five(app: Flask) -> None:
    with app.app_context():
        one = paper(at=NOON)
        code_id = ask(one, at=NOON)
        guess = wrong(code_id)
    results = at_once(app, [lambda: enter(one, code_id, guess, at=NOON)] * 20)
    with app.app_context():
        checked = [found for found in results if not isinstance(found, Exception)]
        assert len(checked) == 5
        assert all(isinstance(found, Conflict) for found in results if isinstance(found, Exception))
        assert code(code_id).tries == 5
        assert code(code_id).state == "spent"


def test_twenty_presses_at_once_sign_once(app: Flask) -> None:
    with app.app_context():
        one = paper(at=NOON)
        code_id = ask(one, at=NOON)
        right = digits(code_id)
    results = at_once(app, [lambda: enter(one, code_id, right, at=NOON)] * 20)
    with app.app_context():
        assert len(signatures(one.slot_id)) == 1
        assert len([found for found in results if not isinstance(found, Exception)]) == 1
        others = [found for found in results if isinstance(found, Exception)]
        assert {type(found) for found in others} <= {AlreadyDone, Conflict}
        assert code(code_id).state == "used"
        assert code(code_id).tries <= 5


def test_a_second_press_leads_to_the_result_of_the_first(context: Flask) -> None:
    one = paper(at=NOON)
    code_id = ask(one, at=NOON)
    enter(one, code_id, digits(code_id), at=NOON)
    with pytest.raises(AlreadyDone) as again:
        enter(one, code_id, digits(code_id), at=NOON)
    assert again.value.url == f"/code/{code_id}"
    assert len(signatures(one.slot_id)) == 1


def test_a_button_pressed_twice_sends_one_code(app: Flask) -> None:
    with app.app_context():
        one = paper(at=NOON)
    results = at_once(app, [lambda: ask(one, at=NOON, key="one-button")] * 4)
    with app.app_context():
        assert db.session.query(SigningCode).count() == 1
        assert [type(found) for found in results].count(AlreadyDone) == 3


def test_a_code_holds_ten_minutes(context: Flask) -> None:
    one = paper(at=NOON)
    code_id = ask(one, at=NOON)
    with pytest.raises(Conflict, match="10 минут"):
        enter(one, code_id, digits(code_id), at=NOON + 10 * MINUTE)
    assert sms(code_id).expires_at == NOON + 10 * MINUTE
    assert deliver_sms(sms(code_id).id, at=NOON + 11 * MINUTE, owner="test") == "skipped"
    assert sms(code_id).state == "expired"
    assert not signatures(one.slot_id)


def test_another_code_comes_after_a_minute_and_puts_the_old_one_out(context: Flask) -> None:
    one = paper(at=NOON)
    first = ask(one, at=NOON)
    with pytest.raises(TooManyTries) as early:
        ask(one, at=NOON + timedelta(seconds=12))
    assert early.value.retry_after == 48
    assert code(first).state == "open"
    second = ask(one, at=NOON + MINUTE)
    assert digits(first) != digits(second)
    with pytest.raises(Conflict, match="больше не действует"):
        enter(one, first, digits(first), at=NOON + MINUTE)
    assert not enter(one, second, wrong(second), at=NOON + MINUTE).signed
    assert enter(one, second, digits(second), at=NOON + MINUTE).signed


def test_the_sms_of_a_code_that_was_put_out_is_not_sent_any_more(context: Flask) -> None:
    one = paper(at=NOON)
    first, second = ask(one, at=NOON), ask(one, at=NOON + MINUTE)
    results = [deliver_sms(sms(code_id).id, at=NOON + MINUTE, owner="test") for code_id in (first, second)]
    assert results == ["skipped", "sent"]
    assert sms(first).state == "expired"


def test_one_document_gets_five_codes_in_an_hour_whoever_of_the_applicants_side_asks(context: Flask) -> None:
    one = paper(at=NOON)
    wife = helper(one, "+79504000002")
    for step in range(5):
        ask(one, at=NOON + step * 2 * MINUTE, by=(one.by, wife)[step % 2])
    with pytest.raises(TooManyTries, match="Для этого документа за час запросили 5 кодов") as often:
        ask(one, at=NOON + 10 * MINUTE)
    assert often.value.retry_after == 50 * 60
    assert ask(one, at=NOON + 61 * MINUTE)


def helper(one: Paper, phone: str) -> Asker:
    """Somebody else who acts for the same applicant."""
    other = confirmed(filer("Иванова", snils="15253423343", email="w@example.org"), one.office)
    with transaction():
        db.session.get_one(User, other.id).phone = phone
        db.session.add(
            UserApplicant(user_id=other.id, applicant_id=one.own.applicant_id, capacity="representative")
        )
    acting = replace(other.actor, applicant_ids=frozenset({one.own.applicant_id or 0}))
    return asker(replace(other, actor=acting))


def test_a_representative_signs_by_a_code_of_their_own_and_the_evidence_says_so(context: Flask) -> None:
    one = paper(at=NOON)
    wife = helper(one, "+79504000002")
    code_id = ask(one, at=NOON)
    with pytest.raises(NotFound):
        enter(one, code_id, digits(code_id), at=NOON, by=wife)
    theirs = ask(one, at=NOON, by=wife)
    assert sms(theirs).address == "+79504000002"
    enter(one, theirs, digits(theirs), at=NOON, by=wife)
    (signature,) = signatures(one.slot_id)
    assert signature.signer == "Иванова Петр Григорьевич"
    assert signature.record["who"]["capacity"] == "representative"
    with pytest.raises(Conflict):
        enter(one, code_id, digits(code_id), at=NOON)


def test_one_number_gets_five_codes_in_a_day_whatever_they_sign(context: Flask) -> None:
    one = paper(at=NOON)
    others = [
        paper_to_sign(one.case_id, one.office, ("applicant",), title=f"Акт {number}", at=NOON)[0]
        for number in range(5)
    ]
    for step, slot_id in enumerate(others):
        ask(one, slot_id, at=NOON + step * 2 * MINUTE)
    with pytest.raises(TooManyTries, match="за сутки"):
        ask(one, at=NOON + 60 * MINUTE)
    assert ask(one, at=NOON + timedelta(days=1, minutes=1))


def test_one_address_asks_for_ten_codes_in_an_hour(context: Flask) -> None:
    office = operator()
    for number in range(11):
        own = filer(f"Иванов{number}", snils=f"{91866342037 + number}", email=f"i{number}@example.org")
        with transaction():
            db.session.get_one(User, own.id).phone = f"+7950400{number:04}"
        one = paper(own=confirmed(own, office), office=office, at=NOON)
        if number < 10:
            ask(one, at=NOON)
            continue
        with pytest.raises(TooManyTries, match="С вашего адреса"):
            ask(one, at=NOON)
        assert ask(one, at=NOON, by=replace(one.by, visit=Visit("198.51.100.1", "Firefox")))


def test_one_account_has_ten_guesses_in_an_hour_over_all_codes(context: Flask) -> None:
    one = paper(at=NOON)
    for step in range(2):
        code_id = ask(one, at=NOON + step * 2 * MINUTE)
        for _ in range(5):
            enter(one, code_id, wrong(code_id), at=NOON + step * 2 * MINUTE)
    third = ask(one, at=NOON + 6 * MINUTE)
    with pytest.raises(TooManyTries, match="За час вы ввели 10 кодов") as often:
        enter(one, third, digits(third), at=NOON + 7 * MINUTE)
    assert often.value.retry_after == 53 * 60
    assert code(third).tries == 0
    fourth = ask(one, at=NOON + 59 * MINUTE)
    assert enter(one, fourth, digits(fourth), at=NOON + 61 * MINUTE).signed


def test_a_code_for_one_document_signs_no_other(context: Flask) -> None:
    one = paper(at=NOON)
    (other,) = paper_to_sign(one.case_id, one.office, ("applicant",), title="Акт", at=NOON)
    code_id = ask(one, at=NOON)
    enter(one, code_id, digits(code_id), at=NOON)
    assert not signatures(other)
    second = ask(one, other, at=NOON + MINUTE)
    assert not enter(one, second, digits(code_id), at=NOON + MINUTE).signed


def test_a_code_is_worth_nothing_to_another_person(context: Flask) -> None:
    one = paper(at=NOON)
    code_id = ask(one, at=NOON)
    office = one.office
    stranger = confirmed(filer("Сидоров", snils="15253423343", email="s@example.org"), office)
    sbyt = supplier_person()
    for somebody in (stranger, office, sbyt):
        with unchanged(context, but=("sessions",)), pytest.raises(NotFound):
            enter(one, code_id, digits(code_id), at=NOON, by=asker(somebody))
        with pytest.raises((NotFound, Conflict)):
            ask(one, at=NOON, by=asker(somebody))
    assert code(code_id).state == "open"


def test_a_code_is_worth_nothing_in_another_case(context: Flask) -> None:
    one = paper(at=NOON)
    code_id = ask(one, at=NOON)
    with pytest.raises(NotFound):
        enter(replace(one, case_id=sent(one.own)), code_id, digits(code_id), at=NOON)


def test_a_code_is_worth_nothing_in_another_session_of_the_same_person(context: Flask) -> None:
    one = paper(at=NOON)
    code_id = ask(one, at=NOON)
    elsewhere = asker(one.own)
    with pytest.raises(Conflict, match="другом окне входа"):
        enter(one, code_id, digits(code_id), at=NOON, by=elsewhere)
    assert code(code_id).tries == 0
    assert enter(one, code_id, digits(code_id), at=NOON).signed


def test_a_file_that_was_replaced_on_the_disk_is_not_signed(context: Flask) -> None:
    one = paper(at=NOON)
    code_id = ask(one, at=NOON)
    path = gateways.current().files.path(document_of(one.slot_id).version.storage_key)
    path.write_bytes(path.read_bytes().replace(b"obj", b"OBJ"))
    with pytest.raises(Conflict) as refused:
        enter(one, code_id, digits(code_id), at=NOON)
    assert refused.value.message == DAMAGED
    assert code(code_id).state == "replaced"
    assert db.session.query(JournalEntry).filter_by(kind="signing_refused").count() == 1
    assert not signatures(one.slot_id)


def test_a_file_that_is_gone_is_not_signed(context: Flask) -> None:
    one = paper(at=NOON)
    code_id = ask(one, at=NOON)
    gateways.current().files.delete(document_of(one.slot_id).version.storage_key)
    with pytest.raises(Conflict):
        enter(one, code_id, digits(code_id), at=NOON)


def test_an_edition_that_has_taken_the_place_of_the_document_needs_a_code_of_its_own(context: Flask) -> None:
    one = paper(at=NOON)
    code_id = ask(one, at=NOON)
    with transaction():
        supersede(document_of(one.slot_id))
    (new,) = paper_to_sign(one.case_id, one.office, ("applicant",), title="Договор 2", at=NOON)
    with pytest.raises(Conflict, match="новая редакция"):
        enter(one, code_id, digits(code_id), at=NOON)
    assert code(code_id).state == "replaced"
    assert not signatures(new)


def test_a_title_that_was_changed_refuses_the_code(context: Flask) -> None:
    one = paper(at=NOON)
    code_id = ask(one, at=NOON)
    with transaction():
        document_of(one.slot_id).title = "Договор на другую сумму"
    with pytest.raises(Conflict) as refused:
        enter(one, code_id, digits(code_id), at=NOON)
    assert refused.value.message == CHANGED


def test_without_the_agreement_no_code_is_sent(context: Flask) -> None:
    one = paper(at=NOON)
    with transaction():
        db.session.execute(update(Consent).values(withdrawn_at=NOON))
    with unchanged(context), pytest.raises(Conflict) as refused:
        ask(one, at=NOON)
    assert refused.value.message == NO_AGREEMENT


def new_edition() -> LegalText:
    with transaction():
        old = db.session.query(LegalText).filter_by(code="agreement").one()
        text = LegalText(
            code="agreement",
            version=old.version + 1,
            title=old.title,
            body="Новая редакция",
            sha256="f" * 64,
            published_at=NOON,
        )
        db.session.add(text)
        db.session.flush()
        return text


def test_a_new_edition_of_the_agreement_refuses_the_code_and_is_accepted_on_the_spot(context: Flask) -> None:
    one = paper(at=NOON)
    code_id = ask(one, at=NOON)
    new_edition()
    with pytest.raises(Conflict) as refused:
        enter(one, code_id, digits(code_id), at=NOON)
    assert refused.value.message == NO_AGREEMENT
    with pytest.raises(InvalidForm):
        code_actions.accept_agreement(one.case_id, "1", by=one.by, at=NOON, url="/code")
    code_actions.accept_agreement(one.case_id, "2", by=one.by, at=NOON, url="/code")
    code_actions.accept_agreement(one.case_id, "2", by=one.by, at=NOON, url="/code")
    assert db.session.query(Consent).filter_by(user_id=one.own.id, text_sha256="f" * 64).count() == 1
    second = ask(one, at=NOON + MINUTE)
    assert enter(one, second, digits(second), at=NOON + MINUTE).signed


def test_who_was_not_confirmed_in_the_office_learns_what_to_bring(context: Flask) -> None:
    office = operator()
    one = paper(own=filer(), office=office, at=NOON)
    with pytest.raises(Forbidden, match="с паспортом"):
        ask(one, at=NOON)
    believed = replace(one.by, actor=replace(one.by.actor, confirmed=True))
    with unchanged(context), pytest.raises(Forbidden, match="с паспортом"):
        ask(one, at=NOON, by=believed)


def test_a_number_that_changed_meanwhile_needs_a_new_code(context: Flask) -> None:
    one = paper(at=NOON)
    code_id = ask(one, at=NOON)
    with transaction():
        db.session.get_one(User, one.own.id).phone = "+79504000002"
    with pytest.raises(Conflict, match="Номер телефона"):
        enter(one, code_id, digits(code_id), at=NOON)
    with transaction():
        db.session.get_one(User, one.own.id).phone = ""
    with pytest.raises(Conflict) as refused:
        ask(one, at=NOON + MINUTE)
    assert refused.value.message == NO_NUMBER


def change_number(one: Paper, phone: str, at: datetime) -> None:
    """As the person themselves does it on the site."""
    contact_actions.ask_phone(phone, by=one.own.actor, session_id=one.by.session_id, visit=VISIT, at=at)
    sent = open_code(one.own.id, at=at)
    assert sent is not None
    contact_actions.enter_code(derive(SECRET_KEY, sent.salt), by=one.own.actor, at=at)


def test_a_number_that_its_owner_has_changed_signs_after_a_day(context: Flask) -> None:
    one = paper(at=NOON)
    change_number(one, "+79504000002", NOON)
    with pytest.raises(Conflict, match="недавно сменили номер"):
        ask(one, at=NOON + 23 * 60 * MINUTE)
    assert ask(one, at=NOON + 24 * 60 * MINUTE)


def test_a_code_asked_before_the_change_signs_nothing_after_it(context: Flask) -> None:
    one = paper(at=NOON)
    code_id = ask(one, at=NOON)
    change_number(one, "+79504000002", NOON + 2 * MINUTE)
    with pytest.raises(Conflict, match="недавно сменили номер"):
        enter(one, code_id, digits(code_id), at=NOON + 3 * MINUTE)


def test_a_number_that_the_office_has_put_in_signs_at_once(context: Flask) -> None:
    one = paper(at=NOON)
    change_number(one, "+79504000002", NOON)
    shown = Shown("passport", "57 10 123456")
    confirm_account(one.own.id, shown, phone="+79504000003", by=one.office.actor, at=NOON + MINUTE)
    assert ask(one, at=NOON + 2 * MINUTE)


def test_nobody_signs_before_their_turn_or_for_another_side(context: Flask) -> None:
    one = paper(at=NOON)
    first, second = paper_to_sign(one.case_id, one.office, ("company", "applicant"), title="Акт", at=NOON)
    with pytest.raises(Conflict, match="Сначала"):
        ask(one, second, at=NOON)
    with pytest.raises(NotFound):
        ask(one, first, at=NOON)
    for nothing in (0, 999_999):
        with pytest.raises(NotFound):
            ask(one, nothing, at=NOON)


def test_the_office_and_the_applicant_are_told(context: Flask) -> None:
    one = paper(at=NOON)
    code_id = ask(one, at=NOON)
    enter(one, code_id, digits(code_id), at=NOON)
    told = db.session.query(OutboxRow).filter_by(kind="signed-electronically").all()
    assert {row.address for row in told} == {"ivanov@example.org", "office@example.org"}
    (signature,) = db.session.query(Signature).all()
    assert all(signature.number in row.body for row in told)


def opened(one: Paper, at: datetime, times: int = 1) -> None:
    """The person opens the document on the site."""
    case, document = db.session.get_one(Case, one.case_id), document_of(one.slot_id)
    for _ in range(times):
        note_viewing(None, case=case, document=document, by=one.own.actor, at=at)


def test_the_evidence_tells_when_the_document_was_first_opened_and_that_the_number_was_confirmed(
    context: Flask,
) -> None:
    one = paper(at=NOON)
    opened(one, NOON - MINUTE)
    opened(one, NOON, times=3)
    code_id = ask(one, at=NOON)
    enter(one, code_id, digits(code_id), at=NOON)
    record = db.session.query(Signature).one().record
    assert record["viewed_at"] == (NOON - MINUTE).isoformat(timespec="microseconds")
    assert record["key"]["phone_confirmed_at"]
    assert db.session.query(JournalEntry).filter_by(kind="document_viewed").count() == 1


def test_the_evidence_says_so_when_nobody_opened_the_document(context: Flask) -> None:
    one = paper(at=NOON)
    code_id = ask(one, at=NOON)
    enter(one, code_id, digits(code_id), at=NOON)
    assert db.session.query(Signature).one().record["viewed_at"] == ""


def test_a_look_of_somebody_else_or_after_the_signature_is_no_viewing(context: Flask) -> None:
    one = paper(at=NOON)
    case, document = db.session.get_one(Case, one.case_id), document_of(one.slot_id)
    note_viewing(None, case=case, document=document, by=one.office.actor, at=NOON)
    code_id = ask(one, at=NOON)
    enter(one, code_id, digits(code_id), at=NOON)
    opened(one, NOON + MINUTE)
    assert db.session.query(JournalEntry).filter_by(kind="document_viewed").count() == 0


def test_what_became_of_the_sms_stands_in_the_journal_of_the_case_whenever_it_is_told(context: Flask) -> None:
    one = paper(at=NOON)
    code_id = ask(one, at=NOON)
    enter(one, code_id, digits(code_id), at=NOON)
    sms_id = code(code_id).outbox_id
    with transaction():
        db.session.execute(
            update(OutboxRow)
            .where(OutboxRow.id == sms_id)
            .values(state="sent", provider="smsc", provider_id="1001", sent_at=NOON)
        )
    for word in ("sent", "delivered", "delivered", "failed"):
        sms_actions.take_reports("smsc", [Report("1001", word)], at=NOON + MINUTE)
    (entry,) = db.session.query(JournalEntry).filter_by(kind="sms_reported", case_id=one.case_id)
    assert entry.body == {
        "sms": sms_id,
        "kind": "signing-code",
        "provider": "smsc",
        "provider_id": "1001",
        "delivery": "delivered",
    }
