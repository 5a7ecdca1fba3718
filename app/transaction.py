"""One action, one transaction.

`with transaction():` ends the reading that came before (so that everything inside is read afresh), takes the right to
write at once, commits at the end and rolls back on any error. It refuses to nest: an action never calls another action.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any

from app.extensions import db

_OPEN = "action is open"
_LAST = "steps before the commit"


@contextmanager
def transaction() -> Iterator[None]:
    """Open the one writing transaction of an action; raises RuntimeError when one is open already."""
    session = db.session()
    if session.info.get(_OPEN):
        raise RuntimeError("an action may not run inside another action")
    session.rollback()
    session.info[_OPEN] = True
    session.info[_LAST] = {}
    try:
        session.connection(execution_options={"writes": True})
        yield
        for step, argument in session.info[_LAST]:
            step(argument)
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        del session.info[_OPEN], session.info[_LAST]


def require_transaction() -> None:
    """Guard of steps: a change outside an action's transaction is a mistake of the programmer."""
    if not db.session().info.get(_OPEN):
        raise RuntimeError("a step needs an open transaction")


def before_commit(step: Callable[[Any], None], argument: Hashable) -> None:
    """Have a step done when the open action ends, once however often it is asked for: it sees what stands then."""
    require_transaction()
    db.session().info[_LAST][step, argument] = None
