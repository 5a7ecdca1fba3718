"""Stages and moves of an application while its contract is made: paid (A), signed (B), disputed, annulled, ended.

A part of the table in `lifecycle`. That an annulment waits for the due date and that only a signatory restores
are guards of the actions: this table knows neither days nor roles.
"""

from app.cases.lifecycle import Move, Party, Stage
from app.connections.works_lifecycle import UNDERWAY, WORKS

AWAITING_PAYMENT = "awaiting_payment"
CONTRACT_CONCLUDED = "contract_concluded"
CONTRACT_SENT = "contract_sent"
CONTRACT_DISPUTED = "contract_disputed"
CONTRACT_SIGNED = "contract_signed"
ANNULLED_UNPAID = "annulled_unpaid"
ANNULLED_UNSIGNED = "annulled_unsigned"
TERMINATED = "terminated"

_APPLICANT: frozenset[Party] = frozenset({"applicant"})
_COMPANY: frozenset[Party] = frozenset({"company"})
#: Whoever gives the last signature: the applicant in the cabinet, or the company that has the paper.
_LAST_TO_SIGN = _APPLICANT | _COMPANY

CONTRACT_STAGES = (
    Stage(
        AWAITING_PAYMENT,
        label="Ожидаем оплату счета",
        mover="applicant",
        tab="active",
        term="payment",
        next_words="Оплатите счет: в день, когда поступят деньги, договор будет заключен. "
        "Если не оплатить в срок, сетевая организация может аннулировать заявку.",
        applicant_task="Оплатите счет",
    ),
    Stage(
        CONTRACT_CONCLUDED,
        label="Договор заключен",
        mover="company",
        tab="active",
        term="works",
        next_words="Сетевая организация приступит к работам по договору. "
        "Вы можете выполнять свою часть технических условий.",
        company_task="Начните мероприятия по договору",
    ),
    Stage(
        CONTRACT_SENT,
        label="Договор ждет подписи заявителя",
        mover="applicant",
        tab="active",
        term="contract_signature",
        next_words="Прочитайте договор и подпишите его здесь или на бумаге. "
        "Если вы с чем-то не согласны, пришлите разногласия.",
        applicant_task="Подпишите договор",
    ),
    Stage(
        CONTRACT_DISPUTED,
        label="Разногласия по договору",
        mover="company",
        tab="active",
        term="dispute_answer",
        next_words="Сетевая организация рассмотрит ваши разногласия. "
        "Она пришлет новую редакцию договора или объяснит, почему оставляет прежнюю.",
        company_task="Ответьте на разногласия",
    ),
    Stage(
        CONTRACT_SIGNED,
        label="Договор подписан",
        mover="company",
        tab="active",
        term="works",
        next_words="Сетевая организация приступит к работам по договору. Оплачивайте счета в сроки договора.",
        company_task="Начните мероприятия по договору",
    ),
)

CONTRACT_ENDS = (
    Stage(
        ANNULLED_UNPAID,
        label="Заявка аннулирована: счет не оплачен",
        mover="nobody",
        tab="rejected",
        term=None,
        next_words="Счет не оплачен в срок, и рассмотрение закончено. "
        "Если вы платили, напишите об этом в сообщениях и приложите чек.",
    ),
    Stage(
        ANNULLED_UNSIGNED,
        label="Заявка аннулирована: договор не подписан",
        mover="nobody",
        tab="rejected",
        term=None,
        next_words="Договор не подписан в срок, и рассмотрение закончено. "
        "Задайте вопрос в сообщениях или создайте новую заявку.",
    ),
    Stage(
        TERMINATED,
        label="Договор расторгнут",
        mover="nobody",
        tab="rejected",
        term=None,
        next_words="Договор больше не действует, причина указана в статусах. "
        "Если подключение снова понадобится, создайте новую заявку.",
    ),
)

#: The contract is offered but not made yet: the application may still be withdrawn or refused.
OFFERED = frozenset({AWAITING_PAYMENT, CONTRACT_SENT, CONTRACT_DISPUTED})

#: A contract binds both sides and is not fulfilled: it can only be ended.
BOUND = frozenset({CONTRACT_CONCLUDED, CONTRACT_SIGNED}) | UNDERWAY

CONTRACT_MOVES = (
    Move(
        # The money makes the contract: its date is the day on which the money came.
        "conclude",
        sources=frozenset({AWAITING_PAYMENT}),
        targets={None: CONTRACT_CONCLUDED},
        by=_COMPANY,
        label="Отметить оплату",
        past="Оплата получена, договор заключен",
    ),
    Move(
        "annul_unpaid",
        sources=frozenset({AWAITING_PAYMENT}),
        targets={None: ANNULLED_UNPAID},
        by=_COMPANY,
        label="Аннулировать: счет не оплачен",
        past="Заявка аннулирована, счет не оплачен в срок",
    ),
    Move(
        "sign_contract",
        sources=frozenset({CONTRACT_SENT}),
        targets={None: CONTRACT_SIGNED},
        by=_LAST_TO_SIGN,
        label="Отметить: договор подписан на бумаге",
        past="Договор подписан обеими сторонами",
    ),
    Move(
        "dispute",
        sources=frozenset({CONTRACT_SENT}),
        targets={None: CONTRACT_DISPUTED},
        by=_APPLICANT,
        label="Отправить разногласия",
        past="Заявитель отправил разногласия по договору",
        needs_reason=True,
    ),
    Move(
        "answer_dispute",
        sources=frozenset({CONTRACT_DISPUTED}),
        targets={None: CONTRACT_SENT},
        by=_COMPANY,
        label="Ответить на разногласия",
        past="Получен ответ на разногласия",
        needs_reason=True,
    ),
    Move(
        "annul_unsigned",
        sources=frozenset({CONTRACT_SENT}),
        targets={None: ANNULLED_UNSIGNED},
        by=_COMPANY,
        label="Аннулировать: договор не подписан",
        past="Заявка аннулирована, договор не подписан в срок",
    ),
    Move(
        "start_works",
        sources=frozenset({CONTRACT_CONCLUDED, CONTRACT_SIGNED}),
        targets={None: WORKS},
        by=_COMPANY,
        label="Начать мероприятия",
        past="Начаты мероприятия по договору",
    ),
    Move(
        "restore_unpaid",
        sources=frozenset({ANNULLED_UNPAID}),
        targets={None: AWAITING_PAYMENT},
        by=_COMPANY,
        label="Восстановить заявку",
        past="Заявка восстановлена",
        needs_reason=True,
    ),
    Move(
        "restore_unsigned",
        sources=frozenset({ANNULLED_UNSIGNED}),
        targets={None: CONTRACT_SENT},
        by=_COMPANY,
        label="Восстановить заявку",
        past="Заявка восстановлена",
        needs_reason=True,
    ),
)
