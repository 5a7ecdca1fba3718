"""What the office fills in for each kind of paper: the questions of its short form and what an answer may be. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from app.accounts.identity_papers import parse_date
from app.cases.message_text import clean_line, clean_text
from app.connections.power import parse_kilowatts
from app.contracts.money import parse_money
from app.contracts.schedule_rules import MOST_PARTS, instalments, parse_shares
from app.errors import InvalidForm, InvalidValue

#: The layouts print a line of an open list as a paragraph of its own: more would be a book.
MOST_LINES = 60
LONGEST_LINES = 6_000
_EARLIEST, _LATEST = date(2020, 1, 1), date(2099, 12, 31)
#: Shows the form of a day: the table of questions knows no today.
_EXAMPLE = date(2026, 12, 1)

RELIABILITY = {"3": "третья", "2": "вторая", "1": "первая"}
VOLTAGES = {
    "0.22": "0,22 кВ",
    "0.4": "0,4 кВ",
    "6": "6 кВ",
    "10": "10 кВ",
    "20": "20 кВ",
    "35": "35 кВ",
    "110": "110 кВ",
}
YEARS = {"2": "2 года", "3": "3 года", "4": "4 года", "5": "5 лет"}
YES_NO = {"yes": "да", "no": "нет"}


@dataclass(frozen=True, slots=True)
class PaperField:
    """One question: how what is typed is read (`parse` raises InvalidValue), and how it is asked.

    `rows` make it an area, `choices` one of a few; an `optional` one may stay empty and is then ''.
    """

    code: str
    label: str
    parse: Callable[[str], Any]
    hint: str = ""
    optional: bool = False
    rows: int = 0
    choices: Mapping[str, str] | None = None
    width: str = ""
    inputmode: str = ""


def _day(code: str, label: str, hint: str = "") -> PaperField:
    parse = partial(parse_date, earliest=_EARLIEST, latest=_LATEST, label=label, example=_EXAMPLE)
    return PaperField(code, label, parse, hint, width="s", inputmode="numeric", optional=code != "date")


def _line(code: str, label: str, hint: str = "", *, longest: int = 300, **rest: Any) -> PaperField:
    parse = partial(clean_line, label=label, max_length=longest, required=not rest.get("optional", False))
    return PaperField(code, label, parse, hint, **rest)


def _lines(code: str, label: str, hint: str, *, rows: int = 4, optional: bool = False) -> PaperField:
    return PaperField(code, label, partial(_read_lines, label=label), hint, optional, rows=rows)


def _choice(code: str, label: str, choices: Mapping[str, str], hint: str = "", **rest: Any) -> PaperField:
    return PaperField(
        code, label, partial(_one_of, choices=choices, label=label), hint, choices=choices, **rest
    )


def _read_lines(text: str, *, label: str) -> list[str]:
    blank = f"{label}: заполните это поле."
    text = clean_text(text, max_length=LONGEST_LINES, label=label, blank=blank)
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_LINES:
        raise InvalidValue(f"{label}: не больше {MOST_LINES} строк, у вас {len(lines)}.")
    return lines


def _one_of(text: str, *, choices: Mapping[str, str], label: str) -> str:
    if text not in choices:
        raise InvalidValue(f"{label}: выберите из списка.")
    return text


def _power(code: str, label: str, *, optional: bool = False) -> PaperField:
    parse = partial(parse_kilowatts, label=label, zero_allowed=optional)
    return PaperField(code, label, parse, "кВт", optional, width="xs", inputmode="decimal")


def _read_part(text: str) -> int:
    digits = text.strip()
    if not (
        digits.isascii() and digits.isdigit() and 1 <= len(digits) <= 2 and 1 <= int(digits) <= MOST_PARTS
    ):
        raise InvalidValue(f"Часть платы: целое число от 1 до {MOST_PARTS}.")
    return int(digits)


def _read_rate(text: str) -> int:
    digits = text.strip().removesuffix("%").strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 2 and 1 <= int(digits) <= 30):
        raise InvalidValue(
            "Ставка НДС: целое число процентов, например 22. Если плата без НДС, оставьте пустым."
        )
    return int(digits)


_DATE = _day("date", "Дата документа")
_OBJECT = _line("object", "Что присоединяется", "Например: ВРУ-0,4 кВ индивидуального жилого дома")
_PLACE = _line("place", "Где находится", longest=500)
_CADASTRAL = _line("cadastral", "Кадастровые номера", longest=400, optional=True)
_POWER = (
    _power("power_new", "Присоединяемая мощность"),
    _power("power_existing", "Ранее присоединенная мощность", optional=True),
    _choice("reliability", "Категория надежности", RELIABILITY),
    _choice("voltage", "Класс напряжения", VOLTAGES),
)
_OBJECT_FIELDS = (_OBJECT, _PLACE, _CADASTRAL, *_POWER)
_POINTS = _lines(
    "points", "Точки присоединения", "Каждая на своей строке: опора, линия, подстанция, мощность", rows=3
)
_RATE = PaperField(
    "vat",
    "Ставка НДС, %",
    _read_rate,
    "Налог выделяется из суммы. Если плата без НДС, оставьте пустым",
    optional=True,
    width="xs",
    inputmode="numeric",
)
_MONEY = (
    PaperField(
        "fee",
        "Плата за присоединение",
        partial(parse_money, label="Плата за присоединение"),
        "В рублях, например 75 000",
        width="s",
        inputmode="decimal",
    ),
    _RATE,
    PaperField(
        "shares",
        "Части оплаты",
        parse_shares,
        "Если платеж один, оставьте пустым. Иначе каждая часть на своей строке: процент и через сколько дней "
        "после заключения договора, например «15 % — 30»",
        optional=True,
        rows=3,
    ),
)
_IDENTITY = _line(
    "identity",
    "Документ заявителя",
    "Будет в реквизитах. Договор увидит и гарантирующий поставщик, поэтому без необходимости не заполняйте",
    optional=True,
)
_TERMS = (
    _DATE,
    *_OBJECT_FIELDS,
    *_MONEY,
    _line("works_term", "Срок мероприятий", "Считается со дня заключения договора", longest=60, width="s"),
    _choice("applicant_part", "Заявитель выполняет свою часть работ", YES_NO),
    _choice("years", "Срок действия технических условий", YEARS),
    _IDENTITY,
)

FIELDS: Mapping[str, Sequence[PaperField]] = {
    "offer_terms": _TERMS,
    "contract": _TERMS,
    "conditions": (
        _DATE,
        *_OBJECT_FIELDS,
        _POINTS,
        _line("source", "Основной источник питания", "Подстанция, линия, ТП", longest=500),
        _line("reserve", "Резервный источник питания", longest=500, optional=True),
        _lines(
            "company_side", "Что выполняет сетевая организация", "Каждое мероприятие на своей строке", rows=5
        ),
        _lines(
            "applicant_side",
            "Что выполняет заявитель",
            "Каждое мероприятие на своей строке. Если заявитель ничего не строит, оставьте пустым",
            rows=5,
            optional=True,
        ),
        _choice("years", "Срок действия", YEARS),
    ),
    "invoice": (
        _DATE,
        PaperField("part", "Часть платы", _read_part, "1, если платеж один", width="xs", inputmode="numeric"),
        PaperField(
            "total",
            "Сумма",
            partial(parse_money, label="Сумма"),
            "В рублях",
            width="s",
            inputmode="decimal",
        ),
        _RATE,
        _day(
            "due_on", "Оплатить до", "Если не заполнить, срок посчитается со дня, когда счет будет размещен"
        ),
    ),
    "instruction": (_DATE,),
    "notice": (_DATE,),
    "meter_act": (
        _DATE,
        _OBJECT,
        _PLACE,
        _line("device", "Тип прибора учета", "Как в паспорте прибора"),
        _line("serial", "Заводской номер", longest=60, width="s"),
        _line("accuracy", "Класс точности", longest=40, width="s", optional=True),
        _line("verified", "Поверка", "Когда поверен, межповерочный интервал", optional=True),
        _line("meter_place", "Место установки"),
        _line("transformers", "Трансформаторы тока", "Тип, номера, коэффициент", longest=500, optional=True),
        _lines(
            "readings",
            "Показания при допуске",
            "Каждое на своей строке, например: активная, прием: 000012,4 кВт·ч",
            rows=2,
        ),
        _lines("seals", "Установленные пломбы", "Каждая на своей строке: где и номер", rows=2),
    ),
    "connection_act": (
        _DATE,
        *_OBJECT_FIELDS,
        _POINTS,
        _line("border", "Граница балансовой принадлежности", longest=600, rows=2),
        _line("duty", "Граница эксплуатационной ответственности", longest=600, rows=2, optional=True),
        _line("meter", "Прибор учета", "Тип и заводской номер", optional=True),
        _line("remarks", "Замечания", longest=1000, rows=2, optional=True),
    ),
}


def read(kind: str, typed: Mapping[str, str]) -> dict[str, Any]:
    """The answers of a form as the rules make them; raises one InvalidForm with all that is wrong in them."""
    values: dict[str, Any] = {}
    errors: dict[str, list[str]] = {}
    for field in FIELDS[kind]:
        text = typed.get(field.code, "")
        try:
            values[field.code] = "" if field.optional and not text.strip() else field.parse(text)
        except InvalidValue as refused:
            errors[field.code] = [refused.message]
    if not errors and values.get("shares"):
        try:
            instalments(values["fee"], values["shares"])
        except InvalidValue as refused:
            errors["shares"] = [refused.message]
    if errors:
        raise InvalidForm(errors)
    return values


def kept(kind: str, typed: Mapping[str, str], values: Mapping[str, Any]) -> dict[str, Any]:
    """What `Contract.filled` keeps of a form: what was typed, and the days of the parts as numbers under `schedule`."""
    told: dict[str, Any] = {field.code: typed.get(field.code, "").strip() for field in FIELDS[kind]}
    if "shares" in values:
        told["schedule"] = [days for _, days in values["shares"] or []]
    return told
