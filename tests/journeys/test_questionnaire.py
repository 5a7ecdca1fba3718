"""The questionnaire page by page, as a browser without JavaScript sees it."""

import pytest
from flask import Flask

from app import clock
from app.cases import actions as case_actions
from app.cases.models import Case
from app.company.models import Setting
from app.connections.queries import day_of
from app.connections.questionnaire import TOPICS
from app.extensions import db
from app.notifications.models import OutboxRow
from app.transaction import transaction
from tests.application_world import (
    accept_texts,
    add_firm,
    asked,
    attach_required,
    checking,
    complete_draft,
    filer,
    fill_topics,
    home_form,
    make_draft,
    submit_draft,
    world,
)
from tests.browser import Browser, Page, file
from tests.case_world import PDF, Person, applicant, operator, signed_in, supplier_person

INCOMPLETE = "Заявка заполнена не полностью! Укажите все необходимые данные."


def person(app: Flask) -> Person:
    with app.app_context():
        return filer()


def drafted(app: Flask) -> tuple[Person, int, Browser]:
    """Somebody with an empty draft and their browser."""
    with app.app_context():
        ivanov = filer()
        case_id = make_draft(ivanov)
    return ivanov, case_id, signed_in(app, ivanov)


def completed(app: Flask) -> tuple[Person, int, Browser]:
    with app.app_context():
        ivanov = filer()
        case_id = complete_draft(ivanov)
    return ivanov, case_id, signed_in(app, ivanov)


def today_form(app: Flask) -> dict[str, list[str]]:
    with app.app_context():
        return {name: list(values) for name, values in home_form(day_of(clock.now())).items()}


def rows(app: Flask) -> dict[str, str]:
    with app.app_context():
        return world()


def test_creating_tells_what_to_prepare_and_makes_nothing_by_itself(app: Flask) -> None:
    browser = signed_in(app, person(app))
    page = browser.open("/cases/new")
    assert "Технологическое подключение" in page.text
    assert "Подключение к сетям ООО «Калиновские Электрические Сети»" in page.text
    assert "около 20 минут" in page.text
    choice = browser.open(page.link("Технологическое подключение"))
    assert choice.soup.find("h1").get_text() == "Создание заявки на технологическое присоединение"
    assert browser.open(choice.link("Отменить")).path == "/cases"
    with app.app_context():
        assert db.session.query(Case).count() == 0


def test_an_unconfirmed_person_is_told_first_what_that_means(app: Flask) -> None:
    browser = signed_in(app, person(app))
    assert "Заполнить и отправить заявку можно уже сейчас" in browser.open("/cases/new").text
    with app.app_context(), transaction():
        db.session.add(
            Setting(
                key="unconfirmed.may_send",
                value=False,
                valid_from=clock.now().date(),
                set_at=clock.now(),
            )
        )
    page = browser.open("/cases/new")
    assert "Заполнить черновик можно уже сейчас, а отправить заявку — после подтверждения" in page.text
    assert "п. Калиново, ул. Центральная, 1" in page.text


def test_a_draft_begins_with_the_choice_of_the_applicant(app: Flask) -> None:
    with app.app_context():
        ivanov = filer()
        add_firm(ivanov)
    browser = signed_in(app, ivanov)
    page = browser.open("/cases/new/application")
    assert "ООО «Энергия»" in page.text and "Добавить предпринимателя или организацию" in page.text
    refused = browser.send(page, "/cases/new/application", applicant="999")
    assert refused.status == 422
    assert refused.error_of("applicant") == "Ошибка: Выберите, от чьего имени подается заявка."
    hub = browser.send(page, "/cases/new/application")
    assert hub.soup.find("h1").get_text() == "Анкета на подключение"
    assert "Заявка на подключение" in hub.text and INCOMPLETE in hub.text
    again = browser.send(page, "/cases/new/application")
    assert again.path == hub.path
    with app.app_context():
        assert db.session.query(Case).count() == 1


def test_the_hub_shows_how_far_every_topic_is(app: Flask) -> None:
    _, case_id, browser = drafted(app)
    hub = browser.open(f"/cases/{case_id}/form")
    assert f"№ {case_id} Заявка на подключение" in hub.title
    assert "Готово 0 из" in hub.text and "Не начато" in hub.text
    assert "Ваша заявка всё ещё в статусе черновика, заполните анкету для её рассмотрения" in hub.text
    page = browser.open(hub.link("Объект подключения"))
    saved = browser.send(page, button="Сохранить черновик", place="п. Калиново, ул. Лесная, 12")
    assert saved.path == f"/cases/{case_id}/form"
    assert "Черновик сохранён в " in saved.text and "Начато" in saved.text


