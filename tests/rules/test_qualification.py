"""Which clause an application falls under, and why."""

from dataclasses import replace
from datetime import date

import pytest

from app.company.categories import SHIPPED, Category, in_force
from app.connections.qualification import (
    CLAUSE_12_1_TEXT,
    CLAUSE_14_TEXT,
    Facts,
    asked_clause,
    asked_clause_text,
    otherwise,
    qualify,
)

HOME = Facts("individual", 15_000, 3, "one", True, "permanent")
CATEGORIES = in_force(SHIPPED, date(2026, 11, 30))
SHOP = Facts("sole_trader", 150_000, 2, "two", None, "permanent")


def test_a_home_of_fifteen_kilowatts_falls_under_clause_14_and_nothing_is_signed():
    found = qualify(HOME, CATEGORIES)
    assert (found.mode, found.clause, found.fits) == ("A", "п. 14", True)
    assert "Максимальная мощность 15 кВт, это не больше 15 кВт." in found.reasons


@pytest.mark.parametrize("form", ["sole_trader", "legal_entity"])
@pytest.mark.parametrize("category", [2, 3])
def test_a_business_up_to_150_kilowatts_falls_under_clause_12_1(form, category):
    found = qualify(replace(SHOP, legal_form=form, category=category), CATEGORIES)
    assert (found.mode, found.clause, found.fits) == ("A", "п. 12(1)", True)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"watts_total": 15_010}, "Максимальная мощность 15,01 кВт, это больше 15 кВт."),
        ({"household": False}, "Электроэнергия нужна для предпринимательской деятельности."),
        ({"sources": "two"}, "Указано два источника питания, а пункт 14 говорит об одном."),
        ({"category": 2}, "Категория надежности первая или вторая: для нее одного источника питания мало."),
    ],
)
def test_a_home_out_of_clause_14_goes_by_the_general_order_and_reads_why(change, reason):
    found = qualify(replace(HOME, **change), CATEGORIES)
    assert (found.mode, found.clause, found.fits) == ("B", "общий порядок", False)
    assert found.reasons == (reason,)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"watts_total": 150_010}, "Максимальная мощность 150,01 кВт, это больше 150 кВт."),
        ({"category": 1}, "Категория надежности первая, а пункт 12(1) говорит о второй и третьей."),
    ],
)
def test_a_business_out_of_clause_12_1_goes_by_the_general_order_and_reads_why(change, reason):
    found = qualify(replace(SHOP, **change), CATEGORIES)
    assert (found.mode, found.clause) == ("B", "общий порядок")
    assert found.reasons == (reason,)


@pytest.mark.parametrize("kind", ["temporary_scheme", "temporary_mobile"])
@pytest.mark.parametrize("facts", [HOME, SHOP], ids=["home", "shop"])
def test_a_temporary_connection_falls_under_clause_13_and_is_signed(facts, kind):
    found = qualify(replace(facts, connection_type=kind), CATEGORIES)
    assert (found.mode, found.clause, found.fits) == ("B", "п. 13", False)
    assert found.reasons == ("Подключение временное, для него в Правилах есть отдельный пункт 13.",)


def test_every_hindrance_is_told_and_only_hindrances():
    found = qualify(replace(HOME, watts_total=20_000, household=False), CATEGORIES)
    assert len(found.reasons) == 2


def test_a_fifteen_kilowatt_shop_is_never_judged_by_clause_14():
    assert qualify(replace(SHOP, watts_total=15_000, category=3), CATEGORIES).clause == "п. 12(1)"


def test_each_legal_form_is_asked_about_its_own_clause_with_its_own_text():
    assert (asked_clause("individual"), asked_clause_text("individual", CATEGORIES)) == (
        "п. 14",
        CLAUSE_14_TEXT,
    )
    for form in ("sole_trader", "legal_entity"):
        assert (asked_clause(form), asked_clause_text(form, CATEGORIES)) == ("п. 12(1)", CLAUSE_12_1_TEXT)


def test_the_text_of_clause_14_is_the_manuals_and_that_of_12_1_is_marked_as_an_explanation():
    assert CLAUSE_14_TEXT.startswith(
        "В пункте 14 Правил технологического присоединения указаны: Заявители - физические лица, подающие "
        "заявку в целях технологического присоединения энергопринимающих устройств, максимальная мощность "
        "которых составляет до 15 кВт включительно"
    )
    assert CLAUSE_14_TEXT.endswith("и электроснабжение которых предусматривается по одному источнику")
    assert "не текст Правил" in CLAUSE_12_1_TEXT


