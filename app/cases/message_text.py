"""Texts that people write to each other: messages, comments, notes, topics. Markup is the page's matter.

Joiners of emoji stay, direction marks go: they can make a sentence read as another one.
"""

import re

from app.characters import (
    composed,
    is_blank,
    one_line,
    refuse_control,
    refuse_longer,
    without_bidi,
)
from app.errors import InvalidValue

LONGEST_MESSAGE = 10_000
LONGEST_TOPIC = 200
_LINE_ENDS = ("\r\n", "\r", "\u2028", "\u2029")
#: What an editor sends for an empty text: paragraphs and line ends with nothing between them.
_EMPTY_MARKUP = re.compile(r"</?(?:p|br|div|span|b|strong|i|em|u|ul|ol|li)\s*/?>|&nbsp;", re.IGNORECASE)
#: What decoders put in place of bytes that are no text.
_BROKEN = "\ufffd"


def clean_text(
    text: str,
    *,
    max_length: int = LONGEST_MESSAGE,
    label: str = "Сообщение",
    required: bool = True,
    blank: str = "Пустое сообщение: напишите текст.",
) -> str:
    """A text of several lines in NFC with «\\n» line ends, at most `max_length` characters after that.

    A text with nothing to see gives the empty string, or raises InvalidValue(`blank`) when it is required.
    Raises InvalidValue too for control characters, lone surrogates and over-long texts, beginning with
    `label`.
    """
    for line_end in _LINE_ENDS:
        text = text.replace(line_end, "\n")
    text = composed(text, label=label, max_length=max_length)
    refuse_control(text, label=label, allowed="\n\t")
    if _BROKEN in text:
        raise InvalidValue(f"{label}: в тексте испорченный символ. Наберите это место заново.")
    text = without_bidi(text).strip()
    if is_blank(_EMPTY_MARKUP.sub("", text)):
        if required:
            raise InvalidValue(blank)
        return ""
    refuse_longer(text, label=label, max_length=max_length)
    return text


def clean_line(
    text: str, *, max_length: int = LONGEST_TOPIC, label: str = "Тема", required: bool = True
) -> str:
    """A text of one line, such as a topic or a status in own words: as `clean_text`, with single spaces."""
    return one_line(
        clean_text(
            text, max_length=max_length, label=label, required=required, blank=f"{label}: заполните это поле."
        )
    )
