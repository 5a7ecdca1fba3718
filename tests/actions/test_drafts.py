"""Drafts of an application: begun, filled in any order, shared, handed over, deleted."""

import json
from datetime import timedelta

import pytest
from flask import Flask

from app import clock
from app.accounts.models import Applicant
from app.accounts.text_queries import texts_to_accept
from app.cases import actions as case_actions
from app.cases.document_steps import MAX_FILES
from app.cases.models import Case, CaseDocument, Message
from app.connections import draft_actions, file_actions, queries
from app.documents.intake import Upload
from app.documents.models import Document, DocumentVersion
from app.errors import AlreadyDone, Conflict, Forbidden, InvalidForm, NotFound, Overtaken
from app.extensions import db
from app.journal.models import JournalEntry
from app.journal.queries import broken_links
from tests.application_world import (
    accept_texts,
    add_firm,
    colleague,
    complete_draft,
    filer,
    fill_topics,
    home_form,
    make_draft,
    pdf,
    stored_files,
    submit_draft,
    world,
)
from tests.case_world import operator, supplier_person


def case_of(case_id: int) -> Case:
    db.session.expire_all()
    return db.session.get_one(Case, case_id)


def test_a_new_draft_has_a_number_a_title_and_an_applicant_and_is_incomplete(context: Flask) -> None:
    ivanov = filer()
    case = case_of(make_draft(ivanov))
    assert case.id > 0 and case.number is None
    assert (case.kind, case.status, case.mover, case.incomplete) == (
        "application",
        "draft",
        "applicant",
        True,
    )
    assert (case.title, case.applicant_name) == ("Заявка на подключение", "Иванов Петр Григорьевич")


def test_nobody_begins_a_draft_for_somebody_elses_applicant(context: Flask) -> None:
    ivanov, sidorov = filer(), filer("Сидоров", snils="10289803962", email="s@example.org")
    assert sidorov.applicant_id is not None
    before = world()
    with pytest.raises(NotFound):
        draft_actions.create_draft(sidorov.applicant_id, by=ivanov.actor, at=clock.now())
    assert world() == before


def test_a_button_pressed_twice_makes_one_draft(context: Flask) -> None:
    ivanov = filer()
    assert ivanov.applicant_id is not None
    first = draft_actions.create_draft(ivanov.applicant_id, by=ivanov.actor, at=clock.now(), key="one")
    with pytest.raises(AlreadyDone) as done:
        draft_actions.create_draft(ivanov.applicant_id, by=ivanov.actor, at=clock.now(), key="one")
    assert done.value.url == f"/cases/{first}/form"
    assert db.session.query(Case).count() == 1


def test_a_second_application_knows_what_was_told_about_the_applicant(context: Flask) -> None:
    ivanov = filer()
    submit_draft(ivanov)
    answers = case_of(make_draft(ivanov)).answers
    assert answers["passport_number"] == "123456"
    assert answers["address"] == "614000, г. Пермь, ул. Ленина, 1"
    assert "place" not in answers and "comment" not in answers


def test_a_personal_account_of_the_profile_is_not_asked_again(context: Flask) -> None:
    ivanov = filer()
    db.session.get_one(Applicant, ivanov.applicant_id).personal_account = "4050120001"
    db.session.commit()
    answers = case_of(make_draft(ivanov)).answers
    assert (answers["account_known"], answers["account"]) == ("yes", "4050120001")


def test_the_senders_own_authority_is_not_carried_to_a_colleague(context: Flask) -> None:
    firm = add_firm(filer(), capacity="representative")
    first = make_draft(firm)
    form = {
        "authority_number": ["7"],
        "extract_number": ["ИЭ-1"],
        "address": ["г. Пермь"],
        "account_known": ["no"],
    }
    draft_actions.save_topic(first, "applicant", form, by=firm.actor, at=clock.now())
    own, other = case_of(make_draft(firm)).answers, case_of(make_draft(colleague(firm))).answers
    assert own["authority_number"] == "7" and "extract_number" not in own
    assert other["address"] == "г. Пермь" and "authority_number" not in other


