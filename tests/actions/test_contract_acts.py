"""The acts after a complete set of documents: both roads to the connection, every ending, what is refused and told."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from app.cases import pause_actions
from app.cases.models import CaseDocument
from app.connections import actions, decision_actions
from app.connections.queries import open_request
from app.contracts import act_actions, claim_actions, paper_actions
from app.contracts.next_words import next_words
from app.errors import AlreadyDone, Conflict, Forbidden, IllegalMove, InvalidForm, NotFound
from app.extensions import db
from app.notifications.models import OutboxRow
from app.signing import decline_actions
from app.signing.models import SignatureSlot
from app.signing.sign_queries import awaited_of
from tests.application_world import asked, filer, pdf, world
from tests.case_world import supplier_person
from tests.code_world import confirmed
from tests.contract_world import (
    FEE,
    HEAD,
    ROAD_A,
    ROAD_B,
    Office,
    act,
    applicant_has_no_part,
    case_of,
    contract,
    costs,
    invoices,
    office,
    preparing,
    publish_contract,
    publish_offer,
    put_papers,
    reach,
    sign,
    typed_day,
    walk,
)

THURSDAY = datetime(2026, 7, 30, 5, 0, tzinfo=UTC)
LATER = THURSDAY + timedelta(hours=2)


def letters(kind: str, case_id: int) -> list[OutboxRow]:
    rows = db.session.query(OutboxRow).filter_by(kind=kind, case_id=case_id)
    return rows.order_by(OutboxRow.id).all()


def slots(case_id: int, kind: str) -> list[tuple[str, str]]:
    rows = (
        db.session.query(SignatureSlot)
        .join(CaseDocument, CaseDocument.id == SignatureSlot.case_document_id)
        .filter(SignatureSlot.case_id == case_id, CaseDocument.kind == kind)
        .order_by(SignatureSlot.id)
    )
    return [(one.party, one.state) for one in rows]


def with_supplier() -> dict[str, list[str]]:
    sbyt = supplier_person()
    return {"supplier": [str(sbyt.actor.supplier_id)], "contract_kind": ["supply"]}


def test_an_offer_is_placed_with_its_invoice_and_told_to_both(context: Flask) -> None:
    people = office()
    case_id = preparing(people, "A", at=THURSDAY, **with_supplier())
    publish_offer(case_id, people, LATER)
    case = case_of(case_id)
    assert (case.status, case.mover, case.due_on) == ("awaiting_payment", "applicant", date(2026, 8, 6))
    assert contract(case_id).state == "offered"
    assert [(one.state, one.due_on) for one in invoices(case_id)] == [("open", date(2026, 8, 6))]
    shown = db.session.query(CaseDocument).filter_by(case_id=case_id, internal=False, side="company").all()
    assert {"offer_terms", "conditions", "invoice"} <= {one.kind for one in shown}
    assert slots(case_id, "offer_terms") == [("company", "pending")]
    letter = letters("offer-posted", case_id)[0]
    assert "оплатите счет" in letter.body and "5 000,00 ₽" in letter.body.replace("\xa0", " ")
    assert letter.subject.startswith("Размещены условия договора и счет, оплатить до 6 августа (чт)")
    told = letters("supplier-contract-posted", case_id)
    assert [one.address for one in told] == ["sbyt@example.org"]
    assert "Технические условия" in told[0].body and "Счет" not in told[0].body


def test_an_act_without_its_papers_is_refused_with_what_is_lacking(context: Flask) -> None:
    people = office()
    case_id = preparing(people, "A", at=THURSDAY)
    before = world()
    with pytest.raises(InvalidForm) as refused:
        act(case_id, "publish_offer", people.clerk, at=LATER)
    assert refused.value.errors == {
        "": [
            "Не хватает документов: Условия типового договора; Технические условия; Счет. "
            "Подготовьте их и повторите."
        ]
    }
    assert world() == before


def test_an_offer_whose_invoice_was_not_made_here_is_refused(context: Flask) -> None:
    people = office()
    case_id = preparing(people, "A", at=THURSDAY)
    put_papers(case_id, people, "publish_offer", at=LATER)
    invoices(case_id)[0].state = "void"
    db.session.commit()
    with pytest.raises(InvalidForm) as refused:
        act(case_id, "publish_offer", people.clerk, at=LATER)
    assert "Счет не выписан" in refused.value.errors[""][0]


def test_a_contract_goes_out_with_the_company_s_signature_on_its_scan(context: Flask) -> None:
    people = office()
    case_id = preparing(people, "B", at=THURSDAY, **with_supplier())
    put_papers(case_id, people, "publish_contract", at=LATER)
    with pytest.raises(InvalidForm) as refused:
        act(case_id, "publish_contract", people.clerk, at=LATER)
    assert "Подписать до отправки" in refused.value.errors["files"][0]
    with pytest.raises(InvalidForm) as refused:
        act(
            case_id,
            "publish_contract",
            people.clerk,
            at=LATER,
            files=[pdf("s")],
            signer="",
            on="31.07.2026",
        )
    assert set(refused.value.errors) == {"signer", "on"}
    scan = [pdf("scan")]
    act(case_id, "publish_contract", people.clerk, at=LATER, files=scan, signer=HEAD, on=typed_day(LATER))
    case = case_of(case_id)
    assert (case.status, case.mover, case.due_on) == ("contract_sent", "applicant", date(2026, 8, 13))
    assert slots(case_id, "contract") == [("company", "signed"), ("applicant", "pending")]
    assert "подпишите его" in letters("contract-posted", case_id)[0].body
    assert letters("supplier-contract-posted", case_id)


@pytest.mark.parametrize("road", [ROAD_A, ROAD_B])
def test_both_roads_lead_to_the_connection_and_tell_the_supplier(
    context: Flask, road: tuple[str, ...]
) -> None:
    people = office()
    mode = "A" if road is ROAD_A else "B"
    case_id = preparing(people, mode, at=THURSDAY, **with_supplier())
    walk(case_id, people, road, at=LATER)
    case = case_of(case_id)
    assert (case.status, case.mover, case.due_on) == ("connected", "nobody", None)
    assert contract(case_id).state == "concluded"
    assert contract(case_id).concluded_on == date(2026, 7, 30)
    addresses = {"ivanov@example.org", "sbyt@example.org"}
    for kind in ("meter-admitted", "connected"):
        assert {one.address for one in letters(kind, case_id)} == addresses, kind
    # The supplier has placed nothing: to say that nothing more is needed would be half of the truth.
    (mine,) = (one for one in letters("connected", case_id) if one.address == "ivanov@example.org")
    assert "еще не разместил" in mine.body
    assert "сетевой организации от вас больше ничего не нужно" in " ".join(mine.body.split())


def test_after_the_connection_the_rest_of_the_fee_is_still_asked_for(context: Flask) -> None:
    people = office()
    case_id = preparing(people, "A", at=THURSDAY)
    walk(case_id, people, ("publish_offer",), at=LATER)
    costs(case_id, people, FEE + 30_000_00, at=LATER)
    walk(case_id, people, ROAD_A[1:], at=LATER)
    (letter,) = letters("connected", case_id)
    assert "оплатите остаток по договору, 30 000,00" in " ".join(letter.body.split())
    told = next_words(case_of(case_id), "applicant")
    assert told and told.tone == "ok" and "осталось оплатить 30 000,00" in " ".join(told.text.split())
    costs(case_id, people, FEE, at=LATER)
    assert next_words(case_of(case_id), "applicant") is None


def test_the_works_are_counted_from_the_last_signature_through_all_their_stages(context: Flask) -> None:
    people = office()
    case_id = preparing(people, "B", at=THURSDAY)
    publish_contract(case_id, people, LATER)
    sign(case_id, "contract", people, at=LATER + timedelta(days=5))
    due = case_of(case_id).due_on
    assert contract(case_id).concluded_on == date(2026, 8, 4)
    assert due == date(2027, 8, 4)
    walk(case_id, people, ("start_works",), at=LATER + timedelta(days=6))
    assert case_of(case_id).due_on == due
    walk(case_id, people, ("report_done",), at=LATER + timedelta(days=7))
    assert case_of(case_id).due_on != due
    act(
        case_id,
        "return_conditions",
        people.clerk,
        at=LATER + timedelta(days=8),
        reason="Нет заземления щита.",
    )
    case = case_of(case_id)
    assert (case.status, case.due_on) == ("works", due)
    assert "Нет заземления щита." in letters("conditions-checked", case_id)[0].body
    asked = next_words(case, "applicant")
    assert asked and asked.bar == "Сейчас ваш ход" and asked.text.startswith("Нет заземления щита.")
    assert next_words(case, "company") is None
    walk(case_id, people, ("report_done",), at=LATER + timedelta(days=9))
    assert next_words(case_of(case_id), "applicant") is None


def test_where_nothing_is_the_applicant_s_the_company_finishes_alone(context: Flask) -> None:
    people = office()
    case_id = preparing(people, "A", at=THURSDAY)
    walk(case_id, people, ("publish_offer", "conclude", "start_works"), at=LATER)
    with pytest.raises(Conflict, match="Часть работ"):
        act(case_id, "own_part_done", people.clerk, at=LATER)
    applicant_has_no_part(case_id, people, at=LATER)
    with pytest.raises(Conflict, match="сообщать о выполнении не нужно"):
        act(case_id, "report_done", people.own, at=LATER, on=typed_day(LATER))
    act(case_id, "own_part_done", people.clerk, at=LATER)
    assert case_of(case_id).status == "meter_admission"


def test_disagreements_are_answered_with_a_new_edition_that_is_signed_anew(context: Flask) -> None:
    people = office()
    case_id = reach("contract_sent", people, at=THURSDAY)
    files = [pdf("protocol", "Протокол.pdf")]
    act(case_id, "dispute", people.own, at=LATER, files=files, reason="Пункт 3: срок слишком долгий.")
    case = case_of(case_id)
    assert (case.status, case.mover) == ("contract_disputed", "company")
    assert "Пункт 3: срок слишком долгий." in letters("contract-disputed", case_id)[0].body
    (protocol,) = db.session.query(CaseDocument).filter_by(case_id=case_id, kind="disagreement")
    assert (protocol.title, protocol.version.file_name) == ("Протокол разногласий", "Протокол.pdf")
    with pytest.raises(Conflict, match="разногласия"):
        sign(case_id, "contract", people, at=LATER)
    edition = {"files": [pdf("edition")], "signer": HEAD, "on": typed_day(LATER)}
    act(case_id, "answer_dispute", people.clerk, at=LATER, reason="Срок сокращен.", **edition)
    assert case_of(case_id).status == "contract_sent"
    assert slots(case_id, "contract") == [
        ("company", "signed"),
        ("applicant", "superseded"),
        ("company", "signed"),
        ("applicant", "pending"),
    ]
    assert "новую редакцию" in letters("dispute-answered", case_id)[0].body
    sign(case_id, "contract", people, at=LATER)
    assert case_of(case_id).status == "contract_signed"


def test_a_new_edition_made_of_papers_needs_its_signed_scan(context: Flask) -> None:
    people = office()
    case_id = reach("contract_disputed", people, at=THURSDAY)
    for kind in ("contract", "conditions"):
        own = [pdf(f"new {kind}")]
        paper_actions.put_own_file(case_id, kind, own, by=people.clerk.actor, at=LATER)
    fields = {"reason": "Срок сокращен.", "signer": HEAD, "on": typed_day(LATER)}
    with pytest.raises(InvalidForm) as refused:
        act(case_id, "answer_dispute", people.clerk, at=LATER, **fields)
    assert set(refused.value.errors) == {"files"}
    act(case_id, "answer_dispute", people.clerk, at=LATER, files=[pdf("new scan")], **fields)
    contract_slots = [("company", "signed"), ("applicant", "superseded")]
    assert slots(case_id, "contract") == [*contract_slots, ("company", "signed"), ("applicant", "pending")]
    assert slots(case_id, "conditions") == [("company", "signed"), ("company", "signed")]
    sign(case_id, "contract", people, at=LATER)
    assert case_of(case_id).status == "contract_signed"


def test_disagreements_may_be_answered_in_words_alone(context: Flask) -> None:
    people = office()
    case_id = reach("contract_disputed", people, at=THURSDAY)
    act(case_id, "answer_dispute", people.clerk, at=LATER, reason="Оставляем.", signer=HEAD, on="")
    assert slots(case_id, "contract") == [("company", "signed"), ("applicant", "pending")]
    sign(case_id, "contract", people, at=LATER)
    assert contract(case_id).state == "concluded"


@pytest.mark.parametrize(
    ("status", "name", "restore", "first_day"),
    [
        # Paid until 6 August; the money may be on its way on the 7th.
        ("awaiting_payment", "annul_unpaid", "restore_unpaid", date(2026, 8, 8)),
        ("contract_sent", "annul_unsigned", "restore_unsigned", date(2026, 8, 14)),
    ],
)
def test_an_offer_that_nobody_took_ends_after_its_last_day_and_may_be_restored(
    context: Flask, status: str, name: str, restore: str, first_day: date
) -> None:
    people = office()
    case_id = reach(status, people, at=THURSDAY, **with_supplier())
    allowed = datetime(first_day.year, first_day.month, first_day.day, 5, tzinfo=UTC)
    with pytest.raises(Conflict, match="Срок еще не прошел"):
        act(case_id, name, people.clerk, at=allowed - timedelta(days=1))
    act(case_id, name, people.clerk, at=allowed)
    assert case_of(case_id).status.startswith("annulled")
    assert contract(case_id).state == "annulled"
    assert {one.state for one in invoices(case_id)} <= {"void"}
    told = letters("refused", case_id)
    assert {one.address for one in told} == {"ivanov@example.org", "sbyt@example.org"}
    assert "Причина: срок закончился" in told[0].body
    with pytest.raises(Forbidden):
        act(case_id, restore, people.clerk, at=allowed, reason="Нашли оплату.")
    with pytest.raises(InvalidForm):
        act(case_id, restore, people.head, at=allowed, reason=" ")
    act(case_id, restore, people.head, at=allowed, reason="Нашли оплату.")
    case = case_of(case_id)
    assert case.status == status and case.due_on is not None and case.due_on > allowed.date()
    assert contract(case_id).state == "offered" and contract(case_id).ended_on is None
    assert {one.state for one in invoices(case_id)} <= {"open"}
    assert "Нашли оплату." in letters("restored", case_id)[0].body
    if status == "awaiting_payment":
        assert invoices(case_id)[0].due_on == case.due_on


def test_an_application_with_unmended_remarks_is_restored_with_its_request(context: Flask) -> None:
    people = office()
    case_id = asked(people.own, people.clerk, at=THURSDAY)
    late = THURSDAY + timedelta(days=60)
    decision_actions.annul(case_id, by=people.clerk.actor, at=late)
    act(case_id, "restore_incomplete", people.head, at=late, reason="Заявитель болел.")
    case = case_of(case_id)
    assert (case.status, case.mover) == ("needs_fix", "applicant")
    assert open_request(case) is not None


@pytest.mark.parametrize("how", ["withdraw", "reject"])
@pytest.mark.parametrize("status", ["awaiting_payment", "contract_sent", "contract_disputed"])
def test_an_offer_ends_with_its_application(context: Flask, how: str, status: str) -> None:
    people = office()
    case_id = reach(status, people, at=THURSDAY)
    if how == "withdraw":
        actions.withdraw(case_id, "Передумал", by=people.own.actor, at=LATER)
    else:
        decision_actions.reject(case_id, "Не наши сети.", by=people.clerk.actor, at=LATER)
    assert (contract(case_id).state, contract(case_id).ended_on) == ("annulled", date(2026, 7, 30))
    assert {one.state for one in invoices(case_id)} <= {"void"}


def test_a_contract_is_terminated_by_a_head_with_a_reason(context: Flask) -> None:
    people = office()
    case_id = reach("works", people, at=THURSDAY)
    with pytest.raises(Forbidden):
        act(case_id, "terminate", people.clerk, at=LATER, reason="По соглашению.")
    act(case_id, "terminate", people.head, at=LATER, reason="По соглашению сторон.")
    assert case_of(case_id).status == "terminated"
    assert (contract(case_id).state, contract(case_id).ended_on) == ("terminated", date(2026, 7, 30))
    assert "По соглашению сторон." in letters("refused", case_id)[0].body


@pytest.mark.parametrize(
    ("day", "sentence"), [("31.07.2026", "не позже"), ("29.07.2026", "не раньше"), ("", "укажите день")]
)
def test_days_lie_between_the_sending_and_today(context: Flask, day: str, sentence: str) -> None:
    people = office()
    case_id = reach("meter_admission", people, at=THURSDAY)
    put_papers(case_id, people, "admit_meter", at=LATER)
    with pytest.raises(InvalidForm) as refused:
        act(case_id, "admit_meter", people.clerk, at=LATER, on=day)
    assert sentence in refused.value.errors["on"][0]


def test_a_paused_term_holds_the_annulment_back(context: Flask) -> None:
    people = office()
    case_id = reach("contract_sent", people, at=THURSDAY)
    pause_actions.pause(case_id, "Ждем ответа администрации", by=people.clerk.actor, at=LATER)
    with pytest.raises(Conflict, match="приостановлен"):
        act(case_id, "annul_unsigned", people.clerk, at=LATER + timedelta(days=90))
    sign(case_id, "contract", people, at=LATER)
    assert case_of(case_id).paused_on is None


def test_a_claimed_payment_holds_the_annulment_back(context: Flask) -> None:
    people = office()
    case_id = reach("awaiting_payment", people, at=THURSDAY)
    claim_actions.claim_paid(
        case_id, invoices(case_id)[0].id, date(2026, 7, 30), [], by=people.own.actor, at=LATER
    )
    with pytest.raises(Conflict, match="сообщил об оплате"):
        act(case_id, "annul_unpaid", people.clerk, at=LATER + timedelta(days=20))


def test_an_act_of_the_other_side_of_a_stranger_and_of_nobody_is_refused(context: Flask) -> None:
    people = office()
    stranger = filer("Соседов", snils="10289803962", email="neighbour@example.org")
    case_id = reach("works", people, at=THURSDAY)
    for who, name, error in (
        (people.clerk, "report_done", Forbidden),
        (people.own, "own_part_done", Forbidden),
        (stranger, "report_done", NotFound),
        (people.clerk, "connect", IllegalMove),
        (people.clerk, "conclude", NotFound),
    ):
        with pytest.raises(error):
            act(case_id, name, who, at=LATER, on=typed_day(LATER))


def test_a_second_press_is_the_same_act(context: Flask) -> None:
    people = office()
    case_id = reach("contract_concluded", people, at=THURSDAY)
    press = {"by": people.clerk.actor, "at": LATER, "key": "k" * 22}
    act_actions.perform(case_id, "start-works", {}, **press)
    with pytest.raises(AlreadyDone):
        act_actions.perform(case_id, "start-works", {}, **press)
    assert len(letters("status-added", case_id)) == len(
        {one.dedupe_key for one in letters("status-added", case_id)}
    )


def test_the_conditions_are_signed_by_the_scan_of_the_contract_that_they_are_annexed_to(
    context: Flask,
) -> None:
    case_id = reach("contract_sent", office(), at=THURSDAY)
    assert slots(case_id, "conditions") == [("company", "signed")]
    assert slots(case_id, "contract") == [("company", "signed"), ("applicant", "pending")]


def declined_act(people: Office) -> int:
    """An application whose act the applicant has declined to sign."""
    case_id, at = reach("act_sent", people, at=THURSDAY), LATER + timedelta(days=7)
    own = confirmed(people.own, people.clerk, at=at)
    mine = next(one for one in awaited_of(case_of(case_id), own.actor) if not one.why_not)
    decline_actions.decline(case_id, mine.slot.id, "Не та мощность.", by=own.actor, at=at)
    return case_id


def test_a_declined_act_is_made_anew_and_waits_for_both_signatures_again(context: Flask) -> None:
    people = office()
    case_id, at = declined_act(people), THURSDAY + timedelta(days=8)
    put_papers(case_id, people, "replace_act", at=at)
    before = len(letters("act-posted", case_id))
    scan = [pdf("act anew")]
    act(case_id, "replace_act", people.clerk, at=at, files=scan, signer=HEAD, on=typed_day(at))
    case = case_of(case_id)
    assert case.status == "act_sent"
    assert case.mover == "applicant"
    assert slots(case_id, "connection_act") == [
        ("company", "signed"),
        ("applicant", "superseded"),
        ("company", "signed"),
        ("applicant", "pending"),
    ]
    assert len(letters("act-posted", case_id)) > before
    sign(case_id, "connection_act", people, at=at + timedelta(hours=1))
    assert case_of(case_id).status == "connected"


def test_a_new_act_is_not_sent_before_it_is_made(context: Flask) -> None:
    people = office()
    case_id, at = declined_act(people), THURSDAY + timedelta(days=8)
    with pytest.raises(InvalidForm, match=r"Не хватает документов|выделенные"):
        act(case_id, "replace_act", people.clerk, at=at, files=[pdf("x")], signer=HEAD, on=typed_day(at))
    assert slots(case_id, "connection_act") == [("company", "signed"), ("applicant", "declined")]


def test_a_new_act_needs_the_companys_signature(context: Flask) -> None:
    people = office()
    case_id, at = declined_act(people), THURSDAY + timedelta(days=8)
    put_papers(case_id, people, "replace_act", at=at)
    with pytest.raises(InvalidForm) as refused:
        act(case_id, "replace_act", people.clerk, at=at)
    assert "не подписан сетевой" in str(refused.value.errors)
