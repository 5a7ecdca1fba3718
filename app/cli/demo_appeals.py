"""Appeals of the demo world: that of the manual, one that was answered, one to the supplier."""

from datetime import datetime, timedelta

from app.actor import Actor
from app.appeals.actions import answer, send, start
from app.appeals.written import OWN_TOPIC, TO_COMPANY, Typed, supplier_choice
from app.cases import actions as cases
from app.cases import staff_actions as office


def of_the_manual(sender: Actor, operator: Actor, at: datetime) -> None:
    """№ 899 with its question and the company's first message; nobody has answered it for good yet."""
    text = "Здравствуйте, необходимо внести изменения в договор на ТП в связи со сменой собственника оборудования"
    topic = "Изменение условий текущего договора на ТП"
    appeal = send(Typed(recipient=TO_COMPANY, topic=OWN_TOPIC, own_topic=topic, text=text), by=sender, at=at)
    office.register(appeal, "899", by=operator, at=at + timedelta(minutes=9))
    reply = (
        "Здравствуйте, для внесения изменений просим направить документы, подтверждающие право собственности."
    )
    cases.send_message(appeal, reply, by=operator, at=at + timedelta(minutes=10))


def answered(sender: Actor, operator: Actor, at: datetime) -> None:
    """An appeal that has come to its end."""
    text = "Здравствуйте, когда можно опломбировать прибор учета? Он установлен в щите на фасаде."
    topic = "Опломбировка прибора учета"
    appeal = send(Typed(recipient=TO_COMPANY, topic=OWN_TOPIC, own_topic=topic, text=text), by=sender, at=at)
    office.register(appeal, "871", by=operator, at=at + timedelta(hours=1))
    start(appeal, by=operator, at=at + timedelta(hours=2))
    reply = "Здравствуйте, инженер приедет **в четверг с 9 до 12 часов**. Подготовьте паспорт прибора учета."
    answer(appeal, reply, by=operator, at=at + timedelta(days=1))


def to_supplier(sender: Actor, clerk: Actor, at: datetime) -> None:
    """An appeal to the supplier whom an application of the sender names; it waits for its answer."""
    recipient = supplier_choice(clerk.supplier_id or 0)
    text = "Здравствуйте, пришлите, пожалуйста, проект договора энергоснабжения цеха."
    topic = "Проект договора энергоснабжения"
    appeal = send(Typed(recipient=recipient, topic=OWN_TOPIC, own_topic=topic, text=text), by=sender, at=at)
    office.register(appeal, by=clerk, at=at + timedelta(hours=1))
