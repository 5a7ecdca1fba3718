"""The one table of an appeal: its stages and moves. Pure; knows no database, no calendar and no letters.

Whoever the appeal is addressed to, the company or a supplier, makes the moves. A number is usual and not demanded («может
быть присвоен»), so an appeal can be answered without one. The terms are codes: their lengths are data of the company.
"""

from app.cases.lifecycle import Lifecycle, Move, Party, Stage

DRAFT = "draft"
NEW = "new"
REGISTERED = "registered"
IN_WORK = "in_work"
ANSWERED = "answered"

APPLICANT: frozenset[Party] = frozenset({"applicant"})
RECEIVER: frozenset[Party] = frozenset({"company", "supplier"})

STAGES = (
    Stage(
        # An appeal is sent in the act that makes it: nobody ever sees one in this stage.
        DRAFT,
        label="Черновик",
        mover="applicant",
        tab="drafts",
        term=None,
        next_words="Напишите сообщение и отправьте его.",
        applicant_task="Напишите сообщение и отправьте его",
    ),
    Stage(
        NEW,
        label="Сообщение отправлено",
        mover="receiver",
        tab="active",
        term="appeal_registration",
        next_words="Получатель присвоит сообщению номер и подготовит ответ, о каждом шаге придет письмо. "
        "Сейчас от вас ничего не нужно.",
        company_task="Присвойте сообщению номер",
    ),
    Stage(
        REGISTERED,
        label="Присвоен регистрационный номер",
        mover="receiver",
        tab="active",
        term="appeal_answer",
        next_words="Получатель готовит ответ. Дополнить сообщение можно ниже.",
        company_task="Подготовьте ответ",
    ),
    Stage(
        IN_WORK,
        label="Сообщение в работе",
        mover="receiver",
        tab="active",
        term="appeal_answer",
        next_words="Получатель готовит ответ. Дополнить сообщение можно ниже.",
        company_task="Подготовьте ответ",
    ),
    Stage(
        ANSWERED,
        label="Дан ответ",
        mover="nobody",
        tab="done",
        term=None,
        next_words="Ответ стоит в сообщениях. Если вопрос остался, напишите еще раз там же.",
    ),
)


def _to(status: str) -> dict[str | None, str]:
    return {None: status}


MOVES = (
    Move(
        "send",
        sources=frozenset({DRAFT}),
        targets=_to(NEW),
        by=APPLICANT,
        label="Отправить",
        past="Сообщение отправлено",
    ),
    Move(
        "register",
        sources=frozenset({NEW}),
        targets=_to(REGISTERED),
        by=RECEIVER,
        label="Присвоить регистрационный номер",
        past="Присвоен регистрационный номер",
    ),
    Move(
        "start",
        sources=frozenset({REGISTERED}),
        targets=_to(IN_WORK),
        by=RECEIVER,
        label="Взять в работу",
        past="Сообщение взято в работу",
    ),
    Move(
        "answer",
        sources=frozenset({NEW, REGISTERED, IN_WORK}),
        targets=_to(ANSWERED),
        by=RECEIVER,
        label="Ответить",
        past="Дан ответ",
    ),
    Move(
        "reopen",
        sources=frozenset({ANSWERED}),
        targets=_to(IN_WORK),
        by=RECEIVER,
        label="Вернуть в работу",
        past="Сообщение возвращено в работу",
    ),
)

LIFECYCLE = Lifecycle(STAGES, MOVES)
