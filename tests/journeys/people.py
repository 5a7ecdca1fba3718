"""What people of a running site do by plain HTTP, each deed by the real forms."""

from tests.journeys.office import CLERK, PASSWORD
from tests.journeys.papers import pdf
from tests.journeys.visitor import Answer, Visitor
from tests.valid_numbers import snils


def registered(site: str, number: int) -> Visitor:
    """A new person in the cabinet; another number makes another person."""
    visitor = Visitor(site)
    home = visitor.send(
        visitor.open("/register?form=individual"),
        "/register",
        email=f"person{number}@example.org",
        last_name="Иванов",
        first_name="Петр",
        middle_name="Григорьевич",
        snils=snils(40_000_000 + number),
        phone=f"+7950401{number:04d}",
        password=PASSWORD,
        password_again=PASSWORD,
        consent="y",
        agreement="y",
    )
    assert (home.status, home.path) == (200, "/"), home.text
    return visitor


def clerk_signs_in(visitor: Visitor) -> Answer:
    """The clerk comes in; gives the page that meets them."""
    return visitor.send(visitor.open("/login"), "/login", login=CLERK, password=PASSWORD)


def new_draft(person: Visitor) -> int:
    """A draft with one file in it; its number comes back."""
    hub = person.send(person.open("/cases/new/application"), "/cases/new/application")
    case_id = int(hub.path.split("/")[2])
    attach(person, case_id, "План.pdf", pdf("plan"))
    return case_id


def attach(person: Visitor, case_id: int, name: str, content: bytes) -> Answer:
    """Put a file into the slot of the plan."""
    page = person.open(f"/cases/{case_id}/form/documents")
    return person.send(page, f"/cases/{case_id}/files", [("files-plan", name, content)], kind="plan")


def write(person: Visitor, case_id: int, text: str) -> Answer:
    """A message to the company, which gets a letter about it."""
    return person.send(person.open(f"/cases/{case_id}"), f"/cases/{case_id}/messages", text=text)
