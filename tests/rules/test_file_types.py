"""Which files are taken, and what is advised about the others."""

import base64
import io
import struct
import zipfile

import pytest

from app.documents.file_types import ACCEPT, ALLOWED_WORDS, FILE_TYPES, MAX_FILE_BYTES, recognise
from app.errors import InvalidValue, TooLarge

CMS = bytes.fromhex("3082010006092a864886f70d010702a0") + b"\0" * 240
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
BMP = b"BM" + struct.pack("<IHHII", 70, 0, 0, 54, 40) + b"\0" * 50
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"


def archive(parts: dict[str, bytes], *, comment: bytes = b"", fillers: int = 0) -> bytes:
    """A ZIP of parts, with empty ones that carry a comment each when asked for."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        for name, data in parts.items():
            packed.writestr(name, data)
        for number in range(fillers):
            filler = zipfile.ZipInfo(f"filler {number}")
            filler.comment = comment
            packed.writestr(filler, b"")
    return stream.getvalue()


DOCX = archive({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"})
XLSX = archive({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<x/>"})
ODT = archive({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<o/>"})
MANY_PARTS = archive(
    {"[Content_Types].xml": b"", "word/document.xml": b""} | {f"{number}": b"" for number in range(2_000)}
)
LONG_LIST = archive({"[Content_Types].xml": b"", "word/document.xml": b""}, comment=b"x" * 65_000, fillers=20)
#: The same document as DOCX, with the end records of ZIP64, which no document of 30 MB needs.
ZIP64 = (
    DOCX[:-22]
    + struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, 2, 2, *struct.unpack("<II", DOCX[-10:-2]))
    + struct.pack("<4sIQI", b"PK\x06\x07", 0, len(DOCX) - 22, 1)
    + DOCX[-22:]
)
MACROS = archive({"[Content_Types].xml": b"", "word/document.xml": b"", "word/vbaProject.bin": b""})
NOT_TAKEN = (
    *(
        "svg",
        "html",
        "htm",
        "xhtml",
        "xml",
        "mht",
        "hta",
        "swf",
        "js",
        "php",
        "ps1",
        "bat",
        "cmd",
        "exe",
        "lnk",
    ),
    *("iso", "vhd", "docm", "zip", "rar", "7z", "heic", "gif", "webp"),
)
CORPUS: list[tuple[str, bytes, str]] = [
    ("Паспорт.pdf", b"%PDF-1.7\n...", "pdf"),
    ("СКАН.PDF", b"%PDF-1.4", "pdf"),
    ("a.pdf ", b"%PDF-1.4", "pdf"),
    ("a.pdf.", b"%PDF-1.4", "pdf"),
    ("фото.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF", "jpg"),
    ("фото.jpeg", b"\xff\xd8\xff\xe1Exif", "jpg"),
    ("схема.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "png"),
    ("Схема.bmp", BMP, "bmp"),
    ("скан.tif", b"II*\0\x08\0\0\0", "tiff"),
    ("скан.tiff", b"MM\0*\0\0\0\x08", "tiff"),
    ("Заявка №1 (копия).docx", DOCX, "docx"),
    ("перечень.xlsx", XLSX, "xlsx"),
    ("письмо.odt", ODT, "odt"),
    ("письмо.doc", OLE + "Root Entry\0WordDocument\0".encode("utf-16-le"), "doc"),
    ("смета.xls", OLE + "Workbook\0".encode("utf-16-le"), "xls"),
    ("старая смета.xls", OLE + "Book\0".encode("utf-16-le"), "xls"),
    ("письмо.rtf", b"{\\rtf1\\ansi}", "rtf"),
    ("Договор.pdf.sig", CMS, "sig"),
    ("Договор.p7s", b"\x30\x80" + CMS[4:], "sig"),
    ("Договор.sig", base64.encodebytes(CMS), "sig"),
    ("Договор.sig", b"\xef\xbb\xbf" + base64.b64encode(CMS) + b"\r\n", "sig"),
    ("Договор.sig", base64.b64encode(CMS).decode().encode("utf-16"), "sig"),
    ("Договор.sig", b"-----BEGIN CMS-----\r\n" + base64.encodebytes(CMS) + b"-----END CMS-----", "sig"),
    ("Договор.sig", b"-----BEGIN PKCS7-----\n" + base64.encodebytes(CMS) + b"-----END PKCS7-----", "sig"),
]


def refusal(name: str, content: bytes) -> str:
    with pytest.raises(InvalidValue) as caught:
        recognise(io.BytesIO(content), name)
    return caught.value.message


@pytest.mark.parametrize(("name", "content", "code"), CORPUS)
def test_a_file_whose_name_and_content_agree_is_taken(name: str, content: bytes, code: str) -> None:
    assert recognise(io.BytesIO(content), name).code == code


def test_the_stream_is_left_at_its_beginning() -> None:
    stream = io.BytesIO(DOCX)
    recognise(stream, "a.docx")
    assert stream.tell() == 0


@pytest.mark.parametrize(
    ("name", "content", "like"),
    [
        ("scan.pdf", b"<!DOCTYPE html><script>alert(1)</script>", "PDF"),
        ("scan.pdf", b"\n" * 1000 + b"%PDF-1.4", "PDF"),
        ("scan.pdf", b"\xef\xbb\xbf%PDF-1.4", "PDF"),
        ("scan.jpg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "JPG"),
        ("scan.png", b"<?php system($_GET[0]); ?>", "PNG"),
        ("scan.pdf", b"MZ\x90\0", "PDF"),
        ("scan.bmp", b"BM<script>alert(1)</script>         ", "BMP"),
        ("scan.doc", OLE, "DOC"),
        ("scan.docx", b"PK\x03\x04" + b"\0" * 100, "DOCX"),
        ("scan.docx", b"PK", "DOCX"),
        ("scan.sig", b"just a text", "SIG"),
        ("scan.sig", b"-----BEGIN CERTIFICATE-----\nMIIB", "SIG"),
        ("scan.sig", b"\x30\x82\x01\x00" + b"\0" * 100, "SIG"),
    ],
)
def test_a_content_that_is_not_what_the_name_promises_is_refused(
    name: str, content: bytes, like: str
) -> None:
    assert refusal(name, content).startswith(f"Содержимое не похоже на {like}. ")


@pytest.mark.parametrize(
    ("name", "content", "advice"),
    [
        ("фото.jpg", b"\x89PNG\r\n\x1a\n", "Это PNG: переименуйте файл, имя должно кончаться на «.png»."),
        ("смета.docx", XLSX, "Это XLSX"),
        ("письмо.doc", b"{\\rtf1}", "Это RTF"),
        ("письмо.doc", DOCX, "Это DOCX"),
        ("фото.jpg", HEIC, "Сохраните фото как JPG"),
        ("фото.jpg", b"RIFF\x10\0\0\0WEBPVP8 ", "Сохраните картинку как JPG или PNG."),
        ("фото.png", b"GIF89a", "Сохраните картинку как JPG или PNG."),
        (
            "все.docx",
            archive({"[Content_Types].xml": b"", "ppt/presentation.xml": b""}),
            "Архивы не принимаем.",
        ),
        ("все.pdf", archive({"a.pdf": b"%PDF-1.4"}), "Распакуйте и приложите файлы по одному."),
        ("все.pdf", b"Rar!\x1a\x07\x01\0", "Распакуйте и приложите файлы по одному."),
        ("договор.docx", MACROS, "Файлы с макросами не принимаем."),
        ("договор.docx", OLE + "EncryptedPackage\0".encode("utf-16-le"), "Файл защищен паролем."),
    ],
)
def test_a_mix_up_is_told_with_the_way_out(name: str, content: bytes, advice: str) -> None:
    assert advice in refusal(name, content)


@pytest.mark.parametrize("extension", NOT_TAKEN)
def test_a_type_that_is_not_taken_is_refused_by_its_name_alone(extension: str) -> None:
    said = refusal(f"a.pdf.{extension}", b"%PDF-1.4")
    assert "не принимаем" in said or "Сохраните" in said


@pytest.mark.parametrize(
    ("name", "content", "advice"),
    [
        ("скан", b"%PDF-1.4", "Это PDF: допишите в конце имени «.pdf»."),
        ("", b"\xff\xd8\xff\xe0", "Это JPG: допишите в конце имени «.jpg»."),
        (".pdf", b"%PDF-1.4", "допишите в конце имени «.pdf»."),
        (".htaccess", b"deny from all", "Подходят: PDF, JPG"),
        ("скан", HEIC, "Сохраните фото как JPG"),
        ("x." + "я" * 100_000, b"%PDF-1.4", "Файлы такого типа не принимаем."),
        ("x." + "\ud800<b>", b"%PDF-1.4", "Файлы такого типа не принимаем."),
    ],
)
def test_a_name_without_a_known_extension_gets_an_advice(name: str, content: bytes, advice: str) -> None:
    assert advice in refusal(name, content)


def test_an_empty_file_is_refused() -> None:
    assert refusal("a.pdf", b"").startswith("Файл пустой.")


class Sized(io.BytesIO):
    """A PDF that says it is of a given size, so that no test has to hold 30 MB."""

    size = 0

    def seek(self, offset: int, whence: int = 0) -> int:
        return self.size if whence == 2 else super().seek(offset, whence)


@pytest.mark.parametrize(("over", "refused"), [(0, False), (1, True)])
def test_thirty_megabytes_are_taken_and_one_byte_more_is_not(over: int, refused: bool) -> None:
    stream = Sized(b"%PDF-1.4")
    stream.size = MAX_FILE_BYTES + over
    if not refused:
        assert recognise(stream, "a.pdf").code == "pdf"
        return
    with pytest.raises(TooLarge, match="больше 30 МБ"):
        recognise(stream, "a.pdf")


@pytest.mark.parametrize(
    "content",
    [
        ZIP64,
        LONG_LIST,  # 1.3 MB
        DOCX[:40],
        DOCX[:-1],
        DOCX.replace(b"PK\x01\x02", b"PK\x09\x09"),  # no list where it should be
    ],
    ids=["zip64", "long list", "beginning", "without its end", "without its list"],  # the bytes hold the hour
)
def test_a_broken_or_monstrous_document_is_to_be_saved_again(content: bytes) -> None:
    assert "сохраните его заново" in refusal("a.docx", content)


def test_a_document_of_too_many_parts_is_to_be_saved_again() -> None:
    assert "сохраните его заново" in refusal("a.docx", MANY_PARTS)


def test_a_word_document_is_found_across_the_pieces_in_which_it_is_read() -> None:
    name = "WordDocument\0".encode("utf-16-le")
    content = OLE.ljust(1024 * 1024 - 7, b"\0") + name
    assert recognise(io.BytesIO(content), "a.doc").code == "doc"


def test_the_types_are_told_in_words_and_to_the_file_field() -> None:
    assert ALLOWED_WORDS.startswith("PDF, JPG, PNG")
    assert ".pdf,.jpg,.jpeg" in ACCEPT
    assert {"svg", "html", "zip"}.isdisjoint(
        extension for kind in FILE_TYPES for extension in kind.extensions
    )
