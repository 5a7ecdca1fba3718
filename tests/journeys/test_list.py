"""«Документооборот»: the applicant's list, the queue of staff and suppliers, and what addresses of it may say."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import event

from app import clock
from app.actor import ADMINISTRATOR, Actor
from app.cases import staff_actions
from app.cases.actions import send_message
from app.cases.models import Case
from app.cases.steps import set_card
from app.extensions import db
from app.transaction import transaction
from tests.appeal_world import TOPIC, appeal_to
from tests.browser import Browser, Page, fields_of
from tests.case_world import (
    Person,
    add_person,
    applicant,
    draft,
    ended,
    make_move,
    operator,
    register_case,
    sent,
    signed_in,
    supplier_person,
)
from tests.unchanged import unchanged

BASE = "https://lk.example.org"


def numbers(page: Page) -> list[int]:
    """Own numbers of the cases of a list, in its order."""
    return [
        int(urlsplit(link["href"]).path.rsplit("/", 1)[1])
        for link in page.soup.select("article h2 a, tbody td a")
    ]


def card(page: Page, case_id: int) -> str:
    found = page.soup.find(id=f"case{case_id}")
    assert found is not None, page.text
    return " ".join(found.get_text(" ").split())


def current(page: Page) -> list[str]:
    return [" ".join(link.get_text(" ").split()) for link in page.soup.select("main .chips [aria-current]")]


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that the block sends to the database."""
    sent_sql: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            sent_sql.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield sent_sql
    event.remove(db.engine, "before_cursor_execute", note)


def test_an_empty_list_teaches_what_to_do(app: Flask) -> None:
    with app.app_context():
        ivanov = applicant()
    page = signed_in(app, ivanov).open("/cases")
    assert page.soup.h1.get_text() == "Список обращений"  # type: ignore[union-attr]
    assert "Отсутствуют обращения" in page.text and "8 800 000-00-00" in page.text
    assert page.link("Создать заявку на технологическое присоединение") == "/cases/new"


def test_a_case_tells_its_number_facts_turn_status_dates_and_marks(app: Flask) -> None:
    with app.app_context():
        ivanov, office = applicant(), operator()
        case_id = sent(ivanov)
        register_case(case_id, office, number="299")
        send_message(case_id, "Здравствуйте", by=office.actor, at=clock.now())
    said = card(signed_in(app, ivanov).open("/cases"), case_id)
    for words in (
        f"№ {case_id} Заявка на технологическое присоединение (в том числе временное)",
        "рег. № 299 · ≤15 кВт · постоянная схема · п. Калиново, ул. Лесная, 12",
        "Рассматривает сетевая организация",
        "Статус: Присвоен регистрационный номер",
        "Новый статус от Сетевой",
        "Новое сообщение от Сетевой",
        "Создано: ",
        "Обновление: ",
    ):
        assert words in said


def test_whose_turn_it_is_is_told_with_the_term(app: Flask) -> None:
    with app.app_context():
        ivanov, office = applicant(), operator()
        case_id = sent(ivanov)
        register_case(case_id, office)
        make_move(case_id, "accept", office)
        make_move(case_id, "request_fixes", office)
    said = card(signed_in(app, ivanov).open("/cases"), case_id)
    assert "Ваш ход: исправьте замечания" in said and "осталось 20 рабочих дней" in said


def test_a_draft_says_what_it_is_and_what_lacks(app: Flask) -> None:
    with app.app_context():
        ivanov = applicant()
        case_id = draft(ivanov)
    page = signed_in(app, ivanov).open("/cases?tab=drafts")
    said = card(page, case_id)
    assert f"№ {case_id} Заявка на подключение" in said
    assert "Черновик, обновлено " in said and "Заявка заполнена не полностью" in said


