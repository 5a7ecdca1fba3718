"""What htmx asks of the questionnaire: parts that stand in the pages as well, and the same addresses without it."""

from io import BytesIO
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask

from app.cases.models import Case
from app.extensions import db
from tests.application_world import add_firm, asked, complete_draft, filer, make_draft, submit_draft, world
from tests.browser import BASE, Browser, Page, fields_of, file
from tests.case_world import PDF, operator, signed_in, supplier_person

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


def drafted(app: Flask, *, complete: bool = False) -> tuple[int, Browser]:
    with app.app_context():
        ivanov = filer()
        case_id = complete_draft(ivanov) if complete else make_draft(ivanov)
    return case_id, signed_in(app, ivanov)


def send(browser: Browser, page: Page, path: str, form: Tag, *, partial: bool = True, **values: Any) -> Page:
    """Send a form of the page as htmx does (or as a browser without it) to an address."""
    filled = fields_of(form)
    for name, value in values.items():
        filled.setlist(name, value if isinstance(value, list) else [value])
    headers = {
        "Referer": f"{BASE}{page.path}",
        "HX-Current-URL": f"{BASE}{page.path}",
        **(PARTIAL if partial else {}),
    }
    return Page(browser.client.post(path, base_url=BASE, data=filled, headers=headers))


def topic_form(page: Page) -> Tag:
    form = page.soup.find(id="topic-form")
    assert isinstance(form, Tag)
    return form


def rows(app: Flask) -> dict[str, str]:
    with app.app_context():
        return world()


def answers(app: Flask, case_id: int) -> dict[str, Any]:
    with app.app_context():
        return dict(db.session.get_one(Case, case_id).answers)


def waiting(page: Page) -> set[str]:
    """Names of the fields that are out of sight where htmx works."""
    hidden = page.soup.select(".later [name]")
    return {str(one["name"]) for one in hidden}


def ids(page: Page) -> list[str]:
    """The outermost elements of a fragment, by id."""
    top = BeautifulSoup(page.html, "html.parser").find_all(True, recursive=False)
    return [str(one.get("id", one.name)) for one in top]


def test_the_questions_come_alone_or_with_the_page_and_nothing_is_kept(app: Flask) -> None:
    case_id, browser = drafted(app)
    page = browser.open(f"/cases/{case_id}/form/type")
    before = rows(app)
    typed = {"connection_type": "permanent", "permanent_contract": "№ 7"}
    part = send(browser, page, f"{page.path}/fields", topic_form(page), **typed)
    assert (part.status, ids(part)) == (200, ["questions"])
    assert waiting(part) == {"temporary_until", "permanent_contract"}
    whole = send(browser, page, f"{page.path}/fields", topic_form(page), partial=False, **typed)
    assert whole.status == 200 and "<!doctype html>" in whole.html
    assert part.html.strip() in whole.html
    assert whole.value_of("permanent_contract") == "№ 7", (
        "a choice may be flipped back: nothing typed is lost"
    )
    assert rows(app) == before


def test_the_page_has_every_question_and_tells_without_scripts_when_to_fill_it(app: Flask) -> None:
    case_id, browser = drafted(app, complete=True)
    page = browser.open(f"/cases/{case_id}/form/applicant")
    assert waiting(page) == {"account", "identity_name", "identity_number"}
    hint = page.soup.find(id="h-account").get_text(" ", strip=True)
    assert hint.startswith("Заполните, если выбрано «есть лицевой счет»")


def test_questions_that_appear_are_named_and_those_that_go_are_not(app: Flask) -> None:
    case_id, browser = drafted(app)
    page = browser.open(f"/cases/{case_id}/form/object")
    path = f"{page.path}/fields"
    more = send(browser, page, path, topic_form(page), reason="other", cadastral_absent="yes")
    said = more.soup.find(id="appeared").get_text()
    assert said == "Появились вопросы: Почему кадастрового номера пока нет; Причина своими словами"
    form = topic_form(page)
    form.find(id="questions").replace_with(more.soup.find(id="questions"))
    less = send(browser, page, path, form, reason="more_power", cadastral_absent="yes")
    assert less.soup.find(id="appeared").get_text() == ""
    assert waiting(less) == {"reason_text"}