@pytest.mark.parametrize(
    ("facts", "code", "works"),
    [
        (HOME, "clause_14", "works"),
        (SHOP, "clause_12_1", "works"),
        (replace(HOME, watts_total=16_000), "general", "works_year"),
        (replace(HOME, household=False), "general", "works_year"),
        (replace(HOME, category=2, sources="two"), "reliability_1_2", "works_year"),
        (replace(SHOP, category=1), "reliability_1_2", "works_year"),
        (replace(SHOP, watts_total=150_010, category=3), "from_150", "works_year"),
        (replace(SHOP, watts_total=669_990, category=3), "from_150", "works_year"),
        (replace(SHOP, watts_total=669_990, category=1), "reliability_1_2", "works_year"),
        (replace(SHOP, watts_total=670_000, category=3), "from_670", "works_2_years"),
        (replace(SHOP, watts_total=670_000, category=1), "from_670", "works_2_years"),
        (replace(SHOP, connection_type="temporary_mobile"), "clause_13_mobile", "works_15_days"),
        (replace(HOME, connection_type="temporary_scheme"), "clause_13_scheme", "works_15_days"),
        (replace(SHOP, watts_total=200_000, connection_type="temporary_mobile"), "from_150", "works_year"),
    ],
)
def test_each_application_has_the_first_category_that_fits_and_its_term_of_the_works(facts, code, works):
    found = qualify(facts, CATEGORIES).category
    assert (found.code, found.works_term) == (code, works)


def test_what_the_questionnaire_does_not_ask_about_is_never_computed():
    chosen = {one.code for one in SHIPPED if one.by_staff}
    assert chosen == {"clause_13_2", "clause_13_3", "clause_13_4", "clause_13_5"}
    assert all(one.mode == "A" for one in SHIPPED if one.by_staff)
    for form in ("individual", "sole_trader", "legal_entity"):
        for watts in (1_000, 15_000, 150_000, 500_000, 5_000_000):
            facts = replace(SHOP, legal_form=form, watts_total=watts)
            assert qualify(facts, CATEGORIES).category.code not in chosen


def test_whoever_denies_the_clause_goes_by_the_next_category_that_fits():
    assert otherwise(HOME, CATEGORIES).code == "general"
    assert otherwise(SHOP, CATEGORIES).code == "reliability_1_2"
    assert otherwise(replace(SHOP, category=3), CATEGORIES).code == "general"


#: The limit of clause 14 grows on 1 January 2027, its title with it; clause 12(1) is signed from 1 July 2027.
CHANGED = (
    *SHIPPED,
    replace(SHIPPED[0], valid_from=date(2027, 1, 1), watts_most=20_000, title="до 20 кВт"),
    replace(SHIPPED[1], valid_from=date(2027, 7, 1), mode="B", works_term="works_year"),
    replace(SHIPPED[2], valid_from=date(2027, 7, 1), active=False),
)


@pytest.mark.parametrize(
    ("day", "facts", "code", "mode"),
    [
        (date(2026, 12, 31), replace(HOME, watts_total=18_000), "general", "B"),
        (date(2027, 1, 1), replace(HOME, watts_total=18_000), "clause_14", "A"),
        (date(2027, 1, 1), replace(HOME, watts_total=20_010), "general", "B"),
        (date(2027, 6, 30), SHOP, "clause_12_1", "A"),
        (date(2027, 7, 1), SHOP, "clause_12_1", "B"),
        (date(2027, 6, 30), replace(SHOP, connection_type="temporary_mobile"), "clause_13_mobile", "B"),
        (date(2027, 7, 1), replace(SHOP, connection_type="temporary_mobile", category=3), "general", "B"),
    ],
)
def test_the_version_of_the_day_decides(day, facts, code, mode):
    found = qualify(facts, in_force(CHANGED, day))
    assert (found.category.code, found.mode) == (code, mode)


def test_the_reasons_name_the_limit_of_the_day():
    (reason,) = qualify(replace(HOME, watts_total=18_000), in_force(CHANGED, date(2026, 12, 31))).reasons
    assert reason == "Максимальная мощность 18 кВт, это больше 15 кВт."
    reasons = qualify(replace(HOME, watts_total=18_000), in_force(CHANGED, date(2027, 1, 1))).reasons
    assert "Максимальная мощность 18 кВт, это не больше 20 кВт." in reasons


def test_the_text_under_the_question_says_when_its_limit_is_not_in_force_any_more():
    before, after = (in_force(CHANGED, day) for day in (date(2026, 12, 31), date(2027, 1, 1)))
    assert asked_clause_text("individual", before) == CLAUSE_14_TEXT
    said = asked_clause_text("individual", after).removeprefix(CLAUSE_14_TEXT)
    assert said == ". С 01.01.2027 предел мощности в этом пункте другой: 20 кВт."


def test_before_the_first_version_a_category_is_not_there():
    late = Category("late", 5, "п. 1", "поздняя", "A", valid_from=date(2027, 1, 1))
    assert late not in in_force((*SHIPPED, late), date(2026, 12, 31))
    assert in_force((*SHIPPED, late), date(2027, 1, 1))[0] is late
