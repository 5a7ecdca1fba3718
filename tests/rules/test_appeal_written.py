"""The form of a new appeal: what may be chosen together, and what is told when it may not."""

from dataclasses import replace

import pytest

from app.appeals.written import (
    NOT_HIS,
    NOT_ITS,
    NOT_NAMED,
    TO_WHOM,
    TWO_TOPICS,
    WHICH_TOPIC,
    WHOSE,
    Application,
    Offered,
    Supplier,
    Typed,
    Written,
    written,
)
from app.errors import InvalidForm

#: Two applicants; applicant 1 has named supplier 5 in application 31, applicant 2 has none in application 32.
OFFERED = Offered(
    applicants={1: "Иванов Петр Григорьевич", 2: "ООО «Энергия»"},
    suppliers={5: Supplier("АО «Энергосбыт»", frozenset({1}), "Указан в заявке № 31")},
    topics=("Приборы учета", "Иное"),
    applications={31: Application(1, 5, "№ 31"), 32: Application(2, None, "№ 32")},
)
GOOD = Typed(applicant="1", recipient="company", topic="Приборы учета", text="Здравствуйте")


def refused(offered=OFFERED, **changes):
    with pytest.raises(InvalidForm) as error:
        written(replace(GOOD, **changes), offered)
    return error.value.errors


def test_a_good_form_is_an_appeal_to_the_company():
    assert written(GOOD, OFFERED) == Written(1, None, "Приборы учета", None, "Здравствуйте")


def test_an_appeal_may_go_to_a_named_supplier_about_the_application_that_names_it():
    typed = replace(GOOD, recipient="supplier-5", about="31")
    assert written(typed, OFFERED) == Written(1, 5, "Приборы учета", 31, "Здравствуйте")


def test_whoever_acts_for_one_applicant_is_not_asked_for_whom():
    alone = replace(OFFERED, applicants={1: "Иванов Петр Григорьевич"})
    assert written(replace(GOOD, applicant=""), alone).applicant_id == 1


@pytest.mark.parametrize("applicant", ["", "3", "01", "-1", "1 ", "١", "9" * 30, "1' or 1=1"])
def test_somebody_elses_applicant_is_refused(applicant):
    assert refused(applicant=applicant) == {"applicant": [WHOSE]}


@pytest.mark.parametrize("recipient", ["", "supplier", "supplier-", "supplier-05", "5", "nobody"])
def test_a_recipient_must_be_chosen(recipient):
    assert refused(recipient=recipient) == {"recipient": [TO_WHOM]}


def test_a_supplier_that_no_application_names_is_refused():
    assert refused(recipient="supplier-6") == {"recipient": [NOT_NAMED]}


def test_a_supplier_that_another_applicants_application_names_is_refused():
    assert refused(applicant="2", recipient="supplier-5") == {"recipient": [NOT_NAMED]}


def test_own_words_are_a_topic_with_and_without_the_choice():
    for topic in ("own", ""):
        typed = replace(GOOD, topic=topic, own_topic=" Замена  опоры\r\n")
        assert written(typed, OFFERED).topic == "Замена опоры"


@pytest.mark.parametrize("topic", ["", "Льготы", "own "])
def test_a_topic_that_is_neither_chosen_nor_written_is_asked_for(topic):
    assert refused(topic=topic) == {"topic": [WHICH_TOPIC]}


def test_the_other_topic_must_be_written():
    assert refused(topic="own") == {"own_topic": ["Своя тема: заполните это поле."]}


def test_a_chosen_topic_beside_a_written_one_is_a_question():
    assert refused(own_topic="Замена опоры") == {"own_topic": [TWO_TOPICS]}


def test_without_a_list_of_topics_one_writes_the_topic():
    empty = replace(OFFERED, topics=())
    assert written(replace(GOOD, topic="", own_topic="Замена опоры"), empty).topic == "Замена опоры"
    # The topic was chosen while there was a list.
    assert refused(empty, topic="Иное") == {"own_topic": ["Тема: заполните это поле."]}


@pytest.mark.parametrize("topic", ["т" * 201, "а\x00б", "\ufffd", "\ud800"])
def test_a_topic_that_cannot_be_kept_is_refused_at_its_field(topic):
    errors = refused(topic="own", own_topic=topic)
    assert list(errors) == ["own_topic"] and errors["own_topic"][0].startswith("Своя тема")


@pytest.mark.parametrize("about", ["32", "99", "0", "x", "31;", "9" * 30])
def test_an_application_of_somebody_else_is_no_basis(about):
    assert refused(about=about) == {"about": [NOT_HIS]}


def test_an_application_that_does_not_name_the_supplier_is_no_basis_for_writing_to_it():
    offered = replace(OFFERED, applications={33: Application(1, None, "№ 33")})
    assert refused(offered, recipient="supplier-5", about="33") == {"about": [NOT_ITS]}


@pytest.mark.parametrize("text", ["", " \n", "<p><br></p>"])
def test_an_empty_message_is_refused(text):
    assert refused(text=text) == {"text": ["Пустое сообщение: напишите текст."]}


def test_files_may_stand_in_place_of_the_text():
    assert written(replace(GOOD, text=""), OFFERED, with_files=True).text == ""


def test_everything_that_is_wrong_is_told_at_once():
    assert set(refused(applicant="", recipient="", topic="", about="77", text="")) == {
        "applicant",
        "recipient",
        "topic",
        "about",
        "text",
    }