def test_every_topic_is_filled_in_order_and_the_last_leads_to_the_check(app: Flask) -> None:
    _, case_id, browser = drafted(app)
    form = today_form(app)
    page = browser.open(f"/cases/{case_id}/form/applicant")
    for topic in TOPICS:
        if topic.code == "comment":
            assert page.path.endswith("/form/documents")
            page = browser.open(page.link("Продолжить"))
        assert page.path.endswith(f"/form/{topic.code}"), page.text
        names = {field["name"] for field in page.form(button="Продолжить").find_all(attrs={"name": True})}
        page = browser.send(
            page, button="Продолжить", **{name: list(form[name]) for name in names & form.keys()}
        )
        assert page.status == 200, page.text
    assert page.path.endswith("/form/check")
    assert "Приложите план расположения энергопринимающих устройств" in page.text
    assert "п. Калиново, ул. Лесная, 12" in page.text


def test_a_wrong_value_is_told_at_its_field_and_all_that_was_typed_stays(app: Flask) -> None:
    _, case_id, browser = drafted(app)
    before = rows(app)
    page = browser.open(f"/cases/{case_id}/form/object")
    refused = browser.send(
        page,
        button="Продолжить",
        place="п. Калиново, ул. Лесная, 12",
        cadastral_numbers="48:20:10101:15",
        reason="more_power",
    )
    assert refused.status == 422 and refused.title.startswith("Ошибка: ")
    assert "Пример: 59:01:4410000:123" in refused.error_of("cadastral_numbers")
    assert refused.soup.find(id="errors").find("a")["href"] == "#f-cadastral_numbers"
    assert refused.value_of("cadastral_numbers") == "48:20:10101:15"
    assert refused.value_of("place") == "п. Калиново, ул. Лесная, 12"
    assert refused.value_of("reason") == "more_power"
    assert rows(app) == before


@pytest.mark.parametrize(
    ("topic", "fields"),
    [
        ("params", {"power_new": "-5", "points": "0", "reliability": "9"}),
        ("type", {"connection_type": ["permanent", "permanent"], "temporary_until": "31.02.2027"}),
        ("object", {"reason": "other company", "place": "я" * 3000}),
        ("supplier", {"supplier": "999"}),
        ("applicant", {"birth_date": "00.00.0000", "passport_series": "00 0O", "identity_kind": "passport"}),
        ("applicant", {"account_known": "yes", "account": "' OR 1=1 --"}),
        ("comment", {"comment": "a\x00b"}),
        ("stages", {"commissioning_month": "12.9999"}),
        ("rule", {"household": "", "sources": "<script>", "rule_fits": "\ud800"}),
    ],
)
def test_bad_input_is_never_an_error_of_the_server_and_changes_nothing(
    app: Flask, topic: str, fields: dict[str, str]
) -> None:
    ivanov, case_id, browser = drafted(app)
    if topic in ("stages", "rule"):
        with app.app_context():
            fill_topics(case_id, ivanov, {"connection_type": ["permanent"]})
    page = browser.open(f"/cases/{case_id}/form/{topic}")
    before = rows(app)
    safe = {
        name: value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
        if isinstance(value, str)
        else value
        for name, value in fields.items()
    }
    answer = browser.send(page, button="Продолжить", **safe)
    if topic == "type":
        assert answer.status in (200, 422)
        return
    assert answer.status == 422, answer.text
    assert rows(app) == before


def test_fields_that_nobody_asked_for_are_not_heard(app: Flask) -> None:
    _, case_id, browser = drafted(app)
    page = browser.open(f"/cases/{case_id}/form/object")
    browser.send(
        page,
        button="Сохранить черновик",
        status="connected",
        applicant_id="1",
        number="299",
        mode="A",
        answers_shared="1",
        power_new="100",
    )
    with app.app_context():
        case = db.session.get_one(Case, case_id)
        assert (case.status, case.number, case.mode, case.answers_shared) == ("draft", None, "", False)
        assert "power_new" not in case.answers


def test_another_window_is_not_overwritten_and_the_typed_text_stays(app: Flask) -> None:
    _, case_id, browser = drafted(app)
    page = browser.open(f"/cases/{case_id}/form/object")
    browser.send(page, button="Продолжить", place="Лесная, 12")
    late = browser.send(page, button="Продолжить", place="Полевая, 7")
    assert late.status == 409 and late.value_of("place") == "Полевая, 7"
    assert "ответы на ней изменили в другом окне" in late.text and "Лесная, 12" in late.text
    assert browser.send(late, button="Продолжить").status == 200
    with app.app_context():
        assert db.session.get_one(Case, case_id).answers["place"] == "Полевая, 7"


