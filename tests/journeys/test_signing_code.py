"""Signing by a code from an SMS as pages without JavaScript: what is signed, the code, wrong codes, the fact."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from app import clock
from app.accounts.models import Consent
from app.extensions import db
from app.notifications.models import OutboxRow
from app.signing.code_models import SigningCode
from app.transaction import transaction
from tests.application_world import filer
from tests.browser import Browser, Page
from tests.case_world import operator, signed_in
from tests.code_world import Paper, digits, document_of, paper, signatures, wrong
from tests.signing_world import paper_to_sign

FACT = "Документ подписан"


@pytest.fixture
def one(app: Flask) -> Paper:
    with app.app_context():
        return paper()


@pytest.fixture
def own(app: Flask, one: Paper) -> Browser:
    return signed_in(app, one.own)


def code_path(one: Paper, *slots: int) -> str:
    named = "&".join(f"slot={slot}" for slot in slots or (one.slot_id,))
    return f"/cases/{one.case_id}/sign/code?{named}"


def newest(app: Flask) -> int:
    with app.app_context():
        return db.session.query(SigningCode).order_by(SigningCode.id.desc()).first().id  # type: ignore[union-attr]


def right_code(app: Flask) -> str:
    with app.app_context():
        return digits(newest(app))


def wrong_code(app: Flask) -> str:
    with app.app_context():
        return wrong(newest(app))


def minutes_pass(app: Flask, minutes: int = 2) -> None:
    """Everything that was asked for was asked for so much earlier."""
    with app.app_context(), transaction():
        for model, names in ((SigningCode, ("made_at", "expires_at")), (OutboxRow, ("created_at",))):
            for row in db.session.query(model):
                for name in names:
                    setattr(row, name, getattr(row, name) - timedelta(minutes=minutes))


def asked(own: Browser, one: Paper) -> Page:
    """«Получить код»."""
    return own.send(own.open(code_path(one)), button="Получить код")


def test_a_person_signs_with_the_code_of_the_sms(app: Flask, own: Browser, one: Paper) -> None:
    page = own.open(code_path(one))
    assert "Вы подписываете по заявке № 1: Договор PDF, 1 КБ" in page.text
    assert "+7 950 •••-••-01" in page.text
    assert "+79504000001" not in page.html
    assert own.open(page.link("Договор")).status == 200
    page = own.send(page, button="Получить код", follow=False)
    assert page.status == 303
    page = own.open(str(page.response.headers["Location"]))
    assert "Для подписи документов введите код подтверждения, отправленный в смс сообщении" in page.text
    assert page.title.startswith("Ввод кода подтверждения")
    field = page.soup.find(id="f-code")
    assert field is not None
    assert (field["autocomplete"], field["inputmode"]) == ("one-time-code", "numeric")
    sent = own.send(page, button="Подтвердить и отправить", code=right_code(app), follow=False)
    assert sent.status == 303
    page = own.open(str(sent.response.headers["Location"]))
    with app.app_context():
        (signature,) = signatures(one.slot_id)
        number = signature.number
    assert FACT in page.text
    assert clock.now().strftime(".%Y, ") in page.text
    assert f"№ подписи {number}" in page.text
    case = own.open(f"/cases/{one.case_id}")
    assert number in case.text


def test_a_wrong_code_says_how_many_tries_are_left_and_is_not_printed_back(
    app: Flask, own: Browser, one: Paper
) -> None:
    page = asked(own, one)
    guess = wrong_code(app)
    for left in ("Осталось 4 попытки.", "Осталось 3 попытки.", "Осталось 2 попытки.", "Осталась 1 попытка."):
        page = own.send(page, button="Подтвердить и отправить", code=guess)
        assert page.status == 422
        assert f"Неверный код. {left}" in page.text
        assert page.title.startswith("Ошибка: ")
        assert page.soup.find(role="alert")
        assert page.value_of("code") == ""
    page = own.send(page, button="Подтвердить и отправить", code=guess)
    assert page.status == 422
    assert "Попыток больше нет" in page.text
    assert not page.soup.find(id="f-code")
    assert page.form(button="Получить новый код")


def test_what_is_no_code_says_so_and_costs_no_try(app: Flask, own: Browser, one: Paper) -> None:
    page = own.send(asked(own, one), button="Подтвердить и отправить", code="12345")
    assert page.status == 422
    assert "Код состоит из 6 цифр." in page.error_of("code")
    with app.app_context():
        assert db.session.query(SigningCode).one().tries == 0


def test_another_code_is_asked_for_after_a_minute(app: Flask, own: Browser, one: Paper) -> None:
    page = asked(own, one)
    assert re.search(r"Новый можно запросить через \d+ с ?, (завтра )?в \d\d:\d\d\.", page.text)
    early = own.send(page, button="Отправить еще раз")
    assert early.status == 429
    assert int(early.response.headers["Retry-After"]) <= 60
    assert early.soup.find(id="f-code")
    minutes_pass(app)
    page = own.open(page.path)
    assert "прежний перестанет действовать" in page.text
    old = right_code(app)
    page = own.send(page, button="Отправить еще раз")
    assert page.status == 200
    refused = own.send(page, button="Подтвердить и отправить", code=old)
    assert "Неверный код" in refused.text
    assert FACT in own.send(refused, button="Подтвердить и отправить", code=right_code(app)).text


@pytest.mark.parametrize(
    ("values", "says", "warned"),
    [
        ({"state": "new"}, "СМС отправляется.", False),
        ({"state": "sent", "provider": "smsc"}, "СМС передано оператору", False),
        ({"state": "sent", "provider": "smsc", "delivery": "delivered"}, "Нет его на экране?", False),
        ({"state": "sent", "provider": "smsc", "delivery": "failed"}, "СМС не доставлено", True),
        ({"state": "dead", "delivery": "unknown"}, "Неизвестно, дошло ли СМС", True),
        ({"state": "dead", "last_error": "bad number: code 7"}, "Оператор не принимает этот номер", True),
    ],
)
def test_who_waits_for_the_sms_reads_what_became_of_it(
    app: Flask, own: Browser, one: Paper, values: dict[str, str], says: str, warned: bool
) -> None:
    page = asked(own, one)
    with app.app_context(), transaction():
        db.session.execute(update(OutboxRow).where(OutboxRow.channel == "sms").values(**values))
    page = own.open(page.path)
    assert says in page.text and page.soup.find(id="f-code")
    assert any(says in one.get_text() for one in page.soup.select(".notice")) is warned


def test_a_code_that_has_run_out_leads_to_a_new_one(app: Flask, own: Browser, one: Paper) -> None:
    page = asked(own, one)
    right = right_code(app)
    minutes_pass(app, 11)
    page = own.send(page, button="Подтвердить и отправить", code=right)
    assert page.status == 409
    assert "Код действовал 10 минут" in page.text
    page = own.send(page, button="Получить новый код")
    assert FACT in own.send(page, button="Подтвердить и отправить", code=right_code(app)).text


def test_the_page_of_the_documents_leads_to_the_code_that_is_under_way(
    app: Flask, own: Browser, one: Paper
) -> None:
    page = asked(own, one)
    assert own.open(code_path(one)).path == page.path
    with app.app_context():
        (other,) = paper_to_sign(one.case_id, one.office, ("applicant",), title="Акт")
    assert own.open(code_path(one, one.slot_id, other)).path != page.path


def test_a_file_that_was_replaced_while_the_page_was_open_is_refused(
    app: Flask, own: Browser, one: Paper
) -> None:
    page = asked(own, one)
    with app.app_context():
        path = app.extensions["gateways"].files.path(document_of(one.slot_id).version.storage_key)
    path.write_bytes(path.read_bytes() + b"\n")
    page = own.send(page, button="Подтвердить и отправить", code=right_code(app))
    assert page.status == 409
    assert "ничего не подписано" in page.text
    with app.app_context():
        assert not signatures(one.slot_id)


def test_who_has_not_accepted_the_agreement_accepts_it_on_the_way(
    app: Flask, own: Browser, one: Paper
) -> None:
    with app.app_context(), transaction():
        db.session.execute(update(Consent).values(withdrawn_at=clock.now()))
    page = own.open(code_path(one))
    assert "если вы приняли соглашение" in page.text
    refused = own.send(page, button="Принять и продолжить")
    assert refused.status == 422
    assert refused.error_of("agreement") == "Ошибка: Отметьте, что принимаете соглашение."
    version = str(page.soup.find(id="f-agreement")["value"])  # type: ignore[index]
    page = own.send(page, button="Принять и продолжить", agreement=version)
    assert page.form(button="Получить код")


def test_who_was_not_confirmed_learns_what_to_bring_and_where(app: Flask) -> None:
    with app.app_context():
        one = paper(own=filer(), office=operator())
    page = signed_in(app, one.own).open(code_path(one))
    assert page.status == 200
    assert "с паспортом" in page.text
    assert "п. Калиново, ул. Центральная, 1" in page.text
    assert not page.soup.find("button", string="Получить код")


def test_nobody_else_reaches_a_code(app: Flask, own: Browser, one: Paper) -> None:
    page = asked(own, one)
    with app.app_context():
        stranger = signed_in(app, filer("Сидоров", snils="15253423343", email="s@example.org"))
    clerk, other_session = signed_in(app, one.office), signed_in(app, one.own)
    assert [stranger.open(path).status for path in (page.path, code_path(one))] == [404, 404]
    assert [clerk.open(path).status for path in (page.path, code_path(one))] == [403, 403]
    elsewhere = other_session.open(page.path)
    assert "другом окне входа" in elsewhere.text
    assert not elsewhere.soup.find(id="f-code")


@pytest.mark.parametrize(
    "query", ["", "?slot=", "?slot=x", "?slot=0", "?slot=" + "9" * 30, "?slot=1&slot=999"]
)
def test_crooked_slots_are_refused_politely(own: Browser, one: Paper, query: str) -> None:
    page = own.open(f"/cases/{one.case_id}/sign/code{query}")
    assert page.status in (200, 404)
    assert "Получить код" not in page.text
