"""The one table of a connection application: its stages and moves.

Source of the stages: the procedure of the Rules of technological connection (No. 861) as the company works
by it; contract and works have tables of their own, joined here. The terms are codes: their lengths and clauses
are data of the company. Who may do what to whose case is policy, and guards that need the calendar or the
documents live in the actions.
"""

from app.cases.lifecycle import Lifecycle, Move, Party, Stage
from app.connections.contract_lifecycle import (
    AWAITING_PAYMENT,
    BOUND,
    CONTRACT_ENDS,
    CONTRACT_MOVES,
    CONTRACT_SENT,
    CONTRACT_STAGES,
    OFFERED,
    TERMINATED,
)
from app.connections.works_lifecycle import WORKS_MOVES, WORKS_STAGES

DRAFT = "draft"
SUBMITTED = "submitted"
REGISTERED = "registered"
CHECKING = "checking"
NEEDS_FIX = "needs_fix"
PREPARING_OFFER = "preparing_offer"
PREPARING_CONTRACT = "preparing_contract"
WITHDRAWN = "withdrawn"
REJECTED = "rejected"
ANNULLED_INCOMPLETE = "annulled_incomplete"

APPLICANT: frozenset[Party] = frozenset({"applicant"})
COMPANY: frozenset[Party] = frozenset({"company"})

STAGES = (
    Stage(
        DRAFT,
        label="Черновик",
        mover="applicant",
        tab="drafts",
        term=None,
        next_words="Заполните анкету, приложите документы и отправьте заявку. "
        "После этого сетевая организация присвоит ей номер.",
        applicant_task="Заполните анкету и отправьте заявку",
    ),
    Stage(
        SUBMITTED,
        label="Заявка отправлена",
        mover="company",
        tab="active",
        term="registration",
        next_words="Сетевая организация присвоит заявке номер и сообщит его вам. "
        "Сейчас от вас ничего не нужно.",
        company_task="Присвойте номер и проверьте документы",
    ),
    Stage(
        REGISTERED,
        label="Присвоен регистрационный номер",
        mover="company",
        tab="active",
        term="completeness",
        next_words="Сетевая организация примет заявку к рассмотрению и проверит анкету и документы. "
        "Если чего-то не хватит, она пришлет вам запрос.",
        company_task="Примите заявку к рассмотрению",
    ),
    Stage(
        CHECKING,
        label="Заявка принята к рассмотрению",
        mover="company",
        tab="active",
        term="completeness",
        next_words="Сетевая организация проверяет анкету и документы. "
        "Если все в порядке, она начнет готовить договор, а если чего-то не хватает, пришлет вам запрос.",
        company_task="Проверьте анкету и документы",
    ),
    Stage(
        NEEDS_FIX,
        label="Нужны исправления или документы",
        mover="applicant",
        tab="active",
        term="corrections",
        next_words="Исправьте замечания и отправьте ответ, после этого проверка начнется заново. "
        "Если не ответить в срок, сетевая организация может аннулировать заявку.",
        applicant_task="Исправьте замечания",
    ),
    Stage(
        PREPARING_OFFER,
        label="Готовим условия договора, технические условия и счет",
        mover="company",
        tab="active",
        term="offer",
        next_words="Сетевая организация подготовит условия договора, технические условия и счет "
        "и разместит их здесь. Подписывать ничего не нужно: договор подтверждается оплатой счета.",
        company_task="Подготовьте условия договора, технические условия и счет",
    ),
    Stage(
        PREPARING_CONTRACT,
        label="Готовим договор и технические условия",
        mover="company",
        tab="active",
        term="contract",
        next_words="Сетевая организация подготовит договор и технические условия, подпишет их и разместит "
        "здесь. После этого договор нужно будет подписать вам.",
        company_task="Подготовьте договор и технические условия",
    ),
    *CONTRACT_STAGES,
    *WORKS_STAGES,
    Stage(
        WITHDRAWN,
        label="Заявка отозвана",
        mover="nobody",
        tab="rejected",
        term=None,
        next_words="Вы отозвали заявку, ее больше не рассматривают. "
        "Если подключение снова понадобится, создайте новую заявку.",
    ),
    Stage(
        REJECTED,
        label="В заявке отказано",
        mover="nobody",
        tab="rejected",
        term=None,
        next_words="Рассмотрение закончено, причина отказа указана в статусах. "
        "Если с ней что-то неясно, задайте вопрос в сообщениях; новую заявку можно создать в любое время.",
    ),
    Stage(
        ANNULLED_INCOMPLETE,
        label="Заявка аннулирована",
        mover="nobody",
        tab="rejected",
        term=None,
        next_words="Замечания не исправлены в срок, и рассмотрение закончено. "
        "Задайте вопрос в сообщениях или создайте новую заявку.",
    ),
    *CONTRACT_ENDS,
)

