"""Statuses in own words and documents of the company: told to the applicant, moving nothing."""

from io import BytesIO

import pytest
from flask import Flask

from app import clock, gateways
from app.actor import Actor
from app.cases.models import Case, CaseDocument, CaseMark
from app.cases.queries import documents_of, visible_case
from app.cases.staff_actions import add_status_line, post_documents
from app.cases.timeline import past
from app.company.models import DocumentKind
from app.documents.intake import Upload
from app.errors import AlreadyDone, Forbidden, InvalidForm, NotFound
from app.extensions import db
from app.journal.models import JournalEntry
from app.notifications.models import OutboxRow
from app.transaction import transaction
from tests.case_world import PDF, Person, applicant, draft, operator, register_case, sent
from tests.unchanged import unchanged


def paper(name: str = "Письмо.pdf", content: bytes = PDF) -> Upload:
    return Upload(name, BytesIO(content))


def say(case_id: int, who: Person, text: str = "Выезд на место назначен", **rest: str) -> None:
    add_status_line(case_id, text, by=who.actor, at=clock.now(), **rest)


def post(case_id: int, who: Person, *uploads: Upload, kind: str = "letter", **rest: object) -> None:
    post_documents(case_id, uploads, kind=kind, by=who.actor, at=clock.now(), **rest)  # type: ignore[arg-type]


def sentences(case_id: int, *, for_staff: bool) -> list[str]:
    case = db.session.get_one(Case, case_id)
    return [line.sentence for line in past(case, for_staff=for_staff)]


