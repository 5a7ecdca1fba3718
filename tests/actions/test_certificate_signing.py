"""Signing by certificate: real signatures of real certificates, whose they are, what waits, what is refused, what is kept."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app import clock, gateways
from app.accounts.models import User
from app.cases.models import Case
from app.cases.timeline import past
from app.company import queries as company
from app.contracts.act_queries import why_not_now
from app.contracts.acts import act_named
from app.errors import AlreadyDone, Conflict, Forbidden, NotFound, TooManyTries
from app.extensions import db
from app.gateways.openssl import BUSY, EngineAway
from app.gateways.revocation import Authorities
from app.notifications.models import OutboxRow
from app.portal.queries import waiting_for
from app.signing import chain_work
from app.signing.certificate_actions import decide_waiting
from app.signing.certificate_models import CertificateAttempt
from app.signing.certificate_queries import attempt_words
from app.signing.next import next_words
from app.signing.record_queries import broken_signatures
from app.signing.sign_queries import awaited_of
from app.signing.signature_rules import record_hash
from app.signing.trust_models import TrustedCertificate
from app.signing.turn_queries import signature_sent
from app.transaction import transaction
from tests.application_world import filer
from tests.at_once import at_once
from tests.case_world import Person, applicant, named, operator, sent, supplier_person
from tests.certificate_world import (
    Holder,
    authority,
    bytes_of,
    company_has,
    fetched,
    firm,
    holder,
    may_sign_for_company,
    seen_in_office,
    send,
    signatures,
    soon,
    trusted,
    with_numbers,
)
from tests.code_world import asker, confirmed
from tests.contract_world import office, reach
from tests.powers import OGRN
from tests.signing_roads import by_code
from tests.signing_world import document_of, mark, paper_to_sign, slot

COMPANY_OGRN = "1025900000015"
KEY = "k" * 22


def head(ogrn: str = OGRN) -> Holder:
    return holder("Сергеев Павел Сергеевич", ("O", "ООО «Ромашка»"), ("OGRN", ogrn), ("SNILS", "10289803962"))


def of_person(snils: str = "91866342037") -> Holder:
    return holder("Иванов Петр Григорьевич", ("SNILS", snils), ("INN", "590000000002"))


class World:
    """A firm's application with two papers that wait for the firm's signature, the authority's list at hand."""

    def __init__(self, *, lists: bool = True) -> None:
        self.office = operator()
        own = applicant()
        self.case_id = sent(own)
        self.own = firm(own, ogrn=OGRN)
        self.slots = [
            paper_to_sign(self.case_id, self.office, ("applicant",), title=title)[0]
            for title in ("Договор", "Условия")
        ]
        trusted(authority(), lists=lists)

    def signed(self, place: int = 0, by: Holder | None = None) -> dict[int, bytes]:
        found = self.slots[place]
        return {found: (by or head()).sign(bytes_of(found))}


def words(case_id: int) -> str:
    return " ".join(line.sentence for line in past(db.session.get_one(Case, case_id), for_staff=False))


def letters(kind: str) -> list[OutboxRow]:
    return list(db.session.query(OutboxRow).filter_by(kind=kind).order_by(OutboxRow.id))


def attempts() -> list[tuple[str, str]]:
    return [(one.state, one.reason) for one in db.session.query(CertificateAttempt).order_by("id")]


def test_a_firm_signs_several_documents_in_one_go(context: Flask) -> None:
    site = World()
    both = site.signed(0) | site.signed(1)
    outcomes = send(site.case_id, both, site.own)
    assert [(one.state, one.code) for one in outcomes] == [("accepted", "ok")] * 2
    assert [slot(one).kind for one in site.slots] == ["certificate"] * 2
    one, other = signatures()
    assert one.package == other.package and one.number != other.number
    assert (
        one.signer == "Сергеев Павел Сергеевич"
        and one.sha256 == hashlib.sha256(bytes_of(site.slots[0])).hexdigest()
    )
    letter, _office = letters("signed-electronically")
    assert {letter.user_id, _office.user_id} == {site.own.id, site.office.id}
    assert one.number in letter.body and "Договор" in letter.body and "Условия" in letter.body
    assert "Подпись Заявителя сертификатом: Договор, Сергеев Павел Сергеевич" in words(site.case_id)


