"""Pages of the tests alone, on which every answer of the web kit can be had: refusals, polls, a dialog, autosave."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Flask, flash, render_template_string, request
from flask.typing import ResponseReturnValue

from app.errors import Conflict, Forbidden, InvalidValue, NotFound, TooLarge, TooManyTries, Unavailable
from app.web.htmx import leave, oob_badge, say, wants_fragment
from app.web.policy import SIGNED_IN, Rule

FORM = """
{%- from "macros/forms.html" import area, button, csrf, error_summary, hidden -%}
{%- from "web/toolbar.html" import toolbar -%}
<form id="kit-form" method="post" action="/kit/act" novalidate data-autosave hx-post="/kit/act" hx-swap="outerHTML"
  hx-status:422="swap:outerHTML" hx-sync="this:drop">
  {{ csrf() }}{{ hidden("outcome", outcome) }}{{ error_summary(errors) }}
  {{ toolbar("f-text") }}
  {{ area("text", "Текст", text) }}
  <div id="kit-saved" hx-post="/kit/save" hx-trigger="autosave" hx-sync="this:drop"
    data-offline="Нет связи, сохраним позже.">{{ saved }}</div>
  {{ button("Отправить") }} {{ button("Отправить иначе", "secondary", "way", "other") }}
</form>
"""
PAGE = """
{%- extends "base.html" -%}
{% block title %}Проба{% endblock %}
{% block content %}
<h1>Проба</h1>
FORM
<p><a id="kit-link" href="/kit/part?outcome={{ outcome }}" hx-get="/kit/part?outcome={{ outcome }}" hx-target="#kit-part"
  hx-swap="outerHTML" hx-push-url="true" hx-sync="this:drop">Часть</a></p>
PART
<div id="kit-poll" hx-get="/kit/poll" hx-trigger="poll" hx-swap="beforeend" hx-sync="this:drop"></div>
<div id="kit-seen" hx-get="/kit/seen" hx-trigger="seen" hx-swap="none" hx-sync="this:drop"></div>
<p><a id="kit-open" href="/kit/dialog" hx-get="/kit/dialog" hx-target="#dialog-body" hx-sync="this:drop">Открыть окно</a></p>
{% endblock %}
"""
PART = """
<section id="kit-part"><h2>{{ part or 'Пока пусто' }}</h2>
<p><a id="kit-gone" href="/kit/part?outcome=gone" hx-get="/kit/part?outcome=gone" hx-target="#kit-part" hx-swap="outerHTML"
  hx-sync="this:drop">{{ 'Убрать' if part != 'Убрано' }}</a></p></section>
