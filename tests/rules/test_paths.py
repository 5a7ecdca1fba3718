"""Where a person may be led after signing in: pages of this site only."""

import pytest

from app.web.paths import LONGEST, safe_path


@pytest.mark.parametrize(
    "text",
    [
        "/",
        "/profile",
        "/cases/31",
        "/cases/31/form/object",
        "/cases?tab=archive&page=2",
        "/cases?q=%D0%98%D0%B2%D0%B0%D0%BD%D0%BE%D0%B2",
        "/cases/",
    ],
)
def test_a_page_of_the_site_is_followed_as_it_is(text: str) -> None:
    assert safe_path(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "cases",
        "https://evil.example/",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/ /evil.example",
        "\t//evil.example",
        " /cases",
        "javascript:alert(1)",
        "/javascript:alert(1)",
        "data:text/html,1",
        "/@evil.example",
        "/.evil.example",
        "/cases//evil.example",
        "/cases/../../evil",
        "/..",
        "/cases\x00",
        "/cases\r\nSet-Cookie: a=b",
        "/cases?next=\r\nX: y",
        "/cases?<script>",
        "/%2f%2fevil.example",
        "/дела",
        "/cases?q=дом",
        "/１２",
        "?next=/cases",
        "/" + "a" * LONGEST,
    ],
)
def test_anything_else_leads_nowhere(text: str) -> None:
    assert safe_path(text) == ""


def test_a_fragment_is_cut_off() -> None:
    assert safe_path("/cases/31#m5") == "/cases/31"