def test_the_record_keeps_what_the_check_has_seen(context: Flask) -> None:
    site = World()
    send(site.case_id, site.signed(), site.own)
    (one,) = signatures()
    record = one.record
    assert record_hash(record) == one.record_sha256
    groups = {
        "who",
        "what",
        "when",
        "where",
        "certificate",
        "check",
        "side",
        "kind",
        "signed_at",
        "viewed_at",
        "result",
    }
    assert set(record) == groups
    assert set(record["when"]) == {"confirmed_at", "local", "zone"} and record["check"]["code"] == "ok"
    assert record["certificate"]["ogrn"] == OGRN and record["certificate"]["issuer"] == "УЦ Проверочный"
    check = record["check"]
    assert len(check["chain"]) == 2 and len(check["lists_used"]) == 1 and "gost" in check["engine"]
    assert check["cms_sha256"] == hashlib.sha256(one.cms or b"").hexdigest() and check["matched_by"] == "ogrn"
    assert record["who"]["user_id"] == site.own.id and record["who"]["capacity"] == "self"
    assert record["where"]["address"] == "203.0.113.7" and record["where"]["session"]
    trust = [one.source for one in db.session.query(TrustedCertificate)]
    assert trust == ["signature"]  # the root of the tests, put in by nobody of the office


def test_the_same_signature_again_signs_once(context: Flask) -> None:
    site = World()
    given = site.signed()
    first, second = send(site.case_id, given, site.own), send(site.case_id, given, site.own)
    assert first == second and len(signatures()) == 1 and len(letters("signed-electronically")) == 2


def test_a_double_press_is_one_act(context: Flask) -> None:
    site = World()
    given = site.signed()
    send(site.case_id, given, site.own, key=KEY)
    with pytest.raises(AlreadyDone):
        send(site.case_id, given, site.own, key=KEY)
    assert len(signatures()) == 1


def test_two_windows_at_once_sign_once(app: Flask) -> None:
    with app.app_context():
        site = World()
        given, who = site.signed(), asker(site.own)
    got = at_once(app, [lambda: send(site.case_id, given, site.own, who=who)] * 3)
    assert [one.state for (one,) in got] == ["accepted"] * 3
    with app.app_context():
        assert len(signatures()) == 1 and attempts() == [("accepted", "")]


@pytest.mark.parametrize(
    ("case", "code", "said"),
    [
        ("other document", "wrong_document", "другого файла"),
        ("other firm", "other_owner", "не тому"),
        ("stranger's authority", "unknown_ca", "нам неизвестен"),
        ("no signature", "malformed", "Это не файл подписи"),
        ("too large", "too_large", "больше 1 МБ"),
        ("a person with no numbers", "other_owner", "не тому"),
    ],
)
def test_what_is_refused_says_what_to_do_and_changes_nothing(
    context: Flask, case: str, code: str, said: str
) -> None:
    site = World()
    content = bytes_of(site.slots[0])
    given = {
        "other document": lambda: head().sign(content + b"!"),
        "other firm": lambda: head("1025900000009").sign(content),
        "stranger's authority": lambda: authority("УЦ Чужой").issue("Сергеев", OGRN=OGRN).sign(content),
        "no signature": lambda: content,
        "too large": lambda: b"0" * (1024 * 1024 + 1),
        "a person with no numbers": lambda: holder("Никто Никто").sign(content),
    }[case]()
    (outcome,) = send(site.case_id, {site.slots[0]: given}, site.own)
    assert (outcome.state, outcome.code) == ("refused", code) and said in outcome.sentence
    assert slot(site.slots[0]).state == "pending" and not signatures()
    assert attempts() == [("refused", code)] and "не принята" not in words(site.case_id)
    # one that is right is taken afterwards
    assert send(site.case_id, site.signed(), site.own)[0].state == "accepted"


def test_one_of_two_is_refused_and_the_other_signs(context: Flask) -> None:
    site = World()
    both = site.signed(0) | {site.slots[1]: b"nothing"}
    assert [one.state for one in send(site.case_id, both, site.own)] == ["accepted", "refused"]
    assert [slot(one).state for one in site.slots] == ["signed", "pending"]