def test_questions_that_a_choice_opens_stand_in_sight_with_their_condition(app: Flask) -> None:
    _, case_id, browser = drafted(app)
    page = browser.open(f"/cases/{case_id}/form/type")
    assert page.soup.find(attrs={"name": "temporary_until"}) is not None
    assert "Заполните, если выбрано «Временное" in page.text


def test_the_clause_is_asked_plainly_and_the_computed_answer_is_told(app: Flask) -> None:
    _, case_id, browser = completed(app)
    page = browser.open(f"/cases/{case_id}/form/rule")
    assert "По вашим ответам заявка соответствует п. 14" in page.text
    assert "Подписывать договор не нужно" in page.text
    assert "В пункте 14 Правил технологического присоединения указаны" in page.text


def test_changing_the_applicant_takes_the_papers_of_the_former_away(app: Flask) -> None:
    with app.app_context():
        ivanov = filer()
        firm = add_firm(ivanov)
        case_id = complete_draft(ivanov)
    browser = signed_in(app, ivanov)
    page = browser.open(f"/cases/{case_id}/form/applicant")
    changed = browser.send(page, "/form/applicant/behalf", applicant=str(firm.applicant_id))
    assert changed.status == 200 and "Заявитель изменен" in changed.text
    assert "Номер выписки из ЕГРЮЛ" in changed.text and "Серия паспорта" not in changed.text
    assert browser.send(page, "/form/applicant/behalf", applicant="12345").status == 422


def test_the_check_page_leads_to_every_gap_and_sending_with_gaps_is_refused(app: Flask) -> None:
    _, case_id, browser = drafted(app)
    page = browser.open(f"/cases/{case_id}/form/check")
    assert INCOMPLETE in page.text and "Не указано" in page.text
    link = page.link("Укажите местоположение энергопринимающих устройств")
    assert link.endswith("#f-place") and browser.open(link).status == 200
    before = rows(app)
    refused = browser.send(page, "/submit")
    assert refused.status == 422 and refused.soup.find(id="errors") is not None
    assert rows(app) == before


def test_a_change_from_the_check_page_returns_to_it(app: Flask) -> None:
    _, case_id, browser = completed(app)
    check = browser.open(f"/cases/{case_id}/form/check")
    page = browser.open(f"/cases/{case_id}/form/object?back=check")
    assert check.status == 200
    back = browser.send(page, button="Сохранить и вернуться к проверке", place="Полевая, 7")
    assert back.path == f"/cases/{case_id}/form/check" and "Полевая, 7" in back.text


def test_sending_confirms_with_the_number_and_what_is_next_and_stays_valid(app: Flask) -> None:
    with app.app_context():
        operator()
    _, case_id, browser = completed(app)
    check = browser.open(f"/cases/{case_id}/form/check")
    for words in (
        "Заявка ещё не отправлена",
        "Что будет дальше",
        "Обращаем Ваше внимание, что Заявитель несет ответственность за достоверность и полноту",
    ):
        assert words in check.text
    sent = browser.send(check, "/submit")
    assert sent.path == f"/cases/{case_id}/sent"
    assert (
        "Заявка на технологическое присоединение успешно создана и отправлена в сетевую организацию"
        in sent.text
    )
    assert f"№ {case_id}" in sent.text and "до " in sent.text
    assert browser.send(check, "/submit").path == sent.path
    assert browser.open(sent.path).status == 200
    assert browser.open(f"/cases/{case_id}/form").path == f"/cases/{case_id}"
    with app.app_context():
        assert db.session.query(OutboxRow).count() == 2


def test_texts_that_were_not_accepted_are_asked_for_before_the_sending(app: Flask) -> None:
    with app.app_context():
        ivanov = applicant()
        case_id = complete_draft(ivanov)
    browser = signed_in(app, ivanov)
    check = browser.open(f"/cases/{case_id}/form/check")
    assert "Я принимаю условия следующих документов:" in check.text
    refused = browser.send(check, "/submit", **{"accept-consent": "1"})
    assert refused.status == 422
    assert "Отметьте «Соглашение" in refused.error_of("accept-agreement")
    sent = browser.send(check, "/submit", **{"accept-consent": "1", "accept-agreement": "1"})
    assert sent.path == f"/cases/{case_id}/sent"


