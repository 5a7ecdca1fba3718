"""Which documents an application needs, what is missing, and everything that keeps it from being sent."""

import pytest

from app.connections.checklist import COMPANY_KINDS, KINDS, checklist, missing
from app.connections.submission import documents_state, submission_gaps
from tests.rules.applications import FIRM, HOME, SHOP, context, home, shop


def required(answers, about):
    return [item.kind.code for item in checklist(answers, about) if item.required]


def line(code, answers, about):
    (item,) = (item for item in checklist(answers, about) if item.kind.code == code)
    return item


def test_a_home_needs_an_identity_paper_a_plan_and_a_title():
    assert required(home(), HOME) == ["identity", "plan", "title"]


def test_a_business_needs_an_extract_instead_of_an_identity_paper():
    assert required(shop(), SHOP) == ["extract", "plan", "title"]
    assert "identity" not in [item.kind.code for item in checklist(shop(), SHOP)]
    assert "extract" not in [item.kind.code for item in checklist(home(), HOME)]


def test_a_representative_of_anybody_shows_the_authority():
    assert "authority" in required({}, FIRM)
    assert "authority" in required({}, context(acts_as="representative"))
    assert "authority" not in [item.kind.code for item in checklist({}, SHOP)]


@pytest.mark.parametrize(("voltage", "needed"), [("0.22", False), ("20", False), ("35", True), ("110", True)])
def test_the_diagram_is_needed_from_35_kilovolts(voltage, needed):
    item = line("diagram", home(voltage=[voltage]), HOME)
    assert item.required is needed
    assert item.reason == (
        "Нужна, потому что напряжение 35 кВ или выше." if needed else "Не требуется: напряжение ниже 35 кВ."
    )


@pytest.mark.parametrize(
    ("changes", "needed"),
    [
        ({"power_new": ["150"]}, False),
        ({"power_new": ["150,01"]}, True),
        ({"power_new": ["50"], "reliability": ["1"]}, True),
        ({"power_new": ["50"], "connection_type": ["temporary_mobile"]}, False),
    ],
)
def test_the_list_for_automatics_is_needed_over_150_kilowatts_or_in_the_general_order(changes, needed):
    changes |= {"temporary_until": ["01.12.2026"]} if "connection_type" in changes else {}
    assert line("automatics", shop(**changes), SHOP).required is needed


def test_a_home_with_more_than_15_kilowatts_is_not_asked_about_automatics():
    assert not line("automatics", home(power_new=["20"]), HOME).required
    assert line("automatics", home(power_new=["151"]), HOME).required


def test_before_the_answers_the_checklist_says_on_which_question_a_document_depends():
    assert "ответьте на вопрос о напряжении" in line("diagram", {}, HOME).reason
    assert "ответьте на вопросы о мощности" in line("automatics", {}, HOME).reason


def test_the_form_in_a_file_and_other_papers_are_offered_and_never_required():
    items = {item.kind.code: item for item in checklist(home(), HOME)}
    assert not any(items[code].required for code in ("application", "consent", "receivers", "other"))


def test_full_titles_are_those_of_the_manual():
    assert KINDS["plan"].full == (
        "план расположения энергопринимающих устройств, которые необходимо присоединить к электрическим сетям "
        "сетевой организации"
    )
    assert KINDS["diagram"].full.startswith("однолинейная схема электрических сетей заявителя")
    assert KINDS["automatics"].full.endswith("к устройствам противоаварийной и режимной автоматики")
    assert KINDS["title"].full.startswith("копия документа, подтверждающего право собственности")
    assert (KINDS["application"].short, KINDS["diagram"].short) == ("Заявка", "Схема")


def test_only_identity_papers_are_kept_from_suppliers():
    assert [kind.code for kind in KINDS.values() if kind.sensitive] == ["identity"]


def test_whatever_may_be_required_tells_why_and_how_to_ask_for_it():
    kinds = {item.kind for about in (HOME, SHOP, FIRM) for item in checklist({}, about)}
    assert all(kind.why.endswith(".") for kind in kinds)
    asked = {kind.code for kind in KINDS.values() if kind.ask}
    assert asked == {
        "application",
        "identity",
        "extract",
        "authority",
        "plan",
        "diagram",
        "automatics",
        "title",
    }


def test_the_company_posts_letters_notices_and_other_documents():
    assert [kind.short for kind in COMPANY_KINDS] == ["Письмо", "Уведомление", "Иной документ"]
    assert {kind.code for kind in COMPANY_KINDS} <= KINDS.keys()


def test_a_required_document_is_missing_until_a_file_of_its_kind_is_present():
    items = checklist(home(), HOME)
    assert [item.kind.code for item in missing(items, {"plan", "other"})] == ["identity", "title"]
    assert missing(items, {"plan", "identity", "title"}) == []


def test_the_check_page_lists_gaps_and_missing_documents_in_the_order_of_the_hub():
    answers = home(place=None, supplier=None)
    found = submission_gaps(answers, checklist(answers, HOME), {"identity", "plan"}, HOME)
    assert [(gap.topic, gap.field) for gap in found] == [
        ("object", "place"),
        ("supplier", "supplier"),
        ("documents", "title"),
    ]
    assert found[-1].sentence == "Приложите копию документа о праве собственности или ином основании"


def test_a_complete_application_with_its_documents_may_be_sent():
    items = checklist(home(), HOME)
    assert submission_gaps(home(), items, {"identity", "plan", "title"}, HOME) == []


def test_the_documents_are_empty_then_started_then_done():
    items = checklist(home(), HOME)
    assert documents_state(items, set()) == "empty"
    assert documents_state(items, {"other"}) == "started"
    assert documents_state(items, {"identity", "plan", "title"}) == "done"