def test_a_revoked_certificate_is_refused(context: Flask) -> None:
    site = World(lists=False)
    gone = authority().issue("Бывший Бывший Бывший", OGRN=OGRN)
    gone.revoke()
    fetched(authority())
    (outcome,) = send(site.case_id, site.signed(0, gone), site.own)
    assert (outcome.state, outcome.code) == ("refused", "revoked")


def test_a_file_that_was_changed_on_the_disk_is_not_signed(context: Flask) -> None:
    site = World()
    given = site.signed()
    path = gateways.current().files.path(document_of(site.slots[0]).version.storage_key)
    path.chmod(0o640)
    path.write_bytes(path.read_bytes() + b"!")
    changed = {site.slots[0]: head().sign(path.read_bytes())}
    assert send(site.case_id, given, site.own)[0].code == "file_changed"
    assert send(site.case_id, changed, site.own)[0].code == "file_changed"


def test_without_a_list_it_waits_and_is_decided_when_the_list_comes(context: Flask) -> None:
    site = World(lists=False)
    (outcome,) = send(site.case_id, site.signed(), site.own)
    assert outcome.state == "waits_list" and "Повторять ничего не нужно" in outcome.sentence
    assert attempt_words(db.session.get_one(Case, site.case_id)) == {
        site.slots[0]: "отложено: нет списка отзыва"
    }
    assert "ждет списка отзыва: Договор" in words(site.case_id)
    (attempt,) = db.session.query(CertificateAttempt)
    decide_waiting(attempt.id, at=soon(minutes=5))
    assert attempts() == [("waits_list", "")] and not signatures()
    fetched(authority())
    decide_waiting(attempt.id, at=soon(minutes=10))
    (one,) = signatures()
    assert attempts() == [("accepted", "")] and slot(site.slots[0]).state == "signed"
    assert one.record["check"]["received_at"] < one.record["check"]["at"] and one.user_id == site.own.id
    assert {row.user_id for row in letters("signed-electronically")} == {site.own.id, site.office.id}
    decide_waiting(attempt.id, at=soon(minutes=11))  # a job may run twice
    assert len(signatures()) == 1


def test_a_list_that_never_comes_ends_the_waiting_with_a_letter(context: Flask) -> None:
    site = World(lists=False)
    send(site.case_id, site.signed(), site.own)
    (attempt,) = db.session.query(CertificateAttempt)
    decide_waiting(attempt.id, at=soon(hours=73))
    assert attempts() == [("refused", "list_never_came")]
    (letter,) = letters("signature-refused")
    assert letter.user_id == site.own.id and "так и не получен" in letter.body
    assert "Подпись Заявителя не принята: Договор" in words(site.case_id)


def test_who_may_not_sign_any_more_when_the_list_comes_has_not_signed(context: Flask) -> None:
    site = World(lists=False)
    send(site.case_id, site.signed(), site.own)
    with transaction():
        db.session.get_one(User, site.own.id).confirmed_at = None
    fetched(authority())
    (attempt,) = db.session.query(CertificateAttempt)
    decide_waiting(attempt.id, at=soon(minutes=1))
    assert attempts() == [("refused", "too_late")] and not signatures()
    assert "подтвердят в офисе" in letters("signature-refused")[0].body


def test_a_new_signature_takes_the_place_of_one_that_waits(context: Flask) -> None:
    site = World(lists=False)
    given = site.signed()
    assert send(site.case_id, given, site.own) == send(site.case_id, given, site.own)
    assert len(attempts()) == 1
    fetched(authority())
    assert send(site.case_id, site.signed(), site.own)[0].state == "accepted"
    assert attempts() == [("refused", "replaced"), ("accepted", "")]


def test_a_person_and_a_trader_are_known_by_their_own_numbers(context: Flask) -> None:
    trusted(authority())
    office, ivanov = operator(), seen_in_office(applicant())
    case_id = sent(ivanov)
    (paper,) = paper_to_sign(case_id, office, ("applicant",))
    content = bytes_of(paper)
    assert send(case_id, {paper: of_person("10289803962").sign(content)}, ivanov)[0].code == "other_owner"
    assert send(case_id, {paper: head().sign(content)}, ivanov)[0].code == "organisation"
    assert send(case_id, {paper: of_person().sign(content)}, ivanov)[0].state == "accepted"
    trader = firm(ivanov, ogrn="304590000000001", inn="590000000002", form="sole_trader")
    other = sent(ivanov)
    (paper,) = paper_to_sign(other, office, ("applicant",))
    assert send(other, {paper: of_person().sign(bytes_of(paper))}, trader)[0].state == "accepted"
    assert "узнан по ИНН" in signatures()[-1].record["check"]["note"]


