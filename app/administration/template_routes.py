"""Texts of papers: the list, one text with its versions and substitutions, a preview over the sample, the next version."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app import clock
from app.administration import template_actions
from app.administration.answers import ADMINISTRATORS, answered, sent_version, shown_version
from app.administration.blueprint import bp
from app.administration.template_forms import TemplateForm
from app.contracts.paper_kinds import PAPER_TITLES
from app.contracts.paper_names import TEMPLATED, documented, sample
from app.contracts.template_queries import (
    current_template,
    current_templates,
    template_version,
    template_versions,
)
from app.contracts.template_text import filled
from app.errors import NotFound
from app.web.idempotency import pressed_key
from app.web.login import current_actor
from app.web.policy import Rule

POLICY: dict[str, Rule] = {
    "administration.templates_page": ADMINISTRATORS,
    "administration.template_page": ADMINISTRATORS,
    "administration.publish_template": ADMINISTRATORS,
    "administration.template_version_page": ADMINISTRATORS,
}


@bp.get("/templates")
def templates_page() -> str:
    """The texts from which papers are made."""
    present = current_templates()
    texts = [(PAPER_TITLES[code], present[code]) for code in TEMPLATED if code in present]
    return render_template("administration/templates.html", texts=texts)


@bp.get("/templates/<template_code>")
def template_page(template_code: str) -> ResponseReturnValue:
    """The wording in force, to be changed."""
    present = current_template(_known(template_code))
    return _template_page(template_code, TemplateForm(None, template_code, present.body))


@bp.post("/templates/<template_code>")
def publish_template(template_code: str) -> ResponseReturnValue:
    """Publish a new version, or only show how it would look."""
    form = TemplateForm(request.form, _known(template_code), "")
    if request.form.get("do") == "preview" and form.validate():
        return _template_page(template_code, form, preview=form.text)
    return answered(
        form,
        lambda: template_actions.publish(
            template_code,
            form.text,
            version=sent_version(),
            by=current_actor(),
            at=clock.now(),
            press=pressed_key(),
        ),
        lambda status: _template_page(template_code, form, status),
        to=url_for("administration.template_page", template_code=template_code),
        done="Новая версия опубликована. Документы, сделанные раньше, не изменятся.",
    )


@bp.get("/templates/<template_code>/versions/<id:version>")
def template_version_page(template_code: str, version: int) -> str:
    """One version over the sample, and its source."""
    found = template_version(_known(template_code), version)
    return render_template(
        "administration/template_version.html",
        title=PAPER_TITLES[template_code],
        found=found,
        shown=_over_sample(template_code, found.body),
    )


def _template_page(
    code: str, form: TemplateForm, status: int = 200, *, preview: str = ""
) -> ResponseReturnValue:
    present = current_template(code)
    page = render_template(
        "administration/template.html",
        title=PAPER_TITLES[code],
        present=present,
        versions=template_versions(code),
        names=list(documented(code)),
        form=form,
        shown=_over_sample(code, preview) if preview else "",
        late=status == 409,
        version=sent_version() if preview else shown_version(status, present.version),
    )
    return page, status


def _over_sample(code: str, body: str) -> Markup:
    # It went through the allow-list of contracts/template_text.py, its values are escaped.
    return Markup(filled(body, sample(code), sample(code)))  # noqa: S704


def _known(code: str) -> str:
    if code not in TEMPLATED:
        raise NotFound
    return code
