"""Signatures on paper: marked in their order by those who may, with a scan, told to the applicant and to subjects above."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from app import clock
from app.cases.models import Case, CaseDocument
from app.cases.timeline import past
from app.documents.models import DocumentVersion
from app.errors import AlreadyDone, Conflict, Forbidden, InvalidForm, InvalidValue, NotFound
from app.extensions import db
from app.notifications.models import OutboxRow
from app.signing.actions import SCAN, Typed, mark_signed
from app.signing.models import SignatureSlot
from app.signing.signals import document_signed
from app.signing.slot_steps import decline, open_slots, sign_on_paper, supersede
from app.transaction import transaction
from tests.application_world import pdf, stored_files
from tests.at_once import at_once
from tests.case_world import applicant, named, operator, sent, supplier_person
from tests.signing_world import document_of, in_mode, mark, paper_to_sign, slot, today_words
from tests.unchanged import unchanged

MONDAY = datetime(2026, 11, 30, 9, tzinfo=UTC)


@contextmanager
def told() -> Iterator[list[int]]:
    """Ids of the documents that were told to be signed."""
    found: list[int] = []

    def hear(case: Case, *, document: CaseDocument, **_rest: Any) -> None:
        found.append(document.id)

    document_signed.connect(hear)
    yield found
    document_signed.disconnect(hear)


def letters(kind: str = "document-signed") -> list[OutboxRow]:
    return list(OutboxRow.query.filter_by(kind=kind).order_by(OutboxRow.id))


def sentences(case_id: int) -> list[str]:
    return [line.sentence for line in past(db.session.get_one(Case, case_id), for_staff=False)]


def states(ids: list[int]) -> list[str]:
    return [slot(one).state for one in ids]


def test_both_sign_one_after_the_other_and_the_last_one_tells(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case_id = sent(ivanov)
    ids = paper_to_sign(case_id, office, ("company", "applicant"))
    with told() as heard:
        mark(case_id, ids[0], office)
        assert heard == [] and states(ids) == ["signed", "pending"]
        mark(case_id, ids[1], office, signer="Иванов П. Г.")
        assert heard == [document_of(ids[0]).id]
    found = slot(ids[1])
    assert (found.kind, found.signer, found.marked_by) == ("paper", "Иванов П. Г.", office.id)
    scan = db.session.get_one(CaseDocument, found.scan_id)
    assert (scan.kind, scan.side, scan.title) == (SCAN, "company", "Подписанный документ: Договор")
    day = f"{found.signed_on:%d.%m.%Y}"
    assert sentences(case_id)[-2:] == [
        f"Подпись Сетевой на бумаге: Договор, подписан {day}, Сидоров А. П.",
        f"Подпись Заявителя на бумаге: Договор, подписан {day}, Иванов П. Г.",
    ]


def test_the_applicant_is_told_of_each_signature_and_what_to_do(context: Flask) -> None:
    office = operator()
    case_id = sent(applicant())
    ids = paper_to_sign(case_id, office, ("company", "applicant"))
    mark(case_id, ids[0], office)
    mark(case_id, ids[1], office)
    first, second = letters()
    assert first.subject.startswith("Документ подписан: Договор")
    assert "распечатайте документ, подпишите его и передайте в офис сетевой организации" in first.body
    assert "Все подписи под документом есть" in second.body


def test_the_applicants_slot_waits_for_the_companys(app: Flask, context: Flask) -> None:
    office, case_id = operator(), sent(applicant())
    ids = paper_to_sign(case_id, office, ("company", "applicant"))
    with unchanged(app), pytest.raises(Conflict, match="Сначала должна быть подпись сетевой организации"):
        mark(case_id, ids[1], office)


def test_one_scan_fills_two_slots(context: Flask) -> None:
    office, case_id = operator(), sent(applicant())
    ids = paper_to_sign(case_id, office, ("company", "applicant"))
    with told() as heard:
        mark(case_id, ids[0], office, second="Иванов П. Г.")
    assert states(ids) == ["signed", "signed"] and len(heard) == 1
    assert slot(ids[0]).scan_id == slot(ids[1]).scan_id and slot(ids[1]).signer == "Иванов П. Г."
    assert len(letters()) == 1 and "Подпись Заявителя: подписан" in letters()[0].body


def test_the_same_scan_may_be_given_again_for_the_second_signature(context: Flask) -> None:
    office, case_id = operator(), sent(applicant())
    ids = paper_to_sign(case_id, office, ("company", "applicant"))
    mark(case_id, ids[0], office, scan=pdf("one"))
    before = stored_files()
    mark(case_id, ids[1], office, scan=pdf("one"))
    assert slot(ids[0]).scan_id == slot(ids[1]).scan_id and stored_files() == before


def test_a_paper_of_three_parties_is_one_file_with_three_slots(context: Flask) -> None:
    ivanov, office, sbyt = applicant(), operator(), supplier_person()
    case_id = sent(ivanov, **named(sbyt))
    ids = paper_to_sign(case_id, office, ("company", "supplier", "applicant"))
    assert {slot(one).case_document_id for one in ids} == {document_of(ids[0]).id}
    with told() as heard:
        mark(case_id, ids[0], office)
        with pytest.raises(Forbidden):
            mark(case_id, ids[1], office)  # the supplier marks the supplier's
        with pytest.raises(Conflict):
            mark(case_id, ids[2], office)
        mark(case_id, ids[1], sbyt)
        with pytest.raises(Forbidden):
            mark(case_id, ids[2], sbyt)  # the paper is the company's
        assert heard == []
        mark(case_id, ids[2], office)
        assert len(heard) == 1
    assert states(ids) == ["signed"] * 3


def test_two_applicants_may_sign_one_agreement(context: Flask) -> None:
    office, case_id = operator(), sent(applicant())
    ids = paper_to_sign(case_id, office, ("applicant", "applicant", "company"))
    for one in ids:
        mark(case_id, one, office)
    assert states(ids) == ["signed"] * 3


def test_in_mode_a_the_applicant_never_has_a_slot(app: Flask, context: Flask) -> None:
    office, case_id = operator(), sent(applicant())
    in_mode(case_id, "A")
    with unchanged(app), pytest.raises(ValueError, match="mode A"):
        paper_to_sign(case_id, office, ("company", "applicant"))
    assert len(paper_to_sign(case_id, office, ("company",))) == 1


def test_a_document_gets_its_slots_once(context: Flask) -> None:
    office, case_id = operator(), sent(applicant())
    (one,) = paper_to_sign(case_id, office, ("company",))
    with pytest.raises(ValueError, match="already"), transaction():
        open_slots(db.session.get_one(Case, case_id), document_of(one), ("company",), at=clock.now())


@pytest.mark.parametrize(
    ("days", "refusal"), [(-1, "не раньше дня заявки"), (0, ""), (2, ""), (3, "не позже сегодняшнего дня")]
)
def test_the_day_is_not_before_the_application_nor_in_the_future(
    context: Flask, days: int, refusal: str
) -> None:
    office, case_id = operator(), sent(applicant(), at=MONDAY)
    (one,) = paper_to_sign(case_id, office, ("company",), at=MONDAY)
    day = f"{(MONDAY + timedelta(days=days)):%d.%m.%Y}"
    later = MONDAY + timedelta(days=2)
    if refusal:
        with pytest.raises(InvalidForm) as refused:
            mark(case_id, one, office, day=day, at=later)
        assert refusal in refused.value.errors["signed_on"][0]
        with pytest.raises(InvalidValue, match=refusal), transaction():
            on = (MONDAY + timedelta(days=days)).date()
            sign_on_paper(slot(one), scan=None, signed_on=on, signer="С", by=office.actor, at=later)
    else:
        mark(case_id, one, office, day=day, at=later)
        assert f"{slot(one).signed_on:%d.%m.%Y}" == day


def test_everything_wrong_is_told_at_once_and_nothing_is_kept(app: Flask, context: Flask) -> None:
    office, case_id = operator(), sent(applicant())
    ids = paper_to_sign(case_id, office, ("company", "applicant"))
    with unchanged(app), pytest.raises(InvalidForm) as refused:
        mark_signed(case_id, ids[0], [], Typed("32.13.2026", " ", True, ""), by=office.actor, at=clock.now())
    assert refused.value.errors.keys() == {"scan", "signed_on", "signer", "second_signer"}
    with unchanged(app), pytest.raises(InvalidForm):
        mark(case_id, ids[0], office, day="01.01.1999")  # the stored scan goes again


def test_a_second_press_does_nothing(app: Flask, context: Flask) -> None:
    office, case_id = operator(), sent(applicant())
    ids = paper_to_sign(case_id, office, ("company",))
    mark(case_id, ids[0], office)
    with unchanged(app), pytest.raises(Conflict, match="уже стоит"):
        mark(case_id, ids[0], office)


def test_the_same_button_twice_is_one_act(app: Flask, context: Flask) -> None:
    office, case_id = operator(), sent(applicant())
    (one,) = paper_to_sign(case_id, office, ("company",))
    press = {"by": office.actor, "at": clock.now(), "key": "k" * 22}
    mark_signed(case_id, one, [pdf("scan")], Typed(today_words(), "Сидоров"), **press)  # type: ignore[arg-type]
    with unchanged(app), pytest.raises(AlreadyDone):
        mark_signed(case_id, one, [pdf("scan")], Typed(today_words(), "Сидоров"), **press)  # type: ignore[arg-type]


def test_of_several_who_mark_at_once_one_does(app: Flask) -> None:
    with app.app_context():
        office, other = operator(), operator("Сидорова", email="second@example.org")
        case_id = sent(applicant())
        one, _two = paper_to_sign(case_id, office, ("company", "applicant"))
    got = at_once(
        app, [partial(mark, case_id, one, who, scan=pdf(f"{n}")) for n, who in enumerate((office, other) * 3)]
    )
    assert sum(result is None for result in got) == 1
    assert all(result is None or isinstance(result, Conflict) for result in got)
    with app.app_context():
        assert len(letters()) == 1 and CaseDocument.query.filter_by(kind=SCAN).count() == 1


@pytest.mark.parametrize("who", ["applicant", "neighbour", "supplier", "other supplier"])
def test_nobody_else_marks_the_companys_papers(app: Flask, context: Flask, who: str) -> None:
    ivanov, office, sbyt = applicant(), operator(), supplier_person()
    torg = supplier_person("ООО «Электроторг»", email="torg@example.org")
    others = {
        "applicant": ivanov,
        "supplier": sbyt,
        "other supplier": torg,
        "neighbour": applicant("Соседов", snils="10289803962", email="sosed@example.org"),
    }
    case_id = sent(ivanov, **named(sbyt))
    ids = paper_to_sign(case_id, office, ("company", "applicant"))
    error = NotFound if who in ("neighbour", "other supplier") else Forbidden
    for one in ids:
        with unchanged(app), pytest.raises(error):
            mark(case_id, one, others[who])


def test_a_slot_of_another_case_is_not_found(app: Flask, context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case_id, other = sent(ivanov), sent(ivanov)
    (one,) = paper_to_sign(other, office, ("company",))
    for wrong in (one, 10**9):
        with unchanged(app), pytest.raises(NotFound):
            mark(case_id, wrong, office)


def test_a_new_edition_needs_new_signatures_and_keeps_the_old_ones_as_evidence(
    app: Flask, context: Flask
) -> None:
    office, case_id = operator(), sent(applicant())
    ids = paper_to_sign(case_id, office, ("company", "applicant"))
    mark(case_id, ids[0], office)
    with transaction():
        supersede(document_of(ids[0]))
    assert states(ids) == ["signed", "superseded"] and slot(ids[0]).signed_on is not None
    with unchanged(app), pytest.raises(Conflict, match="новая редакция"):
        mark(case_id, ids[1], office)


def test_the_file_under_a_signature_on_paper_stays(context: Flask) -> None:
    case_id = sent(applicant())
    clerk = operator()
    (one,) = paper_to_sign(case_id, clerk, ("company",))
    mark(case_id, one, clerk)
    document = document_of(one)
    other = (
        db.session.query(DocumentVersion).filter(DocumentVersion.id != document.document_version_id).first()
    )
    assert other is not None
    with pytest.raises(DBAPIError, match="keeps its file"), transaction():
        document.document_version_id = other.id


def test_the_scan_that_shows_a_signature_is_never_another_one_and_may_go(context: Flask) -> None:
    """By the database itself, whoever tries; a scan goes when its case is deleted by its term."""
    case_id, clerk = sent(applicant()), operator()
    first, second = paper_to_sign(case_id, clerk, ("company", "applicant"))
    mark(case_id, first, clerk)
    scan, document = slot(first).scan_id, slot(first).case_document_id
    assert scan is not None
    assert scan != document
    for change in ({"scan_id": document}, {"opened_at": clock.now()}):
        with pytest.raises(DBAPIError, match="stays as it was given"), transaction():
            db.session.execute(update(SignatureSlot).where(SignatureSlot.id == first).values(**change))
    with transaction():
        db.session.execute(update(SignatureSlot).where(SignatureSlot.id == first).values(scan_id=None))
        db.session.execute(
            update(SignatureSlot).where(SignatureSlot.id == second).values(opened_at=clock.now())
        )
    assert slot(first).scan_id is None


def test_a_declined_signature_is_told_and_waits_for_an_answer(context: Flask) -> None:
    office, case_id = operator(), sent(applicant())
    ids = paper_to_sign(case_id, office, ("company", "applicant"))
    mark(case_id, ids[0], office)
    with transaction():
        decline(slot(ids[1]), reason="Не согласен со сроком", by=office.actor, at=clock.now())
    assert slot(ids[1]).state == "declined"
    assert sentences(case_id)[-1] == "Подпись Заявителя отклонена: Договор. Причина: Не согласен со сроком"
    with pytest.raises(Conflict, match="отказались"):
        mark(case_id, ids[1], office)


def test_signatures_under_an_internal_paper_stay_with_the_company(context: Flask) -> None:
    office, case_id = operator(), sent(applicant())
    (one,) = paper_to_sign(case_id, office, ("company",), internal=True)
    before = sentences(case_id)
    mark(case_id, one, office)
    assert sentences(case_id) == before and letters() == []
    assert db.session.get_one(CaseDocument, slot(one).scan_id).internal


def test_an_error_of_who_listens_undoes_the_signature(app: Flask, context: Flask) -> None:
    office, case_id = operator(), sent(applicant())
    (one,) = paper_to_sign(case_id, office, ("company",))

    def refuse(case: Case, **_rest: Any) -> None:
        raise Conflict("нельзя")

    document_signed.connect(refuse)
    try:
        with unchanged(app), pytest.raises(Conflict, match="нельзя"):
            mark(case_id, one, office)
    finally:
        document_signed.disconnect(refuse)
    assert SignatureSlot.query.one().state == "pending"
