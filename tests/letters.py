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
        "mode_words": "подписание договора обеими сторонами",
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
    "archived": {"supplier": "", "appeal": False},
    "appeal-new": {"due": _DUE, "text": "Здравствуйте, необходимо внести изменения в договор на ТП."},
    "appeal-sent": {"due": _DUE, "recipient": "ООО «Калиновские Электрические Сети»"},
    "trial": {},
}

#: Everything that the letter about a number shows.
NUMBER_GIVEN = {**CASE, **EXTRA["number-given"]}
