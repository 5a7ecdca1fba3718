"""The payment QR of an invoice by ГОСТ Р 56042-2014: its text and its picture.

The sum is written in whole kopecks without a point. Knows no invoice and no case: it is given plain values.
"""

from dataclasses import dataclass

import segno
from segno.encoder import DataOverflowError

from app.characters import one_line, without_control, without_invisible
from app.errors import InvalidValue

#: «ST», version 0001, 2 for UTF-8; the separator follows.
_HEADER = "ST00012"
_SEPARATOR = "|"
#: Keys in the order of the standard, attribute of PaymentQr, longest value in characters. The standard fixes
#: the lengths up to CorrespAcc and that of Purpose; the others are kept short so that the picture stays readable.
_KEYS = (
    ("Name", "name", 160),
    ("PersonalAcc", "account", 20),
    ("BankName", "bank", 45),
    ("BIC", "bik", 9),
    ("CorrespAcc", "correspondent", 20),
    ("PayeeINN", "inn", 12),
    ("KPP", "kpp", 9),
    ("Sum", "kopecks", 18),
    ("Purpose", "purpose", 210),
    ("LastName", "last_name", 60),
    ("FirstName", "first_name", 60),
    ("MiddleName", "middle_name", 60),
)
_REQUIRED = 5


@dataclass(frozen=True, slots=True)
class PaymentQr:
    """Whom to pay, how much (in kopecks) and for what; empty optional values are left out of the code."""

    name: str
    account: str
    bank: str
    bik: str
    correspondent: str
    inn: str
    kpp: str
    kopecks: int
    purpose: str
    last_name: str = ""
    first_name: str = ""
    middle_name: str = ""


def qr_text(payment: PaymentQr) -> str:
    """The text inside the code; too long values are cut, separators and line ends replaced.

    Raises InvalidValue when the sum is not over zero or a required value is empty. An empty correspondent
    account is written as «0»: that is how a unit of the Bank of Russia, which has none, is paid.
    """
    if payment.kopecks <= 0:
        raise InvalidValue("QR-код для оплаты: сумма должна быть больше нуля.")
    parts = [_HEADER]
    for place, (key, attribute, longest) in enumerate(_KEYS):
        value = _clean(str(getattr(payment, attribute)), longest)
        if key == "CorrespAcc":
            value = value or "0"
        if not value and place < _REQUIRED:
            raise InvalidValue(
                "QR-код для оплаты: в реквизитах компании заполните наименование, банк, счет и БИК."
            )
        if value:
            parts.append(f"{key}={value}")
    return _SEPARATOR.join(parts)


def _clean(value: str, longest: int) -> str:
    value = without_control(one_line(without_invisible(value.replace(_SEPARATOR, "/"))))
    return value[:longest].rstrip()


def qr_svg(payment: PaymentQr) -> str:
    """The code as an inline `<svg>` with a viewBox and no size of its own; print it no smaller than 35 mm.

    Raises InvalidValue as `qr_text`, and when the text does not fit the largest code.
    """
    return str(_code(payment).svg_inline(border=4, omitsize=True, svgclass=None, lineclass=None))


def qr_rows(payment: PaymentQr) -> list[bytes]:
    """The code as rows of modules with the quiet zone of four: 1 is dark, 0 is light. Raises as `qr_svg`."""
    return [bytes(row) for row in _code(payment).matrix_iter(border=4)]


def _code(payment: PaymentQr) -> segno.QRCode:
    try:
        return segno.make_qr(qr_text(payment), encoding="utf-8", error="m")
    except DataOverflowError:
        raise InvalidValue(
            "QR-код для оплаты: слишком длинные реквизиты. Сократите наименование или назначение."
        ) from None