def test_a_status_in_own_words_stands_in_the_timeline_and_moves_nothing(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case_id = sent(ivanov)
    before = db.session.get_one(Case, case_id)
    stood = (before.status, before.mover, before.due_on)
    say(case_id, office)
    after = db.session.get_one(Case, case_id)
    assert (after.status, after.mover, after.due_on) == stood
    assert sentences(case_id, for_staff=False) == [
        "Заявка создана и отправлена в сетевую",
        "Выезд на место назначен",
    ]


def test_the_applicant_gets_a_letter_and_a_mark_for_a_status(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case_id = sent(ivanov)
    say(case_id, office)
    letter = db.session.query(OutboxRow).one()
    assert letter.subject == "Добавлен статус: Выезд на место назначен"
    mark = db.session.query(CaseMark).one()
    assert (mark.user_id, mark.kind, mark.side) == (ivanov.id, "status", "company")


@pytest.mark.parametrize("text", ["", "  ", "\u200b", "я" * 301, "а\x00б", "\ufffd"])
def test_an_unusable_status_is_refused_at_its_field(app: Flask, context: Flask, text: str) -> None:
    office, case_id = operator(), sent(applicant())
    with unchanged(app), pytest.raises(InvalidForm) as refused:
        say(case_id, office, text)
    assert refused.value.errors["status"][0].startswith("Статус")


def test_a_status_is_one_line(context: Flask) -> None:
    office, case_id = operator(), sent(applicant())
    say(case_id, office, "Выезд\r\nBcc: кому-то\n  назначен")
    assert sentences(case_id, for_staff=False)[-1] == "Выезд Bcc: кому-то назначен"


def test_a_document_of_the_company_is_posted_with_its_kind_as_title(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case_id = sent(ivanov)
    post(case_id, office, paper())
    found = documents_of(visible_case(ivanov.actor, case_id), ivanov.actor)
    assert [(one.side, one.kind, one.title, one.version.file_name) for one in found] == [
        ("company", "letter", "Письмо", "Письмо.pdf")
    ]
    letter = db.session.query(OutboxRow).one()
    assert letter.kind == "document-posted" and "размещен документ: Письмо" in letter.body
    assert sentences(case_id, for_staff=False)[-1] == "Размещен документ: Письмо"
    assert db.session.query(CaseMark).one().kind == "status"


def test_a_title_of_ones_own_is_kept_and_another_paper_goes_by_its_files_name(context: Flask) -> None:
    office, case_id = operator(), sent(applicant())
    post(case_id, office, paper(), title=" Ответ  на запрос ")
    post(case_id, office, paper("схема.pdf", PDF + b"2"), kind="other")
    titles = [one.title for one in db.session.query(CaseDocument).order_by(CaseDocument.id)]
    assert titles == ["Ответ на запрос", "схема.pdf"]


def test_an_internal_document_is_seen_by_staff_alone_and_tells_nobody(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case_id = sent(ivanov)
    before = db.session.get_one(Case, case_id).updated_at
    post(case_id, office, paper(), internal=True)
    case = visible_case(ivanov.actor, case_id)
    assert documents_of(case, ivanov.actor) == [] and len(documents_of(case, office.actor)) == 1
    assert case.updated_at == before
    assert db.session.query(OutboxRow).count() == db.session.query(CaseMark).count() == 0
    assert "Размещен документ: Письмо" not in sentences(case_id, for_staff=False)
    assert "Размещен документ: Письмо" in sentences(case_id, for_staff=True)


@pytest.mark.parametrize("kind", ["", "identity", "letter'--", "message"])
def test_a_kind_that_the_company_does_not_post_is_refused(app: Flask, context: Flask, kind: str) -> None:
    office, case_id = operator(), sent(applicant())
    with unchanged(app), pytest.raises(InvalidForm) as refused:
        post(case_id, office, paper(), kind=kind)
    assert refused.value.errors == {"kind": ["Выберите вид документа из списка."]}


def test_a_kind_that_the_office_has_added_is_posted_until_it_is_hidden(context: Flask) -> None:
    office, case_id = operator(), sent(applicant())
    with transaction():
        db.session.add(DocumentKind(code="own-1", title="Технические условия"))
    post(case_id, office, paper(), kind="own-1")
    assert db.session.query(CaseDocument).one().title == "Технические условия"
    with transaction():
        db.session.query(DocumentKind).one().active = False
    with pytest.raises(InvalidForm):
        post(case_id, office, paper(content=PDF + b"2"), kind="own-1")


def test_posting_nothing_or_something_unusable_is_refused(app: Flask, context: Flask) -> None:
    office, case_id = operator(), sent(applicant())
    with unchanged(app):
        with pytest.raises(InvalidForm) as nothing:
            post(case_id, office)
        with pytest.raises(InvalidForm) as wrong:
            post(case_id, office, paper("письмо.html", b"<html>"))
        with pytest.raises(InvalidForm) as long:
            post(case_id, office, paper(), title="я" * 201)
    assert nothing.value.errors == {"files": ["Выберите хотя бы один файл."]}
    assert "письмо.html" in wrong.value.errors["files"][0]
    assert long.value.errors["title"][0].startswith("Название: не больше 200")


def test_the_same_file_is_not_posted_twice_and_leaves_no_second_copy_on_the_disk(context: Flask) -> None:
    office, case_id = operator(), sent(applicant())
    post(case_id, office, paper())
    with pytest.raises(InvalidForm) as again:
        post(case_id, office, paper())
    assert again.value.errors == {"files": ["Этот файл уже размещен в обращении."]}
    post(case_id, office, paper(), paper("Второе.pdf", PDF + b"2"))
    root = gateways.current().files.root
    on_disk = {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}
    assert on_disk == {one.version.storage_key for one in db.session.query(CaseDocument)}
    assert len(on_disk) == 2


def test_pressing_twice_posts_once(context: Flask) -> None:
    office, case_id = operator(), sent(applicant())
    say(case_id, office, key="a-button")
    with pytest.raises(AlreadyDone):
        say(case_id, office, key="a-button")
    assert db.session.query(JournalEntry).filter_by(kind="status_line").count() == 1


def test_only_the_company_acts_and_only_on_sent_cases_of_others(app: Flask, context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case_id, unsent = sent(ivanov), draft(ivanov)
    own = Person(Actor(ivanov.id, "Иванов", office.actor.roles, ivanov.actor.applicant_ids))
    with unchanged(app):
        for case, who, kind in (
            (case_id, ivanov, Forbidden),
            (case_id, own, Forbidden),
            (unsent, office, NotFound),
        ):
            with pytest.raises(kind):
                say(case, who)
            with pytest.raises(kind):
                post(case, who, paper())


def test_staff_see_who_of_them_did_what(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case_id = sent(ivanov)
    register_case(case_id, office, number="299")
    case = db.session.get_one(Case, case_id)
    line = past(case, for_staff=True)[-1]
    assert (line.sentence, line.who, line.person) == (
        "Присвоен регистрационный номер: 299",
        "ООО «Калиновские Электрические Сети»",
        "Петрова А. И.",
    )
    assert past(case, for_staff=False)[-1].person == ""
