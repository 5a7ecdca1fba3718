"""How Russian is set in print: quotes «», spaces at which no line breaks. Works over texts and over HTML. Pure."""

import re

_NO_BREAK = "\u00a0"
_TAG = re.compile(r"(<[^>]*>)")
#: A straight quote, as people type it and as HTML writes it.
_QUOTE = re.compile(r'&quot;|&#34;|"')
_OPENS_AFTER = frozenset(" \n\t\u00a0([«—–-")
_UNITS = (
    *("кВт", "кВ", "Вт", "В", "А", "Гц", "км", "мм", "м", "%", "₽", "руб", "коп", "дн", "день", "рабоч"),
    *(
        "календарн",
        "мес",
        "год",
        "лет",
        "г",
        "час",
        "ч",
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
    ),
    *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
)
_BEFORE_NAMES = "п|пп|ст|гл|г|д|ул|кв|пр|пер|тел|с|пос|каб|рис|табл"
_RULES = (
    # «2026 г.» at the end of a sentence has one dot.
    (re.compile(r"(?<!\.)\.\.(?!\.)"), "."),
    (re.compile(r"№ (?=\S)"), f"№{_NO_BREAK}"),
    (re.compile(r"(?<=[0-9]) (?=[0-9]{3}(?![0-9]))"), _NO_BREAK),
    (re.compile(rf"(?<=[0-9]) (?=(?:{'|'.join(_UNITS)}))"), _NO_BREAK),
    (re.compile(r"(?<=[яа]) (?=[0-9]{4}[ \u00a0]г)"), _NO_BREAK),
    # «п. 14», «ст. 5», «ул. Лесная», «д. 12»
    (re.compile(rf"(?<![а-яёА-ЯЁ])((?:{_BEFORE_NAMES})\.) (?=[0-9А-ЯЁ«])"), rf"\1{_NO_BREAK}"),
    # «Сидоров А. П.», «А. П. Сидоров»
    (re.compile(r"(?<![а-яёА-ЯЁ])([А-ЯЁ]\.) (?=[А-ЯЁ])"), rf"\1{_NO_BREAK}"),
    (re.compile(r"(?<=[а-яё]) (?=[А-ЯЁ]\.[ \u00a0][А-ЯЁ]\.)"), _NO_BREAK),
    # «ООО «Энергия»»
    (re.compile(r"(?<![а-яёА-ЯЁ])(ООО|АО|ПАО|НАО|ИП|СНТ) (?=[«А-ЯЁ])"), rf"\1{_NO_BREAK}"),
    (re.compile(r"(?<=\S) (?=[—–] )"), _NO_BREAK),
    # A word of one letter does not end a line.
    (re.compile(r"(?<![а-яёА-ЯЁ0-9])([авикосуяАВИКОСУЯ]) (?=\S)"), rf"\1{_NO_BREAK}"),
)


def typeset(text: str) -> str:
    """The text with Russian quotes and with no-break spaces in sums, numbers, initials and after short words.

    What stands inside of tags is left alone.
    """
    pieces, last = [], " "
    for piece in _TAG.split(text):
        if not piece.startswith("<") and piece:
            piece = _quoted(piece, last)
            for rule, instead in _RULES:
                piece = rule.sub(instead, piece)
            last = piece[-1]
        pieces.append(piece)
    return "".join(pieces)


def _quoted(text: str, last: str) -> str:
    """`last` is the character before the text."""
    pieces, place = [], 0
    for found in _QUOTE.finditer(text):
        before = text[place : found.start()]
        last = before[-1:] or last
        last = "«" if last in _OPENS_AFTER else "»"
        pieces += [before, last]
        place = found.end()
    return "".join([*pieces, text[place:]])
