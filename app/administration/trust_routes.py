"""Trust: roots and intermediates with their hashes, lists of revoked certificates, whether the engine works."""

from collections.abc import Mapping
from typing import cast

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.administration import trust_actions
from app.administration.answers import ADMINISTRATORS, one
from app.administration.blueprint import bp
from app.errors import InvalidForm
from app.gateways import current
from app.gateways.certificates import Certificate
from app.gateways.downloads import LARGEST
from app.signing.revocation_queries import source_lines, uploaded_lists
from app.signing.trust_health_queries import trust_gaps
from app.signing.trust_models import TrustedCertificate
from app.signing.trust_queries import all_certificates, certificate, last_root
from app.signing.trust_rules import fingerprints, state_of
from app.signing.trust_steps import CertificateKind
from app.signing.trust_waiting_queries import waiting_under, waiting_without_address
from app.web.idempotency import pressed_key
from app.web.login import current_actor
from app.web.policy import Rule

_CERTIFICATE = one("certificate_id", "row", certificate)

POLICY: dict[str, Rule] = {
    "administration.trust_page": ADMINISTRATORS,
    "administration.add_certificate": ADMINISTRATORS,
    "administration.remove_page": _CERTIFICATE,
    "administration.remove_certificate": _CERTIFICATE,
    "administration.ask_source": ADMINISTRATORS,
    # The parts of a form stand around the file.
    "administration.upload_list": Rule(roles=ADMINISTRATORS.roles, body_limit=LARGEST + 64 * 1024),
}

#: No certificate of an authority is larger.
_LARGEST_CERTIFICATE = 64 * 1024
KINDS = {"root": "Корневой", "intermediate": "Промежуточный"}
Errors = Mapping[str, list[str]]


@bp.get("/trust")
def trust_page() -> ResponseReturnValue:
    """Everything that certificates are checked against."""
    return _trust_page({})


@bp.post("/trust")
def add_certificate() -> ResponseReturnValue:
    """Show what is in a file with its hash, or, once the published hash is there, believe it."""
    kind, pem = request.form.get("kind", ""), request.form.get("pem", "")
    content = pem.encode() or _sent("certificate", _LARGEST_CERTIFICATE)
    if kind not in KINDS:
        return _trust_page({"kind": ["Выберите, корневой это сертификат или промежуточный."]})
    if not content:
        return _trust_page({"certificate": ["Выберите файл сертификата."]})
    known = cast(CertificateKind, kind)
    try:
        found = trust_actions.examine(content, known, at=clock.now())
    except InvalidForm as refused:
        return _trust_page(refused.errors)
    return _believed(found, known) if pem else _confirm_page(found, known, {})


def _believed(found: Certificate, kind: CertificateKind) -> ResponseReturnValue:
    published = request.form.get("published", "")
    try:
        trust_actions.add(found.der, kind, published, by=current_actor(), at=clock.now(), press=pressed_key())
    except InvalidForm as refused:
        return _confirm_page(found, kind, refused.errors)
    flash(f"Сертификат «{found.subject}» добавлен в доверенные.", "success")
    return redirect(url_for("administration.trust_page"), 303)


@bp.get("/trust/certificates/<id:certificate_id>/remove")
def remove_page(row: TrustedCertificate) -> ResponseReturnValue:
    """What will happen when a certificate is believed no more, before it is."""
    if row.removed_at is not None:
        return redirect(url_for("administration.trust_page"), 303)
    return render_template(
        "administration/trust_remove.html",
        row=row,
        kinds=KINDS,
        waiting=waiting_under(row.sha256),
        last_root=row.kind == "root" and last_root(row, clock.now()),
    )


@bp.post("/trust/certificates/<id:certificate_id>/remove")
def remove_certificate(row: TrustedCertificate) -> ResponseReturnValue:
    """Believe a certificate no more."""
    name = row.subject
    trust_actions.remove(row.id, by=current_actor(), at=clock.now(), press=pressed_key())
    flash(f"Сертификат «{name}» убран из доверенных. Принятые раньше подписи не изменились.", "success")
    return redirect(url_for("administration.trust_page"), 303)


@bp.post("/trust/sources/<id:source_id>/fetch")
def ask_source(source_id: int) -> ResponseReturnValue:
    """Have a list fetched at once."""
    trust_actions.ask_now(source_id, by=current_actor(), at=clock.now(), press=pressed_key())
    flash("Список скачивается. Обновите страницу через минуту: здесь будет видно, что получилось.", "info")
    return redirect(url_for("administration.trust_page", _anchor="lists"), 303)


@bp.post("/trust/lists")
def upload_list() -> ResponseReturnValue:
    """Take a list in that was fetched by hand."""
    content = _sent("list", LARGEST)
    if not content:
        return _trust_page({"list": ["Выберите файл списка отзыва."]})
    try:
        name = trust_actions.upload_list(content, by=current_actor(), at=clock.now(), press=pressed_key())
    except InvalidForm as refused:
        return _trust_page(refused.errors)
    flash(f"Список отзыва центра «{name}» принят. Подписи, которые его ждали, проверяются заново.", "success")
    return redirect(url_for("administration.trust_page", _anchor="lists"), 303)


def _sent(name: str, largest: int) -> bytes:
    """The bytes of a sent file; one that is too large comes cut and is then no certificate and no list."""
    sent = request.files.get(name)
    return sent.stream.read(largest + 1) if sent is not None and sent.filename else b""


def _trust_page(errors: Errors) -> ResponseReturnValue:
    at = clock.now()
    rows = all_certificates()
    page = render_template(
        "administration/trust.html",
        believed=[(row, state_of(row.not_before, row.not_after, at)) for row in rows if not row.removed_at],
        removed=[row for row in rows if row.removed_at],
        kinds=KINDS,
        sources=source_lines(),
        uploads=[(line, line.state(at)) for line in uploaded_lists(at)],
        unaddressed=waiting_without_address(at),
        engine=current().signatures.self_test(),
        gaps=trust_gaps(at),
        now=at,
        kind=request.form.get("kind", ""),
        errors=errors,
    )
    return page, 422 if errors else 200


def _confirm_page(found: Certificate, kind: CertificateKind, errors: Errors) -> ResponseReturnValue:
    page = render_template(
        "administration/trust_certificate.html",
        found=found,
        kind=kind,
        kinds=KINDS,
        sums=fingerprints(found.der),
        state=state_of(found.not_before, found.not_after, clock.now()),
        published=request.form.get("published", ""),
        errors=errors,
    )
    return page, 422 if errors else 200
