"""Texts that people write to each other."""

import unicodedata

import pytest

from app.cases.message_text import clean_line, clean_text
from app.errors import InvalidValue


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Здравствуйте!", "Здравствуйте!"),
        ("Первая\r\nвторая\rтретья\u2028четвертая", "Первая\nвторая\nтретья\nчетвертая"),
        ("  \n Текст\t1 \n\n", "Текст\t1"),
        ("Цена \u202e001\u202c рублей", "Цена 001 рублей"),
        ("Семья 👨\u200d👩\u200d👧", "Семья 👨\u200d👩\u200d👧"),  # joiners make one emoji of three
        ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),  # text; the page escapes it
        (unicodedata.normalize("NFD", "Чайник ёж"), "Чайник ёж"),
        ("=1+1", "=1+1"),
    ],
)
def test_a_text_is_kept_as_written(text: str, kept: str) -> None:
    assert clean_text(text) == kept


@pytest.mark.parametrize(
    "text", ["", " \n\t ", "\u200b\u200d\ufeff", "\u00ad", "\u2800\u3164", "\u202e", "\ufe0f"]
)
def test_a_message_with_nothing_to_see_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        clean_text(text)
    assert caught.value.message == "Пустое сообщение: напишите текст."
    assert clean_text(text, required=False) == ""


def test_another_field_may_say_its_own_sentence() -> None:
    with pytest.raises(InvalidValue, match="Напишите причину отказа"):
        clean_text(" ", label="Причина", blank="Напишите причину отказа.")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("а\x00б", "Сообщение: в тексте невидимый управляющий символ."),
        ("а\x0bб", "Сообщение: в тексте невидимый управляющий символ."),
        ("а\x7fб", "Сообщение: в тексте невидимый управляющий символ."),
        ("а\x85б", "Сообщение: в тексте невидимый управляющий символ."),
        ("а\uffffб", "Сообщение: в тексте невидимый управляющий символ."),
        ("а\ud800б", "Сообщение: в тексте испорченный символ."),
        ("а" + "\u0301\u0327" * 16, "Сообщение: слишком много знаков над одной буквой."),
        ("а" * 10_001, "Сообщение: не больше 10\u00a0000 символов, сейчас 10\u00a0001."),
        ("а" * 200_000, "Сообщение: не больше 10\u00a0000 символов, сейчас 200\u00a0000."),
    ],
)
def test_a_text_that_cannot_be_stored_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        clean_text(text)
    assert caught.value.message.startswith(sentence)


def test_the_limit_counts_letters_and_not_how_they_were_typed() -> None:
    assert clean_text(unicodedata.normalize("NFD", "й" * 50), max_length=50) == "й" * 50
    assert clean_text("а" * 50 + " " * 150, max_length=50) == "а" * 50


def test_a_topic_is_one_line() -> None:
    assert clean_line(" Вопрос\r\nпо  счету ") == "Вопрос по счету"
    with pytest.raises(InvalidValue, match="Тема: заполните это поле"):
        clean_line("\n")
    with pytest.raises(InvalidValue, match="Тема: не больше 200 символов"):
        clean_line("а" * 201)