def test_a_draft_is_deleted_after_a_question(app: Flask) -> None:
    _, case_id, browser = completed(app)
    page = browser.open(browser.open(f"/cases/{case_id}/form").link("Удалить черновик"))
    assert "Вернуть их будет нельзя" in page.text
    gone = browser.send(page, button="Удалить черновик")
    assert gone.path == "/cases" and f"Черновик № {case_id} удален" in gone.text
    assert browser.open(f"/cases/{case_id}/form").status == 404


def test_staff_see_the_questionnaire_of_a_draft_only_when_it_is_shown(app: Flask) -> None:
    with app.app_context():
        petrova = operator()
    ivanov, case_id, browser = completed(app)
    staff = signed_in(app, petrova)
    assert staff.open(f"/cases/{case_id}").status == 404
    with app.app_context():
        case_actions.send_message(
            case_id, "Какой план нужен?", (), channel="company", by=ivanov.actor, at=clock.now()
        )
    page = staff.open(f"/cases/{case_id}")
    assert "Заявитель пока не показал анкету" in page.text
    for secret in ("Лесная", "123456", "ул. Ленина"):
        assert secret not in page.html
    hub = browser.open(f"/cases/{case_id}/form")
    shown = browser.send(hub, "/share", shared="1")
    assert "Анкета видна сотруднику" in shown.text
    assert "п. Калиново, ул. Лесная, 12" in staff.open(f"/cases/{case_id}").text


def test_the_page_of_a_case_hides_identity_from_suppliers_and_folds_it_for_staff(app: Flask) -> None:
    with app.app_context():
        sbyt, ivanov, petrova = supplier_person(), filer(), operator()
        case_id = submit_draft(ivanov, supplier=[str(sbyt.actor.supplier_id)], contract_kind=["supply"])
    supplier = signed_in(app, sbyt).open(f"/cases/{case_id}")
    assert supplier.status == 200 and "п. Калиново, ул. Лесная, 12" in supplier.text
    for secret in ("123456", "05.11.1990", "91866342037", "УФМС"):
        assert secret not in supplier.html
    staff = signed_in(app, petrova).open(f"/cases/{case_id}")
    folded = staff.soup.find(id="questionnaire").find("details")
    assert "123456" in folded.get_text()
    assert "Неподтвержденная учетная запись" in staff.soup.find(id="applicant").get_text()
    own = signed_in(app, ivanov).open(f"/cases/{case_id}")
    assert "Профиль заявителя" in own.text


def test_the_whole_way_of_a_request_for_corrections(app: Flask) -> None:
    with app.app_context():
        ivanov, petrova = filer(), operator()
        case_id = checking(ivanov, petrova)
    staff, browser = signed_in(app, petrova), signed_in(app, ivanov)
    page = staff.open(f"/cases/{case_id}/request-fixes")
    assert "Заявитель получит письмо" in page.text
    empty = staff.send(page, "/request-fixes", text="Исправьте, пожалуйста")
    assert empty.status == 422 and empty.value_of("text").strip() == "Исправьте, пожалуйста"
    done = staff.send(
        page,
        "/request-fixes",
        items=["topic-object"],  # the remark beside the plan asks for it too
        **{"remark-document-plan": "не видны границы"},
    )
    assert done.path == f"/cases/{case_id}" and "не видны границы" in done.text
    case_page = browser.open(f"/cases/{case_id}")
    answer = browser.open(case_page.link("Ответить на запрос"))
    assert "не видны границы" in answer.text and "Анкета: Объект подключения" in answer.text
    assert "files-title" not in answer.html
    refused = browser.send(answer, button="Отправить исправления")
    assert refused.status == 422 and "почему этого нет" in refused.error_of("text")
    kept = browser.send(
        answer,
        button="Сохранить, не отправляя",
        text="Адрес уточнил",
        **{"files-plan": file(PDF + b"% new", "план.pdf")},
    )
    assert "план.pdf" in kept.text and kept.value_of("text").strip() == "Адрес уточнил"
    topic = browser.open(kept.link("Исправить ответы"))
    back = browser.send(topic, button="Сохранить", place="п. Калиново, ул. Полевая, 7")
    assert back.path == f"/cases/{case_id}/answer" and "Ждем от вас" not in back.text
    sent = browser.send(back, button="Отправить исправления")
    assert sent.path == f"/cases/{case_id}" and "Исправления отправлены" in sent.text
    assert "Полевая, 7" in staff.open(f"/cases/{case_id}").text


