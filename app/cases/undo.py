"""Which of one's own messages can be taken back, and how long. Pure; the page, the action and the letter ask the same rule."""

from datetime import datetime, timedelta

#: So long a message can be taken back, and so long its letter waits.
UNDO = timedelta(seconds=15)

TOO_LATE = (
    "Отменить отправку можно в течение 15 секунд, они прошли. Напишите, что прежнее сообщение ошибочно."
)
PART_OF_ACT = (
    "Это сообщение нельзя отозвать: с ним обращение отправлено или на него дан ответ. "
    "Напишите новое сообщение и поясните, что в прежнем ошибка."
)


def may_take_back(
    author_id: int, user_id: int, *, written_at: datetime, at: datetime, part_of_act: bool
) -> bool:
    """Whether this user may take the message back at this moment: one's own plain message alone, within `UNDO`.

    What went with an act (an appeal, its answer, an application) stays, as the act does.
    """
    return author_id == user_id and not part_of_act and at - written_at < UNDO
