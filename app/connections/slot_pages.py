"""Slots for files as pages show them: one part that stands on the page of documents, of the applicant and of the answer.

A slot is asked for by htmx alone; without scripts the whole page comes. Decides nothing and writes nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import render_template

from app.cases.document_steps import MAX_FILES
from app.cases.models import DRAFT, Case, CaseDocument
from app.company import queries as company
from app.connections import queries
from app.connections.checklist import Item
from app.connections.forms import FILES
from app.connections.panels import AskedLine, request_lines
from app.documents.file_types import ACCEPT
from app.web.login import current_actor

DOCUMENTS_PAGE, APPLICANT_PAGE, ANSWER_PAGE = "documents", "applicant", "answer"

_NO_MORE = "Больше не требуется."
_HINTS = {
    APPLICANT_PAGE: "Можно несколько сразу, каждый до 30 МБ: скан или фото, где читается весь текст.",
    ANSWER_PAGE: "Можно несколько файлов сразу, каждый до 30 МБ.",
}


@dataclass(frozen=True)
class Slot:
    """The place for files of one kind: what stands in it and in which state that is, what may be done, and errors."""

    code: str
    files: Sequence[CaseDocument]
    words: str
    tone: str
    icon: str
    sensitive: bool
    takes: bool
    gives: bool
    errors: list[str]
    page: str
    item: Item | None = None

    @property
    def hint(self) -> str:
        """What to know before choosing a file, where the page does not say it for all slots."""
        return _HINTS.get(self.page, "")


def page_of(case: Case, named: str) -> str:
    """On which page a slot stands; `named` is what the form says."""
    if case.status != DRAFT:
        return ANSWER_PAGE
    return APPLICANT_PAGE if named == APPLICANT_PAGE else DOCUMENTS_PAGE


def slots_of(case: Case, found: queries.Dossier, page: str, errors: Mapping[str, list[str]]) -> list[Slot]:
    """The slots of the checklist, and of the kinds that have files although they are needed no more."""
    return [_of_item(item, found, page, errors, draft=case.status == DRAFT) for item in found.slots]


def _of_item(
    item: Item, found: queries.Dossier, page: str, errors: Mapping[str, list[str]], *, draft: bool
) -> Slot:
    files = found.files.get(item.kind.code, [])
    state = ("Нужно приложить", "you", "") if item.required else ("Необязательно", "", "")
    words, tone, icon = (f"Приложено: {len(files)}", "ok", "check") if files else state
    return Slot(
        code=item.kind.code,
        files=files,
        words=words,
        tone=tone,
        icon=icon,
        sensitive=item.kind.sensitive,
        takes=draft and item.reason != _NO_MORE,
        gives=draft,
        errors=errors.get(FILES + item.kind.code, []),
        page=page,
        item=item,
    )


def slots_asked(lines: Iterable[AskedLine], errors: Mapping[str, list[str]]) -> dict[str, Slot]:
    """The slots of the documents that a request for corrections asks for, by kind."""
    return {line.code: _of_line(line, errors) for line in lines if line.subject == "document"}


def _of_line(line: AskedLine, errors: Mapping[str, list[str]]) -> Slot:
    words, tone, icon = ("Приложено", "ok", "check") if line.given else ("Ждем от вас", "you", "clock")
    return Slot(
        code=line.code,
        files=line.files,
        words=words,
        tone=tone,
        icon=icon,
        sensitive=False,
        takes=True,
        gives=True,
        errors=errors.get(FILES + line.code, []),
        page=ANSWER_PAGE,
    )


def slot_part(case: Case, kind: str, page: str, errors: list[str], *, said: str = "") -> str:
    """One slot as it is now, with what else changed on its page; `said` goes along with it."""
    found = queries.dossier(case, current_actor(), company.today())
    told = {FILES + kind: errors}
    if page == ANSWER_PAGE:
        asked = queries.open_request(case)
        slots = slots_asked(request_lines(case, asked, found), told)
    else:
        slots = {slot.code: slot for slot in slots_of(case, found, page, told)}
    if kind not in slots:
        return said
    parts = [
        render_template("connections/_slot.html", case=case, slot=slots[kind], accept=ACCEPT, focus=True),
        render_template("connections/_removals.html", case=case, slot=slots[kind], oob=True),
        said,
    ]
    if page == DOCUMENTS_PAGE:
        parts.append(render_template("connections/_progress.html", progress=progress_of(found), oob=True))
    return "".join(parts)


def progress_of(found: queries.Dossier) -> dict[str, int]:
    """How many of the required documents are there, and how many files in all."""
    required = [item.kind.code for item in found.items if item.required]
    return {
        "given": sum(code in found.present for code in required),
        "required": len(required),
        "files": found.count,
        "most": MAX_FILES,
    }
