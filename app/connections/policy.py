"""Who may change which part of an application, as sentences over plain values. Knows no case row and no files.

`asked` holds what the company's open request asks for: pairs of a subject (document | topic) and its code.
"""

from collections.abc import Set
from datetime import datetime

from app.cases.policy import Party
from app.connections.lifecycle import CHECKING, DRAFT, NEEDS_FIX, REGISTERED, SUBMITTED

#: Something that was asked for: («document», «plan») or («topic», «object»).
Asked = tuple[str, str]

#: Until the set of documents is called complete the company may decide otherwise about the mode.
MODE_OPEN = frozenset({SUBMITTED, REGISTERED, CHECKING, NEEDS_FIX})


def may_edit_topic(party: Party | None, status: str, topic: str, asked: Set[Asked]) -> bool:
    """Answers of a draft are free; of a sent application only the topics that the company asked to mend."""
    if party != "applicant":
        return False
    return status == DRAFT or (status == NEEDS_FIX and ("topic", topic) in asked)


def may_add_files(party: Party | None, status: str, kind: str, asked: Set[Asked]) -> bool:
    """Files go into any slot of a draft, and later only into the slots that the company asked for."""
    if party != "applicant":
        return False
    return status == DRAFT or (status == NEEDS_FIX and ("document", kind) in asked)


def may_remove_file(
    party: Party | None, status: str, *, added_at: datetime, asked_at: datetime | None, own: bool
) -> bool:
    """A draft gives its files back; of a sent application only what was added since the open request was made.

    `own` = the file was put into a slot by the applicant's side, not sent with a message.
    """
    if party != "applicant" or not own:
        return False
    return status == DRAFT or (status == NEEDS_FIX and asked_at is not None and added_at > asked_at)


def may_change_mode(party: Party | None, status: str) -> bool:
    """Staff may decide otherwise about the mode before the contract is being prepared."""
    return party == "company" and status in MODE_OPEN
