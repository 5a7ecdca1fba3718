"""Which acts can be done now: the lifecycle's table, the mode, the role, the calendar and the contract taken together."""

from collections.abc import Sequence
from datetime import date

from app.actor import SIGNATORY, Actor
from app.cases.models import Case
from app.cases.policy import party_of
from app.cases.queries import require
from app.company import queries as company
from app.company.wording import date_words
from app.connections import road
from app.contracts.act_rules import Act
from app.contracts.acts import ACTS
from app.contracts.claim_queries import open_claim
from app.contracts.contract_steps import contract_of
from app.contracts.package_queries import package_of
from app.contracts.paper_kinds import PaperKind, papers_for
from app.contracts.paper_queries import lacking, paper_rows
from app.errors import Conflict
from app.signing.turn_queries import signature_sent

#: Until the money for an invoice may be on its way: working days after its last day.
GRACE = 1


def offered(case: Case, actor: Actor, today: date) -> list[Act]:
    """The acts that this person may do now, in the order of the table."""
    possible = set(road.moves(case, actor))
    side = party_of(actor, case)
    return [
        act
        for act in ACTS.values()
        if act.move in possible
        and act.by == side
        and (not act.signatory or SIGNATORY in actor.roles)
        and not why_not_now(case, act, today)
    ]


def require_act(case: Case, act: Act, actor: Actor, today: date) -> None:
    """Refuse an act that is not possible now.

    Raises Forbidden for the other side's act and for one of a signatory, IllegalMove when the status or the mode knows
    no such move, Conflict when a day or the contract stands against it.
    """
    require(party_of(actor, case) == act.by)
    require(not act.signatory or SIGNATORY in actor.roles)
    road.require_move(case, act.move, actor)
    if sentence := why_not_now(case, act, today):
        raise Conflict(sentence)


def why_not_now(case: Case, act: Act, today: date) -> str:
    """What stands against a move that the lifecycle knows, as a sentence; an empty text when nothing does."""
    if act.move in ("annul_unpaid", "annul_unsigned"):
        return _not_late(case, act.move, today)
    if act.move == "report_done" and not _asks_the_applicant(case):
        return "По вашим техническим условиям сообщать о выполнении не нужно: все работы за сетевой организацией."
    if act.move == "own_part_done" and _asks_the_applicant(case):
        return (
            "Часть работ по техническим условиям за заявителем. "
            "Дождитесь, пока он сообщит о выполнении, и проверьте их."
        )
    if act.move == "replace_act" and signature_sent([case.id]):
        return "Заявитель прислал подпись, и ее проверка не закончена: дождитесь ее, потом заменяйте акт."
    return ""


def _not_late(case: Case, move: str, today: date) -> str:
    if case.paused_on is not None:
        return "Срок приостановлен: аннулировать заявку сейчас нельзя."
    if case.due_on is None:
        return ""
    if move == "annul_unsigned" and signature_sent([case.id]):
        return "Заявитель прислал подпись, и ее проверка не закончена: аннулировать заявку сейчас нельзя."
    last = case.due_on
    if move == "annul_unpaid":
        if open_claim(case) is not None:
            return "Заявитель сообщил об оплате: сначала проверьте, пришли ли деньги."
        last = company.calendar().add_working_days(last, GRACE)
    if today <= last:
        return f"Срок еще не прошел. Аннулировать заявку можно после {date_words(last, today)}."
    return ""


def _asks_the_applicant(case: Case) -> bool:
    """Whether the technical conditions ask something of the applicant; so it is until the office says otherwise."""
    contract = contract_of(case)
    return contract is None or contract.applicant_part


def papers_of(case: Case, act: Act) -> tuple[Sequence[PaperKind], Sequence[PaperKind]]:
    """The papers that go out with the act, and those without which it is refused."""
    if act.move == "answer_dispute":  # a new edition is possible and never demanded
        return [row.paper for row in paper_rows(case) if row.ready], ()
    return papers_for(act.move, case.mode), lacking(case, act.move)


def warning(case: Case, act: Act) -> str:
    """What staff should know before the act although it is possible; an empty text when there is nothing."""
    if act.move not in ("connect", "publish_act") or case.supplier_id is None:
        return ""
    package = package_of(case)
    if package is not None and package.state != "preparing":
        return ""
    return (
        f"{case.supplier_name}: договор энергоснабжения еще не размещен. "
        "Присоединить можно и без него, но без договора электроэнергии у заявителя не будет."
    )
