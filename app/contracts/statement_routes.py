"""Bank statements and money without an invoice: staff's pages where each line is decided."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.actor import STAFF
from app.company import queries as company
from app.company.wording import plural
from app.contracts import models as _models  # noqa: F401  (the tables of the subject)
from app.contracts import statement_actions, statement_queries, unassigned_routes
from app.contracts.blueprint import bp
from app.contracts.models import Payment, StatementLine
from app.contracts.money_pages import Show, decided, for_an_invoice, with_a_note
from app.contracts.statement import LARGEST_FILE
from app.contracts.statement_actions import Imported
from app.contracts.statement_queries import line_of
from app.errors import InvalidForm
from app.extensions import db
from app.web.idempotency import pressed_key
from app.web.login import current_actor
from app.web.policy import Rule

_LIST = "contracts.statement_page"
_OFFICE = Rule(roles=STAFF)
_LINE = Rule(roles=STAFF, load={"line_id": ("line", line_of)})

POLICY: dict[str, Rule] = {
    "contracts.statement_page": _OFFICE,
    # The parts of a form stand around the file.
    "contracts.statement": Rule(roles=STAFF, body_limit=LARGEST_FILE + 64 * 1024),
    "contracts.line_page": _LINE,
    "contracts.count_line": _LINE,
    "contracts.put_aside": _LINE,
    "contracts.same_as_marked": _LINE,
    **unassigned_routes.POLICY,
}


@bp.get("/payments/statement")
def statement_page() -> ResponseReturnValue:
    """Lines of statements that wait for a decision, each with a proposal."""
    return _statement_page({})


def _statement_page(errors: Mapping[str, list[str]]) -> ResponseReturnValue:
    lines, count = statement_queries.waiting_lines(current_actor(), company.today())
    page = render_template(
        "contracts/statement.html",
        lines=lines,
        count=count,
        account=str(company.profile().settings["company.account"]),
        errors=errors,
    )
    return (page, 422) if errors else page


@bp.post("/payments/statement")
def statement() -> ResponseReturnValue:
    """Take a statement in."""
    sent = request.files.get("statement")
    content = sent.stream.read(LARGEST_FILE + 1) if sent is not None and sent.filename else b""
    if not content:
        return _statement_page({"statement": ["Выберите файл выписки."]})
    try:
        imported = statement_actions.import_statement(
            content, by=current_actor(), at=clock.now(), key=pressed_key()
        )
    except InvalidForm as error:
        return _statement_page(error.errors)
    flash(_imported_words(imported), "success" if imported.new else "info")
    return redirect(url_for(_LIST), 303)


def _imported_words(imported: Imported) -> str:
    count = imported.payments
    if not count:
        return "В файле нет поступлений на счет компании."
    words = f"В файле {count} {plural(count, 'платеж', 'платежа', 'платежей')}, новых {imported.new}."
    return words if imported.new else f"{words} Эти платежи уже загружены раньше."


@bp.get("/payments/lines/<id:line_id>")
def line_page(line: StatementLine) -> ResponseReturnValue:
    """One line: for which invoice it is, or a note for what nobody knows."""
    return _line_page(line, None, {})


def _line_page(
    line: StatementLine, typed: Mapping[str, str] | None, errors: Mapping[str, list[str]]
) -> ResponseReturnValue:
    found = [line] if line.state == "new" else []
    one = next(iter(statement_queries.proposed(found, current_actor(), company.today())), None)
    proposal = one.proposal if one else None
    number = proposal.invoice.number if proposal and proposal.invoice else ""
    page = render_template(
        "contracts/line.html",
        line=line,
        one=one,
        payment=db.session.get(Payment, line.payment_id) if line.payment_id else None,
        typed=typed if typed is not None else {"number": number},
        errors=errors,
    )
    return (page, 422) if errors else page


def _again(line_id: int) -> Show:
    """The page of a line after its form was refused: read afresh, with what was typed."""
    return lambda typed, errors: _line_page(line_of(current_actor(), line_id), typed, errors)


@bp.post("/payments/lines/<id:line_id>/count")
def count_line(line: StatementLine) -> ResponseReturnValue:
    """Count the money of the line for an invoice."""
    return for_an_invoice(statement_actions.count_line, line.id, _again(line.id), to=_LIST)


@bp.post("/payments/lines/<id:line_id>/put-aside")
def put_aside(line: StatementLine) -> ResponseReturnValue:
    """Put the money among what has no invoice."""
    words = "Платеж отложен: он стоит среди неразнесенных."
    return with_a_note(statement_actions.put_aside, line.id, words, _again(line.id), to=_LIST)


@bp.post("/payments/lines/<id:line_id>/same")
def same_as_marked(line: StatementLine) -> ResponseReturnValue:
    """Tie the line to the mark that was made by hand."""
    line_id = line.id

    def tie(_typed: Mapping[str, str], press: Mapping[str, Any]) -> str:
        number = statement_actions.same_as_marked(line_id, **press)
        return f"Платеж связан с отметкой по счету № {number}, второй раз деньги не учтены."

    return decided((), tie, _again(line_id), to=_LIST)
