"""Reading the categories of applicants as they hold on a day."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from app.company.categories import Category, category_named, in_force
from app.company.models import ConnectionCategory
from app.extensions import db

_VERSIONS = "connection categories"
_TABLE = ConnectionCategory.__table__
#: Plain rows, not objects of the ORM: they are asked for with every page of an application.
_ALL = select(
    *(
        _TABLE.c[name]
        for name in (
            "code",
            "position",
            "clause",
            "title",
            "mode",
            "watts_most",
            "conditions",
            "works_term",
            "valid_from",
            "active",
        )
    )
).order_by(_TABLE.c.position, _TABLE.c.code, _TABLE.c.valid_from)


def category_versions() -> Sequence[Category]:
    """All versions of all categories in the order of their places, oldest first; read once in a request or job."""
    session = db.session()
    cached: Sequence[Category] | None = session.info.get(_VERSIONS)
    if cached is None:
        cached = session.info[_VERSIONS] = tuple(Category(*row) for row in db.session.execute(_ALL))
    return cached


def forget_categories() -> None:
    """Read the categories anew at the next asking: they were changed in this request."""
    db.session().info.pop(_VERSIONS, None)


def categories_on(day: date) -> tuple[Category, ...]:
    """The categories in force on a day, in the order in which they are tried."""
    return in_force(category_versions(), day)


def category_on(code: str, day: date) -> Category | None:
    """One category as it holds on a day; None for a code that is empty, unknown or switched off."""
    return category_named(categories_on(day), code) if code else None
