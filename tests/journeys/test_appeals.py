"""Appeals on the running site, without scripts and as parts of pages: written, sent, numbered, answered, found again."""

from flask import Flask

from app import clock
from app.accounts.models import UserApplicant
from app.appeals.forms import CHOOSE_AGAIN
from app.cases import staff_actions
from app.cases.models import Case, Message
from app.company.models import AppealTopic, Supplier
from app.extensions import db
from app.notifications.models import OutboxRow
from app.transaction import transaction
from tests.appeal_world import QUESTION, REPLY, TOPIC, appeal_to, make_appeal
from tests.browser import BASE, Browser, Page, file
from tests.case_world import (
    PDF,
    Person,
    applicant,
    ended,
    operator,
    sent,
    signed_in,
    supplier_person,
)
from tests.factories import actor_of, make_user
from tests.unchanged import unchanged

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial", "Referer": BASE + "/"}
FORM = "/cases/new/message"


def people(app: Flask) -> tuple[Person, Person]:
    with app.app_context():
        return applicant(), operator()


def fill(browser: Browser, page: Page | None = None, **changes: object) -> Page:
    good = {"topic": "own", "own_topic": TOPIC, "text": QUESTION}
    return browser.send(page or browser.open(FORM), FORM, **{**good, **changes})


def last_case(app: Flask) -> Case:
    with app.app_context():
        return db.session.query(Case).order_by(Case.id.desc()).first()  # type: ignore[return-value]


def panel(page: Page, name: str) -> str:
    found = page.soup.find(id=name)
    return " ".join(found.get_text(" ").split()) if found else ""


def named_application(person: Person, supplier: Person) -> int:
    name = db.session.get_one(Supplier, supplier.actor.supplier_id).name
    return sent(person, supplier_id=supplier.actor.supplier_id, supplier_name=name)


def test_an_appeal_is_written_sent_numbered_answered_and_archived(app: Flask) -> None:
    ivanov, office = people(app)
    mine, clerk = signed_in(app, ivanov), signed_in(app, office)
    begin = mine.open("/cases/new")
    assert "Обращение Оставьте заявку, отзыв или задайте вопрос" in begin.text
    form = mine.open(begin.link("Обращение"))
    assert form.soup.h1.get_text() == "Сообщение в сетевую организацию"
    page = fill(mine, form, files=[file(PDF, "договор.pdf")])
    case = last_case(app)
    assert page.path == f"/cases/{case.id}"
    assert "Сообщение успешно создано и отправлено в сетевую организацию." in page.text
    assert f"№ {case.id} Сообщение к ООО «Калиновские Электрические Сети»" in page.text
    assert f"Тема {TOPIC}" in panel(page, "appeal")
    assert QUESTION in panel(page, "messages") and "договор.pdf" in panel(page, "messages")
    assert "Отменить отправку" not in page.text, "the message is the appeal itself"

    seen = clerk.open(f"/cases/{case.id}")
    assert "Написал Иванов Петр Григорьевич" in panel(seen, "appeal")
    assert "Неподтвержденная учетная запись" in panel(seen, "appeal")
    assert [seen.link(words) for words in ("Присвоить номер", "Ответить")] == [
        f"/cases/{case.id}/register",
        f"/cases/{case.id}/reply",
    ]
    clerk.send(clerk.open(f"/cases/{case.id}/register"), "/register", number="899")
    seen = clerk.send(clerk.open(f"/cases/{case.id}/start"), "/start")
    assert "Сообщение взято в работу." in seen.text
    form = clerk.open(f"/cases/{case.id}/reply")
    assert QUESTION in panel(form, "reply"), "what is answered stands over the answer"
    seen = clerk.send(form, "/reply", reply=REPLY)
    assert "Ответ отправлен." in seen.text and "Дан ответ" in panel(seen, "timeline")
    assert "Отменить отправку" not in seen.text, "an answer moves the appeal and stays"

    page = mine.open(f"/cases/{case.id}")
    assert "Новое сообщение от Сетевой" in page.text and REPLY in panel(page, "messages")
    assert "Регистрационный номер: 899" in page.text
    clerk.send(clerk.open(f"/cases/{case.id}/archive"), "/archive")
    archived = mine.open(f"/cases/{case.id}")
    assert "В архиве" in archived.text and not archived.soup.find("textarea")


