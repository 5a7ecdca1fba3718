"""Stages and moves of an application after its contract: the works, the meter, the acts, the connection.

A part of the table in `lifecycle`. Knows nothing of how the contract came about but the mode: in A the company's
act is enough, in B both sides sign it. Papers, money and dates are the actions' business.
"""

from app.cases.lifecycle import Move, Party, Stage

WORKS = "works"
TU_CHECK = "tu_check"
METER_ADMISSION = "meter_admission"
METER_ADMITTED = "meter_admitted"
ACT_SENT = "act_sent"
CONNECTED = "connected"

_APPLICANT: frozenset[Party] = frozenset({"applicant"})
_COMPANY: frozenset[Party] = frozenset({"company"})
#: Whoever gives the last signature: the applicant in the cabinet, or the company that has the paper.
_LAST_TO_SIGN = _APPLICANT | _COMPANY

WORKS_STAGES = (
    Stage(
        WORKS,
        label="Выполняются мероприятия",
        mover="company",
        tab="active",
        term="works",
        next_words="Сетевая организация выполняет свою часть работ. "
        "Если часть технических условий за вами, выполните ее и сообщите об этом здесь.",
        company_task="Выполните мероприятия по договору",
    ),
    Stage(
        TU_CHECK,
        label="Проверка выполнения технических условий",
        mover="company",
        tab="active",
        term="conditions_check",
        next_words="Сетевая организация проверит, что технические условия выполнены. "
        "Если найдет замечания, она напишет, что исправить.",
        company_task="Проверьте выполнение технических условий",
    ),
    Stage(
        METER_ADMISSION,
        label="Допуск прибора учета",
        mover="company",
        tab="active",
        term="meter",
        next_words="Сетевая организация проверит прибор и разместит здесь акт допуска прибора учета в эксплуатацию.",
        company_task="Допустите прибор учета и разместите акт",
    ),
    Stage(
        METER_ADMITTED,
        label="Прибор учета допущен",
        mover="company",
        tab="active",
        term="act",
        next_words="Прибор учета введен в эксплуатацию. "
        "Сетевая организация подготовит акт о технологическом присоединении и разместит его здесь.",
        company_task="Подготовьте акт о технологическом присоединении",
    ),
    Stage(
        ACT_SENT,
        label="Акт о технологическом присоединении ждет подписи",
        mover="applicant",
        tab="active",
        term="act_signature",
        next_words="Прочитайте акт и подпишите его здесь или на бумаге. После этого присоединение завершено.",
        applicant_task="Подпишите акт о технологическом присоединении",
    ),
    Stage(
        CONNECTED,
        label="Присоединение выполнено",
        mover="nobody",
        tab="done",
        term=None,
        next_words="Все готово, от вас больше ничего не нужно. Документы остаются в кабинете.",
    ),
)

#: The contract is fulfilled but not to the end.
UNDERWAY = frozenset(stage.code for stage in WORKS_STAGES if stage.is_open)

WORKS_MOVES = (
    Move(
        "report_done",
        sources=frozenset({WORKS}),
        targets={None: TU_CHECK},
        by=_APPLICANT,
        label="Сообщить о выполнении технических условий",
        past="Заявитель сообщил о выполнении технических условий",
    ),
    Move(
        # Where the conditions ask nothing of the applicant there is nothing to check.
        "own_part_done",
        sources=frozenset({WORKS}),
        targets={None: METER_ADMISSION},
        by=_COMPANY,
        label="Мероприятия выполнены",
        past="Мероприятия сетевой организации выполнены",
    ),
    Move(
        "accept_conditions",
        sources=frozenset({TU_CHECK}),
        targets={None: METER_ADMISSION},
        by=_COMPANY,
        label="Технические условия выполнены",
        past="Выполнение технических условий подтверждено",
    ),
    Move(
        # The works' term must go on from the day of the contract: give the step that day, not today.
        "return_conditions",
        sources=frozenset({TU_CHECK}),
        targets={None: WORKS},
        by=_COMPANY,
        label="Вернуть с замечаниями",
        past="Технические условия выполнены не полностью",
        needs_reason=True,
    ),
    Move(
        "admit_meter",
        sources=frozenset({METER_ADMISSION}),
        targets={None: METER_ADMITTED},
        by=_COMPANY,
        label="Разместить акт допуска прибора учета в эксплуатацию",
        past="Прибор учета допущен в эксплуатацию",
    ),
    Move(
        "connect",
        sources=frozenset({METER_ADMITTED}),
        targets={"A": CONNECTED},
        by=_COMPANY,
        label="Разместить акт о технологическом присоединении",
        past="Присоединение выполнено",
    ),
    Move(
        "publish_act",
        sources=frozenset({METER_ADMITTED}),
        targets={"B": ACT_SENT},
        by=_COMPANY,
        label="Отправить акт на подпись",
        past="Акт о технологическом присоединении отправлен на подпись",
    ),
    Move(
        "sign_act",
        sources=frozenset({ACT_SENT}),
        targets={None: CONNECTED},
        by=_LAST_TO_SIGN,
        label="Отметить: акт подписан на бумаге",
        past="Акт подписан, присоединение выполнено",
    ),
    Move(
        # Whoever declined the act, or found a mistake in it, gets another one; its term begins anew.
        "replace_act",
        sources=frozenset({ACT_SENT}),
        targets={"B": ACT_SENT},
        by=_COMPANY,
        label="Отправить новую редакцию акта",
        past="Отправлена новая редакция акта о технологическом присоединении",
    ),
)
