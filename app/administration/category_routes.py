"""Categories of applicants: the list, one category with its versions, and the form of the next version."""

from collections.abc import Mapping, Sequence

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.administration import category_actions, queries
from app.administration.answers import ADMINISTRATORS, answered
from app.administration.blueprint import bp
from app.administration.category_forms import CategoryForm
from app.administration.category_queries import versions_of
from app.administration.category_rules import held_on, standing
from app.administration.wording import works_words
from app.company import queries as company
from app.company.categories import WORKS_TERMS, Category
from app.company.category_queries import category_versions
from app.connections.power import format_kilowatts
from app.connections.wording import MODE_WORDS
from app.web.idempotency import pressed_key
from app.web.login import current_actor
from app.web.policy import Rule

POLICY: dict[str, Rule] = {
    "administration.categories_page": ADMINISTRATORS,
    "administration.category_page": ADMINISTRATORS,
    "administration.add_category_version": ADMINISTRATORS,
}


def _works() -> Mapping[str, str]:
    """Terms that the works of a category may have, as long as they are today: code → words."""
    terms = {term.code: term for term in queries.terms(company.today())}
    return {
        code: works_words(code, terms[code].days, terms[code].unit) for code in WORKS_TERMS if code in terms
    }


@bp.get("/categories")
def categories_page() -> str:
    """All categories as they hold today, with what holds from a later day."""
    present, planned = standing(category_versions(), company.today())
    return render_template(
        "administration/categories.html",
        present=present,
        planned=planned,
        works=_works(),
        mode_words=MODE_WORDS,
        kilowatts=format_kilowatts,
    )


@bp.get("/categories/<category>")
def category_page(category: str) -> ResponseReturnValue:
    """One category with its versions, and the form of the next one."""
    versions = versions_of(category)
    return _category_page(versions, CategoryForm(None, versions[-1], _works(), company.today()))


@bp.post("/categories/<category>")
def add_category_version(category: str) -> ResponseReturnValue:
    """Let the category say something else from a day on."""
    form = CategoryForm(request.form, versions_of(category)[-1], _works(), company.today())
    return answered(
        form,
        lambda: category_actions.add_version(
            category,
            form.values(),
            seen=request.form.get("seen", ""),
            by=current_actor(),
            at=clock.now(),
            press=pressed_key(),
        ),
        lambda status: _category_page(versions_of(category), form, status),
        to=url_for("administration.category_page", category=category),
        done="Сохранено. С какого дня это действует, видно в списке версий.",
    )


def _category_page(
    versions: Sequence[Category], form: CategoryForm, status: int = 200
) -> ResponseReturnValue:
    today = company.today()
    page = render_template(
        "administration/category.html",
        present=held_on(versions, today),
        versions=versions[::-1],
        today=today,
        form=form,
        seen=request.form.get("seen", "") if status == 422 else category_actions.mark_of(versions),
        late=status == 409,
        works=_works(),
        mode_words=MODE_WORDS,
        kilowatts=format_kilowatts,
    )
    return page, status
