"""Pages to be printed, from `templates/pdf/<layout>.html`: an environment of its own, every name must be given.

A layout extends `base.html` (blocks `title`, `head`, `content`) and is given `data`, the frozen values of the document;
`body`, the company's own text when the document has one; `made_at`, the instant that stands in the PDF as its date.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

#: A drawing of paths alone, as the maker of payment codes writes it.
_DRAWING = re.compile(
    r"<svg(?: [\w:.-]+=\"[^\"<>]*\")*\s*>(?:<path(?: [\w:.-]+=\"[^\"<>]*\")*\s*/>)*</svg>\s*"
)


class Layouts:
    """Turns the data of a document into the page that is printed."""

    def __init__(self, folder: Path) -> None:
        """Read layouts of `folder`."""
        self.folder = folder
        self.environment = Environment(
            loader=FileSystemLoader(folder),
            undefined=StrictUndefined,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.environment.filters["drawing"] = drawing

    def load(self) -> None:
        """Compile every layout, for the children of a worker to come."""
        for name in self.environment.list_templates(extensions=["html"]):
            self.environment.get_template(name)

    def html(self, layout: str, data: Mapping[str, Any], *, made_at: datetime, own_text: bool) -> str:
        """The page of a document; raises what Jinja does for a layout that is missing or asks for what is not there.

        With `own_text` the value `body` of the data is HTML that came from the company's own text, its values escaped
        already; without it `body` is empty, and whatever stands in the data is a plain text.
        """
        body = Markup(data["body"]) if own_text else Markup("")  # noqa: S704  (see above)
        template = self.environment.get_template(f"{layout}.html")
        return template.render(data=data, body=body, made_at=made_at.strftime("%Y-%m-%dT%H:%M:%SZ"))


def drawing(text: str) -> Markup:
    """Let an `<svg>` of plain paths through into the page; raises ValueError for anything else."""
    if _DRAWING.fullmatch(text) is None:
        raise ValueError("not a drawing of paths")
    return Markup(text)  # noqa: S704  (nothing but paths)
