"""The road of the form: chosen and left in a draft, printed, sent with its receipt, its facts entered by the company."""

import pypdf
import pytest
from flask import Flask

from app import clock, gateways
from app.actor import Actor
from app.cases.changes import CaseChanged, seen_now
from app.cases.models import Case, CaseDocument, CaseSnapshot
from app.cases.queries import documents_of
from app.cases.rendering_models import Rendering
from app.connections import actions, decision_actions, draft_actions, file_actions, form_actions, queries
from app.connections.draft_actions import OTHER_ROAD
from app.connections.form_actions import MOST_WAITING
from app.connections.form_queries import FORM, RECEIPT, form_now, newest_made, shown_form
from app.connections.receipt_data import grouped_hash
from app.errors import AlreadyDone, Conflict, Forbidden, InvalidForm, NotFound
from app.extensions import db
from app.journal.models import JournalEntry
from tests.application_world import (
    BRIEF,
    add_firm,
    asked,
    complete_draft,
    draft_by_form,
    filer,
    home_form,
    make_draft,
    pdf,
    print_paper,
    sent_by_form,
    stored_files,
    submit_draft,
    world,
)
from tests.case_world import operator, register_case, supplier_person

FACTS = {
    "object_name": ["ВРУ"],
    "place": ["п. Калиново, ул. Лесная, 12"],
    "power_new": ["7,5"],
    "power_existing": ["0"],
    "reliability": ["3"],
    "address": ["614000, г. Пермь, ул. Ленина, 1"],
}


def case_of(case_id: int) -> Case:
    db.session.expire_all()
    return db.session.get_one(Case, case_id)


def printed(kind: str) -> pypdf.PdfReader:
    """The newest paper of a kind, printed as the worker does it."""
    row = db.session.query(Rendering).filter_by(kind=kind).order_by(Rendering.id.desc()).first()
    assert row is not None
    row_id = row.id
    db.session.rollback()
    print_paper(row_id)
    found = db.session.get_one(CaseDocument, db.session.get_one(Rendering, row_id).case_document_id)
    return pypdf.PdfReader(gateways.current().files.path(found.version.storage_key))


