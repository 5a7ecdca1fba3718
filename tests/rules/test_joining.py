"""Joining with PDFs that nobody should trust: a refusal, never a crash and never a long wait."""

import io
import time
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from app.gateways.joining import NotJoined, joined


def blank(*, password: str = "") -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def test_pages_come_after_the_originals_and_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    original = tmp_path / "a.pdf"
    original.write_bytes(blank())
    made = joined(original, blank())
    assert len(PdfReader(io.BytesIO(made)).pages) == 2
    assert joined(original, blank()) == made


@pytest.mark.parametrize(
    "content",
    [b"", b"%PDF-1.7\n", b"\x00" * 5000, blank()[:200], blank(password="x"), b"%PDF-1.4\n" + b"[" * 200_000],
)
def test_what_cannot_be_read_is_refused(tmp_path: Path, content: bytes) -> None:
    original = tmp_path / "a.pdf"
    original.write_bytes(content)
    with pytest.raises(NotJoined):
        joined(original, blank())


def test_what_takes_too_long_is_stopped(tmp_path: Path) -> None:
    original = tmp_path / "a.pdf"
    original.write_bytes(blank())
    began = time.monotonic()
    with pytest.raises(NotJoined):
        joined(original, blank(), wall_seconds=0.01)
    assert time.monotonic() - began < 5
