"""Which clause of the Rules an application falls under, and so which way its contract comes about.

The rule works over plain facts; it knows neither the questionnaire nor the case. Staff may decide
otherwise with a reason: this is the computed proposal that the applicant sees and confirms.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from app.cases.lifecycle import Mode
from app.connections.power import band, format_kilowatts

LegalForm = Literal["individual", "sole_trader", "legal_entity"]
ConnectionType = Literal["permanent", "temporary_scheme", "temporary_mobile"]
Category = Literal[1, 2, 3]
Sources = Literal["one", "two"]

CLAUSE_14 = "п. 14"
CLAUSE_12_1 = "п. 12(1)"
CLAUSE_13 = "п. 13"
GENERAL = "общий порядок"

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


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rule looks at. `watts_total` is new plus earlier connected power, in watts.

    `household` is None when it is not asked: of a business, and for a temporary connection.
    """

    legal_form: LegalForm
    watts_total: int
    category: Category
    sources: Sources
    household: bool | None
    connection_type: ConnectionType


@dataclass(frozen=True, slots=True)
class Qualification:
    """The result: the mode, the clause, and why. When it does not fit, the reasons say only what is in
    the way.
    """

    mode: Mode
    clause: str
    reasons: tuple[str, ...]

    @property
    def fits(self) -> bool:
        """Whether the application meets the clause that the form asks about (14 or 12(1))."""
        return self.clause in (CLAUSE_14, CLAUSE_12_1)


def asked_clause(legal_form: LegalForm) -> str:
    """The clause about which this legal form is asked."""
    return CLAUSE_14 if legal_form == "individual" else CLAUSE_12_1


def asked_clause_text(legal_form: LegalForm) -> str:
    """The text that stands under the question."""
    return CLAUSE_14_TEXT if legal_form == "individual" else CLAUSE_12_1_TEXT


def qualify(facts: Facts) -> Qualification:
    """Apply clauses 14, 12(1) and 13 of the Rules (No. 861); whatever fits none goes by the general order."""
    checks = tuple(_checks_14(facts) if facts.legal_form == "individual" else _checks_12_1(facts))
    hindrances = tuple(check.against for check in checks if not check.holds)
    if not hindrances:
        return Qualification("A", asked_clause(facts.legal_form), tuple(check.for_it for check in checks))
    temporary = facts.connection_type != "permanent"
    return Qualification("B", CLAUSE_13 if temporary else GENERAL, hindrances)


@dataclass(frozen=True, slots=True)
class _Check:
    holds: bool
    for_it: str
    against: str


def _checks_14(facts: Facts) -> Iterator[_Check]:
    power = format_kilowatts(facts.watts_total)
    yield _permanent(facts)
    yield _Check(
        band(facts.watts_total) == "upto15",
        f"Максимальная мощность {power}, это не больше 15 кВт.",
        f"Максимальная мощность {power}, это больше 15 кВт.",
    )
    yield _Check(
        facts.household is True,
        "Электроэнергия нужна не для предпринимательской деятельности.",
        "Электроэнергия нужна для предпринимательской деятельности.",
    )
    yield _Check(
        facts.sources == "one",
        "Электроснабжение по одному источнику.",
        "Указано два источника питания, а пункт 14 говорит об одном.",
    )
    yield _Check(
        facts.category == 3,
        "Категория надежности третья.",
        "Категория надежности первая или вторая: для нее одного источника питания мало.",
    )


def _checks_12_1(facts: Facts) -> Iterator[_Check]:
    power = format_kilowatts(facts.watts_total)
    yield _permanent(facts)
    yield _Check(
        band(facts.watts_total) != "over150",
        f"Максимальная мощность {power}, это не больше 150 кВт.",
        f"Максимальная мощность {power}, это больше 150 кВт.",
    )
    yield _Check(
        facts.category in (2, 3),
        "Категория надежности вторая или третья.",
        "Категория надежности первая, а пункт 12(1) говорит о второй и третьей.",
    )


def _permanent(facts: Facts) -> _Check:
    return _Check(
        facts.connection_type == "permanent",
        "Подключение постоянное.",
        "Подключение временное, для него в Правилах есть отдельный пункт 13.",
    )
