"""Appeals for tests: made and brought on by the real actions."""

from dataclasses import replace
from datetime import datetime

from app import clock
from app.appeals import actions
from app.appeals.written import TO_COMPANY, Typed, supplier_choice
from app.cases import staff_actions
from tests.case_world import Person

#: The manual's appeal; the topic is one's own, so that it holds whatever the list of topics is.
TOPIC = "Изменение условий текущего договора на ТП"
QUESTION = (
    "Здравствуйте, необходимо внести изменения в договор на ТП в связи со сменой собственника оборудования"
)
REPLY = "Здравствуйте, для внесения изменений просим направить документы, подтверждающие право собственности."


def to_company() -> Typed:
    """The fields of a good form to the company."""
    return Typed(recipient=TO_COMPANY, topic="own", own_topic=TOPIC, text=QUESTION)


def make_appeal(person: Person, *, at: datetime | None = None, **changes: str) -> int:
    """An appeal that was sent just now, to the company unless the changes say otherwise."""
    typed = replace(to_company(), applicant=str(person.applicant_id), **changes)
    return actions.send(typed, by=person.actor, at=at or clock.now())


def appeal_to(sender: Person, receiver: Person, status: str, *, at: datetime | None = None) -> int:
    """An appeal of the first person in one of its statuses, addressed to the side of the second one."""
    at = at or clock.now()
    supplier_id = receiver.actor.supplier_id
    recipient = TO_COMPANY if supplier_id is None else supplier_choice(supplier_id)
    case_id = make_appeal(sender, at=at, recipient=recipient)
    if status != "new":
        staff_actions.register(case_id, by=receiver.actor, at=at)
    if status in ("in_work", "answered"):
        actions.start(case_id, by=receiver.actor, at=at)
    if status == "answered":
        actions.answer(case_id, REPLY, by=receiver.actor, at=at)
    return case_id
