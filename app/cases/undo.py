"""How long one's own message can be taken back. Pure; the page, the action and the letter ask the same rule."""

from datetime import datetime, timedelta

#: So long a message can be taken back, and so long its letter waits.
UNDO = timedelta(seconds=15)


def may_take_back(author_id: int, user_id: int, *, written_at: datetime, at: datetime) -> bool:
    """Whether this user may take the message back at this moment: one's own alone, within `UNDO`."""
    return author_id == user_id and at - written_at < UNDO
