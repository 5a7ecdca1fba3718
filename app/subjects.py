"""What `create_app` puts together: blueprints, policy tables, lifecycles, panels; the menu is in `menu.py`.

The one list of subjects; whoever adds a subject adds its lines here.
"""

from collections.abc import Iterator
from typing import Any

from flask import Flask
from flask.typing import ResponseReturnValue

from app.accounts import access_routes as accounts_access_routes
from app.accounts import contact_routes as accounts_contact_routes
from app.accounts import office_routes as accounts_office_routes
from app.accounts import password_routes as accounts_password_routes
from app.accounts import routes as accounts_routes
from app.accounts import second_factor_routes as accounts_second_factor_routes
from app.accounts import session_routes as accounts_session_routes
from app.accounts import staff_routes as accounts_staff_routes
from app.accounts import text_routes as accounts_text_routes
from app.accounts.blueprint import bp as accounts
from app.administration import calendar_routes as administration_calendar_routes
from app.administration import category_routes as administration_category_routes
from app.administration import dictionary_routes as administration_dictionary_routes
from app.administration import people_routes as administration_people_routes
from app.administration import routes as administration_routes
from app.administration import sms_routes as administration_sms_routes
from app.administration import template_routes as administration_template_routes
from app.administration import term_routes as administration_term_routes
from app.administration import text_routes as administration_text_routes
from app.administration import trust_routes as administration_trust_routes
from app.administration.blueprint import bp as administration
from app.administration.sms_steps import on_sms_running_out
from app.appeals import routes as appeals_routes
from app.appeals import staff_routes as appeals_staff_routes
from app.appeals.blueprint import bp as appeals
from app.appeals.lifecycle import LIFECYCLE as APPEAL_LIFECYCLE
from app.appeals.panels import PANELS as APPEAL_PANELS
from app.appeals.panels import next_actions as next_of_appeal
from app.appeals.wording import COMPANY_POSTS
from app.cases import assign_routes as cases_assign_routes
from app.cases import (
    company_duty,
    document_kinds,
    document_lines,
    document_steps,
    kinds,
    next_actions,
    next_words,
    panels,
    reminder_queries,
    search_texts,
    supplier_duty,
    timeline,
    todo,
    turns,
)
from app.cases import deadline_routes as cases_deadline_routes
from app.cases import list_routes as cases_list_routes
from app.cases import live_routes as cases_live_routes
from app.cases import message_routes as cases_message_routes
from app.cases import pause_routes as cases_pause_routes
from app.cases import routes as cases_routes
from app.cases import staff_routes as cases_staff_routes
from app.cases.blueprint import bp as cases
from app.cases.case_panels import PANELS as CASE_PANELS
from app.cases.policy import APPEAL
from app.cases.signals import case_moved, document_opened
from app.company import queries as company
from app.config import Config
from app.connections import routes as connections_routes
from app.connections import staff_routes as connections_staff_routes
from app.connections.blueprint import bp as connections
from app.connections.checklist import COMPANY_KINDS
from app.connections.lifecycle import LIFECYCLE
from app.connections.panels import PANELS as APPLICATION_PANELS
from app.connections.panels import next_actions as next_of_application
from app.connections.searched import searched_answers
from app.connections.timeline import TIMELINE as APPLICATION_TIMELINE
from app.connections.todo import ASKED, application_task
from app.connections.works_queries import term_of_application
from app.contracts import act_routes as contracts_act_routes
from app.contracts import claim_routes as contracts_claim_routes
from app.contracts import package_routes as contracts_package_routes
from app.contracts import paper_routes as contracts_paper_routes
from app.contracts import payment_routes as contracts_payment_routes
from app.contracts import presign_routes as contracts_presign_routes
from app.contracts import statement_routes as contracts_statement_routes
from app.contracts.amount_queries import fees
from app.contracts.blueprint import bp as contracts
from app.contracts.claim_queries import CHECK as PAYMENT_CHECK
from app.contracts.ended_steps import on_case_moved as end_contract
from app.contracts.invoice_reminder_queries import due_invoices, payment_claimed
from app.contracts.next import PANELS as ACT_PANELS
from app.contracts.next import next_actions as next_of_contract
from app.contracts.next_words import next_words as words_of_contract
from app.contracts.package_panels import PANELS as PACKAGE_PANELS
from app.contracts.package_panels import next_actions as next_of_package
from app.contracts.package_queries import DUTY as SUPPLY_DUTY
from app.contracts.package_steps import on_case_moved as begin_package
from app.contracts.package_steps import on_document_signed as sign_package
from app.contracts.package_timeline import PACKAGE_TIMELINE
from app.contracts.paper_kinds import INVOICE, PAPER_TITLES
from app.contracts.paper_panels import PANELS as PAPER_PANELS
from app.contracts.payment_panels import PANELS as PAYMENT_PANELS
from app.contracts.payment_timeline import MONEY_TIMELINE
from app.contracts.signed_steps import on_document_signed as contract_signed
from app.contracts.timeline import TIMELINE as CONTRACT_TIMELINE
from app.notifications import routes as notifications_routes
from app.notifications.blueprint import bp as notifications
from app.notifications.signals import sms_running_out
from app.portal import routes as portal_routes
from app.portal.blueprint import bp as portal
from app.signing import amounts
from app.signing import authority_routes as signing_authority_routes
from app.signing import certificate_routes as signing_certificate_routes
from app.signing import check_routes as signing_check_routes
from app.signing import code_routes as signing_code_routes
from app.signing import evidence_routes as signing_evidence_routes
from app.signing import plugin_routes as signing_plugin_routes
from app.signing import routes as signing_routes
from app.signing import sign_routes as signing_sign_routes
from app.signing.blueprint import bp as signing
from app.signing.document_lines import signature_lines
from app.signing.next import next_actions as next_of_signing
from app.signing.next import next_words as words_of_signing
from app.signing.reminder_queries import waiting_signatures
from app.signing.signals import document_signed
from app.signing.slot_steps import keep_with_slots
from app.signing.timeline import TIMELINE as SIGNING_TIMELINE
from app.signing.turn_queries import CHECKED, TO_ANSWER, TO_JUDGE, TO_SIGN, signature_sent
from app.signing.viewing_actions import note_viewing
from app.web.policy import ANYBODY, Policy

