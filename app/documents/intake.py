"""Taking files in: checked by content, stored and synced before the transaction that makes them part of something.

If that transaction does not happen, the bytes go again; nobody ever sees a row without a file.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from app import gateways
from app.documents.file_names import clean_file_name
from app.documents.file_types import FileType, recognise
from app.errors import DomainError, InvalidForm
from app.gateways.files import StoredFile


@dataclass(frozen=True)
class Upload:
    """A file as it came: the name the person's device gave it and a seekable stream."""

    name: str
    stream: BinaryIO


@dataclass(frozen=True)
class Received:
    """A checked and stored file that still belongs to nothing."""

    name: str
    type: FileType
    stored: StoredFile


@contextmanager
def received(uploads: Sequence[Upload], *, field: str = "files") -> Iterator[list[Received]]:
    """Store the files for the time of the block; they stay only if the block ends well.

    Raises InvalidForm, naming each file that cannot be taken, before anything is stored.
    """
    types = _checked(uploads, field)
    kept: list[Received] = []
    store = gateways.current().files
    try:
        for upload, kind in zip(uploads, types, strict=True):
            upload.stream.seek(0)
            kept.append(Received(clean_file_name(upload.name), kind, store.save(upload.stream)))
        yield kept
    except BaseException:
        for one in kept:
            store.delete(one.stored.key)
        raise


@contextmanager
def stored_as(upload: Upload, kind: FileType) -> Iterator[Received]:
    """Store one file that the caller has checked by itself, for the time of the block; it stays if the block ends well."""
    store = gateways.current().files
    upload.stream.seek(0)
    stored = store.save(upload.stream)
    try:
        yield Received(clean_file_name(upload.name), kind, stored)
    except BaseException:
        store.delete(stored.key)
        raise


def _checked(uploads: Sequence[Upload], field: str) -> list[FileType]:
    types: list[FileType] = []
    refusals: list[str] = []
    for upload in uploads:
        name = clean_file_name(upload.name)
        try:
            types.append(recognise(upload.stream, upload.name))
        except DomainError as error:
            refusals.append(f"«{name}»: {error.message}")
    if refusals:
        raise InvalidForm({field: refusals})
    return types
