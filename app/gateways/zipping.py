"""A ZIP that is sent while it is made: one chunk of one file in memory at a time. Knows no subject."""

import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import IO, cast


class Packer:
    """Packs files one after another; everything that it gives, in order, is the archive."""

    def __init__(self) -> None:
        """Begin an archive; nothing is given yet."""
        self._parts: list[bytes] = []
        self._archive = zipfile.ZipFile(cast(IO[bytes], _Sink(self._parts)), "w", zipfile.ZIP_DEFLATED)

    def add(
        self, name: str, content: Iterable[bytes], *, at: datetime, stored: bool = False
    ) -> Iterator[bytes]:
        """One file; `stored` for what is compressed already. The instant stands there as UTC, to two seconds."""
        moment = at.timetuple()[:6]
        info = zipfile.ZipInfo(name, max(moment, (1980, 1, 1, 0, 0, 0)))
        info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        with self._archive.open(info, "w") as target:
            for chunk in content:
                target.write(chunk)
                yield from self._given()
        yield from self._given()

    def end(self) -> Iterator[bytes]:
        """The table of contents; nothing can be added any more."""
        self._archive.close()
        yield from self._given()

    def _given(self) -> Iterator[bytes]:
        if self._parts:
            joined = b"".join(self._parts)
            self._parts.clear()
            yield joined


class _Sink:
    """Where the archive is written to; it cannot be gone back in, so sizes stand after the files."""

    def __init__(self, parts: list[bytes]) -> None:
        self._parts = parts

    def write(self, data: bytes, /) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""
