"""Reading the versions of the company's terms."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.administration.term_rules import planned, standing
from app.administration.wording import TERMS
from app.company.models import Term
from app.extensions import db


@dataclass(frozen=True)
class TermLine:
    """One term of the list: what holds today (None: nothing yet) and what will hold later."""

    code: str
    present: Term | None
    later: Sequence[Term]


def term_lines(today: date) -> list[TermLine]:
    """All terms that pages can name, in their order; codes that only the table knows come last."""
    rows = list(db.session.scalars(select(Term).order_by(Term.code, Term.valid_from)))
    codes = [*TERMS, *sorted({row.code for row in rows} - set(TERMS))]
    by_code = {code: [row for row in rows if row.code == code] for code in codes}
    return [TermLine(code, standing(by_code[code], today), planned(by_code[code], today)) for code in codes]


def versions_of(code: str) -> list[Term]:
    """All versions of one term, in the order of their days."""
    return list(db.session.scalars(select(Term).where(Term.code == code).order_by(Term.valid_from)))


def mark_of(versions: Sequence[Term]) -> str:
    """What a form carries of the versions it stood beside, so that a change by somebody else is noticed."""
    shown = repr([(one.valid_from.isoformat(), one.days, one.unit, one.clause) for one in versions])
    return hashlib.sha256(shown.encode()).hexdigest()[:16]
