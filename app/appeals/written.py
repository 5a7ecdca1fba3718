"""What an applicant writes into a new appeal: which choices are open to them, and what makes the form acceptable.

Pure: plain values in, a `Written` or sentences at the fields out. Knows no database, no request and no files.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from app.cases.message_text import clean_line, clean_text
from app.errors import InvalidForm, InvalidValue

#: The choice of a topic that is not in the list, and of the company as the recipient.
OWN_TOPIC = "own"
TO_COMPANY = "company"
_TO_SUPPLIER = re.compile(r"supplier-([1-9][0-9]{0,17})")
_NUMBER = re.compile(r"[1-9][0-9]{0,17}")

WHOSE = "Выберите, от имени кого создается обращение."
TO_WHOM = "Выберите получателя сообщения."
NOT_NAMED = (
    "В отправленных заявках этого заявителя такого гарантирующего поставщика нет. Выберите сетевую организацию "
    "или укажите, от имени кого вы пишете, иначе."
)
WHICH_TOPIC = "Выберите тему из списка или напишите свою."
TWO_TOPICS = "Вы выбрали тему из списка и написали свою. Выберите «Другая тема» или сотрите написанное."
NOT_HIS = "Это не заявка того, от чьего имени вы пишете. Выберите другую заявку или «Не по заявке»."
NOT_ITS = (
    "В этой заявке нет выбранного гарантирующего поставщика. Выберите другую заявку или другого получателя."
)


@dataclass(frozen=True, slots=True)
class Application:
    """A sent application that an appeal may be about."""

    applicant_id: int
    supplier_id: int | None
    label: str


@dataclass(frozen=True, slots=True)
class Supplier:
    """A supplier whom an applicant may address, because applications of theirs name it."""

    name: str
    named_by: Collection[int]
    hint: str


@dataclass(frozen=True)
class Offered:
    """What one person may choose: for whom they write, whom they may address, about what, about which application."""

    applicants: Mapping[int, str]
    suppliers: Mapping[int, Supplier]
    topics: Sequence[str]
    applications: Mapping[int, Application]


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields of the form as they came."""

    applicant: str = ""
    recipient: str = ""
    topic: str = ""
    own_topic: str = ""
    about: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A new appeal that may be sent; `supplier_id` None means that it is addressed to the company."""

    applicant_id: int
    supplier_id: int | None
    topic: str
    about: int | None
    text: str


def supplier_choice(supplier_id: int) -> str:
    """The value of the recipient's field that means a supplier."""
    return f"supplier-{supplier_id}"


def number_in(text: str) -> int | None:
    """The own number of a case, as a form or an address carries it; None for anything else."""
    return int(text) if _NUMBER.fullmatch(text) else None


def written(typed: Typed, offered: Offered, *, with_files: bool = False) -> Written:
    """The appeal, when everything in it is acceptable; raises InvalidForm with all sentences at once.

    Files may stand in place of the text.
    """
    errors: dict[str, list[str]] = {}
    applicant_id = _applicant(typed.applicant, offered, errors)
    supplier_id = _recipient(typed.recipient, applicant_id, offered, errors)
    topic = _topic(typed, offered.topics, errors)
    about = _about(typed.about, applicant_id, supplier_id, offered, errors)
    text = ""
    try:
        text = clean_text(typed.text, required=not with_files)
    except InvalidValue as error:
        errors["text"] = [error.message]
    if errors or applicant_id is None:
        raise InvalidForm(errors)
    return Written(applicant_id, supplier_id, topic, about, text)


def _applicant(typed: str, offered: Offered, errors: dict[str, list[str]]) -> int | None:
    """Whoever acts for one applicant alone is not asked."""
    if not typed and len(offered.applicants) == 1:
        return next(iter(offered.applicants))
    found = number_in(typed)
    if found in offered.applicants:
        return found
    errors["applicant"] = [WHOSE]
    return None


def _recipient(
    typed: str, applicant_id: int | None, offered: Offered, errors: dict[str, list[str]]
) -> int | None:
    if typed == TO_COMPANY:
        return None
    chosen = _TO_SUPPLIER.fullmatch(typed)
    if chosen is None:
        errors["recipient"] = [TO_WHOM]
        return None
    supplier_id = int(chosen[1])
    supplier = offered.suppliers.get(supplier_id)
    if supplier is None or (applicant_id is not None and applicant_id not in supplier.named_by):
        errors["recipient"] = [NOT_NAMED]
    return supplier_id


def _topic(typed: Typed, topics: Sequence[str], errors: dict[str, list[str]]) -> str:
    """One of the list, or own words; own words alone are taken without a choice. Without a list there are only those."""
    alone = typed.topic == OWN_TOPIC or not topics
    label = "Своя тема" if topics else "Тема"
    try:
        own = clean_line(typed.own_topic, label=label, required=alone)
    except InvalidValue as error:
        errors["own_topic"] = [error.message]
        return ""
    if typed.topic in topics:
        if own:
            errors["own_topic"] = [TWO_TOPICS]
        return typed.topic
    if not alone and (typed.topic or not own):
        errors["topic"] = [WHICH_TOPIC]
    return own


def _about(
    typed: str,
    applicant_id: int | None,
    supplier_id: int | None,
    offered: Offered,
    errors: dict[str, list[str]],
) -> int | None:
    if not typed:
        return None
    number = number_in(typed)
    application = offered.applications.get(number or 0)
    if application is None or (applicant_id is not None and application.applicant_id != applicant_id):
        errors["about"] = [NOT_HIS]
    elif supplier_id is not None and application.supplier_id != supplier_id:
        errors["about"] = [NOT_ITS]
    return number
