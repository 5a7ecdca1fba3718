"""Rights over the set-up of the site, as sentences over plain values. Route, action and template ask the same functions."""

from app.actor import ADMINISTRATOR, Actor


def may_administer(actor: Actor) -> bool:
    """Only an administrator sets the site up; other roles of the company do not include it."""
    return ADMINISTRATOR in actor.roles


def may_change_person(actor: Actor, user_id: int) -> bool:
    """Nobody gives themselves roles, blocks themselves or goes round the check of their old password."""
    return may_administer(actor) and actor.user_id != user_id
