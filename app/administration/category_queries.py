"""Reading the categories of applicants for their pages in «Настройка»."""

from collections.abc import Sequence

from app.company.categories import Category
from app.company.category_queries import category_versions
from app.errors import NotFound


def versions_of(code: str) -> Sequence[Category]:
    """All versions of one category, oldest first; raises NotFound for a code that there is not."""
    found = [one for one in category_versions() if one.code == code]
    if not found:
        raise NotFound
    return found
