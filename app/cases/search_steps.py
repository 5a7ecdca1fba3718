"""Keeping the index of the search: the words of a case are made anew at the end of every action that changed them."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import delete, func, insert, select, text

from app.accounts.models import Applicant
from app.cases.models import Case, Message
from app.cases.search_models import CaseSearch
from app.cases.search_texts import Texts, Written, texts_of
from app.extensions import db
from app.transaction import before_commit, require_transaction

#: Of a longer conversation the last so many messages are found.
MOST_MESSAGES = 500

_COLUMNS = (
    Case.id,
    Case.kind,
    Case.status,
    Case.recipient,
    Case.applicant_id,
    Case.supplier_id,
    Case.archived_at,
    Case.supplier_archived_at,
    Case.draft_opened_at,
    Case.answers_shared,
    Case.number,
    Case.supplier_number,
    Case.title,
    Case.topic,
    Case.facts,
    Case.place,
    Case.cadastral,
    Case.applicant_name,
    Case.supplier_name,
    Case.answers,
    Applicant.inn,
)

# The full-text table of SQLite keeps no text of its own, so it has to be told what stood there before. No triggers:
# with an untrusted schema SQLite 3.40 lets none of them write into a virtual table.
_FORGET = text(
    "INSERT INTO case_words (case_words, rowid, company_text, supplier_text)"
    " SELECT 'delete', case_id, company_text, supplier_text FROM case_search WHERE case_id = :case_id"
)
_LEARN = text(
    "INSERT INTO case_words (rowid, company_text, supplier_text)"
    " SELECT case_id, company_text, supplier_text FROM case_search WHERE case_id = :case_id"
)
_REBUILD = text("INSERT INTO case_words (case_words) VALUES ('rebuild')")


def index_case(case: Case) -> None:
    """Have the words of the case made anew when the action ends, once, as everything stands then."""
    before_commit(_index_one, case.id)


def forget_case(case_id: int) -> None:
    """Take a case out of the index; before its row is deleted, so that no word of it stays."""
    require_transaction()
    if _is_sqlite():
        db.session.execute(_FORGET, {"case_id": case_id})
    db.session.execute(delete(CaseSearch).where(CaseSearch.case_id == case_id))


def index_cases(case_ids: Sequence[int]) -> None:
    """Make the words of these cases anew, now."""
    require_transaction()
    query = select(*_COLUMNS).join(Applicant, Applicant.id == Case.applicant_id).where(Case.id.in_(case_ids))
    # Held, so that nobody changes a case between what is read here and what is written.
    rows = db.session.execute(query.order_by(Case.id).with_for_update(of=Case)).all()
    messages = _messages_of(case_ids)
    _write({row.id: texts_of(row, row.inn, messages.get(row.id, ())) for row in rows})


def rebuild_words() -> None:
    """Make SQLite's full-text table anew from what `case_search` says; PostgreSQL computes its own columns."""
    require_transaction()
    if _is_sqlite():
        db.session.execute(_REBUILD)


def _index_one(case_id: int) -> None:
    index_cases([case_id])


def _messages_of(case_ids: Iterable[int]) -> dict[int, list[Written]]:
    """Messages by case, the newest first."""
    place = func.row_number().over(partition_by=Message.case_id, order_by=Message.id.desc()).label("place")
    numbered = select(Message.case_id, Message.channel, Message.supplier_id, Message.text, place)
    rows = numbered.where(Message.case_id.in_(case_ids), Message.removed_at.is_(None)).subquery()
    found: dict[int, list[Written]] = {}
    for row in db.session.execute(
        select(rows).where(rows.c.place <= MOST_MESSAGES).order_by(rows.c.case_id, rows.c.place)
    ):
        found.setdefault(row.case_id, []).append(Written(row.channel, row.supplier_id, row.text))
    return found


def _write(made: Mapping[int, Texts]) -> None:
    columns = (CaseSearch.applicant_text, CaseSearch.company_text, CaseSearch.supplier_text)
    query = select(CaseSearch.case_id, *columns).where(CaseSearch.case_id.in_(made))
    kept = {case_id: Texts(*texts) for case_id, *texts in db.session.execute(query)}
    changed = {case_id: texts for case_id, texts in made.items() if kept.get(case_id) != texts}
    if not changed:
        return
    for case_id in changed.keys() & kept.keys():
        forget_case(case_id)
    db.session.execute(
        insert(CaseSearch),
        [
            {
                "case_id": case_id,
                "applicant_text": texts.applicant,
                "company_text": texts.company,
                "supplier_text": texts.supplier,
            }
            for case_id, texts in changed.items()
        ],
    )
    if _is_sqlite():
        db.session.execute(_LEARN, [{"case_id": case_id} for case_id in changed])


def _is_sqlite() -> bool:
    return db.session.get_bind().dialect.name == "sqlite"
