"""A browser without JavaScript over the whole application: opens pages, fills the real forms, follows redirects.

Forms are sent as the page has them, with their hidden fields; so a form that lacks its token or a field fails here.
"""

from functools import cached_property
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag
from flask import Flask
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

BASE = "https://lk.example.org"

File = tuple[BytesIO, str]


class Page:
    """One answer: status, text, and the parsed HTML."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.path = urlsplit(response.request.url).path
        self.html = response.get_data(as_text=True) if "text/" in response.content_type else ""

    @cached_property
    def soup(self) -> BeautifulSoup:
        """The parsed HTML; made when first asked for, because it takes longer than the page itself."""
        return BeautifulSoup(self.html, "html.parser")

    @property
    def text(self) -> str:
        """The visible words, spaces collapsed."""
        main = self.soup.find("main") or self.soup
        return " ".join(main.get_text(" ").split())

    @property
    def title(self) -> str:
        return self.soup.title.get_text() if self.soup.title else ""

    def form(self, action: str = "", *, button: str = "") -> Tag:
        """The form whose action ends with `action` (or that has a button of these words)."""
        for form in self.soup.find_all("form"):
            target = str(form.get("action") or self.path)
            words = [found.get_text(" ", strip=True) for found in form.find_all("button")]
            if (action and urlsplit(target).path.endswith(action)) or (button and button in words):
                return form
        raise AssertionError(
            f"no form {action or button!r} on {self.path} ({self.status}): {self.text[:600]}"
        )

    def link(self, words: str) -> str:
        """Where the link with these words leads."""
        for link in self.soup.find_all("a"):
            if words in link.get_text(" ", strip=True):
                return str(link["href"])
        raise AssertionError(f"no link {words!r} on {self.path} ({self.status}): {self.text[:600]}")

    def error_of(self, name: str) -> str:
        """The sentence beside a field."""
        field = self.soup.find(id=f"e-{name}")
        return field.get_text(" ", strip=True) if field else ""

    def value_of(self, name: str) -> str:
        """What a field holds now."""
        fields = self.soup.find_all(attrs={"name": name})
        for field in fields:
            if field.name == "textarea":
                return text_in(field)
            if field.name == "select":
                chosen = field.find("option", selected=True)
                return str(chosen["value"]) if chosen else ""
            if field.get("type") in ("radio", "checkbox") and not field.has_attr("checked"):
                continue
            return str(field.get("value", ""))
        return ""


def text_in(area: Tag) -> str:
    """What stands in a text area: a browser drops the line end after its tag."""
    return area.get_text().removeprefix("\n")


def fields_of(form: Tag) -> MultiDict[str, Any]:
    """What the browser would send of a form as it stands."""
    values: MultiDict[str, Any] = MultiDict()
    for field in form.find_all(["input", "textarea", "select"]):
        name, kind = field.get("name"), field.get("type", "")
        if not name or kind in ("file", "submit"):
            continue
        if kind in ("radio", "checkbox") and not field.has_attr("checked"):
            continue
        if field.name == "textarea":
            values.add(name, text_in(field))
        elif field.name == "select":
            chosen = field.find("option", selected=True) or field.find("option")
            values.add(name, chosen["value"] if chosen else "")
        else:
            values.add(name, field.get("value", ""))
    return values


class Browser:
    """One person's browser with its cookies."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()

    def open(self, path: str, **options: Any) -> Page:
        """GET a page, following redirects."""
        return Page(self.client.get(path, base_url=BASE, follow_redirects=True, **options))

    def send(
        self, page: Page, action: str = "", *, button: str = "", follow: bool = True, **values: Any
    ) -> Page:
        """Fill and send a form of the page; a list value is sent repeatedly, None leaves the field out.

        `button` both finds a form by its button and, when that button has a name, sends it as pressed.
        """
        form = page.form(action, button=button)
        filled = fields_of(form)
        for name, value in values.items():
            filled.poplist(name)
            for one in value if isinstance(value, list) else [] if value is None else [value]:
                filled.add(name, one)
        for pressed in form.find_all("button"):
            if button and pressed.get("name") and pressed.get_text(" ", strip=True) == button:
                filled.setlist(str(pressed["name"]), [str(pressed.get("value", ""))])
        return self.post(str(form.get("action") or page.path), filled, follow=follow)

    def post(self, path: str, data: Any, *, follow: bool = True, **options: Any) -> Page:
        """POST as a page of the site would."""
        referer = {"Referer": BASE + "/"}
        response = self.client.post(
            path, base_url=BASE, data=data, headers=referer, follow_redirects=follow, **options
        )
        return Page(response)


def file(content: bytes, name: str) -> File:
    """A file to upload."""
    return BytesIO(content), name
