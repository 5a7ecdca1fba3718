"""What a registration brings: the person, the applicant they act for, as whom; and what follows from it.

Pure values. Which identifiers sign a person in is decided here: the e-mail always, a number only when it is the
person's own (СНИЛС), the sole trader's own (ОГРНИП) or the head's firm's (ОГРН).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Literal

from app.accounts.contacts import email_key
from app.accounts.login_ids import LOGIN_KINDS, LoginKind
from app.accounts.names import full_name, mixed_alphabets
from app.errors import InvalidForm

LegalForm = Literal["individual", "sole_trader", "legal_entity"]
Capacity = Literal["self", "head", "representative"]

LEGAL_FORMS: Mapping[str, str] = MappingProxyType(
    {
        "individual": "Физическое лицо",
        "sole_trader": "Индивидуальный предприниматель",
        "legal_entity": "Юридическое лицо",
    }
)
#: As whom one may act for each legal form, in the words of the choice. A person acts for themselves.
CAPACITIES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "individual": {"self": "Сам заявитель"},
        "sole_trader": {
            "head": "Сам индивидуальный предприниматель",
            "representative": "Представитель по доверенности",
        },
        "legal_entity": {"head": "Руководитель", "representative": "Представитель по доверенности"},
    }
)

TAKEN = "Такая учетная запись уже есть."


@dataclass(frozen=True)
class PersonName:
    """The parts of a person's name; the patronymic may be empty."""

    last: str
    first: str
    middle: str = ""


@dataclass(frozen=True)
class NewApplicant:
    """An applicant by their numbers; `name` is the person, the trader or the head of the firm."""

    legal_form: LegalForm
    name: PersonName
    title: str = ""
    snils: str = ""
    inn: str = ""
    ogrn: str = ""
    kpp: str = ""
    personal_account: str = ""


@dataclass(frozen=True)
class Authority:
    """A power of attorney: number as written, its day, the last day it holds (None when it names none)."""

    number: str
    day: date
    valid_until: date | None = None


@dataclass(frozen=True)
class Acting:
    """As whom a person acts for an applicant; a representative brings the power of attorney."""

    capacity: Capacity
    authority: Authority | None = None


@dataclass(frozen=True)
class NewAccount:
    """A whole registration. `versions` are those of the legal texts that were shown and accepted, by code."""

    name: PersonName
    email: str
    phone: str
    applicant: NewApplicant
    acting: Acting
    versions: Mapping[str, int]
    by_email_only: bool = False


class AlreadyRegistered(InvalidForm):
    """A login identifier belongs to an account already; `kinds` are the taken ones."""

    def __init__(self, kinds: list[LoginKind]) -> None:
        """Tell it at the field of each taken identifier; the fields are named as the kinds are."""
        super().__init__({kind: [taken_sentence(kind)] for kind in kinds}, TAKEN)
        self.kinds = kinds


def taken_sentence(kind: LoginKind) -> str:
    """What stands at the field of a taken identifier."""
    return f"{TAKEN} {LOGIN_KINDS[kind].field} уже используется для входа."


def number_of(*, legal_form: str, capacity: str, snils: str, ogrn: str) -> tuple[LoginKind, str] | None:
    """The number by which one may sign in for an applicant; None for a representative, whose number it is not."""
    if capacity == "representative":
        return None
    if legal_form == "individual":
        return "snils", snils
    return ("ogrnip" if legal_form == "sole_trader" else "ogrn"), ogrn


def login_ids(account: NewAccount) -> list[tuple[LoginKind, str]]:
    """Every identifier with which the new account will sign in, as kind and stored value."""
    applicant = account.applicant
    number = number_of(
        legal_form=applicant.legal_form,
        capacity=account.acting.capacity,
        snils=applicant.snils,
        ogrn=applicant.ogrn,
    )
    own = [number] if number and not account.by_email_only else []
    return [("email", email_key(account.email)), *own]


def mixed_alphabet_words(*texts: str) -> list[str]:
    """Words that mix Latin and Cyrillic letters: told to the person and to the office, never refused."""
    return [word for text in texts for word in text.split() if mixed_alphabets(word)]


def name_words(account: NewAccount) -> list[str]:
    """The mixed words of everything that is a name in a registration."""
    people = {account.name, account.applicant.name}
    return mixed_alphabet_words(
        *(full_name(one.last, one.first, one.middle) for one in sorted(people, key=str)),
        account.applicant.title,
    )
