"""The folder of a case as one ZIP, sent while it is made: files, then their sums and the pages that check them.

Asks the database nothing: what it needs was read before (`folder_queries`).
"""

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from app.errors import Unavailable
from app.gateways.files import CHUNK_BYTES
from app.gateways.layouts import Layouts
from app.gateways.zipping import Packer
from app.signing.folder_queries import Entry, Folder
from app.signing.folder_rules import INTERNAL_FOLDER, SUMS, instructions_text, script_text, sums_text

_TEMPLATES = Path(__file__).parent.parent / "templates" / "folder"
_COMPRESSED = (".pdf", ".jpg", ".jpeg", ".png", ".docx", ".xlsx", ".odt")

log = logging.getLogger(__name__)


def archive(folder: Folder) -> Iterator[bytes]:
    """The bytes of the ZIP; one file in chunks at a time is in memory.

    A file that cannot be read is named in the contents as missing, one that is not what was taken in as changed: the rest
    of the folder is worth having.
    """
    packer, sums, missing = Packer(), _Sums(), list[str]()
    changed: list[str] = []
    pages = _pages(folder)
    for entry in (*folder.entries, *pages):
        try:
            content = _content(entry)
        except (OSError, Unavailable) as error:
            log.warning("folder: %s is left out: %s", entry.path, type(error).__name__)
            missing.append(entry.path)
            continue
        stored = entry.path.endswith(_COMPRESSED)
        yield from packer.add(entry.path, sums.of(entry.path, content), at=entry.at, stored=stored)
        if entry.sha256 not in ("", sums.found[entry.path]):
            log.error("folder: %s is not the file that was taken in", entry.path)
            changed.append(entry.path)
    for entry in _contents(folder, sums.found, missing, changed):
        yield from packer.add(entry.path, _content(entry), at=entry.at)
    yield from packer.end()


class _Sums:
    """SHA-256 of what passes through, by path."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}

    def of(self, path: str, content: Iterable[bytes]) -> Iterator[bytes]:
        digest = hashlib.sha256()
        for chunk in content:
            digest.update(chunk)
            yield chunk
        self.found[path] = digest.hexdigest()


def _content(entry: Entry) -> Iterable[bytes]:
    """The chunks of an entry; raises OSError or Unavailable before the first one."""
    if isinstance(entry.source, bytes):
        return (entry.source,)
    if isinstance(entry.source, Path):
        return _chunks(entry.source, entry.source.stat().st_size)
    return (entry.source(),)


def _chunks(path: Path, size: int) -> Iterator[bytes]:
    with path.open("rb") as source:
        while size > 0 and (chunk := source.read(min(CHUNK_BYTES, size))):
            size -= len(chunk)
            yield chunk


def _pages(folder: Folder) -> list[Entry]:
    """What does not depend on the sums: messages, how to check, the script of the page."""
    layouts, at = Layouts(_TEMPLATES), folder.made_at
    made = [
        Entry("case.html", _html(layouts, "case", folder, at, said=folder.said), at),
        Entry("check.txt", instructions_text(folder.signatures).encode(), at),
        Entry("check.sh", script_text(folder.signatures).encode(), at),
        Entry("check.js", (_TEMPLATES / "check.js").read_bytes(), at),
    ]
    if folder.said_inside:
        inside = _html(layouts, "case", folder, at, said=folder.said_inside)
        made.append(Entry(f"{INTERNAL_FOLDER}/case.html", inside, at))
    return made


def _contents(folder: Folder, sums: dict[str, str], missing: list[str], changed: list[str]) -> list[Entry]:
    """The sums, for programs and for people; they name neither themselves nor each other."""
    at, titles = folder.made_at, {entry.path: entry.title for entry in folder.entries}
    manifest = {
        "case": folder.caption,
        "company": folder.company,
        "made_at": at.isoformat(timespec="seconds"),
        "files": [
            {"path": path, "sha256": digest, "title": titles.get(path, "")} for path, digest in sums.items()
        ],
        "missing": missing,
        "changed_on_server": changed,
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1)
    # In a script for a page that may fetch nothing; < could end it when somebody puts it into the page.
    script = "window.FILES = " + json.dumps(sums).replace("<", "\\u003c") + ";\n"
    index = _html(Layouts(_TEMPLATES), "index", folder, at, missing=missing, changed=changed, count=len(sums))
    return [
        Entry(SUMS, sums_text(sums).encode(), at),
        Entry("manifest.json", text.encode(), at),
        Entry("sums.js", script.encode(), at),
        Entry("index.html", index, at),
    ]


def _html(layouts: Layouts, name: str, folder: Folder, at: datetime, **told: object) -> bytes:
    data = {"folder": folder, **told}
    return layouts.html(name, data, made_at=at, own_text=False).encode()
