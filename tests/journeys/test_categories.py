"""«Категории заявителей» and «Банк и подписант» in «Настройка», and the category of an application on its pages."""

from datetime import date, timedelta

import pytest

from app.company import queries as company
from tests.browser import Browser
from tests.unchanged import unchanged
from tests.whole_site import World

HOME = "/admin/categories/clause_14"
BANK = {
    "company.bank": "ПАО Сбербанк",
    "company.bik": "044525225",
    "company.account": "40702810938000000001",
    "company.correspondent": "30101810400000000225",
}


@pytest.fixture
def boss(world: World) -> Browser:
    return world.browser("administrator")


def today(world: World) -> date:
    with world.app.app_context():
        return company.today()


def tomorrow(world: World) -> date:
    return today(world) + timedelta(days=1)


def typed(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def test_a_category_says_something_else_from_a_day_on_and_tells_from_which(
    world: World, boss: Browser
) -> None:
    start = today(world) + timedelta(days=30)
    page = boss.open(boss.open("/admin").link("Категории заявителей"))
    page = boss.open(page.link("п. 14, физическое лицо, для быта, один источник"))
    assert page.value_of("limit") == "15"
    saved = boss.send(page, HOME, valid_from=typed(start), limit="20", works_term="works_30_days")
    assert (saved.status, saved.path) == (200, HOME)
    assert "Так действует с 01.01.2020" in saved.text
    assert f"{typed(start)} Еще не действует" in saved.text and "20 кВт" in saved.text
    assert f"С {typed(start)} будет иначе" in boss.open("/admin/categories").text


def test_a_version_of_tomorrow_changes_neither_what_was_sent_nor_what_is_sent_today(
    world: World, boss: Browser
) -> None:
    page = boss.open("/admin/categories/clause_14")
    saved = boss.send(page, HOME, valid_from=typed(tomorrow(world)), limit="7")
    assert "7 кВт" in saved.text and saved.status == 200
    draft = world.browser("applicant").open(f"/cases/{world.cases['draft']}/form/rule")
    assert "это больше 7 кВт" not in draft.text
    before = world.browser("operator").open(f"/cases/{world.cases['checking']}")
    assert "Категория заявки: п. 14" in before.text and "получается иначе" not in before.text


def test_a_wrong_version_stands_at_its_fields_and_nothing_typed_is_lost(world: World, boss: Browser) -> None:
    with unchanged(world.app):
        page = boss.send(
            boss.open(HOME), HOME, valid_from=typed(today(world)), limit="много", clause="", title="для дачи"
        )
    assert page.status == 422
    assert "завтрашний или более поздний день" in page.error_of("valid_from")
    assert "Предел мощности" in page.error_of("limit")
    assert "Пункт Правил" in page.error_of("clause")
    assert (page.value_of("title"), page.value_of("limit")) == ("для дачи", "много")


def test_a_version_that_changes_nothing_is_refused_in_words(world: World, boss: Browser) -> None:
    with unchanged(world.app):
        page = boss.send(boss.open(HOME), HOME, valid_from=typed(tomorrow(world)))
    assert page.status == 422
    assert "Измените хотя бы одно поле" in page.error_of("valid_from")


def test_two_administrators_who_change_one_category_are_told_of_each_other(
    world: World, boss: Browser
) -> None:
    day = typed(tomorrow(world))
    early = boss.open(HOME)
    boss.send(boss.open(HOME), HOME, valid_from=day, limit="20")
    late = boss.send(early, HOME, valid_from=day, limit="30")
    assert late.status == 409
    assert "Данные уже другие" in late.text and "20 кВт" in late.text
    assert late.value_of("limit") == "30"
    saved = boss.send(late, HOME)
    assert saved.status == 200 and "30 кВт" in saved.text


def test_only_a_category_that_may_be_missing_can_be_switched_off(world: World, boss: Browser) -> None:
    assert boss.open(HOME).soup.find("input", attrs={"name": "active"}) is None
    path = "/admin/categories/clause_13_5"
    saved = boss.send(boss.open(path), path, valid_from=typed(tomorrow(world)), active=None)
    assert "Не применяется" in saved.text
    assert f"С {typed(tomorrow(world))} будет иначе" in boss.open("/admin/categories").text
    # The application was sent before that day.
    assert "п. 13(5)" in world.browser("operator").open(f"/cases/{world.cases['submitted']}/mode").text


def test_an_unknown_category_is_not_found(world: World, boss: Browser) -> None:
    assert boss.open("/admin/categories/nothing").status == 404


def test_staff_choose_the_category_and_both_sides_read_it(world: World) -> None:
    case_id = world.cases["checking"]
    operator, applicant = world.browser("operator"), world.browser("applicant")
    page = operator.open(f"/cases/{case_id}/mode")
    assert "юридическое лицо" not in page.text  # categories of this applicant alone
    refused = operator.send(page, "/mode", category="", reason="")
    assert refused.status == 422
    assert refused.error_of("category") == "Ошибка: Выберите другую категорию."
    done = operator.send(page, "/mode", category="general", reason="мощность больше")
    assert done.path == f"/cases/{case_id}"
    for browser in (operator, applicant):
        told = browser.open(f"/cases/{case_id}").text
        assert "Категория заявки: общий порядок, остальные заявки." in told
        assert "Изменена категория заявки: общий порядок, остальные заявки." in told
        assert "Причина: мощность больше" in told
    assert "По ответам анкеты получается иначе: п. 14" in operator.open(f"/cases/{case_id}").text


def test_the_company_s_account_is_checked_with_its_bank_and_each_error_stands_at_its_field(
    world: World, boss: Browser
) -> None:
    page = boss.open("/admin/payment")
    with unchanged(world.app):
        wrong = boss.send(
            page, "/admin/payment", **{**BANK, "company.bank": "", "company.account": "40702810938000000002"}
        )
    assert wrong.status == 422
    assert "контрольный ключ счета не сходится" in wrong.error_of("company.account")
    assert "укажите наименование" in wrong.error_of("company.bank")
    saved = boss.send(wrong, "/admin/payment", **BANK)
    assert (saved.status, saved.value_of("company.account")) == (200, "40702810938000000001")


def test_a_lone_account_is_not_kept_and_a_treasury_one_is_pointed_out(world: World, boss: Browser) -> None:
    with unchanged(world.app):
        alone = boss.send(boss.open("/admin/payment"), "/admin/payment", **{**BANK, "company.bik": ""})
    assert alone.status == 422
    assert "введите 9 цифр" in alone.error_of("company.bik")
    treasury = {
        "company.bank": "Отделение Пермь",
        "company.bik": "015773997",
        "company.account": "03100643000000015600",
        "company.correspondent": "40102810145370000048",
    }
    saved = boss.send(boss.open("/admin/payment"), "/admin/payment", **treasury)
    assert saved.status == 200 and "Это казначейский счет" in saved.text
