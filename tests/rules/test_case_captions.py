"""The words that name a case, its turn and its marks."""

import pytest

from app.cases.captions import Turn, days_left_words, heading, mark_words, shortened, title_of, turn
from app.cases.message_text import clean_text
from app.errors import InvalidValue


def test_a_draft_is_called_by_its_own_number_whatever_will_be_sent() -> None:
    assert heading(31, "application", "draft", "Заявка на ТП") == "№ 31 Заявка на подключение"
    assert title_of("application", "submitted", "") == (
        "Заявка на технологическое присоединение (в том числе временное)"
    )


@pytest.mark.parametrize(
    ("mover", "party", "words", "tone"),
    [
        ("applicant", "applicant", "Ваш ход: исправьте замечания", "you"),
        ("company", "applicant", "Рассматривает сетевая организация", "co"),
        ("supplier", "applicant", "Рассматривает гарантирующий поставщик", "co"),
        ("applicant", "company", "Ждем заявителя", "co"),
        ("company", "company", "Ваш ход: исправьте замечания", "you"),
        ("company", "supplier", "Рассматривает сетевая организация", "co"),
    ],
)
def test_the_turn_is_told_from_where_the_reader_stands(mover: str, party: str, words: str, tone: str) -> None:
    assert turn(mover, party, task="Исправьте замечания") == Turn(words, tone)  # type: ignore[arg-type]


def test_nobodys_turn_says_nothing_and_an_overdue_one_is_red() -> None:
    assert turn("nobody", "applicant") is None
    assert turn("company", "applicant", overdue=True) == Turn("Рассматривает сетевая организация", "bad")


def test_days_are_counted_in_few_words() -> None:
    said = [days_left_words(left).replace("\u00a0", " ") for left in (-2, 0, 1, 7)]
    assert said == ["просрочено на 2", "последний день", "остался 1", "осталось 7"]


def test_a_mark_says_whose_act_it_was() -> None:
    assert mark_words("status", "company") == "Новый статус от Сетевой"
    assert mark_words("message", "supplier") == "Новое сообщение от ГП"
    assert mark_words("message", "own") == "Отмечено непрочитанным"


def test_a_long_text_is_cut_and_the_cut_is_seen() -> None:
    assert shortened("Здравствуйте", 12) == "Здравствуйте"
    assert shortened("Здравствуйте!", 12) == "Здравствуйт…"


@pytest.mark.parametrize("text", ["<p><br></p>", "<div> </div>", "<P><BR/></P>&nbsp;", " \n\t", "\u200b"])
def test_what_an_editor_sends_for_nothing_is_an_empty_message(text: str) -> None:
    with pytest.raises(InvalidValue, match="Пустое сообщение"):
        clean_text(text)


def test_bytes_that_were_no_text_are_refused() -> None:
    with pytest.raises(InvalidValue, match="испорченный символ"):
        clean_text("\ufffd\ufffd")