def test_an_incomplete_topic_is_kept(context: Flask) -> None:
    ivanov = filer()
    case_id = make_draft(ivanov)
    form = {"place": ["п. Калиново, ул. Лесная, 12"], "reason": [""]}
    draft_actions.save_topic(case_id, "object", form, by=ivanov.actor, at=clock.now())
    case = case_of(case_id)
    assert case.answers == {"place": "п. Калиново, ул. Лесная, 12"} | {
        code: value for code, value in case.answers.items() if code == "cadastral_absent"
    }
    assert case.place == "п. Калиново, ул. Лесная, 12" and case.incomplete


def test_the_list_shows_facts_of_a_draft_and_that_it_is_complete(context: Flask) -> None:
    case = case_of(complete_draft(filer()))
    assert case.facts == "≤15 кВт · постоянная схема · соответствует п. 14 Правил"
    assert (case.watts, case.cadastral, case.incomplete) == (15_000, "59:01:4410000:123", False)
    assert case.mode == "" and case.supplier_id is None


def test_a_value_wrong_in_shape_is_refused_with_a_sentence_and_changes_nothing(context: Flask) -> None:
    ivanov = filer()
    case_id = make_draft(ivanov)
    before = world()
    form = {"power_new": ["пятнадцать"], "power_existing": ["0"]}
    with pytest.raises(InvalidForm) as refused:
        draft_actions.save_topic(case_id, "params", form, by=ivanov.actor, at=clock.now())
    assert list(refused.value.errors) == ["power_new"]
    assert world() == before


@pytest.mark.parametrize("bad", ["\x00", "a\ud800", "\u202e" * 3 + "\x07", "я" * 10_000, "\ufffd"])
def test_text_that_is_no_text_is_refused_alike_on_both_databases(context: Flask, bad: str) -> None:
    ivanov = filer()
    case_id = make_draft(ivanov)
    before = world()
    with pytest.raises(InvalidForm):
        draft_actions.save_topic(case_id, "object", {"place": [bad]}, by=ivanov.actor, at=clock.now())
    assert world() == before


def test_a_page_overtaken_by_another_window_does_not_overwrite_it(context: Flask) -> None:
    ivanov = filer()
    case_id = make_draft(ivanov)
    seen = queries.topic_mark("object", case_of(case_id).answers)
    now = clock.now()
    draft_actions.save_topic(case_id, "object", {"place": ["Лесная, 12"]}, by=ivanov.actor, at=now, seen=seen)
    with pytest.raises(Overtaken):
        draft_actions.save_topic(
            case_id, "object", {"place": ["Полевая, 7"]}, by=ivanov.actor, at=now, seen=seen
        )
    assert case_of(case_id).answers["place"] == "Лесная, 12"
    # Another topic is no obstacle.
    other = queries.topic_mark("type", {})
    draft_actions.save_topic(
        case_id, "type", {"connection_type": ["permanent"]}, by=ivanov.actor, at=now, seen=other
    )


def test_whoever_acts_for_the_applicant_may_go_on_with_the_draft(context: Flask) -> None:
    firm = add_firm(filer())
    case_id = make_draft(firm)
    draft_actions.save_topic(
        case_id, "object", {"place": ["Лесная, 12"]}, by=colleague(firm).actor, at=clock.now()
    )
    assert case_of(case_id).answers["place"] == "Лесная, 12"


