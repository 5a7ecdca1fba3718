"""Bytes of ASN.1 as they lie: lengths checked, indefinite ones made definite, parts found and cut out. Pure.

What has only definite lengths comes back byte for byte: signatures are taken of bytes, not of meanings.
"""

from collections.abc import Iterator
from dataclasses import dataclass

#: No signature is nested as deep as this; a bomb is.
MOST_DEEP = 50
#: Nor has any so many values: 30 certificates have some thousands, a list of revoked ones sent along tens of thousands.
MOST_VALUES = 100_000
_CONSTRUCTED = 0x20
_INDEFINITE = 0x80
_OCTETS, _OCTETS_IN_PARTS = 0x04, 0x24


class Malformed(Exception):
    """These bytes are not one whole value of ASN.1."""


@dataclass(frozen=True)
class Part:
    """One value inside another: its first byte, all of its bytes, and those after tag and length."""

    tag: int
    whole: bytes
    content: bytes


def definite(data: bytes) -> bytes:
    """One whole value of BER with definite lengths throughout; raises Malformed for anything else, a tail included."""
    end, changed = _walk(data, 0, len(data), 0, iter(range(MOST_VALUES)))
    if end != len(data):
        raise Malformed("tail")
    return data if changed is None else changed


def parts(content: bytes) -> list[Part]:
    """The values that stand side by side in the content of a constructed one; all have definite lengths."""
    found, at = [], 0
    while at < len(content):
        start, length = _head(content, at, len(content))
        if length is None:
            raise Malformed("indefinite")
        found.append(Part(content[at], content[at : start + length], content[start : start + length]))
        at = start + length
    return found


def wrapped(tag: int, content: bytes) -> bytes:
    """A value from its first byte and its content."""
    size = len(content)
    if size < _INDEFINITE:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, _INDEFINITE | len(length))) + length + content


def _walk(data: bytes, at: int, end: int, depth: int, left: Iterator[int]) -> tuple[int, bytes | None]:
    """Where the value that begins at `at` ends, and its bytes when they have to be others; `left` counts the values."""
    if depth > MOST_DEEP or next(left, None) is None:
        raise Malformed("deep or long")
    start, length = _head(data, at, end)
    tag = data[at]
    if not tag & _CONSTRUCTED:
        if length is None:
            raise Malformed("primitive without length")
        return start + length, None
    stop = end if length is None else start + length
    pieces: list[bytes] = []
    changed = length is None or tag == _OCTETS_IN_PARTS
    place = start
    while length is not None or data[place : place + 2] != b"\x00\x00":
        if place >= stop:
            if length is None:
                raise Malformed("no end")
            break
        following, other = _walk(data, place, stop, depth + 1, left)
        pieces.append(data[place:following] if other is None else other)
        changed = changed or other is not None
        place = following
    if not changed:
        return place, None
    after = place + 2 if length is None else place
    return after, _joined(data, at, pieces)


def _joined(data: bytes, at: int, pieces: list[bytes]) -> bytes:
    tag = data[at]
    if tag & 0x1F == 0x1F:
        raise Malformed("long tag")
    if tag == _OCTETS_IN_PARTS:
        strings = [parts(piece)[0] for piece in pieces]
        if any(string.tag != _OCTETS for string in strings):
            raise Malformed("string of something else")
        return wrapped(_OCTETS, b"".join(string.content for string in strings))
    return wrapped(tag, b"".join(pieces))


def _head(data: bytes, at: int, end: int) -> tuple[int, int | None]:
    """Where the content begins, and its length; None when only an end mark will tell."""
    try:
        place = at + 1
        if data[at] & 0x1F == 0x1F:
            while data[place] & 0x80:
                place += 1
            place += 1
        first = data[place]
        place += 1
        if first < _INDEFINITE:
            length = first
        elif first == _INDEFINITE:
            return place, None
        else:
            digits = first & 0x7F
            if digits > 4 or place + digits > end:
                raise Malformed("length")
            length = int.from_bytes(data[place : place + digits], "big")
            place += digits
    except IndexError:
        raise Malformed("cut") from None
    if place + length > end:
        raise Malformed("cut")
    return place, length
