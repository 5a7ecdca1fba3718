"""Which clause of the Rules an application falls under, and so which way its contract comes about.

The rule works over plain facts and over the categories in force on the day that counts, which are data of the
company; it knows neither the questionnaire nor the case. Staff may decide otherwise with a reason: this is
the computed proposal that the applicant sees and confirms.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from app.cases.lifecycle import Mode
from app.company.categories import CLAUSE_12_1, CLAUSE_14, GENERAL_ORDER, Category, category_named
from app.connections.power import format_kilowatts

LegalForm = Literal["individual", "sole_trader", "legal_entity"]
ConnectionType = Literal["permanent", "temporary_scheme", "temporary_mobile"]
Reliability = Literal[1, 2, 3]
Sources = Literal["one", "two"]

#: Clause 14 of the Rules (Government decree No. 861 of 27.12.2004), as the manual prints it.
CLAUSE_14_TEXT = (
    "В пункте 14 Правил технологического присоединения указаны: Заявители - физические лица, "
    "подающие заявку в целях технологического присоединения энергопринимающих устройств, "
    "максимальная мощность которых составляет до 15 кВт включительно (с учетом ранее присоединенных "
    "в данной точке присоединения энергопринимающих устройств), которые используются для бытовых и иных "
    "нужд, не связанных с осуществлением предпринимательской деятельности, и электроснабжение которых "
    "предусматривается по одному источнику"
)

#: An explanation, not a quotation: clause 12(1) changed several times and its wording is not kept here.
CLAUSE_12_1_TEXT = (
    "Пояснение простыми словами, а не текст Правил. Пункт 12(1) касается юридических лиц и индивидуальных "
    "предпринимателей, если максимальная мощность их энергопринимающих устройств не больше 150 кВт "
    "(с учетом ранее присоединенных в той же точке), а категория надежности вторая или третья"
)

#: What the mode means for the applicant.
CONSEQUENCES: dict[Mode, str] = {
    "A": "Подписывать договор не нужно: сетевая организация разместит его условия и счет здесь, "
    "и договор подтверждается оплатой счета.",
    "B": "Сетевая организация подпишет договор и разместит его здесь, "
    "после этого его нужно будет подписать вам.",
}


_RELIABILITY = {1: "первая", 2: "вторая", 3: "третья"}
_OF_RELIABILITY = {1: "первой", 2: "второй", 3: "третьей"}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rule looks at. `watts_total` is new plus earlier connected power, in watts.

    `household` is None when it is not asked: of a business, and for a temporary connection.
    """

    legal_form: LegalForm
    watts_total: int
    #: Of reliability of supply.
    category: Reliability
    sources: Sources
    household: bool | None
    connection_type: ConnectionType


@dataclass(frozen=True, slots=True)
class Qualification:
    """The result: the category, and why. When the clause that was asked about does not fit, the reasons say only
    what is in the way.
    """

    category: Category
    reasons: tuple[str, ...]

    @property
    def mode(self) -> Mode:
        """How the contract comes about."""
        return self.category.mode

    @property
    def clause(self) -> str:
        """The clause as pages name it."""
        return self.category.clause

    @property
    def fits(self) -> bool:
        """Whether the application meets the clause that the form asks about (14 or 12(1))."""
        return self.category.code in (CLAUSE_14, CLAUSE_12_1)

    @property
    def general(self) -> bool:
        """Whether the application goes by the general order."""
        return self.category.code in GENERAL_ORDER


def asked_code(legal_form: LegalForm) -> str:
    """The category about which this legal form is asked."""
    return CLAUSE_14 if legal_form == "individual" else CLAUSE_12_1


def asked_clause(legal_form: LegalForm) -> str:
    """The clause about which this legal form is asked, as the question names it."""
    return "п. 14" if legal_form == "individual" else "п. 12(1)"


