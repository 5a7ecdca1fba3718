"""What the company has to check in a case because the applicant says that their own deed is done, with a term of its own.

The stage stays what it is, the turn does not. A subject above says what it is; the home page and the board of deadlines
ask here and know no payment. The case's own page is told by `next_words`.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, null, or_

from app.cases.models import Case
from app.cases.turns import answer_owed


@dataclass(frozen=True)
class Check:
    """The deed in words and the panel of the case's page that it is about.

    `waiting` are the ids of the cases in which the company has to check, `until` a column over cases: its last day, NULL
    where nothing is to be checked. In the statuses of `instead_of` the applicant has nothing to do meanwhile.
    """

    words: str
    panel: str
    #: How the company's board calls these cases.
    title: str
    waiting: Select[int]
    until: ColumnElement[Any]
    instead_of: frozenset[str]


_REGISTERED: dict[str, Check] = {}
_ONE = "company"


def register(check: Check) -> None:
    """Tell what the company checks; a second registration replaces the first."""
    _REGISTERED[_ONE] = check


def registered() -> Check | None:
    """The check, or None when no subject has told of one."""
    return _REGISTERED.get(_ONE)


def checks() -> ColumnElement[bool]:
    """That the company has to check in a case whose stage waits for the applicant."""
    check = registered()
    if check is None:
        return false()
    return and_(Case.status.in_(check.instead_of), to_check())


def to_check() -> ColumnElement[bool]:
    """That the company has to check something in a case, whatever its stage waits for."""
    check = registered()
    return Case.id.in_(check.waiting) if check else false()


def turned() -> ColumnElement[bool]:
    """That it is the company's turn in a case though its stage waits for the applicant: to check, or to answer a no."""
    return or_(checks(), answer_owed())


def turned_until() -> ColumnElement[Any]:
    """The company's last day where it is its turn so; NULL elsewhere."""
    check = registered()
    return case((Case.status.in_(check.instead_of), check.until)) if check else null()