def test_the_supplier_opens_the_questions_about_the_contract(app: Flask) -> None:
    with app.app_context():
        supplier_person()
        firm = add_firm(filer())
        case_id = make_draft(firm)
    browser = signed_in(app, firm)
    page = browser.open(f"/cases/{case_id}/form/supplier")
    assert waiting(page) == {"contract_kind", "price_category"}
    option = page.soup.find("select", attrs={"name": "supplier"}).find_all("option")[1]["value"]
    chosen = send(browser, page, f"{page.path}/fields", topic_form(page), supplier=option)
    assert waiting(chosen) == set()
    assert "Ценовая категория" in chosen.soup.find(id="appeared").get_text()
    none = send(browser, page, f"{page.path}/fields", topic_form(page), supplier="none", price_category="3")
    assert waiting(none) == {"contract_kind", "price_category"}


def test_errors_that_were_told_stay_while_they_hold_and_no_new_ones_come(app: Flask) -> None:
    case_id, browser = drafted(app)
    page = browser.open(f"/cases/{case_id}/form/object")
    refused = send(browser, page, page.path, topic_form(page), cadastral_numbers="48:20")
    assert (refused.status, ids(refused)) == (422, ["title", "topic"])
    form = topic_form(refused)
    still = send(browser, refused, f"{page.path}/fields", form, cadastral_numbers="48:20", place="я" * 900)
    assert still.error_of("cadastral_numbers") and not still.error_of("place")
    mended = send(browser, refused, f"{page.path}/fields", form, cadastral_numbers="59:01:4410000:123")
    assert not mended.error_of("cadastral_numbers")


@pytest.mark.parametrize("path", ["fields", "autosave"])
def test_an_application_that_was_sent_is_open_for_neither(app: Flask, path: str) -> None:
    with app.app_context():
        ivanov = filer()
        case_id, other = submit_draft(ivanov), make_draft(ivanov)
    browser = signed_in(app, ivanov)
    page = browser.open(f"/cases/{other}/form/object")
    before = rows(app)
    answer = send(browser, page, f"/cases/{case_id}/form/object/{path}", topic_form(page), place="x")
    assert answer.status == 409 and "Заявка уже отправлена" in answer.text
    assert send(browser, page, f"/cases/{other}/form/nothing/{path}", topic_form(page)).status == 404
    assert send(browser, page, f"/cases/{other}/form/documents/{path}", topic_form(page)).status == 404
    assert rows(app) == before


def test_a_refused_topic_comes_back_as_its_part_with_the_errors_first(app: Flask) -> None:
    case_id, browser = drafted(app)
    page = browser.open(f"/cases/{case_id}/form/params")
    part = send(browser, page, page.path, topic_form(page), power_new="много", points="2")
    assert part.status == 422 and part.title.startswith("Ошибка: Параметры подключения")
    errors = part.soup.find(id="errors")
    assert errors.has_attr("autofocus") and errors.find("a")["href"] == "#f-power_new"
    assert (part.value_of("power_new"), part.value_of("points")) == ("много", "2")
    whole = send(browser, page, page.path, topic_form(page), partial=False, power_new="много", points="2")
    assert whole.status == 422 and whole.soup.find(id="errors").get_text() == errors.get_text()


def test_a_good_topic_leads_on_both_ways(app: Flask) -> None:
    case_id, browser = drafted(app)
    page = browser.open(f"/cases/{case_id}/form/type")
    typed = {"connection_type": "permanent"}
    on = send(browser, page, page.path, topic_form(page), **typed, then="next")
    assert (on.status, on.response.headers["HX-Redirect"]) == (204, f"/cases/{case_id}/form/object")
    plain = send(browser, page, page.path, topic_form(page), partial=False, **typed, then="hub")
    assert (plain.status, plain.response.headers["Location"]) == (303, f"/cases/{case_id}/form")


def test_an_autosave_says_when_and_renews_the_mark_of_the_page(app: Flask) -> None:
    case_id, browser = drafted(app)
    page = browser.open(f"/cases/{case_id}/form/object")
    line = send(browser, page, f"{page.path}/autosave", topic_form(page), place="Лесная, 12")
    assert line.status == 200 and ids(line) == ["saved", "seen"]
    said = line.soup.find(id="saved")
    assert said.get_text().startswith("Сохранено в ") and said["data-offline"] == "Нет связи, сохраним позже."
    assert line.soup.find(id="seen")["hx-swap-oob"] == "true"
    assert line.soup.find(id="seen")["value"] != page.value_of("seen")
    assert answers(app, case_id)["place"] == "Лесная, 12"
    empty = page.soup.find(id="saved")
    assert empty.get_text() == "" and empty["role"] == "status"


