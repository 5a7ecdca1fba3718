"""«Анкета на подключение»: the topics of a draft with their states, the documents, the way on, and the choice of the road.

Decides nothing and writes nothing.
"""

from collections.abc import Mapping
from types import MappingProxyType

from flask import render_template

from app.cases.models import Case
from app.company import queries as company
from app.connections import hub, queries
from app.connections.form_rules import came_by_form
from app.web.login import current_actor

_NOTHING: Mapping[str, list[str]] = MappingProxyType({})


def hub_page(case: Case, errors: Mapping[str, list[str]] = _NOTHING) -> str:
    """The page of a draft; `errors` are those of the choice of the road."""
    found = queries.dossier(case, current_actor(), company.today())
    tasks = hub.tasks(found.answers, found.items, found.present, found.context)
    ready, total = hub.progress(tasks)
    return render_template(
        "connections/hub.html",
        case=case,
        tasks=tasks,
        ready=ready,
        total=total,
        first=hub.first_open(tasks),
        by_form=came_by_form(found.answers),
        errors=errors,
    )