"""
DIALOG = """
{%- from "macros/forms.html" import csrf, hidden -%}
<form method="post" action="/kit/act" hx-post="/kit/act" hx-sync="this:drop">{{ csrf() }}{{ hidden("outcome", "conflict") }}
<label>Код<input name="code" autofocus></label></form>
"""
DONE = '{% extends "base.html" %}{% block title %}Готово{% endblock %}{% block content %}<h1>Готово</h1>{% endblock %}'


def _fails() -> ResponseReturnValue:
    raise RuntimeError("nobody foresaw this")


def _raises(kind: type[Exception], *words: object) -> Callable[[], ResponseReturnValue]:
    def refuse() -> ResponseReturnValue:
        raise kind(*words)

    return refuse


@dataclass
class Kit:
    """The pages and what they noted; `wait` holds back every answer to the form until it is set."""

    app: Flask
    acts: list[dict[str, str]] = field(default_factory=list)
    saves: list[str] = field(default_factory=list)
    polls: int = 0
    seen: int = 0
    news: list[str] = field(default_factory=list)
    wait: threading.Event | None = None

    def page(self) -> ResponseReturnValue:
        """The page on which everything stands."""
        page = PAGE.replace("FORM", FORM).replace("PART", PART)
        return self._print(page, outcome=request.args.get("outcome", ""))

    def act(self) -> ResponseReturnValue:
        """Answer the form as its field «outcome» says."""
        self.acts.append(request.form.to_dict())
        if self.wait is not None:
            self.wait.wait(20)
        outcome = request.form.get("outcome", "")
        if outcome in REFUSALS:
            return REFUSALS[outcome][2]()
        if outcome == "form":
            problem = [("f-text", "Напишите текст длиннее.")]
            return self._form(errors=problem), 422
        if outcome == "said":
            return self._form() + say("Сохранено.") + oob_badge()
        flash("Отправлено.", "success")
        return leave("/kit?here#kit-part" if outcome == "here" else "/kit/done")

    def _form(self, **context: object) -> str:
        template = FORM if wants_fragment() else PAGE.replace("FORM", FORM).replace("PART", PART)
        return self._print(template, text=request.form.get("text", ""), outcome="form", **context)

    def part(self) -> ResponseReturnValue:
        """A part by itself, or its page."""
        outcome = request.args.get("outcome", "")
        if outcome in REFUSALS:
            return REFUSALS[outcome][2]()
        words = "Убрано" if outcome == "gone" else "Пришло"
        template = PART if wants_fragment() else PAGE.replace("FORM", FORM).replace("PART", PART)
        return self._print(template, part=words, outcome=outcome)

    def poll(self) -> ResponseReturnValue:
        """The news, once."""
        self.polls += 1
        if not self.news:
            return "", 204
        return f"<p>{self.news.pop(0)}</p>"

    def look(self) -> ResponseReturnValue:
        """Note that the page is in sight."""
        self.seen += 1
        return "", 204

    def save(self) -> ResponseReturnValue:
        """Keep the text of the form."""
        self.saves.append(request.form["text"])
        return f"Сохранено: {len(self.saves)}"

    def dialog(self) -> ResponseReturnValue:
        """What stands in the dialog, or its page."""
        page = DONE.replace("<h1>Готово</h1>", f"<h1>Окно</h1>{DIALOG}")
        return self._print(DIALOG if wants_fragment() else page)

    def done(self) -> ResponseReturnValue:
        """Where a good form leads."""
        return self._print(DONE)

    def _print(self, template: str, **context: object) -> str:
        return render_template_string(
            template, **{"errors": [], "text": "", "part": "", "saved": "", **context}
        )


#: Outcome: (status, words of the sentence, what the view does).
REFUSALS: dict[str, tuple[int, str, Callable[[], ResponseReturnValue]]] = {
    "forbidden": (403, "нет права на это действие", _raises(Forbidden)),
    "missing": (404, "Такой страницы нет", _raises(NotFound)),
    "conflict": (409, "Обращение уже в архиве.", _raises(Conflict, "Обращение уже в архиве.")),
    "value": (409, "Напишите дату.", _raises(InvalidValue, "Напишите дату.")),
    "large": (413, "Файл больше 30 МБ.", _raises(TooLarge, "Файл больше 30 МБ.")),
    "tries": (429, "Подождите минуту.", _raises(TooManyTries, 60, "Подождите минуту.")),
    "failure": (500, "Это наша ошибка, а не ваша", _fails),
    "away": (503, "Сервис временно недоступен", _raises(Unavailable)),
    "disk": (503, "Сервис временно недоступен", _raises(OSError, 28, "no space")),
}


def mount(app: Flask) -> Kit:
    """Hang the pages on an application that has not answered anything yet."""
    kit = Kit(app)
    routes: list[tuple[str, str, Callable[[], ResponseReturnValue]]] = [
        ("GET", "/kit", kit.page),
        ("POST", "/kit/act", kit.act),
        ("GET", "/kit/part", kit.part),
        ("GET", "/kit/poll", kit.poll),
        ("GET", "/kit/seen", kit.look),
        ("POST", "/kit/save", kit.save),
        ("GET", "/kit/dialog", kit.dialog),
        ("GET", "/kit/done", kit.done),
    ]
    table: dict[str, Rule] = app.extensions["policy"]
    for method, path, view in routes:
        app.add_url_rule(path, f"kit.{path}", view, methods=[method])
        table[f"kit.{path}"] = SIGNED_IN
    return kit
