"""The shape of what pages of this subject send; what it means is for the rules, which the actions ask."""

from collections.abc import Iterable

from werkzeug.datastructures import FileStorage, MultiDict

from app.documents.intake import Upload

Typed = dict[str, list[str]]

#: The name of the file field of one slot is this with the code of the kind.
FILES = "files-"


def typed(form: MultiDict[str, str]) -> Typed:
    """All fields by name, each with every value that came."""
    return {name: list(values) for name, values in form.lists()}


def uploads(files: MultiDict[str, FileStorage], name: str) -> list[Upload]:
    """The files sent under a name; a field in which nothing was chosen sends an empty one."""
    return [Upload(one.filename, one.stream) for one in files.getlist(name) if one.filename]  # type: ignore[arg-type]


def asked_for(
    form: MultiDict[str, str], offered: Iterable[tuple[str, str, str]]
) -> list[tuple[str, str, str]]:
    """The ticked things as (subject, code, remark); a remark ticks its thing, what was not offered is not heard."""
    ticked = set(form.getlist("items"))
    found = []
    for subject, code, _title in offered:
        remark = form.get(f"remark-{subject}-{code}", "")
        if f"{subject}-{code}" in ticked or remark.strip():
            found.append((subject, code, remark))
    return found