_BLUEPRINTS = (
    accounts,
    administration,
    appeals,
    cases,
    connections,
    contracts,
    notifications,
    portal,
    signing,
)


_TIMELINES = (APPLICATION_TIMELINE, SIGNING_TIMELINE, CONTRACT_TIMELINE, PACKAGE_TIMELINE)


def register(app: Flask) -> None:
    """Hang every subject on the application."""
    kinds.register("application", LIFECYCLE, term_of=term_of_application)
    kinds.register(APPEAL, APPEAL_LIFECYCLE)
    document_kinds.register(
        "application", {kind.code: kind.short for kind in COMPANY_KINDS} | dict(PAPER_TITLES)
    )
    document_kinds.register(APPEAL, COMPANY_POSTS)
    document_lines.register(signature_lines)
    amounts.register(fees)
    document_steps.register_keeper(keep_with_slots)
    _register_acts()
    supplier_duty.register(SUPPLY_DUTY)
    company_duty.register(PAYMENT_CHECK)
    for sentences in _TIMELINES:
        timeline.register_sentences(sentences)
    # What was invoiced and paid is between the applicant and the company.
    timeline.register_sentences(MONEY_TIMELINE, to_suppliers=False)
    document_kinds.keep_from_suppliers(INVOICE)
    search_texts.register("application", searched_answers)
    reminder_queries.register(due_invoices)
    reminder_queries.register(waiting_signatures)
    reminder_queries.register_answered("payment", payment_claimed)
    for term in ("contract_signature", "act_signature"):
        reminder_queries.register_answered(term, signature_sent)
    panels.register(*CASE_PANELS, *cases_assign_routes.PANELS, *APPLICATION_PANELS, *APPEAL_PANELS)
    panels.register(*PAPER_PANELS, *PAYMENT_PANELS, *PACKAGE_PANELS, *ACT_PANELS)
    _listen()
    for blueprint in _BLUEPRINTS:
        app.register_blueprint(blueprint)


def _register_acts() -> None:
    """What can be done in a case and waits for somebody: buttons, words of the first panel, lines of the home page."""
    next_actions.register("application", next_of_application)
    next_actions.register("application", next_of_signing)
    next_actions.register("application", next_of_contract)
    next_actions.register("application", next_of_package)
    next_actions.register(APPEAL, next_of_appeal)
    next_words.register("application", words_of_contract)
    next_words.register("application", words_of_signing)
    todo.register("application", application_task, amount=ASKED)
    turns.register_turn("declined", TO_ANSWER)
    turns.register_turn("authority", TO_JUDGE)
    turns.register_turn("signature", TO_SIGN)
    turns.register_turn("checked", CHECKED)


def _listen() -> None:
    """What subjects above do, in the same transaction, when one below tells of something."""
    document_opened.connect(note_viewing)
    case_moved.connect(begin_package)
    case_moved.connect(end_contract)
    document_signed.connect(sign_package)
    document_signed.connect(contract_signed)
    sms_running_out.connect(on_sms_running_out)


_ROUTES = (
    accounts_access_routes,
    accounts_routes,
    accounts_contact_routes,
    accounts_office_routes,
    accounts_password_routes,
    accounts_second_factor_routes,
    accounts_session_routes,
    accounts_staff_routes,
    accounts_text_routes,
    administration_routes,
    administration_calendar_routes,
    administration_category_routes,
    administration_dictionary_routes,
    administration_people_routes,
    administration_sms_routes,
    administration_term_routes,
    administration_template_routes,
    administration_text_routes,
    administration_trust_routes,
    appeals_routes,
    appeals_staff_routes,
    cases_routes,
    cases_assign_routes,
    cases_deadline_routes,
    cases_list_routes,
    cases_live_routes,
    cases_message_routes,
    cases_pause_routes,
    cases_staff_routes,
    connections_routes,
    connections_staff_routes,
    contracts_act_routes,
    contracts_claim_routes,
    contracts_package_routes,
    contracts_paper_routes,
    contracts_payment_routes,
    contracts_presign_routes,
    contracts_statement_routes,
    notifications_routes,
    portal_routes,
    signing_routes,
    signing_code_routes,
    signing_authority_routes,
    signing_certificate_routes,
    signing_plugin_routes,
    signing_check_routes,
    signing_evidence_routes,
    signing_sign_routes,
)


#: Views that programs of others call: no form of ours and no token; a secret in the address stands for both.
CALLED_BY_PROGRAMS = (notifications_routes.sms_report,)


def policies() -> Iterator[Policy]:
    """The policy tables of all subjects; static files are for everybody."""
    yield {"static": ANYBODY}
    for routes in _ROUTES:
        yield routes.POLICY


def sign_in() -> ResponseReturnValue:
    """The answer to somebody who has to sign in first."""
    return accounts_routes.ask_to_sign_in()


def pay(owed: str) -> ResponseReturnValue:
    """The answer to somebody who has to do something before anything else."""
    return accounts_password_routes.lead_to_owed(owed)


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