def test_an_answered_appeal_is_taken_into_work_again(app: Flask) -> None:
    ivanov, office = people(app)
    with app.app_context():
        case_id = appeal_to(ivanov, office, "answered")
    clerk = signed_in(app, office)
    page = clerk.send(clerk.open(clerk.open(f"/cases/{case_id}").link("Вернуть в работу")), "/reopen")
    assert "Сообщение возвращено в работу." in page.text and "Ответить" in panel(page, "next")


def test_the_form_offers_the_topics_of_the_office_and_whom_one_may_address(app: Flask) -> None:
    ivanov, _ = people(app)
    with app.app_context():
        sbyt = supplier_person()
        supplier_person("ООО «Электроторг»", email="torg@example.org")
        about = named_application(ivanov, sbyt)
        topics = [one.title for one in db.session.query(AppealTopic).order_by(AppealTopic.position)]
    page = signed_in(app, ivanov).open(FORM)
    offered = [one.get_text() for one in page.soup.select("#f-topic option")]
    assert offered == ["Выберите тему", *topics, "Другая тема"]
    recipients = page.soup.find("legend", string="Выберите получателя сообщения").parent.get_text(" ")
    assert "ООО «Калиновские Электрические Сети»" in recipients
    assert "АО «Энергосбыт»" in recipients and f"Указан в заявке №\u00a0{about}" in recipients
    assert "Электроторг" not in recipients
    assert page.value_of("recipient") == "company"


def test_without_a_list_of_topics_one_writes_the_topic(app: Flask) -> None:
    ivanov, _ = people(app)
    with app.app_context(), transaction():
        db.session.query(AppealTopic).update({"active": False})
    browser = signed_in(app, ivanov)
    page = browser.open(FORM)
    assert page.soup.find(id="f-topic") is None
    refused = fill(browser, page, topic=None, own_topic="")
    assert refused.error_of("own_topic").endswith("Тема: заполните это поле.")
    fill(browser, page, topic=None)
    assert last_case(app).topic == TOPIC


def test_whoever_acts_for_several_says_for_whom_they_write(app: Flask) -> None:
    with app.app_context():
        user_id = make_user("legal_entity")
        first = actor_of(user_id).applicant_ids
        other = applicant("Соседов", snils="10289803962")
        with transaction():
            db.session.add(
                UserApplicant(user_id=user_id, applicant_id=other.applicant_id, capacity="representative")
            )
        person = Person(actor_of(user_id), min(first))
    browser = signed_in(app, person)
    page = browser.open(FORM)
    assert "От имени кого создается обращение" in page.text and page.value_of("applicant") == ""
    refused = fill(browser, page)
    assert refused.status == 422
    assert refused.error_of("applicant").endswith("Выберите, от имени кого создается обращение.")
    fill(browser, refused, applicant=str(other.applicant_id))
    assert last_case(app).applicant_name == "Соседов Петр Григорьевич"


def test_a_refused_form_keeps_what_was_typed_and_says_that_files_are_lost(app: Flask) -> None:
    ivanov, _ = people(app)
    browser = signed_in(app, ivanov)
    page = browser.open(FORM)
    with unchanged(app, but=("sessions",)):
        refused = fill(browser, page, topic="", own_topic="", files=[file(PDF, "договор.pdf")])
    assert refused.status == 422 and refused.title.startswith("Ошибка: ")
    assert refused.value_of("text") == QUESTION
    assert refused.error_of("topic").endswith("Выберите тему из списка или напишите свою.")
    assert refused.error_of("files").endswith(CHOOSE_AGAIN)
    summary = [link["href"] for link in refused.soup.select("#errors a")]
    assert summary == ["#f-topic", "#f-files"]
    assert all(refused.soup.find(id=href[1:]) for href in summary)


def test_the_part_of_the_page_is_the_form_that_the_page_includes(app: Flask) -> None:
    ivanov, _ = people(app)
    browser = signed_in(app, ivanov)
    whole = browser.open(FORM)
    part = Page(browser.client.get(FORM, base_url=BASE, headers=HTMX))
    assert part.soup.find("html") is None and part.response.headers["Cache-Control"] == "no-store"
    assert part.soup.find(True)["id"] == "appeal-form"
    assert bare(whole.soup.find(id="appeal-form")) == bare(part.soup.find(id="appeal-form"))


