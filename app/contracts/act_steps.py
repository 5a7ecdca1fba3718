"""What each act after a complete set of documents changes and whom it tells. Every step needs an open transaction.

What the end of an application and its restoration do to contract and invoices is in `ended_steps`: it follows every
move that ends one, whoever makes it. What the last signature does is in `signed_steps`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.actor import Actor
from app.cases.kinds import stage_of
from app.cases.letter_steps import tell_applicant, tell_company, tell_supplier
from app.cases.models import Case, CaseDocument
from app.cases.steps import move
from app.connections.road import due_words, status_words
from app.contracts.act_letters import tell_connected, tell_next, tell_the_end
from app.contracts.act_rules import Act, Values
from app.contracts.contract_steps import contract_of
from app.contracts.paper_kinds import INVOICE
from app.contracts.publish_steps import (
    answer_with,
    offer_contract,
    place_papers,
    place_signed,
    replace_papers,
    require_day,
)
from app.journal.models import JournalEntry
from app.transaction import require_transaction


@dataclass(frozen=True)
class Doing:
    """One act being done: on which case, what was typed, the files that were put in, by whom and when."""

    case: Case
    act: Act
    values: Values
    files: list[CaseDocument]
    by: Actor
    at: datetime
    today: date

    def moved(self, *, term_starts_on: date | None = None, **details: Any) -> JournalEntry:
        """Make the move of the act; a typed reason stands in the journal with it."""
        told = {"reason": self.values.reason} if self.values.reason else {}
        return move(
            self.case,
            self.act.move,
            by=self.by,
            at=self.at,
            details={**told, **details},
            term_starts_on=term_starts_on,
        )

    @property
    def day(self) -> dict[str, Any]:
        """For the journal: the day on which it happened, as typed."""
        return {"on": self.values.on.isoformat()} if self.values.on is not None else {}

    def letter(self, entry: JournalEntry, **told: Any) -> dict[str, Any]:
        """What every letter about the act is given."""
        return {"key": str(entry.seq), "at": self.at, "due": due_words(self.case, self.today), **told}


def do(doing: Doing) -> None:
    """Do the act: its papers and signatures, its move, its letters."""
    require_transaction()
    _DOES[doing.act.move](doing)


def _publish_offer(doing: Doing) -> None:
    case = doing.case
    placed, invoice = offer_contract(case, doing.act.move, by=doing.by, at=doing.at)
    entry = doing.moved()
    titles = [one.title for one in placed]
    tell_applicant(case, "offer-posted", **doing.letter(entry, documents=titles, **invoice))
    seen = [one.title for one in placed if one.kind != INVOICE]
    tell_supplier(case, "supplier-contract-posted", **doing.letter(entry, documents=seen))


def _publish_contract(doing: Doing) -> None:
    case = doing.case
    placed, _invoice = offer_contract(case, doing.act.move, by=doing.by, at=doing.at)
    place_signed(placed, "contract", doing.files, doing.values, by=doing.by, at=doing.at)
    entry = doing.moved()
    titles = [one.title for one in placed]
    tell_applicant(case, "contract-posted", **doing.letter(entry, documents=titles))
    tell_supplier(case, "supplier-contract-posted", **doing.letter(entry, documents=titles))


def _dispute(doing: Doing) -> None:
    entry = doing.moved()
    told = doing.letter(entry, text=doing.values.reason, files=len(doing.files))
    tell_company(doing.case, "contract-disputed", **told)


def _answer_dispute(doing: Doing) -> None:
    case = doing.case
    edition = answer_with(case, doing.files, doing.values, by=doing.by, at=doing.at)
    entry = doing.moved()
    told = doing.letter(entry, text=doing.values.reason, new_edition=edition)
    tell_applicant(case, "dispute-answered", **told)


def _annul(doing: Doing) -> None:
    """Only after the last day, see `act_queries`; the reason names it, what was not done the status tells."""
    due_on = doing.case.due_on
    why = f"срок закончился {due_on:%d.%m.%Y}." if due_on else "срок закончился."
    entry = doing.moved(reason=why)
    tell_the_end(doing.case, entry, why, doing.at)


def _terminate(doing: Doing) -> None:
    entry = doing.moved()
    tell_the_end(doing.case, entry, doing.values.reason, doing.at)


def _restore(doing: Doing) -> None:
    case = doing.case
    entry = doing.moved()
    told = doing.letter(entry, reason=doing.values.reason, status=status_words(case))
    next_words = stage_of(case.kind, case.status).next_words
    tell_applicant(case, "restored", **told, next_words=next_words)
    tell_supplier(case, "restored", **told, next_words="")


def _plain(doing: Doing) -> None:
    entry = doing.moved()
    tell_next(doing.case, entry, doing.at, doing.today)


def _report_done(doing: Doing) -> None:
    entry = doing.moved(**doing.day)
    told = doing.letter(entry, text=doing.values.reason, on=f"{doing.values.on:%d.%m.%Y}")
    tell_company(doing.case, "done-reported", **told, files=len(doing.files))


def _accept_conditions(doing: Doing) -> None:
    entry = doing.moved()
    tell_applicant(doing.case, "conditions-checked", **doing.letter(entry, accepted=True, text=""))


def _return_conditions(doing: Doing) -> None:
    """The works' term goes on from the day of the contract."""
    contract = contract_of(doing.case)
    start = contract.concluded_on if contract is not None else None
    entry = doing.moved(term_starts_on=start)
    told = doing.letter(entry, accepted=False, text=doing.values.reason)
    tell_applicant(doing.case, "conditions-checked", **told)


def _admit_meter(doing: Doing) -> None:
    case = doing.case
    require_day(case, "meter_act", doing.values.on)
    place_papers(case, doing.act.move, by=doing.by, at=doing.at)
    entry = doing.moved(**doing.day)
    told = doing.letter(entry, on=f"{doing.values.on:%d.%m.%Y}")
    tell_applicant(case, "meter-admitted", **told, reader="applicant")
    tell_supplier(case, "meter-admitted", **told, reader="supplier")


def _connect(doing: Doing) -> None:
    require_day(doing.case, "connection_act", doing.values.on)
    place_papers(doing.case, doing.act.move, by=doing.by, at=doing.at)
    entry = doing.moved(**doing.day)
    tell_connected(doing.case, entry, doing.values.on or doing.today, doing.at)


def _publish_act(doing: Doing) -> None:
    case = doing.case
    place = replace_papers if doing.act.move == "replace_act" else place_papers
    placed = place(case, doing.act.move, by=doing.by, at=doing.at)
    place_signed(placed, "connection_act", doing.files, doing.values, by=doing.by, at=doing.at)
    entry = doing.moved()
    tell_applicant(case, "act-posted", **doing.letter(entry))


_DOES: Mapping[str, Callable[[Doing], None]] = {
    "publish_offer": _publish_offer,
    "publish_contract": _publish_contract,
    "dispute": _dispute,
    "answer_dispute": _answer_dispute,
    "annul_unpaid": _annul,
    "annul_unsigned": _annul,
    "restore_unpaid": _restore,
    "restore_unsigned": _restore,
    "restore_incomplete": _restore,
    "start_works": _plain,
    "report_done": _report_done,
    "own_part_done": _plain,
    "accept_conditions": _accept_conditions,
    "return_conditions": _return_conditions,
    "admit_meter": _admit_meter,
    "connect": _connect,
    "publish_act": _publish_act,
    "replace_act": _publish_act,
    "terminate": _terminate,
}
