"""The form of an application as a document of Word: the plain form laid out in blocks. Pure but for the writing."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from app.gateways.docx import Answer, Answers, Block, Grid, Heading, Signature, Text, write

_MARKED = "Прилагаемые документы"


def docx_of(form: Mapping[str, Any], *, made_at: datetime) -> bytes:
    """The form (see `form_data.form_of`) as a file; `made_at` stands in it as its date."""
    return write(_blocks(form), title=form["title"], author=form["to"][0], made_at=made_at)


def _blocks(form: Mapping[str, Any]) -> Iterator[Block]:
    for line in form["to"]:
        yield Text(line, right=True)
    yield Heading(form["title"], 0)
    yield Text(form["number"])
    yield Text(form["hint"], small=True)
    for section in form["sections"]:
        yield Heading(section["title"])
        yield from _section(section["rows"])
    yield Heading(_MARKED)
    yield Answers([Answer(title, choices=(("приложен", there),)) for title, there in form["papers"]])
    yield Text("")
    yield Text(form["responsibility"])
    yield Text("")
    yield Signature(form["signer"])


def _section(rows: list[dict[str, Any]]) -> Iterator[Block]:
    """Neighbouring answers make one table; a grid stands by itself under its question."""
    answers: list[Answer] = []
    for row in rows:
        if "head" in row:
            if answers:
                yield Answers(answers)
            answers = []
            yield Text(row["label"])
            yield Grid(row["head"], row["rows"])
        else:
            answers.append(_answer(row))
    if answers:
        yield Answers(answers)


def _answer(row: Mapping[str, Any]) -> Answer:
    if "choices" in row:
        choices = tuple((label, ticked) for label, ticked in row["choices"])
        return Answer(row["label"], row["hint"], choices=choices)
    return Answer(row["label"], row["hint"], row["value"], row["lines"])
