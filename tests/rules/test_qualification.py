"""Which clause an application falls under, and why."""

from dataclasses import replace

import pytest

from app.connections.qualification import (
    CLAUSE_12_1_TEXT,
    CLAUSE_14_TEXT,
    Facts,
    asked_clause,
    asked_clause_text,
    qualify,
)

HOME = Facts("individual", 15_000, 3, "one", True, "permanent")
SHOP = Facts("sole_trader", 150_000, 2, "two", None, "permanent")


def test_a_home_of_fifteen_kilowatts_falls_under_clause_14_and_nothing_is_signed():
    found = qualify(HOME)
    assert (found.mode, found.clause, found.fits) == ("A", "п. 14", True)
    assert "Максимальная мощность 15 кВт, это не больше 15 кВт." in found.reasons


@pytest.mark.parametrize("form", ["sole_trader", "legal_entity"])
@pytest.mark.parametrize("category", [2, 3])
def test_a_business_up_to_150_kilowatts_falls_under_clause_12_1(form, category):
    found = qualify(replace(SHOP, legal_form=form, category=category))
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
    found = qualify(replace(HOME, **change))
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
    found = qualify(replace(SHOP, **change))
    assert (found.mode, found.clause) == ("B", "общий порядок")
    assert found.reasons == (reason,)


@pytest.mark.parametrize("kind", ["temporary_scheme", "temporary_mobile"])
@pytest.mark.parametrize("facts", [HOME, SHOP], ids=["home", "shop"])
def test_a_temporary_connection_falls_under_clause_13_and_is_signed(facts, kind):
    found = qualify(replace(facts, connection_type=kind))
    assert (found.mode, found.clause, found.fits) == ("B", "п. 13", False)
    assert found.reasons == ("Подключение временное, для него в Правилах есть отдельный пункт 13.",)


def test_every_hindrance_is_told_and_only_hindrances():
    found = qualify(replace(HOME, watts_total=20_000, household=False))
    assert len(found.reasons) == 2


def test_a_fifteen_kilowatt_shop_is_never_judged_by_clause_14():
    assert qualify(replace(SHOP, watts_total=15_000, category=3)).clause == "п. 12(1)"


def test_each_legal_form_is_asked_about_its_own_clause_with_its_own_text():
    assert (asked_clause("individual"), asked_clause_text("individual")) == ("п. 14", CLAUSE_14_TEXT)
    for form in ("sole_trader", "legal_entity"):
        assert (asked_clause(form), asked_clause_text(form)) == ("п. 12(1)", CLAUSE_12_1_TEXT)


def test_the_text_of_clause_14_is_the_manuals_and_that_of_12_1_is_marked_as_an_explanation():
    assert CLAUSE_14_TEXT.startswith(
        "В пункте 14 Правил технологического присоединения указаны: Заявители - физические лица, подающие "
        "заявку в целях технологического присоединения энергопринимающих устройств, максимальная мощность "
        "которых составляет до 15 кВт включительно"
    )
    assert CLAUSE_14_TEXT.endswith("и электроснабжение которых предусматривается по одному источнику")
    assert "не текст Правил" in CLAUSE_12_1_TEXT