#: Sent and without a contract: from here an application may be withdrawn or refused; a contract can only be ended.
BEFORE_CONTRACT = OFFERED | {
    SUBMITTED,
    REGISTERED,
    CHECKING,
    NEEDS_FIX,
    PREPARING_OFFER,
    PREPARING_CONTRACT,
}


def _to(status: str) -> dict[str | None, str]:
    return {None: status}


MOVES = (
    Move(
        "submit",
        sources=frozenset({DRAFT}),
        targets=_to(SUBMITTED),
        by=APPLICANT,
        label="Отправить заявку",
        past="Заявка создана и отправлена в сетевую",
    ),
    Move(
        "register",
        sources=frozenset({SUBMITTED}),
        targets=_to(REGISTERED),
        by=COMPANY,
        label="Присвоить регистрационный номер",
        past="Присвоен регистрационный номер",
    ),
    Move(
        "accept",
        sources=frozenset({REGISTERED}),
        targets=_to(CHECKING),
        by=COMPANY,
        label="Принять к рассмотрению",
        past="Заявка принята к рассмотрению",
    ),
    Move(
        "complete",
        sources=frozenset({CHECKING}),
        targets={"A": PREPARING_OFFER, "B": PREPARING_CONTRACT},
        by=COMPANY,
        label="Комплект полный",
        past="Комплект документов полный",
    ),
    Move(
        # What to mend is a list with a remark for each item, so no separate reason is asked.
        "request_fixes",
        sources=frozenset({CHECKING}),
        targets=_to(NEEDS_FIX),
        by=COMPANY,
        label="Запросить исправления или документы",
        past="Нужны исправления или документы",
    ),
    Move(
        "send_fixes",
        sources=frozenset({NEEDS_FIX}),
        targets=_to(CHECKING),
        by=APPLICANT,
        label="Отправить исправления",
        past="Исправления отправлены",
    ),
    Move(
        # Proposed by the clock; the action lets staff confirm it only after the due date.
        "annul_incomplete",
        sources=frozenset({NEEDS_FIX}),
        targets=_to(ANNULLED_INCOMPLETE),
        by=COMPANY,
        label="Аннулировать: срок исправления прошел",
        past="Заявка аннулирована, замечания не исправлены в срок",
    ),
    Move(
        "restore_incomplete",
        sources=frozenset({ANNULLED_INCOMPLETE}),
        targets=_to(NEEDS_FIX),
        by=COMPANY,
        label="Восстановить заявку",
        past="Заявка восстановлена",
        needs_reason=True,
    ),
    Move(
        "publish_offer",
        sources=frozenset({PREPARING_OFFER}),
        targets=_to(AWAITING_PAYMENT),
        by=COMPANY,
        label="Разместить условия договора и счет",
        past="Размещены условия договора, технические условия и счет",
    ),
    Move(
        "publish_contract",
        sources=frozenset({PREPARING_CONTRACT}),
        targets=_to(CONTRACT_SENT),
        by=COMPANY,
        label="Отправить договор на подпись",
        past="Договор и технические условия отправлены на подпись",
    ),
    *CONTRACT_MOVES,
    *WORKS_MOVES,
    Move(
        "withdraw",
        sources=BEFORE_CONTRACT,
        targets=_to(WITHDRAWN),
        by=APPLICANT,
        label="Отозвать заявку",
        past="Заявка отозвана заявителем",
    ),
    Move(
        "reject",
        sources=BEFORE_CONTRACT,
        targets=_to(REJECTED),
        by=COMPANY,
        label="Отказать",
        past="В заявке отказано",
        needs_reason=True,
    ),
    Move(
        "terminate",
        sources=BOUND,
        targets=_to(TERMINATED),
        by=COMPANY,
        label="Расторгнуть договор",
        past="Договор расторгнут",
        needs_reason=True,
    ),
)

LIFECYCLE = Lifecycle(STAGES, MOVES)
