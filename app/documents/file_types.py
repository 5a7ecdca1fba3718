"""Which files are taken, decided by content and extension together; what the browser says is never read.

Looks at signatures and at the names of parts. What is deeper (macros of old formats, passwords and scripts of
PDF, sizes of pictures) is not its matter.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from typing import BinaryIO

from app.documents.containers import OLE, ZIP, ole_kind, zip_kind
from app.errors import InvalidValue, TooLarge

MAX_FILE_BYTES = 30 * 1024 * 1024


@dataclass(frozen=True)
class FileType:
    """One kind of file that is taken; `media_type` is ours, whatever the client said."""

    code: str
    label: str
    media_type: str
    extensions: tuple[str, ...]


_OFFICE = "application/vnd.openxmlformats-officedocument"
FILE_TYPES: tuple[FileType, ...] = (
    FileType("pdf", "PDF", "application/pdf", ("pdf",)),
    FileType("jpg", "JPG", "image/jpeg", ("jpg", "jpeg", "jpe", "jfif")),
    FileType("png", "PNG", "image/png", ("png",)),
    FileType("tiff", "TIFF", "image/tiff", ("tif", "tiff")),
    FileType("bmp", "BMP", "image/bmp", ("bmp",)),
    FileType("docx", "DOCX", f"{_OFFICE}.wordprocessingml.document", ("docx",)),
    FileType("doc", "DOC", "application/msword", ("doc",)),
    FileType("xlsx", "XLSX", f"{_OFFICE}.spreadsheetml.sheet", ("xlsx",)),
    FileType("xls", "XLS", "application/vnd.ms-excel", ("xls",)),
    FileType("odt", "ODT", "application/vnd.oasis.opendocument.text", ("odt",)),
    FileType("rtf", "RTF", "application/rtf", ("rtf",)),
    FileType("sig", "SIG", "application/pkcs7-signature", ("sig", "p7s")),
)
#: Machine-readable powers of attorney: taken on a page of their own alone, checked by who reads them.
XML = FileType("xml", "XML", "application/xml", ("xml",))
BY_CODE = {kind.code: kind for kind in (*FILE_TYPES, XML)}
#: The allowed types for a sentence, and for the attribute `accept` of a file field.
ALLOWED_WORDS = ", ".join(kind.label for kind in FILE_TYPES)
ACCEPT = ",".join(f".{extension}" for kind in FILE_TYPES for extension in kind.extensions)

_BY_EXTENSION = {extension: kind for kind in FILE_TYPES for extension in kind.extensions}
_SIGNATURES = (
    (b"%PDF-", "pdf"),
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"{\\rtf", "rtf"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"GIF8", "gif"),
)
#: Brands of the container of iPhone photos (HEIF) and of AVIF.
_HEIF = re.compile(rb"....ftyp(?:hei[cfmsx]|hev[cmsx]|mif1|msf1|avif|avis)", re.DOTALL)
_WEBP = re.compile(rb"RIFF....WEBP", re.DOTALL)
#: BMP: «BM», a size, four reserved zeros, an offset and one of the known sizes of its second header.
_BMP = re.compile(rb"BM.{4}\0{4}.{4}[\x0c\x28\x34\x38\x40\x6c\x7c]\0\0\0", re.DOTALL)
#: CMS: a SEQUENCE (DER or BER) that begins with the object identifier 1.2.840.113549.1.7.2, «signed data».
_SIGNED_DATA = re.compile(
    rb"\x30(?:[\x00-\x80]|\x81.|\x82..|\x83...|\x84....)\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02",
    re.DOTALL,
)
_PEM = re.compile(rb"-----BEGIN (?:PKCS7|CMS|SIGNATURE|SIGNED MESSAGE)-----\s*")
_HEAD = 512

_PHOTO = "Сохраните фото как JPG: на iPhone «Настройки → Камера → Форматы → Наиболее совместимый»."
_ARCHIVE = "Архивы не принимаем. Распакуйте и приложите файлы по одному."
_AS_JPG = "Сохраните картинку как JPG или PNG."
_MACROS = "Файлы с макросами не принимаем. Сохраните документ как DOCX, XLSX или PDF."
_SAVE_AGAIN = "Откройте файл в своей программе и сохраните его заново, лучше всего как PDF."
_UNLOCK = "Файл защищен паролем. Сохраните его без пароля или как PDF."
_ADVICE = (
    dict.fromkeys(("heic", "heif", "avif"), _PHOTO)
    | dict.fromkeys(("zip", "rar", "7z", "tar", "gz", "tgz", "bz2", "xz"), _ARCHIVE)
    | dict.fromkeys(("gif", "webp", "svg"), _AS_JPG)
    | dict.fromkeys(("docm", "xlsm", "macros"), _MACROS)
    | {"encrypted": _UNLOCK}
)


def recognise(content: BinaryIO, file_name: str) -> FileType:
    """The type of a file whose extension and content agree; the stream is left at its beginning.

    Raises TooLarge over 30 МБ; InvalidValue for an empty file, for a type that is not taken, for a name
    without extension and for a content that is not what the name promises. Every sentence says how to mend
    it.
    """
    size = content.seek(0, 2)
    if not size:
        raise InvalidValue("Файл пустой. Проверьте, что он открывается, и приложите его снова.")
    if size > MAX_FILE_BYTES:
        raise TooLarge(
            "Файл больше 30 МБ. Уменьшите фото, отсканируйте с разрешением 150–200 точек на дюйм "
            "или разделите документ на части."
        )
    extension = _extension(file_name)
    promised = _BY_EXTENSION.get(extension)
    if extension and promised is None:
        raise InvalidValue(_ADVICE.get(extension) or _not_taken(extension))
    found = _content_code(content)
    content.seek(0)
    if promised is None:
        raise InvalidValue(_no_extension(found))
    if found != promised.code:
        raise InvalidValue(_unlike(promised, found))
    return promised


def _extension(file_name: str) -> str:
    """What stands after the last dot, trimmed, in lower case; a name that only begins with a dot has none."""
    stem, dot, extension = file_name.strip().rstrip(".").rpartition(".")
    return extension.strip().casefold() if dot and stem else ""


def _content_code(content: BinaryIO) -> str:
    """Code of what the bytes are: a type that is taken, a kind with an advice, or the empty string."""
    content.seek(0)
    head = content.read(_HEAD)
    if head.startswith(ZIP):
        return zip_kind(content)
    if head.startswith(OLE):
        return ole_kind(content)
    if _HEIF.match(head):
        return "heic"
    if _WEBP.match(head):
        return "webp"
    if _BMP.match(head):
        return "bmp"
    for signature, code in _SIGNATURES:
        if head.startswith(signature):
            return code
    return "sig" if _is_signature(head) else ""


def _is_signature(head: bytes) -> bool:
    """Whether a CMS signature begins here: bare, as PEM, or in base64, in UTF-8 or UTF-16."""
    if _SIGNED_DATA.match(head):
        return True
    text = head.removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").replace(b"\0", b"").lstrip()
    text = b"".join(_PEM.sub(b"", text, count=1).split())[:60]
    try:
        return bool(_SIGNED_DATA.match(base64.b64decode(text[: len(text) // 4 * 4], validate=True)))
    except binascii.Error:
        return False


def _not_taken(extension: str) -> str:
    shown = f".{extension}" if len(extension) <= 10 and extension.isalnum() else "такого типа"
    return f"Файлы {shown} не принимаем. Подходят: {ALLOWED_WORDS}."


def _no_extension(found: str) -> str:
    kind = BY_CODE.get(found)
    if kind is None:
        return _ADVICE.get(found) or f"У имени файла нет расширения. Подходят: {ALLOWED_WORDS}."
    return f"У имени файла нет расширения. Это {kind.label}: допишите в конце имени «.{kind.extensions[0]}»."


def _unlike(promised: FileType, found: str) -> str:
    begin = f"Содержимое не похоже на {promised.label}."
    if found in BY_CODE:
        kind = BY_CODE[found]
        return (
            f"{begin} Это {kind.label}: переименуйте файл, имя должно кончаться на «.{kind.extensions[0]}»."
        )
    return f"{begin} {_ADVICE.get(found, _SAVE_AGAIN)}"
