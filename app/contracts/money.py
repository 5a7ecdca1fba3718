"""Sums of money: whole kopecks inside the program, «12 345,00 ₽» on pages, what people type in between.

Knows numbers and characters only: nothing of invoices, payments or banks. No floating point anywhere.
"""

import re

from app.characters import SPACES, without_invisible
from app.errors import InvalidValue

#: 999 999 999 999,99 ₽: more is a slip of the hand, and the sum in words ends here.
LARGEST_SUM = 99_999_999_999_999
_NO_BREAK = "\u00a0"
_LONGEST_TYPED = 40
_CURRENCY = re.compile(r"(?:₽|руб(?:лей|ля|ль)?\.?|р\.?)$", re.IGNORECASE)
_SUM = re.compile(r"([0-9]+|[0-9]{1,3}(?: [0-9]{3})+)(?:[.,]([0-9]*))?")
_SPACES = re.compile(f"[{SPACES}]+")


def format_money(kopecks: int) -> str:
    """The sum for a page: 1234500 → «12 345,00 ₽» with no-break spaces, a minus before a negative one."""
    return f"{format_sum(kopecks)}{_NO_BREAK}₽"


def format_sum(kopecks: int) -> str:
    """The sum without the sign of the rouble, for a column whose heading names it, and for a form's field."""
    roubles, rest = divmod(abs(kopecks), 100)
    minus = "\u2212" if kopecks < 0 else ""
    return f"{minus}{roubles:,}".replace(",", _NO_BREAK) + f",{rest:02}"


def parse_money(text: str, *, label: str = "Сумма", zero: bool = False) -> int:
    """Kopecks of a typed sum: «12 345,5», «12345.50», «12 345,00 ₽».

    Raises InvalidValue when it is no sum, is not over zero (unless `zero` allows it) or is over LARGEST_SUM.
    """
    if len(text) > _LONGEST_TYPED:
        raise InvalidValue(f"{label}: слишком длинное значение. Проверьте, что вставлена только сумма.")
    bare = _SPACES.sub(" ", without_invisible(text)).strip()
    bare = _CURRENCY.sub("", bare).strip()
    if not bare:
        raise InvalidValue(f"{label}: введите рубли и копейки, например 12 345,50.")
    if bare[0] in "-\u2212\u2013":
        raise InvalidValue(f"{label}: введите сумму без минуса.")
    kopecks = _read(bare, label)
    if kopecks > LARGEST_SUM:
        raise InvalidValue(f"{label}: не больше {format_money(LARGEST_SUM)}. Проверьте число цифр.")
    if not kopecks and not zero:
        raise InvalidValue(f"{label}: сумма должна быть больше нуля.")
    return kopecks


def _read(bare: str, label: str) -> int:
    found = _SUM.fullmatch(bare)
    if not found:
        raise InvalidValue(
            f"{label}: не удалось прочитать. Введите рубли цифрами и копейки через запятую, например 12 345,50."
        )
    kopecks = found[2] or ""
    if len(kopecks) > 2:
        raise InvalidValue(
            f"{label}: после запятой или точки пишут копейки, не больше двух цифр. "
            "Тысячи отделяйте пробелом, например 12 345,50."
        )
    return int(found[1].replace(" ", "")) * 100 + int(kopecks.ljust(2, "0"))
