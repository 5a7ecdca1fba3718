"""Which papers the office makes at a stage, and what stands in their forms before anybody has typed. Pure."""

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from app.connections.contract_lifecycle import (
    CONTRACT_CONCLUDED,
    CONTRACT_DISPUTED,
    CONTRACT_SIGNED,
)
from app.connections.lifecycle import PREPARING_CONTRACT, PREPARING_OFFER
from app.connections.works_lifecycle import (
    ACT_SENT,
    CONNECTED,
    METER_ADMISSION,
    METER_ADMITTED,
    TU_CHECK,
    WORKS,
)
from app.contracts.paper_fields import FIELDS
from app.contracts.paper_kinds import PAPERS, PaperKind, papers_for
from app.errors import InvalidValue

#: The act for which papers are made at a stage, in each mode.
_NEXT_ACTS: Mapping[tuple[str, str], str] = {
    (PREPARING_OFFER, "A"): "publish_offer",
    (PREPARING_CONTRACT, "B"): "publish_contract",
    # A new edition goes out with the answer to the disagreements.
    (CONTRACT_DISPUTED, "B"): "publish_contract",
    (METER_ADMISSION, "A"): "admit_meter",
    (METER_ADMISSION, "B"): "admit_meter",
    (METER_ADMITTED, "A"): "connect",
    (METER_ADMITTED, "B"): "publish_act",
    # Made anew for who has declined it, or found a mistake in it.
    (ACT_SENT, "B"): "replace_act",
}
#: Once the contract is made invoices go out by themselves: for the whole fee (B) or for its next part. Parts may be due
#: long after the connection.
_INVOICES = frozenset(
    {
        CONTRACT_CONCLUDED,
        CONTRACT_SIGNED,
        WORKS,
        TU_CHECK,
        METER_ADMISSION,
        METER_ADMITTED,
        ACT_SENT,
        CONNECTED,
    }
)
#: Which earlier forms tell a field that a new one has too, the latest first.
_EARLIER = ("connection_act", "meter_act", "conditions", "contract", "offer_terms")
#: What every form decides anew.
_OWN_FIELDS = frozenset({"date", "part", "total", "due_on", "vat", "remarks"})


def next_act(status: str, mode: str) -> str:
    """The act for which papers are made now; empty when none is ahead."""
    return _NEXT_ACTS.get((status, mode), "")


def papers_now(status: str, mode: str) -> list[PaperKind]:
    """The papers that the office may make at a stage, in order."""
    papers = papers_for(next_act(status, mode), mode)
    if status in _INVOICES and PAPERS["invoice"] not in papers:
        papers.append(PAPERS["invoice"])
    return papers


def first_typed(kind: str, filled: Mapping[str, Any], facts: Mapping[str, str], today: str) -> dict[str, str]:
    """What stands in a form at first: as filled in last time, else by earlier papers, else by `facts` of the case.

    `today` is the company's day as typed.
    """
    own = filled.get(kind) or {}
    told: dict[str, str] = {}
    for field in FIELDS[kind]:
        earlier = (filled[one].get(field.code) for one in _EARLIER if filled.get(one))
        before = None if field.code in _OWN_FIELDS else next((one for one in earlier if one), None)
        told[field.code] = str(own.get(field.code) or before or facts.get(field.code, ""))
        if field.code in own and not own[field.code]:
            told[field.code] = ""  # taken out on purpose
    if not own:
        told["date"] = today
    return told


def known_facts(filled: Mapping[str, Any], facts: Mapping[str, str]) -> dict[str, Any]:
    """Values about the object for papers that do not ask for it: of the last form that did, else of the case."""
    told = next((filled[kind] for kind in _EARLIER if filled.get(kind, {}).get("power_new")), facts)
    values: dict[str, Any] = {}
    for field in FIELDS["connection_act"]:
        with suppress(InvalidValue):
            values[field.code] = field.parse(str(told.get(field.code, "")))
    return values


def mark_of(filled: Mapping[str, Any], kind: str) -> str:
    """A short digest of what a form was filled with last: a form that knows another one has been overtaken."""
    told = json.dumps(filled.get(kind), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()[:16]