def test_tabs_hold_their_cases_and_count_them(app: Flask) -> None:
    with app.app_context():
        ivanov, office = applicant(), operator()
        active, unsent, gone, kept = sent(ivanov), draft(ivanov), ended(ivanov), ended(ivanov)
        staff_actions.move_to_archive(kept, by=office.actor, at=clock.now())
    browser = signed_in(app, ivanov)
    where = {"active": active, "drafts": unsent, "rejected": gone, "archive": kept}
    for tab, case_id in where.items():
        page = browser.open(f"/cases?tab={tab}")
        assert numbers(page) == [case_id]
        tabs = page.soup.find("nav", attrs={"aria-label": "Состояние"}).get_text(" ")  # type: ignore[union-attr]
        assert tabs.split() == [
            "Активные",
            "1",
            "Черновики",
            "1",
            "Выполнены",
            "Отклонены",
            "1",
            "Архив",
            "1",
        ]
    assert numbers(browser.open("/cases?tab=done")) == []


def test_read_and_unread_are_a_filter_and_a_toggle(app: Flask) -> None:
    with app.app_context():
        ivanov, office = applicant(), operator()
        new, old = sent(ivanov), sent(ivanov)
        send_message(new, "Здравствуйте", by=office.actor, at=clock.now())
    browser = signed_in(app, ivanov)
    assert numbers(browser.open("/cases?read=unread")) == [new]
    page = browser.open("/cases?read=read")
    assert numbers(page) == [old]
    assert page.soup.select_one(".nav .badge").get_text() == "1"  # type: ignore[union-attr]
    page = browser.send(page, f"/cases/{old}/mark", button="Пометить непрочитанным")
    assert page.path == "/cases" and numbers(page) == []  # the same filter, and no read case is left
    page = browser.open("/cases?read=unread")
    assert sorted(numbers(page)) == [new, old] and "Отмечено непрочитанным" in card(page, old)
    page = browser.send(page, f"/cases/{new}/mark", button="Пометить прочитанным")
    assert numbers(page) == [old]


