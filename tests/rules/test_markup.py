"""The light formatting of people's texts: what becomes an element, and that nothing else ever does."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.filters import formatted

ALLOWED = {"p", "br", "b", "strong", "i", "em", "u", "ul", "ol", "li"}


def shown(text: str) -> str:
    return str(formatted(text)).strip()


@pytest.mark.parametrize(
    ("typed", "html"),
    [
        ("**жирно**", "<p><strong>жирно</strong></p>"),
        ("*курсив* и _он же_", "<p><em>курсив</em> и <em>он же</em></p>"),
        ("++подчеркнуто++", "<p><u>подчеркнуто</u></p>"),
        ("++важно **очень** важно++", "<p><u>важно <strong>очень</strong> важно</u></p>"),
        ("**до ++12++ июня**", "<p><strong>до <u>12</u> июня</strong></p>"),
        ("- раз\n- ++два++", "<ul>\n<li>раз</li>\n<li><u>два</u></li>\n</ul>"),
        ("1. раз\n2. два", "<ol>\n<li>раз</li>\n<li>два</li>\n</ol>"),
        ("строка\nследующая", "<p>строка<br>\nследующая</p>"),
    ],
)
def test_what_the_toolbar_writes_is_shown_so(typed: str, html: str) -> None:
    assert shown(typed) == html


@pytest.mark.parametrize(
    "typed", ["i++; j++", "C++ и C++", "1++2++3", "++", "++++", "++ с пробелом ++", "++без конца", r"\++а\++"]
)
def test_plus_signs_that_mean_something_else_stay_as_they_are(typed: str) -> None:
    assert "<u>" not in shown(typed)
    assert shown(typed).count("+") == typed.count("+")


@pytest.mark.parametrize(
    "typed",
    ["<u>x</u>", "<img src=x>", "[а](javascript:alert(1))", "https://example.org", "![](//evil.example/x)"],
)
def test_tags_links_and_pictures_stay_text(typed: str) -> None:
    assert re.findall(r"<(\w+)", shown(typed)) == ["p"]


@given(st.text(st.sampled_from("аб+*_<>-\n \\&u/1."), max_size=60))
def test_whatever_is_typed_only_allowed_elements_without_attributes_come_out(typed: str) -> None:
    for tag in re.findall(r"<[^>]*>", shown(typed)):
        name = re.fullmatch(r"</?([a-z]+)>", tag)
        assert name and name[1] in ALLOWED, tag


def test_signs_without_end_are_no_work_for_ever() -> None:
    for typed in ("++а " * 2500, "+" * 10_000, "++*_" * 2500):
        assert shown(typed)
