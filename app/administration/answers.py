"""How every form of the set-up is answered: saved, refused at its fields, or overtaken by somebody else."""

from collections.abc import Callable

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from wtforms.form import BaseForm

from app.actor import ADMINISTRATOR
from app.administration.forms import tell
from app.errors import InvalidForm, Overtaken
from app.web.policy import Loader, Rule

#: Nothing was typed that does not stand there already.
UNCHANGED = "Вы ничего не изменили: значения прежние."

ADMINISTRATORS = Rule(roles=frozenset({ADMINISTRATOR}))


def one(argument: str, name: str, loader: Loader) -> Rule:
    """The rule of a page about one row: the id in the address becomes the view's argument `name`."""
    return Rule(roles=ADMINISTRATORS.roles, load={argument: (name, loader)})


def answered(
    form: BaseForm,
    save: Callable[[], object],
    show: Callable[[int], ResponseReturnValue],
    *,
    to: str,
    done: str,
) -> ResponseReturnValue:
    """303 to `to` with the words `done`, or the form again: 422 with sentences at its fields, 409 with both versions.

    `show` prints the page with the form as it was sent. A `save` that answers False has found nothing to change.
    """
    if not form.validate():
        return show(422)
    try:
        saved = save()
    except InvalidForm as refused:
        tell(form, refused)
        return show(422)
    except Overtaken:
        return show(409)
    if saved is False:
        flash(UNCHANGED, "info")
    else:
        flash(done, "success")
    return redirect(to, 303)


def sent_version() -> int:
    """The version of the row that was on the page, as the form brought it; 0 for what is none."""
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def shown_version(status: int, present: int) -> int:
    """The version that the page carries on: the present one, but for a form with mistakes, which may yet be overtaken."""
    return sent_version() if status == 422 else present
