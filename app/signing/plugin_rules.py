"""What the browser's plug-in needs from the office: the address of its script and links to programs. Pure."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from app.cases.message_text import clean_line
from app.errors import InvalidValue

#: The extensions of the plug-in, of Chromium and of Opera: its script loads a part of itself from them.
EXTENSIONS = (
    "chrome-extension://iifchhfnnmpdbibifmljnfjhpififfog",
    "chrome-extension://epebfcehmdedogndhlcacafjaacknbcm",
)

#: Nothing that could end a directive of the Content-Security-Policy fits here.
_SCRIPT = re.compile(r"(?:https://[a-z0-9][a-z0-9.-]*(?::[0-9]{1,5})?)?/(?!/)[A-Za-z0-9._~/-]*\.js")
_LINK = re.compile(r"(?P<label>\S.*?)\s+(?P<url>https?://[^\s\"'<>;]+)")
_MOST_LINKS = 10


@dataclass(frozen=True)
class Link:
    """A program to install, by its name and where it is got."""

    label: str
    url: str


def parse_script(text: str) -> str:
    """The address of cadesplugin_api.js, on this site or on another one by https; raises InvalidValue."""
    address = clean_line(text, max_length=200, label="Адрес скрипта плагина")
    if not _SCRIPT.fullmatch(address):
        raise InvalidValue(
            "Адрес скрипта плагина: путь на этом сайте, например /plugin/cadesplugin_api.js, или адрес с https://."
        )
    return address


def parse_links(text: str) -> str:
    """Names with addresses, «;» between them; raises InvalidValue."""
    line = clean_line(text, max_length=2000, label="Ссылки на программы")
    if not 0 < len(pieces := _pieces(line)) <= _MOST_LINKS:
        raise InvalidValue(f"Ссылки на программы: от одной до {_MOST_LINKS}.")
    for piece in pieces:
        if not _LINK.fullmatch(piece):
            raise InvalidValue(
                f"Ссылки на программы: проверьте «{piece[:40]}». Сначала название, потом адрес с https://, "
                "между ссылками точка с запятой."
            )
    return "; ".join(pieces)


def links(kept: str) -> list[Link]:
    """The links of the setting as they are shown."""
    return [
        Link(*found.group("label", "url")) for piece in _pieces(kept) if (found := _LINK.fullmatch(piece))
    ]


def script_sources(script: str) -> tuple[str, ...]:
    """What a page with the plug-in has to let run besides the site's own scripts."""
    return (*EXTENSIONS, script) if urlsplit(script).netloc else EXTENSIONS


def _pieces(line: str) -> list[str]:
    return [piece.strip() for piece in line.split(";") if piece.strip()]
