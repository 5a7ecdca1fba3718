"""Names and sizes of files as people see them. On disk files have other names; no disk is touched here."""

import re
import unicodedata
from urllib.parse import quote

from app.characters import one_line, without_control, without_invisible, without_surrogates

LONGEST_NAME = 180
_NAMELESS = "файл"
#: What is read of a pasted path; the rest of the name could not be kept anyway.
_LONGEST_READ = 1_000
_LONGEST_EXTENSION = 10
#: Windows refuses these in names; a quote could end the name in a header.
_FORBIDDEN = re.compile(r'[<>:"|?*]')
#: Windows opens a device by these names, whatever the extension.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|\s|$)", re.IGNORECASE)
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9 ._()+-]")
#: Characters that RFC 8187 lets stand in an extended parameter as they are.
_ATTRIBUTE_CHARACTERS = "!#$&+-.^_`|~"


def clean_file_name(text: str) -> str:
    """A name safe to show, to store and to save by: no path, nothing invisible, at most 180 characters.

    Nothing is refused: what does harm is taken out or made «_», and a name of which nothing is left becomes
    «файл». The extension survives the cut. Cleaning twice changes nothing.
    """
    name = text[max(text.rfind("/"), text.rfind("\\")) + 1 :]
    if len(name) > _LONGEST_READ:
        name = name[: _LONGEST_READ // 2] + name[-_LONGEST_READ // 2 :]
    name = without_control(one_line(without_invisible(without_surrogates(name))))
    name = _FORBIDDEN.sub("_", one_line(unicodedata.normalize("NFC", name)))
    name = name.strip(" .") or _NAMELESS
    return _cut(f"_{name}" if _DEVICE.match(name) else name)


def _cut(name: str) -> str:
    """At most 180 characters, taken from the end of the name before its extension."""
    if len(name) <= LONGEST_NAME:
        return name
    stem, _, extension = name.rpartition(".")
    if not stem or len(extension) > _LONGEST_EXTENSION:
        return name[:LONGEST_NAME].rstrip(" .")
    return f"{stem[: LONGEST_NAME - len(extension) - 1].rstrip(' .')}.{extension}"


def human_size(size: int) -> str:
    """A size in bytes for people, in powers of 1024: «84 КБ», «1,2 МБ»; a single byte is «1 КБ»."""
    kilobytes = (size + 512) // 1024
    if kilobytes < 1024:
        return f"{max(kilobytes, min(size, 1))} КБ"
    tenths = (size * 10 + 512 * 1024) // (1024 * 1024)
    whole, rest = divmod(tenths, 10)
    return f"{whole},{rest} МБ" if rest else f"{whole} МБ"


def content_disposition(name: str) -> str:
    """Value of the header for a download under this name (RFC 6266): exact in UTF-8, and one in ASCII."""
    name = without_surrogates(name)
    plain = _NOT_PLAIN.sub("_", name).strip()
    stem, dot, extension = plain.rpartition(".")
    if not (stem if dot else plain).strip("_ ."):
        plain = f"file.{extension}" if dot else "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe=_ATTRIBUTE_CHARACTERS)}"
