"""The few questions of the other road: the applicant fills the company's form in a file, and answers these here. Data only.

What an application by form consists of stands in the second users' manual (part 3): band of power, scheme, clause 14
or 12(1), supplier, the filled form and the documents.
"""

from dataclasses import replace

from app.connections.fields import Choice, Field, Topic, When
from app.connections.power import BAND_LABELS
from app.connections.questions_object import OBJECT_FIELDS
from app.connections.questions_supply import SUPPLY_FIELDS

#: The one page of questions of this road.
BRIEF = Topic(
    "brief",
    "Главное о заявке",
    "Мощность, схема электроснабжения, пункт Правил и гарантирующий поставщик",
)

POWER_BAND = Field(
    code="power_band",
    topic=BRIEF.code,
    kind="choice",
    label="Максимальная мощность (с учетом ранее присоединенных энергопринимающих устройств)",
    ask="Выберите максимальную мощность",
    choices=tuple(Choice(code, label) for code, label in BAND_LABELS.items()),
)

_ASKED_IN_BOTH = {field.code: field for field in (*OBJECT_FIELDS, *SUPPLY_FIELDS)}

FORM_FIELDS: tuple[Field, ...] = (
    POWER_BAND,
    replace(
        _ASKED_IN_BOTH["connection_type"],
        topic=BRIEF.code,
        label="Схема электроснабжения",
        ask="Выберите схему электроснабжения",
        choices=(
            Choice("permanent", "постоянная"),
            Choice("temporary_scheme", "временная, на период выполнения постоянной схемы"),
            Choice("temporary_mobile", "временная, для передвижного объекта"),
        ),
    ),
    replace(
        _ASKED_IN_BOTH["rule_fits"], topic=BRIEF.code, shown_when=When("connection_type", ("permanent",))
    ),
    replace(_ASKED_IN_BOTH["supplier"], topic=BRIEF.code),
    _ASKED_IN_BOTH["comment"],
)
