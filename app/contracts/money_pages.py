"""How the forms about money that waits for a decision are answered: decided, or the page again with what was typed.

A line of a statement and money that was noted by hand are decided alike; only their actions and pages differ.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.contracts.payment_forms import at_number, typed_in
from app.contracts.payment_routes import counted_words
from app.contracts.payment_steps import Counted
from app.errors import InvalidForm
from app.web.idempotency import pressed_key
from app.web.login import current_actor

#: From what was typed and who pressed which button when (`by`, `at`, `key`) to what is said of it.
Decide = Callable[[Mapping[str, str], Mapping[str, Any]], str]
#: From what was typed and its errors by field to the page again.
Show = Callable[[Mapping[str, str], Mapping[str, list[str]]], ResponseReturnValue]


def decided(names: Iterable[str], decide: Decide, show: Show, *, to: str) -> ResponseReturnValue:
    """The form with the fields `names` decided: 303 to the list `to`, which says so, or 422 by `show`."""
    typed = typed_in(request.form, names)
    try:
        words = decide(typed, {"by": current_actor(), "at": clock.now(), "key": pressed_key()})
    except InvalidForm as refused:
        return show(typed, refused.errors)
    flash(words, "success")
    return redirect(url_for(to), 303)


def for_an_invoice(
    count: Callable[..., Counted], money_id: int, show: Show, *, to: str
) -> ResponseReturnValue:
    """The money with this id counted by the action `count` for the invoice whose number was typed."""

    def decide(typed: Mapping[str, str], press: Mapping[str, Any]) -> str:
        return counted_words(count(money_id, typed["number"], over=typed["over"] == "1", **press))

    return decided(("number", "over"), decide, lambda typed, errors: show(typed, at_number(errors)), to=to)


def with_a_note(
    note: Callable[..., object], money_id: int, words: str, show: Show, *, to: str
) -> ResponseReturnValue:
    """The money with this id decided otherwise by the action `note`, which takes the office's words about it."""

    def decide(typed: Mapping[str, str], press: Mapping[str, Any]) -> str:
        note(money_id, typed["note"], **press)
        return words

    return decided(("note",), decide, show, to=to)
