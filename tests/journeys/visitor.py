"""A person's browser as far as plain HTTP goes: cookies, real forms, files; every answer with the time it took."""

import mimetypes
import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.message import Message
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode, urlsplit

from bs4 import BeautifulSoup, Tag

from tests.browser import fields_of

#: Seconds after which a test stops waiting for an answer.
PATIENCE = 30.0
#: Field, name of the file, content.
Sent = tuple[str, str, bytes]


@dataclass(frozen=True)
class Answer:
    """What came back; `seconds` runs from the first byte sent to the last one read."""

    status: int
    headers: Message
    body: bytes
    url: str
    seconds: float

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def text(self) -> str:
        """The words of a page, spaces collapsed."""
        return " ".join(self._soup().get_text(" ").split())

    def form(self, action: str) -> Tag:
        """The form whose action ends so."""
        for found in self._soup().find_all("form"):
            if urlsplit(str(found.get("action") or self.path)).path.endswith(action):
                return found
        raise AssertionError(f"no form {action} at {self.path} ({self.status}): {self.text[:500]}")

    def links(self, part: str) -> list[str]:
        """Addresses on the page that hold this text."""
        return [str(link["href"]) for link in self._soup().find_all("a", href=True) if part in link["href"]]

    def _soup(self) -> BeautifulSoup:
        return BeautifulSoup(self.body.decode(), "html.parser")


class Visitor:
    """One person; redirects are followed unless `follow` says otherwise."""

    def __init__(self, site: str) -> None:
        self.site = site
        self._jar = CookieJar()
        cookies = urllib.request.HTTPCookieProcessor(self._jar)
        self._opener = urllib.request.build_opener(cookies)
        self._plain = urllib.request.build_opener(cookies, _Stays())

    @property
    def cookies(self) -> str:
        """The header with which a raw connection is the same person."""
        request = urllib.request.Request(self.site)
        self._jar.add_cookie_header(request)
        return request.get_header("Cookie", "")

    def open(
        self, path: str, *, headers: Mapping[str, str] | None = None, follow: bool = True, method: str = "GET"
    ) -> Answer:
        """Ask for an address of the site."""
        return self._ask(
            urllib.request.Request(self.site + path, headers={**(headers or {})}, method=method), follow
        )

    def send(
        self,
        page: Answer,
        action: str,
        files: Iterable[Sent] = (),
        *,
        headers: Mapping[str, str] | None = None,
        **values: Any,
    ) -> Answer:
        """Fill and send a form of the page, hidden fields included."""
        form = page.form(action)
        fields = fields_of(form)
        for name, value in values.items():
            fields.setlist(name, value if isinstance(value, list) else [value])
        pairs = list(fields.items(multi=True))
        target = self.site + str(form.get("action") or page.path)
        if form.get("enctype") != "multipart/form-data":
            body, kind = urlencode(pairs).encode(), "application/x-www-form-urlencoded"
        else:
            body, kind = multipart(pairs, files)
        told = {"Content-Type": kind, "Referer": page.url, **(headers or {})}
        return self._ask(urllib.request.Request(target, data=body, headers=told), True)

    def post(self, path: str, body: bytes, kind: str = "application/x-www-form-urlencoded") -> Answer:
        """Send raw bytes, as no form of the site would."""
        return self._ask(
            urllib.request.Request(self.site + path, data=body, headers={"Content-Type": kind}), True
        )

    def _ask(self, request: urllib.request.Request, follow: bool) -> Answer:
        opener, begun = self._opener if follow else self._plain, time.monotonic()
        try:
            with opener.open(request, timeout=PATIENCE) as got:
                body = got.read()
                return Answer(got.status, got.headers, body, got.url, time.monotonic() - begun)
        except urllib.error.HTTPError as refused:
            with refused:
                body = refused.read()
                return Answer(refused.code, refused.headers, body, refused.url, time.monotonic() - begun)


class _Stays(urllib.request.HTTPRedirectHandler):
    """Redirects are answers like any other."""

    def redirect_request(self, *_: Any) -> None:
        return None


def multipart(fields: Iterable[tuple[str, str]], files: Iterable[Sent]) -> tuple[bytes, str]:
    """A body as browsers make it, and its content type."""
    mark = secrets.token_hex(16)
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields
    ]
    for field, name, content in files:
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\nContent-Type: {kind}\r\n\r\n'
        parts.append(head.encode() + content + b"\r\n")
    return b"".join(parts) + f"--{mark}--\r\n".encode(), f"multipart/form-data; boundary={mark}"
