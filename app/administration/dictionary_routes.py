"""Suppliers, topics of appeals, own kinds of documents: lists, and a form for each row."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form

from app import clock
from app.administration import queries, row_actions
from app.administration.answers import ADMINISTRATORS, answered, one, sent_version, shown_version
from app.administration.blueprint import bp
from app.administration.forms import DocumentKindForm, SupplierForm, TopicForm
from app.cases.document_kinds import posted_kinds
from app.company.models import AppealTopic, DocumentKind, Supplier
from app.web.idempotency import pressed_key
from app.web.login import current_actor
from app.web.policy import Rule

_SUPPLIER = one("supplier_id", "supplier", queries.supplier)
_TOPIC = one("topic_id", "topic", queries.topic)
_KIND = one("kind_id", "kind", queries.document_kind)

POLICY: dict[str, Rule] = {
    "administration.suppliers_page": ADMINISTRATORS,
    "administration.new_supplier_page": ADMINISTRATORS,
    "administration.add_supplier": ADMINISTRATORS,
    "administration.supplier_page": _SUPPLIER,
    "administration.save_supplier": _SUPPLIER,
    "administration.topics_page": ADMINISTRATORS,
    "administration.add_topic": ADMINISTRATORS,
    "administration.topic_page": _TOPIC,
    "administration.save_topic": _TOPIC,
    "administration.documents_page": ADMINISTRATORS,
    "administration.add_document_kind": ADMINISTRATORS,
    "administration.document_kind_page": _KIND,
    "administration.save_document_kind": _KIND,
}

Saving = Callable[..., object]


def _arguments() -> Mapping[str, Any]:
    return {"by": current_actor(), "at": clock.now(), "press": pressed_key()}


def _late(form: Any, row: Any, status: int) -> Sequence[tuple[str, str]]:
    """What is kept now, in words, when somebody else was faster."""
    if status != 409:
        return []
    kept = [(field, getattr(row, field.name)) for field in form]
    words = {True: "да", False: "нет", "": "не задано"}
    return [(field.label.text, words.get(value, value)) for field, value in kept]


def _row_page(template: str, row: Any, form: Form, status: int, **names: Any) -> ResponseReturnValue:
    """The form of one row; after a conflict with what is kept now and with its version."""
    page = render_template(
        template,
        form=form,
        late=_late(form, row, status),
        version=shown_version(status, row.version),
        **names,
    )
    return page, status


# Suppliers


@bp.get("/suppliers")
def suppliers_page() -> str:
    """All suppliers."""
    return render_template("administration/suppliers.html", suppliers=queries.suppliers())


def _new_supplier_page(form: Form, status: int = 200) -> ResponseReturnValue:
    return render_template("administration/new_supplier.html", form=form), status


@bp.get("/suppliers/new")
def new_supplier_page() -> ResponseReturnValue:
    """The form of a new supplier."""
    return _new_supplier_page(SupplierForm(None))


@bp.post("/suppliers/new")
def add_supplier() -> ResponseReturnValue:
    """Add a supplier."""
    form = SupplierForm(request.form)
    return answered(
        form,
        lambda: row_actions.add_supplier(form.values(), **_arguments()),
        lambda status: _new_supplier_page(form, status),
        to=url_for("administration.suppliers_page"),
        done="Поставщик добавлен. Откройте его, чтобы добавить сотрудников.",
    )


def _supplier_page(supplier: Supplier, form: Form, status: int = 200) -> ResponseReturnValue:
    people = queries.supplier_people(supplier.id)
    return _row_page("administration/supplier.html", supplier, form, status, supplier=supplier, people=people)


@bp.get("/suppliers/<id:supplier_id>")
def supplier_page(supplier: Supplier) -> ResponseReturnValue:
    """One supplier and their people."""
    return _supplier_page(supplier, SupplierForm(None, obj=supplier))


@bp.post("/suppliers/<id:supplier_id>")
def save_supplier(supplier: Supplier) -> ResponseReturnValue:
    """Change a supplier."""
    form, row_id = SupplierForm(request.form), supplier.id
    return answered(
        form,
        lambda: row_actions.change_supplier(row_id, form.values(), version=sent_version(), **_arguments()),
        lambda status: _supplier_page(supplier, form, status),
        to=url_for("administration.supplier_page", supplier_id=row_id),
        done="Изменения сохранены.",
    )


# Topics of appeals


def _topics_page(form: Form, status: int = 200) -> ResponseReturnValue:
    page = render_template("administration/topics.html", topics=queries.topics(), form=form)
    return page, status


@bp.get("/topics")
def topics_page() -> ResponseReturnValue:
    """All topics, and the form of a new one."""
    last = max((topic.position for topic in queries.topics()), default=0)
    return _topics_page(TopicForm(None, position=str(min(last + 10, 9999))))


@bp.post("/topics")
def add_topic() -> ResponseReturnValue:
    """Add a topic."""
    form = TopicForm(request.form)
    return answered(
        form,
        lambda: row_actions.add_topic(form.values(), **_arguments()),
        lambda status: _topics_page(form, status),
        to=url_for("administration.topics_page"),
        done="Тема добавлена.",
    )


def _topic_page(topic: AppealTopic, form: Form, status: int = 200) -> ResponseReturnValue:
    return _row_page("administration/topic.html", topic, form, status, topic=topic)


@bp.get("/topics/<id:topic_id>")
def topic_page(topic: AppealTopic) -> ResponseReturnValue:
    """One topic."""
    return _topic_page(topic, TopicForm(None, obj=topic))


@bp.post("/topics/<id:topic_id>")
def save_topic(topic: AppealTopic) -> ResponseReturnValue:
    """Change a topic."""
    form, row_id = TopicForm(request.form), topic.id
    return answered(
        form,
        lambda: row_actions.change_topic(row_id, form.values(), version=sent_version(), **_arguments()),
        lambda status: _topic_page(topic, form, status),
        to=url_for("administration.topics_page"),
        done="Тема изменена.",
    )


# Kinds of documents that the company posts


def _documents_page(form: Form, status: int = 200) -> ResponseReturnValue:
    own = queries.document_kinds()
    codes = {kind.code for kind in own}
    posted = posted_kinds("application") | posted_kinds("message")
    built_in = [title for code, title in posted.items() if code not in codes]
    page = render_template("administration/documents.html", kinds=own, built_in=built_in, form=form)
    return page, status


@bp.get("/documents")
def documents_page() -> ResponseReturnValue:
    """Kinds of the program and own ones, and the form of a new one."""
    return _documents_page(DocumentKindForm(None))


@bp.post("/documents")
def add_document_kind() -> ResponseReturnValue:
    """Add an own kind."""
    form = DocumentKindForm(request.form)
    return answered(
        form,
        lambda: row_actions.add_document_kind(form.values(), **_arguments()),
        lambda status: _documents_page(form, status),
        to=url_for("administration.documents_page"),
        done="Вид документа добавлен.",
    )


def _kind_page(kind: DocumentKind, form: Form, status: int = 200) -> ResponseReturnValue:
    return _row_page("administration/document_kind.html", kind, form, status, kind=kind)


@bp.get("/documents/<id:kind_id>")
def document_kind_page(kind: DocumentKind) -> ResponseReturnValue:
    """One own kind."""
    return _kind_page(kind, DocumentKindForm(None, obj=kind))


@bp.post("/documents/<id:kind_id>")
def save_document_kind(kind: DocumentKind) -> ResponseReturnValue:
    """Change an own kind."""
    form, row_id = DocumentKindForm(request.form), kind.id
    return answered(
        form,
        lambda: row_actions.change_document_kind(
            row_id, form.values(), version=sent_version(), **_arguments()
        ),
        lambda status: _kind_page(kind, form, status),
        to=url_for("administration.documents_page"),
        done="Вид документа изменен.",
    )
