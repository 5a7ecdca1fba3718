"""The supplier places the project of the supply contract, or requisites with the account of a household."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app import gateways
from app.actor import Actor
from app.cases.document_steps import attach, left_over
from app.cases.held_case import held_for_answer, sender, signed
from app.cases.letter_steps import tell_applicant, tell_company
from app.cases.message_text import clean_text
from app.cases.models import Case, CaseDocument
from app.cases.queries import require
from app.cases.steps import touch
from app.connections.refusals import clean_reason, collected
from app.contracts.models import SupplyPackage
from app.contracts.package_queries import (
    for_household,
    has_agreed,
    held_package,
    may_be_placed,
    placed_document,
)
from app.contracts.package_rules import CONTRACT, PREPARING, REQUISITES, clean_account, forms_of, signers
from app.contracts.package_steps import place_contract, place_requisites
from app.documents.intake import Received, Upload, received
from app.errors import Conflict, InvalidForm
from app.journal.steps import record
from app.signing.slot_queries import slots_of
from app.signing.slot_steps import open_slots, supersede
from app.transaction import transaction

LONGEST_REQUISITES = 1000
#: The kind of the project among the documents of the case.
KIND, TITLE = "supply_contract", "Договор ЭСО"
_WHY = "Напишите, почему заменяете: заявитель и сетевая организация прочитают это в письме."


@dataclass(frozen=True)
class Typed:
    """What stands in the form; `reason` counts when something was placed before."""

    form: str
    requisites: str = ""
    account: str = ""
    reason: str = ""


def place(
    case_id: int,
    typed: Typed,
    uploads: Sequence[Upload],
    *,
    by: Actor,
    at: datetime,
    key: str = "",
    seen: str = "",
) -> None:
    """Place the package or replace it with a reason; the applicant and the company get a letter (N11).

    Raises NotFound, Forbidden (for anybody but the supplier), Conflict (not waited for), CaseChanged, InvalidForm
    (`what`, `project`, `requisites`, `account`, `reason`).
    """
    left: list[str] = []
    with received(uploads[:1], field="project") as files, transaction():
        sent = (typed.form, typed.requisites, typed.account, *(one.stored.sha256 for one in files))
        case, side = held_for_answer(case_id, by=by, at=at, key=key, seen=seen, sent=sent)
        require(side == "supplier")
        package = open_package(case, held_package(case))
        again = package.state != PREPARING
        asked = _read(typed, files, again=again, household=for_household(case))
        if again:
            _take_away(package)
        if asked.form == CONTRACT:
            document, left = _attached(case, files, by=by, at=at)
            place_contract(package, document, by=by, at=at)
        else:
            place_requisites(package, asked.requisites, asked.account, by=by, at=at)
            left = [one.stored.key for one in files]
        _tell(case, package, asked, again, by=by, at=at)
    for storage_key in left:
        gateways.current().files.delete(storage_key)


def open_package(case: Case, package: SupplyPackage | None) -> SupplyPackage:
    """The package when the supplier can place or replace something now; raises Conflict."""
    if package is None:
        raise Conflict(
            "Договор энергоснабжения размещают, когда сетевая организация признает комплект документов полным."
        )
    if not may_be_placed(case, package):
        raise Conflict("Заявка завершена: договор энергоснабжения уже не меняют.")
    if has_agreed(case, package):
        raise Conflict(
            "Договор энергоснабжения уже заключен, без заявителя его не заменить. "
            "Об изменениях договоритесь с ним: напишите ему в сообщениях."
        )
    return package


def _read(typed: Typed, files: Sequence[Received], *, again: bool, household: bool) -> Typed:
    """The form cleaned; one InvalidForm with all that is wrong in it."""
    errors: dict[str, list[str]] = {}
    requisites = account = reason = ""
    if typed.form not in forms_of(household):
        errors["what"] = ["Выберите, что вы размещаете."]
    if typed.form == CONTRACT and not files:
        errors["project"] = ["Выберите файл с проектом договора."]
    if typed.form == REQUISITES:
        with collected(errors, "requisites"):
            requisites = clean_text(
                typed.requisites,
                max_length=LONGEST_REQUISITES,
                label="Реквизиты",
                blank="Напишите наименование и платежные реквизиты.",
            )
        with collected(errors, "account"):
            account = clean_account(typed.account)
    if again:
        with collected(errors, "reason"):
            reason = clean_reason(typed.reason, required=True, blank=_WHY)
    if errors:
        raise InvalidForm(errors)
    return Typed(typed.form, requisites, account, reason)


def _take_away(package: SupplyPackage) -> None:
    """What was placed before is not signed any more; its file stays in the case, its signatures are evidence."""
    document = placed_document(package)
    if document is not None:
        supersede(document)


def _attached(
    case: Case, files: Sequence[Received], *, by: Actor, at: datetime
) -> tuple[CaseDocument, list[str]]:
    """The project as a document of the supplier, with its slots; and the keys of bytes that are not needed."""
    rows = attach(case, files, kind=KIND, title=TITLE, side="supplier", by=by, at=at)
    if not rows:
        raise InvalidForm({"project": ["Этот файл уже размещен в обращении. Выберите новую редакцию."]})
    parties = signers(for_household(case), case.mode)
    if parties:
        open_slots(case, rows[0], parties, at=at)
    return rows[0], left_over(files, rows)


def _tell(case: Case, package: SupplyPackage, asked: Typed, again: bool, *, by: Actor, at: datetime) -> None:
    told = {"form": asked.form, **({"reason": asked.reason} if again else {})}
    entry = record(
        "supply_replaced" if again else "supply_placed",
        party="supplier",
        actor_id=by.user_id,
        at=at,
        case_id=case.id,
        public=True,
        details=signed(case, "supplier", told),
    )
    touch(case, at=at)
    signs = package.case_document_id is not None and any(
        slot.party == "applicant" for slot in slots_of(package.case_document_id)
    )
    for tell, office in ((tell_applicant, False), (tell_company, True)):
        tell(
            case,
            "supply-placed",
            key=f"j{entry.id}",
            at=at,
            office=office,
            requisites=asked.form == REQUISITES,
            account=asked.account,
            replaced=asked.reason,
            signs=signs,
            **sender(case, "supplier"),
        )
