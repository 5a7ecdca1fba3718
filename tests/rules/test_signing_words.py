"""Short names of signatures and powers of attorney are explained where they stand first: people do not know them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

APP = Path("app")
#: The short name → its words, in any case, just before it.
NAMES = {
    "ПЭП": r"прост\w+ электронн\w+ подпис\w+",
    "КЭП": r"квалифицированн\w+ электронн\w+ подпис\w+",
    "УКЭП": r"усиленн\w+ квалифицированн\w+ электронн\w+ подпис\w+",
    "МЧД": r"доверенност\w+",
}


def texts() -> Iterator[tuple[str, str]]:
    """Every template, and every string of the signing rooms, with where it stands."""
    for path in sorted((APP / "templates").rglob("*.*")):
        yield str(path.relative_to(APP)), path.read_text(encoding="utf-8")
    for path in sorted((APP / "signing").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        notes = {id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Expr)}
        told = [one.value for one in ast.walk(tree) if isinstance(one, ast.Constant) and id(one) not in notes]
        for place, text in enumerate(one for one in told if isinstance(one, str)):
            yield f"{path.name} {place}", text


def unexplained(text: str) -> list[str]:
    """The short names whose first place in a text has no words before it."""
    flat = " ".join(text.split())
    found = []
    for name, words in NAMES.items():
        first = re.search(rf"\b{name}\b", flat)
        if first and not re.search(rf"{words}[»,]* ?\(?$", flat[: first.start()], re.IGNORECASE):
            found.append(name)
    return found


def test_short_names_are_explained_where_they_stand_first() -> None:
    found = list(texts())
    assert sum("ПЭП" in text for _where, text in found) > 3
    assert {where: names for where, text in found if (names := unexplained(text))} == {}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Подписано простой электронной подписью (ПЭП). ПЭП равна бумаге.", []),
        ("Нужна КЭП: квалифицированная электронная подпись.", ["КЭП"]),
        ("усиленная квалифицированная электронная подпись, УКЭП", []),
        ("Приложите МЧД.", ["МЧД"]),
    ],
)
def test_a_name_without_its_words_is_found(text: str, names: list[str]) -> None:
    assert unexplained(text) == names
