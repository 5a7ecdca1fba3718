"""Texts of letters from templates: an environment of its own, plain text, every name must be given.

A message kind is a folder `templates/messages/<kind>/` with `subject.txt` and `email.txt`, or `sms.txt`, or all three.
"""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_SPACE = re.compile(r"\s+")
_BLANK_LINES = re.compile(r"\n{3,}")


class Texts:
    """Renders the parts of a message; links come from the site's public address, never from a request."""

    def __init__(self, folder: Path, public_url: str) -> None:
        """Read templates of `folder`; `public_url` is where people reach the site, without a slash at the end."""
        self.public_url = public_url
        self.environment = Environment(
            loader=FileSystemLoader(folder),
            undefined=StrictUndefined,
            autoescape=False,  # noqa: S701  (plain text: there is nothing to escape for)
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=False,
        )

    def subject(self, kind: str, context: Mapping[str, Any]) -> str:
        """One line without control characters, whatever people typed into the values."""
        text = self.environment.get_template(f"{kind}/subject.txt").render(self._with_links(context))
        return _SPACE.sub(" ", text).strip()

    def email(self, kind: str, context: Mapping[str, Any]) -> str:
        """The body of a letter in plain text."""
        text = self.environment.get_template(f"{kind}/email.txt").render(self._with_links(context))
        return _BLANK_LINES.sub("\n\n", text).strip() + "\n"

    def sms(self, kind: str, context: Mapping[str, Any]) -> str:
        """The text of an SMS; `host` is the site's name for a last line «@host #code», by which phones fill codes in."""
        values = {**self._with_links(context), "host": self._host}
        return self.environment.get_template(f"{kind}/sms.txt").render(values).strip()

    def link(self, path: str) -> str:
        """The full address of a page of the site."""
        return self.public_url + path

    def message_id(self, key: str) -> str:
        """The Message-ID of the letter with this key: the same for every try, within this site's name."""
        return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{self._host}>"

    @property
    def _host(self) -> str:
        return urlsplit(self.public_url).hostname or "localhost"

    def _with_links(self, context: Mapping[str, Any]) -> dict[str, Any]:
        return {"link": self.link, **context}
