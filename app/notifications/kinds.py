"""The kinds of letters and of SMS: each is a folder of `templates/messages/`. Pure.

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
    "mode-changed": "изменена категория заявки",
    "withdrawn": "заявка отозвана",
    "refused": "рассмотрение заявки прекращено",
    "message-added": "добавлено новое сообщение",
    "message-from-applicant": "новое сообщение от заявителя",
    "document-posted": "добавлен документ",
    "document-signed": "документ подписан",
    "signed-electronically": "документы подписаны электронной подписью",
    "signature-refused": "подпись не принята",
    "signature-declined": "документ отказались подписать",
    "decline-answered": "ответ на отказ от подписи",
    "authority-sent": "доверенность ждет проверки",
    "authority-decided": "решение о доверенности",
    "supply-placed": "поставщик разместил договор энергоснабжения",
    "archived": "заявка перемещена в архив",
    "appeal-new": "поступило новое сообщение",
    "appeal-sent": "сообщение создано и отправлено",
    "invoice-issued": "выставлен счет",
    "payment-received": "получена оплата",
    "contract-concluded": "договор заключен",
    "payment-claimed": "заявитель сообщил об оплате",
    "payment-not-found": "оплата не найдена",
    "payment-taken-back": "отметка об оплате отменена",
    "payment-returned": "деньги возвращены",
    "term-paused": "срок приостановлен",
    "term-resumed": "срок снова идет",
    "offer-posted": "размещены условия договора и счет",
    "contract-posted": "договор ждет вашей подписи",
    "supplier-contract-posted": "размещен договор технологического присоединения",
    "contract-signed": "договор подписан обеими сторонами",
    "contract-disputed": "получены разногласия по договору",
    "dispute-answered": "получен ответ на разногласия",
    "done-reported": "заявитель сообщил о выполнении технических условий",
    "conditions-checked": "проверено выполнение технических условий",
    "meter-admitted": "прибор учета допущен в эксплуатацию",
    "act-posted": "акт о технологическом присоединении ждет вашей подписи",
    "connected": "присоединение выполнено",
    "restored": "заявка восстановлена",
    "term-reminder": "напоминание о сроке",
    "term-reminder-office": "напоминание сотрудникам о сроке",
    "signature-reminder": "документ ждет вашей подписи",
    "signature-reminder-office": "документ ждет подписи сетевой организации",
    "invoice-reminder": "напоминание об оплате",
    "draft-reminder": "заявка ждет отправки",
    "deadlines": "сроки на сегодня",
    "journal-anchor": "контрольная сумма журнала",
    "phone-changed": "номер телефона в учетной записи изменен",
    "email-confirm": "подтвердите адрес почты",
    "email-changed": "адрес для уведомлений изменен",
    "logins-changed": "способы входа изменены",
    "invitation": "приглашение в личный кабинет",
    "password-reset": "ссылка для нового пароля",
    "password-changed": "пароль изменен",
    "second-factor": "изменение двухэтапного входа",
    "confirmation-revoked": "подтверждение учетной записи отозвано",
    "text-withdrawn": "согласие отозвано",
    "text-withdrawn-office": "заявитель отозвал согласие",
    "trial": "пробное письмо",
    "sms-running-out": "заканчивается дневной предел СМС",
    "trust-list": "нужен новый список отзыва",
}


#: kind: what an SMS is, as the ledger names it; its folder holds `sms.txt` alone.
SMS_KINDS: dict[str, str] = {
    "signing-code": "код для подписания",
    "phone-code": "код для подтверждения номера",
    "phone-left": "номер в учетной записи заменен",
    "trial-sms": "пробное СМС",
}


def kind_words(kind: str) -> str:
    """How the ledger names a letter or an SMS: «Уведомление: присвоен регистрационный номер», «СМС: код для подписания»."""
    return f"СМС: {SMS_KINDS[kind]}" if kind in SMS_KINDS else f"Уведомление: {KINDS[kind]}"