def test_the_company_and_a_supplier_sign_by_the_numbers_of_the_settings(context: Flask) -> None:
    trusted(authority())
    office, sbyt = may_sign_for_company(operator()), supplier_person()
    case_id = sent(applicant(), **named(sbyt))
    ours, theirs = paper_to_sign(case_id, office, ("company", "supplier"))
    company = {ours: head(COMPANY_OGRN).sign(bytes_of(ours))}
    assert send(case_id, company, office)[0].code == "no_requisites"
    company_has(COMPANY_OGRN)
    assert send(case_id, company, office)[0].state == "accepted"
    supplier = {theirs: head("1025900000029").sign(bytes_of(theirs))}
    assert send(case_id, supplier, sbyt)[0].code == "no_requisites"
    with_numbers(sbyt, ogrn="1025900000029")
    assert send(case_id, supplier, sbyt)[0].state == "accepted"
    assert [one.party for one in signatures()] == ["company", "supplier"]


def test_three_sides_sign_one_document_electronically_each_in_its_turn(context: Flask) -> None:
    trusted(authority())
    clerk, sbyt = may_sign_for_company(operator()), supplier_person()
    company_has(COMPANY_OGRN)
    with_numbers(sbyt, ogrn="1025900000029")
    own = confirmed(filer("Сидоров"), clerk)
    case_id = sent(own, **named(sbyt))
    ours, theirs, last = paper_to_sign(case_id, clerk, ("company", "supplier", "applicant"))
    with pytest.raises(Conflict, match="Сначала"):
        by_code(case_id, own, slots=[last])
    assert send(case_id, {ours: head(COMPANY_OGRN).sign(bytes_of(ours))}, clerk)[0].state == "accepted"
    with pytest.raises(Conflict, match="Сначала"):
        by_code(case_id, own, slots=[last])
    assert send(case_id, {theirs: head("1025900000029").sign(bytes_of(theirs))}, sbyt)[0].state == "accepted"
    by_code(case_id, own, slots=[last])
    assert [(one.party, one.kind) for one in signatures()] == [
        ("company", "certificate"),
        ("supplier", "certificate"),
        ("applicant", "code"),
    ]
    assert len({one.sha256 for one in signatures()}) == 1, "all three signed the same bytes"
    assert list(broken_signatures()) == []


def test_nobody_signs_for_another_side_or_out_of_turn(context: Flask) -> None:
    site = World()
    given = site.signed()
    stranger = seen_in_office(applicant("Соседов", snils="10289803962", email="sosed@example.org"))
    refusals: list[tuple[Person, Any]] = [
        (stranger, NotFound),
        (site.office, NotFound),
        (may_sign_for_company(site.office), NotFound),
    ]
    for who, error in refusals:
        with pytest.raises(error):
            send(site.case_id, given, who)
    unseen = Person(applicant("Новый", snils="16137837045", email="n@example.org").actor)
    with pytest.raises(NotFound):
        send(site.case_id, given, unseen)
    ids = paper_to_sign(site.case_id, site.office, ("company", "applicant"), title="Акт")
    with pytest.raises(Conflict, match="Сначала должна быть подпись сетевой"):
        send(site.case_id, {ids[1]: b"x"}, site.own)


def test_an_account_that_the_office_has_not_seen_does_not_sign(context: Flask) -> None:
    trusted(authority())
    ivanov = applicant()
    case_id = sent(ivanov)
    (paper,) = paper_to_sign(case_id, operator(), ("applicant",))
    with pytest.raises(Forbidden, match="подтвердят в офисе"):
        send(case_id, {paper: of_person().sign(bytes_of(paper))}, ivanov)


