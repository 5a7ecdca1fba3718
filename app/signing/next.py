"""What the first panel of a case says and offers of signatures: «Подписать!», and who waits after a no."""

from collections.abc import Sequence

from sqlalchemy import select

from app import clock
from app.actor import Actor
from app.cases.models import Case, CaseDocument
from app.cases.next_actions import NextAction
from app.cases.next_words import Words
from app.cases.policy import Party, may_answer
from app.connections.contract_lifecycle import CONTRACT_SENT
from app.connections.works_lifecycle import ACT_SENT
from app.extensions import db
from app.signing import authority_queries
from app.signing.certificate_models import CertificateAttempt
from app.signing.certificate_rules import WAITING
from app.signing.models import SignatureSlot
from app.signing.policy import NOT_CONFIRMED
from app.signing.sign_queries import awaited_of, why_not_answered
from app.signing.slot_rules import DECLINED, PENDING, marks


def next_actions(case: Case, actor: Actor, side: Party) -> Sequence[NextAction]:
    """«Подписать!» while something waits for this very person, and the answer to a no under a document of their side.

    An applicant whom the office has not seen learns what to do.
    """
    query = (
        select(SignatureSlot, CaseDocument.side)
        .join(CaseDocument, CaseDocument.id == SignatureSlot.case_document_id)
        .where(SignatureSlot.case_id == case.id, SignatureSlot.state.in_((PENDING, DECLINED)))
    )
    rows = db.session.execute(query.order_by(SignatureSlot.id)).all()
    parties = {slot.party for slot, _whose in rows if slot.state == PENDING}
    own = _own_actions(case, actor) if side in parties else ()
    answers = [
        NextAction(
            "Ответить на отказ",
            "signing.answer_page",
            primary=True,
            dialog=True,
            arguments={"slot_id": str(slot.id)},
        )
        for slot, whose in rows
        if may_answer(side, case) and marks(side, slot.party, whose) and not why_not_answered(case, slot)
    ]
    # A power of attorney belongs to a signature that waits.
    return (*own, *answers[:1], *(authority_queries.next_actions(case, actor, side) if parties else ()))


def _own_actions(case: Case, actor: Actor) -> Sequence[NextAction]:
    found = awaited_of(case, actor)
    if any(one.ready for one in found):
        return (NextAction("Подписать!", "signing.sign_page", primary=True, dialog=True),)
    if any(one.why_not == NOT_CONFIRMED for one in found):
        return (NextAction("Что подписать", "signing.sign_page", primary=True, dialog=True),)
    return ()


def next_words(case: Case, side: Party) -> Words | None:
    """What the stage does not know: after the applicant's no, and while their signature is being checked."""
    if case.status in (CONTRACT_SENT, ACT_SENT) and (state := _sent_by_applicant(case)):
        return _CHECKED.get((state, side))
    if case.status != ACT_SENT or (title := _declined(case)) is None:
        return None
    if side == "company":
        text = "Причина в статусах. Ответьте, и документ снова будет ждать подписи."
        return Words("you", "Сейчас ваш ход", f"Заявитель отказался подписать: {title}", text)
    if side == "applicant":
        text = "Сетевая организация ответит на ваш отказ, и документ снова будет ждать подписи."
        return Words("co", "Рассматривает сетевая организация", f"Вы отказались подписать: {title}", text)
    return None


#: State of the applicant's signature and who reads → what the panel says.
_CHECKED = {
    ("waits_list", "applicant"): Words(
        "co",
        "Проверяем вашу подпись",
        "Подпись отправлена",
        "Повторять ничего не нужно: сайт проверит ее сам, когда получит список отзыва, и пришлет письмо.",
    ),
    ("waits_list", "company"): Words(
        "co",
        "Проверяется подпись заявителя",
        "Подпись отправлена, списка отзыва еще нет",
        "Сайт проверит подпись сам, когда получит список. Списки видны администратору в «Настройке».",
    ),
    ("waits_authority", "applicant"): Words(
        "you",
        "Сейчас ваш ход",
        "Приложите доверенность",
        "Подпись отправлена, но в сертификате нет номера организации. Без доверенности (МЧД) ее не примут.",
    ),
    ("read", "applicant"): Words(
        "co",
        "Рассматривает сетевая организация",
        "Подпись и доверенность отправлены",
        "Сотрудник прочитает доверенность, решение придет письмом.",
    ),
    ("over", "applicant"): Words(
        "co",
        "Рассматривает сетевая организация",
        "Срок доверенности кончился",
        "Пока доверенность ждала проверки, ее срок кончился. Ответа можно не ждать: приложите действующую.",
    ),
    ("over", "company"): Words(
        "you",
        "Сейчас ваш ход",
        "Проверьте доверенность",
        "Пока доверенность ждала проверки, ее срок кончился: откажите с этой причиной.",
    ),
    ("read", "company"): Words(
        "you", "Сейчас ваш ход", "Проверьте доверенность", "Подпись заявителя ждет вашего решения."
    ),
}


def _sent_by_applicant(case: Case) -> str:
    """How the applicant's signature stands that has come in; «read», «over» when its power of attorney is with the office."""
    query = (
        select(CertificateAttempt.state)
        .join(SignatureSlot, SignatureSlot.id == CertificateAttempt.slot_id)
        .where(SignatureSlot.case_id == case.id, SignatureSlot.party == "applicant")
        .where(SignatureSlot.state == PENDING, CertificateAttempt.state.in_(WAITING))
    )
    states = set(db.session.scalars(query))
    if "waits_authority" not in states:
        return "waits_list" if states else ""
    found = authority_queries.unjudged(case, "applicant")
    if found is None:
        return "waits_authority"
    return "over" if authority_queries.is_over(found, clock.now()) else "read"


def _declined(case: Case) -> str | None:
    """The title of the company's document that the applicant has declined and nobody has answered."""
    query = (
        select(CaseDocument.title)
        .join(SignatureSlot, SignatureSlot.case_document_id == CaseDocument.id)
        .where(
            SignatureSlot.case_id == case.id,
            SignatureSlot.party == "applicant",
            SignatureSlot.state == DECLINED,
            CaseDocument.side == "company",
        )
    )
    return db.session.scalars(query.order_by(CaseDocument.id.desc())).first()
