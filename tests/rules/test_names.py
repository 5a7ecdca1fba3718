"""Names of people and titles of organisations."""

import unicodedata
from collections.abc import Callable

import pytest

from app.accounts.names import clean_name, clean_title, full_name, mixed_alphabets, short_name
from app.errors import InvalidValue


def refusal(clean: Callable[..., str], text: str, **limits: int) -> str:
    with pytest.raises(InvalidValue) as caught:
        clean(text, label="Фамилия", **limits)
    return caught.value.message


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Иванов", "Иванов"),
        ("Я", "Я"),
        ("О'Коннор", "О'Коннор"),
        ("О’Коннор", "О’Коннор"),
        ("Анна-Мария", "Анна-Мария"),
        ("Анна – Мария", "Анна - Мария"),
        ("Анна\u2011Мария", "Анна-Мария"),
        ("Ибн Сина оглы", "Ибн Сина оглы"),
        ("  Ибн \t Сина\n", "Ибн Сина"),
        ("Мл\u00adад\u200bший\u202e", "Младший"),
        ("Ёлкин", "Ёлкин"),
        ("Müller", "Müller"),
        ("Ұлан", "Ұлан"),
        ("Ивaнов", "Ивaнов"),  # a Latin «a»: warned about, not refused
    ],
)
def test_a_name_is_kept_as_people_write_it(text: str, name: str) -> None:
    assert clean_name(text, label="Фамилия") == name


def test_a_name_typed_in_two_parts_of_a_letter_is_composed() -> None:
    assert clean_name(unicodedata.normalize("NFD", "Майский"), label="Фамилия") == "Майский"
    assert clean_name("и\u200b\u0306", label="Фамилия") == "й"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Фамилия: заполните это поле."),
        (" \u00a0\u200b\ufeff", "Фамилия: заполните это поле."),
        ("\u3164", "Фамилия: заполните это поле."),
        ("-", "Фамилия: нужна хотя бы одна буква."),
        ("Иванов2", "Фамилия: уберите символ «2»."),
        ("<script>alert(1)</script>", "Фамилия: уберите символ «<»."),
        ("{{7*7}}", "Фамилия: уберите символ «{»."),
        ("${7*7}", "Фамилия: уберите символ «$»."),
        ("%s%n", "Фамилия: уберите символ «%»."),
        ("Ива\x00нов", "Фамилия: в тексте невидимый управляющий символ."),
        ("Ива\x1bнов", "Фамилия: в тексте невидимый управляющий символ."),
        ("Ива\ud800нов", "Фамилия: в тексте испорченный символ."),
        ("Иванов😀", "Фамилия: уберите символ «😀»."),
        ("я" * 10_000, "Фамилия: не больше 100 символов, сейчас 10\u00a0000."),
        ("я" * 101, "Фамилия: не больше 100 символов, сейчас 101."),
        ("я" + "\u0301" * 40, "Фамилия: слишком много знаков над одной буквой."),
        ("\u0301" * 100_000, "Фамилия: не больше 100 символов"),
    ],
)
def test_a_name_that_cannot_be_one_is_refused_with_the_way_to_mend_it(text: str, sentence: str) -> None:
    assert refusal(clean_name, text).startswith(sentence)


def test_a_hundred_letters_are_counted_after_composing() -> None:
    assert len(clean_name(unicodedata.normalize("NFD", "й" * 100), label="Имя")) == 100


def test_no_patronymic_is_fine_where_it_is_not_required() -> None:
    assert clean_name("  ", label="Отчество", required=False) == ""


@pytest.mark.parametrize(
    "title",
    [
        "ООО «Калиновские Электрические Сети»",
        'ООО "Энергия"',
        "СНТ № 5 «Ромашка — юг» (участок 12/3)",
        "АО «Рога & Копыта+»",
        "1С",
    ],
)
def test_a_title_keeps_quotes_digits_and_signs(title: str) -> None:
    assert clean_title(f" {title}\n", label="Наименование") == title


@pytest.mark.parametrize("text", ["", "«»", "ООО <b>", "{{ config }}", "ООО\x00", "я" * 301, "я" * 100_000])
def test_a_title_that_cannot_be_one_is_refused(text: str) -> None:
    assert refusal(clean_title, text).startswith("Фамилия: ")


@pytest.mark.parametrize(
    ("text", "mixed"),
    [("Ивaнов", True), ("Иванов", False), ("Ivanov", False), ("ООО IT-Сервис", False), ("Ван dер", True)],
)
def test_letters_of_two_alphabets_in_one_word_are_told(text: str, mixed: bool) -> None:
    assert mixed_alphabets(text) is mixed


@pytest.mark.parametrize(
    ("parts", "short", "full"),
    [
        (("Сергеев", "Петр", "Сергеевич"), "Сергеев П. С.", "Сергеев Петр Сергеевич"),
        (("Сергеев", "Петр", ""), "Сергеев П.", "Сергеев Петр"),
        (("Иванова", "Анна-Мария", ""), "Иванова А.-М.", "Иванова Анна-Мария"),
        (("Алиев", "Али", "Вели оглы"), "Алиев А. В.", "Алиев Али Вели оглы"),
        (("Иванов", "", ""), "Иванов", "Иванов"),
    ],
)
def test_a_person_has_a_full_and_a_short_name(parts: tuple[str, str, str], short: str, full: str) -> None:
    assert short_name(*parts) == short
    assert full_name(*parts) == full
