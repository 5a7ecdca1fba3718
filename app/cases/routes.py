"""The page of one case and its files."""

from flask import Response, request

from app import clock
from app.actor import APPLICANT, STAFF, SUPPLIER
from app.cases import actions
from app.cases.blueprint import bp
from app.cases.downloads import file_answer, nothing_yet
from app.cases.models import Case
from app.cases.pages import case_page
from app.cases.queries import document_in, party, unread_count, visible_case
from app.cases.signals import document_opened
from app.web.login import current_actor
from app.web.policy import Rule
from app.web.reading import is_prefetch, is_read

#: Who works with cases; somebody who only administers sees none.
READERS = frozenset({APPLICANT, SUPPLIER}) | STAFF
UPLOAD_LIMIT = 64 * 1024 * 1024

_CASE = {"case_id": ("case", visible_case)}

POLICY: dict[str, Rule] = {
    "cases.page": Rule(roles=READERS, load=_CASE),
    "cases.download": Rule(roles=READERS, load=_CASE),
}


def unread_badge() -> int:
    """In how many cases the signed-in person has something unread, for the menu."""
    return unread_count(current_actor())


@bp.get("/cases/<id:case_id>")
def page(case: Case) -> str:
    """The page of a case; what was unread in it is read now."""
    seen = actions.see(case.id, by=current_actor(), at=clock.now()) if is_read() else ()
    return case_page(case, seen=seen)


@bp.get("/cases/<id:case_id>/files/<id:file_id>")
def download(case: Case, file_id: int) -> Response:
    """One file of the case; that somebody who answers opened an identity paper is written down first."""
    actor = current_actor()
    found = document_in(case, actor, file_id)
    if is_prefetch():
        return nothing_yet()
    if found.sensitive and party(actor, case) != "applicant" and request.method != "HEAD":
        actions.record_opening(case.id, found.id, by=actor, at=clock.now())
    if is_read():
        document_opened.send(None, case=case, document=found, by=actor, at=clock.now())
    return file_answer(found.version)