def bare(tag: object) -> str:
    """The markup without what differs at every printing."""
    for one in tag.find_all("input", type="hidden"):  # type: ignore[attr-defined]
        one["value"] = ""
    return " ".join(str(tag).split())


def test_as_a_part_a_refused_form_stands_in_for_itself_and_a_sent_one_leads_to_the_appeal(app: Flask) -> None:
    ivanov, _ = people(app)
    browser = signed_in(app, ivanov)
    token = browser.open(FORM).value_of("csrf_token")
    good = {"csrf_token": token, "recipient": "company", "own_topic": TOPIC, "text": QUESTION}
    refused = browser.client.post(FORM, base_url=BASE, headers=HTMX, data={**good, "text": ""})
    page = Page(refused)
    assert page.status == 422 and page.soup.find("main") is None
    assert page.error_of("text") and page.value_of("own_topic") == TOPIC
    assert page.soup.find("title").get_text().startswith("Ошибка: ")
    done = browser.client.post(FORM, base_url=BASE, headers=HTMX, data=good)
    assert (done.status_code, done.headers["HX-Redirect"]) == (204, f"/cases/{last_case(app).id}")
    assert "Сообщение успешно создано" in browser.open(done.headers["HX-Redirect"]).text


def test_the_second_press_of_the_button_leads_to_the_first_appeal(app: Flask) -> None:
    ivanov, _ = people(app)
    browser = signed_in(app, ivanov)
    page = browser.open(FORM)
    first = fill(browser, page)
    assert fill(browser, page).path == first.path
    with app.app_context():
        assert db.session.query(Case).count() == 1


def test_an_appeal_may_be_begun_from_an_application(app: Flask) -> None:
    ivanov, _ = people(app)
    with app.app_context():
        about, foreign = sent(ivanov), sent(applicant("Соседов", snils="10289803962"))
    browser = signed_in(app, ivanov)
    page = browser.open(f"{FORM}?about={about}")
    assert page.value_of("about") == str(about)
    sent_page = fill(browser, page)
    assert sent_page.link("п. Калиново") == f"/cases/{about}"
    foreign_page = browser.open(f"{FORM}?about={foreign}")
    assert foreign_page.value_of("about") == "" and f"№\u00a0{foreign}" not in foreign_page.html
    refused = fill(browser, page, about=str(foreign))
    assert refused.status == 422 and "Это не заявка того" in refused.error_of("about")


def test_a_supplier_reads_and_answers_what_is_addressed_to_them_and_the_company_does_not(app: Flask) -> None:
    ivanov, office = people(app)
    with app.app_context():
        sbyt = supplier_person()
        named_application(ivanov, sbyt)
        case_id = appeal_to(ivanov, sbyt, "registered")
    for path in ("", "/reply", "/start", "/messages", "/documents"):
        assert signed_in(app, office).open(f"/cases/{case_id}{path}").status == 404
    clerk = signed_in(app, sbyt)
    page = clerk.open(f"/cases/{case_id}")
    assert "Сейчас ваш ход" in panel(page, "next") and QUESTION in panel(page, "messages")
    assert "Написал Иванов Петр Григорьевич" in panel(page, "appeal")
    assert "Учетная запись" not in panel(page, "appeal")
    clerk.send(clerk.open(f"/cases/{case_id}/reply"), "/reply", reply=REPLY)
    mine = signed_in(app, ivanov).open(f"/cases/{case_id}")
    assert "Новое сообщение от ГП" in mine.text and REPLY in panel(mine, "messages")
    assert "Сообщение к АО «Энергосбыт»" in mine.text


def test_an_answer_without_words_comes_back_with_its_sentence(app: Flask) -> None:
    ivanov, office = people(app)
    with app.app_context():
        case_id = appeal_to(ivanov, office, "new")
    clerk = signed_in(app, office)
    page = clerk.open(f"/cases/{case_id}/reply")
    with unchanged(app, but=("sessions",)):
        refused = clerk.send(page, "/reply", reply=" ")
    assert refused.status == 422 and refused.error_of("reply").endswith("Напишите ответ.")