def test_how_many_may_be_sent_is_limited(context: Flask) -> None:
    site = World()
    with pytest.raises(Conflict, match="не больше 10"):
        send(site.case_id, dict.fromkeys(range(1, 12), b"x"), site.own)
    at = soon()
    for number in range(30):
        send(site.case_id, dict.fromkeys(site.slots, b"x%d" % number), site.own, at=at)
    for _ in range(2):
        with pytest.raises(TooManyTries):
            send(site.case_id, {site.slots[0]: b"x"}, site.own, at=at)
    assert send(site.case_id, site.signed(), site.own, at=at + timedelta(hours=1, seconds=1))


def test_a_signature_is_taken_though_openssl_is_too_busy_to_learn_from_its_chain(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, asked = World(), []

    def busy(*_about: object, **_more: object) -> bool:
        asked.append(1)
        raise EngineAway(BUSY)

    monkeypatch.setattr(Authorities, "leads_to_root", busy)
    monkeypatch.setattr(chain_work, "_known", lambda _found, _rows: False)
    (outcome,) = send(site.case_id, site.signed(), site.own)
    assert (outcome.state, asked) == ("accepted", [1])


def test_what_a_blocked_person_has_sent_is_not_taken_when_its_list_comes(context: Flask) -> None:
    site = World(lists=False)
    (outcome,) = send(site.case_id, site.signed(), site.own)
    assert outcome.state == "waits_list"
    with transaction():
        db.session.get_one(User, site.own.id).state = "blocked"
    fetched(authority())
    decide_waiting(db.session.query(CertificateAttempt.id).scalar(), at=soon())
    assert attempts() == [("refused", "too_late")] and signatures() == []
    assert "заблокирована" in words(site.case_id)


def test_a_signature_that_is_being_checked_keeps_the_application_and_gives_its_own_day(
    context: Flask,
) -> None:
    """The applicant did in time what was asked of them: the office's waiting is not theirs."""
    who = office()
    trusted(authority(), lists=False)
    case_id = reach("contract_sent", who, at=clock.now() - timedelta(hours=1))
    with transaction():
        db.session.get_one(User, who.own.id).confirmed_at = clock.now()
        db.session.get_one(Case, case_id).due_on = clock.now().date() - timedelta(days=1)
    own = replace(who.own, actor=replace(who.own.actor, confirmed=True))
    annul = act_named("annul-unsigned")
    assert annul is not None
    case = db.session.get_one(Case, case_id)
    assert why_not_now(case, annul, clock.now().date()) == ""
    (paper,) = (one.slot.id for one in awaited_of(case, own.actor))
    (outcome,) = send(case_id, {paper: of_person().sign(bytes_of(paper))}, own)
    assert outcome.state == "waits_list"
    assert "проверка не закончена" in why_not_now(case, annul, clock.now().date())
    assert signature_sent([case_id]) == {case_id}
    headings = [next_words(case, side).heading for side in ("applicant", "company")]  # type: ignore[arg-type, union-attr]
    assert headings == ["Подпись отправлена", "Подпись отправлена, списка отзыва еще нет"]
    assert waiting_for(own.actor).todos == []
    fetched(authority())
    later = clock.now() + timedelta(days=2)
    decide_waiting(db.session.query(CertificateAttempt.id).scalar(), at=later)
    assert (slot(paper).state, slot(paper).signed_on) == ("signed", company.today())
    (signature,) = signatures()
    assert signature.signed_at < later - timedelta(days=1) and [*broken_signatures()] == []
    assert signature_sent([case_id]) == set()


def test_a_paper_signed_meanwhile_ends_the_waiting_without_a_refusal(context: Flask) -> None:
    site = World(lists=False)
    send(site.case_id, site.signed(), site.own)
    mark(site.case_id, site.slots[0], site.office)
    assert attempts() == [("refused", "replaced")]
    fetched(authority())
    decide_waiting(db.session.query(CertificateAttempt.id).scalar(), at=soon())
    assert letters("signature-refused") == [] and "не принята" not in words(site.case_id)


def test_the_same_wrong_file_under_the_same_button_is_counted_each_time(context: Flask) -> None:
    site, at = World(), soon()
    send(site.case_id, {site.slots[0]: b"x"}, site.own, at=at, key=KEY)
    for _ in range(59):
        with pytest.raises(AlreadyDone):
            send(site.case_id, {site.slots[0]: b"x"}, site.own, at=at, key=KEY)
    with pytest.raises(TooManyTries):
        send(site.case_id, {site.slots[0]: b"x"}, site.own, at=at, key=KEY)
