"""Handing out a file of a case: through nginx when it stands in front, else from here."""

from flask import Response, current_app, request

from app import gateways
from app.documents.file_names import content_disposition
from app.documents.file_types import BY_CODE
from app.documents.models import DocumentVersion

#: Where nginx finds the folder of files (deploy/nginx.conf.template); nobody reaches it by themselves.
_ACCEL = "/-files/"

#: What a file opened in a browser may do: nothing.
FILE_POLICY = "sandbox; default-src 'none'"


def file_answer(version: DocumentVersion) -> Response:
    """The file as a download under its own name and our type, kept by no cache.

    Rights are the caller's matter. One range of bytes is answered with 206, several with 416.
    """
    media_type = BY_CODE[version.type_code].media_type
    if current_app.extensions["config"].accel_files:
        response = Response(mimetype=media_type)
        response.headers["X-Accel-Redirect"] = _ACCEL + version.storage_key
    else:
        response = _from_disk(version, media_type)
    response.headers["Content-Disposition"] = content_disposition(version.file_name)
    response.headers["Content-Security-Policy"] = FILE_POLICY
    response.headers["Cache-Control"] = "no-store"
    return response


def _from_disk(version: DocumentVersion, media_type: str) -> Response:
    """The bytes themselves (at most 30 MB), never a generator: the server sends those badly. Raises OSError."""
    content = gateways.current().files.path(version.storage_key).read_bytes()
    response = Response(content, mimetype=media_type)
    response.set_etag(version.sha256)
    response.last_modified = version.uploaded_at
    response.make_conditional(request, accept_ranges=True, complete_length=len(content))
    return response


def nothing_yet() -> Response:
    """The answer to a browser that looks ahead: files are not sent before somebody asks for them."""
    return Response(status=204, headers={"Cache-Control": "no-store"})
