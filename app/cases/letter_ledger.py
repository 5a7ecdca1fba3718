"""The ledger of the letters about one case: what was told, to which address, and whether it arrived."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.extensions import db
from app.notifications.models import OutboxRow

#: Older letters are found in the outbox; a page does not grow with them.
MOST_LETTERS = 50

KIND_WORDS = {
    "application-new": "Уведомление: новая заявка",
    "application-sent": "Уведомление: заявка отправлена",
    "number-given": "Уведомление: присвоен регистрационный номер",
    "status-added": "Уведомление: добавлен новый статус",
    "fixes-requested": "Уведомление: нужны исправления или документы",
    "supplier-new-application": "Уведомление поставщику: новая заявка",
    "fixes-sent": "Уведомление: исправления отправлены",
    "mode-changed": "Уведомление: изменен порядок заключения договора",
    "withdrawn": "Уведомление: заявка отозвана",
    "refused": "Уведомление: в заявке отказано",
    "message-added": "Уведомление: добавлено новое сообщение",
    "message-from-applicant": "Уведомление: сообщение от заявителя",
    "document-posted": "Уведомление: размещен документ",
    "archived": "Уведомление: обращение перенесено в архив",
}
#: What the state of a delivery is called, and the tone of its badge.
STATE_WORDS = {
    "new": ("Ждет отправки", ""),
    "sending": ("Отправляется", ""),
    "retry": ("Отправим еще раз", "you"),
    "sent": ("Отправлено", "ok"),
    "dead": ("Не доставлено", "bad"),
    "expired": ("Устарело, не отправлено", ""),
    "muted": ("Без письма: адрес не указан", ""),
}


@dataclass(frozen=True)
class LetterLine:
    """One letter of the ledger; `at` is when it left, or when it was written."""

    words: str
    address: str
    state: str
    tone: str
    at: datetime
    error: str


def ledger(case_id: int) -> list[LetterLine]:
    """The last letters about a case, the newest first."""
    query = (
        select(
            OutboxRow.kind,
            OutboxRow.subject,
            OutboxRow.address,
            OutboxRow.state,
            OutboxRow.created_at,
            OutboxRow.sent_at,
            OutboxRow.last_error,
        )
        .where(OutboxRow.case_id == case_id)
        .order_by(OutboxRow.id.desc())
        .limit(MOST_LETTERS)
    )
    lines = []
    for row in db.session.execute(query):
        state, tone = STATE_WORDS.get(row.state, (row.state, ""))
        error = row.last_error if row.state in ("retry", "dead") else ""
        words = KIND_WORDS.get(row.kind, row.subject)
        lines.append(LetterLine(words, row.address, state, tone, row.sent_at or row.created_at, error))
    return lines
