"""How templates write instants, days, sizes and people's light formatting."""

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import nh3
from flask import Flask
from markdown_it import MarkdownIt
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
    return parser.enable(["newline", "emphasis", "list", "escape"])


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
