"""Finding cases by words: ids of what meets a query, only by what the reader may read of each case.

Who answers cases asks the database's index, the newest cases first and not more than `MOST_HITS` of them, so that a word of
every case costs no more than a rare one. An applicant's own few cases are read through.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Select,
    String,
    and_,
    any_,
    column,
    func,
    literal,
    literal_column,
    or_,
    select,
    text,
)

from app.actor import SUPPLIER, Actor
from app.cases.models import Case
from app.cases.search_models import CaseSearch
from app.cases.search_texts import supplier_word
from app.cases.search_words import Search, Term, stands_alone
from app.extensions import db

#: Among so many cases with the words, the newest ones, those who answer look.
MOST_HITS = 1000


@dataclass(frozen=True)
class Hits:
    """Ids of the cases that meet a query; `bounded` = there are more, older ones, which were not looked at."""

    ids: tuple[int, ...]
    bounded: bool = False

    def condition(self, of: Any = Case.id) -> ColumnElement[bool]:
        """That a case is one of them, with one parameter however many they are."""
        if _dialect() == "sqlite":
            ids: Select[Any] = select(literal_column("value")).select_from(
                func.json_each(f"[{','.join(map(str, self.ids))}]")
            )
            return of.in_(ids)  # type: ignore[no-any-return]
        return of == any_(literal(list(self.ids), ARRAY(BigInteger)))  # type: ignore[no-any-return]


def find_hits(search: Search, actor: Actor) -> Hits | None:
    """The cases that the actor finds; None when nothing is asked for."""
    if not search.terms:
        return None
    own = set(db.session.scalars(_of_own(search, actor))) if actor.applicant_ids else set()
    query = _of_others(search, actor)
    others = [] if query is None else list(db.session.scalars(query))
    return Hits(tuple(sorted(own.union(others[:MOST_HITS]))), bounded=len(others) > MOST_HITS)


def _of_own(search: Search, actor: Actor) -> Select[int]:
    query = select(Case.id).join(CaseSearch, CaseSearch.case_id == Case.id)
    return query.where(Case.applicant_id.in_(actor.applicant_ids), *map(_in_text, search.terms))


def _of_others(search: Search, actor: Actor) -> Select[int] | None:
    """Cases that the actor answers; by what only the company reads nobody finds a case of their own."""
    if actor.is_staff:
        query = _newest("company", search.terms)
    elif SUPPLIER in actor.roles and actor.supplier_id is not None:
        query = _newest("supplier", search.terms, supplier_word(actor.supplier_id))
    else:
        return None
    if not actor.applicant_ids:
        return query
    found = query.subquery()
    return (
        select(found.c[0])
        .join(Case, Case.id == found.c[0])
        .where(~Case.applicant_id.in_(actor.applicant_ids))
    )


def _in_text(term: Term) -> ColumnElement[bool]:
    whole = _begins(term.whole)
    return or_(whole, and_(*map(_begins, term.parts))) if term.parts else whole


def _begins(word: str) -> ColumnElement[bool]:
    """That a word of the applicant's text begins so."""
    padded = literal(" ") + CaseSearch.applicant_text + literal(" ")
    return padded.contains(f" {word} " if stands_alone(word) else f" {word}", autoescape=True)


def _newest(audience: str, terms: tuple[Term, ...], word: str = "") -> Select[int]:
    """The newest cases of an audience that meet the terms, by the database's own index; `word` narrows it as it is."""
    if _dialect() == "sqlite":
        asked = literal(_full_text_query(f"{audience}_text", terms, word), String)
        rowid: ColumnElement[int] = literal_column("rowid", BigInteger)
        found = (
            select(rowid)
            .select_from(text("case_words"))
            .where(literal_column("case_words").op("MATCH")(asked))
        )
        return found.order_by(rowid.desc()).limit(MOST_HITS + 1)
    words: ColumnElement[Any] = column(f"case_words_{audience}")
    query = literal(_text_search_query(terms, word), String).op("::")(literal_column("tsquery"))
    found = select(CaseSearch.case_id).where(words.op("@@")(query))
    return found.order_by(CaseSearch.case_id.desc()).limit(MOST_HITS + 1)


def _full_text_query(column_name: str, terms: tuple[Term, ...], word: str) -> str:
    """The query of FTS5. Words are letters and digits alone and stand in quotes, so nothing of them is an operator."""

    def asked(one: str) -> str:
        return f'"{one}"' if stands_alone(one) else f'"{one}"*'

    every = [f'"{word}"'] if word else []
    every += [_either(term, asked, " AND ", " OR ") for term in terms]
    return f"{{{column_name}}} : ({' AND '.join(every)})"


def _text_search_query(terms: tuple[Term, ...], word: str) -> str:
    """The `tsquery` of PostgreSQL; what was said of the words of FTS5 holds here too."""

    def asked(one: str) -> str:
        return f"'{one}'" if stands_alone(one) else f"'{one}':*"

    every = [f"'{word}'"] if word else []
    return " & ".join(every + [_either(term, asked, " & ", " | ") for term in terms])


def _either(term: Term, asked: Callable[[str], str], both: str, either: str) -> str:
    whole = asked(term.whole)
    if not term.parts:
        return whole
    parts = both.join(map(asked, term.parts))
    return f"({whole}{either}({parts}))"


def _dialect() -> str:
    return db.session.get_bind().dialect.name
