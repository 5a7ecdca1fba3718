"""Texts of papers: a new wording is a new version; what was made from an earlier one stays as it is."""

import hashlib
from datetime import datetime

from app.accounts.steps import claim_key
from app.actor import Actor
from app.administration.policy import may_administer
from app.administration.template_rules import parse_template
from app.company.models import DocumentTemplate
from app.contracts.template_queries import current_template
from app.errors import Conflict, Forbidden, Overtaken
from app.extensions import db
from app.journal.steps import record
from app.transaction import transaction


def publish(code: str, body: str, *, version: int, by: Actor, at: datetime, press: str = "") -> None:
    """Make a new version of a text, from which papers are made from now on.

    `version` is the one that was on the page. Raises Forbidden, NotFound, AlreadyDone, InvalidValue for a text that does
    not fill over the sample, Overtaken when there is a newer version by now, Conflict when nothing differs.
    """
    with transaction():
        if not may_administer(by):
            raise Forbidden
        present = current_template(code)
        db.session.refresh(present, with_for_update=True)
        present = current_template(code)
        claim_key(by.user_id, press, url=f"/admin/templates/{code}", at=at)
        text = parse_template(body, kind=code)
        if present.body == text:
            raise Conflict("Текст не отличается от действующего: новая версия не нужна.")
        if present.version != version:
            raise Overtaken
        digest = hashlib.sha256(text.encode()).hexdigest()
        db.session.add(
            DocumentTemplate(
                code=code,
                version=version + 1,
                body=text,
                sha256=digest,
                published_at=at,
                published_by=by.user_id,
            )
        )
        details = {"code": code, "version": [version, version + 1], "sha256": [present.sha256, digest]}
        record("document_template_published", party="company", actor_id=by.user_id, at=at, details=details)
