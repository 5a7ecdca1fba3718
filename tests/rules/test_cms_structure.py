"""Bytes of a signature before anything is computed: forms of files, lengths, bombs. Whole cases: actions/test_cms.py."""

import base64
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.gateways.cms_structure import MOST_BYTES, Refused, binary, read
from app.gateways.der import Malformed, definite, parts, wrapped

VALUE = wrapped(0x30, wrapped(0x02, b"\x01") + wrapped(0x04, b"abc"))


def test_what_has_lengths_comes_back_byte_for_byte() -> None:
    assert definite(VALUE) is VALUE
    clumsy = (
        b"\x30\x84\x00\x00\x00\x03\x02\x01\x01"  # not the shortest length, yet a signature may be taken of it
    )
    assert definite(clumsy) is clumsy


def test_indefinite_lengths_are_made_definite_and_strings_in_parts_are_joined() -> None:
    assert definite(b"\x30\x80" + VALUE[2:] + b"\x00\x00") == VALUE
    assert definite(b"\x24\x80\x04\x01a\x04\x02bc\x00\x00") == wrapped(0x04, b"abc")
    inside = b"\x30\x80\xa0\x80" + VALUE + b"\x00\x00\x00\x00"
    assert definite(inside) == wrapped(0x30, wrapped(0xA0, VALUE))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x30",
        b"\x30\x80",
        b"\x30\x03\x02\x01",
        VALUE + b"\x00",
        b"\x04\x80ab\x00\x00",
        b"\x30\x85\x00\x00\x00\x00\x01a",
        b"\x1f\xff\xff",
        b"\x24\x03\x02\x01\x01",
        b"\x30\x80" * 100_000,
        b"\x30\x80" * 60 + b"\x00\x00" * 60,
    ],
)
def test_what_is_not_one_whole_value(data: bytes) -> None:
    with pytest.raises(Malformed):
        definite(data)


@given(st.binary(max_size=400))
@settings(max_examples=300, deadline=None)
def test_random_bytes_are_refused_and_nothing_else(data: bytes) -> None:
    for one in (data, b"\x30\x80" + data, wrapped(0x30, data)):
        with pytest.raises(Refused):
            read(one)


@pytest.mark.parametrize("size", [0, 1, 127, 128, 255, 256, 65535, 65536])
def test_a_value_that_is_wrapped_reads_the_same(size: int) -> None:
    (found,) = parts(wrapped(0x04, b"a" * size))
    assert (found.tag, len(found.content)) == (0x04, size)


def test_forms_of_a_file() -> None:
    text = base64.encodebytes(VALUE * 10).decode()
    framed = f"-----BEGIN CMS-----\n{text}-----END CMS-----\n"
    for saved in (text.encode(), text.encode("utf-16"), text.encode("utf-8-sig"), framed.encode("utf-16-le")):
        assert binary(saved) == VALUE * 10
    for saved in ("не текст", "AAA", f"{framed}{framed}", framed.replace("CMS", "CERTIFICATE"), framed[:-10]):
        with pytest.raises(Malformed):
            binary(saved.encode())


def test_the_largest_file_is_refused_before_it_is_read() -> None:
    with pytest.raises(Refused, match="too_large"):
        read(b"\x30" * (MOST_BYTES + 1))


def test_a_file_of_nothing_but_small_values_takes_no_long_time() -> None:
    started = time.monotonic()
    with pytest.raises(Refused):
        read(wrapped(0x30, b"\x05\x00" * 500_000))
    assert time.monotonic() - started < 10
