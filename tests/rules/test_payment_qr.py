"""The payment QR: read back with a real decoder and compared with the fields of ГОСТ Р 56042-2014."""

from dataclasses import replace
from xml.etree import ElementTree

import pytest
import zxingcpp

from app.contracts.payment_qr import PaymentQr, qr_rows, qr_svg, qr_text
from app.errors import InvalidValue

PAYMENT = PaymentQr(
    name="ООО «Калиновские Электрические Сети»",
    account="40702810938000000001",
    bank="ПАО СБЕРБАНК",
    bik="044525225",
    correspondent="30101810400000000225",
    inn="4174873890",
    kpp="419901495",
    kopecks=1_234_500,
    purpose="Оплата по счету № 12 от 01.11.2026, договор ТП № 299-ТП/2026",
    last_name="Иванов",
    first_name="Петр",
    middle_name="Григорьевич",
)
REQUIRED = ["Name", "PersonalAcc", "BankName", "BIC", "CorrespAcc"]


def decoded(payment: PaymentQr) -> list[str]:
    """The parts that a scanner reads from the picture, four pixels to a module."""
    rows = [bytes(255 * (1 - module) for module in row for _ in range(4)) for row in qr_rows(payment)]
    pixels = b"".join(row for row in rows for _ in range(4))
    picture = memoryview(pixels).cast("B", (len(rows) * 4, len(rows[0])))
    codes = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode, is_pure=True)
    assert len(codes) == 1
    return codes[0].bytes.decode("utf-8").split("|")


def test_a_scanner_reads_every_field_of_the_standard() -> None:
    header, *fields = decoded(PAYMENT)
    assert header == "ST00012"
    assert dict(field.split("=", 1) for field in fields) == {
        "Name": "ООО «Калиновские Электрические Сети»",
        "PersonalAcc": "40702810938000000001",
        "BankName": "ПАО СБЕРБАНК",
        "BIC": "044525225",
        "CorrespAcc": "30101810400000000225",
        "PayeeINN": "4174873890",
        "KPP": "419901495",
        "Sum": "1234500",
        "Purpose": "Оплата по счету № 12 от 01.11.2026, договор ТП № 299-ТП/2026",
        "LastName": "Иванов",
        "FirstName": "Петр",
        "MiddleName": "Григорьевич",
    }


def test_required_keys_come_first_and_in_order() -> None:
    keys = [part.split("=")[0] for part in qr_text(PAYMENT).split("|")[1:6]]
    assert keys == REQUIRED


def test_the_largest_values_still_make_a_code_that_is_read() -> None:
    large = replace(
        PAYMENT, name="Щ" * 500, bank="Ж" * 500, purpose="Ы" * 500, last_name="Ф" * 500, kopecks=10**14 - 1
    )
    fields = dict(part.split("=", 1) for part in decoded(large)[1:])
    assert [len(fields[key]) for key in ("Name", "BankName", "Purpose")] == [160, 45, 210]
    assert fields["Sum"] == "99999999999999"


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("счет 12|договор 5", "счет 12/договор 5"),
        ("счет 12\r\nдоговор 5", "счет 12 договор 5"),
        ("счет\u202812\x00", "счет 12"),
        ("счет\u200b 12=13", "счет 12=13"),
    ],
)
def test_separators_and_line_ends_never_break_a_value(typed: str, written: str) -> None:
    parts = qr_text(replace(PAYMENT, purpose=typed)).split("|")
    assert f"Purpose={written}" in parts
    assert len(parts) == 13


def test_empty_optional_values_are_left_out() -> None:
    text = qr_text(replace(PAYMENT, kpp="", last_name="", first_name="", middle_name=" "))
    assert "KPP" not in text
    assert text.endswith("299-ТП/2026")


def test_a_missing_correspondent_account_is_written_as_zero() -> None:
    assert "|CorrespAcc=0|" in qr_text(replace(PAYMENT, correspondent=""))


@pytest.mark.parametrize("kopecks", [0, -1])
def test_a_sum_that_cannot_be_paid_is_refused(kopecks: int) -> None:
    with pytest.raises(InvalidValue, match="больше нуля"):
        qr_text(replace(PAYMENT, kopecks=kopecks))


@pytest.mark.parametrize(
    "payment",
    [
        replace(PAYMENT, name=" "),
        replace(PAYMENT, account=""),
        replace(PAYMENT, bank=""),
        replace(PAYMENT, bik=""),
    ],
    ids=["name", "account", "bank", "bik"],
)
def test_missing_details_of_the_company_are_refused(payment: PaymentQr) -> None:
    with pytest.raises(InvalidValue, match="в реквизитах компании"):
        qr_text(payment)


def test_the_picture_is_an_svg_that_scales() -> None:
    root = ElementTree.fromstring(qr_svg(PAYMENT))
    assert root.tag.endswith("svg")
    assert root.get("viewBox")
    assert root.get("width") is None


def test_details_that_fit_no_code_are_refused_with_a_sentence() -> None:
    heavy = "\U0001f50c" * 300
    with pytest.raises(InvalidValue, match="слишком длинные реквизиты"):
        qr_svg(
            replace(
                PAYMENT,
                name=heavy,
                bank=heavy,
                purpose=heavy,
                last_name=heavy,
                first_name=heavy,
                middle_name=heavy,
            )
        )
