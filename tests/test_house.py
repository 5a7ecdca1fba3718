"""The laws of the house that import contracts cannot express (docs/architecture.md lists them all)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask

from app.extensions import db
from app.transaction import transaction

ROOT = Path(__file__).parent.parent
APP = ROOT / "app"
TEMPLATES = APP / "templates"

#: Names of files whose code stands below the routes.
BELOW_ROUTES = re.compile(r"(^|_)(actions?|steps|queries|models|rules|policy)\.py$")
WEB_MODULES = {"flask", "flask_login", "flask_wtf", "wtforms"}


def sources(folder: Path = APP) -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(folder.rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_every_endpoint_stands_in_the_policy_table_and_nothing_else_does(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert endpoints == set(app.extensions["policy"])


def test_an_endpoint_without_a_row_is_refused(app: Flask) -> None:
    app.extensions["policy"].pop("portal.healthz")
    assert app.test_client().get("/healthz", base_url="https://lk.example.org").status_code == 403


def test_below_the_routes_nobody_knows_the_request_or_the_forms() -> None:
    checked = 0
    for path, tree in sources():
        if path.parent == APP / "web" or not BELOW_ROUTES.search(path.name):
            continue
        checked += 1
        found = {name.split(".")[0] for name in imported(tree)} & WEB_MODULES
        assert not found, f"{path.relative_to(ROOT)} imports {found}"
    assert checked > 15


def test_an_action_never_calls_another_action() -> None:
    for path, tree in sources():
        if not path.name.endswith("actions.py"):
            continue
        calls = [name for name in imported(tree) if re.search(r"actions(\.|$)", name)]
        assert not calls, f"{path.relative_to(ROOT)} imports {calls}"


def test_a_transaction_refuses_to_nest(context: Flask) -> None:
    with transaction(), pytest.raises(RuntimeError, match="another action"), transaction():
        pass


def test_a_failed_action_leaves_nothing(context: Flask) -> None:
    from app.company.models import Supplier

    with pytest.raises(ZeroDivisionError), transaction():
        db.session.add(Supplier(name="ООО «Энергосбыт»"))
        db.session.flush()
        1 / 0  # noqa: B018
    assert db.session.query(Supplier).count() == 0


def test_status_is_written_by_one_step_alone() -> None:
    for path, tree in sources():
        if path == APP / "cases" / "steps.py":
            continue
        for node in ast.walk(tree):
            targets = (
                node.targets
                if isinstance(node, ast.Assign)
                else [node.target]
                if isinstance(node, ast.AugAssign)
                else []
            )
            named = [
                target
                for target in targets
                if isinstance(target, ast.Attribute) and target.attr in ("status", "mover", "due_on")
            ]
            owners = [ast.unparse(target) for target in named if not ast.unparse(target).startswith("self.")]
            assert not owners, f"{path.relative_to(ROOT)} assigns {owners}"


def test_no_file_is_named_after_nothing() -> None:
    nameless = {"utils", "helpers", "misc", "common", "services", "util", "helper"}
    found = [
        path
        for folder in (APP, ROOT / "jobs", ROOT / "tests")
        for path in folder.rglob("*")
        if path.stem in nameless
    ]
    assert found == []


def test_a_fragment_names_its_root_after_its_file() -> None:
    fragments = [path for path in TEMPLATES.rglob("_*.html")]
    for path in fragments:
        text = path.read_text(encoding="utf-8")
        name = path.stem.lstrip("_").replace("_", "-")
        assert f'id="{name}"' in text or "{#- part of" in text or "macro" in text, path.relative_to(ROOT)
    assert fragments


def test_forms_work_without_javascript() -> None:
    for path in TEMPLATES.rglob("*.html"):
        text = re.sub(r"\{[{%#].*?[}%#]\}", "x", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        soup = BeautifulSoup(text, "html.parser")
        for form in soup.find_all("form"):
            assert form.get("method", "get").lower() == "get" or form.has_attr("action"), path
        assert not [
            tag
            for tag in soup.find_all(True)
            if any(name.startswith("on") or name == "style" for name in tag.attrs)
        ], path
        assert not soup.find_all("script", src=False), path


def written(path: Path) -> BeautifulSoup:
    """A template as HTML; each printed expression is a word of its own, the same for the same expression."""
    text = re.sub(r"\{[%#].*?[%#]\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    text = re.sub(r"\{\{.*?\}\}", lambda found: f"x{abs(hash(found[0]))}", text, flags=re.DOTALL)
    return BeautifulSoup(text, "html.parser")


def partials() -> Iterator[tuple[Path, Tag]]:
    """Every element that htmx serves."""
    for path in sorted(TEMPLATES.rglob("*.html")):
        for tag in written(path).find_all(True):
            if any(name.startswith(("hx-", "data-hx-")) for name in tag.attrs):
                yield path, tag


def test_what_a_person_presses_does_the_same_without_htmx() -> None:
    checked = 0
    for path, tag in partials():
        asked, where = tag.get("hx-get") or tag.get("hx-post"), f"{path.relative_to(TEMPLATES)}: {tag}"
        if not asked:
            continue
        checked += 1
        if tag.name == "a":
            assert tag.get("href") == tag.get("hx-get"), where
        elif tag.name == "form":
            assert tag.get("action") == asked, where
            assert str(tag.get("method", "get")).lower() == ("post" if tag.has_attr("hx-post") else "get"), (
                where
            )
        elif tag.name == "button":
            assert tag.get("type") == "submit", f"the form that it stands in has to be sent: {where}"
        else:
            assert tag.has_attr("hx-trigger"), f"nobody can press it without htmx: {where}"
            assert "click" not in str(tag["hx-trigger"]), where
    assert checked


def test_htmx_is_asked_for_nothing_that_the_policy_forbids_or_that_cannot_be_without_it() -> None:
    known = {"hx-get", "hx-post"}
    for path, tag in partials():
        where = f"{path.relative_to(TEMPLATES)}: {tag}"
        names = {name for name in tag.attrs if name.startswith(("hx-", "data-hx-"))}
        assert not [name for name in names if "hx-on" in name or name.startswith("data-hx-")], where
        assert not names & {"hx-boost", "hx-put", "hx-patch", "hx-delete", "hx-disable"}, where
        assert "[" not in str(tag.get("hx-trigger", "")), f"{where}: a filter needs eval"
        assert not [name for name in names if re.match(r"\s*(js|javascript):", str(tag[name]))], where
        if names & known:
            synced = tag.has_attr("hx-sync") or tag.find_parent(attrs={"hx-sync:inherited": True})
            assert synced, f"{where} does not say what a second request does"


def test_every_target_exists() -> None:
    ids = {str(tag["id"]) for path in TEMPLATES.rglob("*.html") for tag in written(path).find_all(id=True)}
    for path, tag in partials():
        target = str(tag.get("hx-target", "this"))
        if target.startswith("#") and not re.search(r"x\d{6}", target):
            assert target[1:] in ids, f"{path.relative_to(TEMPLATES)}: {target}"


def test_nothing_is_printed_unescaped_but_what_is_known() -> None:
    allowed = {("base.html", "css_inline|safe")}
    for path in TEMPLATES.rglob("*.html"):
        for found in re.findall(r"[\w.]+\s*\|\s*safe", path.read_text(encoding="utf-8")):
            assert (path.name, found.replace(" ", "")) in allowed, f"{path.name}: {found}"


def test_every_public_function_says_what_it_takes_and_what_it_is() -> None:
    for path, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                assert node.returns is not None, f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"


def test_files_and_functions_stay_short_enough_to_read() -> None:
    for path, tree in [*sources(), *sources(ROOT / "jobs")]:
        lines = len(path.read_text(encoding="utf-8").splitlines())
        assert lines <= 300, f"{path.relative_to(ROOT)} has {lines} lines"
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                lines = _lines_of_code(node)
                assert lines <= 30, f"{path.relative_to(ROOT)}:{node.lineno} {node.name} has {lines} lines"


def _lines_of_code(function: ast.FunctionDef) -> int:
    """Lines of the body, the docstring left out."""
    first = function.body[1:] if ast.get_docstring(function) else function.body
    return (function.end_lineno or 0) - first[0].lineno + 1 if first else 0