def test_a_draft_does_not_exist_for_strangers_staff_and_suppliers(context: Flask) -> None:
    case_id = make_draft(filer())
    others = [filer("Сидоров", snils="10289803962", email="s@example.org"), operator(), supplier_person()]
    before = world()
    for person in others:
        for act in (
            lambda who: draft_actions.save_topic(case_id, "object", {"place": ["x"]}, by=who, at=clock.now()),
            lambda who: file_actions.add_files(case_id, "plan", [pdf("plan")], by=who, at=clock.now()),
            lambda who: draft_actions.delete_draft(case_id, by=who, at=clock.now()),
            lambda who: draft_actions.share_answers(case_id, True, by=who, at=clock.now()),
        ):
            with pytest.raises(NotFound):
                act(person.actor)
    assert world() == before


def test_staff_who_were_asked_still_change_nothing_in_a_draft(context: Flask) -> None:
    ivanov, petrova = filer(), operator()
    case_id = make_draft(ivanov)
    case_actions.send_message(
        case_id, "Какой план нужен?", (), channel="company", by=ivanov.actor, at=clock.now()
    )
    with pytest.raises(Forbidden):
        draft_actions.save_topic(case_id, "object", {"place": ["x"]}, by=petrova.actor, at=clock.now())
    with pytest.raises(Forbidden):
        draft_actions.delete_draft(case_id, by=petrova.actor, at=clock.now())


def test_a_sent_application_is_a_draft_no_more(context: Flask) -> None:
    ivanov = filer()
    case_id = submit_draft(ivanov)
    before = world()
    for act in (
        lambda: draft_actions.save_topic(case_id, "object", {}, by=ivanov.actor, at=clock.now()),
        lambda: file_actions.add_files(case_id, "plan", [pdf("other")], by=ivanov.actor, at=clock.now()),
        lambda: draft_actions.delete_draft(case_id, by=ivanov.actor, at=clock.now()),
        lambda: draft_actions.share_answers(case_id, True, by=ivanov.actor, at=clock.now()),
    ):
        with pytest.raises(Conflict):
            act()
    assert world() == before


def test_good_files_stay_and_each_refused_one_is_told_by_name(context: Flask) -> None:
    ivanov = filer()
    case_id = make_draft(ivanov)
    html = Upload("скан.pdf", pdf("x").stream.__class__(b"<html><script>alert(1)</script>"))
    archive = Upload("все.zip", pdf("x").stream.__class__(b"PK\x03\x04" + b"0" * 60))
    empty = Upload("пусто.pdf", pdf("x").stream.__class__(b""))
    taken = file_actions.add_files(
        case_id, "plan", [pdf("план"), html, archive, empty], by=ivanov.actor, at=clock.now()
    )
    assert taken.added == 1 and len(taken.refusals) == 3
    for name, sentence in zip(("скан.pdf", "все.zip", "пусто.pdf"), taken.refusals, strict=True):
        assert sentence.startswith(f"«{name}»: ")
    rows = db.session.query(CaseDocument).all()
    assert [(row.kind, row.title, row.side, row.sensitive) for row in rows] == [
        ("plan", "План", "applicant", False)
    ]
    assert stored_files() == [rows[0].version.storage_key]


def test_identity_papers_are_marked_sensitive_and_belong_to_the_applicant(context: Flask) -> None:
    ivanov = filer()
    case_id = make_draft(ivanov)
    file_actions.add_files(case_id, "identity", [pdf("паспорт")], by=ivanov.actor, at=clock.now())
    row = db.session.query(CaseDocument).one()
    assert row.sensitive and row.version.document.owner_applicant_id == ivanov.applicant_id


def test_the_same_file_twice_is_one_file_with_one_copy_on_the_disk(context: Flask) -> None:
    ivanov = filer()
    case_id = make_draft(ivanov)
    for uploads in ([pdf("план"), pdf("план", "копия.pdf")], [pdf("план")]):
        file_actions.add_files(case_id, "plan", uploads, by=ivanov.actor, at=clock.now())
    assert db.session.query(CaseDocument).count() == 1
    assert len(stored_files()) == 1


