"""What a supplier has to do in a case beside the case's own moves, with a term of its own.

A subject above says what it is; lists, the home page and the board of deadlines ask here and know no package.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, null


@dataclass(frozen=True)
class Duty:
    """The deed in words and the panel of the case's page that it is about.

    `waited_until` is a column over cases: the last day, NULL where nothing is waited for.
    """

    words: str
    panel: str
    #: How the company's board calls the cases in which it is late.
    late_title: str
    waited_until: ColumnElement[Any]


_REGISTERED: dict[str, Duty] = {}
_ONE = "supplier"


def register(duty: Duty) -> None:
    """Tell what suppliers have to do; a second registration replaces the first."""
    _REGISTERED[_ONE] = duty


def registered() -> Duty | None:
    """The duty, or None when no subject has told of one."""
    return _REGISTERED.get(_ONE)


def waited_until() -> ColumnElement[Any]:
    """The column over cases: the supplier's last day, NULL where nothing is waited for."""
    duty = registered()
    return duty.waited_until if duty else null()
