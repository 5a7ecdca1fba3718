"""The shape of what the page of signatures by file sends."""

from werkzeug.datastructures import FileStorage, MultiDict

from app.signing.certificate_rules import LARGEST_SIGNATURE, MOST_AT_ONCE

#: What programs call their files of signatures.
ACCEPT = ".sig,.p7s,.sgn,.p7m,.pem"


def slot_ids(values: MultiDict[str, str]) -> list[int]:
    """The slots that a form or an address names, each once; what is no number is left out."""
    named = [text for text in values.getlist("slot") if text.isascii() and text.isdigit() and len(text) < 19]
    return list(dict.fromkeys(map(int, named)))[: 5 * MOST_AT_ONCE]


def field_of(slot_id: int) -> str:
    """The name of the file field of a slot."""
    return f"signature-{slot_id}"


def read_file(files: MultiDict[str, FileStorage], name: str) -> bytes:
    """The bytes of a chosen file, no more than are needed to know that it is too large; empty when none was chosen."""
    sent = files.get(name)
    return sent.stream.read(LARGEST_SIGNATURE + 1) if sent is not None and sent.filename else b""


def is_chosen(files: MultiDict[str, FileStorage], name: str) -> bool:
    """Whether a file was chosen, an empty one too."""
    sent = files.get(name)
    return sent is not None and bool(sent.filename)
