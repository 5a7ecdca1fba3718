"""What an applicant is told about the stages that are still to come."""

import pytest
from flask import Flask

from tests.case_world import Person, applicant, make_move, operator, register_case, sent, signed_in

#: Stage and usual length, in the order of the road after the documents are complete.
ROADS = {
    "A": [
        ("Ожидаем оплату счета", "до 5 раб. дн."),
        ("Договор заключен", "до 6 мес."),
        ("Выполняются мероприятия", ""),
    ],
    "B": [
        ("Договор ждет подписи заявителя", "до 10 раб. дн."),
        ("Договор подписан", "до 6 мес."),
        ("Выполняются мероприятия", ""),
    ],
}


def complete_case(ivanov: Person, office: Person, mode: str) -> int:
    """An application whose documents are complete: the company prepares what comes next."""
    case_id = sent(ivanov, mode=mode)
    register_case(case_id, office)
    for name in ("accept", "complete"):
        make_move(case_id, name, office)
    return case_id


@pytest.mark.parametrize("mode", ROADS)
def test_stages_to_come_stand_with_their_usual_lengths(app: Flask, context: Flask, mode: str) -> None:
    ivanov = applicant()
    case_id = complete_case(ivanov, operator(), mode)
    page = signed_in(app, ivanov).open(f"/cases/{case_id}")
    shown = [line.get_text(" ", strip=True) for line in page.soup.select("#timeline li.dim")]
    for line, (label, length) in zip(shown, ROADS[mode], strict=False):
        assert line.startswith(label)
        assert length in line.replace("\u00a0", " ")
        assert ("на этом этапе" in line) is bool(length)
    # To the end and not beyond: the last of them is the act.
    assert len(shown) >= 6
    assert "прибор" in " ".join(shown).lower()
