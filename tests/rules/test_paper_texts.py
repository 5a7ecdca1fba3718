"""Texts of papers: what may be written in them, what becomes of values, whether the first texts fill over their sample."""

import time
from pathlib import Path

import pytest

from app.company import seed
from app.contracts.paper_kinds import PAPERS
from app.contracts.paper_names import TEMPLATED, documented, sample
from app.contracts.template_text import LONGEST_BODY, checked, filled
from app.contracts.typography import typeset
from app.errors import InvalidValue

TEXTS = Path(seed.__file__).parent / "data" / "templates"
SAMPLE = {"contract": {"number": "1", "signed": True, "parts": [{"sum": "1"}]}, "works": ["a"]}
NB = "\u00a0"


def fill(body: str, **changes: object) -> str:
    return filled(body, {**SAMPLE, **changes}, SAMPLE)


@pytest.mark.parametrize("kind", TEMPLATED)
def test_every_first_text_fills_over_its_sample(kind: str) -> None:
    body = (TEXTS / f"{kind}.md").read_text(encoding="utf-8")
    html = filled(body, sample(kind), sample(kind))
    assert "{{" not in html and "\ue000" not in html
    assert ".." not in html


def test_every_paper_with_a_text_has_one_and_documents_its_names() -> None:
    assert {path.stem for path in TEXTS.glob("*.md")} == set(TEMPLATED)
    assert set(TEMPLATED) == {paper.code for paper in PAPERS.values() if paper.templated}
    for kind in TEMPLATED:
        assert all(words for _, words, _ in documented(kind))


@pytest.mark.parametrize(
    "body",
    [
        "{{ ''.__class__ }}",
        "{{ contract.number.__class__ }}",
        "{{ contract.__init__ }}",
        "{{ contract['number'] }}",
        "{{ contract.number.format(1) }}",
        "{{ contract.items() }}",
        "{{ contract.number|upper }}",
        "{{ contract.number|attr('x') }}",
        "{{ 10**9 }}",
        "{{ 'a' * 1000000000 }}",
        "{% for x in range(10**9) %}a{% endfor %}",
        "{% for x in works recursive %}{{ loop(works) }}{% endfor %}",
        "{% for x in works %}{% for y in works %}a{% endfor %}{% endfor %}",
        "{% set a = 1 %}",
        "{% include 'paper.html' %}",
        "{% import 'x' as y %}",
        "{% extends 'base.html' %}",
        "{% macro a() %}{% endmacro %}",
        "{% call x() %}{% endcall %}",
        "{% filter upper %}a{% endfilter %}",
        "{% if contract.number is defined %}{% endif %}",
        "{% if contract.number > 1 %}{% endif %}",
        "{{ self }}",
        "{{ config }}",
        "{{ cycler }}",
        "{{ contract }}",
        "{{ contract.signed }}",
        "{{ works }}",
        "{{ loop.index }}",
        "{{ " + "(" * 5000 + "contract.number" + ")" * 5000 + " }}",
        "{% if " + "not " * 5000 + "contract.signed %}{% endif %}",
        "{% if contract.signed %}" * 300 + "{% endif %}" * 300,
        "{{ contract.number",
        "{% if contract.signed %}",
        "\ue0000\ue001",
        "x" * (LONGEST_BODY + 1),
    ],
)
def test_what_is_no_documented_substitution_is_refused_at_once(body: str) -> None:
    began = time.monotonic()
    with pytest.raises(InvalidValue):
        fill(body)
    assert time.monotonic() - began < 2


def test_a_refusal_names_the_line_and_what_was_meant() -> None:
    with pytest.raises(InvalidValue) as refused:
        checked("Первая строка\n\n{{ contract.nomber }}", SAMPLE)
    assert refused.value.message == (
        "Строка 3: нет подстановки «contract.nomber». Похожее: contract.number. "
        "Список подстановок стоит под текстом."
    )


def test_a_name_in_a_branch_that_is_not_taken_is_refused_too() -> None:
    with pytest.raises(InvalidValue):
        fill("{% if contract.signed %}да{% else %}{{ contract.nomber }}{% endif %}")


def test_a_text_that_grows_beyond_all_bounds_is_refused() -> None:
    with pytest.raises(InvalidValue, match="слишком большой"):
        fill("{% for x in works %}" + "а" * 5000 + "{% endfor %}", works=["a"] * 100)
    with pytest.raises(InvalidValue, match="слишком большой"):
        fill("{% for x in works %}{{ x }}{% endfor %}", works=["а" * 50_000] * 10)


def test_a_value_never_becomes_markup() -> None:
    number = "<script>x</script> **a** | b\n# c \ue0001\ue001 {{ x }} [a](http://b)"
    html = fill(
        "## Номер\n\n| А | Б |\n|---|---|\n| {{ contract.number }} | 1 |", contract={"number": number}
    )
    assert html.count("<td>") == 2 and "<script>" not in html and "<strong>" not in html and "<a" not in html
    assert "&lt;script&gt;" in html and "<br># c" in html and "{{ x }}" in html


def test_the_text_itself_brings_in_no_html() -> None:
    html = fill('<img src="x"> <b>a</b> [ссылка](javascript:alert(1)) ![x](http://y)')
    assert "<img" not in html and "<b>" not in html and "<a" not in html


def test_structure_comes_out() -> None:
    html = fill(
        "## 1. Предмет\n\n1.1. Номер **{{ contract.number }}**.\n\n{% for one in works %}\n- {{ loop.index }} {{ one }}\n"
        "{% else %}\n- нет\n{% endfor %}\n\n| Сумма |\n|---|\n{% for p in contract.parts %}\n| {{ p.sum }} |\n{% endfor %}"
    )
    assert "<h2>1. Предмет</h2>" in html and "<strong>1</strong>" in html
    assert "<li>1 a</li>" in html and "<td>1</td>" in html
    assert "<li>нет</li>" in fill("{% for one in works %}\n- a\n{% else %}\n- нет\n{% endfor %}", works=[])


def test_print_has_russian_quotes_and_spaces_that_do_not_break() -> None:
    assert typeset('ООО "Ромашка"') == f"ООО{NB}«Ромашка»"
    assert typeset('"Ромашка" и ("Лютик")') == f"«Ромашка» и{NB}(«Лютик»)"
    assert typeset("договор № 5 от 1 мая 2026 г..") == f"договор №{NB}5 от 1{NB}мая{NB}2026{NB}г."
    assert typeset("Сидоров А. П.") == f"Сидоров{NB}А.{NB}П."
    assert typeset("по п. 14 Правил") == f"по п.{NB}14 Правил"
    assert typeset("12 345 кВт") == f"12{NB}345{NB}кВт"
    assert typeset('<ol start="4"><li>в "а"</li></ol>') == f'<ol start="4"><li>в{NB}«а»</li></ol>'
