"""Signing by an employee's certificate: it waits for a power of attorney, which the office reads and decides."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask

from app.accounts.models import UserApplicant
from app.cases.models import Case
from app.cases.timeline import past
from app.company.queries import today
from app.documents.intake import Upload
from app.errors import AlreadyDone, Conflict, Forbidden, InvalidForm, NotFound
from app.extensions import db
from app.journal.models import JournalEntry
from app.notifications.models import OutboxRow
from app.portal.queries import waiting_for
from app.signing import authority_actions
from app.signing.authority_list_queries import powers, signed_by
from app.signing.authority_queries import accepted_since, is_over
from app.signing.certificate_models import CertificateAttempt, MachineAuthority
from app.signing.next import next_actions as next_of_signing
from app.signing.sign_queries import awaited_of
from app.signing.turn_queries import signature_sent
from app.transaction import transaction
from tests.application_world import stored_files
from tests.case_world import Person, add_person, applicant, operator, sent
from tests.certificate_world import (
    Holder,
    authority,
    bytes_of,
    company_has,
    fetched,
    firm,
    holder,
    may_sign_for_company,
    send,
    signatures,
    soon,
    trusted,
)
from tests.powers import OGRN, PETROV_INN, PETROV_SNILS, power
from tests.signing_world import mark, paper_to_sign, slot
from tests.unchanged import unchanged

KEY = "k" * 22


def head(ogrn: str = OGRN) -> Holder:
    return holder("Сергеев Павел Сергеевич", ("O", "ООО «Ромашка»"), ("OGRN", ogrn), ("SNILS", "10289803962"))


def petrov() -> Holder:
    return holder("Петров Иван Сергеевич", ("SNILS", PETROV_SNILS), ("INN", PETROV_INN))


class World:
    """A firm's paper that its employee has signed by a certificate without the firm's number."""

    def __init__(self, *, lists: bool = True) -> None:
        self.office = operator()
        self.own = applicant()
        self.case_id = sent(self.own)
        self.own = firm(self.own, ogrn=OGRN)
        trusted(authority(), lists=lists)
        (self.slot,) = paper_to_sign(self.case_id, self.office, ("applicant",))
        (self.outcome,) = self.sign(self.slot)

    def sign(self, paper: int, by: Holder | None = None):  # type: ignore[no-untyped-def]
        return send(self.case_id, {paper: (by or petrov()).sign(bytes_of(paper))}, self.own)

    def power(
        self, content: bytes = b"", by: Holder | None = None, who: Person | None = None, key: str = ""
    ) -> int:
        """Send a power of attorney with its signature."""
        content = content or power()
        file = Upload("МЧД.xml", BytesIO(content))
        signature = (by or head()).sign(content)
        person = (who or self.own).actor
        return authority_actions.send(self.case_id, file, signature, by=person, at=soon(), key=key)

    def accept(self, found: int, who: Person | None = None) -> None:
        authority_actions.accept(self.case_id, found, by=(who or self.office).actor, at=soon())

    def refuse(self, found: int, remark: str, who: Person | None = None) -> None:
        authority_actions.refuse(self.case_id, found, remark, by=(who or self.office).actor, at=soon())


def letters(kind: str) -> list[OutboxRow]:
    return list(db.session.query(OutboxRow).filter_by(kind=kind).order_by(OutboxRow.id))


def attempts() -> list[tuple[str, str]]:
    return [(one.state, one.reason) for one in db.session.query(CertificateAttempt).order_by("id")]


def words(case_id: int) -> str:
    return " ".join(line.sentence for line in past(db.session.get_one(Case, case_id), for_staff=False))


def refused(site: World, content: bytes = b"", by: Holder | None = None) -> dict[str, list[str]]:
    before = stored_files()
    with pytest.raises(InvalidForm) as found:
        site.power(content, by)
    assert stored_files() == before and not db.session.query(MachineAuthority).count()
    return found.value.errors


def test_an_employees_signature_waits_and_is_taken_with_the_power_of_attorney(context: Flask) -> None:
    site = World()
    assert site.outcome.state == "waits_authority" and "доверенность" in site.outcome.sentence
    assert slot(site.slot).state == "pending" and "ждет доверенности: Договор" in words(site.case_id)
    found = site.power()
    (letter,) = letters("authority-sent")
    assert letter.user_id == site.office.id and "a1b2c3d4" in letter.body and "30.06.2027" in letter.body
    assert attempts() == [("waits_authority", "")]  # until the office has read it
    site.accept(found)
    (one,) = signatures()
    assert attempts() == [("accepted", "")] and one.signer == "Петров Иван Сергеевич"
    record = one.record["authority"]
    assert (
        record["id"] == found
        and record["accepted_by"].startswith("Петрова")
        and record["principal_ogrn"] == OGRN
    )
    assert one.record["check"]["matched_by"] == "authority" and one.user_id == site.own.id
    (decided,) = letters("authority-decided")
    assert decided.user_id == site.own.id and "Договор: подпись принята" in decided.body
    assert "доверенность № a1b2c3d4-0000-4000-8000-000000000001 принята" in words(site.case_id)


def test_the_next_signature_of_the_same_person_needs_no_other(context: Flask) -> None:
    site = World()
    site.accept(site.power())
    (paper,) = paper_to_sign(site.case_id, site.office, ("applicant",), title="Акт")
    assert site.sign(paper)[0].state == "accepted"
    other = sent(site.own)
    (paper,) = paper_to_sign(other, site.office, ("applicant",), title="Акт")
    assert send(other, {paper: petrov().sign(bytes_of(paper))}, site.own)[0].state == "accepted"
    stranger = holder("Смирнов Олег Олегович", ("SNILS", "16137837045"))
    (paper,) = paper_to_sign(site.case_id, site.office, ("applicant",), title="Допсоглашение")
    assert site.sign(paper, stranger)[0].state == "waits_authority"


def test_the_office_refuses_with_a_remark_and_the_signature_is_refused(context: Flask) -> None:
    site = World()
    found = site.power()
    with pytest.raises(InvalidForm):
        site.refuse(found, "  ")
    site.refuse(found, "Нет права подписывать договоры.")
    assert attempts() == [("refused", "authority_refused")] and slot(site.slot).state == "pending"
    (letter,) = letters("authority-decided")
    assert "не принята" in letter.subject and "Нет права подписывать договоры." in letter.body
    assert not letters("signature-refused")  # one letter tells it
    with pytest.raises(Conflict):
        site.accept(found)
    assert site.sign(site.slot, head())[0].state == "accepted"  # the head signs


def test_one_that_was_accepted_is_accepted_no_more_and_what_was_signed_stays(context: Flask) -> None:
    site = World()
    found = site.power()
    site.accept(found)
    site.refuse(found, "Доверенность отозвана.")
    assert slot(site.slot).state == "signed"
    (paper,) = paper_to_sign(site.case_id, site.office, ("applicant",), title="Акт")
    assert site.sign(paper)[0].state == "waits_authority"


def test_that_it_is_accepted_no_more_is_told_as_such(context: Flask) -> None:
    site = World()
    found = site.power()
    site.accept(found)
    site.refuse(found, "Доверенность отозвана.")
    letter = letters("authority-decided")[-1]
    assert "больше не принимается" in letter.subject and "остается подписанным" in letter.body
    assert "больше не принимается. Доверенность отозвана." in words(site.case_id)


def test_the_office_sees_all_powers_and_what_each_was_used_for(context: Flask) -> None:
    site = World()
    found = site.power()
    (line,) = powers(soon()).waiting
    assert (line.principal, line.used, line.over) == ("ООО «Ромашка»", 0, False)
    assert line.representative == "Петров Иван Сергеевич"
    site.accept(found)
    other = sent(site.own)
    (paper,) = paper_to_sign(other, site.office, ("applicant",), title="Акт")
    send(other, {paper: petrov().sign(bytes_of(paper))}, site.own)
    (line,) = powers(soon()).accepted
    assert line.used == 2
    assert [(one.title, one.case_id) for one in signed_by(line.row)] == [
        ("Акт", other),
        ("Договор", site.case_id),
    ]
    later = powers(soon(days=300))
    assert not later.accepted and [one.over for one in later.past] == [True]
    site.refuse(found, "Доверенность отозвана.")
    now = powers(soon())
    assert not now.waiting and not now.accepted and [one.row.id for one in now.past] == [found]


def test_one_whose_days_end_while_it_waits_is_not_accepted_and_another_may_come(context: Flask) -> None:
    site = World()
    found = site.power()
    assert labels(site, site.own) == [] and not is_over(row_of(found), soon())
    with transaction():
        row_of(found).valid_until = today() - timedelta(days=1)
    assert is_over(row_of(found), soon()) and labels(site, site.own) == ["Приложить доверенность"]
    with pytest.raises(Conflict, match="пока она ждала проверки: откажите"):
        site.accept(found)
    site.accept(site.power(power(until="2028-01-01")))
    assert attempts() == [("accepted", "")]


def test_what_is_not_of_the_party_any_more_is_told_apart_from_what_is_over(context: Flask) -> None:
    site = World()
    found = site.power()
    with transaction():
        row_of(found).principal_ogrn = "1025900000009"
    with pytest.raises(Conflict, match="изменился"):
        site.accept(found)


def test_who_is_alone_in_the_office_judges_their_own_and_the_journal_says_so(context: Flask) -> None:
    trusted(authority())
    office = may_sign_for_company(operator())
    case_id = sent(applicant())
    (paper,) = paper_to_sign(case_id, office, ("company",))
    company_has(OGRN)
    send(case_id, {paper: petrov().sign(bytes_of(paper))}, office)
    content, signature = power(), head().sign(power())
    found = authority_actions.send(
        case_id, Upload("МЧД.xml", BytesIO(content)), signature, by=office.actor, at=soon()
    )
    case = db.session.get_one(Case, case_id)
    assert "Проверить доверенность" in [one.label for one in next_of_signing(case, office.actor, "company")]
    authority_actions.accept(case_id, found, by=office.actor, at=soon())
    assert slot(paper).state == "signed"
    entry = db.session.query(JournalEntry).filter_by(kind="authority_accepted").one()
    assert entry.body["own"] is True and entry.actor_id == office.id


def test_what_does_not_fit_is_refused_at_once(context: Flask) -> None:
    site = World()
    assert "другая организация" in refused(site, power(ogrn="1025900000009"))["xml"][0]
    assert "нет того, чей сертификат" in refused(site, power(snils="102-898-039 62", inn=""))["xml"][0]
    assert "кончился 30.11.2026" in refused(site, power(until="2026-11-30"))["xml"][0]
    assert "не файл доверенности" in refused(site, b"%PDF-1.4")["xml"][0]
    assert (
        "DOCTYPE"
        in refused(site, b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>")["xml"][0]
    )
    assert "не сертификатом организации" in refused(site, by=petrov())["signature"][0]
    assert "не сертификатом организации" in refused(site, by=head("1025900000009"))["signature"][0]
    foreign = authority("УЦ Чужой").issue("Сергеев Павел", OGRN=OGRN)
    assert "нам неизвестен" in refused(site, by=foreign)["signature"][0]


def test_the_signature_has_to_be_of_this_very_file(context: Flask) -> None:
    site = World()
    file = Upload("МЧД.xml", BytesIO(power(until="2029-12-31")))
    with pytest.raises(InvalidForm, match="Проверьте") as found:
        authority_actions.send(site.case_id, file, head().sign(power()), by=site.own.actor, at=soon())
    assert "signature" in found.value.errors
    with pytest.raises(InvalidForm) as found:
        authority_actions.send(site.case_id, None, b"", by=site.own.actor, at=soon())
    assert found.value.errors.keys() == {"xml", "signature"}


def test_without_a_list_the_office_cannot_accept_it_yet(context: Flask) -> None:
    site = World(lists=False)
    found = site.power()
    with pytest.raises(Conflict, match="нет списка отзыва"):
        site.accept(found)
    fetched(authority())
    site.accept(found)
    assert attempts() == [("accepted", "")]


def test_another_one_takes_the_place_of_one_not_read_yet(context: Flask) -> None:
    site = World()
    first, second = site.power(), site.power(power(until="2028-01-01"))
    with pytest.raises(Conflict):
        site.accept(first)
    assert attempts() == [("waits_authority", "")]
    site.accept(second)
    assert attempts() == [("accepted", "")]


def test_a_double_press_sends_one(context: Flask) -> None:
    site = World()
    site.power(key=KEY)
    before = stored_files()
    with pytest.raises(AlreadyDone):
        site.power(key=KEY)
    assert db.session.query(MachineAuthority).count() == 1 and stored_files() == before


def test_nobody_sends_or_decides_for_another(app: Flask, context: Flask) -> None:
    site = World()
    found = site.power()
    stranger = applicant("Соседов", snils="10289803962", email="sosed@example.org")
    with unchanged(app):
        for who, error in ((stranger, NotFound), (site.own, Forbidden)):
            with pytest.raises(error):
                site.accept(found, who)
            with pytest.raises(error):
                site.refuse(found, "Нет.", who)
        with pytest.raises(NotFound):
            site.power(who=stranger)
        with pytest.raises(Conflict, match="ни одна подпись не ждет"):
            site.power(who=site.office)
        unseen = replace(site.own, actor=replace(site.own.actor, confirmed=False))
        with pytest.raises(Forbidden, match="подтвердят в офисе"):
            site.power(who=unseen)


def test_nobody_of_the_company_decides_about_their_own(context: Flask) -> None:
    trusted(authority())
    office, other = may_sign_for_company(operator()), operator("Сидорова", email="second@example.org")
    case_id = sent(applicant())
    (paper,) = paper_to_sign(case_id, office, ("company",))
    company_has(OGRN)
    send(case_id, {paper: petrov().sign(bytes_of(paper))}, office)
    content = power()
    found = authority_actions.send(
        case_id, Upload("МЧД.xml", BytesIO(content)), head().sign(content), by=office.actor, at=soon()
    )
    with pytest.raises(Forbidden, match="другой сотрудник"):
        authority_actions.accept(case_id, found, by=office.actor, at=soon())
    authority_actions.accept(case_id, found, by=other.actor, at=soon())
    assert slot(paper).state == "signed" and signatures()[0].party == "company"


def test_what_waits_is_not_asked_for_again_but_its_power_of_attorney_is(context: Flask) -> None:
    site = World()
    assert [(one.ready, "доверенность" in one.sent) for one in awaited_of(case_of(site), site.own.actor)] == [
        (False, True)
    ]
    assert labels(site, site.own) == ["Приложить доверенность"]
    # Without it nothing goes on: until then it is their turn, and nobody waits for the office.
    assert "Подпишите документы" in todos(site.own) and signature_sent([site.case_id]) == set()
    found = site.power()
    assert "Подпишите документы" not in todos(site.own) and signature_sent([site.case_id]) == {site.case_id}
    assert "Проверьте доверенность" in todos(site.office)
    site.accept(found)
    assert labels(site, site.own) == [] and "Проверьте доверенность" not in todos(site.office)


def test_a_signature_on_paper_ends_the_waiting_for_a_power_of_attorney(context: Flask) -> None:
    site = World()
    (other,) = paper_to_sign(site.case_id, site.office, ("applicant",), title="Акт")
    mark(site.case_id, site.slot, site.office)
    assert "Приложить доверенность" not in labels(site, site.own) and slot(other).state == "pending"
    assert signature_sent([site.case_id]) == set()
    with pytest.raises(Conflict):
        site.power()


def test_one_accepted_in_another_case_is_told_of_on_the_page_of_this_one(context: Flask) -> None:
    first = World()
    case_id = sent(first.own)
    (paper,) = paper_to_sign(case_id, first.office, ("applicant",), title="Акт")
    waits = send(case_id, {paper: petrov().sign(bytes_of(paper))}, first.own)[0]
    assert waits.state == "waits_authority"
    case = db.session.get_one(Case, case_id)
    assert accepted_since(case, "applicant", soon()) == []
    first.accept(first.power())
    assert accepted_since(case, "applicant", soon()) == [paper]
    assert send(case_id, {paper: petrov().sign(bytes_of(paper))}, first.own)[0].state == "accepted"


def test_it_is_accepted_though_who_sent_it_acts_for_the_firm_no_more(context: Flask) -> None:
    site = World()
    colleague = second_representative(site.own)
    (paper,) = paper_to_sign(site.case_id, site.office, ("applicant",), title="Акт")
    (outcome,) = send(site.case_id, {paper: petrov().sign(bytes_of(paper))}, colleague)
    assert outcome.state == "waits_authority"
    found = site.power()
    with transaction():
        db.session.query(UserApplicant).filter_by(user_id=site.own.id).delete()
    site.accept(found)
    assert ("accepted", "") in attempts()


def row_of(found: int) -> MachineAuthority:
    return db.session.get_one(MachineAuthority, found)


def case_of(site: World) -> Case:
    return db.session.get_one(Case, site.case_id, populate_existing=True)


def todos(who: Person) -> str:
    return " | ".join(one.task.words for one in waiting_for(who.actor).todos)


def labels(site: World, who: Person) -> list[str]:
    return [one.label for one in next_of_signing(case_of(site), who.actor, "applicant")]


def second_representative(own: Person) -> Person:
    """Another person who acts for the same applicant, seen in the office too."""
    (applicant_id,) = own.actor.applicant_ids
    with transaction():
        user = add_person("Петрова", "Анна", email="second@example.org")
        user.confirmed_at = soon()
        db.session.flush()
        db.session.add(UserApplicant(user_id=user.id, applicant_id=applicant_id, capacity="representative"))
        user_id = user.id
    return Person(replace(own.actor, user_id=user_id), applicant_id)
