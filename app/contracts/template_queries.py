"""Reading the company's texts of papers: the version in force, one version, all of them."""

from collections.abc import Sequence

from sqlalchemy import func, select

from app.company.models import DocumentTemplate
from app.errors import NotFound
from app.extensions import db


def current_template(code: str) -> DocumentTemplate:
    """The newest version of the text of a kind of paper; raises NotFound."""
    return _found(template_versions(code, limit=1))


def template_version(code: str, version: int) -> DocumentTemplate:
    """One version of a text; raises NotFound."""
    query = select(DocumentTemplate).where(DocumentTemplate.code == code, DocumentTemplate.version == version)
    return _found(db.session.scalars(query).all())


def template_versions(code: str, *, limit: int | None = None) -> Sequence[DocumentTemplate]:
    """The versions of a text, the newest first."""
    query = select(DocumentTemplate).where(DocumentTemplate.code == code)
    return db.session.scalars(query.order_by(DocumentTemplate.version.desc()).limit(limit)).all()


def current_templates() -> dict[str, DocumentTemplate]:
    """Code → the version in force, of all texts."""
    newest = select(func.max(DocumentTemplate.id)).group_by(DocumentTemplate.code)
    rows = db.session.scalars(select(DocumentTemplate).where(DocumentTemplate.id.in_(newest)))
    return {row.code: row for row in rows}


def _found(rows: Sequence[DocumentTemplate]) -> DocumentTemplate:
    if not rows:
        raise NotFound
    return rows[0]
