"""The evidence of signatures for those whose case it is: who has signed, sheets, files, the folder of the case."""

from flask import Response, request
from flask.typing import ResponseReturnValue

from app import clock, gateways
from app.cases.captions import heading
from app.cases.downloads import FILE_POLICY, nothing_yet
from app.cases.models import Case
from app.cases.queries import party, visible_case
from app.cases.routes import READERS
from app.documents.file_names import content_disposition
from app.errors import Conflict
from app.gateways.joining import NotJoined, joined
from app.signing.blueprint import bp
from app.signing.evidence_queries import (
    SignedDocument,
    is_stored_whole,
    is_whole,
    signature_in,
    signed_document,
)
from app.signing.folder_actions import record_taking
from app.signing.folder_archive import archive
from app.signing.folder_queries import file_name, folder_of
from app.signing.protocol_queries import printed, sheet_page, stamp_page
from app.signing.protocol_rules import SHORT_KINDS, SIDES
from app.web import htmx
from app.web.login import current_actor
from app.web.policy import Rule
from app.web.reading import is_prefetch

_READS = Rule(roles=READERS, load={"case_id": ("case", visible_case)})

POLICY: dict[str, Rule] = {
    "signing.signatures_page": _READS,
    "signing.sheet": _READS,
    "signing.marked_copy": _READS,
    "signing.signature_file": _READS,
    "signing.folder": _READS,
}

_OTHER_TYPE = "Документ не в формате PDF, поэтому отметки стоят на отдельном листе."
_CHANGED = "Файл документа на сайте не тот, что был подписан. Сообщите об этом в сетевую организацию."
_NOT_JOINED = "Добавить страницу в этот PDF не получается, поэтому отметки стоят на отдельном листе."


@bp.get("/cases/<id:case_id>/signed/<id:document_id>")
def signatures_page(case: Case, document_id: int) -> ResponseReturnValue:
    """Who has signed a document electronically, and what can be downloaded of it."""
    signed = signed_document(case, current_actor(), document_id)
    stored = is_stored_whole(signed.version)
    return htmx.answer(
        "signing/signatures.html",
        "signing/_signatures.html",
        case=case,
        caption=heading(case.id, case.kind, case.status, case.title),
        document=signed.document,
        version=signed.version,
        signatures=[
            (one, SIDES[one.party], SHORT_KINDS[one.kind], stored and is_whole(one))
            for one in signed.signatures
        ],
    )


@bp.get("/cases/<id:case_id>/signed/<id:document_id>/sheet.pdf")
def sheet(case: Case, document_id: int) -> ResponseReturnValue:
    """«Лист подписания»."""
    actor = current_actor()
    signed = signed_document(case, actor, document_id)
    if is_prefetch():
        return nothing_yet()
    made = printed(sheet_page(case, signed, party(actor, case)))
    return _file(made, f"Лист подписания {signed.document.title}.pdf", "application/pdf")


@bp.get("/cases/<id:case_id>/signed/<id:document_id>/copy.pdf")
def marked_copy(case: Case, document_id: int) -> ResponseReturnValue:
    """A copy to look at with the marks on a page of its own; of a file that takes no page the marks alone."""
    signed = signed_document(case, current_actor(), document_id)
    if is_prefetch():
        return nothing_yet()
    return _file(_marked(case, signed), f"Копия {signed.document.title}.pdf", "application/pdf")


@bp.get("/cases/<id:case_id>/signed/<id:document_id>/<id:signature_id>.sig")
def signature_file(case: Case, document_id: int, signature_id: int) -> ResponseReturnValue:
    """A detached signature by certificate, as it was given."""
    found = signature_in(case, current_actor(), document_id, signature_id)
    if is_prefetch():
        return nothing_yet()
    return _file(found.cms or b"", f"{found.file_name}.{found.number}.sig", "application/pkcs7-signature")


@bp.get("/cases/<id:case_id>/folder.zip")
def folder(case: Case) -> ResponseReturnValue:
    """Everything that the reader may see of the case in one archive, sent while it is made.

    That somebody who answers takes identity papers with it is written down first.
    """
    if is_prefetch():
        return nothing_yet()
    actor, case_id, now = current_actor(), case.id, clock.now()
    if request.method == "HEAD":
        return _private(Response(mimetype="application/zip"), file_name(case))
    if party(actor, case) != "applicant":
        record_taking(case_id, by=actor, at=now)
    case = visible_case(actor, case_id)
    response = Response(archive(folder_of(case, actor, at=now)), mimetype="application/zip")
    return _private(response, file_name(case))


def _marked(case: Case, signed: SignedDocument) -> bytes:
    if signed.version.type_code != "pdf":
        return printed(stamp_page(case, signed, apart=_OTHER_TYPE))
    if not is_stored_whole(signed.version):
        raise Conflict(_CHANGED)
    marks = printed(stamp_page(case, signed))
    try:
        return joined(gateways.current().files.path(signed.version.storage_key), marks)
    except NotJoined:
        return printed(stamp_page(case, signed, apart=_NOT_JOINED))


def _file(content: bytes, name: str, media_type: str) -> Response:
    return _private(Response(content, mimetype=media_type), name)


def _private(response: Response, name: str) -> Response:
    response.headers["Content-Disposition"] = content_disposition(name)
    response.headers["Content-Security-Policy"] = FILE_POLICY
    response.headers["Cache-Control"] = "no-store"
    return response
