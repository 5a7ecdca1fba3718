"""The form of an application: everything that is asked stands in it, filled or to be filled by hand; DOCX read back."""

from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZipFile

import docx
import pytest

from app.connections.checklist import checklist
from app.connections.form_data import Filer, Receiver, form_of
from app.connections.form_docx import docx_of
from app.connections.questionnaire import FIELDS
from app.documents.file_types import recognise
from tests.rules.applications import FIRM, HOME, SHOP, home, shop

AT = datetime(2026, 7, 30, 10, 0, tzinfo=UTC)
FILER = Filer("Иванов Петр Григорьевич", "физическое лицо", [("СНИЛС", "918-663-420 37")])


def form(answers, about, **changes):
    given = {
        "filer": FILER,
        "receiver": Receiver("ООО «КЭС»", "г. Пермь, ул. Ленина, 1"),
        "number": 31,
        "status": "draft",
        "papers": checklist(answers, about),
        "present": {"plan"},
        "responsibility": "Заявитель несет ответственность.",
    }
    return form_of(answers, about, **(given | changes))


def read_back(content):
    """Every question of the tables with its answer as it stands in the cells."""
    document = docx.Document(BytesIO(content))
    cells = {}
    for table in document.tables:
        for row in table.rows:
            texts = [cell.text for cell in row.cells]
            if len(texts) == 2:
                cells[texts[0].split("\n")[0]] = texts[1]
    return document, cells


@pytest.mark.parametrize(
    ("label", "answer"),
    [
        ("Заявитель", "Иванов Петр Григорьевич"),
        ("СНИЛС", "918-663-420 37"),
        ("Наименование присоединяемых энергопринимающих устройств", "ВРУ"),
        ("Местоположение энергопринимающих устройств", "п. Калиново, ул. Лесная, 12"),
        ("Требуемая мощность, кВт", "15 кВт"),
        ("Ранее присоединенная мощность, кВт", "0 кВт"),
        ("Дата рождения", "05.11.1990"),
        ("Серия паспорта", "5710"),
        ("Срок проектирования", "09.2026"),
        ("Сколько нужно источников питания", "☒ один\n☐ два"),
        (
            "Максимальная мощность (с учетом ранее присоединенных энергопринимающих устройств)",
            "☒ ≤15 кВт\n☐ >15 и ≤150 кВт\n☐ >150 кВт",
        ),
    ],
)
def test_answers_stand_in_the_cells_of_the_document(label, answer):
    _, cells = read_back(docx_of(form(home(), HOME), made_at=AT))
    assert cells[label] == answer


@pytest.mark.parametrize(
    ("answers", "about"), [({}, HOME), ({}, SHOP), ({}, FIRM), (home(), HOME), (shop(), SHOP)]
)
def test_every_question_that_may_count_stands_in_the_form(answers, about):
    labels = {row["label"] for section in form(answers, about)["sections"] for row in section["rows"]}
    labels |= {
        label
        for section in form(answers, about)["sections"]
        for row in section["rows"]
        for label, _ in row.get("choices", ())
    }
    asked = [field for field in FIELDS if about.legal_form in field.only_for]
    open_now = [field for field in asked if field.shown_when is None or field.shown_when(answers, about)]
    assert {field.label_for(about) for field in open_now} <= labels


def test_what_is_not_answered_is_left_to_write_in():
    document, cells = read_back(docx_of(form({}, HOME), made_at=AT))
    assert cells["Местоположение энергопринимающих устройств"] == ""
    row = next(
        row
        for table in document.tables
        for row in table.rows
        if row.cells[0].text.startswith("Местоположение")
    )
    assert "w:trHeight" in row._tr.xml and "☒" not in cells["Категория надежности"]


def test_the_document_has_headings_borders_and_places_to_sign():
    document, _ = read_back(docx_of(form(shop(), SHOP), made_at=AT))
    headings = [one.text for one in document.paragraphs if one.style.name == "Heading 1"]
    assert headings[0] == "От чьего имени подается заявка" and "Объект подключения" in headings
    assert [one.text for one in document.paragraphs if one.style.name == "Title"] == [
        "Заявка на технологическое присоединение (в том числе временное)"
    ]
    assert all(table.style.name == "Table Grid" for table in document.tables[:-1])
    signature = document.tables[-1]
    assert [cell.text for cell in signature.rows[1].cells] == ["подпись", "Иванов Петр Григорьевич", "дата"]
    stages = next(table for table in document.tables if len(table.columns) == 5)
    assert [cell.text for cell in stages.rows[1].cells] == [
        "Первая очередь",
        "09.2026",
        "12.2026",
        "40",
        "третья",
    ]
    assert "w:tblHeader" in stages.rows[0]._tr.xml and len(stages.rows) == 1 + 3


def test_the_same_answers_give_the_same_bytes_and_the_only_date_is_the_given_one():
    one, other = (docx_of(form(home(), HOME), made_at=AT) for _ in range(2))
    assert one == other
    with ZipFile(BytesIO(one)) as packed:
        assert {entry.date_time for entry in packed.infolist()} == {(2026, 7, 30, 10, 0, 0)}
        assert packed.testzip() is None
    core = docx.Document(BytesIO(one)).core_properties
    assert (core.created, core.modified) == (AT, AT)


def test_the_cabinet_takes_its_own_form_back():
    assert recognise(BytesIO(docx_of(form(home(), HOME), made_at=AT)), "Заявка.docx").code == "docx"


def test_signs_that_xml_cannot_hold_do_not_break_the_document():
    strange = home(object_name=["ВРУ <b>&amp; \u2028 ☃"])
    _, cells = read_back(docx_of(form(strange | {"place": "дом\x0b\x01\ufffe 1"}, HOME), made_at=AT))
    assert cells["Местоположение энергопринимающих устройств"] == "дом 1"
    assert "<b>" in cells["Наименование присоединяемых энергопринимающих устройств"]
