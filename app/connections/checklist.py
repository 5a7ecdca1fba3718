"""Which documents an application needs, computed from the answers, and the names of all kinds of documents.

Source: clause 10 of the Rules of technological connection (No. 861) in the words of the users' manual,
and the practice of grid companies for identity papers and register extracts. Knows kinds, not files.
"""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from types import MappingProxyType

from app.connections.answers import live_answers
from app.connections.facts import band_in, qualification_in
from app.connections.fields import BUSINESS, Answers, Context
from app.connections.form_rules import came_by_form


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """A kind of document: the short title on pages, the full one, why it is needed, what to say when it
    is missing.

    `sensitive` kinds are identity papers: suppliers do not see them unless they are shared.
    """

    code: str
    short: str
    full: str
    why: str = ""
    ask: str = ""
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the checklist: required or only offered, and why so in this application."""

    kind: DocumentKind
    required: bool
    reason: str


APPLICATION = DocumentKind(
    "application",
    "Заявка",
    "заполненная форма заявки на технологическое присоединение",
    ask="Приложите заполненную и подписанную форму заявки",
    why="Для тех, кто заполняет форму заявки в файле, а не анкету здесь.",
)
IDENTITY = DocumentKind(
    "identity",
    "Паспорт",
    "копия паспорта или иного документа, удостоверяющего личность",
    why="Подтверждает, кто подает заявку.",
    ask="Приложите копию паспорта или иного документа, удостоверяющего личность",
    sensitive=True,
)
EXTRACT = DocumentKind(
    "extract",
    "Выписка ЕГРЮЛ/ЕГРИП",
    "выписка из ЕГРЮЛ или ЕГРИП",
    why="Подтверждает сведения об организации или предпринимателе.",
    ask="Приложите выписку из ЕГРЮЛ или ЕГРИП",
)
AUTHORITY = DocumentKind(
    "authority",
    "Доверенность",
    "копия доверенности или иного документа, подтверждающего полномочия представителя",
    why="Подтверждает, что вы вправе действовать от имени заявителя.",
    ask="Приложите доверенность или иной документ о полномочиях представителя",
)
PLAN = DocumentKind(
    "plan",
    "План",
    "план расположения энергопринимающих устройств, которые необходимо присоединить к электрическим сетям "
    "сетевой организации",
    why="По нему видно, где стоит объект и сколько от него до сетей.",
    ask="Приложите план расположения энергопринимающих устройств",
)
DIAGRAM = DocumentKind(
    "diagram",
    "Схема",
    "однолинейная схема электрических сетей заявителя, присоединяемых к электрическим сетям сетевой "
    "организации, номинальный класс напряжения которых составляет 35 кВ и выше, с указанием возможности "
    "резервирования от собственных источников энергоснабжения (включая резервирование для собственных нужд) "
    "и возможности переключения нагрузок (генерации) по внутренним сетям заявителя",
    why="По ней проверяют, как ваши сети соединятся с сетями компании.",
    ask="Приложите однолинейную схему электрических сетей",
)
AUTOMATICS = DocumentKind(
    "automatics",
    "Перечень для автоматики",
    "перечень и мощность энергопринимающих устройств, которые могут быть присоединены к устройствам "
    "противоаварийной и режимной автоматики",
    why="По нему решают, что можно отключать при аварии в сети.",
    ask="Приложите перечень устройств, которые можно присоединить к противоаварийной и режимной автоматике",
)
TITLE = DocumentKind(
    "title",
    "Право собственности",
    "копия документа, подтверждающего право собственности или иное предусмотренное законом основание на "
    "объект "
    "капитального строительства (нежилое помещение в таком объекте капитального строительства) и (или) "
    "земельный участок, на котором расположены (будут располагаться) объекты заявителя, либо право "
    "собственности или иное предусмотренное законом основание на энергопринимающие устройства (для "
    "заявителей, "
    "планирующих осуществить технологическое присоединение энергопринимающих устройств потребителей, "
    "расположенных в нежилых помещениях многоквартирных домов или иных объектах капитального строительства)",
    why="Подтверждает, что объект или участок ваш.",
    ask="Приложите копию документа о праве собственности или ином основании",
)
CONSENT = DocumentKind(
    "consent",
    "Согласие собственников",
    "согласие других собственников объекта или участка",
    why="Пригодится, если собственников несколько или помещение находится в общем здании.",
)
RECEIVERS = DocumentKind(
    "receivers",
    "Перечень устройств",
    "перечень энергопринимающих устройств с их мощностью",
    why="Помогает проверить, что мощность посчитана верно.",
)
OTHER = DocumentKind("other", "Иной документ", "иной документ", why="Все, что поможет рассмотреть заявку.")

LETTER = DocumentKind("letter", "Письмо", "письмо сетевой организации")
NOTICE = DocumentKind("notice", "Уведомление", "уведомление сетевой организации")

#: What the applicant may attach, in the order of the checklist.
APPLICANT_KINDS = (
    APPLICATION,
    IDENTITY,
    EXTRACT,
    AUTHORITY,
    PLAN,
    DIAGRAM,
    AUTOMATICS,
    TITLE,
    CONSENT,
    RECEIVERS,
    OTHER,
)
#: What the company posts.
COMPANY_KINDS = (LETTER, NOTICE, OTHER)

KINDS: Mapping[str, DocumentKind] = MappingProxyType(
    {kind.code: kind for kind in (*APPLICANT_KINDS, *COMPANY_KINDS)}
)

#: Networks of this voltage and above need the single-line diagram (clause 10 of the Rules).
_DIAGRAM_VOLTAGES = ("35", "110")


def checklist(answers: Answers, context: Context) -> list[Item]:
    """The documents for these answers: required ones and those that may be attached, in the order of the
    kinds.

    A kind that this applicant can never need (an extract of an individual) is left out.
    """
    return list(_items(live_answers(answers, context), context, by_form=came_by_form(answers)))


def missing(items: list[Item], present_kinds: Set[str]) -> list[Item]:
    """The required lines for which no file is present."""
    return [item for item in items if item.required and item.kind.code not in present_kinds]


def _items(answers: Answers, context: Context, *, by_form: bool) -> Iterator[Item]:
    if by_form:
        yield Item(
            APPLICATION, True, "Нужна: вы выбрали этот способ. Приложите ее заполненной и подписанной."
        )
    else:
        yield Item(APPLICATION, False, "Не требуется: заявкой служит заполненная здесь анкета.")
    if context.legal_form in BUSINESS:
        yield Item(EXTRACT, True, "Нужна организациям и предпринимателям.")
    else:
        yield Item(IDENTITY, True, "Нужен каждому физическому лицу.")
    if context.acts_as == "representative":
        yield Item(AUTHORITY, True, "Нужна, потому что заявку подает представитель.")
    yield Item(PLAN, True, "Нужен всегда.")
    yield _diagram(answers, by_form=by_form)
    yield _automatics(answers, context)
    yield Item(TITLE, True, "Нужно всегда.")
    for kind in (CONSENT, RECEIVERS, OTHER):
        yield Item(kind, False, "По желанию.")


def _diagram(answers: Answers, *, by_form: bool) -> Item:
    voltage = answers.get("voltage")
    if voltage in _DIAGRAM_VOLTAGES:
        return Item(DIAGRAM, True, "Нужна, потому что напряжение 35 кВ или выше.")
    if voltage is None and by_form:
        return Item(DIAGRAM, False, "Нужна при напряжении 35 кВ и выше.")
    if voltage is None:
        return Item(DIAGRAM, False, "Нужна при напряжении 35 кВ и выше: ответьте на вопрос о напряжении.")
    return Item(DIAGRAM, False, "Не требуется: напряжение ниже 35 кВ.")


def _automatics(answers: Answers, context: Context) -> Item:
    """Clause 10 asks it in the general order; of a home with some more power it would be an empty paper."""
    power, qualification = band_in(answers), qualification_in(answers, context)
    if power == "over150":
        return Item(AUTOMATICS, True, "Нужен, потому что мощность больше 150 кВт.")
    general = qualification is not None and qualification.general
    if general and context.legal_form in BUSINESS:
        return Item(AUTOMATICS, True, "Нужен, потому что заявка рассматривается в общем порядке.")
    if power is None:
        return Item(AUTOMATICS, False, "Нужен при мощности больше 150 кВт: ответьте на вопросы о мощности.")
    return Item(AUTOMATICS, False, "Не требуется: мощность не больше 150 кВт.")
