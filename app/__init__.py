"""`create_app`: the only place that knows every part and does all the wiring."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, appcontext_pushed, request_tearing_down, url_for
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from app import gateways, menu, subjects
from app.accounts.login import login_manager
from app.cli.accounts import accounts_cli
from app.cli.cases import cases_cli
from app.cli.company import company_cli
from app.cli.demo import demo_cli
from app.cli.dispatch import dispatch_command, outbox_cli
from app.cli.doctor import doctor_command
from app.cli.htmx import fetch_htmx_command
from app.cli.journal import journal_cli, verify_journal_command
from app.cli.setup import setup_command
from app.company import queries as company
from app.config import Config
from app.documents.file_names import human_size
from app.extensions import db
from app.gateways.cms import Checker
from app.gateways.downloads import Downloads
from app.gateways.email import RecordingPost, SmtpPost
from app.gateways.files import FileStore
from app.gateways.layouts import Layouts
from app.gateways.openssl import OpenSsl
from app.gateways.pdf import Printer
from app.gateways.revocation import Authorities
from app.gateways.sms_addresses import sms_desk
from app.gateways.text import Texts
from app.notifications.codes import derive, link_token
from app.web import errors, filters, headers, htmx, htmx_script, idempotency, pages, policy
from app.web.converters import IdConverter

_HERE = Path(__file__).parent


def create_app(config: Config | None = None) -> Flask:
    """Build the site from its settings; raises ConfigError with one line when they cannot be used."""
    config = config or Config.from_environment()
    app = Flask("app", instance_path=str(config.instance_path))
    app.config.from_mapping(_flask_settings(config))
    app.extensions["config"] = config
    app.url_map.converters["id"] = IdConverter
    if (
        config.accel_files
    ):  # nginx stands in front and overwrites these headers; without it a client could write them
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]
    db.init_app(app)
    _open_gateways(app, config)
    subjects.register(app)
    _wire_web(app, config)
    for group in (
        accounts_cli,
        cases_cli,
        company_cli,
        demo_cli,
        dispatch_command,
        outbox_cli,
        journal_cli,
        verify_journal_command,
        doctor_command,
        fetch_htmx_command,
        setup_command,
    ):
        app.cli.add_command(group)
    return app


def _flask_settings(config: Config) -> dict[str, Any]:
    host = urlsplit(config.public_url).netloc
    return {
        "SECRET_KEY": config.secret_key,
        "SECRET_KEY_FALLBACKS": list(config.secret_key_fallbacks),
        "SQLALCHEMY_DATABASE_URI": config.sqlalchemy_url,
        "SESSION_COOKIE_NAME": "__Host-session" if config.secure else "session",
        "SESSION_COOKIE_SECURE": config.secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "TRUSTED_HOSTS": [host, "localhost", "127.0.0.1"],
        "WTF_CSRF_TIME_LIMIT": None,
        "MAX_FORM_MEMORY_SIZE": 256 * 1024,
        "MAX_FORM_PARTS": 400,
    }


def _open_gateways(app: Flask, config: Config) -> None:
    post = (
        SmtpPost(config.mail_url, config.mail_from, limit_seconds=config.lease_seconds * 5 / 6)
        if config.mail_url
        else RecordingPost(config.instance_path / "outbox")
    )
    opened = gateways.Gateways(
        post=post,
        files=FileStore(config.instance_path / "files"),
        texts=Texts(_HERE / "templates" / "messages", config.public_url),
        layouts=Layouts(_HERE / "templates" / "pdf"),
        printer=Printer(_HERE / "templates" / "pdf", wall_seconds=config.print_seconds),
        authorities=Authorities(OpenSsl()),
        downloads=Downloads(allowed=config.lists_allowed),
        sms=sms_desk(config.sms_urls, config.instance_path, seconds=config.sms_seconds),
        code_of=partial(derive, config.secret_key),
        link_of=partial(link_token, config.secret_key),
        keys=(config.secret_key, *config.secret_key_fallbacks),
        signatures=Checker(),
    )
    app.extensions["gateways"] = opened
    appcontext_pushed.connect(lambda _sender: gateways.use(opened), app, weak=False)
    for signal in (appcontext_pushed, request_tearing_down):
        signal.connect(lambda _sender, **_: company.expect_nothing(), app, weak=False)


def _wire_web(app: Flask, config: Config) -> None:
    sheet = pages.StyleSheet(_HERE / "static" / "site.css")
    login_manager.init_app(app)
    policy.init_app(app, policy.merge(_policies(config)), sign_in=subjects.sign_in, pay=subjects.pay)
    protection = CSRFProtect(app)
    for view in subjects.CALLED_BY_PROGRAMS:
        protection.exempt(view)
    errors.init_app(app)
    idempotency.init_app(app)
    script = htmx_script.from_cdn(app) if config.htmx_source == "cdn" else ""
    if not script:
        htmx_script.from_site(app, config.instance_path)
    headers.init_app(app, css=sheet.text, secure=config.secure, script=script)
    htmx.init_app(app, sign_in_address=lambda path: url_for("accounts.sign_in_page", next=path or None))
    filters.init_app(app, zone=lambda: company.profile().zone, size=human_size)
    pages.init_app(app, menu=menu.MENU, footer=menu.FOOTER, sheet=sheet, site=lambda: subjects.site(config))


def _policies(config: Config) -> Iterator[policy.Policy]:
    yield from subjects.policies()
    if config.htmx_source == "site":
        yield htmx_script.POLICY
