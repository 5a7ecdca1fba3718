"""The papers of an act: filled in and frozen, replaced by an own file, shown to the applicant with their act."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock, gateways
from app.actor import ADMINISTRATOR, Actor
from app.administration import template_actions
from app.cases.models import Case, CaseDocument
from app.cases.queries import documents_of
from app.cases.rendering_models import Rendering
from app.contracts import paper_actions
from app.contracts.contract_steps import contract_of
from app.contracts.models import Contract, Invoice
from app.contracts.paper_queries import lacking, paper_rows, ready
from app.contracts.paper_rules import mark_of
from app.contracts.paper_steps import publish, publish_kinds
from app.contracts.publish_steps import require_day
from app.contracts.template_queries import current_template
from app.documents.intake import Upload
from app.errors import Conflict, Forbidden, IllegalMove, InvalidForm, InvalidValue, NotFound, Overtaken
from app.extensions import db
from app.gateways.pdf import PrintFailed
from app.journal.models import JournalEntry
from app.journal.queries import broken_links
from app.transaction import transaction
from tests.application_world import filer, pdf, stored_files
from tests.case_world import PDF, Person, operator
from tests.money_world import fill_requisites
from tests.paper_world import ANSWERS, complete_case, fill, print_all

REQUIRED = ("offer_terms", "conditions", "invoice")


class Press:
    """Prints nothing: what is printed is the matter of tests/journeys/test_paper_pages.py."""

    def __init__(self) -> None:
        self.count = 0

    def render(self, html: str) -> bytes:
        self.count += 1
        return PDF + f"%{self.count}\n".encode()


class BrokenPress:
    """Prints nothing, whatever it is given."""

    def render(self, html: str) -> bytes:
        raise PrintFailed("Документу не хватило памяти.")


@pytest.fixture
def office(context: Flask) -> Person:
    gateways.use(replace(gateways.current(), printer=Press()))  # type: ignore[arg-type]
    fill_requisites()
    return operator()


def case_of(case_id: int) -> Case:
    db.session.rollback()
    return db.session.get_one(Case, case_id)


def contract(case_id: int) -> Contract:
    found = contract_of(case_of(case_id))
    assert found is not None
    return found


def newest(case_id: int, kind: str) -> Rendering:
    query = select(Rendering).where(Rendering.case_id == case_id, Rendering.kind == kind)
    return db.session.scalars(query.order_by(Rendering.id.desc())).first()  # type: ignore[return-value]


def offered_case(staff: Person) -> int:
    """A case of mode A whose whole set is made."""
    case_id = complete_case(filer(), staff)
    for kind in REQUIRED:
        fill(case_id, kind, staff)
    assert print_all()[-3:] == ["done"] * 3
    return case_id


def test_a_paper_is_filled_in_frozen_and_printed_for_the_company_alone(office: Person) -> None:
    ivanov = filer()
    case_id = complete_case(ivanov, office)
    fill(case_id, "offer_terms", office, shares="15 % — 10\n85 % — 120", applicant_part="no")
    made = contract(case_id)
    assert (made.fee, made.parts, made.applicant_part, made.template_version) == (75_000_00, 2, False, 1)
    assert made.filled["offer_terms"]["fee"] == "75 000" and made.filled["offer_terms"]["schedule"] == [
        10,
        120,
    ]
    row = newest(case_id, "offer_terms")
    assert row.template_version == 1 and row.internal
    assert made.number in row.data["heading"] and "85" in row.data["body"]
    assert "мероприятий технических условий для заявителя нет" in row.data["body"]
    assert print_all()[-1] == "done"
    case = case_of(case_id)
    found = ready(case, "offer_terms")
    assert found is not None and found.version.file_name.startswith("Условия типового договора № ")
    assert found.version.file_name.endswith(f"-ТП-{clock.now():%Y}.pdf")
    assert found in documents_of(case, office.actor) and found not in documents_of(case, ivanov.actor)
    entry = db.session.scalars(select(JournalEntry).where(JournalEntry.kind == "paper_asked")).first()
    assert entry is not None and not entry.public and not list(broken_links())


def test_what_was_to_be_made_anew_and_failed_does_not_go_out_as_it_was(office: Person) -> None:
    """Else the applicant would get the invoice of a former sum."""
    case_id = offered_case(office)
    fill(case_id, "invoice", office, total="80 000")
    gateways.use(replace(gateways.current(), printer=BrokenPress()))  # type: ignore[arg-type]
    assert print_all(["invoice"]) == ["failed"]
    with pytest.raises(InvalidForm) as refused, transaction():
        publish_kinds(case_of(case_id), ["invoice"])
    assert "прежний устарел: Счет № 1" in refused.value.errors[""][0]
    assert ready(case_of(case_id), "invoice") is not None


def test_a_later_edition_of_the_text_does_not_change_what_was_made(office: Person) -> None:
    case_id = complete_case(filer(), office)
    fill(case_id, "offer_terms", office)
    before = newest(case_id, "offer_terms").data
    admin = Actor(office.id, "Администратор", frozenset({ADMINISTRATOR}))
    text = current_template("offer_terms").body
    template_actions.publish("offer_terms", f"{text}\n\nНовая оговорка.", version=1, by=admin, at=clock.now())
    print_all()
    assert newest(case_id, "offer_terms").data == before
    assert contract(case_id).template_version == 1
    fill(case_id, "offer_terms", office)
    assert "Новая оговорка." in newest(case_id, "offer_terms").data["body"]
    assert contract(case_id).template_version == 2


def test_a_text_that_does_not_fill_is_not_published(office: Person) -> None:
    admin = Actor(office.id, "Администратор", frozenset({ADMINISTRATOR}))
    for body in ("{{ contract.nomber }}", "{{ ''.__class__ }}", "  "):
        with pytest.raises(InvalidValue):
            template_actions.publish("contract", body, version=1, by=admin, at=clock.now())
    text = current_template("contract").body
    with pytest.raises(Conflict):
        template_actions.publish("contract", text, version=1, by=admin, at=clock.now())
    with pytest.raises(Overtaken):
        template_actions.publish("contract", text + " а", version=7, by=admin, at=clock.now())
    with pytest.raises(Forbidden):
        template_actions.publish("contract", text + " а", version=1, by=office.actor, at=clock.now())
    assert current_template("contract").version == 1


def test_the_act_knows_what_is_lacking_until_everything_is_ready(office: Person) -> None:
    case_id = complete_case(filer(), office)

    def codes() -> list[str]:
        return [paper.code for paper in lacking(case_of(case_id), "publish_offer")]

    assert codes() == list(REQUIRED)
    for kind in REQUIRED:
        fill(case_id, kind, office)
    assert codes() == list(REQUIRED), "being made is not ready"
    print_all()
    assert codes() == []
    fill(case_id, "conditions", office)
    assert codes() == ["conditions"], "a new one is being made"
    assert paper_rows(case_of(case_id))[1].document is not None


def test_publishing_shows_the_set_to_the_applicant_and_ties_the_invoice(office: Person) -> None:
    case_id = offered_case(office)
    with transaction():
        case = db.session.get_one(Case, case_id)
        placed = publish(case, "publish_offer", by=office.actor, at=clock.now())
        assert [one.kind for one in placed] == list(REQUIRED) and not any(one.internal for one in placed)
        paper = placed[2].id
    assert db.session.scalars(select(Invoice)).one().case_document_id == paper
    case = case_of(case_id)
    assert ready(case, "offer_terms") is None
    shown = db.session.scalars(
        select(CaseDocument).where(CaseDocument.case_id == case_id, CaseDocument.kind.in_(REQUIRED))
    )
    assert [one.internal for one in shown] == [False] * 3


def test_an_invoice_takes_a_number_once_and_asks_for_requisites(office: Person, context: Flask) -> None:
    case_id = complete_case(filer(), office)
    fill(case_id, "offer_terms", office)
    fill(case_id, "invoice", office)
    number = db.session.scalars(select(Invoice)).one().number
    fill(case_id, "invoice", office, total="80 000")
    invoice = db.session.scalars(select(Invoice)).one()
    assert (invoice.number, invoice.total, invoice.state) == (number, 80_000_00, "draft")
    row = newest(case_id, "invoice")
    assert row.data["qr"].startswith("<svg") and f"№\u00a0{number}" in row.data["heading"]
    fill(case_id, "invoice", office, part="2", total="10 000")
    states = {one.part: one.state for one in db.session.scalars(select(Invoice))}
    assert states == {1: "void", 2: "draft"}, "one invoice is prepared at a time"


def test_without_requisites_no_invoice_is_made_and_nothing_is_kept(context: Flask) -> None:
    office = operator()
    case_id = complete_case(filer(), office)
    with pytest.raises(InvalidForm) as refused:
        fill(case_id, "invoice", office)
    assert "расчетный счет" in refused.value.errors[""][0]
    assert contract_of(case_of(case_id)) is None


def test_two_who_fill_in_the_same_paper_are_told_of_each_other(office: Person) -> None:
    case_id = complete_case(filer(), office)
    before = mark_of({}, "conditions")
    fill(case_id, "offer_terms", office)
    told = {"by": office.actor, "at": clock.now(), "known": before}
    paper_actions.make_paper(case_id, "conditions", ANSWERS["conditions"], **told)
    with pytest.raises(Overtaken):
        paper_actions.make_paper(case_id, "conditions", ANSWERS["conditions"], **told)


def test_the_first_invoice_of_an_offer_names_no_last_day_of_its_own(office: Person) -> None:
    case_id = complete_case(filer(), office)
    with pytest.raises(InvalidForm) as refused:
        fill(case_id, "invoice", office, due_on="25.12.2026")
    assert "Оставьте это поле пустым" in refused.value.errors["due_on"][0]


def test_the_day_of_an_act_is_that_of_its_printed_paper(office: Person) -> None:
    case_id = complete_case(filer(), office)
    fill(case_id, "conditions", office)
    print_all()
    another = date(2026, 11, 30)
    require_day(case_of(case_id), "conditions", date(2026, 12, 1))
    with pytest.raises(InvalidForm) as refused:
        require_day(case_of(case_id), "conditions", another)
    assert "В акте стоит 01.12.2026" in refused.value.errors["on"][0]
    paper_actions.put_own_file(case_id, "conditions", [pdf("own")], by=office.actor, at=clock.now())
    require_day(case_of(case_id), "conditions", another)  # an own file is not read


def test_an_own_file_takes_the_place_of_what_was_made(office: Person) -> None:
    case_id = complete_case(filer(), office)
    fill(case_id, "conditions", office)
    print_all()
    files = len(stored_files())
    paper_actions.put_own_file(case_id, "conditions", [pdf("own")], by=office.actor, at=clock.now())
    case = case_of(case_id)
    found = ready(case, "conditions")
    assert found is not None and found.version.file_name == "own.pdf"
    assert len(stored_files()) == files, "the former file is gone from the disk"
    row = next(one for one in paper_rows(case) if one.paper.code == "conditions")
    assert row.ready and row.document == found


def test_an_own_file_overtakes_one_that_is_still_being_made(office: Person) -> None:
    case_id = complete_case(filer(), office)
    print_all()
    fill(case_id, "conditions", office)
    paper_actions.put_own_file(case_id, "conditions", [pdf("own")], by=office.actor, at=clock.now())
    assert print_all() == []
    assert [paper.code for paper in lacking(case_of(case_id), "publish_offer")] == ["offer_terms", "invoice"]


def test_an_own_invoice_needs_a_number_first(office: Person) -> None:
    case_id = complete_case(filer(), office)
    with pytest.raises(InvalidForm) as refused:
        paper_actions.put_own_file(case_id, "invoice", [pdf("own")], by=office.actor, at=clock.now())
    assert "Сначала заполните форму счета" in refused.value.errors["files"][0]
    fill(case_id, "invoice", office)
    paper_actions.put_own_file(case_id, "invoice", [pdf("own")], by=office.actor, at=clock.now())
    assert ready(case_of(case_id), "invoice") is not None


def test_what_is_not_made_at_this_stage_or_not_by_this_person_is_refused(office: Person) -> None:
    ivanov = filer()
    case_id = complete_case(ivanov, office)
    for kind in ("contract", "meter_act", "connection_act"):
        with pytest.raises(IllegalMove):
            fill(case_id, kind, office)
    with pytest.raises(NotFound):
        paper_actions.make_paper(case_id, "nothing", {}, by=office.actor, at=clock.now())
    with pytest.raises(Forbidden):
        fill(case_id, "conditions", ivanov)
    with pytest.raises(InvalidForm):
        paper_actions.put_own_file(
            case_id, "conditions", [Upload("x.exe", BytesIO(b"MZ"))], by=office.actor, at=clock.now()
        )
    assert contract_of(case_of(case_id)) is None
