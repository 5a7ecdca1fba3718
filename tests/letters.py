"""Sample data for every kind of letter, in the words of the manuals."""

from typing import Any

#: What every letter about a case is given (`app/cases/letter_steps.py`).
CASE: dict[str, Any] = {
    "company": "ООО «Калиновские Электрические Сети»",
    "title": "Заявка на технологическое присоединение (в том числе временное)",
    "own_number": 31,
    "number": "299",
    "facts": ["≤15 кВт", "постоянная схема", "не соответствует п.14 Правил"],
    "place": "п. Калиново, ул. Полевая, 7",
    "applicant": "Иванов Петр Григорьевич",
    "path": "/cases/31",
    "sent": "четверг, 6 августа 2020 г. 06:28 (МСК)",
}

_DUE = "до 17 августа (пн), осталось 10 рабочих дней"

#: What every letter about an account is given (`app/accounts/password_steps.py`).
_ACCOUNT = {"company": "ООО «КЭС»", "company_phone": "8 800 000-00-00"}

#: What each kind is given beside that.
EXTRA: dict[str, dict[str, Any]] = {
    "application-new": {"due": "до 6 августа (чт), сегодня последний день"},
    "application-sent": {},
    "number-given": {"given": "299", "supplier": "", "appeal": False, "due": _DUE},
    "status-added": {"status": "Заявка принята к рассмотрению"},
    "fixes-requested": {
        "text": "Здравствуйте! Без плана мы не можем рассчитать мощность.",
        "items": [
            ("План расположения энергопринимающих устройств", "не видны границы участка"),
            ("Кадастровый № земельного участка", "участка с таким номером нет"),
        ],
        "due": _DUE,
    },
    "supplier-new-application": {"due": _DUE},
    "fixes-sent": {"text": "Приложил план с границами участка."},
    "mode-changed": {
        "category": "общий порядок, остальные заявки",
        "mode_words": "подписание договора обеими сторонами",
        "mode_changed": True,
        "reason": "максимальная мощность больше 15 кВт",
    },
    "withdrawn": {"reason": "Стройка перенесена на следующий год."},
    "refused": {
        "status": "Заявка аннулирована",
        "reason": "исправления не получены в срок",
        "next_words": "подайте новую заявку и приложите план с границами участка.",
    },
    "message-added": {
        "author": "ООО «Калиновские Электрические Сети»",
        "text": "Здравствуйте, для внесения изменений просим направить документы, подтверждающие право собственности.",
    },
    "message-from-applicant": {
        "author": "Иванов Петр Григорьевич",
        "text": "Здравствуйте, направляю заявку на ТП с участием гарантирующего поставщика.",
    },
    "document-posted": {"document": "Договор ЭСО", "supplier": "АО «Энергосбыт»", "appeal": False},
    "document-signed": {
        "document": "Договор",
        "day": "03.08.2020",
        "signatures": [("Подпись Сетевой", "Сидоров А. П.")],
        "waits": True,
        "complete": False,
        "address": "п. Калиново, ул. Полевая, 7",
        "supplier": "",
        "appeal": False,
    },
    "signed-electronically": {
        "whose": "Подпись Сетевой",
        "signer": "Сидоров Андрей Павлович",
        "how": "сертификатом",
        "moment": "понедельник, 3 августа 2020 г. 14:06 (МСК)",
        "documents": [
            {"title": "Договор", "number": "7K3M-92QX-4TFD", "complete": False},
            {"title": "Технические условия", "number": "8K3M-92QX-4TFD", "complete": True},
        ],
        "waits": True,
        "reader": "applicant",
        "supplier": "",
        "appeal": False,
    },
    "signature-refused": {
        "document": "Договор",
        "whose": "Подпись Заявителя",
        "sent_on": "03.08.2020",
        "reason": "Сертификат отозван: подпишите документ действующим сертификатом.",
        "supplier": "",
        "appeal": False,
    },
    "signature-declined": {
        "document": "Акт о технологическом присоединении",
        "whose": "Подпись Заявителя",
        "reason": "В акте указана мощность 10 кВт, а по договору 15 кВт.",
        "reader": "company",
        "answers": True,
        "supplier": "",
        "appeal": False,
    },
    "decline-answered": {
        "document": "Акт о технологическом присоединении",
        "answer": "Мощность в акте указана по техническим условиям, пункт 2.",
        "reader": "applicant",
        "supplier": "",
        "appeal": False,
    },
    "authority-sent": {
        "whose": "Подпись Заявителя",
        "authority": "a1b2c3d4-0000-4000-8000-000000000001",
        "valid_until": "31.12.2020",
        "waiting": 2,
        "supplier": "",
        "appeal": False,
    },
    "authority-decided": {
        "accepted": False,
        "stopped": False,
        "authority": "a1b2c3d4-0000-4000-8000-000000000001",
        "remark": "В доверенности нет права подписывать договоры.",
        "results": [("Договор", "подписан")],
        "supplier": "",
        "appeal": False,
    },
    "supply-placed": {
        "office": False,
        "requisites": True,
        "account": "5900123456",
        "replaced": "",
        "signs": False,
        "supplier": "АО «Энергосбыт»",
        "appeal": False,
    },
    "archived": {"supplier": "", "appeal": False},
    "appeal-new": {"due": _DUE, "text": "Здравствуйте, необходимо внести изменения в договор на ТП."},
    "appeal-sent": {"due": _DUE, "recipient": "ООО «Калиновские Электрические Сети»"},
    "invoice-issued": {"invoice": "12", "sum": "5 000,00 ₽", "due": _DUE},
    "payment-received": {
        "received": "5 августа",
        "sum": "2 000,00 ₽",
        "invoice": "12",
        "left": "3 000,00 ₽",
        "over": "",
        "due": _DUE,
    },
    "contract-concluded": {
        "contract": "5-ТП/2020",
        "concluded": "05.08.2020",
        "sum": "5 000,00 ₽",
        "invoice": "12",
        "over": "",
        "due": "",
    },
    "payment-claimed": {
        "paid": "5 августа",
        "invoice": "12",
        "sum": "5 000,00 ₽",
        "receipt": True,
        "due": "до 7 августа (пт), осталось 2 рабочих дня",
    },
    "payment-not-found": {"invoice": "12", "text": "За этот день поступлений от вас нет.", "due": _DUE},
    "payment-taken-back": {
        "sum": "5 000,00 ₽",
        "invoice": "12",
        "reason": "Платеж другого заявителя.",
        "left": "5 000,00 ₽",
        "due": _DUE,
    },
    "payment-returned": {
        "sum": "5 000,00 ₽",
        "invoice": "12",
        "returned": "10 августа",
        "document": "платежное поручение № 71",
    },
    "term-paused": {
        "reason": "ждем ответа администрации о переносе сетей",
        "document": "Ответ администрации.pdf",
    },
    "term-resumed": {"due": _DUE},
    "offer-posted": {
        "documents": ["Условия типового договора", "Технические условия", "Счет"],
        "invoice": "12",
        "total": "5 000,00 ₽",
        "due": _DUE,
    },
    "contract-posted": {"documents": ["Договор", "Технические условия"], "due": _DUE},
    "supplier-contract-posted": {"documents": ["Договор", "Технические условия"], "due": _DUE},
    "contract-signed": {"on": "05.08.2020", "reader": "applicant", "due": _DUE},
    "contract-disputed": {"text": "Не согласен с пунктом 3.", "files": 1, "due": _DUE},
    "dispute-answered": {"text": "Пункт 3 изменен.", "new_edition": True, "due": _DUE},
    "done-reported": {"text": "Поставлен щит.", "on": "05.08.2020", "files": 2, "due": _DUE},
    "conditions-checked": {"accepted": False, "text": "Нет заземления щита.", "due": _DUE},
    "meter-admitted": {"on": "05.08.2020", "reader": "applicant", "due": _DUE},
    "act-posted": {"due": _DUE},
    "connected": {
        "on": "05.08.2020",
        "reader": "applicant",
        "supplier": "АО «Энергосбыт»",
        "placed": True,
        "owed": "",
    },
    "restored": {
        "status": "Ожидаем оплату счета",
        "reason": "Оплата найдена.",
        "next_words": "Оплатите счет.",
        "due": _DUE,
    },
    "term-reminder": {
        "task": "исправьте замечания",
        "due": _DUE,
        "otherwise": "Если не ответить в срок, сетевая организация может аннулировать заявку.",
    },
    "term-reminder-office": {
        "task": "выполните мероприятия по договору",
        "due": _DUE,
        "otherwise": "Если не успеть, заявитель увидит на странице заявки, что срок нарушен.",
    },
    "signature-reminder": {"documents": ["Договор энергоснабжения"], "asked": "03.08.2020"},
    "signature-reminder-office": {"documents": ["Технические условия"], "asked": "03.08.2020"},
    "invoice-reminder": {"invoice": "12", "sum": "5 000,00 ₽", "due": _DUE},
    "draft-reminder": {"task": "заполните анкету и отправьте заявку"},
    "deadlines": {
        "parts": [
            {
                "title": "Просрочены",
                "lines": ["рег. № 299, № 31, Иванов Петр Григорьевич: срок истек 4 августа (вт)"],
                "more": True,
            }
        ]
    },
    "journal-anchor": {
        "day": "06.08.2020",
        "hash": "3f" * 32,
        "previous": "0" * 64,
        "entries": 1204,
        "chains": 31,
    },
    "phone-changed": {
        "company": "ООО «КЭС»",
        "company_phone": "8 800 000-00-00",
        "phone": "+7 950 •••-••-02",
        "before": "+7 950 •••-••-01",
        "by_office": True,
    },
    "email-confirm": {**_ACCOUNT, "path": "/profile/email/5-{secret}"},
    "email-changed": {**_ACCOUNT, "stopped": False, "path": "/profile"},
    "logins-changed": {**_ACCOUNT, "ways": "СНИЛС, E-mail", "path": "/profile"},
    "invitation": {**_ACCOUNT, "path": "/password/new/5-{secret}"},
    "password-reset": {**_ACCOUNT, "path": "/password/new/5-{secret}"},
    "password-changed": {**_ACCOUNT, "path": "/password/forgot"},
    "second-factor": {**_ACCOUNT, "what": "включен двухэтапный вход", "path": "/profile"},
    "confirmation-revoked": {**_ACCOUNT, "reason": "Паспорт недействителен.", "path": "/profile"},
    "text-withdrawn": {
        **_ACCOUNT,
        "title": "Согласие на обработку персональных данных",
        "consent": True,
        "path": "/profile/texts",
    },
    "text-withdrawn-office": {
        **_ACCOUNT,
        "title": "Согласие на обработку персональных данных",
        "consent": True,
        "person": "Иванов Петр Григорьевич",
        "path": "/people/5",
    },
    "trial": {},
    "sms-running-out": {"full": False, "count": 400, "limit": 500},
    "trust-list": {
        "sentence": "Список отзыва центра «УЦ Энергия», загруженный вручную, кончится 08.08.2020: загрузите новый заранее.",
    },
}

#: What each kind of SMS is given.
SMS: dict[str, dict[str, Any]] = {
    "signing-code": {"what": "подписания документов по заявке 299", "bound": True},
    "phone-code": {},
    "phone-left": {"company_phone": "8 800 000-00-00"},
    "trial-sms": {},
}

#: Everything that the letter about a number shows.
NUMBER_GIVEN = {**CASE, **EXTRA["number-given"]}
