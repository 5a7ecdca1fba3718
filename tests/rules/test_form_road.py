"""The two roads of an application: what each asks and needs, that nothing typed is lost, what the company has to enter."""

import pytest

from app.connections.answers import live_answers, merge, offered_fields, parse_topic
from app.connections.checklist import checklist
from app.connections.completeness import gaps
from app.connections.contradictions import contradictions
from app.connections.form_facts import asked_of_company, entered, typed_facts
from app.connections.form_rules import BY_FORM, ROAD, facts_lacking, may_enter_facts, read_road, switched
from app.connections.hub import tasks
from app.connections.submission import submission_gaps
from app.connections.summary import facts_line, mode_of, qualification_of, summary
from app.errors import InvalidValue
from tests.rules.applications import FIRM, HOME, SHOP, home, shop

BRIEF = {
    ROAD: BY_FORM,
    "power_band": "upto15",
    "connection_type": "permanent",
    "rule_fits": "yes",
    "supplier": "none",
}


def brief(**changes):
    return {code: value for code, value in (BRIEF | changes).items() if value is not None}


@pytest.mark.parametrize(
    ("answers", "about", "lacks"),
    [
        (brief(), HOME, []),
        (brief(), SHOP, []),
        (brief(), FIRM, []),
        (brief(power_band=None), HOME, ["power_band"]),
        (brief(connection_type=None), HOME, ["connection_type"]),
        (brief(rule_fits=None), HOME, ["rule_fits"]),
        (brief(supplier=None), SHOP, ["supplier"]),
        (brief(connection_type="temporary_mobile", rule_fits=None), HOME, []),
        ({ROAD: BY_FORM}, HOME, ["power_band", "connection_type", "supplier"]),
        (home(), HOME, []),
        (shop(), SHOP, []),
    ],
)
def test_each_road_is_complete_with_its_own_answers(answers, about, lacks):
    assert [gap.field for gap in gaps(answers, about)] == lacks


@pytest.mark.parametrize(("about", "papers"), [(HOME, ["identity"]), (SHOP, ["extract"])])
def test_the_filled_form_is_one_of_the_papers_of_its_road(about, papers):
    needed = [item.kind.code for item in checklist(brief(), about) if item.required]
    assert needed == ["application", *papers, "plan", "title"]
    assert submission_gaps(brief(), checklist(brief(), about), set(needed), about) == []
    (gap,) = submission_gaps(brief(), checklist(brief(), about), set(needed) - {"application"}, about)
    assert (gap.field, gap.sentence) == ("application", "Приложите заполненную и подписанную форму заявки")


def test_the_hub_of_the_form_road_has_three_tasks():
    found = tasks(brief(), checklist(brief(), HOME), frozenset(), HOME)
    assert [task.topic.code for task in found] == ["brief", "documents", "comment"]
    assert next(task.topic.code for task in tasks(home(), [], frozenset(), HOME)) == "applicant"


@pytest.mark.parametrize(
    ("changes", "about", "mode"),
    [
        ({}, HOME, "A"),
        ({"rule_fits": "no"}, HOME, "B"),
        ({"power_band": "upto150"}, HOME, "B"),
        ({"power_band": "upto150"}, SHOP, "A"),
        ({"power_band": "over150"}, SHOP, "B"),
        ({"rule_fits": "no"}, SHOP, "B"),
    ],
)
def test_the_band_and_the_applicants_word_tell_the_mode(changes, about, mode):
    assert mode_of(brief(**changes), about) == mode
    assert qualification_of(brief(**changes), about).reasons


def test_the_facts_of_a_card_are_those_of_the_manual():
    assert facts_line(brief(rule_fits="no"), HOME) == [
        "≤15 кВт",
        "постоянная схема",
        "не соответствует п. 14 Правил",
    ]


def test_no_reason_claims_a_figure_that_only_the_form_tells():
    for changes, about in (({}, HOME), ({"power_band": "over150"}, SHOP), ({"rule_fits": "no"}, HOME)):
        words = " ".join(qualification_of(brief(**changes), about).reasons)
        assert "15 кВт, это" not in words and "источник" not in words, words


def test_a_claim_against_the_band_is_told_where_it_was_made():
    (found,) = contradictions(brief(power_band="upto150"), HOME)
    assert (found.topic, found.field) == ("brief", "rule_fits")
    assert contradictions(brief(rule_fits="no"), HOME) == []


@pytest.mark.parametrize("chosen", ["", "form ", "FORM", "form_entered", "x" * 10_000])
def test_a_road_that_nobody_offers_is_refused(chosen):
    assert read_road("form")
    assert not read_road("here")
    with pytest.raises(InvalidValue, match="Выберите, как заполнить заявку"):
        read_road(chosen)


def test_changing_the_road_there_and_back_loses_nothing():
    for answers in (home(), shop()):
        away = switched(answers, to_form=True, band="upto15")
        assert away["power_band"] == "upto15"
        back = switched(away, to_form=False, band=None)
        assert {code: value for code, value in back.items() if code != "power_band"} == answers


def test_what_is_saved_on_one_road_leaves_the_answers_of_the_other():
    answers = switched(home(connection_type=["temporary_scheme"], rule_fits=None), to_form=True, band=None)
    raw = {"power_band": ["upto15"], "connection_type": ["permanent"], "rule_fits": ["yes"]}
    saved = merge(answers, parse_topic("brief", raw, HOME, answers))
    assert saved["temporary_until" if "temporary_until" in answers else "place"]
    assert (saved["place"], saved["power_new"], saved["power_band"]) == (
        "п. Калиново, ул. Лесная, 12",
        15000,
        "upto15",
    )


