"""The papers of the project keep to its files: every test they name exists, every link leads somewhere."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).parent.parent
SECURITY = ROOT / "docs" / "security.md"
ARCHITECTURE = ROOT / "docs" / "architecture.md"
PAPERS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])

_NODE = re.compile(r"tests/[\w/]+\.py(?:::\w+)?")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_PATH = re.compile(
    r"`((?:app|tests|bin|deploy|docs|jobs|migrations|bench)/[\w./-]*|[\w-]+\.(?:py|cfg|toml|md|txt))`"
)


@cache
def functions(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def rows(paper: Path, heading: str) -> Iterator[list[str]]:
    """The cells of a table, found by the first cell of its heading."""
    inside = False
    for line in paper.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")] if line.startswith("|") else []
        if cells and cells[0] == heading:
            inside = True
        elif not cells:
            inside = False
        elif inside and not set(cells[0]) <= {"-", ":", " "}:
            yield cells


def promises() -> list[list[str]]:
    return list(rows(SECURITY, "promise"))


def test_every_promise_has_words_a_test_and_a_figure() -> None:
    found = promises()
    assert len(found) >= 60
    for cells in found:
        assert len(cells) == 4, cells[0]
        assert re.fullmatch(r"[A-Z]\d{1,2}", cells[0]), cells[0]
        assert all(cells), cells[0]
        assert "::" in cells[2], f"{cells[0]} names no test"
        assert re.search(r"\d", cells[3]), f"{cells[0]} has no figure"


def test_a_promise_stands_once() -> None:
    numbers = [cells[0] for cells in promises()]
    assert sorted(set(numbers)) == sorted(numbers)


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.name)
def test_every_named_test_exists(paper: Path) -> None:
    for node in _NODE.findall(paper.read_text(encoding="utf-8")):
        name, _, function = node.partition("::")
        assert (ROOT / name).is_file(), f"{paper.name}: {name}"
        assert not function or function in functions(ROOT / name), f"{paper.name}: {node}"


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.name)
def test_every_link_leads_to_a_file(paper: Path) -> None:
    for link in _LINK.findall(paper.read_text(encoding="utf-8")):
        target = unquote(link.partition("#")[0])
        if target and not re.match(r"[a-z]+:", target):
            assert (paper.parent / target).exists(), f"{paper.name}: {link}"


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.name)
def test_every_file_named_in_code_letters_exists(paper: Path) -> None:
    for name in _PATH.findall(paper.read_text(encoding="utf-8")):
        if "/" not in name:
            assert name in known_names(), f"{paper.name}: {name}"
        else:
            assert (ROOT / name).exists(), f"{paper.name}: {name}"


@cache
def known_names() -> set[str]:
    folders = [ROOT / name for name in ("app", "bench", "deploy", "docs", "jobs", "migrations", "tests")]
    found = {path.name for path in ROOT.iterdir()}
    return found | {path.name for folder in folders for path in folder.rglob("*")}


def test_every_law_is_held_by_something_that_exists() -> None:
    held = list(rows(ARCHITECTURE, "law"))
    assert len(held) >= 10
    for law, by in held:
        named = re.findall(r"`([\w./-]+)`", by)
        assert named, law
        for name in named:
            assert (ROOT / name).exists(), f"{law}: {name}"
