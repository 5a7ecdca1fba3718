"""What the first panel of a case says and offers of signatures: «Подписать!», and who waits after a no."""

from collections.abc import Sequence

from sqlalchemy import select

from app.actor import Actor
from app.cases.models import Case, CaseDocument
from app.cases.next_actions import NextAction
from app.cases.next_words import Words
from app.cases.policy import Party, may_answer
from app.connections.works_lifecycle import ACT_SENT
from app.extensions import db
from app.signing import authority_queries
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
    """After the applicant's no to the act it is the company's turn, whatever the stage says."""
    if case.status != ACT_SENT or (title := _declined(case)) is None:
        return None
    if side == "company":
        text = "Причина в статусах. Ответьте, и документ снова будет ждать подписи."
        return Words("you", "Сейчас ваш ход", f"Заявитель отказался подписать: {title}", text)
    if side == "applicant":
        text = "Сетевая организация ответит на ваш отказ, и документ снова будет ждать подписи."
        return Words("co", "Рассматривает сетевая организация", f"Вы отказались подписать: {title}", text)
    return None


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