DECISIONS = {
    "accept": "Заявитель получит письмо",
    "complete": "Заявитель получит письмо",
    "reject": "письмо с причиной",
    "mode": "Заявитель получит письмо",
    "request-fixes": "Заявитель получит письмо",
}


@pytest.mark.parametrize(("path", "words"), DECISIONS.items())
def test_every_decision_has_a_page_that_tells_what_follows_and_changes_nothing(
    app: Flask, path: str, words: str
) -> None:
    with app.app_context():
        ivanov, petrova = filer(), operator()
        case_id = checking(ivanov, petrova)
    staff = signed_in(app, petrova)
    before = rows(app)
    page = staff.open(f"/cases/{case_id}/{path}")
    if path == "accept":
        assert page.status == 409
    else:
        assert page.status == 200 and words in page.text
    assert rows(app) == before
    assert signed_in(app, ivanov).open(f"/cases/{case_id}/{path}").status == 403


def test_staff_refuse_with_a_reason_that_stays_when_it_is_not_enough(app: Flask) -> None:
    with app.app_context():
        petrova = operator()
        case_id = checking(filer(), petrova)
    staff = signed_in(app, petrova)
    page = staff.open(f"/cases/{case_id}/reject")
    refused = staff.send(page, "/reject", reason="я" * 1001)
    assert refused.status == 422 and refused.value_of("reason").strip() == "я" * 1001
    done = staff.send(refused, "/reject", reason="Объект не в наших сетях")
    assert done.path == f"/cases/{case_id}" and "Объект не в наших сетях" in done.text


def test_annulment_is_offered_only_when_its_day_has_passed(app: Flask) -> None:
    with app.app_context():
        petrova = operator()
        case_id = asked(filer(), petrova)
    staff = signed_in(app, petrova)
    assert "Аннулировать" not in staff.open(f"/cases/{case_id}").text
    assert staff.open(f"/cases/{case_id}/annul").status == 409


def test_an_application_is_taken_back_on_its_own_page(app: Flask) -> None:
    with app.app_context():
        ivanov = filer()
        case_id = submit_draft(ivanov)
    browser = signed_in(app, ivanov)
    page = browser.open(browser.open(f"/cases/{case_id}").link("Отозвать заявку"))
    done = browser.send(page, button="Отозвать заявку", reason="Передумали")
    assert done.path == f"/cases/{case_id}" and "Заявка отозвана" in done.text


PAGES = ("form", "form/object", "form/documents", "form/check", "delete", "answer", "withdraw", "sent")


@pytest.mark.parametrize("path", PAGES)
def test_pages_of_somebody_elses_application_do_not_exist(app: Flask, path: str) -> None:
    with app.app_context():
        case_id = submit_draft(filer("Сидоров", snils="10289803962", email="s@example.org"))
    browser = signed_in(app, person(app))
    foreign, missing = browser.open(f"/cases/{case_id}/{path}"), browser.open(f"/cases/999999/{path}")
    assert foreign.status == missing.status == 404
    assert foreign.text == missing.text


@pytest.mark.parametrize("path", ["form/nothing", "form/Object", "form/object%00", "form/%D1%8F", "form/.."])
def test_an_unknown_topic_is_no_page(app: Flask, path: str) -> None:
    _, case_id, browser = drafted(app)
    assert browser.open(f"/cases/{case_id}/{path}").status in (404, 200 if path.endswith("..") else 404)
    assert browser.post(f"/cases/{case_id}/form/documents", {}).status in (404, 405, 422)


def test_nobody_opens_the_pages_without_signing_in(app: Flask) -> None:
    _, case_id, _ = drafted(app)
    assert Browser(app).open(f"/cases/{case_id}/form").path == "/login"


def test_reading_the_pages_changes_nothing(app: Flask) -> None:
    _, case_id, browser = completed(app)
    before = rows(app)
    paths = ["/cases/new", "/cases/new/application", *(f"/cases/{case_id}/{path}" for path in PAGES[:5])]
    for path in paths:
        assert isinstance(browser.open(path), Page)
        browser.client.head(path, base_url="https://lk.example.org")
    assert rows(app) == before


def test_a_person_who_accepted_everything_is_not_asked_again(app: Flask) -> None:
    with app.app_context():
        ivanov = applicant()
        accept_texts(ivanov)
        case_id = make_draft(ivanov)
        fill_topics(case_id, ivanov, home_form(day_of(clock.now())))
        attach_required(case_id, ivanov)
    check = signed_in(app, ivanov).open(f"/cases/{case_id}/form/check")
    assert "Я принимаю условия" not in check.text and INCOMPLETE not in check.text
