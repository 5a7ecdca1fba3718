"""Sending an application: what it needs, what it leaves, and that it happens once."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask import Flask

from app import clock
from app.accounts.models import Consent
from app.accounts.sessions import Visit
from app.cases.actions import take_back
from app.cases.models import Case, CaseDocument, CaseSnapshot, Message
from app.cases.queries import visible_case
from app.company.models import LegalText, Setting, Supplier
from app.connections import actions, file_actions
from app.errors import AlreadyDone, Conflict, Forbidden, IllegalMove, InvalidForm, NotFound
from app.extensions import db
from app.journal.models import JournalEntry
from app.journal.queries import broken_links
from app.notifications.models import OutboxRow
from app.transaction import transaction
from tests.application_world import (
    add_firm,
    attach_required,
    colleague,
    complete_draft,
    filer,
    fill_topics,
    home_form,
    make_draft,
    submit_draft,
    world,
)
from tests.at_once import at_once
from tests.case_world import applicant, operator, supplier_person
from tests.unchanged import unchanged

#: A Thursday morning in the company's zone.
THURSDAY = datetime(2026, 7, 30, 5, 0, tzinfo=UTC)


def case_of(case_id: int) -> Case:
    db.session.expire_all()
    return db.session.get_one(Case, case_id)


def letters() -> list[tuple[str, str]]:
    return [(row.kind, row.address) for row in db.session.query(OutboxRow).order_by(OutboxRow.id)]


def test_a_sent_application_waits_for_its_number_within_a_working_day(context: Flask) -> None:
    case = case_of(submit_draft(filer(), at=THURSDAY))
    assert (case.status, case.mover, case.due_on) == ("submitted", "company", date(2026, 7, 31))
    assert case.sent_at == THURSDAY and case.mode == "A" and not case.incomplete
    assert case.title == "Заявка на технологическое присоединение (в том числе временное)"
    assert case.facts == "≤15 кВт · постоянная схема · соответствует п. 14 Правил"
    assert case.place == "п. Калиново, ул. Лесная, 12"


def test_the_company_and_the_sender_get_one_letter_each(context: Flask) -> None:
    ivanov = filer()
    operator()
    case_id = submit_draft(ivanov)
    assert letters() == [
        ("application-new", "office@example.org"),
        ("application-sent", "ivanov@example.org"),
    ]
    subjects = [row.subject for row in db.session.query(OutboxRow).order_by(OutboxRow.id)]
    assert subjects == [f"Поступила новая заявка, № {case_id}", f"Заявка отправлена, № {case_id}"]


def test_what_was_sent_is_kept_as_it_was(context: Flask) -> None:
    ivanov = filer()
    case_id = submit_draft(ivanov)
    kept = db.session.query(CaseSnapshot).one()
    assert (kept.case_id, kept.move) == (case_id, "submit")
    assert kept.applicant["snils"] == "91866342037" and kept.applicant["acts_as"] == "self"
    assert kept.answers["passport_number"] == "123456"
    files = {row.kind: row.version.sha256 for row in db.session.query(CaseDocument)}
    assert {one["kind"]: one["sha256"] for one in kept.documents} == files
    assert set(files) == {"identity", "plan", "title"}


def test_the_comment_becomes_the_first_message(context: Flask) -> None:
    case_id = submit_draft(filer())
    message = db.session.query(Message).one()
    assert (message.case_id, message.channel, message.author_party) == (case_id, "company", "applicant")
    assert message.text == "Здравствуйте, направляю заявку на ТП и схему электроснабжения"


def test_the_comment_is_not_taken_back_from_the_application_that_was_sent(app: Flask, context: Flask) -> None:
    ivanov = filer()
    case_id = submit_draft(ivanov)
    message = db.session.query(Message).one()
    with unchanged(app), pytest.raises(Conflict, match="нельзя отозвать"):
        take_back(case_id, message.id, by=ivanov.actor, at=message.created_at)


def test_without_a_comment_there_is_no_message(context: Flask) -> None:
    submit_draft(filer(), comment=None)
    assert db.session.query(Message).count() == 0


def test_the_sending_stands_in_the_journal_of_the_case(context: Flask) -> None:
    case_id = submit_draft(filer())
    entry = db.session.query(JournalEntry).filter_by(case_id=case_id, kind="moved").one()
    assert entry.public and entry.body["move"] == "submit"
    assert list(broken_links()) == []


def test_a_named_supplier_sees_the_application_from_the_sending_on(context: Flask) -> None:
    sbyt, ivanov = supplier_person(), filer()
    assert sbyt.actor.supplier_id is not None
    supplier = [str(sbyt.actor.supplier_id)]
    case_id = complete_draft(ivanov, supplier=supplier, contract_kind=["supply"])
    with pytest.raises(NotFound):
        visible_case(sbyt.actor, case_id)
    actions.submit(case_id, by=ivanov.actor, at=clock.now())
    assert visible_case(sbyt.actor, case_id).supplier_name == "АО «Энергосбыт»"


def test_whoever_denies_the_clause_signs_the_contract(context: Flask) -> None:
    case = case_of(submit_draft(filer(), rule_fits=["no"]))
    assert case.mode == "B"
    assert case.facts == "≤15 кВт · постоянная схема · не соответствует п. 14 Правил"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"place": None}, "Укажите местоположение энергопринимающих устройств"),
        ({"passport_number": None}, "Укажите номер паспорта"),
        (
            {"supplier": None},
            "Выберите гарантирующего поставщика или отметьте, что договор с ним не планируется",
        ),
    ],
)
def test_an_incomplete_application_is_not_sent_and_nothing_changes(
    context: Flask, changes: dict[str, None], sentence: str
) -> None:
    ivanov = filer()
    case_id = complete_draft(ivanov, **changes)
    before = world()
    with pytest.raises(InvalidForm) as refused:
        actions.submit(case_id, by=ivanov.actor, at=clock.now(), key="send")
    assert refused.value.errors == {"": [sentence]}
    assert world() == before


def test_a_missing_document_keeps_the_application_back(context: Flask) -> None:
    ivanov = filer()
    case_id = complete_draft(ivanov)
    plan = db.session.query(CaseDocument).filter_by(kind="plan").one()
    file_actions.remove_file(case_id, plan.id, by=ivanov.actor, at=clock.now())
    with pytest.raises(InvalidForm) as refused:
        actions.submit(case_id, by=ivanov.actor, at=clock.now())
    assert refused.value.errors == {"": ["Приложите план расположения энергопринимающих устройств"]}


def test_contradictions_keep_nobody_from_sending(context: Flask) -> None:
    case = case_of(submit_draft(filer(), power_new=["100"]))
    assert (case.status, case.mode) == ("submitted", "B")


def test_only_the_applicants_side_sends(context: Flask) -> None:
    ivanov, petrova = filer(), operator()
    case_id = complete_draft(ivanov)
    with pytest.raises(NotFound):
        actions.submit(case_id, by=petrova.actor, at=clock.now())
    sent = submit_draft(ivanov, at=clock.now())
    with pytest.raises(Forbidden):
        actions.submit(sent, by=petrova.actor, at=clock.now())


def test_a_colleague_may_send_and_their_own_authority_is_asked_for(context: Flask) -> None:
    firm = add_firm(filer())
    sergeeva = colleague(firm)
    case_id = make_draft(firm)
    with pytest.raises(InvalidForm) as refused:
        actions.submit(case_id, by=sergeeva.actor, at=clock.now())
    assert "Приложите доверенность или иной документ о полномочиях представителя" in refused.value.errors[""]
    with pytest.raises(InvalidForm) as refused:
        actions.submit(case_id, by=firm.actor, at=clock.now())
    assert not [sentence for sentence in refused.value.errors[""] if "доверенность" in sentence]


def setting(key: str, value: object) -> None:
    with transaction():
        db.session.add(Setting(key=key, value=value, valid_from=date(2021, 1, 1), set_at=clock.now()))
    db.session().info.clear()


def test_an_unconfirmed_account_may_send_by_default_and_not_where_the_company_forbids_it(
    context: Flask,
) -> None:
    ivanov = filer()
    submit_draft(ivanov)
    setting("unconfirmed.may_send", False)
    case_id = complete_draft(ivanov)
    before = world()
    with pytest.raises(InvalidForm, match="выделенные поля") as refused:
        actions.submit(case_id, by=ivanov.actor, at=clock.now())
    assert refused.value.errors[""][0].startswith("Сначала подтвердите учетную запись в офисе")
    assert world() == before


def test_new_versions_of_the_texts_are_accepted_with_the_sending_each_by_its_own_box(context: Flask) -> None:
    ivanov = applicant()
    case_id = complete_draft(ivanov)
    before = world()
    for accepted in ({}, {"consent": "1"}, {"consent": "1", "agreement": "2"}):
        with pytest.raises(InvalidForm) as refused:
            actions.submit(case_id, by=ivanov.actor, at=clock.now(), accepted=accepted)
        assert set(refused.value.errors) <= {"accept-consent", "accept-agreement"}
        assert world() == before
    given = {"consent": "1", "agreement": "1"}
    visit = Visit("192.0.2.7", "browser")
    actions.submit(case_id, by=ivanov.actor, at=clock.now(), accepted=given, visit=visit)
    rows = db.session.query(Consent).all()
    assert {row.address for row in rows} == {"192.0.2.7"}
    assert {db.session.get_one(LegalText, row.legal_text_id).code for row in rows} == {"consent", "agreement"}


def test_a_second_press_gets_the_first_result_and_nothing_more(context: Flask) -> None:
    ivanov = filer()
    operator()
    case_id = complete_draft(ivanov)
    url = actions.submit(case_id, by=ivanov.actor, at=clock.now(), key="send")
    before = world()
    for key in ("send", "from another window", ""):
        with pytest.raises(AlreadyDone) as done:
            actions.submit(case_id, by=ivanov.actor, at=clock.now(), key=key)
        assert done.value.url == url == f"/cases/{case_id}/sent"
    assert world() == before


def test_a_supplier_that_left_the_list_has_to_be_chosen_anew(context: Flask) -> None:
    sbyt, ivanov = supplier_person(), filer()
    case_id = complete_draft(ivanov, supplier=[str(sbyt.actor.supplier_id)], contract_kind=["supply"])
    with transaction():
        db.session.get_one(Supplier, sbyt.actor.supplier_id).active = False
    with pytest.raises(InvalidForm) as refused:
        actions.submit(case_id, by=ivanov.actor, at=clock.now())
    assert refused.value.errors == {"": ["Выбранного поставщика больше нет в списке, выберите другого"]}


@pytest.mark.parametrize("same_key", [True, False], ids=["one button", "twenty windows"])
def test_twenty_sendings_at_once_give_one_case_and_one_set_of_letters(app: Flask, same_key: bool) -> None:
    with app.app_context():
        ivanov = filer()
        operator()
        case_id = complete_draft(ivanov)

    def press(number: int) -> Callable[[], str]:
        key = "send" if same_key else f"window-{number}"
        return lambda: actions.submit(case_id, by=ivanov.actor, at=clock.now(), key=key)

    results = at_once(app, [press(number) for number in range(20)])
    url = f"/cases/{case_id}/sent"
    assert results.count(url) == 1
    again = [one for one in results if one != url]
    assert [one.url for one in again if isinstance(one, AlreadyDone)] == [url] * 19, again
    with app.app_context():
        assert letters() == [
            ("application-new", "office@example.org"),
            ("application-sent", "ivanov@example.org"),
        ]
        assert db.session.query(Case).count() == 1
        assert db.session.query(CaseSnapshot).count() == db.session.query(Message).count() == 1
        assert db.session.query(JournalEntry).filter_by(kind="moved").count() == 1
        assert list(broken_links()) == []


def test_a_withdrawn_application_is_told_to_the_company_and_the_supplier(context: Flask) -> None:
    sbyt, ivanov = supplier_person(), filer()
    operator()
    supplier = [str(sbyt.actor.supplier_id)]
    case_id = submit_draft(ivanov, supplier=supplier, contract_kind=["supply"])
    actions.withdraw(case_id, "Стройка перенесена", by=ivanov.actor, at=clock.now())
    case = case_of(case_id)
    assert (case.status, case.mover, case.due_on) == ("withdrawn", "nobody", None)
    assert letters()[2:] == [("withdrawn", "office@example.org"), ("withdrawn", "sbyt@example.org")]
    entry = db.session.query(JournalEntry).filter_by(kind="moved").order_by(JournalEntry.id.desc()).first()
    assert entry is not None and entry.body["reason"] == "Стройка перенесена"


def test_a_reason_is_optional_and_a_bad_one_is_refused(context: Flask) -> None:
    ivanov = filer()
    case_id = submit_draft(ivanov)
    before = world()
    for text in ("я" * 1001, "a\x00b"):
        with pytest.raises(InvalidForm) as refused:
            actions.withdraw(case_id, text, by=ivanov.actor, at=clock.now())
        assert list(refused.value.errors) == ["reason"]
    assert world() == before
    actions.withdraw(case_id, " ", by=ivanov.actor, at=clock.now())
    assert case_of(case_id).status == "withdrawn"


def test_neither_a_draft_nor_an_ended_application_is_withdrawn(context: Flask) -> None:
    ivanov, petrova = filer(), operator()
    draft, sent = make_draft(ivanov), submit_draft(ivanov)
    with pytest.raises(IllegalMove):
        actions.withdraw(draft, "", by=ivanov.actor, at=clock.now())
    with pytest.raises(Forbidden):
        actions.withdraw(sent, "", by=petrova.actor, at=clock.now())
    actions.withdraw(sent, "", by=ivanov.actor, at=clock.now())
    with pytest.raises(IllegalMove):
        actions.withdraw(sent, "", by=ivanov.actor, at=clock.now())


def test_a_firm_sends_its_stages_and_pays_by_instalments(context: Flask) -> None:
    sbyt, firm = supplier_person(), add_firm(filer())
    now = clock.now()
    year = now.year + 1
    form = home_form(
        now.date(),
        extract_number=["ИЭ9965-26-1"],
        extract_date=["01.07.2026"],
        load=["Столярная мастерская"],
        power_new=["100"],
        stage_name=["Первая очередь", ""],
        stage_design=[f"03.{year}", ""],
        stage_commissioning=[f"09.{year}", ""],
        stage_power=["100", ""],
        stage_category=["3", ""],
        supplier=[str(sbyt.actor.supplier_id)],
        contract_kind=["supply"],
        price_category=["1"],
        payment_order=["instalments"],
    )
    case_id = make_draft(firm, at=now)
    fill_topics(case_id, firm, form, at=now)
    attach_required(case_id, firm, at=now)
    actions.submit(case_id, by=firm.actor, at=now)
    case = case_of(case_id)
    assert (case.mode, case.supplier_name) == ("A", "АО «Энергосбыт»")
    assert case.facts == ">15 и ≤150 кВт · постоянная схема · соответствует п. 12(1) Правил"
    assert case.applicant_name == "ООО «Энергия»"