@pytest.mark.parametrize("topic", ["object", "params", "applicant", "type", "rule"])
def test_a_page_of_the_other_road_takes_nothing_away(topic):
    answers = switched(home(), to_form=True, band=None)
    assert merge(answers, parse_topic(topic, {}, HOME, answers)) == answers
    assert merge(home(), parse_topic("brief", {}, HOME, home())) == home()


def test_what_is_hidden_by_the_road_decides_nothing():
    answers = switched(home(power_new=["100"]), to_form=True, band=None) | {"power_band": "upto15"}
    assert live_answers(answers, HOME).get("power_new") is None
    assert facts_line(answers, HOME)[0] == "≤15 кВт"


def test_the_page_asks_for_the_clause_of_a_permanent_connection_alone():
    assert [field.code for field in offered_fields("brief", {ROAD: BY_FORM}, HOME)] == [
        "power_band",
        "connection_type",
        "rule_fits",
        "supplier",
    ]
    assert "Соответствие Правилам" not in [
        row.label for _, rows in summary(brief(connection_type="temporary_mobile"), HOME) for row in rows
    ]


def test_the_company_is_not_asked_what_the_applicant_has_answered():
    asked = {field.code for _, fields in asked_of_company(brief(), HOME) for field in fields}
    assert {"place", "power_new", "object_name", "address"} <= asked
    assert not {"connection_type", "rule_fits", "supplier", "comment", "power_band"} & asked


def test_the_company_is_asked_only_what_the_applicants_answers_leave_open():
    def asked(answers):
        return {field.code for _, fields in asked_of_company(answers, HOME) for field in fields}

    assert not {"temporary_until", "permanent_contract"} & asked(brief())
    assert "temporary_until" in asked(brief(connection_type="temporary_mobile"))
    assert {"temporary_until", "permanent_contract"} <= asked(brief(connection_type="temporary_scheme"))
    # What a choice on the page itself would open stands on the page.
    assert {"cadastral_absent", "cadastral_absent_why"} <= asked(brief())
    _, errors = entered({"temporary_until": ["x"]}, HOME, brief(connection_type="temporary_mobile"))
    assert set(errors) == {"temporary_until"}


RAW = {
    "object_name": ["ВРУ"],
    "place": ["п. Калиново, ул. Лесная, 12"],
    "power_new": ["7,5"],
    "power_existing": ["0"],
    "reliability": ["3"],
    "connection_type": ["temporary_mobile"],
    "supplier": ["7"],
}


def test_what_the_company_enters_is_read_by_the_rules_of_the_questionnaire():
    answers, errors = entered(RAW, HOME, brief(comment="Здравствуйте"))
    assert errors == {}
    assert (answers["place"], answers["power_new"]) == ("п. Калиново, ул. Лесная, 12", 7500)
    assert (answers["connection_type"], answers["supplier"]) == ("permanent", "none")
    assert (answers["rule_fits"], answers["comment"]) == ("yes", "Здравствуйте")
    _, errors = entered(RAW | {"power_new": ["много"], "cadastral_numbers": ["1"]}, HOME, brief())
    assert set(errors) == {"power_new", "cadastral_numbers"}


def test_entering_twice_keeps_what_was_entered_and_typed_facts_are_its_reverse():
    answers, _ = entered(RAW, HOME, brief())
    again, errors = entered(typed_facts(answers), HOME, answers)
    assert (again, errors) == (answers, {})


def test_the_set_is_not_complete_until_power_and_place_are_entered():
    assert facts_lacking(home()) is None
    assert "местоположение и мощность" in str(facts_lacking(brief()))
    # What the applicant once typed here is not what stands in the form.
    assert facts_lacking(switched(home(), to_form=True, band=None)) is not None
    answers, _ = entered(RAW | {"place": [""]}, HOME, brief())
    assert "местоположение" in str(facts_lacking(answers)) and "мощность" not in str(facts_lacking(answers))
    assert facts_lacking(entered(RAW, HOME, brief())[0]) is None


def test_a_power_other_than_the_band_that_was_chosen_is_told():
    answers, _ = entered(RAW | {"power_new": ["20"]}, HOME, brief())
    assert "Заявитель выбрал мощность ≤15 кВт, а по форме заявки она 20 кВт." in [
        one.sentence for one in contradictions(answers, HOME)
    ]


@pytest.mark.parametrize(
    ("party", "status", "answers", "may"),
    [
        ("company", "submitted", BRIEF, True),
        ("company", "registered", BRIEF, True),
        ("company", "checking", BRIEF, True),
        ("company", "needs_fix", BRIEF, False),
        ("company", "preparing_offer", BRIEF, False),
        ("company", "draft", BRIEF, False),
        ("company", "checking", {}, False),
        ("applicant", "checking", BRIEF, False),
        ("supplier", "checking", BRIEF, False),
        (None, "checking", BRIEF, False),
    ],
)
def test_facts_of_a_form_are_entered_by_the_company_while_it_looks_at_the_set(party, status, answers, may):
    assert may_enter_facts(party, status, answers) is may
