"""The company's text of a paper: read, checked against the documented substitutions, filled, laid out as clean HTML. Pure.

Three walls. The text is read into its tree and only what is allowed stands in it: substitutions, conditions, one loop over
a list; there is no call, no arithmetic, no attribute that the sample does not have. What runs, runs in jinja's immutable
sandbox. And no value ever becomes markup: a mark stands for it until the text is HTML, then the value comes in escaped.
"""

import difflib
import html
import re
from collections.abc import Iterable, Mapping
from typing import Any

import nh3
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markdown_it import MarkdownIt

from app.contracts.typography import typeset
from app.errors import InvalidValue

#: About ten printed pages.
LONGEST_BODY = 30_000
#: What a text may grow to when it is filled: some hundred pages.
_LONGEST_RESULT = 400_000
_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "h1", "h2", "h3", "h4"} | {
    *("table", "thead", "tbody", "tr", "th", "td"),
}
#: Characters for private use: the marks are made of two of them, so a text may hold none.
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_MARK = re.compile("\ue000([0-9]{1,6})\ue001")
#: What jinja gives inside of a loop.
_LOOP: Mapping[str, Any] = {"index": "1", "first": True, "last": True}
_ALLOWED = "Можно писать {{ имя }}, {%\u00a0if имя %}…{%\u00a0endif %} и {%\u00a0for строка in список %}…{%\u00a0endfor %}."
_TOO_MUCH = "Из текста получается слишком большой документ. Уберите повторы."
#: What python's own reader of programs says to something nested too deep.
_TOO_DEEP = (RecursionError, MemoryError, SyntaxError)

Names = Mapping[str, Any]


def checked(body: str, sample: Names) -> None:
    """Raise InvalidValue, naming the line, when a text uses something that `sample` does not document.

    `sample` is a tree: texts may be printed, flags and texts asked for by `if`, lists walked through by one `for`.
    """
    _require_size(body)
    _Check(sample).look_at(_parsed(body).body, {}, in_loop=False)


def filled(body: str, names: Names, sample: Names) -> str:
    """The text over `names` (a tree like `sample`) as clean HTML; raises InvalidValue as `checked`.

    Values are printed as texts, line ends in them become line breaks.
    """
    checked(body, sample)
    values: list[str] = []
    text = "".join(_within_bounds(_environment(values), body, names))
    if sum(map(len, values)) > _LONGEST_RESULT:
        raise InvalidValue(_TOO_MUCH)
    clean = nh3.clean(_markdown().render(text), tags=_TAGS, attributes={"ol": {"start"}})
    typed = [_as_html(value) for value in values]
    return typeset(_MARK.sub(lambda found: typed[int(found[1])], clean))


def _as_html(value: str) -> str:
    return html.escape(value).replace("\n", "<br>")


def _require_size(body: str) -> None:
    if len(body) > LONGEST_BODY:
        raise InvalidValue(f"Текст: не больше {LONGEST_BODY} знаков, у вас {len(body)}.")
    if _PRIVATE.search(body):
        raise InvalidValue("Текст: в нем есть испорченный знак. Наберите это место заново.")


def _environment(values: list[str]) -> ImmutableSandboxedEnvironment:
    """An environment that puts a mark in place of everything it prints and keeps what was printed in `values`."""

    def mark(value: object) -> str:
        values.append(str(value))
        return f"\ue000{len(values) - 1}\ue001"

    # Nothing is escaped here: values come in after the text has become HTML, and are escaped then.
    return ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        finalize=mark,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _parsed(body: str) -> nodes.Template:
    try:
        return _environment([]).parse(body)
    except TemplateSyntaxError as wrong:
        raise InvalidValue(
            f"Строка {wrong.lineno}: не удалось прочитать. Проверьте, что каждое {{{{ закрыто }}}}, "
            f"а у каждого {{% if %}} и {{% for %}} есть конец. {_ALLOWED}"
        ) from None
    except _TOO_DEEP:
        raise InvalidValue(f"Текст: слишком много вложенных условий. {_ALLOWED}") from None


