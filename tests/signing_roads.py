"""Documents of a case signed electronically by the real actions: a code from an SMS, a GOST certificate."""

from datetime import datetime
from io import BytesIO

from app import clock
from app.company.queries import profile
from app.documents.intake import Upload
from app.signing import authority_actions, code_actions
from app.signing.sign_queries import awaited_of
from tests.case_world import Person
from tests.certificate_world import Holder, authority, bytes_of, company_has, holder, send, soon, trusted
from tests.code_world import asker, digits
from tests.contract_world import case_of
from tests.databases import SECRET_KEY
from tests.powers import PETROV_SNILS, power

COMPANY_OGRN = "1025900000015"


def waiting(case_id: int, who: Person) -> list[int]:
    """The slots that this person can sign now."""
    return [one.slot.id for one in awaited_of(case_of(case_id), who.actor) if not one.why_not]


def by_code(
    case_id: int, own: Person, *, slots: list[int] | None = None, at: datetime | None = None
) -> list[int]:
    """The applicant signs these slots, or all that waits for them, by one code; the slots."""
    at, slots, by = at or clock.now(), slots or waiting(case_id, own), asker(own)
    code_id = code_actions.ask_code(case_id, slots, by=by, at=at, url="/code")
    typed = digits(code_id)
    done = code_actions.enter_code(
        case_id, code_id, typed, by=by, at=at, secret_key=SECRET_KEY, url=f"/code/{code_id}"
    )
    assert done.signed
    return slots


def code_asked(case_id: int, own: Person, *, at: datetime | None = None) -> int:
    """The applicant has asked for a code that signs all that waits for them; its id."""
    slots = waiting(case_id, own)
    return code_actions.ask_code(case_id, slots, by=asker(own), at=at or clock.now(), url="/code")


def waits_for_authority(case_id: int, head: Person) -> int:
    """Who signs for the company has signed by a certificate without its number and sent a power of attorney; its id."""
    key, petrov = company_key(), holder("Петров Иван Сергеевич", ("SNILS", PETROV_SNILS))
    slot_id = waiting(case_id, head)[0]
    (outcome,) = send(case_id, {slot_id: petrov.sign(bytes_of(slot_id))}, head)
    assert outcome.state == "waits_authority", outcome
    content = power(ogrn=COMPANY_OGRN, name="ООО «КЭС»")
    file = Upload("МЧД.xml", BytesIO(content))
    return authority_actions.send(case_id, file, key.sign(content), by=head.actor, at=soon())


def company_key() -> Holder:
    """The certificate of the company's head, whose authority and number the office knows from now on."""
    if profile().settings.get("company.ogrn") != COMPANY_OGRN:
        company_has(COMPANY_OGRN)
        trusted(authority())
    numbers = (("O", "ООО «КЭС»"), ("OGRN", COMPANY_OGRN), ("SNILS", "11223344595"))
    return holder("Сидоров Андрей Павлович", *numbers)


def by_certificate(case_id: int, head: Person, *, at: datetime | None = None) -> list[int]:
    """Who signs for the company signs all that waits by certificate; the slots."""
    key, slots = company_key(), waiting(case_id, head)
    outcomes = send(case_id, {one: key.sign(bytes_of(one)) for one in slots}, head, at=at)
    assert {one.state for one in outcomes} == {"accepted"}, outcomes
    return slots
