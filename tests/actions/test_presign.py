"""The head signs the papers of an act in the cabinet before they go out: then the act needs no scan."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask

from app import clock
from app.cases import staff_actions
from app.cases.queries import documents_of
from app.contracts.act_rules import FILES
from app.contracts.presign_actions import ask_to_sign
from app.contracts.presign_queries import unsigned
from app.contracts.publish_steps import UNSIGNED
from app.errors import AlreadyDone, Conflict, Forbidden, InvalidForm, NotFound
from app.signing.models import SignatureSlot
from app.signing.sign_queries import awaited_of
from tests.application_world import pdf
from tests.at_once import at_once
from tests.contract_world import HEAD, Office, act, case_of, office, preparing, put_papers, typed_day
from tests.signing_roads import by_certificate
from tests.unchanged import unchanged

AT = clock.now() - timedelta(hours=2)


def prepared() -> tuple[Office, int]:
    """Whose papers of a contract in mode B are ready, and the case."""
    who = office()
    case_id = preparing(who, "B", at=AT)
    put_papers(case_id, who, "publish_contract", at=AT)
    return who, case_id


def slots(case_id: int) -> list[tuple[int, str, str]]:
    """Document, side and state of each slot of a case."""
    rows = SignatureSlot.query.filter_by(case_id=case_id).order_by(SignatureSlot.id)
    return [(one.case_document_id, one.party, one.state) for one in rows]


@contextmanager
def unsigned_is_refused() -> Iterator[None]:
    with pytest.raises(InvalidForm) as refused:
        yield
    assert refused.value.errors == {FILES: [UNSIGNED]}


def test_what_the_head_opens_for_signing_the_applicant_does_not_see(context: Flask) -> None:
    who, case_id = prepared()
    shown = [one.id for one in documents_of(case_of(case_id), who.own.actor)]
    ask_to_sign(case_id, by=who.head.actor, at=AT)
    assert {(party, state) for _document, party, state in slots(case_id) if party == "company"} == {
        ("company", "pending")
    }
    assert [one.id for one in documents_of(case_of(case_id), who.own.actor)] == shown
    assert awaited_of(case_of(case_id), who.own.actor) == []
    assert any(not one.why_not for one in awaited_of(case_of(case_id), who.head.actor))


def test_a_contract_signed_before_goes_out_without_a_scan_and_waits_for_the_applicant(context: Flask) -> None:
    who, case_id = prepared()
    publish = partial(act, case_id, "publish_contract", who.clerk, at=AT, signer=HEAD, on=typed_day(AT))
    with unsigned_is_refused():
        publish()
    ask_to_sign(case_id, by=who.head.actor, at=AT)
    with unsigned_is_refused():
        publish()  # opened is not signed
    by_certificate(case_id, who.head)
    act(case_id, "publish_contract", who.clerk, at=clock.now(), signer=HEAD, on=typed_day(clock.now()))
    assert case_of(case_id).status == "contract_sent"
    waiting = [one.document.kind for one in awaited_of(case_of(case_id), who.own.actor)]
    assert waiting == ["contract"]


def test_a_paper_made_anew_after_it_was_signed_has_to_be_signed_anew(context: Flask) -> None:
    who, case_id = prepared()
    ask_to_sign(case_id, by=who.head.actor, at=AT)
    by_certificate(case_id, who.head)
    assert unsigned(case_of(case_id)) == []
    other = [pdf("another contract")]
    staff_actions.post_documents(
        case_id, other, kind="contract", internal=True, by=who.clerk.actor, at=clock.now()
    )
    assert [one.kind for one in unsigned(case_of(case_id))] == ["contract"]
    with unsigned_is_refused():
        act(case_id, "publish_contract", who.clerk, at=clock.now(), signer=HEAD, on=typed_day(clock.now()))


def test_only_who_signs_for_the_company_opens_papers_for_signing(app: Flask, context: Flask) -> None:
    who, case_id = prepared()
    for person, refusal in ((who.clerk, Forbidden), (who.own, Forbidden)):
        with unchanged(app), pytest.raises(refusal):
            ask_to_sign(case_id, by=person.actor, at=AT)
    with unchanged(app), pytest.raises(NotFound):
        ask_to_sign(case_id + 1, by=who.head.actor, at=AT)


def test_nothing_is_opened_twice_or_when_nothing_is_ready(app: Flask, context: Flask) -> None:
    who = office()
    case_id = preparing(who, "B", at=AT)
    with unchanged(app), pytest.raises(Conflict, match="Подготовьте их"):
        ask_to_sign(case_id, by=who.head.actor, at=AT)
    put_papers(case_id, who, "publish_contract", at=AT)
    ask_to_sign(case_id, by=who.head.actor, at=AT, key="k" * 22)
    opened = slots(case_id)
    with pytest.raises(AlreadyDone):
        ask_to_sign(case_id, by=who.head.actor, at=AT, key="k" * 22)
    with pytest.raises(Conflict):
        ask_to_sign(case_id, by=who.head.actor, at=AT)
    assert slots(case_id) == opened


def test_many_presses_at_once_open_each_paper_once(app: Flask) -> None:
    with app.app_context():
        who, case_id = prepared()
    got = at_once(app, [partial(ask_to_sign, case_id, by=who.head.actor, at=AT)] * 8)
    assert got.count(None) == 1 and {type(one) for one in got if one is not None} == {Conflict}
    with app.app_context():
        assert len(slots(case_id)) == len(set(slots(case_id))) > 0