def test_an_autosave_names_what_it_did_not_keep_in_the_words_of_the_field(app: Flask) -> None:
    case_id, browser = drafted(app)
    page = browser.open(f"/cases/{case_id}/form/params")
    wrong = {"power_new": "много", "points": "2"}
    line = send(browser, page, f"{page.path}/autosave", topic_form(page), **wrong).soup.find(id="saved")
    refused = send(browser, page, page.path, topic_form(page), **wrong).error_of("power_new")
    sentence = refused.removeprefix("Ошибка: ").removeprefix("Требуемая мощность: ")
    assert line.get_text().endswith(f", кроме: Требуемая мощность — {sentence}")
    kept = answers(app, case_id)
    assert kept["points"] == 2 and "power_new" not in kept


def test_an_autosave_that_another_window_was_before_says_so_and_changes_nothing(app: Flask) -> None:
    case_id, browser = drafted(app)
    path = f"/cases/{case_id}/form/object"
    first, second = browser.open(path), browser.open(path)
    send(browser, first, f"{path}/autosave", topic_form(first), place="Лесная, 12")
    late = send(browser, second, f"{path}/autosave", topic_form(second), place="Полевая, 7")
    assert late.status == 200 and ids(late) == ["saved"]
    assert late.text.startswith("Ответы на этой странице изменили в другом окне, здесь они не сохранены.")
    assert answers(app, case_id)["place"] == "Лесная, 12"
    both = send(browser, second, path, topic_form(second), place="Полевая, 7")
    assert both.status == 409 and both.value_of("place") == "Полевая, 7"
    overtaken = both.soup.find(id="overtaken")
    assert overtaken.has_attr("autofocus") and "Лесная, 12" in overtaken.get_text()
    assert both.soup.find(id="flash") is not None
    assert send(browser, both, path, topic_form(both), place="Полевая, 7").status == 204
    assert answers(app, case_id)["place"] == "Полевая, 7"


def test_a_refused_form_does_not_hide_what_another_window_has_changed(app: Flask) -> None:
    case_id, browser = drafted(app)
    path = f"/cases/{case_id}/form/object"
    first, second = browser.open(path), browser.open(path)
    send(browser, first, f"{path}/autosave", topic_form(first), place="Лесная, 12")
    refused = send(browser, second, path, topic_form(second), place="Полевая, 7", cadastral_numbers="1")
    assert refused.status == 422
    late = send(browser, refused, path, topic_form(refused), place="Полевая, 7", cadastral_numbers="")
    assert late.status == 409 and "Лесная, 12" in late.text


def test_a_topic_that_the_company_asked_to_mend_does_not_save_itself(app: Flask) -> None:
    with app.app_context():
        ivanov, petrova = filer(), operator()
        case_id = asked(ivanov, petrova, ("topic", "object", "уточните адрес"))
    page = signed_in(app, ivanov).open(f"/cases/{case_id}/form/object")
    assert page.soup.find(id="saved") is None and not topic_form(page).has_attr("data-autosave")


def test_another_applicant_brings_the_whole_part_and_a_refused_choice_its_own_alone(app: Flask) -> None:
    with app.app_context():
        ivanov = filer()
        firm = add_firm(ivanov)
        case_id = complete_draft(ivanov)
    browser = signed_in(app, firm)
    page = browser.open(f"/cases/{case_id}/form/applicant")
    form, path = page.form("/behalf"), f"{page.path}/behalf"
    refused = send(browser, page, path, form, applicant="999")
    assert (refused.status, ids(refused)) == (422, ["behalf"])
    assert "Выберите, от чьего имени" in refused.error_of("applicant")
    same = send(browser, page, path, form)
    assert (same.status, ids(same)) == (200, ["flash"])
    other = send(browser, page, path, form, applicant=str(firm.applicant_id))
    assert (other.status, ids(other)) == (200, ["title", "topic", "flash"])
    assert "Номер выписки из ЕГРЮЛ" in other.text and other.soup.find(id="slot-extract") is not None
    assert "Серия паспорта" not in other.text


def put(browser: Browser, page: Page, code: str, *files: tuple[BytesIO, str], place: str) -> Page:
    token = page.soup.find(attrs={"name": "csrf_token"})["value"]
    data = {"csrf_token": token, "kind": code, "page": place, f"files-{code}": list(files)}
    case = page.path.split("/")[2]
    headers = {"Referer": f"{BASE}{page.path}", **PARTIAL}
    return Page(browser.client.post(f"/cases/{case}/files", base_url=BASE, data=data, headers=headers))