def test_an_answer_to_what_has_changed_unseen_keeps_the_words_and_tells_what_is_new(app: Flask) -> None:
    ivanov, office = people(app)
    with app.app_context():
        case_id = appeal_to(ivanov, office, "new")
    clerk = signed_in(app, office)
    page = clerk.open(f"/cases/{case_id}/reply")
    with app.app_context():
        staff_actions.register(case_id, "899", by=office.actor, at=clock.now())
    late = clerk.send(page, "/reply", reply=REPLY)
    assert late.status == 409 and late.value_of("reply") == REPLY
    assert "Присвоен регистрационный номер: 899" in late.text
    assert "Ответ отправлен." in clerk.send(late, "/reply").text


def test_the_answer_as_a_part_renews_the_page_below_the_dialog(app: Flask) -> None:
    ivanov, office = people(app)
    with app.app_context():
        case_id = appeal_to(ivanov, office, "new")
    clerk = signed_in(app, office)
    here = HTMX | {"HX-Current-URL": f"{BASE}/cases/{case_id}"}
    part = Page(clerk.client.get(f"/cases/{case_id}/reply", base_url=BASE, headers=here))
    assert part.soup.find("html") is None and part.soup.find(id="reply") is not None
    data = {name: part.value_of(name) for name in ("csrf_token", "action_key", "seen")}
    done = Page(
        clerk.client.post(
            f"/cases/{case_id}/reply", base_url=BASE, headers=here, data={**data, "reply": REPLY}
        )
    )
    assert done.status == 200 and done.response.headers["HX-Trigger"] == "dialog-close"
    assert "Ответ отправлен." in done.html and "Дан ответ" in done.html


def test_the_forms_of_appeals_are_for_applicants_and_their_answers_for_the_office(app: Flask) -> None:
    ivanov, office = people(app)
    with app.app_context():
        case_id = make_appeal(ivanov)
        stranger = applicant("Соседов", snils="10289803962")
    assert signed_in(app, office).open(FORM).status == 403
    assert signed_in(app, ivanov).open(f"/cases/{case_id}/reply").status == 403
    assert signed_in(app, stranger).open(f"/cases/{case_id}").status == 404


def test_what_people_type_into_a_topic_is_shown_as_text(app: Flask) -> None:
    ivanov, office = people(app)
    evil = '<img src=x onerror="alert(1)"> {{ 7*7 }}'
    page = fill(signed_in(app, ivanov), own_topic=evil)
    case_id = last_case(app).id
    for shown in (
        page,
        signed_in(app, office).open(f"/cases/{case_id}"),
        signed_in(app, office).open("/cases"),
    ):
        assert evil in shown.text and shown.soup.find("img", src="x") is None
    with app.app_context():
        assert evil in db.session.query(OutboxRow).first().body  # type: ignore[union-attr]


def test_a_body_of_files_goes_through_and_the_message_is_one(app: Flask) -> None:
    ivanov, _ = people(app)
    browser = signed_in(app, ivanov)
    big = PDF + b"\n%" + b"x" * 1_000_000
    page = fill(browser, text="", files=[file(big, "большой.pdf"), file(PDF, "второй.pdf")])
    assert "большой.pdf" in panel(page, "messages") and "второй.pdf" in panel(page, "messages")
    with app.app_context():
        assert db.session.query(Message).count() == 1


def test_an_archived_application_shows_its_applicant_where_to_ask(app: Flask) -> None:
    ivanov, office = people(app)
    with app.app_context():
        case_id = ended(ivanov)
        staff_actions.move_to_archive(case_id, by=office.actor, at=clock.now())
        open_case = sent(ivanov)
    browser = signed_in(app, ivanov)
    form = browser.open(browser.open(f"/cases/{case_id}").link("Создать обращение по этой заявке"))
    assert form.value_of("about") == str(case_id)
    assert "Остался вопрос?" not in browser.open(f"/cases/{open_case}").text
    assert "Остался вопрос?" not in signed_in(app, office).open(f"/cases/{case_id}").text
