"""Legal texts: a new wording is a new version; whoever accepted an earlier one keeps it."""

import hashlib
from datetime import datetime

from app.accounts.steps import claim_key
from app.actor import Actor
from app.administration.policy import may_administer
from app.company.models import LegalText
from app.company.queries import current_text
from app.errors import Conflict, Forbidden, Overtaken
from app.extensions import db
from app.journal.steps import record
from app.transaction import transaction


def publish(
    code: str, title: str, body: str, *, version: int, by: Actor, at: datetime, press: str = ""
) -> None:
    """Make a new version of a text, which from now on is the one that people accept.

    `version` is the one that was on the page. Raises Forbidden, NotFound, AlreadyDone, Overtaken when there is a newer one
    by now, and Conflict when nothing differs.
    """
    with transaction():
        if not may_administer(by):
            raise Forbidden
        present = current_text(code)
        db.session.refresh(present, with_for_update=True)
        present = current_text(code)
        claim_key(by.user_id, press, url=f"/admin/texts/{code}", at=at)
        if (present.title, present.body) == (title, body):
            raise Conflict("Текст не отличается от действующего: новая версия не нужна.")
        if present.version != version:
            raise Overtaken
        digest = hashlib.sha256(body.encode()).hexdigest()
        db.session.add(
            LegalText(code=code, version=version + 1, title=title, body=body, sha256=digest, published_at=at)
        )
        details = {"code": code, "version": [version, version + 1], "sha256": [present.sha256, digest]}
        record("legal_text_published", party="company", actor_id=by.user_id, at=at, details=details)