def test_a_file_comes_back_in_its_slot_with_the_progress_of_the_page(app: Flask) -> None:
    case_id, browser = drafted(app)
    page = browser.open(f"/cases/{case_id}/form/documents")
    assert page.soup.find(id="progress").get_text().startswith("Приложено обязательных документов: 0 из ")
    part = put(browser, page, "plan", file(PDF, "План.pdf"), place="documents")
    assert (part.status, ids(part)) == (200, ["slot-plan", "removals-plan", "progress"])
    assert "Приложено: 1" in part.text and "План.pdf" in part.text
    assert part.soup.find(class_="tags").has_attr("data-focus")
    assert part.soup.find(id="progress").get_text().startswith("Приложено обязательных документов: 1 из ")
    again = browser.open(page.path)
    stands = again.soup.find(id="slot-plan").get_text(" ", strip=True)
    assert stands == part.soup.find(id="slot-plan").get_text(" ", strip=True)
    twice = put(browser, page, "plan", file(PDF, "План.pdf"), place="documents")
    assert "Такой файл здесь уже есть." in twice.soup.find(id="flash").get_text()


def test_a_refused_file_is_told_in_its_slot_and_the_focus_goes_to_its_field(app: Flask) -> None:
    case_id, browser = drafted(app)
    page = browser.open(f"/cases/{case_id}/form/documents")
    files = (file(PDF, "План.pdf"), file(b"<svg/>", "схема.jpg"))
    part = put(browser, page, "plan", *files, place="documents")
    assert part.status == 422 and "«схема.jpg»" in part.error_of("files-plan")
    assert part.soup.find(attrs={"data-focus": True}).find(id="f-files-plan") is not None
    assert "План.pdf" in part.text, "the good one stays"
    nothing = put(browser, page, "plan", (BytesIO(b""), ""), place="documents")
    assert nothing.status == 422 and "Выберите файл" in nothing.error_of("files-plan")


def test_a_file_goes_out_of_its_slot_and_the_slot_comes_back(app: Flask) -> None:
    case_id, browser = drafted(app)
    page = browser.open(f"/cases/{case_id}/form/documents")
    put(browser, page, "plan", file(PDF, "План.pdf"), place="documents")
    page = browser.open(page.path)
    form = page.form("/delete")
    part = send(browser, page, str(form["action"]), form)
    assert part.status == 200 and set(ids(part)) == {"slot-plan", "removals-plan", "flash", "progress"}
    assert "Нужно приложить" in part.text and part.soup.find(id="removals-plan").find("form") is None
    assert "Файл удален." in part.soup.find(id="flash").get_text()


def test_slots_of_the_applicant_and_of_the_answer_know_their_own_page(app: Flask) -> None:
    with app.app_context():
        ivanov, petrova = filer(), operator()
        draft, open_case = make_draft(ivanov), asked(ivanov, petrova)
    browser = signed_in(app, ivanov)
    own = browser.open(f"/cases/{draft}/form/applicant")
    part = put(browser, own, "identity", file(PDF, "Паспорт.pdf"), place="applicant")
    assert (part.status, ids(part)) == (200, ["slot-identity", "removals-identity"])
    assert part.soup.find("button", attrs={"name": "then"})["value"] == "files"
    answer = browser.open(f"/cases/{open_case}/answer")
    part = put(browser, answer, "plan", file(PDF + b"%new", "План.pdf"), place="answer")
    assert (part.status, ids(part)) == (200, ["slot-plan", "removals-plan"])
    assert "Приложено" in part.text and "Ждем от вас" not in part.text
    closed = put(browser, answer, "title", file(PDF, "Право.pdf"), place="answer")
    assert closed.status == 409 and closed.soup.find(id="flash") is not None


def test_without_scripts_the_button_of_a_slot_saves_the_form_and_comes_back(app: Flask) -> None:
    case_id, browser = drafted(app)
    page = browser.open(f"/cases/{case_id}/form/applicant")
    back = browser.send(
        page, button="Добавить файлы", address="г. Пермь", **{"files-identity": file(PDF, "Паспорт.pdf")}
    )
    assert back.path == page.path and "Паспорт.pdf" in back.text
    assert back.value_of("address") == "г. Пермь"


def test_the_comment_has_the_buttons_of_light_formatting(app: Flask) -> None:
    case_id, browser = drafted(app)
    page = browser.open(f"/cases/{case_id}/form/comment")
    bar = page.soup.find(attrs={"data-toolbar": "f-comment"})
    assert bar is not None and bar.has_attr("hidden")