def text_of(reader: pypdf.PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_a_draft_by_form_is_complete_with_four_answers_the_form_and_the_papers(context: Flask) -> None:
    ivanov = filer()
    case_id = draft_by_form(ivanov)
    case = case_of(case_id)
    assert (case.incomplete, case.facts) == (False, "≤15 кВт · постоянная схема · соответствует п. 14 Правил")
    assert {one.kind for one in documents_of(case, ivanov.actor)} == {
        "application",
        "identity",
        "plan",
        "title",
    }
    actions.submit(case_id, by=ivanov.actor, at=clock.now())
    case = case_of(case_id)
    assert (case.status, case.mode, case.place, case.watts) == ("submitted", "A", "", None)


def test_without_the_filled_form_nothing_is_sent(context: Flask) -> None:
    ivanov = filer()
    case_id = draft_by_form(ivanov)
    (form,) = (one for one in documents_of(case_of(case_id), ivanov.actor) if one.kind == "application")
    file_actions.remove_file(case_id, form.id, by=ivanov.actor, at=clock.now())
    assert case_of(case_id).incomplete
    with pytest.raises(InvalidForm) as refused:
        actions.submit(case_id, by=ivanov.actor, at=clock.now())
    assert refused.value.errors == {"": ["Приложите заполненную и подписанную форму заявки"]}


def test_choosing_the_other_road_and_coming_back_loses_no_answer(context: Flask) -> None:
    ivanov = filer()
    case_id = complete_draft(ivanov)
    before = dict(case_of(case_id).answers)
    assert form_actions.choose_road(case_id, by_form=True, by=ivanov.actor, at=clock.now())
    case = case_of(case_id)
    assert (case.incomplete, case.answers["power_band"]) == (True, "upto15")
    assert not form_actions.choose_road(case_id, by_form=True, by=ivanov.actor, at=clock.now())
    draft_actions.save_topic(case_id, "brief", BRIEF, by=ivanov.actor, at=clock.now())
    form_actions.choose_road(case_id, by_form=False, by=ivanov.actor, at=clock.now())
    case = case_of(case_id)
    assert not case.incomplete
    assert {code: value for code, value in case.answers.items() if code != "power_band"} == before


def test_a_page_of_the_other_road_is_refused_and_changes_nothing(context: Flask) -> None:
    ivanov = filer()
    case_id = draft_by_form(ivanov)
    before = world()
    for save in (draft_actions.save_topic, draft_actions.keep_topic):
        with pytest.raises(Conflict, match="другой способ"):
            save(case_id, "object", FACTS, by=ivanov.actor, at=clock.now(), seen="", page="")
    assert world() == before and OTHER_ROAD


def test_the_road_is_chosen_by_the_applicant_alone_and_in_a_draft_alone(context: Flask) -> None:
    ivanov, petrova, other = filer(), operator(), filer("Петров")
    draft, sent = make_draft(ivanov), sent_by_form(ivanov)
    before = world()
    for actor, case_id, error in (
        (other.actor, draft, NotFound),
        (petrova.actor, draft, NotFound),
        (petrova.actor, sent, Forbidden),
        (ivanov.actor, sent, Conflict),
    ):
        with pytest.raises(error):
            form_actions.choose_road(case_id, by_form=False, by=actor, at=clock.now())
    assert world() == before


def test_the_form_is_printed_with_the_answers_there_are_once(context: Flask) -> None:
    ivanov = filer()
    case_id = complete_draft(ivanov)
    form_actions.ask_form(case_id, by=ivanov.actor, at=clock.now(), key="one")
    with pytest.raises(AlreadyDone):
        form_actions.ask_form(case_id, by=ivanov.actor, at=clock.now(), key="one")
    form_actions.ask_form(case_id, by=ivanov.actor, at=clock.now(), key="two")
    assert db.session.query(Rendering).filter_by(kind=FORM).count() == 1
    words = text_of(printed(FORM))
    for told in (
        "Черновик №",
        "п. Калиново, ул. Лесная, 12",
        "15 кВт",
        "918-663-420",
        "подпись",
        "стр. 1 из",
    ):
        assert told in words, words
    form_actions.ask_form(case_id, by=ivanov.actor, at=clock.now(), key="three")
    assert db.session.query(Rendering).filter_by(kind=FORM).one().state == "done"


def test_a_draft_keeps_the_newest_printed_form_alone(context: Flask) -> None:
    ivanov = filer()
    case_id = complete_draft(ivanov)
    form_actions.ask_form(case_id, by=ivanov.actor, at=clock.now())
    printed(FORM)
    files = stored_files()
    draft_actions.save_topic(case_id, "comment", {"comment": ["Срочно"]}, by=ivanov.actor, at=clock.now())
    form_actions.ask_form(case_id, by=ivanov.actor, at=clock.now())
    assert "Срочно" in text_of(printed(FORM))
    assert db.session.query(CaseDocument).filter_by(kind=FORM).count() == 1
    assert len(stored_files()) == len(files)
    form_actions.ask_form(case_id, by=ivanov.actor, at=clock.now())
    draft_actions.delete_draft(case_id, by=ivanov.actor, at=clock.now())
    assert db.session.query(Rendering).count() == 0 and stored_files() == []


def test_a_sent_application_keeps_the_newest_printed_form_alone(context: Flask) -> None:
    """Who may still mend answers could otherwise have a form printed after each change, without an end."""
    ivanov, petrova = filer(), operator()
    case_id = asked(ivanov, petrova, ("topic", "object", "Другой адрес"))
    form_actions.ask_form(case_id, by=ivanov.actor, at=clock.now())
    printed(FORM)
    files = stored_files()
    changed = home_form(queries.day_of(clock.now()), place=["п. Калиново, ул. Полевая, 7"])
    draft_actions.save_topic(case_id, "object", changed, by=ivanov.actor, at=clock.now())
    form_actions.ask_form(case_id, by=ivanov.actor, at=clock.now())
    assert "Полевая" in text_of(printed(FORM))
    assert db.session.query(CaseDocument).filter_by(kind=FORM).count() == 1
    assert len(stored_files()) == len(files)


def test_nothing_is_printed_into_the_archive(context: Flask) -> None:
    ivanov = filer()
    case_id = submit_draft(ivanov)
    case_of(case_id).archived_at = clock.now()
    db.session.commit()
    with pytest.raises(Conflict):
        form_actions.ask_form(case_id, by=ivanov.actor, at=clock.now())


def test_one_person_does_not_fill_the_queue_of_the_printer(context: Flask) -> None:
    ivanov = filer()
    drafts = [make_draft(ivanov) for _ in range(MOST_WAITING + 1)]
    for case_id in drafts[:MOST_WAITING]:
        form_actions.ask_form(case_id, by=ivanov.actor, at=clock.now())
    with pytest.raises(Conflict):
        form_actions.ask_form(drafts[-1], by=ivanov.actor, at=clock.now())
    printed(FORM)
    form_actions.ask_form(drafts[-1], by=ivanov.actor, at=clock.now())


def test_a_printed_form_does_not_go_over_to_another_applicant(context: Flask) -> None:
    ivanov = filer()
    firm = add_firm(ivanov)
    case_id = complete_draft(ivanov)
    form_actions.ask_form(case_id, by=firm.actor, at=clock.now())
    printed(FORM)
    assert firm.applicant_id is not None
    draft_actions.change_applicant(case_id, firm.applicant_id, by=firm.actor, at=clock.now())
    assert db.session.query(CaseDocument).filter_by(kind=FORM).count() == 0
    assert db.session.query(Rendering).count() == 0


def test_the_form_is_for_the_applicants_side_and_for_a_company_that_sees_the_answers(context: Flask) -> None:
    ivanov, petrova, other = filer(), operator(), filer("Петров")
    seller = supplier_person()
    assert seller.actor.supplier_id is not None
    draft = make_draft(ivanov)
    sent = submit_draft(ivanov, supplier=[str(seller.actor.supplier_id)], contract_kind=["supply"])
    assert shown_form(ivanov.actor, draft).id == draft and shown_form(petrova.actor, sent).id == sent
    for actor, case_id, error in (
        (petrova.actor, draft, NotFound),
        (other.actor, sent, NotFound),
        (seller.actor, sent, Forbidden),
    ):
        with pytest.raises(error):
            shown_form(actor, case_id)
        with pytest.raises(error):
            form_actions.ask_form(case_id, by=actor, at=clock.now())
    form_actions.ask_form(sent, by=ivanov.actor, at=clock.now())
    printed(FORM), printed(RECEIPT)
    kinds = {one.kind for one in documents_of(case_of(sent), seller.actor)}
    assert kinds and not {FORM, RECEIPT} & kinds
    assert {FORM, RECEIPT} <= {one.kind for one in documents_of(case_of(sent), petrova.actor)}
    assert form_now(case_of(sent), petrova.actor, queries.day_of(clock.now()))["signer"]


def test_every_sending_gives_a_receipt_with_its_files_and_their_hashes(context: Flask) -> None:
    ivanov, petrova = filer(), operator()
    case_id = submit_draft(ivanov)
    snapshot = db.session.query(CaseSnapshot).one()
    words = text_of(printed(RECEIPT))
    for one in snapshot.documents:
        assert one["name"] in words and grouped_hash(one["sha256"]) in words
    for told in ("Расписка о приеме заявки", f"№ {case_id}", f"№ {snapshot.id}", "МСК", "15 кВт", "СНИЛС"):
        assert told in words, words
    register_case(case_id, petrova)
    decision_actions.accept(case_id, by=petrova.actor, at=clock.now())
    decision_actions.request_fixes(case_id, [("document", "plan", "")], "", by=petrova.actor, at=clock.now())
    file_actions.add_files(case_id, "plan", [pdf("новый")], by=ivanov.actor, at=clock.now())
    actions.send_fixes(case_id, "", by=ivanov.actor, at=clock.now())
    words = text_of(printed(RECEIPT))
    assert "Расписка о приеме исправлений" in words and "новый.pdf" in words
    receipts = [one for one in documents_of(case_of(case_id), ivanov.actor) if one.kind == RECEIPT]
    assert [one.side for one in receipts] == ["company", "company"]
    assert newest_made(case_of(case_id), RECEIPT).case_document_id == receipts[-1].id  # type: ignore[union-attr]


def test_a_refused_sending_asks_for_no_receipt(context: Flask) -> None:
    ivanov = filer()
    case_id = make_draft(ivanov)
    with pytest.raises(InvalidForm):
        actions.submit(case_id, by=ivanov.actor, at=clock.now())
    assert db.session.query(Rendering).count() == 0


def test_the_company_enters_what_the_form_says_and_the_applicant_is_shown_it(context: Flask) -> None:
    ivanov, petrova = filer(), operator()
    case_id = sent_by_form(ivanov)
    assert form_actions.enter_facts(case_id, FACTS, by=petrova.actor, at=clock.now()) == f"/cases/{case_id}"
    case = case_of(case_id)
    assert (case.place, case.watts, case.mode) == ("п. Калиново, ул. Лесная, 12", 7500, "A")
    assert case.facts == "≤15 кВт · постоянная схема · соответствует п. 14 Правил"
    assert (case.answers["rule_fits"], case.answers["supplier"]) == ("yes", "none")
    entry = db.session.query(JournalEntry).filter_by(kind="facts_entered").one()
    assert (entry.public, entry.actor_id) == (True, petrova.actor.user_id)
    assert [one.move for one in db.session.query(CaseSnapshot).order_by(CaseSnapshot.id)] == [
        "submit",
        "enter_facts",
    ]
    form_actions.enter_facts(case_id, FACTS, by=petrova.actor, at=clock.now())
    assert db.session.query(JournalEntry).filter_by(kind="facts_entered").count() == 1


def test_facts_are_refused_as_answers_are_and_nothing_is_kept_then(context: Flask) -> None:
    ivanov, petrova = filer(), operator()
    case_id = sent_by_form(ivanov)
    before = world()
    with pytest.raises(InvalidForm) as refused:
        form_actions.enter_facts(
            case_id, FACTS | {"power_new": ["много"]}, by=petrova.actor, at=clock.now(), key="k"
        )
    assert list(refused.value.errors) == ["power_new"] and world() == before


def test_facts_are_entered_by_staff_while_they_look_at_the_set(context: Flask) -> None:
    ivanov, petrova, other = filer(), operator(), filer("Петров")
    by_form, by_questionnaire = sent_by_form(ivanov), submit_draft(other)
    before = world()

    def refused(case_id: int, actor: Actor, error: type[Exception]) -> None:
        with pytest.raises(error):
            form_actions.enter_facts(case_id, FACTS, by=actor, at=clock.now())

    refused(by_form, ivanov.actor, Forbidden)
    refused(by_form, other.actor, NotFound)
    refused(by_questionnaire, petrova.actor, Conflict)
    assert world() == before


def test_who_enters_facts_of_a_case_that_has_changed_is_shown_what_is_new(context: Flask) -> None:
    ivanov, petrova = filer(), operator()
    case_id = sent_by_form(ivanov)
    seen = seen_now(case_of(case_id))
    register_case(case_id, petrova)
    with pytest.raises(CaseChanged):
        form_actions.enter_facts(case_id, FACTS, by=petrova.actor, at=clock.now(), seen=seen)


def test_the_set_is_complete_only_when_power_and_place_are_entered(context: Flask) -> None:
    ivanov, petrova = filer(), operator()
    case_id = sent_by_form(ivanov)
    register_case(case_id, petrova)
    decision_actions.accept(case_id, by=petrova.actor, at=clock.now())
    with pytest.raises(InvalidForm) as refused:
        decision_actions.complete(case_id, by=petrova.actor, at=clock.now())
    assert "внесите сведения из формы" in refused.value.errors[""][0]
    form_actions.enter_facts(case_id, FACTS, by=petrova.actor, at=clock.now())
    decision_actions.complete(case_id, by=petrova.actor, at=clock.now())
    assert case_of(case_id).status == "preparing_offer"


def test_corrections_of_entered_facts_are_compared_with_what_was_entered(context: Flask) -> None:
    ivanov, petrova = filer(), operator()
    case_id = sent_by_form(ivanov)
    register_case(case_id, petrova)
    decision_actions.accept(case_id, by=petrova.actor, at=clock.now())
    form_actions.enter_facts(case_id, FACTS, by=petrova.actor, at=clock.now())
    asked = [("topic", "object", "другой адрес")]
    decision_actions.request_fixes(case_id, asked, "", by=petrova.actor, at=clock.now())
    with pytest.raises(InvalidForm):
        actions.send_fixes(case_id, "", by=ivanov.actor, at=clock.now())
    mended = {"object_name": ["ВРУ"], "place": ["ул. Полевая, 7"], "cadastral_numbers": ["59:01:4410000:123"]}
    mended |= {"reason": ["new_construction"]}
    draft_actions.save_topic(case_id, "object", mended, by=ivanov.actor, at=clock.now())
    actions.send_fixes(case_id, "", by=ivanov.actor, at=clock.now())
    case = case_of(case_id)
    assert (case.status, case.place, case.watts, case.mode) == ("checking", "ул. Полевая, 7", 7500, "A")


def test_what_was_typed_on_the_other_road_is_not_sent(context: Flask) -> None:
    ivanov = filer()
    case_id = complete_draft(ivanov)
    form_actions.choose_road(case_id, by_form=True, by=ivanov.actor, at=clock.now())
    draft_actions.save_topic(case_id, "brief", BRIEF, by=ivanov.actor, at=clock.now())
    file_actions.add_files(case_id, "application", [pdf("форма")], by=ivanov.actor, at=clock.now())
    actions.submit(case_id, by=ivanov.actor, at=clock.now())
    assert set(case_of(case_id).answers) == {*BRIEF, "comment", "road"}
    assert db.session.query(CaseSnapshot).one().answers == case_of(case_id).answers
