"""From what is known of a case and what the office has filled in to the values that a paper prints. Pure.

All values that are printed are texts; sums come in as kopecks, power as watts, days as days of the company's zone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.company.wording import date_words, plural
from app.connections.power import format_kilowatts
from app.connections.wording import LEGAL_FORM_WORDS
from app.contracts.money import format_money
from app.contracts.money_words import money_in_words
from app.contracts.paper_fields import RELIABILITY, VOLTAGES, YEARS
from app.contracts.paper_kinds import PAPERS, signers_of
from app.contracts.schedule_rules import Instalment, instalments

#: What stands for the number of a contract that is given when its first paper is made.
NUMBER_TO_COME = "(номер присвоится)"
_UNITS = {
    "working_days": ("рабочий день", "рабочих дня", "рабочих дней"),
    "days": ("день", "дня", "дней"),
    "months": ("месяц", "месяца", "месяцев"),
}


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who the case is filed for, in texts; empty where nothing is known."""

    name: str
    legal_form: str
    inn: str
    kpp: str
    ogrn: str
    head: str
    address: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a case before anything is filled in.

    `settings` are the company's, by key; `facts` tell of the object what earlier papers or the questionnaire say, as
    values of `paper_fields`.
    """

    settings: Mapping[str, Any]
    applicant: Applicant
    mode: str
    case_number: str
    sent_on: date | None
    supplier: str
    contract_number: str
    concluded_on: date | None
    payment_term: str
    facts: Mapping[str, Any]


def day_words(day: date) -> str:
    """A day on paper: «1 декабря 2026 г.»."""
    return f"{date_words(day, date(1, 1, 1))} г."


def term_words(length: int, unit: str) -> str:
    """A length of time on paper: «5 рабочих дней»; `unit` is that of the table of terms."""
    return f"{length} {plural(length, *_UNITS[unit])}"


def names(kind: str, known: Known, values: Mapping[str, Any]) -> dict[str, Any]:
    """The tree of values of a company's text, as `paper_names` documents it; `values` are those of `paper_fields.read`."""
    tree: dict[str, Any] = {
        "company": company_told(known),
        "applicant": {
            **_applicant(known.applicant),
            "identity": str(values.get("identity", "")),
            "signs": "applicant" in signers_of(PAPERS[kind], known.mode),
        },
        "object": _object({**known.facts, **values}),
        "case": {
            "number": known.case_number,
            "sent": day_words(known.sent_on) if known.sent_on else "",
            "supplier": known.supplier,
        },
        "paper": {"date": day_words(values["date"])},
        "contract": _contract(known, values),
    }
    if kind == "conditions":
        tree["conditions"] = _conditions(values)
    elif kind == "meter_act":
        tree["meter"] = _meter(values)
    elif kind == "connection_act":
        tree["act"] = _act(values)
    return tree


_TOLD = (
    *("name", "inn", "kpp", "ogrn", "legal_address", "address", "phone", "hours"),
    *("bank", "bik", "account", "correspondent", "head_post", "head_name", "head_basis"),
)


def company_told(known: Known) -> dict[str, str]:
    """The company's settings that papers print, without their prefix; empty where the office has filled in nothing."""
    return {key: str(known.settings.get(f"company.{key}") or "") for key in _TOLD}


def _applicant(applicant: Applicant) -> dict[str, Any]:
    return {
        "name": applicant.name,
        "form": LEGAL_FORM_WORDS.get(applicant.legal_form, ""),
        "business": applicant.legal_form != "individual",
        "inn": applicant.inn,
        "kpp": applicant.kpp,
        "ogrn": applicant.ogrn,
        "head": applicant.head,
        "address": applicant.address,
        "phone": applicant.phone,
        "email": applicant.email,
    }


def _object(values: Mapping[str, Any]) -> dict[str, str]:
    new, existing = values.get("power_new") or 0, values.get("power_existing") or 0
    return {
        "name": str(values.get("object", "")),
        "place": str(values.get("place", "")),
        "cadastral": str(values.get("cadastral", "")),
        "power": format_kilowatts(new),
        "power_existing": format_kilowatts(existing) if existing else "",
        "power_total": format_kilowatts(new + existing),
        "reliability": RELIABILITY.get(values.get("reliability", ""), ""),
        "voltage": VOLTAGES.get(values.get("voltage", ""), ""),
    }


def _contract(known: Known, values: Mapping[str, Any]) -> dict[str, Any]:
    fee = values.get("fee") or 0
    parts = instalments(fee, values.get("shares") or []) if fee else []
    return {
        "number": known.contract_number or NUMBER_TO_COME,
        "date": day_words(known.concluded_on or values["date"]),
        "made": known.concluded_on is not None,
        "fee": format_money(fee),
        "fee_words": money_in_words(fee),
        "vat": vat_words(fee, values.get("vat") or 0),
        "works_term": str(values.get("works_term", "")),
        "payment_term": known.payment_term,
        "applicant_part": values.get("applicant_part") != "no",
        "conditions_years": YEARS.get(values.get("years", ""), ""),
        "parts": [_part(one) for one in parts],
        "many_parts": len(parts) > 1,
    }


def _part(one: Instalment) -> dict[str, Any]:
    share = f"{one.share / 100:g}".replace(".", ",")
    return {
        "number": str(one.part),
        "percent": share,
        "sum": format_money(one.total),
        "days": str(one.days),
        "first": one.part == 1,
    }


def vat_words(total: int, rate: int) -> str:
    """What stands beside a sum: the tax that is in it, or that there is none; `rate` in percent, 0 for none."""
    if not rate:
        return "НДС не облагается"
    return f"В том числе НДС {rate} % – {format_money(vat_in(total, rate))}"


def vat_in(total: int, rate: int) -> int:
    """The tax inside of a sum, in kopecks, half a kopeck up."""
    return (2 * total * rate + 100 + rate) // (2 * (100 + rate))


def _conditions(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "points": values["points"],
        "source": values["source"],
        "reserve": values["reserve"],
        "company_side": values["company_side"],
        "applicant_side": values["applicant_side"] or [],
        "years": YEARS[values["years"]],
    }


def _meter(values: Mapping[str, Any]) -> dict[str, Any]:
    kept = ("device", "serial", "accuracy", "verified", "transformers", "readings", "seals")
    return {**{key: values[key] for key in kept}, "place": values["meter_place"]}


def _act(values: Mapping[str, Any]) -> dict[str, Any]:
    same = "там же, где граница балансовой принадлежности"
    return {
        "border": values["border"],
        "duty": values["duty"] or same,
        "points": values["points"],
        "meter": values["meter"],
        "remarks": values["remarks"],
    }
