"""Papers for tests: forms as the office fills them, cases whose papers are made."""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from app import clock
from app.cases import rendering_actions
from app.cases.rendering_models import Rendering
from app.connections import decision_actions
from app.contracts import paper_actions
from app.extensions import db
from tests.application_world import checking
from tests.case_world import Person

_OBJECT = {
    "object": "ВРУ-0,4 кВ жилого дома",
    "place": "п. Калиново, ул. Лесная, 12",
    "cadastral": "59:01:4410000:123",
    "power_new": "15",
    "power_existing": "",
    "reliability": "3",
    "voltage": "0.4",
}
_TERMS = {
    **_OBJECT,
    "date": "01.12.2026",
    "fee": "75 000",
    "vat": "22",
    "shares": "",
    "works_term": "6 месяцев",
    "applicant_part": "yes",
    "years": "2",
    "identity": "",
}
#: Kind of paper → its form, filled.
ANSWERS: Mapping[str, Mapping[str, str]] = {
    "offer_terms": _TERMS,
    "contract": {**_TERMS, "shares": "15 % — 10\n85 % — 120"},
    "conditions": {
        **_OBJECT,
        "date": "01.12.2026",
        "points": "опора № 12 ВЛ-0,4 кВ Ф-2 от ТП-145",
        "source": "ПС 110/10 кВ «Калиново», ТП-145",
        "reserve": "",
        "company_side": "построить участок ВЛИ-0,4 кВ\nустановить прибор учета",
        "applicant_side": "выполнить ввод в дом",
        "years": "2",
    },
    "invoice": {"date": "01.12.2026", "part": "1", "total": "75 000", "vat": "22", "due_on": ""},
    "instruction": {"date": "01.12.2026"},
    "notice": {"date": "01.12.2026"},
    "meter_act": {
        "date": "01.12.2026",
        "object": "ВРУ-0,4 кВ",
        "place": "п. Калиново",
        "device": "Меркурий 234",
        "serial": "42101234",
        "accuracy": "1,0",
        "verified": "",
        "meter_place": "на опоре № 12",
        "transformers": "",
        "readings": "активная: 000012,4 кВт·ч",
        "seals": "крышка — № 0012345",
    },
    "connection_act": {
        **_OBJECT,
        "date": "01.12.2026",
        "points": "опора № 12",
        "border": "контактные зажимы на опоре № 12",
        "duty": "",
        "meter": "Меркурий 234, № 42101234",
        "remarks": "",
    },
}


def complete_case(person: Person, staff: Person, **changes: list[str]) -> int:
    """An application whose set of documents was called complete: its papers are to be made."""
    case_id = checking(person, staff, **changes)
    decision_actions.complete(case_id, by=staff.actor, at=clock.now())
    return case_id


def fill(case_id: int, kind: str, staff: Person, **changes: str) -> None:
    """Fill in a paper as the office does."""
    paper_actions.make_paper(case_id, kind, {**ANSWERS[kind], **changes}, by=staff.actor, at=clock.now())


def print_all(kinds: Collection[str] = tuple(ANSWERS)) -> list[str]:
    """Make everything of these kinds that was asked for, as the worker does; the results in order."""
    waiting = Rendering.state.in_(("new", "retry")) & Rendering.kind.in_(kinds)
    ids = list(db.session.scalars(select(Rendering.id).where(waiting).order_by(Rendering.id)))
    db.session.rollback()
    return [rendering_actions.make(one, now=clock.now, owner="test", lease_seconds=100) for one in ids]
