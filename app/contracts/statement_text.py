"""From the bytes of a 1CClientBankExchange file to its lines, and from its fields to dates and sums.

Knows encodings and shapes of values: nothing of sections and payments.
"""

import re
from datetime import date, timedelta

from app.contracts.money import LARGEST_SUM
from app.errors import InvalidValue

#: 8 MiB are some ten thousand documents, more than a grid company gets in a year.
LARGEST_FILE = 8 * 1024 * 1024
_MOST_LINES = 500_000
_LONGEST_LINE = 10_000
_FIRST_LINE = "1CClientBankExchange"
_HEADER_BYTES = 4096
#: Names of fields that every file has in its header: their bytes show how the file is really written.
_HEADER_KEYS = ("Кодировка", "ВерсияФормата", "ДатаСоздания", "РасчСчет")
_ENCODINGS = {"cp1251": "Windows-1251", "utf-8": "UTF-8", "cp866": "DOS (866)"}
_LINE_END = re.compile(r"\r\n|\n|\r")
_DATE = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
#: No account of a company whose statements are in this format has older days.
_EARLIEST = date(2000, 1, 1)
#: Banks date some documents ahead; a later day is a slip. Counted from today: a year after tomorrow.
_AHEAD = timedelta(days=367)
_SUM = re.compile(r"([0-9]{1,13})(?:[.,]([0-9]{1,2})0*)?")
_NOT_A_STATEMENT = (
    "Это не выписка в формате 1С: первой строкой должно быть «1CClientBankExchange». "
    "В банке выберите выгрузку «1С» или «1CClientBankExchange», файл .txt."
)


def at_line(number: int, sentence: str) -> InvalidValue:
    """The refusal that names the line of the file, counted from 1."""
    return InvalidValue(f"Строка {number}: {sentence}")


def lines_of(content: bytes) -> list[str]:
    """The lines of the file without their ends, in the encoding of its own header.

    Raises InvalidValue when it is too large, is no such file or holds bytes foreign to its encoding.
    """
    if len(content) > LARGEST_FILE:
        raise InvalidValue(
            f"Выписка больше {LARGEST_FILE // 1024 // 1024} МБ. Выгрузите ее из банка за меньший срок."
        )
    content = content.removeprefix(b"\xef\xbb\xbf")
    if content.count(b"\n") + content.count(b"\r") > 2 * _MOST_LINES:
        raise InvalidValue("В выписке слишком много строк. Выгрузите ее из банка за меньший срок.")
    if content[:256].replace(b"\r", b"\n").partition(b"\n")[0].strip() != _FIRST_LINE.encode():
        raise InvalidValue(_NOT_A_STATEMENT)
    lines = _LINE_END.split(_decoded(content))
    for number, line in enumerate(lines, start=1):
        if len(line) > _LONGEST_LINE:
            raise at_line(number, "слишком длинная. Выгрузите выписку из банка еще раз.")
    return lines


def _decoded(content: bytes) -> str:
    encoding = _encoding(content[:_HEADER_BYTES])
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as wrong:
        number = len(_LINE_END.findall(content[: wrong.start].decode("latin-1"))) + 1
        raise at_line(
            number,
            f"символ не из кодировки {_ENCODINGS[encoding]}, в которой записан файл. Выгрузите выписку еще раз.",
        ) from None


def _encoding(header: bytes) -> str:
    """How the header is written. Its field «Кодировка» is not believed: banks leave «Windows» in UTF-8 files."""
    for encoding in _ENCODINGS:
        if any(b"\n" + key.encode(encoding) + b"=" in header.replace(b"\r", b"\n") for key in _HEADER_KEYS):
            return encoding
    raise InvalidValue(
        "Не удалось понять кодировку выписки: в ее начале нет строки «Кодировка». "
        "Выгрузите файл из банка еще раз и не открывайте его в других программах."
    )


def day(text: str, name: str, number: int, *, today: date) -> date:
    """The date of a field `name` on the line `number`: «02.11.2026»; raises InvalidValue.

    A day before 2000, or more than a year after tomorrow, is no day of a payment: such a file is broken.
    """
    found = _DATE.fullmatch(text)
    try:
        told = date(int(found[3]), int(found[2]), int(found[1])) if found else _no_date()
    except ValueError:
        raise at_line(number, f"в поле «{name}» должна быть дата вида 02.11.2026{_instead(text)}.") from None
    if not _EARLIEST <= told <= today + _AHEAD:
        shown = f"{told.day:02}.{told.month:02}.{told.year:04}"
        raise at_line(
            number,
            f"в поле «{name}» стоит {shown}: в этот день платежа быть не могло. "
            "Проверьте файл или выгрузите выписку из банка еще раз.",
        )
    return told


def _no_date() -> date:
    raise ValueError


def kopecks(text: str, number: int) -> int:
    """Kopecks of the field «Сумма» on the line `number`: «12345.50», «12345»; raises InvalidValue."""
    found = _SUM.fullmatch(text)
    value = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else 0
    if not 0 < value <= LARGEST_SUM:
        raise at_line(number, f"в поле «Сумма» должны быть рубли и копейки вида 12345.50{_instead(text)}.")
    return value


def _instead(text: str) -> str:
    shown = "".join(filter(str.isprintable, text[:40]))
    return f", а стоит «{shown}»" if shown else ", а оно пустое"
