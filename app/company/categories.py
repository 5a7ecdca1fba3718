"""Categories of applicants by the Rules of technological connection (No. 861): what a version of one says. Pure.

The rows are data of the company with days from which they hold; `SHIPPED` is what a new installation begins with.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

Mode = Literal["A", "B"]

#: The categories that the questionnaire asks about by their clauses; they are always in force.
CLAUSE_14 = "clause_14"
CLAUSE_12_1 = "clause_12_1"
#: What is left when nothing else fits; it is always in force.
GENERAL = "general"
#: Categories by the general order: clause 10 of the Rules asks more documents of a business.
GENERAL_ORDER = frozenset({"reliability_1_2", "from_150", "from_670", GENERAL})
ALWAYS = frozenset({CLAUSE_14, CLAUSE_12_1, GENERAL})

#: Terms that the works of a category may have: codes of the table of terms.
WORKS_TERMS = (
    "works_15_days",
    "works_30_days",
    "works_4_months",
    "works",
    "works_year",
    "works_2_years",
)


@dataclass(frozen=True, slots=True)
class Category:
    """One version of a category: it holds from `valid_from` until the next version of the same code.

    `watts_most` is new plus earlier connected power. `conditions` hold lists of codes of the questionnaire
    (`legal_forms`, `types`, `reliability`, `sources`), `household` (true or false), `watts_from`, and `by_staff` for what
    the questionnaire does not ask about, so that only staff choose it. Conditions that are not there hold for everybody.
    """

    code: str
    position: int
    clause: str
    title: str
    mode: Mode
    watts_most: int | None = None
    conditions: Mapping[str, Any] = field(default_factory=dict, hash=False)
    works_term: str = "works"
    valid_from: date = date(2020, 1, 1)
    active: bool = True

    @property
    def by_staff(self) -> bool:
        """Whether only staff may tell that an application belongs here."""
        return bool(self.conditions.get("by_staff"))

    @property
    def name(self) -> str:
        """The clause and the title in one line: «п. 14, физическое лицо, для быта, один источник»."""
        return f"{self.clause}, {self.title}"

    @property
    def heading(self) -> str:
        """The name where a line begins with it: «Общий порядок, …», and still «п. 14, …»."""
        return self.name if self.clause.startswith("п.") else self.name[:1].upper() + self.name[1:]


def in_force(versions: Iterable[Category], day: date) -> tuple[Category, ...]:
    """The categories as they hold on a day, in the order in which they are tried; those switched off are left out."""
    found: dict[str, Category] = {}
    for one in versions:
        held = found.get(one.code)
        if one.valid_from <= day and (held is None or held.valid_from < one.valid_from):
            found[one.code] = one
    return tuple(sorted((one for one in found.values() if one.active), key=lambda one: one.position))


def category_named(categories: Iterable[Category], code: str) -> Category | None:
    """The category of that code, None where there is none."""
    return next((one for one in categories if one.code == code), None)


_PEOPLE = ["individual"]
_BUSINESS = ["sole_trader", "legal_entity"]

#: Limits, modes and clauses as `reference/domain.md` §1.2 and §1.5 tell them. Certain: clauses 14 and 12(1), and that
#: 13(2)–13(5) go without signing. Less certain, so worth a look of the company's lawyer: that temporary connections are
#: signed, and how long the works take outside clauses 14 and 12(1).
SHIPPED: Sequence[Category] = (
    Category(
        CLAUSE_14,
        10,
        "п. 14",
        "физическое лицо, для быта, один источник",
        "A",
        15_000,
        {
            "legal_forms": _PEOPLE,
            "types": ["permanent"],
            "household": True,
            "sources": ["one"],
            "reliability": [3],
        },
    ),
    Category(
        CLAUSE_12_1,
        20,
        "п. 12(1)",
        "юридическое лицо или ИП, вторая или третья категория надежности",
        "A",
        150_000,
        {"legal_forms": _BUSINESS, "types": ["permanent"], "reliability": [2, 3]},
    ),
    Category(
        "clause_13_mobile",
        30,
        "п. 13",
        "временное подключение передвижного объекта",
        "B",
        150_000,
        {"types": ["temporary_mobile"]},
        "works_15_days",
    ),
    Category(
        "clause_13_scheme",
        40,
        "п. 13",
        "временное подключение на время работ по постоянной схеме",
        "B",
        None,
        {"types": ["temporary_scheme"]},
        "works_15_days",
    ),
    Category(
        "clause_13_2",
        50,
        "п. 13(2)",
        "микрогенерация, юридическое лицо или ИП",
        "A",
        None,
        {"legal_forms": _BUSINESS, "by_staff": True},
        "works_15_days",
    ),
    Category(
        "clause_13_3",
        60,
        "п. 13(3)",
        "микрогенерация, физическое лицо",
        "A",
        None,
        {"legal_forms": _PEOPLE, "by_staff": True},
        "works_15_days",
    ),
    Category(
        "clause_13_4",
        70,
        "п. 13(4)",
        "микрогенерация вместе с потреблением, юридическое лицо или ИП",
        "A",
        150_000,
        {"legal_forms": _BUSINESS, "by_staff": True},
    ),
    Category(
        "clause_13_5",
        80,
        "п. 13(5)",
        "микрогенерация вместе с потреблением, физическое лицо",
        "A",
        150_000,
        {"legal_forms": _PEOPLE, "by_staff": True},
    ),
    Category(
        "reliability_1_2",
        90,
        "общий порядок",
        "первая или вторая категория надежности, меньше 670 кВт",
        "B",
        669_990,
        {"types": ["permanent"], "reliability": [1, 2]},
        "works_year",
    ),
    Category(
        "from_150",
        100,
        "общий порядок",
        "больше 150 и меньше 670 кВт",
        "B",
        669_990,
        {"watts_from": 150_010},
        "works_year",
    ),
    Category(
        "from_670",
        110,
        "общий порядок",
        "670 кВт и больше",
        "B",
        None,
        {"watts_from": 670_000},
        "works_2_years",
    ),
    Category(GENERAL, 120, "общий порядок", "остальные заявки", "B", None, {}, "works_year"),
)
