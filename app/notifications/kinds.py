"""The kinds of letters: each is a folder of `templates/messages/`. Pure.

The words are the letter's first line and the name of the letter in the ledger.
"""

#: kind: what the letter tells, as it follows «Уведомление: ».
KINDS: dict[str, str] = {
    "application-new": "поступила новая заявка",
    "application-sent": "заявка создана и отправлена в сетевую",
    "number-given": "присвоен регистрационный номер",
    "status-added": "добавлен новый статус",
    "fixes-requested": "нужны исправления",
    "supplier-new-application": "новая заявка с вашим участием",
    "fixes-sent": "получены исправления",
    "mode-changed": "изменен порядок заключения договора",
    "withdrawn": "заявка отозвана",
    "refused": "рассмотрение заявки прекращено",
    "message-added": "добавлено новое сообщение",
    "message-from-applicant": "новое сообщение от заявителя",
    "document-posted": "добавлен документ",
    "archived": "заявка перемещена в архив",
    "appeal-new": "поступило новое сообщение",
    "appeal-sent": "сообщение создано и отправлено",
    "trial": "пробное письмо",
}


def kind_words(kind: str) -> str:
    """How the ledger names a letter: «Уведомление: присвоен регистрационный номер»."""
    return f"Уведомление: {KINDS[kind]}"
