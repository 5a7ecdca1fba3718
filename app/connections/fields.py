"""What a question of the questionnaire is made of: topic, choice, field, condition, and the applicant's
context.

Types only. The questions themselves are the table `questionnaire.py`; reading and showing answers are
rules over it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as member
from datetime import date
from typing import Any, Literal

from app.company.categories import Category
from app.connections.qualification import LegalForm

#: Answers as JSON keeps them, by the code of the field: str, int, bool, lists of them, dates as ISO text.
Answers = Mapping[str, Any]

Kind = Literal[
    "text",  # one line
    "lines",  # several lines
    "choice",
    "flag",
    "power",  # kept in watts
    "number",  # a small whole number
    "date",  # kept as YYYY-MM-DD
    "month",  # kept as YYYY-MM
    "cadastral",  # a list of numbers
    "account",  # personal account with the company
    "stages",  # rows of `stages.py`
    "supplier",  # id of a supplier, or NO_SUPPLIER
]

#: The answer «Не планируется» to the question about the supplier.
NO_SUPPLIER = "none"

INDIVIDUAL: frozenset[LegalForm] = frozenset({"individual"})
BUSINESS: frozenset[LegalForm] = frozenset({"sole_trader", "legal_entity"})
EVERYONE: frozenset[LegalForm] = INDIVIDUAL | BUSINESS


@dataclass(frozen=True, slots=True)
class Context:
    """What the questions depend on besides the answers."""

    legal_form: LegalForm
    acts_as: Literal["self", "head", "representative"]
    #: Suppliers that may be named now: id → name, in the order of the list.
    supplier_options: Mapping[int, str]
    today: date
    #: Regular expression of a personal account number of this company.
    account_pattern: str
    #: Categories of applicants in force on the day that counts: of the sending, today for a draft.
    categories: Sequence[Category]


#: Whether something holds for the answers that count. It may look only at fields declared earlier.
Condition = Callable[[Answers, Context], bool]


@dataclass(frozen=True, slots=True)
class When:
    """The condition «an earlier answer is one of these», as data that a page can read.

    While the earlier question is not answered the condition holds, so that nothing typed on a page
    without scripts is lost because the choice above it was left open.
    """

    field: str
    values: tuple[str | bool, ...]
    negate: bool = False

    def __call__(self, answers: Answers, context: Context) -> bool:
        """Whether the condition holds or is not decided yet."""
        given = answers.get(self.field)
        return given is None or (given in self.values) != self.negate


@dataclass(frozen=True, slots=True)
class Topic:
    """One page of the questionnaire; the code is a part of its address."""

    code: str
    title: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a question."""

    code: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question. `ask` is the sentence that names it when the answer is missing.

    `labels` replace `label` for some legal forms; `short` replaces it where answers are listed. `parse`
    is the own shape of a text; `span` the permitted first and last day of a date or month, `example` a day
    that shows how one is typed (None: today); `check` compares the value with earlier answers. `parse` and
    `check` raise InvalidValue. `sensitive` marks identity data that suppliers do not see.
    """

    code: str
    topic: str
    kind: Kind
    label: str
    ask: str = ""
    short: str = ""
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    required: bool | Condition = True
    shown_when: Condition | None = None
    only_for: frozenset[LegalForm] = EVERYONE
    labels: Mapping[str, str] = member(default_factory=dict, hash=False)
    max_length: int = 300
    autocomplete: str = ""
    inputmode: str = ""
    sensitive: bool = False
    parse: Callable[[str], str] | None = None
    span: Callable[[date], tuple[date, date]] | None = None
    example: date | None = None
    check: Callable[[Any, Answers, Context], None] | None = None

    def label_for(self, context: Context) -> str:
        """The question as this applicant reads it."""
        return self.labels.get(context.legal_form, self.label)

    def listed_as(self, context: Context) -> str:
        """The name of the answer in a list of answers."""
        return self.short or self.label_for(context)

    def is_required(self, answers: Answers, context: Context) -> bool:
        """Whether the application is incomplete without it."""
        return self.required(answers, context) if callable(self.required) else self.required

    def choice_label(self, code: object) -> str:
        """The words of one option; an unknown code is shown as it is."""
        return next((choice.label for choice in self.choices if choice.code == code), str(code))
