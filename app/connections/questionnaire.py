"""The questionnaire of a connection application as one declarative table: topics in order and their
questions.

Pages, checklist, letters, remarks and comparisons read this table. Labels and options are those of the
users' manuals where the manuals have them. The order matters: a condition looks only at questions
declared above its own.
"""

from collections.abc import Mapping
from types import MappingProxyType

from app.connections.fields import Answers, Field, Topic
from app.connections.form_rules import BY_FORM, ROAD
from app.connections.questions_applicant import APPLICANT_FIELDS
from app.connections.questions_form import BRIEF, FORM_FIELDS
from app.connections.questions_object import OBJECT_FIELDS
from app.connections.questions_supply import SUPPLY_FIELDS
from app.errors import NotFound

#: Grows when stored answers of an earlier version need another reading.
SCHEMA_VERSION = 1

TOPICS = (
    Topic("applicant", "Заявитель", "От чьего имени подается заявка и чем это подтверждается"),
    Topic(
        "type",
        "Тип присоединения",
        "Можно подключиться не только постоянно, но и временно. К примеру, пока проводятся основные работы "
        "по подключению или объект передвижной.",
    ),
    Topic("object", "Объект подключения", "Что присоединяем, где и по какой причине"),
    Topic("params", "Параметры подключения", "Мощность, категория надежности и напряжение"),
    Topic("stages", "Сроки и этапы", "Когда объект будет спроектирован и введен в эксплуатацию"),
    Topic("rule", "Условия присоединения", "От этого зависит, нужно ли будет подписывать договор"),
    Topic(
        "supplier",
        "Гарантирующий поставщик",
        "Энергосбытовая компания, у которой вы будете покупать электроэнергию, и порядок расчетов",
    ),
    Topic("comment", "Комментарий к заявке", "Все, что важно знать о заявке и о чем мы не спросили"),
)

#: A task of the hub without questions: the checklist of documents.
DOCUMENTS = Topic(
    "documents",
    "Документы",
    "Какие документы нужно приложить к заявке на технологическое присоединение?",
)

#: The tasks of the hub in order: documents stand before the comment.
HUB_TOPICS = (*TOPICS[:-1], DOCUMENTS, TOPICS[-1])

#: The same with the topic of those who fill the form in a file; each road leaves out what it does not ask.
ALL_TOPICS = (BRIEF, *HUB_TOPICS)
ASKED_TOPICS = (BRIEF, *TOPICS)

FIELDS: tuple[Field, ...] = (*APPLICANT_FIELDS, *OBJECT_FIELDS, *SUPPLY_FIELDS)

FIELD: Mapping[str, Field] = MappingProxyType({field.code: field for field in FIELDS})

#: Everything that may stand among stored answers.
KNOWN_CODES = frozenset(FIELD) | {field.code for field in FORM_FIELDS} | {ROAD}


def table_for(answers: Answers) -> tuple[Field, ...]:
    """The questions that are asked of the one with these answers, in order."""
    return FORM_FIELDS if answers.get(ROAD) == BY_FORM else FIELDS


def is_asked(topic: str, answers: Answers) -> bool:
    """Whether the road that was chosen has this topic of questions at all."""
    return any(field.topic == topic for field in table_for(answers))


def field_of(code: str) -> Field:
    """A question by its code, whichever road asks it."""
    return FIELD[code] if code in FIELD else next(field for field in FORM_FIELDS if field.code == code)


def topic_of(code: str) -> Topic:
    """The topic with this code, documents included; raises NotFound for any other text."""
    for topic in ALL_TOPICS:
        if topic.code == code:
            return topic
    raise NotFound


def fields_of(topic: str) -> tuple[Field, ...]:
    """All questions of a topic in order, whoever they are for."""
    return tuple(field for field in (FORM_FIELDS if topic == BRIEF.code else FIELDS) if field.topic == topic)