def asked_clause_text(legal_form: LegalForm, categories: Sequence[Category]) -> str:
    """The text that stands under the question; it says so when the limit in force is not the one in the text."""
    words, limit = (CLAUSE_14_TEXT, 15_000) if legal_form == "individual" else (CLAUSE_12_1_TEXT, 150_000)
    asked = category_named(categories, asked_code(legal_form))
    if asked is None or asked.watts_most in (limit, None):
        return words
    most = format_kilowatts(asked.watts_most or 0)
    return f"{words}. С {asked.valid_from:%d.%m.%Y} предел мощности в этом пункте другой: {most}."


def qualify(facts: Facts, categories: Sequence[Category]) -> Qualification:
    """The clause that is asked about when nothing is in its way, else the first other category that fits.

    `categories` are those in force on the day that counts, in their order; the last one has no conditions.
    """
    asked = category_named(categories, asked_code(facts.legal_form))
    checks = tuple(_checks(asked, facts)) if asked else ()
    hindrances = tuple(check.against for check in checks if not check.holds)
    if asked and not hindrances:
        return Qualification(asked, tuple(check.for_it for check in checks))
    return Qualification(otherwise(facts, categories), hindrances)


def otherwise(facts: Facts, categories: Sequence[Category]) -> Category:
    """The first category that fits besides the one that is asked about: also for whoever denies that one."""
    asked = asked_code(facts.legal_form)
    return next(one for one in categories if one.code != asked and _fits(one, facts))


def _fits(category: Category, facts: Facts) -> bool:
    wanted = category.conditions
    most, least = category.watts_most, wanted.get("watts_from", 0)
    listed = (
        ("legal_forms", facts.legal_form),
        ("types", facts.connection_type),
        ("reliability", facts.category),
        ("sources", facts.sources),
    )
    return (
        not category.by_staff
        and least <= facts.watts_total
        and (most is None or facts.watts_total <= most)
        and all(name not in wanted or fact in wanted[name] for name, fact in listed)
        and wanted.get("household", facts.household) == facts.household
    )


@dataclass(frozen=True, slots=True)
class _Check:
    holds: bool
    for_it: str
    against: str


def _checks(asked: Category, facts: Facts) -> Iterator[_Check]:
    """What the asked category demands, each with its sentence for and against."""
    wanted = asked.conditions
    clause = asked.clause.replace("п. ", "пункт ")
    if "types" in wanted:
        yield _permanent(facts)
    if asked.watts_most is not None:
        yield _power(facts, asked.watts_most)
    if "household" in wanted:
        yield _Check(
            facts.household == wanted["household"],
            "Электроэнергия нужна не для предпринимательской деятельности.",
            "Электроэнергия нужна для предпринимательской деятельности.",
        )
    if "sources" in wanted:
        yield _Check(
            facts.sources in wanted["sources"],
            "Электроснабжение по одному источнику.",
            f"Указано два источника питания, а {clause} говорит об одном.",
        )
    if "reliability" in wanted:
        yield _reliability(facts, wanted["reliability"], clause)


def _power(facts: Facts, most: int) -> _Check:
    power, limit = format_kilowatts(facts.watts_total), format_kilowatts(most)
    return _Check(
        facts.watts_total <= most,
        f"Максимальная мощность {power}, это не больше {limit}.",
        f"Максимальная мощность {power}, это больше {limit}.",
    )


def _reliability(facts: Facts, wanted: Sequence[int], clause: str) -> _Check:
    named = " или ".join(_RELIABILITY[one] for one in wanted)
    about = " и ".join(_OF_RELIABILITY[one] for one in wanted)
    against = f"Категория надежности {_RELIABILITY[facts.category]}, а {clause} говорит о {about}."
    if list(wanted) == [3]:
        against = "Категория надежности первая или вторая: для нее одного источника питания мало."
    return _Check(facts.category in wanted, f"Категория надежности {named}.", against)


def _permanent(facts: Facts) -> _Check:
    return _Check(
        facts.connection_type == "permanent",
        "Подключение постоянное.",
        "Подключение временное, для него в Правилах есть отдельный пункт 13.",
    )
