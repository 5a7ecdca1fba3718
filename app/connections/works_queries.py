"""How long the works of an application may take: that follows its category."""

from app.cases.models import Case
from app.company import queries as company
from app.company.category_queries import category_on
from app.connections.queries import deciding_day

#: The term of the contract's works in the table of stages; it is also the one without a category.
WORKS = "works"


def term_of_application(case: Case, code: str) -> str:
    """The code of the term that runs for this application where the table of stages says `code`."""
    if code != WORKS:
        return code
    category = category_on(case.category, deciding_day(case, company.today()))
    return category.works_term if category else code
