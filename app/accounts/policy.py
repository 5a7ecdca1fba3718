"""Rights over accounts, as sentences over plain values. Route, action and template ask the same functions."""

from app.actor import APPLICANT, STAFF, SUPPLIER, Actor


def side_of(roles: frozenset[str]) -> str:
    """On which side of the journal a person of these roles stands: company, supplier or applicant."""
    if SUPPLIER in roles:
        return "supplier"
    return "applicant" if roles <= {APPLICANT} else "company"


def may_see_people(actor: Actor) -> bool:
    """Accounts of applicants are the office's business; a mere administrator sees none."""
    return bool(actor.roles & STAFF)


def may_confirm(actor: Actor, user_id: int) -> bool:
    """The office confirms others, nobody themselves."""
    return may_see_people(actor) and actor.user_id != user_id


def may_add_applicant(actor: Actor) -> bool:
    """Whoever files applications in the cabinet may act for further applicants."""
    return APPLICANT in actor.roles
