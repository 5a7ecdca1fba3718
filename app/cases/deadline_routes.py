"""The page «Сроки» of the company's people: what is due, by day, the late first."""

from flask import render_template, request

from app.actor import STAFF
from app.cases.blueprint import bp
from app.cases.deadline_queries import SHOWN, deadline_groups
from app.cases.list_cards import cards
from app.company import queries as company
from app.web.login import current_actor
from app.web.policy import Rule

POLICY: dict[str, Rule] = {"cases.deadlines_page": Rule(roles=STAFF)}


@bp.get("/deadlines")
def deadlines_page() -> str:
    """Open cases by their deadline; `?whose=mine` shows what one has taken."""
    actor, today = current_actor(), company.today()
    mine = request.args.get("whose") == "mine"
    found = deadline_groups(actor, today, company.calendar(), mine=mine)
    groups = [(group, cards(group.rows, actor, today)) for group in found]
    return render_template("cases/deadlines.html", groups=groups, mine=mine, today=today, shown=SHOWN)
