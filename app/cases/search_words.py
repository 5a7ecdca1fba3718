"""Words of a search: what of a text is indexed, what a typed query asks for, whether the two meet.

A text is a set of words of letters and digits alone, lower case, ё as е. What dashes, dots, colons or slashes join is kept
in parts and as a whole, so that «59:01:4410000:123», «по-сёлок» or «+7 950 400-00-01» are found in any writing. A word of
the query is cut to its Russian stem, which is a beginning of the word, and meets every word that begins with it: nothing
has to be stemmed in the index, and both databases give the same hits.

Pure; knows no case, no database and no page. The rules of stemming are Snowball's.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from Stemmer import Stemmer

from app.characters import without_invisible

#: How much of a query is looked at, and how many words of it.
LONGEST_QUERY = 200
MOST_WORDS = 10
#: How many characters of words one text may have in the index.
LONGEST_TEXT = 100_000
#: PostgreSQL refuses words of more than 2 046 bytes; nobody types more than this of one.
_LONGEST_WORD = 64
#: What is longer in all was no number or name with separators.
_LONGEST_JOINED = 40
#: Numbers written with spaces (phones, СНИЛС) have at most 14 digits; more are a list of numbers.
_LONGEST_SPACED = 20
#: Of one group of a query; numbers have five at most.
_MOST_PARTS = 12
#: A shorter stem would meet half of the language.
_SHORTEST_STEM = 3

_WORD = r"[^\W_]+"
_JOINED = re.compile(rf"{_WORD}(?:[-:/.\\_'’‐-―−]+{_WORD})*")
_PART = re.compile(r"\d+|[^\W\d_]+")
#: What may stand between the groups of one number.
_SPACES = re.compile(r"[\s()+]*")
_HAS_WORD = re.compile(_WORD)
_ACCENTS = re.compile("[\u0300-\u036f]")
_UNUSABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

_stemmer = Stemmer("russian")

TOO_LONG = f"В поиске учтены первые {LONGEST_QUERY} символов."
TOO_MANY = f"В поиске учтены первые {MOST_WORDS} слов."
NO_WORDS = "В запросе нет ни слов, ни чисел. Введите номер, фамилию, адрес или тему."


@dataclass(frozen=True, slots=True)
class Term:
    """One thing to be found: `whole` as one word, or all of `parts` (empty for a plain word)."""

    whole: str
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Search:
    """A query: the text as it is shown again, what has to be found (all of it), what of the text was left out."""

    text: str = ""
    terms: tuple[Term, ...] = ()
    note: str = ""


def parse_query(typed: str) -> Search:
    """What a typed text asks for; never fails: what cannot be searched for is left out, and the note says so."""
    text = " ".join(_UNUSABLE.sub(" ", typed[: 4 * LONGEST_QUERY]).split())
    note = TOO_LONG if len(text) > LONGEST_QUERY or len(typed) > 4 * LONGEST_QUERY else ""
    text = text[:LONGEST_QUERY].rstrip()
    terms = tuple(dict.fromkeys(map(_term, _groups(norm(text)))))
    if len(terms) > MOST_WORDS:
        note = note or TOO_MANY
    if text and not terms:
        note = NO_WORDS
    return Search(text, terms[:MOST_WORDS], note)


def norm(text: str) -> str:
    """The text as it is compared: composed, lower case, without accents beside letters, ё as е."""
    folded = unicodedata.normalize("NFC", without_invisible(text)).casefold()
    return _ACCENTS.sub("", folded).replace("ё", "е")


def words_of(text: str) -> list[str]:
    """The words of a text for the index, with what is joined to them in parts and as a whole."""
    return list(dict.fromkeys(_index_words(norm(text[:LONGEST_TEXT]))))


def index_text(texts: Iterable[Iterable[str]], *, limit: int = LONGEST_TEXT) -> str:
    """Words of texts, each once, with a space between: what the index holds. The first texts count most."""
    words: dict[str, None] = {}
    for text in texts:
        words |= dict.fromkeys(text)
    whole = " ".join(words)
    return whole if len(whole) <= limit else whole[:limit].rpartition(" ")[0]


def stands_alone(word: str) -> bool:
    """Whether a word of a query meets only its like: one letter or digit begins too many words."""
    return len(word) == 1


def _index_words(text: str) -> Iterator[str]:
    for group in _groups(text):
        parts = _PART.findall(group)
        yield from (part[:_LONGEST_WORD] for part in parts)
        joined = "".join(parts)
        if len(parts) > 1 and len(joined) <= _LONGEST_JOINED:
            yield joined
        if " " in group:  # each number of a list by itself, too
            yield from (one for one in map(_digits, group.split(" ")) if len(one) <= _LONGEST_JOINED)
        phone = _without_country(joined)
        if phone:
            yield phone


def _groups(text: str) -> Iterator[str]:
    """Words with what is joined to them; numbers parted by spaces alone are one group, a space between them."""
    number, end = "", 0
    for found in _JOINED.finditer(text):
        group = found.group()
        is_number = _digits(group).isdigit()
        near = bool(number) and _SPACES.fullmatch(text, end, found.start()) is not None
        if number and not (is_number and near and len(_digits(number + group)) <= _LONGEST_SPACED):
            yield number
            number = ""
        if is_number:
            number = f"{number} {group}" if number else group
        else:
            yield group
        end = found.end()
    if number:
        yield number


def _digits(group: str) -> str:
    return "".join(_HAS_WORD.findall(group))


def _term(group: str) -> Term:
    parts = [part[:_LONGEST_WORD] for part in _PART.findall(group)]
    joined = "".join(parts)
    whole = _without_country(joined) or (_stem(joined) if joined.isalpha() else joined)
    if len(parts) < 2:
        return Term(whole[:_LONGEST_WORD])
    return Term(whole[:_LONGEST_WORD], tuple(dict.fromkeys(map(_stem, parts[:_MOST_PARTS]))))


def _stem(word: str) -> str:
    stem: str = _stemmer.stemWord(word)
    usable = word.startswith(stem) and len(stem) >= _SHORTEST_STEM
    return stem if usable else word


def _without_country(digits: str) -> str:
    """The digits of a Russian phone without 7 or 8, or nothing when it is none."""
    is_phone = len(digits) == 11 and digits[0] in "78" and digits.isdigit()
    return digits[1:] if is_phone else ""
