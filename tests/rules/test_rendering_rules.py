"""What may be printed, and what a layout lets through."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from jinja2 import UndefinedError

from app.cases.rendering_models import STATES
from app.cases.rendering_rules import (
    LONGEST_BODY,
    LONGEST_PAGE,
    LONGEST_TEXT,
    MOST_ROWS,
    MOST_TRIES,
    STATE_WORDS,
    WIDEST_SPAN,
    check_data,
    check_page,
    is_given_up,
    pause_after,
)
from app.contracts.payment_qr import PaymentQr, qr_svg
from app.errors import InvalidValue
from app.gateways.layouts import Layouts, drawing

AT = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "data",
    [
        {"text": "я" * LONGEST_TEXT},
        {"body": "я" * LONGEST_BODY},
        {"rows": [{"name": "x"}] * MOST_ROWS},
        {"rows": [], "deep": {"deeper": ["x", 1, None, True, 2.5]}},
    ],
)
def test_ordinary_data_is_printed(data: dict[str, Any]) -> None:
    check_data(data)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"text": "я" * (LONGEST_TEXT + 1)}, "Одно из значений документа длиннее 20\xa0000 знаков"),
        ({"a": [{"b": ["я" * (LONGEST_TEXT + 1)]}]}, "Одно из значений"),
        ({"body": "я" * (LONGEST_BODY + 1)}, "Текст документа длиннее 300\xa0000 знаков"),
        ({"rows": ["x"] * (MOST_ROWS + 1)}, "помещается 500 строк таблицы, сейчас их 501"),
        ({"a": {"b": [["x"] * 600]}}, "сейчас их 600"),
    ],
)
def test_too_much_data_is_refused_with_what_to_do(data: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidValue, match=words):
        check_data(data)


@pytest.mark.parametrize(
    "html",
    [
        "<table>" + "<tr><td>x" * MOST_ROWS + "</table>",
        f'<td colspan="{WIDEST_SPAN}">x</td><th rowspan=2>y</th>',
        "<p>&lt;tr&gt; &lt;td colspan=65534&gt;</p>" * 600,
        "<track><trap>" * 600,
    ],
)
def test_an_ordinary_page_is_printed(html: str) -> None:
    check_page(html)


@pytest.mark.parametrize(
    "html",
    [
        "<TABLE>" + "<TR><TD>x" * (MOST_ROWS + 1),
        "<table>" + "<tr class=x><td>x" * (MOST_ROWS + 1),
        '<td colspan="51">',
        "<td class=\"x\" colspan = '65534'>",
        "<TH ROWSPAN=65534>",
        "<td\ncolspan=9999999999999999999999>",
        "x" * (LONGEST_PAGE + 1),
    ],
)
def test_a_page_that_would_take_long_is_refused(html: str) -> None:
    with pytest.raises(InvalidValue):
        check_page(html)


def test_every_state_that_is_shown_has_words() -> None:
    assert STATE_WORDS.keys() == set(STATES) - {"dropped"}


def test_what_is_cut_off_is_repeated_at_once_then_later_then_given_up() -> None:
    pauses = [pause_after(tries) for tries in range(1, MOST_TRIES)]
    assert pauses[0] == timedelta(0)
    assert pauses == sorted(pauses)
    assert [is_given_up(tries) for tries in (1, MOST_TRIES - 1, MOST_TRIES)] == [False, False, True]


def test_a_payment_code_is_a_drawing() -> None:
    code = qr_svg(
        PaymentQr(
            name="ООО «КЭС»",
            account="40702810100000000001",
            bank="АО «Банк»",
            bik="044525225",
            correspondent="30101810400000000225",
            inn="7707083893",
            kpp="770701001",
            kopecks=100,
            purpose="Оплата по счету № 5",
        )
    )
    assert drawing(code) == code


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<svg><image href="x"/></svg>',
        '<svg><path d="M0"/></svg><p>',
        '<svg><path d="M0"><script/></path></svg>',
        '<svg><style>@import "x"</style></svg>',
        "",
    ],
)
def test_anything_else_is_no_drawing(text: str) -> None:
    with pytest.raises(ValueError, match="not a drawing"):
        drawing(text)


def written(folder: Path, text: str) -> Layouts:
    (folder / "x.html").write_text(text, encoding="utf-8")
    return Layouts(folder)


def test_a_layout_is_told_the_data_and_the_time_alone(tmp_path: Path) -> None:
    layouts = written(tmp_path, "{{ data.name }}|{{ body }}|{{ made_at }}")
    data = {"name": "<b>", "body": "<i>"}
    assert layouts.html("x", data, made_at=AT, own_text=False) == "&lt;b&gt;||2026-12-01T09:30:00Z"
    assert layouts.html("x", data, made_at=AT, own_text=True) == "&lt;b&gt;|<i>|2026-12-01T09:30:00Z"


def test_a_layout_does_not_guess_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(UndefinedError):
        written(tmp_path, "{{ data.nobody }}").html("x", {}, made_at=AT, own_text=False)
