"""A look into the two containers of office programs: ZIP (docx, xlsx, odt) and OLE (doc, xls).

Reads names only, never unpacks a part, and bounds what a hostile file can make it read.
"""

import struct
from typing import BinaryIO
from zipfile import ZIP_STORED, BadZipFile, ZipFile

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

#: A document of an office program has some dozens of parts; the list of 2 000 fits a megabyte with room to
#: spare.
_MOST_PARTS = 2_000
_LARGEST_LIST = 1024 * 1024
_END_OF_ZIP = b"PK\x05\x06"
_ZIP64 = b"PK\x06\x07"
#: The end record, the longest comment after it and the ZIP64 record before it.
_LONGEST_TAIL = 20 + 22 + 65_536
_ODT = b"application/vnd.oasis.opendocument.text"
_CHUNK = 1024 * 1024


def zip_kind(content: BinaryIO) -> str:
    """«docx», «xlsx», «odt», «macros» for a document with a program inside, «zip» for any other archive.

    An archive that is broken or monstrous gives the empty string.
    """
    if not _is_bounded(content):
        return ""
    try:
        with ZipFile(content) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            mimetype = _mimetype(archive) if "mimetype" in names else b""
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError, struct.error):
        return ""
    if len(parts) > _MOST_PARTS:
        return ""
    if mimetype == _ODT:
        return "odt"
    if "[Content_Types].xml" not in names:
        return "zip"
    if any(name.casefold().endswith("vbaproject.bin") for name in names):
        return "macros"
    if any(name.startswith("word/document") for name in names):
        return "docx"
    return "xlsx" if any(name.startswith("xl/workbook") for name in names) else "zip"


def _mimetype(archive: ZipFile) -> bytes:
    if archive.getinfo("mimetype").compress_type != ZIP_STORED:
        return b""  # OpenDocument demands it stored; nothing has to be unpacked
    with archive.open("mimetype") as part:
        return part.read(len(_ODT) + 1).strip()


def _is_bounded(content: BinaryIO) -> bool:
    """Whether the list of parts is small: `zipfile` would read a list of any size into memory."""
    size = content.seek(0, 2)
    content.seek(max(0, size - _LONGEST_TAIL))
    tail = content.read(_LONGEST_TAIL)
    end = tail.rfind(_END_OF_ZIP)
    if end < 0 or len(tail) - end < 22 or _ZIP64 in tail[max(0, end - 20) : end]:
        return False
    (list_size,) = struct.unpack_from("<I", tail, end + 12)
    return bool(list_size <= _LARGEST_LIST)


def ole_kind(content: BinaryIO) -> str:
    """«doc», «xls», «encrypted» for a docx or xlsx under a password, or «ole» for any other container."""
    names = {
        "encrypted": ["EncryptedPackage"],
        "doc": ["WordDocument"],
        "xls": ["Workbook", "Book"],
    }
    for kind, streams in names.items():
        if any(_holds(content, _entry(name)) for name in streams):
            return kind
    return "ole"


def _entry(name: str) -> bytes:
    """How the directory of the container writes the name of a stream: UTF-16 with a final zero."""
    return (name + "\0").encode("utf-16-le")


def _holds(content: BinaryIO, wanted: bytes) -> bool:
    """Whether the bytes stand anywhere in the file, read in pieces that overlap."""
    content.seek(0)
    kept = b""
    while piece := content.read(_CHUNK):
        if wanted in kept + piece:
            return True
        kept = piece[-len(wanted) :]
    return False
