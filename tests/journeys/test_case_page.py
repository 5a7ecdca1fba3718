"""The page of a case: what each side reads and may do on it, and what bad input there gets."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from app import clock
from app.cases import staff_actions
from app.cases.actions import send_message
from app.cases.models import Case, Message
from app.cases.steps import set_card
from app.documents.intake import Upload
from app.extensions import db
from app.transaction import transaction
from tests.browser import Browser, Page, file
from tests.case_world import (
    PDF,
    Person,
    applicant,
    draft,
    ended,
    operator,
    register_case,
    sent,
    signed_in,
    supplier_person,
)
from tests.unchanged import unchanged

BASE = "https://lk.example.org"


def panel(page: Page, name: str) -> str:
    found = page.soup.find(id=name)
    return " ".join(found.get_text(" ").split()) if found else ""


def without_what_changes(page: Page) -> str:
    """The answer without the token of forms and the random padding."""
    return re.sub(r'name="csrf_token" value="[^"]*"|<!-- .*? -->|v=[0-9a-f]+', "", page.html)


def people(app: Flask) -> tuple[Person, Person]:
    with app.app_context():
        return applicant(), operator()


def test_the_head_and_the_panels_tell_the_case(app: Flask) -> None:
    ivanov, office = people(app)
    with app.app_context():
        case_id = sent(ivanov)
        register_case(case_id, office, number="299")
    page = signed_in(app, ivanov).open(f"/cases/{case_id}")
    assert page.link("Вернуться к списку обращений") == "/cases"
    for words in (
        f"№ {case_id} Заявка на технологическое присоединение (в том числе временное)",
        "≤15 кВт · постоянная схема · п. Калиново, ул. Лесная, 12",
        "Регистрационный номер: 299",
        "Создано: ",
        "Обновлено: ",
        "Новый статус от Сетевой",
    ):
        assert words in page.text
    nearest = page.soup.select_one("main section")
    assert nearest is not None and nearest["id"] == "next"
    assert panel(page, "next").startswith("Рассматривает сетевая организация до ")


def test_statuses_say_what_who_and_when_and_what_follows(app: Flask) -> None:
    ivanov, office = people(app)
    with app.app_context():
        case_id = sent(ivanov)
        register_case(case_id, office, number="299")
        staff_actions.add_status_line(case_id, "Инженер позвонит", by=office.actor, at=clock.now())
    page = signed_in(app, ivanov).open(f"/cases/{case_id}")
    lines = [" ".join(line.get_text(" ").split()) for line in page.soup.select("#timeline li")]
    company = "ООО «Калиновские Электрические Сети»"
    assert lines[0].startswith("Заявка создана и отправлена в сетевую Заявитель ")
    assert lines[1].startswith(f"Присвоен регистрационный номер: 299 {company} ")
    assert lines[2].startswith(f"Инженер позвонит {company} ")
    assert lines[3].startswith("Сейчас рассматривает сетевая организация до ")
    assert lines[4] == "Заявка принята к рассмотрению"
    assert re.search(r"\d\d\.\d\d\.\d{4}, \d\d:\d\d", lines[0])
    assert "Петрова" not in panel(page, "timeline")


def test_opening_the_page_clears_the_marks_and_a_head_request_does_not(app: Flask) -> None:
    ivanov, office = people(app)
    with app.app_context():
        case_id = sent(ivanov)
        send_message(case_id, "Здравствуйте", by=office.actor, at=clock.now())
    browser = signed_in(app, ivanov)
    with unchanged(app):
        browser.client.head(f"/cases/{case_id}", base_url=BASE)
        browser.open(f"/cases/{case_id}", headers={"Sec-Purpose": "prefetch"})
    page = browser.open(f"/cases/{case_id}")
    assert "Новое сообщение от Сетевой" in page.text and "новые" in panel(page, "messages")
    assert page.soup.select_one(".nav .badge") is None
    with unchanged(app):
        again = browser.open(f"/cases/{case_id}")
    assert "Новое сообщение от Сетевой" not in again.text and "новые" not in panel(again, "messages")


def test_a_conversation_goes_both_ways_with_files(app: Flask) -> None:
    ivanov, office = people(app)
    with app.app_context():
        case_id = sent(ivanov)
    own, theirs = signed_in(app, ivanov), signed_in(app, office)
    page = own.open(f"/cases/{case_id}")
    assert "Вы" in panel(page, "messages") and "Отправлена заявка на подключение" in panel(page, "messages")
    answer = own.send(
        page,
        "/messages",
        button="Отправить",
        text="Когда приедет **инженер**?",
        files=file(PDF, "План участка.pdf"),
    )
    assert answer.status == 200 and answer.path == f"/cases/{case_id}"
    assert answer.soup.select_one("#messages .msg.own strong").get_text() == "инженер"  # type: ignore[union-attr]
    assert "План участка.pdf" in panel(answer, "messages") and "PDF, 1 КБ" in panel(answer, "messages")
    assert "Документы заявителя План участка.pdf" in panel(answer, "documents").replace("PDF План", "План")

    page = theirs.open(f"/cases/{case_id}")
    said = panel(page, "messages")
    assert "Заявитель · Иванов П. Г." in said and "Когда приедет" in said
    theirs.send(page, "/messages", button="Отправить", text="В четверг")
    said = panel(own.open(f"/cases/{case_id}"), "messages")
    assert "ООО «Калиновские Электрические Сети»" in said and "В четверг" in said


def test_sending_leads_to_the_message_itself(app: Flask) -> None:
    ivanov, _ = people(app)
    with app.app_context():
        case_id = sent(ivanov)
    browser = signed_in(app, ivanov)
    answer = browser.send(browser.open(f"/cases/{case_id}"), "/messages", follow=False, text="Здравствуйте")
    with app.app_context():
        message_id = db.session.query(Message).one().id
    assert answer.status == 303
    assert answer.response.headers["Location"] == f"/cases/{case_id}#m{message_id}"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Пустое сообщение: напишите текст."),
        ("<p><br></p>", "Пустое сообщение: напишите текст."),
        ("я" * 10_001, "Сообщение: не больше 10\u00a0000 символов, сейчас 10\u00a0001."),
        ("а\x00б", "Сообщение: в тексте невидимый управляющий символ. Наберите это место заново."),
    ],
)
def test_a_refused_message_comes_back_on_the_whole_page_with_what_was_typed(
    app: Flask, text: str, sentence: str
) -> None:
    ivanov, _ = people(app)
    with app.app_context():
        case_id = sent(ivanov)
    browser = signed_in(app, ivanov)
    page = browser.open(f"/cases/{case_id}")
    with unchanged(app):
        answer = browser.send(page, "/messages", text=text)
    assert answer.status == 422 and answer.title.startswith("Ошибка: ")
    assert answer.error_of("text") == f"Ошибка: {sentence}"
    assert answer.value_of("text").strip("\n") == text.replace("\x00", "\x00")
    assert panel(answer, "next") and panel(answer, "timeline")


def test_a_refused_file_is_named_and_the_text_stays(app: Flask) -> None:
    ivanov, _ = people(app)
    with app.app_context():
        case_id = sent(ivanov)
    browser = signed_in(app, ivanov)
    page = browser.open(f"/cases/{case_id}")
    with unchanged(app):
        answer = browser.send(page, "/messages", text="Вот план", files=[file(b"MZ\x90", "план.exe")])
    assert answer.status == 422 and answer.value_of("text").strip() == "Вот план"
    assert "«план.exe»" in answer.error_of("files") and "Выберите файлы заново" in answer.text


@pytest.mark.parametrize(
    "text",
    [
        "<img src=x onerror=alert(1)>",
        "<p hx-get=/admin hx-trigger=load>текст</p>",
        '<a href="javascript:alert(1)">ссылка</a>',
        "[ссылка](javascript:alert(1)) ![картинка](http://evil.example/x.png)",
        '<form action="/logout" method=post><button>нажми</button></form>',
        "<style>body{display:none}</style>",
        "<svg><script>alert(1)</script></svg>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "</article></section></main><h1>незакрытый <b>тег",
        "<!--[if gte mso 9]><xml></xml><![endif]--><p class=MsoNormal style='mso-x:1'>Ворд</p>",
        "{{ 7*7 }} {% for %} ${7*7} %s%n",
        "я" * 3000,
    ],
)
def test_what_people_write_is_never_a_part_of_the_page(app: Flask, text: str) -> None:
    ivanov, office = people(app)
    with app.app_context():
        case_id = sent(ivanov)
        send_message(case_id, text, by=ivanov.actor, at=clock.now())
    page = signed_in(app, office).open(f"/cases/{case_id}")
    message = page.soup.select("#messages article.msg")[-1]
    inside = {tag.name for tag in message.find_all(True)} - {"header"}
    assert inside <= {"p", "br", "b", "strong", "i", "em", "u", "ul", "ol", "li"}
    assert all(not tag.attrs for tag in message.find_all(True) if tag.name != "header")
    for section in ("next", "messages", "timeline"):
        assert page.soup.select_one(f"main #{section}") is not None
    shown = message.get_text().replace("\u201c", '"')
    assert _letters(text)[:20] in _letters(shown)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def test_an_internal_note_is_written_apart_and_never_shown_to_the_applicant(app: Flask) -> None:
    ivanov, office = people(app)
    with app.app_context():
        case_id = sent(ivanov)
    theirs = signed_in(app, office)
    page = theirs.open(f"/cases/{case_id}")
    assert "Видит заявитель" in panel(page, "messages")
    with unchanged(app):
        empty = theirs.send(page, button="Сохранить заметку", note=" ")
    assert empty.status == 422 and "Пустое сообщение" in empty.error_of("note") and not empty.error_of("text")
    kept = theirs.send(
        page, button="Сохранить заметку", note="Проверить границу", note_files=file(PDF, "служебная.pdf")
    )
    assert "Внутренняя заметка" in panel(kept, "messages") and "Проверить границу" in kept.text
    assert "Видят только сотрудники" in panel(kept, "documents")
    seen = signed_in(app, ivanov).open(f"/cases/{case_id}")
    assert "Проверить границу" not in seen.html and "служебная" not in seen.html
    assert "Внутренняя" not in seen.html and "internal" not in seen.html


def test_a_draft_has_the_cards_of_the_manual(app: Flask) -> None:
    ivanov, _ = people(app)
    with app.app_context():
        case_id = draft(ivanov)
    page = signed_in(app, ivanov).open(f"/cases/{case_id}")
    assert page.soup.h1.get_text() == f"№ {case_id} Заявка на подключение"  # type: ignore[union-attr]
    status = panel(page, "next")
    assert "Черновик" in status
    assert "Ваша заявка всё ещё в статусе черновика, заполните анкету для её рассмотрения" in status
    assert page.link("Редактировать") == f"/cases/{case_id}/form"
    chat = panel(page, "messages")
    for words in (
        "Чат по заявке",
        "Новых сообщений нет, задайте интересующий вас вопрос",
        "Открыть чат",
        "Задайте вопрос...",
    ):
        assert words in chat
    assert page.soup.find(id="letters") is None


def test_a_question_on_a_draft_shows_staff_the_conversation_the_number_and_the_name(app: Flask) -> None:
    ivanov, office = people(app)
    with app.app_context():
        case_id = draft(ivanov, place="ул. Тайная, 1", facts="≤15 кВт · скрытая схема")
    own, theirs = signed_in(app, ivanov), signed_in(app, office)
    assert theirs.open(f"/cases/{case_id}").status == 404
    own.send(own.open(f"/cases/{case_id}"), "/messages", text="Можно без номера участка?")
    page = theirs.open(f"/cases/{case_id}")
    assert page.status == 200 and "Можно без номера участка?" in page.text
    assert f"№ {case_id}" in page.text and "Иванов Петр Григорьевич" in page.text
    assert "Тайная" not in page.html and "скрытая" not in page.html
    theirs.send(page, "/messages", text="Можно.")
    assert "Можно." in panel(own.open(f"/cases/{case_id}"), "messages")


def test_long_conversations_show_the_last_messages_and_lead_to_the_earlier_ones(app: Flask) -> None:
    ivanov, _ = people(app)
    with app.app_context():
        case_id = sent(ivanov)
        for n in range(65):
            send_message(case_id, f"Сообщение {n:03}.", by=ivanov.actor, at=clock.now())
    browser = signed_in(app, ivanov)
    pages, page = [], browser.open(f"/cases/{case_id}")
    pages.append(page)
    page = browser.open(page.link("Показать раньше"))
    while True:
        pages.append(page)
        if "Показать раньше" not in page.text:
            break
        page = browser.open(page.link("Показать раньше"))
    found = [re.findall(r"Сообщение (\d+)\.", one.text) for one in pages]
    assert [len(one) for one in found] == [30, 30, 30, 5]
    assert sorted({number for one in found for number in one}) == [f"{n:03}" for n in range(65)]
    assert "Отправлена заявка на подключение" in pages[-1].text
    assert "Отправлена заявка на подключение" not in pages[0].text
    for before in ("0", "-1", "x", "9" * 30, "%00", "١"):
        assert browser.open(f"/cases/{case_id}/messages?before={before}").status == 200


def test_the_ledger_of_letters_is_for_staff(app: Flask) -> None:
    ivanov, office = people(app)
    with app.app_context():
        case_id = sent(ivanov)
        register_case(case_id, office)
    said = panel(signed_in(app, office).open(f"/cases/{case_id}"), "letters")
    assert "Уведомление: присвоен регистрационный номер" in said
    assert "ivanov@example.org" in said and "Ждет отправки" in said
    assert signed_in(app, ivanov).open(f"/cases/{case_id}").soup.find(id="letters") is None


def test_staff_go_the_whole_way_by_the_pages(app: Flask) -> None:
    ivanov, office = people(app)
    with app.app_context():
        case_id = sent(ivanov)
    browser = signed_in(app, office)
    page = browser.open(f"/cases/{case_id}")
    assert "Сейчас ваш ход" in panel(page, "next")
    form = browser.open(page.link("Присвоить номер"))
    page = browser.send(form, "/register", number="299")
    assert "Присвоен регистрационный номер: 299." in page.text and page.path == f"/cases/{case_id}"
    form = browser.open(page.link("Добавить статус"))
    page = browser.send(form, "/status-line", status="Выезд назначен на четверг")
    assert "Выезд назначен на четверг" in panel(page, "timeline")
    form = browser.open(page.link("Разместить документ"))
    page = browser.send(form, "/documents", kind="notice", files=file(PDF, "Уведомление.pdf"))
    assert "Документы ООО «Калиновские Электрические Сети»" in panel(page, "documents")
    seen = signed_in(app, ivanov).open(f"/cases/{case_id}")
    assert "Выезд назначен на четверг" in seen.text and "Уведомление" in panel(seen, "documents")


def test_a_wrong_number_status_or_document_is_told_at_its_field(app: Flask) -> None:
    ivanov, office = people(app)
    with app.app_context():
        first, case_id = sent(ivanov), sent(ivanov)
        register_case(first, office, number="299")
    browser = signed_in(app, office)
    with unchanged(app):
        number = browser.send(browser.open(f"/cases/{case_id}/register"), "/register", number="299")
        status = browser.send(browser.open(f"/cases/{case_id}/status-line"), "/status-line", status="я" * 301)
        paper = browser.send(browser.open(f"/cases/{case_id}/documents"), "/documents", title="Письмо")
        wrong = browser.send(
            browser.open(f"/cases/{case_id}/documents"),
            "/documents",
            kind="identity",
            files=file(PDF, "а.pdf"),
        )
    assert [one.status for one in (number, status, paper, wrong)] == [422] * 4
    assert "уже присвоен" in number.error_of("number") and number.value_of("number") == "299"
    assert "не больше 300" in status.error_of("status") and status.value_of("status").strip() == "я" * 301
    assert "хотя бы один файл" in paper.error_of("files") and paper.value_of("title") == "Письмо"
    assert "из списка" in wrong.error_of("kind")
    assert all(one.title.startswith("Ошибка: ") for one in (number, status, paper, wrong))


def test_the_archive_is_asked_about_and_then_only_read(app: Flask) -> None:
    ivanov, office = people(app)
    with app.app_context():
        case_id, going_on = ended(ivanov), sent(ivanov)
    browser, own = signed_in(app, office), signed_in(app, ivanov)
    stale = own.open(f"/cases/{case_id}")
    asked = browser.open(browser.open(f"/cases/{case_id}").link("Переместить в Архив"))
    page = browser.send(asked, "/archive")
    assert "В архиве" in page.text and page.soup.find("form", action=re.compile("messages")) is None
    with unchanged(app):
        assert own.send(stale, "/messages", text="Ещё вопрос").status == 409
        assert browser.open(f"/cases/{case_id}/archive").status == 409
        assert browser.open(f"/cases/{case_id}/status-line").status == 409
        assert browser.open(f"/cases/{going_on}/archive").status == 409
    assert "Обращение в архиве" in own.open(f"/cases/{case_id}").text


@pytest.mark.parametrize(
    "path",
    [
        "/cases/" + "9" * 4400,
        "/cases/9223372036854775808",
        "/cases/999999999999999999",
        "/cases/١٢",
        "/cases/007",
        "/cases/1.0",
        "/cases/+1",
        "/cases/-1",
        "/cases/0",
        "/cases/1%00",
        "/cases/1%0a",
        "/cases/%D9%A1",
        "/cases/1e0",
        "/cases/1/files/0",
        "/cases/1/files/" + "9" * 30,
        "/cases/1/files/999999999999999999",
        "/cases/999999999999999999/register",
    ],
)
def test_an_address_that_is_no_case_is_not_found(app: Flask, path: str) -> None:
    ivanov, office = people(app)
    with app.app_context():
        sent(ivanov)
    for who in (ivanov, office):
        page = signed_in(app, who).open(path)
        assert page.status in (403, 404) and "Traceback" not in page.html
        if who is office:
            assert page.status == 404


def test_a_strangers_case_is_exactly_as_absent_as_one_that_never_was(app: Flask) -> None:
    with app.app_context():
        ivanov, stranger = applicant(), applicant("Чужой", snils="10289803962", email="")
        case_id = sent(ivanov)
        send_message(case_id, "План", [Upload("п.pdf", BytesIO(PDF))], by=ivanov.actor, at=clock.now())
    browser = signed_in(app, stranger)
    browser.open("/cases")
    for tail in ("", "/messages", "/files/1"):
        theirs, nobodys = browser.open(f"/cases/{case_id}{tail}"), browser.open(f"/cases/77777{tail}")
        assert theirs.status == nobodys.status == 404
        assert without_what_changes(theirs) == without_what_changes(nobodys)
        assert "Иванов" not in theirs.html
    sends: list[Callable[[str], Page]] = [
        lambda case: (
            browser.send(browser.open("/cases"), button="Выход", follow=False)
            if not case
            else browser.post(f"/cases/{case}/messages", _with_token(browser, {"text": "я"}))
        ),
        lambda case: browser.post(f"/cases/{case}/mark", _with_token(browser, {"action": "unread"})),
    ]
    with unchanged(app):
        for send in sends:
            theirs, nobodys = send(str(case_id)), send("77777")
            assert theirs.status == nobodys.status == 404
            assert without_what_changes(theirs) == without_what_changes(nobodys)


def _with_token(browser: Browser, fields: dict[str, Any]) -> dict[str, Any]:
    token = browser.open("/cases").soup.find("input", attrs={"name": "csrf_token"})
    assert token is not None
    return {**fields, "csrf_token": token["value"]}


@pytest.mark.parametrize(
    "path", ["register", "status-line", "documents", "archive"], ids=lambda path: path.replace("-", " ")
)
def test_pages_of_those_who_answer_are_closed_to_the_applicant(app: Flask, path: str) -> None:
    with app.app_context():
        ivanov = applicant()
        case_id = sent(ivanov)
    browser = signed_in(app, ivanov)
    with unchanged(app):
        assert browser.open(f"/cases/{case_id}/{path}").status == 403
        assert browser.post(f"/cases/{case_id}/{path}", _with_token(browser, {"number": "1"})).status == 403


def test_a_supplier_reads_the_case_that_names_it_without_papers_and_talk(app: Flask) -> None:
    with app.app_context():
        ivanov, sbyt = applicant(), supplier_person()
        case_id = sent(ivanov)
        with transaction():
            case = db.session.get_one(Case, case_id)
            set_card(
                case, at=clock.now(), supplier_id=sbyt.actor.supplier_id, supplier_name="АО «Энергосбыт»"
            )
        send_message(
            case_id, "Паспорт", [Upload("паспорт.pdf", BytesIO(PDF))], by=ivanov.actor, at=clock.now()
        )
    page = signed_in(app, sbyt).open(f"/cases/{case_id}")
    assert page.status == 200 and "Рассматривает сетевая организация" in panel(page, "next")
    assert "Сообщений пока нет." in panel(page, "messages") and "паспорт.pdf" not in page.html
    assert "сетевая организация не видит" in panel(page, "messages")


@pytest.mark.parametrize("text", [b"\xff\xfe", b"\xd0", b"\x00", b"a\x00b", b"\xed\xa0\x80"])
@pytest.mark.parametrize("channel", [b"company", b"internal", b"\xff", b"company\x00"])
def test_bytes_that_are_no_text_are_refused_and_change_nothing(
    app: Flask, text: bytes, channel: bytes
) -> None:
    ivanov, office = people(app)
    with app.app_context():
        case_id = sent(ivanov)
    browser = signed_in(app, office)
    fields = _with_token(browser, {"text": text, "note": text, "channel": channel})
    parts = b"".join(
        b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
        % (name.encode(), value if isinstance(value, bytes) else value.encode())
        for name, value in fields.items()
    )
    with unchanged(app):
        answer = browser.post(
            f"/cases/{case_id}/messages", parts + b"--x--\r\n", content_type="multipart/form-data; boundary=x"
        )
    assert answer.status in (400, 422)


def test_fields_that_no_form_has_are_not_heard(app: Flask) -> None:
    ivanov, _ = people(app)
    with app.app_context():
        case_id = sent(ivanov)
    browser = signed_in(app, ivanov)
    forged = {
        "status": "registered",
        "number": "1",
        "applicant_id": "2",
        "version": "999",
        "role": "operator",
    }
    answer = browser.post(f"/cases/{case_id}/messages", _with_token(browser, {"text": "Привет", **forged}))
    assert answer.status == 200
    with app.app_context():
        case = db.session.get_one(Case, case_id)
        assert (case.status, case.number, case.applicant_id) == ("submitted", None, ivanov.applicant_id)


def test_an_overdue_case_says_so_to_both_sides(app: Flask) -> None:
    ivanov, office = people(app)
    with app.app_context():
        case_id = sent(ivanov, at=clock.now() - timedelta(days=40))
    own = panel(signed_in(app, ivanov).open(f"/cases/{case_id}"), "next")
    theirs = panel(signed_in(app, office).open(f"/cases/{case_id}"), "next")
    assert "срок истек" in own and "Позвоните нам" in own and "Отведен 1 рабочий день" in own
    assert "Срок нарушен" in theirs
