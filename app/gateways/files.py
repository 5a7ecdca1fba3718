"""The file store: bytes on the local disk under random keys. Knows no subject, no names of people's files.

A file is saved so that a power cut leaves it whole or absent: written beside its place, synced, renamed, folder synced.
"""

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

CHUNK_BYTES = 256 * 1024


@dataclass(frozen=True)
class StoredFile:
    """What was stored: its key, size in bytes and SHA-256 (hex)."""

    key: str
    size: int
    sha256: str


class FileStore:
    """A folder of files; keys look like `ab/cd/<random>` and never hold a person's text."""

    def __init__(self, root: Path) -> None:
        """Remember the folder; it is made with the first file."""
        self.root = root

    def save(self, source: BinaryIO) -> StoredFile:
        """Copy a stream into the store and sync it to the disk; raises OSError when the disk refuses."""
        name = secrets.token_hex(16)
        key = f"{name[:2]}/{name[2:4]}/{name}"
        target = self.path(key)
        self._make_folder(target.parent)
        temporary = target.with_suffix(".part")
        digest, size = hashlib.sha256(), 0
        try:
            with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640), "wb") as out:
                while chunk := source.read(CHUNK_BYTES):
                    digest.update(chunk)
                    size += out.write(chunk)
                out.flush()
                os.fsync(out.fileno())
            os.rename(temporary, target)
            _sync_folder(target.parent)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        return StoredFile(key=key, size=size, sha256=digest.hexdigest())

    def _make_folder(self, folder: Path) -> None:
        """A folder with those above it, each of which is on the disk before anything lies in it."""
        if folder.is_dir():
            return
        if folder != self.root:
            self._make_folder(folder.parent)
        folder.mkdir(parents=folder == self.root, exist_ok=True, mode=0o750)
        _sync_folder(folder.parent)

    def path(self, key: str) -> Path:
        """Where the file of a key lies."""
        return self.root / key

    def holds(self, key: str, sha256: str) -> bool:
        """Whether the file of a key has this SHA-256 (hex); False for one that is gone or cannot be read."""
        try:
            with self.path(key).open("rb") as content:
                return hashlib.file_digest(content, "sha256").hexdigest() == sha256
        except OSError:
            return False

    def delete(self, key: str) -> None:
        """Remove a file; one that is gone already is no error."""
        self.path(key).unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
