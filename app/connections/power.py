"""Maximum power: typed and shown in kilowatts, kept in whole watts, and its band of the Rules (ПП РФ № 861).

No floating point: 0,01 кВт is exactly 10 watts.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from app.characters import grouped, without_invisible
from app.errors import InvalidValue

Band = Literal["upto15", "upto150", "over150"]

#: The bands in words, as on the cards.
BAND_LABELS: Mapping[Band, str] = MappingProxyType(
    {"upto15": "≤15 кВт", "upto150": ">15 и ≤150 кВт", "over150": ">150 кВт"}
)
MOST_WATTS = 100_000_000
_LONGEST = 40
_KILOWATTS = re.compile(r"([0-9]{1,9})(?:[.,]([0-9]{1,9}))?(?:(?:квт|kw)\.?)?")
_EXAMPLE = "Пример: 7,5."


def parse_kilowatts(text: str, *, label: str = "Мощность", zero_allowed: bool = False) -> int:
    """Power in watts from kilowatts with a comma or a dot, in steps of 0,01 up to 100 000; «кВт» may follow.

    Power connected earlier may be none: `zero_allowed`. `label` names the question in the sentence. Raises InvalidValue.
    """
    text = text.strip()
    if len(text) > _LONGEST:
        raise InvalidValue(f"{label}: введите одно число в киловаттах. {_EXAMPLE}")
    value = "".join(without_invisible(text).casefold().split())
    if not value:
        raise InvalidValue(f"Введите мощность в киловаттах. {_EXAMPLE}")
    found = _KILOWATTS.fullmatch(value)
    if not found:
        raise InvalidValue(f"{label}: {_explained(value)}")
    fraction = (found[2] or "").rstrip("0")
    if len(fraction) > 2:
        raise InvalidValue(f"{label}: не больше двух знаков после запятой, шаг 0,01 кВт.")
    watts = int(found[1]) * 1000 + int(fraction.ljust(2, "0") or "0") * 10
    if watts > MOST_WATTS:
        raise InvalidValue(
            f"{label}: не больше {grouped(MOST_WATTS // 1000)} кВт. Проверьте, что введены киловатты."
        )
    if not watts and not zero_allowed:
        raise InvalidValue(f"{label}: введите число больше нуля.")
    return watts


def _explained(value: str) -> str:
    """Why a value without spaces, in lower case, is no power."""
    if value.startswith(("-", "−", "–")):
        return "введите число без минуса."
    if value.endswith(("вт", "w")):
        return f"введите число в киловаттах, 1000 Вт — это 1 кВт. {_EXAMPLE}"
    return f"введите число в киловаттах, дробную часть через запятую. {_EXAMPLE}"


def format_kilowatts(watts: int) -> str:
    """How power is shown: 7500 → «7,5 кВт», without zeros at the end."""
    kilowatts, rest = divmod(watts, 1000)
    fraction = f"{rest:03}".rstrip("0")
    return f"{grouped(kilowatts)},{fraction} кВт" if fraction else f"{grouped(kilowatts)} кВт"


def band(watts: int) -> Band:
    """The band in which a power lies; a border belongs to the lower one."""
    if watts <= 15_000:
        return "upto15"
    return "upto150" if watts <= 150_000 else "over150"
