"""Documents of Word, from plain blocks: the same blocks and date give the same bytes. Knows no subject.

python-docx is imported only when a document is written: it brings a parser of XML that a running site needs for nothing
else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table, _Cell
    from docx.text.paragraph import Paragraph

_FONT = "PT Serif"
_EMPTY, _TICKED = "☐", "☒"
#: Twentieths of a point: the height of one line to write on.
_LINE = 480
_UNUSED_PARTS = ("/stylesWithEffects", "/thumbnail")
_TABLE_STYLES = ("Normal Table", "Table Grid")
_WIDTHS_CM = (6.5, 11.0)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 0 is the title of the document."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; `small` is what explains, `right` stands at the right edge."""

    text: str
    small: bool = False
    right: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A question with what was answered: a text (else lines to write on), or choices with those that are ticked."""

    label: str
    hint: str = ""
    value: str = ""
    lines: int = 1
    choices: Sequence[tuple[str, bool]] = ()


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers one under another as a table of two columns with borders."""

    rows: Sequence[Answer]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with a heading row that is repeated on each page."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Signature:
    """Places for a signature, its name in full and a date."""

    who: str


Block = Heading | Text | Answers | Grid | Signature


def write(blocks: Iterable[Block], *, title: str, author: str, made_at: datetime) -> bytes:
    """The document as a file of Word; `made_at` is the only date in it."""
    from docx import Document as new_document

    document = new_document()
    _bare(document)
    _page(document)
    _properties(document, title, author, made_at)
    for block in blocks:
        _put(document, block)
    raw = BytesIO()
    document.save(raw)
    return _repacked(raw, made_at)


def _bare(document: Document) -> None:
    """Without what the template brings for nothing: two thirds of the file, seconds on a slow line."""
    from docx.enum.style import WD_STYLE_TYPE

    for rels in (document.part.rels, document.part.package.rels):
        for code in [code for code, rel in rels.items() if rel.reltype.endswith(_UNUSED_PARTS)]:
            del rels[code]
    for style in list(document.styles):
        if style.type == WD_STYLE_TYPE.TABLE and style.name not in _TABLE_STYLES:
            style.element.getparent().remove(style.element)


def _page(document: Document) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt, RGBColor

    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(2), Cm(1.5)
    section.top_margin = section.bottom_margin = Cm(1.7)
    for name, size in (("Normal", 11), ("Title", 14), ("Heading 1", 12)):
        style: Any = document.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = _FONT, Pt(size), RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        for place in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{place}"), _FONT)
    normal: Any = document.styles["Normal"]
    normal.paragraph_format.space_after = Pt(4)
    normal.element.get_or_add_rPr().append(_element("w:lang", val="ru-RU"))
    for old in document.styles["Title"].element.iter(qn("w:pBdr")):
        old.getparent().remove(old)
        break
    _page_number(section.footer.paragraphs[0])


def _page_number(paragraph: Paragraph) -> None:
    """«стр. N из M», counted by the program that opens the document."""
    _to_the_right(paragraph)
    for words, field in (("стр. ", "PAGE"), (" из ", "NUMPAGES")):
        paragraph.add_run(words)
        simple = _element("w:fldSimple", instr=field)
        simple.append(_element("w:r"))
        simple[0].append(_element("w:t"))
        simple[0][0].text = "1"
        paragraph._p.append(simple)


def _properties(document: Document, title: str, author: str, made_at: datetime) -> None:
    core, at = document.core_properties, made_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    core.title, core.author, core.last_modified_by = title[:255], author[:255], author[:255]
    core.created = core.modified = at
    core.revision, core.language, core.comments = 1, "ru-RU", ""


def _put(document: Document, block: Block) -> None:
    if isinstance(block, Heading):
        document.add_heading(_clean(block.text), block.level)
    elif isinstance(block, Text):
        _paragraph(document.add_paragraph(), block.text, small=block.small, right=block.right)
    elif isinstance(block, Answers):
        _answers(document, block)
    elif isinstance(block, Grid):
        _grid(document, block)
    else:
        _signature(document, block)


