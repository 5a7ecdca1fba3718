"""Legal texts: the versions, a preview, the next version."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.administration import queries, text_actions
from app.administration.answers import ADMINISTRATORS, answered, sent_version, shown_version
from app.administration.blueprint import bp
from app.administration.forms import TextForm
from app.administration.wording import TEXTS
from app.company import queries as company
from app.web.idempotency import pressed_key
from app.web.login import current_actor
from app.web.policy import Rule

POLICY: dict[str, Rule] = {
    "administration.texts_page": ADMINISTRATORS,
    "administration.text_page": ADMINISTRATORS,
    "administration.publish_text": ADMINISTRATORS,
    "administration.text_version_page": ADMINISTRATORS,
}


@bp.get("/texts")
def texts_page() -> str:
    """The texts that people accept."""
    texts = [company.current_text(code) for code in TEXTS]
    return render_template("administration/texts.html", texts=texts)


def _text_page(code: str, form: TextForm, status: int = 200, *, preview: bool = False) -> ResponseReturnValue:
    present = company.current_text(code)
    page = render_template(
        "administration/text.html",
        present=present,
        versions=queries.text_versions(code),
        form=form,
        preview=preview,
        late=status == 409,
        version=sent_version() if preview else shown_version(status, present.version),
    )
    return page, status


@bp.get("/texts/<any(consent, agreement):code>")
def text_page(code: str) -> ResponseReturnValue:
    """The wording in force, to be changed."""
    return _text_page(code, TextForm(None, obj=company.current_text(code)))


@bp.post("/texts/<any(consent, agreement):code>")
def publish_text(code: str) -> ResponseReturnValue:
    """Publish a new version, or only show how it would look."""
    form = TextForm(request.form)
    if request.form.get("do") == "preview" and form.validate():
        return _text_page(code, form, preview=True)
    return answered(
        form,
        lambda: text_actions.publish(
            code,
            form.title.value,
            form.body.value,
            version=sent_version(),
            by=current_actor(),
            at=clock.now(),
            press=pressed_key(),
        ),
        lambda status: _text_page(code, form, status),
        to=url_for("administration.text_page", code=code),
        done="Новая версия опубликована. Принятые раньше версии сохранены.",
    )


@bp.get("/texts/<any(consent, agreement):code>/versions/<id:version>")
def text_version_page(code: str, version: int) -> str:
    """One version as people saw it."""
    return render_template("administration/text_version.html", text=queries.text_version(code, version))
