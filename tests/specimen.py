"""A document to print in tests: the layout `specimen` over data that looks like a contract."""

from datetime import datetime
from typing import Any

from app import clock
from app.cases.models import Case
from app.cases.rendering_models import Rendering
from app.cases.rendering_steps import ask_for
from app.extensions import db
from app.transaction import transaction
from tests.case_world import Person

CLAUSE = (
    "Сетевая организация принимает на себя обязательства по осуществлению технологического присоединения "
    "энергопринимающих устройств заявителя — жилого дома № 5, 15 кВт, 0,4 кВ, в том числе по обеспечению "
    "готовности объектов электросетевого хозяйства к присоединению, до 200 м² и 79 000 ₽."
)


def contents(*, clauses: int = 4, rows: int = 12, title: str = "Договор № 5", **more: Any) -> dict[str, Any]:
    """Data of a specimen; a page holds about ten clauses, or forty rows."""
    sections = [{"title": "Предмет договора", "texts": [CLAUSE] * clauses}]
    lines = [{"name": f"Мероприятие {number}", "sum": "1 250,00"} for number in range(rows)]
    return {
        "title": title,
        "sections": sections,
        "rows": lines,
        "left": "Сетевая организация\nДиректор ________ А. П. Сидоров",
        "right": "Заявитель\n________ П. Г. Иванов",
        **more,
    }


def asked(
    case_id: int, by: Person, *, at: datetime | None = None, kind: str = "contract", **rest: Any
) -> int:
    """Ask for a specimen in a case, as an act of the office would; returns the id of the rendering."""
    rest.setdefault("title", "Договор")
    rest.setdefault("layout", "specimen")
    rest.setdefault("data", contents())
    with transaction():
        case = db.session.get_one(Case, case_id)
        return ask_for(case, kind=kind, by=by.actor, at=at or clock.now(), **rest).id


def rendering(rendering_id: int) -> Rendering:
    """The row as it stands now."""
    db.session.rollback()
    return db.session.get_one(Rendering, rendering_id, populate_existing=True)
