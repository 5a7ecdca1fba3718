"""«Создание обращения»: the form of a new appeal, and its sending."""

from collections.abc import Mapping, Sequence

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.actor import APPLICANT
from app.appeals import actions, queries
from app.appeals.blueprint import bp
from app.appeals.forms import begun, typed_in, with_lost_files
from app.appeals.written import OWN_TOPIC, TO_COMPANY, Typed, number_in, supplier_choice
from app.cases.forms import chosen_files
from app.company import queries as company
from app.documents.file_types import ACCEPT
from app.errors import InvalidForm
from app.web import htmx
from app.web.idempotency import pressed_key
from app.web.login import current_actor
from app.web.policy import Rule

#: Files come with the form.
UPLOAD_LIMIT = 64 * 1024 * 1024

POLICY: dict[str, Rule] = {
    "appeals.new_page": Rule(roles=frozenset({APPLICANT})),
    "appeals.create": Rule(roles=frozenset({APPLICANT}), body_limit=UPLOAD_LIMIT),
}


@bp.get("/cases/new/message")
def new_page() -> str:
    """The form; nothing is made yet."""
    return _form(begun(request.args), {})


def _form(typed: Typed, errors: Mapping[str, Sequence[str]]) -> str:
    """The page with the form, or the form alone for htmx."""
    actor = current_actor()
    offered = queries.offered(actor, number_in(typed.about))
    recipients = [(TO_COMPANY, company.profile().name, "Сетевая организация")]
    for supplier_id, supplier in offered.suppliers.items():
        recipients.append((supplier_choice(supplier_id), supplier.name, supplier.hint))
    return htmx.answer(
        "appeals/new.html",
        "appeals/_appeal_form.html",
        links=queries.applicants_of(actor),
        recipients=recipients,
        topics=[*((one, one) for one in offered.topics), (OWN_TOPIC, "Другая тема")],
        applications=[(str(number), one.label) for number, one in offered.applications.items()],
        accept=ACCEPT,
        typed=typed,
        errors=errors,
    )


@bp.post("/cases/new/message")
def create() -> ResponseReturnValue:
    """Send the appeal; with something wrong the form comes back with what was typed."""
    typed, chosen = typed_in(request.form), chosen_files("files")
    try:
        case_id = actions.send(typed, chosen, by=current_actor(), at=clock.now(), key=pressed_key())
    except InvalidForm as error:
        return _form(typed, with_lost_files(error.errors, chosen)), 422
    to = "гарантирующему поставщику" if typed.recipient != TO_COMPANY else "в сетевую организацию"
    flash(f"Сообщение успешно создано и отправлено {to}.", "success")
    return htmx.leave(url_for("cases.page", case_id=case_id))
