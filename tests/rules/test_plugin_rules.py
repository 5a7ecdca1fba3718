"""What an office may set for the plug-in of the browser."""

import pytest

from app.company.seed import SETTINGS
from app.errors import InvalidValue
from app.signing.plugin_rules import links, parse_links, parse_script, script_sources


def test_the_links_that_come_with_the_program_are_good_ones() -> None:
    kept = str(SETTINGS["signing.plugin_links"])
    assert parse_links(kept) == kept and len(links(kept)) == 5
    assert links(kept)[0].label == "КриптоПро CSP"


@pytest.mark.parametrize(
    "text",
    ["", "КриптоПро", "Плохая javascript:alert(1)", "https://a.ru", "; ".join(["А https://a.ru"] * 11)],
)
def test_what_is_no_link_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        parse_links(text)


@pytest.mark.parametrize("text", ["/plugin/cadesplugin_api.js", "https://files.example.org:8443/a/b.js"])
def test_the_script_lies_here_or_elsewhere_by_https(text: str) -> None:
    assert parse_script(text) == text
    assert (text in script_sources(text)) == text.startswith("https")


@pytest.mark.parametrize(
    "text",
    [
        "//evil.example/a.js",
        "http://a.ru/a.js",
        "/a.js; script-src *",
        "a.js",
        "/a.css",
        "https://a.ru /a.js",
    ],
)
def test_an_address_that_could_open_more_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        parse_script(text)