def _within_bounds(environment: ImmutableSandboxedEnvironment, body: str, names: Names) -> Iterable[str]:
    length = 0
    try:
        for piece in environment.from_string(body).generate(dict(names)):
            length += len(piece)
            if length > _LONGEST_RESULT:
                raise InvalidValue(_TOO_MUCH)
            yield piece
    except TemplateError as wrong:
        raise InvalidValue(f"Текст не удалось заполнить: {wrong.message}") from None
    except _TOO_DEEP:
        raise InvalidValue(f"Текст: слишком много вложенных условий. {_ALLOWED}") from None


def _markdown() -> MarkdownIt:
    parser = MarkdownIt("zero", {"html": False, "breaks": True, "linkify": False, "typographer": False})
    return parser.enable(["newline", "emphasis", "list", "escape", "heading", "table"])


class _Check:
    """The walk over the tree of a text with what each name in it means."""

    def __init__(self, sample: Names) -> None:
        """`sample` documents the names."""
        self.sample = sample
        self.known = sorted(_dotted(sample))

    def look_at(self, found: Iterable[nodes.Node], local: Names, *, in_loop: bool) -> None:
        """Refuse what is not allowed among these nodes; `local` are the names that a loop has added."""
        for node in found:
            if isinstance(node, nodes.Output):
                self._printed(node, local)
            elif isinstance(node, nodes.If):
                self._condition(node.test, local)
                for part in (node.body, node.elif_, node.else_):
                    self.look_at(part, local, in_loop=in_loop)
            elif isinstance(node, nodes.For) and not in_loop:
                self._loop(node, local)
            else:
                raise _refused(node)

    def _printed(self, node: nodes.Output, local: Names) -> None:
        for part in node.nodes:
            if not isinstance(part, nodes.TemplateData) and not isinstance(self._value(part, local), str):
                raise InvalidValue(f"Строка {part.lineno}: это не текст, его нельзя напечатать. {_ALLOWED}")

    def _condition(self, node: nodes.Node, local: Names) -> None:
        if isinstance(node, nodes.Not):
            self._condition(node.node, local)
        elif isinstance(node, (nodes.And, nodes.Or)):
            self._condition(node.left, local)
            self._condition(node.right, local)
        elif isinstance(node, nodes.Compare):
            self._value(node.expr, local)
            for operand in node.ops:
                if operand.op not in ("eq", "ne") or not isinstance(operand.expr, nodes.Const):
                    raise _refused(operand)
        else:
            self._value(node, local)

    def _loop(self, node: nodes.For, local: Names) -> None:
        rows = self._value(node.iter, local)
        if not isinstance(node.target, nodes.Name) or node.test is not None or node.recursive:
            raise _refused(node)
        if not isinstance(rows, list):
            raise _refused(node)
        self.look_at(node.body, {**local, node.target.name: rows[0], "loop": _LOOP}, in_loop=True)
        self.look_at(node.else_, local, in_loop=True)

    def _value(self, node: nodes.Node, local: Names) -> Any:
        """What the sample has under a name; raises InvalidValue for anything that is no documented name."""
        path: list[str] = []
        part = node
        while isinstance(part, nodes.Getattr):
            path.insert(0, part.attr)
            part = part.node
        if not isinstance(part, nodes.Name):
            raise _refused(node)
        path.insert(0, part.name)
        found: Any = {**self.sample, **local}
        for name in path:
            if not isinstance(found, Mapping) or name not in found:
                raise self._unknown(".".join(path), node.lineno)
            found = found[name]
        return found

    def _unknown(self, name: str, line: int) -> InvalidValue:
        near = difflib.get_close_matches(name[:100], self.known, n=1)
        hint = f" Похожее: {near[0]}." if near else ""
        return InvalidValue(
            f"Строка {line}: нет подстановки «{name[:100]}».{hint} Список подстановок стоит под текстом."
        )


def _refused(node: nodes.Node) -> InvalidValue:
    return InvalidValue(f"Строка {node.lineno}: так в тексте документа писать нельзя. {_ALLOWED}")


def _dotted(tree: Names, before: str = "") -> Iterable[str]:
    """All names of a tree as they are written: «contract.number»."""
    for name, value in tree.items():
        if isinstance(value, Mapping):
            yield from _dotted(value, f"{before}{name}.")
        else:
            yield before + name