def test_pages_follow_each_other_and_say_where_one_is(app: Flask) -> None:
    at = clock.now()
    with app.app_context():
        ivanov = applicant()
        # Many of them at the very same moment: only the number keeps them apart.
        cases = [sent(ivanov, at=at - timedelta(minutes=n // 9)) for n in range(27)]
    order = sorted(cases, key=lambda case_id: (-((case_id - cases[0]) // 9), case_id), reverse=True)
    browser = signed_in(app, ivanov)
    pages, page = [], browser.open("/cases")
    while True:
        pages.append(page)
        if "Дальше" not in page.text:
            break
        page = browser.open(page.link("Дальше"))
    assert [numbers(one) for one in pages] == [order[:10], order[10:20], order[20:]]
    assert ["1–10 из 27" in pages[0].text, "11–20 из 27" in pages[1].text] == [True, True]
    assert "21–27 из 27" in pages[2].text
    back = browser.open(pages[2].link("Назад"))
    assert numbers(back) == order[10:20] and "11–20 из 27" in back.text
    first = browser.open(back.link("Назад"))
    assert numbers(first) == order[:10] and "Назад" not in first.text


@pytest.mark.parametrize("sort", ["created", "-created", "updated", "-updated", "due"])
@pytest.mark.parametrize("who", ["applicant", "operator"])
def test_every_order_shows_every_case_once_both_ways(app: Flask, sort: str, who: str) -> None:
    at = clock.now()
    with app.app_context():
        people = {"applicant": applicant(), "operator": operator()}
        cases = [sent(people["applicant"], at=at - timedelta(days=n % 3)) for n in range(23)]
        with transaction():  # a stage without a term is possible too
            db.session.execute(db.update(Case).where(Case.id.in_(cases[5:8])).values(due_on=None))
    browser = signed_in(app, people[who])
    seen, page = [], browser.open(f"/cases?size=10&sort={sort}")
    seen += numbers(page)
    while "Дальше" in page.text:
        page = browser.open(page.link("Дальше"))
        seen += numbers(page)
    assert sorted(seen) == cases
    back = numbers(page)
    while "Назад" in page.text:
        page = browser.open(page.link("Назад"))
        back = numbers(page) + back
    assert back == seen


def test_a_page_that_is_no_more_gives_the_first_one(app: Flask) -> None:
    with app.app_context():
        ivanov = applicant()
        cases = [sent(ivanov) for _ in range(3)]
    page = signed_in(app, ivanov).open("/cases?after=1-1")
    assert sorted(numbers(page)) == cases and "1–3 из 3" in page.text


@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page=-1",
        "page=1e9",
        "page=abc",
        "page=",
        "page=1&page=2",
        "size=100000",
        "size=-1",
        "sort=password_hash",
        "sort=id;drop table cases",
        "status[]=a&status=b&status=c",
        "tab=archive'--",
        "after=99999999999999999999-1",
        "after=1-99999999999999999999",
        "after=%00",
        "after=%ff%fe",
        "tab=%",
        "%00=1",
        "before=n-1&after=n-1",
        "sort=due&after=0-1",
        "read=%D9%A1",
        "after=" + "9" * 3000,
    ],
)
@pytest.mark.parametrize("who", ["applicant", "operator"])
def test_garbage_in_the_address_gives_the_plain_list(app: Flask, query: str, who: str) -> None:
    with app.app_context():
        people = {"applicant": applicant(), "operator": operator()}
        case_id = sent(people["applicant"])
    page = signed_in(app, people[who]).open(f"/cases?{query}")
    assert page.status == 200 and numbers(page) == [case_id]


def test_of_repeated_parameters_the_first_one_counts(app: Flask) -> None:
    with app.app_context():
        ivanov = applicant()
        sent(ivanov)
        unsent = draft(ivanov)
    assert numbers(signed_in(app, ivanov).open("/cases?tab=drafts&tab=active")) == [unsent]


def test_staff_see_a_queue_with_what_is_due_first(app: Flask) -> None:
    at = clock.now()
    with app.app_context():
        ivanov, office = applicant(), operator()
        fresh = sent(ivanov, at=at)
        late = sent(ivanov, at=at - timedelta(days=40))
        waiting = sent(ivanov, at=at)
        register_case(waiting, office)
        make_move(waiting, "accept", office)
        make_move(waiting, "request_fixes", office)
        draft(ivanov)
    browser = signed_in(app, office)
    page = browser.open("/cases")
    heads = [head.get_text() for head in page.soup.select("thead th")]
    assert heads == ["№", "Заявитель", "Что", "Статус", "Чей ход", "Срок, раб. дни", "Исполнитель"]
    assert numbers(page) == [late, fresh, waiting]
    assert "Иванов Петр Григорьевич" in page.text and "просрочено на" in page.text
    assert numbers(browser.open("/cases?tab=ours")) == [late, fresh]
    assert numbers(browser.open("/cases?tab=theirs")) == [waiting]
    assert numbers(browser.open("/cases?tab=overdue")) == [late]
    assert "Создать заявку" not in page.text


def test_a_draft_with_a_question_shows_staff_its_number_and_the_name_alone(app: Flask) -> None:
    with app.app_context():
        ivanov, office = applicant(), operator()
        hidden, asked = draft(ivanov), draft(ivanov, place="ул. Тайная, 1", facts="≤15 кВт · скрытая схема")
        send_message(asked, "Можно?", by=ivanov.actor, at=clock.now())
    page = signed_in(app, office).open("/cases?tab=drafts")
    assert numbers(page) == [asked] and hidden != asked
    assert "Иванов Петр Григорьевич" in page.text and "Новое сообщение от Заявителя" in page.text
    assert "Тайная" not in page.text and "скрытая" not in page.text


def test_figures_of_staff_stop_at_99(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.cases.list_figures.CAP", 3)
    monkeypatch.setattr("app.cases.list_pages.CAP", 3)
    with app.app_context():
        ivanov, office = applicant(), operator()
        for _ in range(5):
            sent(ivanov)
    tabs = signed_in(app, office).open("/cases").soup.find("nav", attrs={"aria-label": "Состояние"})
    assert tabs is not None and tabs.get_text(" ").split()[:2] == ["Активные", "99+"]
    tabs = signed_in(app, ivanov).open("/cases").soup.find("nav", attrs={"aria-label": "Состояние"})
    assert tabs is not None and tabs.get_text(" ").split()[:2] == ["Активные", "5"]


def test_a_supplier_sees_the_sent_cases_that_name_it(app: Flask) -> None:
    with app.app_context():
        ivanov, sbyt, other = applicant(), supplier_person(), supplier_person("ООО «Другой сбыт»", email="")
        named, unnamed, unsent = sent(ivanov), sent(ivanov), draft(ivanov)
        with transaction():
            for case_id in (named, unsent):
                case = db.session.get_one(Case, case_id)
                set_card(
                    case, at=clock.now(), supplier_id=sbyt.actor.supplier_id, supplier_name="АО «Энергосбыт»"
                )
    assert numbers(signed_in(app, sbyt).open("/cases")) == [named] and unnamed != named
    assert numbers(signed_in(app, other).open("/cases")) == []


def test_an_administrator_has_no_list_and_no_menu_entry(app: Flask) -> None:
    with app.app_context(), transaction():
        user_id = add_person(roles=(ADMINISTRATOR,)).id
    admin = signed_in(app, Person(Actor(user_id, "Админ", frozenset({ADMINISTRATOR}))))
    assert admin.open("/cases").status == 403


def test_nobody_sees_the_list_without_signing_in(browser: Browser) -> None:
    response = browser.client.get("/cases", base_url=BASE)
    assert response.status_code in (302, 303, 401)


@pytest.mark.parametrize("who", ["applicant", "operator"])
def test_the_list_asks_the_database_at_most_four_things_however_many_rows(app: Flask, who: str) -> None:
    with app.app_context():
        people = {"applicant": applicant(), "operator": operator()}
        for _ in range(3):
            sent(people["applicant"])
    browser = signed_in(app, people[who])

    def measured(address: str) -> int:
        with app.app_context(), counted() as statements:
            assert browser.open(address).status == 200
        return len(
            [
                one
                for one in statements
                if "FROM cases" in one or "calendar_days" in one or "case_marks" in one
            ]
        )

    few = measured("/cases?size=50")
    with app.app_context():
        for _ in range(40):
            sent(people["applicant"])
    assert measured("/cases?size=50") == few
    # The frame of the page counts what is unread; the rest is the list's.
    second = browser.open("/cases?size=10").link("Дальше")
    assert max(few, measured(second)) - 1 <= 4


def test_the_list_changes_nothing(app: Flask) -> None:
    with app.app_context():
        ivanov, office = applicant(), operator()
        send_message(sent(ivanov), "Здравствуйте", by=office.actor, at=clock.now())
    browser = signed_in(app, ivanov)
    with unchanged(app):
        browser.open("/cases")
        browser.client.head("/cases", base_url=BASE)


def test_the_toggle_goes_back_to_the_list_and_nowhere_else(app: Flask) -> None:
    with app.app_context():
        ivanov = applicant()
        case_id = sent(ivanov)
    browser = signed_in(app, ivanov)
    page = browser.open("/cases")
    form = fields_of(page.form(f"/cases/{case_id}/mark"))

    def made(where: str) -> str:
        answer = browser.post(
            f"/cases/{case_id}/mark", {**form, "list": where, "action": "unread"}, follow=False
        )
        return str(answer.response.headers["Location"])

    assert made("https://evil.example/") == "/cases"
    assert made("//evil.example") == "/cases"
    assert made("tab=rejected&size=20&next=//evil.example") == "/cases?tab=rejected&size=20"
    assert made("a=1&" * 200) == "/cases"
    assert made("%00=%ff") == "/cases"


def test_an_appeal_tells_whom_it_is_for_its_topic_and_its_number(app: Flask) -> None:
    with app.app_context():
        ivanov, office, sbyt = applicant(), operator(), supplier_person()
        case_id = appeal_to(ivanov, office, "registered")
        named_id = sent(ivanov)
        with transaction():  # the one who is named in an application may be written to
            named = db.session.get_one(Case, named_id)
            set_card(
                named, at=clock.now(), supplier_id=sbyt.actor.supplier_id, supplier_name="АО «Энергосбыт»"
            )
        other = appeal_to(ivanov, sbyt, "registered")
        number = db.session.get_one(Case, case_id).number
    browser = signed_in(app, ivanov)
    said = card(browser.open("/cases?kind=message"), case_id)
    for words in (
        "Сообщение к ООО «Калиновские Электрические Сети»",
        f"Тема: {TOPIC}",
        f"Присвоен регистрационный номер: {number}",
        "Статус: ",
        "Создано: ",
        "Обновление: ",
        "Новый статус от Сетевой",
    ):
        assert words in said, said
    said = card(browser.open("/cases?kind=message"), other)
    assert "Сообщение к АО «Энергосбыт»" in said and "Новый статус от ГП" in said
    assert "Рассматривает гарантирующий поставщик" in said and "Присвоен регистрационный номер: 1" in said
    assert numbers(browser.open("/cases?kind=application")) == [named_id]
    page = signed_in(app, office).open("/cases?kind=message")
    assert numbers(page) == [case_id] and f"Сообщение. Тема: {TOPIC}" in page.text


def test_a_supplier_has_no_drafts_no_assignees_and_an_archive_of_its_own(app: Flask) -> None:
    with app.app_context():
        ivanov, sbyt = applicant(), supplier_person()
        first, second = sent(ivanov), sent(ivanov)
        with transaction():
            for case_id in (first, second):
                case = db.session.get_one(Case, case_id)
                set_card(
                    case, at=clock.now(), supplier_id=sbyt.actor.supplier_id, supplier_name="АО «Энергосбыт»"
                )
            case.supplier_archived_at = clock.now()
            case.supplier_number = "Э-15"
    browser = signed_in(app, sbyt)
    page = browser.open("/cases")
    assert numbers(page) == [first] and "Черновики" not in page.text
    assert not [words for words in ("Исполнитель", "Без исполнителя", "Мои") if words in page.text]
    page = browser.open("/cases?tab=archive")
    assert numbers(page) == [second] and "рег. № ГП Э-15" in page.text.replace("\u00a0", " ")
    assert numbers(signed_in(app, ivanov).open("/cases?tab=archive")) == []


def test_staff_have_views_of_their_own_and_take_cases_from_the_queue(app: Flask) -> None:
    with app.app_context():
        ivanov, office = applicant(), operator()
        first, second = sent(ivanov), sent(ivanov)
        send_message(second, "Здравствуйте", by=ivanov.actor, at=clock.now())
    browser = signed_in(app, office)
    assert current(browser.open("/cases?tab=nobody"))[0] == "Без исполнителя 2"
    page = browser.open("/cases?tab=nobody")
    page = browser.send(page, f"/cases/{first}/take", button="Взять")
    assert current(page)[0] == "Без исполнителя 1" and numbers(page) == [second]
    page = browser.open("/cases?tab=mine")
    assert numbers(page) == [first] and "Петрова А. И." in page.text
    assert numbers(browser.open("/cases?tab=unread")) == [second]
    assert browser.open("/cases").link(f"№ {first}") == f"/cases/{first}?view=tab%3Dactive"


def test_a_search_is_a_form_that_keeps_tab_and_filters(app: Flask) -> None:
    with app.app_context():
        ivanov = applicant()
        wood, field = sent(ivanov, place="ул. Лесная, 1"), sent(ivanov, place="ул. Полевая, 1")
        unsent = draft(ivanov, place="ул. Лесная, 2")
    browser = signed_in(app, ivanov)
    page = browser.open("/cases?q=ЛЕСНАЯ")
    assert numbers(page) == [wood] and field != wood
    assert page.soup.find(id="f-q")["value"] == "ЛЕСНАЯ"  # type: ignore[index]
    assert page.soup.find(id="found").get_text() == "«Активные»: найдено 1 обращение"  # type: ignore[union-attr]
    assert current(page) == [
        "Список обращений",
        "Активные 1",
        "Все",
        "Все",
        "↑ Дата обновления, сначала новые",
        "10",
    ]
    page = browser.open(page.link("Черновики 1"))
    assert numbers(page) == [unsent]
    hidden = {field["name"]: field["value"] for field in page.soup.select("#list [form=search]")}
    assert hidden == {"tab": "drafts"}


def test_a_search_that_finds_nothing_here_says_where_it_did(app: Flask) -> None:
    with app.app_context():
        ivanov = applicant()
        sent(ivanov)
        draft(ivanov, place="ул. Тайная, 2")
    browser = signed_in(app, ivanov)
    page = browser.open("/cases?q=тайная")
    assert (
        numbers(page) == []
        and "В разделе «Активные» нет обращений со словами «тайная». Они есть здесь:" in page.text
    )
    assert numbers(browser.open(page.link("Сбросить поиск"))) != []
    assert "Проверьте, как написано" in browser.open("/cases?q=zzz").text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("!!!", "В запросе нет ни слов, ни чисел."),
        ("а" * 10_000, "учтены первые 200 символов"),
        ("+".join(chr(0x431 + n) * 4 for n in range(12)), "учтены первые 10 слов"),
        ("%F0%9F%8F%A0", "В запросе нет ни слов"),
        ("'\"(*)AND+NEAR", ""),
        ("%00%01", ""),
        ("%ff%fe", ""),
        ("%25_%5C", ""),
    ],
)
@pytest.mark.parametrize("who", ["applicant", "operator", "supplier"])
def test_garbage_in_a_search_is_told_and_harms_nothing(app: Flask, query: str, words: str, who: str) -> None:
    with app.app_context():
        people = {"applicant": applicant(), "operator": operator(), "supplier": supplier_person()}
        sent(people["applicant"])
    page = signed_in(app, people[who]).open(f"/cases?q={query}")
    assert page.status == 200 and words in page.text


def test_what_is_searched_stands_in_no_log(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    with app.app_context():
        ivanov = applicant()
    with caplog.at_level(0):
        assert signed_in(app, ivanov).open("/cases?q=Тайнословов").status == 200
    assert "айнословов" not in caplog.text and "%D0" not in caplog.text


def test_a_word_of_very_many_cases_says_that_the_newest_were_looked_at(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.cases.search_queries.MOST_HITS", 2)
    monkeypatch.setattr("app.cases.list_pages.MOST_HITS", 2)
    with app.app_context():
        ivanov, office = applicant(), operator()
        cases = [sent(ivanov) for _ in range(3)]
    page = signed_in(app, office).open("/cases?q=заявка")
    assert "Показаны совпадения среди 2 последних обращений, уточните запрос." in page.text
    assert sorted(numbers(page)) == cases[1:]


def test_the_toggle_of_a_page_answers_a_part_with_words_and_the_badge(app: Flask) -> None:
    with app.app_context():
        ivanov = applicant()
        case_id = sent(ivanov)
    browser = signed_in(app, ivanov)
    form = fields_of(browser.open("/cases").form(f"/cases/{case_id}/mark"))
    form.pop("list")
    answer = browser.client.post(
        f"/cases/{case_id}/mark",
        base_url=BASE,
        data={**form, "action": "unread"},
        headers={"HX-Request": "true", "HX-Request-Type": "partial", "Referer": f"{BASE}/cases"},
    )
    assert answer.status_code == 200 and "Обращение отмечено непрочитанным." in answer.text
    assert 'id="unread-badge" hx-swap-oob="true"' in answer.text and '<div id="list"' not in answer.text
