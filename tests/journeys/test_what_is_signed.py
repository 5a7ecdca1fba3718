"""Who signs sees what it is: the document, its file and size, the number of the application, and what it costs."""

import pytest
from flask import Flask

from app import clock
from app.cases.models import CaseDocument
from app.contracts.contract_steps import contract_of
from app.contracts.money import format_money
from app.contracts.presign_actions import ask_to_sign
from app.extensions import db
from app.signing.sign_queries import awaited_of
from tests.browser import Browser
from tests.case_world import signed_in
from tests.certificate_world import authority, trusted
from tests.code_world import confirmed
from tests.contract_world import case_of, costs, office, preparing, put_papers, reach
from tests.signing_roads import by_certificate


@pytest.fixture
def contract(app: Flask) -> tuple[Browser, int, int, str]:
    """The applicant's browser, the case whose contract waits for them, its slot, and the fee in words."""
    with app.app_context():
        people = office()
        own = confirmed(people.own, people.clerk)
        case_id = reach("contract_sent", people, at=clock.now())
        trusted(authority())
        costs(case_id, people, 75_000_00, at=clock.now())
        slot = next(one for one in awaited_of(case_of(case_id), own.actor) if not one.why_not).slot.id
        made = contract_of(case_of(case_id))
        assert made is not None
        assert made.fee
        return signed_in(app, own), case_id, slot, " ".join(format_money(made.fee).split())


@pytest.mark.parametrize("page", ["sign", "sign/code", "sign/certificate", "sign/file"])
def test_every_road_of_signing_shows_the_fee_beside_the_contract(
    contract: tuple[Browser, int, int, str], page: str
) -> None:
    browser, case_id, slot, fee = contract
    shown = browser.open(f"/cases/{case_id}/{page}?slot={slot}")
    assert shown.status == 200
    assert f"плата за присоединение {fee}" in shown.text


def test_the_page_of_a_code_names_the_application_by_the_number_of_the_site(
    contract: tuple[Browser, int, int, str],
) -> None:
    browser, case_id, slot, _fee = contract
    shown = browser.open(f"/cases/{case_id}/sign/code?slot={slot}")
    assert f"по заявке № {case_id}" in shown.text


def test_an_act_signed_in_the_cabinet_asks_for_no_scan(app: Flask) -> None:
    with app.app_context():
        people = office()
        case_id = preparing(people, "B", at=clock.now())
        put_papers(case_id, people, "publish_contract", at=clock.now())
        ask_to_sign(case_id, by=people.head.actor, at=clock.now())
    browser = signed_in(app, people.clerk)
    page = browser.open(f"/cases/{case_id}/acts/publish-contract")
    assert page.soup.find("input", {"name": "files"})
    with app.app_context():
        by_certificate(case_id, people.head)
        assert db.session.query(CaseDocument).filter_by(case_id=case_id, kind="contract").one()
    page = browser.open(f"/cases/{case_id}/acts/publish-contract")
    assert not page.soup.find("input", {"name": "files"})
    assert "скан не нужен" in page.text
    assert "Документы" in browser.send(page, "/acts/publish-contract").text
    with app.app_context():
        assert case_of(case_id).status == "contract_sent"
