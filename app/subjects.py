"""What `create_app` puts together: blueprints, policy tables, lifecycles, panels, the menu.

The one list of subjects; whoever adds a subject adds its lines here.
"""

from collections.abc import Iterator
from typing import Any

from flask import Flask
from flask.typing import ResponseReturnValue

from app.accounts import routes as accounts_routes
from app.accounts import staff_routes as accounts_staff_routes
from app.accounts.blueprint import bp as accounts
from app.actor import EVERY_ROLE, STAFF
from app.cases import document_kinds, kinds, next_actions, panels, timeline
from app.cases import routes as cases_routes
from app.cases import staff_routes as cases_staff_routes
from app.cases.blueprint import bp as cases
from app.cases.case_panels import PANELS as CASE_PANELS
from app.company import queries as company
from app.config import Config
from app.connections import routes as connections_routes
from app.connections import staff_routes as connections_staff_routes
from app.connections.blueprint import bp as connections
from app.connections.checklist import COMPANY_KINDS
from app.connections.lifecycle import LIFECYCLE
from app.connections.panels import PANELS as APPLICATION_PANELS
from app.connections.panels import next_actions as next_of_application
from app.connections.timeline import TIMELINE as APPLICATION_TIMELINE
from app.notifications import routes as notifications_routes
from app.notifications.blueprint import bp as notifications
from app.portal import routes as portal_routes
from app.portal.blueprint import bp as portal
from app.web.pages import FooterLink, MenuItem
from app.web.policy import ANYBODY, Policy

MENU: list[MenuItem] = [
    MenuItem("Информация", "portal.home", EVERY_ROLE),
    MenuItem("Документооборот", "cases.list_page", cases_routes.READERS, badge=cases_routes.unread_badge),
    MenuItem("Заявители", "accounts.people_page", STAFF),
    MenuItem("Данные и настройки", "accounts.profile_page", EVERY_ROLE),
]

#: (label, endpoint, its arguments) of the links at the foot of every page.
FOOTER: list[FooterLink] = [
    ("Помощь", "portal.help_page", {}),
    ("Согласие на обработку персональных данных", "accounts.legal_page", {"code": "consent"}),
    (
        "Соглашение между участниками электронного взаимодействия",
        "accounts.legal_page",
        {"code": "agreement"},
    ),
]


def register(app: Flask) -> None:
    """Hang every subject on the application."""
    kinds.register("application", LIFECYCLE)
    document_kinds.register("application", {kind.code: kind.short for kind in COMPANY_KINDS})
    next_actions.register("application", next_of_application)
    timeline.register_sentences(APPLICATION_TIMELINE)
    panels.register(*CASE_PANELS, *APPLICATION_PANELS)
    for blueprint in (accounts, cases, connections, notifications, portal):
        app.register_blueprint(blueprint)


def policies() -> Iterator[Policy]:
    """The policy tables of all subjects; static files are for everybody."""
    yield {"static": ANYBODY}
    for routes in (
        accounts_routes,
        accounts_staff_routes,
        cases_routes,
        cases_staff_routes,
        connections_routes,
        connections_staff_routes,
        notifications_routes,
        portal_routes,
    ):
        yield routes.POLICY


def sign_in() -> ResponseReturnValue:
    """The answer to somebody who has to sign in first."""
    return accounts_routes.ask_to_sign_in()


def site(config: Config) -> dict[str, Any]:
    """What every page shows of the company."""
    profile = company.profile()
    return {
        "company_short": profile.name,
        "phone": profile.phone,
        "hours": profile.hours,
        "address": profile.address,
        "zone_words": f"Время на сайте: {profile.zone_label}",
        "demo": config.demo,
        "letters_kept": config.demo and not config.mail_url,
    }
