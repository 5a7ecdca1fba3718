"""What an application still lacks, and how far each topic of the hub is."""

from datetime import date

import pytest

from app.connections.completeness import asks_nothing, gaps, is_optional, topic_state
from app.connections.questionnaire import FIELD, TOPICS
from tests.rules.applications import FIRM, HOME, SHOP, SHOP_FORM, context, filled, home, shop


def sentences(answers, about=HOME, topic=None):
    return [gap.sentence for gap in gaps(answers, about) if topic in (None, gap.topic)]


def test_complete_applications_of_all_three_legal_forms_lack_nothing():
    assert gaps(home(), HOME) == []
    assert gaps(shop(), SHOP) == []
    assert gaps(filled(SHOP_FORM, FIRM), FIRM) == []


def test_the_comment_and_the_end_of_authority_may_stay_empty():
    answers = filled(SHOP_FORM, FIRM)
    assert "comment" not in answers and "authority_until" not in answers


def test_a_new_draft_lacks_every_open_question_once_in_order():
    found = gaps({}, HOME)
    assert [gap.field for gap in found][:2] == ["account_known", "birth_date"]
    order = list(FIELD)
    places = [order.index(gap.field) for gap in found]
    assert places == sorted(places) and len(set(places)) == len(places)
    # What hangs on an open choice is not asked for before the choice is made.
    assert not {"account", "passport_series", "identity_name", "temporary_until"} & {
        gap.field for gap in found
    }


def test_a_missing_answer_is_asked_for_in_plain_words():
    assert sentences(home(place=None)) == ["Укажите местоположение энергопринимающих устройств"]


@pytest.mark.parametrize("code", sorted(home().keys() - {"cadastral_absent", "comment"}))
def test_without_any_one_answer_the_application_is_incomplete(code):
    answers = {key: value for key, value in home().items() if key != code}
    assert code in {gap.field for gap in gaps(answers, HOME)}


def test_a_choice_once_made_asks_for_what_hangs_on_it():
    assert sentences(home(account_known=["yes"])) == ["Укажите номер лицевого счета"]


def test_a_cadastral_number_may_be_absent_when_it_is_explained():
    absent = {"cadastral_numbers": None, "cadastral_absent": ["yes"]}
    assert sentences(home(**absent)) == ["Объясните, почему кадастрового номера пока нет"]
    assert sentences(home(**absent, cadastral_absent_why=["Участок не на учете"])) == []
    assert sentences(home(cadastral_numbers=None)) == [
        "Укажите кадастровый номер земельного участка или отметьте, что номера пока нет"
    ]


def test_zero_is_an_answer_but_no_power_at_all_is_not():
    assert sentences(home(power_new=["0"], power_existing=["15"])) == []
    assert sentences(home(power_new=["0"])) == [
        "Укажите мощность больше нуля: требуемую, ранее присоединенную или обе"
    ]


def test_terms_in_the_wrong_order_are_told():
    assert sentences(home(design_month=["01.2027"])) == [
        "Срок ввода раньше срока проектирования, исправьте один из них"
    ]


def test_stages_tell_their_own_gaps():
    assert sentences(shop(stage_power=["40", ""]), SHOP) == ["Этап 2: укажите мощность"]


def test_terms_that_passed_while_the_draft_lay_are_told():
    later = context(today=date(2027, 1, 1))
    assert sentences(home(), later) == ["Срок ввода в эксплуатацию: этот срок уже прошел, укажите новый"]
    temporary = home(connection_type=["temporary_mobile"], temporary_until=["01.12.2026"])
    assert sentences(temporary, HOME) == []
    assert sentences(temporary, later) == ["Временное присоединение до: этот срок уже прошел, укажите новый"]


def test_a_supplier_that_left_the_list_is_told():
    about = context("sole_trader", "head", suppliers={12: "ООО «Электроторг»"})
    assert sentences(shop(), about) == ["Выбранного поставщика больше нет в списке, выберите другого"]


def test_a_changed_legal_form_asks_anew_and_ignores_the_old_answers():
    missing = {gap.field for gap in gaps(home(), SHOP)}
    assert {"extract_number", "extract_date", "load", "stages"} <= missing
    assert "passport_series" not in missing


def test_a_topic_is_empty_then_started_then_done():
    about_object = {key: value for key, value in home().items() if FIELD[key].topic == "object"}
    assert topic_state("object", {}, HOME) == "empty"
    assert topic_state("object", {"cadastral_absent": False}, HOME) == "empty"
    assert topic_state("object", {"place": "п. Калиново"}, HOME) == "started"
    assert topic_state("object", about_object, HOME) == "done"


def test_every_topic_of_a_complete_application_is_done_but_for_the_comment_nobody_wrote():
    states = {topic.code: topic_state(topic.code, home(), HOME) for topic in TOPICS}
    assert states.pop("comment") == "empty"
    assert set(states.values()) == {"done"}
    assert topic_state("comment", {"comment": "Здравствуйте"}, HOME) == "done"


def test_only_the_comment_is_optional():
    optional = [topic.code for topic in TOPICS if is_optional(topic.code, home(), HOME)]
    assert optional == ["comment"]


def test_a_zero_alone_starts_a_topic():
    assert topic_state("params", {"power_existing": 0}, HOME) == "started"


def test_topics_without_questions_for_a_temporary_connection_are_left_out_and_done():
    answers = home(connection_type=["temporary_mobile"], temporary_until=["01.12.2026"])
    left_out = [topic.code for topic in TOPICS if asks_nothing(topic.code, answers, HOME)]
    assert left_out == ["stages", "rule"]
    assert topic_state("rule", answers, HOME) == "done"