def test_the_fifty_first_file_is_refused_and_the_others_stay(context: Flask) -> None:
    ivanov = filer()
    case_id = make_draft(ivanov)
    uploads = [pdf(f"файл {number}") for number in range(MAX_FILES - 1)]
    file_actions.add_files(case_id, "other", uploads, by=ivanov.actor, at=clock.now())
    taken = file_actions.add_files(case_id, "plan", [pdf("a"), pdf("b")], by=ivanov.actor, at=clock.now())
    assert taken.added == 1
    assert taken.refusals == ["«b.pdf»: В одном обращении помещается 50 файлов, можно добавить еще 0."]
    assert len(stored_files()) == db.session.query(CaseDocument).count() == MAX_FILES


def test_a_hundred_files_at_once_are_told_what_fits(context: Flask) -> None:
    ivanov = filer()
    case_id = make_draft(ivanov)
    uploads = [pdf(f"файл {number}") for number in range(100)]
    taken = file_actions.add_files(case_id, "other", uploads, by=ivanov.actor, at=clock.now())
    assert (taken.added, len(taken.refusals)) == (50, 50)
    assert len(stored_files()) == 50


@pytest.mark.parametrize("kind", ["", "letter", "plan'", "../plan", "Plan"])
def test_a_kind_that_applicants_do_not_attach_is_unknown(context: Flask, kind: str) -> None:
    ivanov = filer()
    case_id = make_draft(ivanov)
    before = world()
    with pytest.raises(NotFound):
        file_actions.add_files(case_id, kind, [pdf("план")], by=ivanov.actor, at=clock.now())
    assert world() == before


def test_a_removed_file_leaves_neither_row_nor_bytes_and_makes_the_draft_incomplete(context: Flask) -> None:
    ivanov = filer()
    case_id = complete_draft(ivanov)
    plan = db.session.query(CaseDocument).filter_by(kind="plan").one()
    assert file_actions.remove_file(case_id, plan.id, by=ivanov.actor, at=clock.now()) == "plan"
    assert db.session.query(CaseDocument).filter_by(kind="plan").count() == 0
    versions = db.session.query(DocumentVersion).all()
    assert stored_files() == sorted(version.storage_key for version in versions)
    assert case_of(case_id).incomplete


def test_a_file_of_another_case_cannot_be_removed_through_ones_own(context: Flask) -> None:
    ivanov, sidorov = filer(), filer("Сидоров", snils="10289803962", email="s@example.org")
    own, foreign = make_draft(ivanov), complete_draft(sidorov)
    target = db.session.query(CaseDocument).filter_by(case_id=foreign).first()
    assert target is not None
    target_id, before = target.id, world()
    with pytest.raises(NotFound):
        file_actions.remove_file(own, target_id, by=ivanov.actor, at=clock.now())
    assert world() == before


def test_another_applicant_takes_the_draft_over_without_the_papers_of_the_former(context: Flask) -> None:
    ivanov = filer()
    both = add_firm(ivanov)
    assert both.applicant_id is not None
    case_id = complete_draft(ivanov)
    assert draft_actions.change_applicant(case_id, both.applicant_id, by=both.actor, at=clock.now())
    case = case_of(case_id)
    assert case.applicant_name == "ООО «Энергия»" and case.incomplete
    assert "passport_number" not in case.answers and "address" not in case.answers
    assert case.answers["place"] == "п. Калиново, ул. Лесная, 12"
    kept = db.session.query(CaseDocument).all()
    assert {row.kind for row in kept} == {"plan", "title"}
    assert {row.version.document.owner_applicant_id for row in kept} == {both.applicant_id}
    assert len(stored_files()) == 2 == db.session.query(Document).count()


def test_a_draft_is_not_handed_to_an_applicant_one_does_not_act_for(context: Flask) -> None:
    ivanov, sidorov = filer(), filer("Сидоров", snils="10289803962", email="s@example.org")
    case_id = complete_draft(ivanov)
    assert sidorov.applicant_id is not None
    before = world()
    with pytest.raises(NotFound):
        draft_actions.change_applicant(case_id, sidorov.applicant_id, by=ivanov.actor, at=clock.now())
    assert world() == before


