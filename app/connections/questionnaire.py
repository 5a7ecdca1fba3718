"""The questionnaire of a connection application as one declarative table: topics in order and their
questions.

Pages, checklist, letters, remarks and comparisons read this table. Labels and options are those of the
users' manuals where the manuals have them. The order matters: a condition looks only at questions
declared above its own.
"""

from collections.abc import Mapping
from types import MappingProxyType

from app.connections.fields import Field, Topic
from app.connections.questions_applicant import APPLICANT_FIELDS
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

FIELDS: tuple[Field, ...] = (*APPLICANT_FIELDS, *OBJECT_FIELDS, *SUPPLY_FIELDS)

FIELD: Mapping[str, Field] = MappingProxyType({field.code: field for field in FIELDS})


def topic_of(code: str) -> Topic:
    """The topic with this code, documents included; raises NotFound for any other text."""
    for topic in HUB_TOPICS:
        if topic.code == code:
            return topic
    raise NotFound


def fields_of(topic: str) -> tuple[Field, ...]:
    """All questions of a topic in order, whoever they are for."""
    return tuple(field for field in FIELDS if field.topic == topic)
