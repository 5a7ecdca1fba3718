"""How templates write instants, days, sizes and people's light formatting."""

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import nh3
from flask import Flask
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markupsafe import Markup

_TAGS = {"p", "br", "b", "strong", "i", "em", "u", "ul", "ol", "li"}


def moment(at: datetime, zone: str) -> str:
    """`30.07.2020, 22:49` in the named zone."""
    return at.astimezone(ZoneInfo(zone)).strftime("%d.%m.%Y, %H:%M")


def day(value: date | datetime, zone: str) -> str:
    """`30.07.2020`; an instant is taken in the named zone."""
    if isinstance(value, datetime):
        value = value.astimezone(ZoneInfo(zone))
    return value.strftime("%d.%m.%Y")


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    parser = MarkdownIt("zero", {"html": False, "breaks": True, "linkify": False})
    parser.inline.ruler.before("emphasis", "underline", _underline)
    return parser.enable(["newline", "emphasis", "list", "escape", "underline"])


def _underline(state: StateInline, silent: bool) -> bool:
    """`++text++`, as the toolbar writes it; not inside a word (i++), not around spaces (C++ and C++)."""
    text, start, top = state.src, state.pos, state.posMax
    end = text.find("++", start + 2, top) if text.startswith("++", start) else -1
    if end <= start + 2 or text[start + 2].isspace() or text[end - 1].isspace():
        return False
    if text[start - 1 : start].isalnum() or text[end + 2 : end + 3].isalnum():
        return False
    if not silent:
        state.push("underline_open", "u", 1)
        state.pos, state.posMax = start + 2, end
        state.md.inline.tokenize(state)
        state.posMax = top
        state.push("underline_close", "u", -1)
    state.pos = end + 2
    return True


@lru_cache(maxsize=2048)
def formatted(text: str) -> Markup:
    """People's text with bold, italic, underline and lists; everything else is text. Safe to print."""
    html = _markdown().render(text)
    return Markup(nh3.clean(html, tags=_TAGS, attributes={}))  # noqa: S704  (cleaned by an allow-list)


def init_app(app: Flask, *, zone: Callable[[], str], size: Callable[[int], str]) -> None:
    """Register the filters; `zone` tells the company's zone, `size` writes a number of bytes in words."""
    app.add_template_filter(lambda at: moment(at, zone()), "moment")
    app.add_template_filter(lambda value: day(value, zone()), "day")
    app.add_template_filter(size, "size")
    app.add_template_filter(formatted, "formatted")
