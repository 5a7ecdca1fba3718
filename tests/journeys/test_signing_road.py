"""From a complete set of documents to the connection with electronic signatures alone, by plain pages."""

from app.extensions import db
from app.signing.code_models import SigningCode
from tests.browser import Page, file
from tests.case_world import signed_in
from tests.certificate_world import bytes_of
from tests.code_world import digits
from tests.journeys.test_contract_road import Walk, sent, through_the_works
from tests.journeys.test_signing_code import minutes_pass
from tests.signing_roads import company_key, waiting
from tests.whole_site import DECLINED, World


def head_signs(walk: Walk) -> Page:
    """Who signs for the company signs the papers before they go out, by files of signatures."""
    head, person = walk.world.browser("signatory"), walk.world.people["signatory"]
    page = walk.act("signatory", "Подписать до отправки", "Перейти к подписанию")
    assert page.path == f"/cases/{walk.case_id}/sign" and "Приложить файл подписи" in page.text, page.text[
        :500
    ]
    boxes = page.soup.find_all("input", {"name": "slot"})
    assert boxes and all(box.has_attr("checked") for box in boxes)
    with walk.world.app.app_context():
        key, slots = company_key(), waiting(walk.case_id, person)
        signed = {f"signature-{one}": file(key.sign(bytes_of(one)), f"{one}.sig") for one in slots}
    assert [int(str(box["value"])) for box in boxes] == slots
    named = "&".join(f"slot={one}" for one in slots)
    page = head.open(f"/cases/{walk.case_id}/sign/file?{named}")
    page = head.send(page, button="Отправить подписи" if len(slots) > 1 else "Отправить подпись", **signed)
    assert page.status == 200 and "Подписано" in page.text, page.text[:800]
    return page


def applicant_signs(walk: Walk) -> Page:
    """«Подписать!», the code of the SMS, «Подтвердить и отправить»."""
    own = walk.world.browser("applicant")
    minutes_pass(walk.world.app)  # since the last code
    page = own.open(walk.page("applicant").link("Подписать!"))
    (box,) = page.soup.find_all("input", {"name": "slot"})
    assert "Подписать кодом из СМС" in page.text and "Подписать можно и на бумаге" not in page.text
    page = own.open(f"/cases/{walk.case_id}/sign/code?slot={box['value']}")
    page = own.send(page, button="Получить код")
    with walk.world.app.app_context():
        newest = db.session.query(SigningCode).order_by(SigningCode.id.desc()).first()
        assert newest is not None
        typed = digits(newest.id)
    page = own.send(page, button="Подтвердить и отправить", code=typed)
    assert "подписан" in page.text, page.text[:500]
    return walk.page("applicant")


def test_mode_b_to_the_connection_by_certificate_and_code(world: World) -> None:
    walk = sent(world, "B")
    walk.papers("publish_contract")
    early = walk.act("operator", "Отправить договор на подпись", "Отправить на подпись")
    assert early.status == 422 and "Подписать до отправки" in early.text
    assert "Подписать до отправки" not in walk.page("operator").text  # a clerk signs nothing
    head_signs(walk)
    assert "Подпись Сетевой" not in walk.page("applicant").text  # nothing has gone out yet
    walk.act("operator", "Отправить договор на подпись", "Отправить на подпись")
    assert walk.status() == "contract_sent"
    told = walk.page("applicant").text
    assert "Подпись Сетевой добавлен: " in told and "сертификатом, Сидоров" in told and "№ подписи" in told
    told = applicant_signs(walk).text
    assert walk.status() == "contract_signed" and "Подпись Заявителя подписан: " in told
    assert "кодом из СМС, Иванов Петр Григорьевич, № подписи" in told
    through_the_works(walk)
    walk.papers("publish_act")
    head_signs(walk)
    walk.act("operator", "Отправить акт на подпись", "Отправить на подпись")
    assert "Отказаться от подписи" in walk.page("applicant").text
    told = applicant_signs(walk).text
    assert walk.status() == "connected" and "Присоединение выполнено" in told and "Подписать!" not in told


def test_a_no_to_the_act_is_answered_and_the_act_signed(world: World) -> None:
    walk = Walk(world, world.cases[DECLINED])
    told = walk.page("applicant").text
    assert (
        "Вы отказались подписать: Акт о технологическом присоединении" in told and "отказ от подписи" in told
    )
    assert "Заявитель отказался подписать: Акт" in walk.page("operator").text
    page = walk.act("operator", "Ответить на отказ", "Отправить ответ", reason=" ")
    assert page.status == 422 and "Напишите ответ" in page.text
    page = walk.act("operator", "Ответить на отказ", "Отправить ответ", reason="Мощность верна.")
    assert "Ответ отправлен" in page.text
    assert "Мощность верна." in walk.page("applicant").text
    applicant_signs(walk)
    assert walk.status() == "connected"


def test_who_cannot_sign_is_told_why_and_what_to_do(world: World) -> None:
    case_id = world.cases["contract_sent"]
    page = world.browser("operator").open(f"/cases/{world.cases['awaiting_payment']}/sign")
    assert page.status == 200 and "Подписывать за сетевую организацию может" in page.text
    assert world.browser("neighbour").open(f"/cases/{case_id}/sign").status == 404
    assert world.browser("administrator").open(f"/cases/{case_id}/sign").status == 403
    nothing = world.browser("applicant").open(f"/cases/{world.cases['works']}/sign")
    assert "Сейчас вам подписывать нечего" in nothing.text
    with world.app.app_context():
        (slot,) = waiting(case_id, world.people["applicant"])
    own = signed_in(world.app, world.people["applicant"])
    page = own.open(f"/cases/{case_id}/sign/decline/{slot}")
    assert page.status == 409 and "отправьте разногласия" in page.text
