"""Names of files as stored, sizes as shown, and the header of a download."""

import unicodedata
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.documents.file_names import clean_file_name, content_disposition, human_size
from tests.rules.examples import QUICK

#: Characters that have done harm in names somewhere.
NASTY = "abя. /\\:*?\"<>|\0\r\n\t\x7f\x85\u00a0\u2028\u200b\u202e\u0301\u0338й\u037e\ud800😀_-con;%'"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Паспорт.pdf", "Паспорт.pdf"),
        ("Заявка №1 (копия).docx", "Заявка №1 (копия).docx"),
        ("скан", "скан"),
        ("👍 готово.jpg", "👍 готово.jpg"),
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\a.pdf", "a.pdf"),
        ("a.pdf ", "a.pdf"),
        ("a.pdf.", "a.pdf"),
        ("a.pdf. . .", "a.pdf"),
        ("a\x00.pdf", "a.pdf"),
        ("a\r\nb.pdf", "a b.pdf"),
        (".htaccess", "htaccess"),
        ("con.pdf", "_con.pdf"),
        ("LPT1", "_LPT1"),
        ("NUL .txt", "_NUL .txt"),
        ("contract.pdf", "contract.pdf"),
        ('"; filename=x.exe', "_; filename=x.exe"),
        ("a<b>:c|d?.pdf", "a_b__c_d_.pdf"),
        ("\u202ecodfdp.exe", "codfdp.exe"),
        ("a\u200b\u2066b.pdf", "ab.pdf"),
        ("a\ud800b.pdf", "a_b.pdf"),
        ("и\u0306од.pdf", "йод.pdf"),
        ("", "файл"),
        ("...", "файл"),
        ("dir/", "файл"),
        ("\u200b\x00 .", "файл"),
    ],
)
def test_a_name_is_kept_and_what_does_harm_goes(text: str, name: str) -> None:
    assert clean_file_name(text) == name


@pytest.mark.parametrize("length", [181, 255, 5_000, 100_000])
def test_a_long_name_is_cut_before_its_extension(length: int) -> None:
    name = clean_file_name("я" * length + ".docx")
    assert len(name) == 180
    assert name.endswith("я.docx")


def test_a_cut_leaves_no_dots_and_spaces_before_the_extension() -> None:
    assert clean_file_name("я" * 170 + ". . . . . ." + "ю" * 50 + ".docx") == "я" * 170 + ".docx"


def test_a_long_name_without_an_extension_is_cut_too() -> None:
    assert clean_file_name("я" * 500) == "я" * 180
    assert clean_file_name("я." + "ю" * 500) == "я." + "ю" * 178


@QUICK
@given(st.text(alphabet=st.sampled_from(NASTY), max_size=250))
def test_a_clean_name_is_always_harmless(text: str) -> None:
    name = clean_file_name(text)
    assert 1 <= len(name) <= 180
    assert not set(name) & set('/\\\0\r\n\t"<>|?*:\u202e\u200b\ud800\x7f\x85\u2028')
    assert name == name.strip(" .")
    assert name == unicodedata.normalize("NFC", name)
    assert clean_file_name(name) == name


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 КБ"),
        (1, "1 КБ"),
        (1024, "1 КБ"),
        (84 * 1024, "84 КБ"),
        (84 * 1024 + 511, "84 КБ"),
        (84 * 1024 + 512, "85 КБ"),
        (1023 * 1024, "1023 КБ"),
        (1024 * 1024 - 1, "1 МБ"),
        (1024 * 1024, "1 МБ"),
        (1_258_291, "1,2 МБ"),
        (24 * 1024 * 1024, "24 МБ"),
        (30 * 1024 * 1024, "30 МБ"),
        (1024**3, "1024 МБ"),
    ],
)
def test_a_size_is_told_in_kilobytes_or_megabytes(size: int, words: str) -> None:
    assert human_size(size) == words


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("a.pdf", "a.pdf"),
        ("Паспорт.pdf", "file.pdf"),
        ("скан", "file"),
        ("Заявка №1.docx", "______ _1.docx"),
        ('"; filename=x.exe', "__ filename_x.exe"),
        ("a\r\nSet-Cookie: x.pdf", "a__Set-Cookie_ x.pdf"),
        ("100%25 😀\\.pdf", "100_25 __.pdf"),
        ("a\ud800.pdf", "a_.pdf"),
    ],
)
def test_a_download_keeps_its_name_and_the_header_its_shape(name: str, plain: str) -> None:
    header = content_disposition(name)
    assert header.startswith(f"attachment; filename=\"{plain}\"; filename*=UTF-8''")
    assert header.isascii()
    assert header.isprintable()
    assert unquote(header.partition("filename*=UTF-8''")[2]) == name.replace("\ud800", "_")


@QUICK
@given(st.text(alphabet=st.sampled_from(NASTY), max_size=100))
def test_any_clean_name_comes_back_from_the_header(text: str) -> None:
    name = clean_file_name(text)
    header = content_disposition(name)
    assert header.count('"') == 2
    assert header.isprintable()
    assert unquote(header.partition("filename*=UTF-8''")[2]) == name
