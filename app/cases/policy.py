"""Rights on a case, as sentences over plain values. Route, action and template ask the same functions."""

from typing import Literal, Protocol

from app.actor import SUPPLIER, Actor

Party = Literal["applicant", "company", "supplier"]
Channel = Literal["company", "supplier", "internal"]

DRAFT = "draft"
#: The kind of a case that has one conversation alone, with whom it is addressed to.
APPEAL = "message"
#: The channel of notes that never leave the company.
INTERNAL: Literal["internal"] = "internal"


class CaseFacts(Protocol):
    """What the rules need to know of a case."""

    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def status(self) -> str: ...  # noqa: D102
    @property
    def recipient(self) -> str: ...  # noqa: D102
    @property
    def applicant_id(self) -> int: ...  # noqa: D102
    @property
    def supplier_id(self) -> int | None: ...  # noqa: D102
    @property
    def archived_at(self) -> object: ...  # noqa: D102
    @property
    def supplier_archived_at(self) -> object: ...  # noqa: D102
    @property
    def draft_opened_at(self) -> object: ...  # noqa: D102
    @property
    def answers_shared(self) -> bool: ...  # noqa: D102


def party_of(actor: Actor, case: CaseFacts) -> Party | None:
    """On which side the actor stands in this case; None means the case does not exist for them.

    Whoever acts for the applicant is on the applicant's side even when they also work for the company: nobody decides
    about their own application. An appeal to a supplier is a matter of these two alone.
    """
    if case.applicant_id in actor.applicant_ids:
        return "applicant"
    shown = case.status != DRAFT or case.draft_opened_at is not None
    if actor.is_staff and case.recipient == "company" and shown:
        return "company"
    if SUPPLIER in actor.roles and case.supplier_id == actor.supplier_id and case.status != DRAFT:
        return "supplier"
    return None


def may_see_answers(party: Party | None, case: CaseFacts) -> bool:
    """The questionnaire of a draft stays the applicant's own until they show it or send."""
    if party == "company":
        return case.status != DRAFT or case.answers_shared
    return party is not None


def channels_of(party: Party | None, case: CaseFacts) -> tuple[Channel, ...]:
    """The conversations that this side reads, the main one first.

    What an applicant and a supplier write to each other is not the company's to read, nor the other way round.
    """
    if party == "supplier":
        return ("supplier",)
    if party == "company":
        return ("company", INTERNAL)
    if party is None:
        return ()
    if case.kind == APPEAL:
        return ("supplier",) if case.recipient == "supplier" else ("company",)
    named = case.supplier_id is not None and case.status != DRAFT
    return ("company", "supplier") if named else ("company",)


def may_see_document(
    party: Party | None, *, sensitive: bool, shared_with_supplier: bool, internal: bool
) -> bool:
    """Identity papers go to a supplier only when shared; internal files stay within the company.

    Files that came with a message are seen by those who read its channel, see `channels_of`.
    """
    if party == "company":
        return True
    if internal or party is None:
        return False
    return party == "applicant" or shared_with_supplier or not sensitive


def is_closed(party: Party | None, case: CaseFacts) -> bool:
    """Whether the case can only be read on this side: the archive, or the supplier's own shelf of it."""
    return case.archived_at is not None or (party == "supplier" and case.supplier_archived_at is not None)


def may_write(party: Party | None, case: CaseFacts, channel: str = "company") -> bool:
    """Whether messages and files may be added to a channel: the archive is read only.

    An applicant writes to a supplier who has put the case away as long as the company has not.
    """
    return channel in channels_of(party, case) and channel != INTERNAL and not is_closed(party, case)


def may_write_internal(party: Party | None, case: CaseFacts) -> bool:
    """Internal notes are the company's alone."""
    return party == "company" and case.archived_at is None


def may_answer(party: Party | None, case: CaseFacts) -> bool:
    """Whether this side may do what those who answer do: own number, status lines, documents, archive."""
    return party in ("company", "supplier") and case.status != DRAFT and not is_closed(party, case)


def may_manage(party: Party | None, case: CaseFacts) -> bool:
    """Whether the company's acts on the case itself are possible: a number, statuses, documents, the archive.

    A draft is the applicant's own even when a question was asked on it.
    """
    return party == "company" and case.status != DRAFT and case.archived_at is None


def may_edit_draft(party: Party | None, case: CaseFacts) -> bool:
    """Answers and files of a draft are changed by the applicant's side."""
    return party == "applicant" and case.status == DRAFT