def test_a_representative_has_to_bring_the_authority(context: Flask) -> None:
    firm = add_firm(filer(), capacity="representative")
    case_id = make_draft(firm)
    found = queries.dossier(case_of(case_id), firm.actor, queries.day_of(clock.now()))
    assert "authority" in {item.kind.code for item in found.items if item.required}
    head = add_firm(filer("Петров", snils="10289803962", email="p@example.org"), ogrn="1027700132195")
    other = queries.dossier(case_of(make_draft(head)), head.actor, queries.day_of(clock.now()))
    assert "authority" not in {item.kind.code for item in other.items}


def test_showing_the_questionnaire_is_written_down_and_can_be_taken_back(context: Flask) -> None:
    ivanov = filer()
    case_id = make_draft(ivanov)
    draft_actions.share_answers(case_id, True, by=ivanov.actor, at=clock.now())
    assert case_of(case_id).answers_shared
    draft_actions.share_answers(case_id, False, by=ivanov.actor, at=clock.now())
    assert not case_of(case_id).answers_shared
    kinds = [entry.kind for entry in db.session.query(JournalEntry).filter_by(case_id=case_id)]
    assert kinds == ["answers_shared", "answers_hidden"]


def test_a_deleted_draft_leaves_only_its_number_in_the_journal(context: Flask) -> None:
    ivanov = filer()
    operator()
    case_id = complete_draft(ivanov)
    case_actions.send_message(
        case_id, "Какой план нужен?", [pdf("набросок")], channel="company", by=ivanov.actor, at=clock.now()
    )
    draft_actions.delete_draft(case_id, by=ivanov.actor, at=clock.now())
    assert db.session.get(Case, case_id) is None
    for table in (CaseDocument, DocumentVersion, Document, Message):
        assert db.session.query(table).count() == 0, table
    assert stored_files() == []
    entry = db.session.query(JournalEntry).filter_by(kind="draft_deleted").one()
    assert (entry.chain, entry.case_id, entry.body) == ("site", None, {"number": case_id})
    assert list(broken_links()) == []


def test_deleting_twice_with_one_button_is_one_deletion(context: Flask) -> None:
    ivanov = filer()
    case_id = make_draft(ivanov)
    draft_actions.delete_draft(case_id, by=ivanov.actor, at=clock.now(), key="del")
    with pytest.raises(AlreadyDone):
        draft_actions.delete_draft(case_id, by=ivanov.actor, at=clock.now(), key="del")
    with pytest.raises(NotFound):
        draft_actions.delete_draft(case_id, by=ivanov.actor, at=clock.now(), key="other")


def test_the_number_of_a_deleted_draft_is_never_given_again(context: Flask) -> None:
    ivanov = filer()
    case_id = make_draft(ivanov)
    draft_actions.delete_draft(case_id, by=ivanov.actor, at=clock.now())
    assert make_draft(ivanov) > case_id


def test_a_draft_that_lay_for_months_asks_again_for_terms_that_have_passed(context: Flask) -> None:
    ivanov, now = filer(), clock.now()
    case_id = make_draft(ivanov)
    today = queries.day_of(now)
    fill_topics(case_id, ivanov, home_form(today, commissioning_month=[f"{today:%m.%Y}"]), at=now)
    later = queries.dossier(case_of(case_id), ivanov.actor, queries.day_of(now + timedelta(days=100)))
    assert "commissioning_month" in {gap.field for gap in queries.gaps_of(later)}


def test_answers_are_kept_as_plain_json(context: Flask) -> None:
    answers = case_of(complete_draft(filer())).answers
    assert json.loads(json.dumps(answers)) == answers


def test_accepting_the_texts_twice_is_no_harm(context: Flask) -> None:
    ivanov = filer()
    accept_texts(ivanov)
    assert texts_to_accept(ivanov.id) == []
