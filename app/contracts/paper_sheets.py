"""The frozen values of the printed sheets: the heading, the text, both sides with their requisites; the invoice. Pure."""

from collections.abc import Mapping
from typing import Any

from app.contracts.money import format_sum
from app.contracts.money_words import money_in_words
from app.contracts.paper_data import NUMBER_TO_COME, Known, company_told, day_words, vat_in
from app.contracts.paper_kinds import PAPERS, PaperKind, signers_of
from app.contracts.typography import typeset

_HEADINGS: Mapping[str, tuple[str, str]] = {
    "offer_terms": (
        "Условия типового договора № {number}",
        "об осуществлении технологического присоединения к электрическим сетям",
    ),
    "contract": (
        "Договор № {number}",
        "об осуществлении технологического присоединения к электрическим сетям",
    ),
    "conditions": ("Технические условия", "к договору № {number}"),
    "instruction": ("Инструкция", "по самостоятельному фактическому присоединению"),
    "notice": ("Уведомление", "о временном присоединении и о последствиях бездоговорного потребления"),
    "meter_act": ("Акт", "допуска прибора учета в эксплуатацию"),
    "connection_act": ("Акт", "об осуществлении технологического присоединения"),
    "invoice": ("Счет № {number}", ""),
}
#: Papers at whose end the requisites of both sides stand.
_WITH_REQUISITES = frozenset({"offer_terms", "contract"})


def title_of(kind: str, number: str) -> str:
    """The heading of a paper in one line, for lists and for the name of its file."""
    return (
        PAPERS[kind].title
        if "{number}" not in _HEADINGS[kind][0]
        else _HEADINGS[kind][0].format(number=number)
    )


def sheet(kind: str, known: Known, values: Mapping[str, Any], body: str) -> dict[str, Any]:
    """The frozen values of the layout «paper»; `body` is the company's text as HTML."""
    number = known.contract_number or NUMBER_TO_COME
    heading, about = (part.format(number=number) for part in _HEADINGS[kind])
    paper = PAPERS[kind]
    return {
        "kind": kind,
        "heading": typeset(heading),
        "about": typeset(about),
        "date": typeset(day_words(values["date"])),
        "foot": typeset(f"{title_of(kind, number)}{'' if number in heading else f', договор № {number}'}"),
        "body": body,
        "sides": _sides(paper, known, values),
        "requisites": kind in _WITH_REQUISITES,
    }


def _sides(paper: PaperKind, known: Known, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Who stands at the end of a paper: with requisites, or with a place for a signature, or both."""
    signers = signers_of(paper, known.mode)
    listed = ("company", "applicant") if paper.code in _WITH_REQUISITES else signers
    made = {"company": _company_side, "applicant": _applicant_side}
    return [{**made[side](known, values), "signs": side in signers} for side in listed if side in made]


def _company_side(known: Known, values: Mapping[str, Any]) -> dict[str, Any]:
    told = company_told(known)
    return {
        "role": "Сетевая организация",
        "name": typeset(told["name"]),
        "post": told["head_post"],
        "signer": typeset(told["head_name"]),
        "stamp": True,
        "rows": _rows(
            ("ИНН", told["inn"]),
            ("КПП", told["kpp"]),
            ("ОГРН", told["ogrn"]),
            ("Адрес", told["legal_address"] or told["address"]),
            ("Расчетный счет", told["account"]),
            ("Банк", told["bank"]),
            ("БИК", told["bik"]),
            ("Корр. счет", told["correspondent"]),
            ("Телефон", told["phone"]),
        ),
    }


def _applicant_side(known: Known, values: Mapping[str, Any]) -> dict[str, Any]:
    about = known.applicant
    return {
        "role": "Заявитель",
        "name": typeset(about.name),
        "post": "руководитель" if about.legal_form == "legal_entity" else "",
        "signer": typeset(about.head or about.name.removeprefix("ИП ")),
        "stamp": about.legal_form != "individual",
        "rows": _rows(
            ("ИНН", about.inn),
            ("КПП", about.kpp),
            ("ОГРН" if about.legal_form == "legal_entity" else "ОГРНИП", about.ogrn),
            ("Документ", str(values.get("identity", ""))),
            ("Адрес", about.address),
            ("Телефон", about.phone),
            ("E-mail", about.email),
        ),
    }


def _rows(*pairs: tuple[str, str]) -> list[list[str]]:
    return [[label, typeset(value)] for label, value in pairs if value]


def bill(
    known: Known, values: Mapping[str, Any], *, number: str, parts: int, purpose: str, qr: str
) -> dict[str, Any]:
    """The frozen values of the layout «invoice»; `qr` is the drawing of the payment code."""
    told, total, rate = company_told(known), values["total"], values["vat"] or 0
    what = f"Технологическое присоединение к электрическим сетям по договору № {known.contract_number or NUMBER_TO_COME}"
    if parts > 1:
        what += f", часть {values['part']} из {parts}"
    return {
        "kind": "invoice",
        "heading": typeset(f"Счет на оплату № {number} от {day_words(values['date'])}"),
        "foot": typeset(f"Счет № {number} от {values['date']:%d.%m.%Y}"),
        **_payment_sides(known),
        "lines": [{"number": "1", "what": typeset(what), "total": format_sum(total)}],
        "total": format_sum(total),
        "total_words": typeset(money_in_words(total)),
        "vat": format_sum(vat_in(total, rate)) if rate else "",
        "vat_label": typeset(f"В том числе НДС {rate} %") if rate else "Без налога (НДС)",
        "purpose": typeset(purpose),
        "due": typeset(_due(known, values, parts)),
        "conclusion": known.mode == "A" and known.concluded_on is None and values["part"] == 1,
        "qr": qr,
        "post": told["head_post"],
        "signer": typeset(told["head_name"]),
    }


def _payment_sides(known: Known) -> dict[str, Any]:
    """To whom and from whom the money goes, as rows."""
    told = company_told(known)
    return {
        "payee": _rows(
            ("Получатель", told["name"]),
            ("ИНН", told["inn"]),
            ("КПП", told["kpp"]),
            ("Расчетный счет", told["account"]),
            ("Банк", told["bank"]),
            ("БИК", told["bik"]),
            ("Корр. счет", told["correspondent"]),
        ),
        "payer": _rows(
            ("Плательщик", known.applicant.name),
            ("ИНН", known.applicant.inn),
            ("КПП", known.applicant.kpp),
            ("Адрес", known.applicant.address),
        ),
    }


def _due(known: Known, values: Mapping[str, Any], parts: int) -> str:
    """What the invoice says of its last day; a contract that is signed and paid in parts names the days itself."""
    if values["due_on"]:
        return f"Оплатите счет до {day_words(values['due_on'])} включительно."
    if values["part"] == 1 and (known.mode == "A" or parts == 1):
        return f"Оплатите счет в течение {known.payment_term} со дня, когда он размещен в личном кабинете."
    return "Срок оплаты указан в договоре и в личном кабинете."
