"""Files of bank statements for tests, as banks export them."""

from collections.abc import Sequence
from datetime import date

OURS = "40702810938000000001"
THEIRS = "40817810000000000012"


def incoming(
    number: int, kopecks: int, purpose: str, *, day: date = date(2026, 8, 5), payer: str = "", inn: str = ""
) -> str:
    """One payment to the company."""
    return "\r\n".join(
        (
            "СекцияДокумент=Платежное поручение",
            f"Номер={number}",
            f"Дата={day:%d.%m.%Y}",
            f"Сумма={kopecks // 100}.{kopecks % 100:02}",
            f"ПлательщикСчет={THEIRS}",
            f"Плательщик1={payer or 'Иванов Петр Григорьевич'}",
            f"ПлательщикИНН={inn}",
            f"ПолучательСчет={OURS}",
            f"ДатаПоступило={day:%d.%m.%Y}",
            f"НазначениеПлатежа={purpose}",
            "КонецДокумента",
        )
    )


def outgoing(number: int) -> str:
    """One payment of the company."""
    return "\r\n".join(
        (
            "СекцияДокумент=Платежное поручение",
            f"Номер={number}",
            "Сумма=100.00",
            f"ПлательщикСчет={OURS}",
            f"ПолучательСчет={THEIRS}",
            "КонецДокумента",
        )
    )


def statement(documents: Sequence[str], *, account: str = OURS) -> bytes:
    """A whole file over the documents."""
    head = ["1CClientBankExchange", "ВерсияФормата=1.03", "Кодировка=Windows", f"РасчСчет={account}"]
    return "\r\n".join([*head, *documents, "КонецФайла", ""]).encode("cp1251")