def _paragraph(paragraph: Paragraph, text: str, *, small: bool = False, right: bool = False) -> None:
    from docx.shared import Pt

    run = paragraph.add_run(_clean(text))
    if small:
        run.font.size = Pt(9)
    if right:
        _to_the_right(paragraph)


def _to_the_right(paragraph: Paragraph) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _answers(document: Document, block: Answers) -> None:
    table = _table(document, 2)
    for answer in block.rows:
        left, right = table.add_row().cells
        _first(left, answer.label or "")
        if answer.hint:
            _paragraph(left.add_paragraph(), answer.hint, small=True)
        if answer.choices:
            for place, (label, ticked) in enumerate(answer.choices):
                words = f"{_TICKED if ticked else _EMPTY} {label}"
                _first(right, words) if not place else _paragraph(right.add_paragraph(), words)
        elif answer.value:
            _first(right, answer.value)
        else:
            _tall(table, answer.lines)
    _widths(table, _WIDTHS_CM)


def _grid(document: Document, block: Grid) -> None:
    table = _table(document, len(block.head))
    for cell, text in zip(table.add_row().cells, block.head, strict=True):
        _first(cell, text)
    table.rows[0]._tr.get_or_add_trPr().append(_element("w:tblHeader", val="true"))
    for row in block.rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            _first(cell, text)
        if not any(row):
            _tall(table, 1)


def _signature(document: Document, block: Signature) -> None:
    table = document.add_table(0, 3)
    for cell, text in zip(
        table.add_row().cells, ("_" * 24, "_" * 30, "«____» ______________ 20____ г."), strict=True
    ):
        _first(cell, text)
    for cell, text in zip(table.add_row().cells, ("подпись", block.who, "дата"), strict=True):
        _paragraph(cell.paragraphs[0], text, small=True)


def _table(document: Document, columns: int) -> Table:
    table: Table = document.add_table(0, columns)
    table.style = document.styles["Table Grid"]
    return table


def _widths(table: Table, centimetres: Sequence[float]) -> None:
    from docx.shared import Cm

    table.autofit = False
    for column, width in zip(table.columns, centimetres, strict=True):
        column.width = Cm(width)
    for row in table.rows:
        row._tr.get_or_add_trPr().append(_element("w:cantSplit", val="true"))
        for cell, width in zip(row.cells, centimetres, strict=True):
            cell.width = Cm(width)


def _tall(table: Table, lines: int) -> None:
    """Room to write by hand in the last row."""
    height = _element("w:trHeight", val=str(_LINE * lines), hRule="atLeast")
    table.rows[-1]._tr.get_or_add_trPr().append(height)


def _first(cell: _Cell, text: str) -> None:
    _paragraph(cell.paragraphs[0], text)


def _element(name: str, **attributes: str) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element: Any = OxmlElement(name)
    for attribute, value in attributes.items():
        element.set(qn(f"w:{attribute}"), value)
    return element


def _clean(text: str) -> str:
    """Without what no file of XML may hold; lines stay lines."""
    return "".join(sign for sign in text if sign in "\n\t" or (sign >= " " and sign not in "\ufffe\uffff"))


def _repacked(raw: BytesIO, made_at: datetime) -> bytes:
    """The same parts in the same order with one date, so that the bytes depend on the content alone."""
    day = made_at.astimezone(UTC)
    stamp = (max(1980, day.year), day.month, day.day, day.hour, day.minute, day.second)
    packed = BytesIO()
    with ZipFile(raw) as source, ZipFile(packed, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = ZipInfo(name, stamp)
            entry.compress_type, entry.external_attr = ZIP_DEFLATED, 0o600 << 16
            target.writestr(entry, source.read(name))
    return packed.getvalue()
