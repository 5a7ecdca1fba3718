"""Who may sign a slot in the cabinet: by a code or a certificate. Pure rules over plain values.

Only an account that staff have confirmed in the office signs for an applicant (design decision 7); for the company sign
those who hold that role, for a supplier its own people. Nobody signs for another side.
"""

from app.actor import SIGNATORY, Actor
from app.cases.policy import CaseFacts, is_closed, party_of
from app.signing.slot_rules import SlotFacts

NOT_CONFIRMED = (
    "Подписывать можно после того, как учетную запись подтвердят в офисе сетевой организации. "
    "Придите один раз с паспортом, а представитель и с доверенностью."
)
NOT_SIGNATORY = "Подписывать за сетевую организацию может сотрудник с правом подписи: попросите его."
CLOSED = "Обращение в архиве, его можно только читать."
ENDED = "Рассмотрение закончено: подпись под документом больше не нужна."
DISPUTED = "По договору есть разногласия: сначала дождитесь ответа сетевой организации."


def may_sign(actor: Actor, case: CaseFacts, slot: SlotFacts) -> bool:
    """Whether this person signs for the side of the slot at all; whose turn it is `slot_rules.why_not` says."""
    return party_of(actor, case) == slot.party and not why_may_not(actor, case, slot)


def why_may_not(actor: Actor, case: CaseFacts, slot: SlotFacts) -> str:
    """What keeps a person of the slot's own side from signing, in a sentence; an empty text when nothing does."""
    side = party_of(actor, case)
    if side != slot.party:
        return "Эту подпись ставит другая сторона: от вас она не нужна."
    if is_closed(side, case):
        return CLOSED
    if side == "applicant" and not actor.confirmed:
        return NOT_CONFIRMED
    if side == "company" and SIGNATORY not in actor.roles:
        return NOT_SIGNATORY
    return ""


def why_may_not_decline(actor: Actor, case: CaseFacts, slot: SlotFacts) -> str:
    """What keeps a person from declining a signature of their own side; an empty text when nothing does.

    To decline needs no confirmed account: it binds nobody. For the company speaks who may sign for it.
    """
    why = why_may_not(actor, case, slot)
    return "" if why == NOT_CONFIRMED else why
