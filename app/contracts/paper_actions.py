"""What the office does with the papers of the next act: fills one in and has it printed, or puts an own file in its place."""

from collections.abc import Mapping
from datetime import datetime

from app import gateways
from app.actor import Actor
from app.cases.document_steps import attach, left_over
from app.cases.held_case import held_for_answer
from app.cases.models import Case
from app.cases.queries import require
from app.contracts.contract_steps import begun_contract, contract_of
from app.contracts.invoice_queries import payee_gaps
from app.contracts.paper_fields import read
from app.contracts.paper_kinds import PaperKind
from app.contracts.paper_queries import known_of, may_make
from app.contracts.paper_rules import mark_of
from app.contracts.paper_steps import (
    give_way,
    has_draft,
    invoice_sheet,
    keep_filled,
    print_sheet,
    templated_sheet,
)
from app.documents.intake import Upload, received
from app.errors import Conflict, InvalidForm, InvalidValue, Overtaken
from app.journal.steps import record
from app.transaction import transaction

#: For the page too: nobody can pay without them.
NO_REQUISITES = "В реквизитах компании не хватает: {}. Без них счет не оплатить. Заполните их в «Настройке»."
NO_DRAFT = "Сначала заполните форму счета: кабинет присвоит номер, по которому узнают оплату. Укажите его в своем файле."
SAME_FILE = "Этот файл уже приложен к заявке. Выберите другой."


def make_paper(
    case_id: int,
    kind: str,
    typed: Mapping[str, str],
    *,
    by: Actor,
    at: datetime,
    key: str = "",
    known: str | None = None,
) -> None:
    """Fill in a paper and have its PDF made; the company alone sees it until its act.

    The values, the company's text and its version are frozen here. `known` is the mark of the form that was on the page.
    Raises InvalidForm, NotFound for an unknown kind, IllegalMove when it is not made at this stage, Overtaken when
    somebody has filled it in since.
    """
    with transaction():
        sent = (kind, *(f"{name}={value}" for name, value in sorted(typed.items())))
        case, paper = _held(case_id, kind, by=by, at=at, key=key, sent=sent)
        before = contract_of(case)
        if known is not None and known != mark_of(before.filled if before else {}, kind):
            raise Overtaken
        if kind == "invoice" and (gaps := payee_gaps()):
            raise InvalidForm({"": [NO_REQUISITES.format(", ".join(gaps))]})
        values = read(kind, typed)
        contract = begun_contract(case, by=by, at=at)
        keep_filled(contract, kind, typed, values)
        try:
            if kind == "invoice":
                made = invoice_sheet(case, contract, values, by=by, at=at)
            else:
                made = templated_sheet(kind, known_of(case, by, contract), values)
        except (InvalidValue, Conflict) as refused:
            raise InvalidForm({"": [refused.message]}) from refused
        print_sheet(case, kind, made, by=by, at=at)
        _record(case, "paper_asked", paper, made.title, by=by, at=at)


def put_own_file(
    case_id: int, kind: str, uploads: list[Upload], *, by: Actor, at: datetime, key: str = ""
) -> None:
    """Put an own file in the place of a paper; what was made or put there before goes, if nobody outside has seen it.

    Raises InvalidForm (`files`), NotFound, IllegalMove as `make_paper`.
    """
    if len(uploads) != 1:
        raise InvalidForm({"files": ["Выберите один файл."]})
    with received(uploads) as files, transaction():
        case, paper = _held(case_id, kind, by=by, at=at, key=key, sent=(kind, files[0].stored.sha256))
        contract = begun_contract(case, by=by, at=at)
        if kind == "invoice" and not has_draft(case):
            raise InvalidForm({"files": [NO_DRAFT]})
        gone = give_way(case, kind)
        rows = attach(case, files, kind=kind, title=paper.title, side="company", by=by, at=at, internal=True)
        if not rows:
            raise InvalidForm({"files": [SAME_FILE]})
        if kind in ("contract", "offer_terms"):
            contract.template_version = None
        gone += left_over(files, rows)
        _record(case, "paper_posted", paper, paper.title, by=by, at=at)
    for storage_key in gone:
        gateways.current().files.delete(storage_key)


def _held(
    case_id: int, kind: str, *, by: Actor, at: datetime, key: str, sent: tuple[str, ...]
) -> tuple[Case, PaperKind]:
    case, side = held_for_answer(case_id, by=by, at=at, key=key, seen="", sent=sent)
    require(side == "company")
    return case, may_make(case, kind)


def _record(case: Case, entry: str, paper: PaperKind, title: str, *, by: Actor, at: datetime) -> None:
    told = {"kind": paper.code, "title": title}
    record(entry, party="company", actor_id=by.user_id, at=at, case_id=case.id, details=told)
