"""Every form of the site as it stands on its page: a new form cannot escape a test of bad input."""

import re
import sqlite3
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from html import unescape
from typing import Any
from urllib.parse import quote, urlencode
from weakref import WeakKeyDictionary

from bs4 import BeautifulSoup
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from app.web.policy import Rule
from tests.browser import BASE, Browser, Page, fields_of
from tests.site_map import Address, addresses, ask
from tests.whole_site import (
    APPEALS,
    BY_CERTIFICATE,
    BY_FORM,
    CLAIMED,
    DECLINED,
    DRAFT_BY_FORM,
    PAUSED,
    READY,
    TO_SUPPLIER,
    UNSIGNED,
    World,
)

#: In these cases every form of the site stands on some page.
_CASES = (
    "draft",
    "submitted",
    "registered",
    "checking",
    "needs_fix",
    "preparing_offer",
    "contract_sent",
    "contract_concluded",
    "contract_disputed",
    "works",
    "tu_check",
    "act_sent",
    BY_CERTIFICATE,
    DECLINED,
    UNSIGNED,
    CLAIMED,
    PAUSED,
    DRAFT_BY_FORM,
    BY_FORM,
    "rejected",
    APPEALS["registered"],
    APPEALS["answered"],
    TO_SUPPLIER,
)
#: A head of the company has a few forms more than a clerk.
_HEADS_CASES = ("works", "annulled_unpaid", READY, UNSIGNED)
#: The site escapes «<» and «>» everywhere but in its own tags.
_FORM = re.compile(r"<form\b[^>]*>.*?</form>", re.DOTALL)
_POST = re.compile(r'<form\b[^>]*\bmethod="post"')
_ACTION = re.compile(r'<form\b[^>]*\baction="([^"]*)"')
_NAME = re.compile(r'<(?:input|textarea|select)\b[^>]*?\bname="([^"]*)"')
_TEXT = ("text", "input", "search", "textarea", "email", "tel", "number", "password")


#: The token belongs to a session and is put in when a form is sent; `seen` would make a second sending a late one.
_LEFT_OUT = ("csrf_token", "seen")

_tokens: "WeakKeyDictionary[Browser, str]" = WeakKeyDictionary()


@dataclass(frozen=True)
class FoundForm:
    """One form: who may send it, where to, what stands in it; the same in every copy of the world."""

    who: str
    action: str
    fields: MultiDict[str, Any]
    #: Names of fields into which a person types, and of those from which they choose.
    texts: tuple[str, ...]
    choices: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.who} {self.action}"

    def filled(self, values: Mapping[str, str]) -> "FoundForm":
        """The same form with some fields filled."""
        fields = MultiDict(self.fields)
        for name, value in values.items():
            fields.setlist(name, [value])
        return replace(self, fields=fields)


def forms(world: World) -> Iterator[FoundForm]:
    """Each form once for each kind of person, with the values that its page gives it."""
    seen: set[tuple[str, ...]] = set()
    # The administrator comes last: their forms block the others.
    for who in ("anonymous", "applicant", "operator", "supplier", "signatory", "administrator"):
        for page in _pages(world, who, cases=_HEADS_CASES if who == "signatory" else _CASES):
            for html in forms_in(page.html):
                action = action_of(html, page.path)
                key = (who, re.sub(r"\d+", "N", action), *sorted(set(_NAME.findall(html))))
                if action != "/logout" and key not in seen:
                    seen.add(key)
                    yield _found(who, action, html)


def _pages(world: World, who: str, *, cases: tuple[str, ...]) -> Iterator[Page]:
    """Every page that a person is shown, once: where a redirect leads is mostly an address of the map itself."""
    waiting = deque(address.path for address in shown_to(world, who, cases=cases))
    opened: set[str] = set()
    while waiting:
        path = waiting.popleft()
        if path in opened:
            continue
        opened.add(path)
        response = ask(world.browser(who), path)
        if response.status_code in (302, 303):
            waiting.append(response.headers["Location"])
        elif response.status_code == 200:  # a refusal has no form of its own
            yield Page(response)


def shown_to(world: World, who: str, *, cases: tuple[str, ...]) -> Iterator[Address]:
    """The pages of the map that the table of policy may show to a kind of person; others are a refusal for sure."""
    table: Mapping[str, Rule] = world.app.extensions["policy"]
    roles = world.people[who].actor.roles if who in world.people else frozenset()
    for address in addresses(world, "GET", cases=cases):
        allowed = table[address.endpoint].roles
        if address.endpoint != "static" and (allowed is None or allowed & roles):
            yield address


def forms_in(html: str) -> list[str]:
    """The HTML of each form of a page that is sent by POST. Cut out as text: a whole page takes long to be parsed."""
    return [one for one in _FORM.findall(html) if _POST.match(one)]


def action_of(form: str, path: str) -> str:
    """Where a form of the page at `path` is sent."""
    found = _ACTION.match(form)
    return unescape(found[1]) if found and found[1] else path


def again(page: Page, form: FoundForm, name: str) -> Page:
    """The form with the field `name` as it stands in an answer to it, looked at like a page of its own."""
    for html in forms_in(page.html):
        same = _bare(action_of(html, page.path)) == _bare(form.action)
        if same and name in map(unescape, _NAME.findall(html)):
            return _Part(page, html)
    raise AssertionError(f"no {form} with {name} in the answer ({page.status})")


class _Part(Page):
    """A part of an answer: parsing it alone is quicker, and other forms may have fields of the same name."""

    def __init__(self, page: Page, html: str) -> None:
        self.response, self.status, self.path, self.html = page.response, page.status, page.path, html


def _bare(action: str) -> str:
    return action.partition("?")[0]


def _found(who: str, action: str, html: str) -> FoundForm:
    tag = BeautifulSoup(html, "html.parser")
    fields = fields_of(tag)
    for name in _LEFT_OUT:
        fields.poplist(name)
    kinds = {
        str(one["name"]): str(one.get("type") or one.name) for one in tag.find_all(["input", "textarea"])
    }
    texts = tuple(name for name, kind in kinds.items() if kind in _TEXT)
    chosen = [name for name, kind in kinds.items() if kind == "radio"]
    chosen += [str(one["name"]) for one in tag.find_all("select")]
    return FoundForm(who, action, fields, texts, tuple(chosen))


def asked_when(form: FoundForm, name: str, supplier: str) -> dict[str, str]:
    """The choices after which a field is asked for at all; `supplier` is the id of one that may be named."""
    if form.action.endswith("/request-fixes") and name == "text":
        return {"items": "document-plan"}
    if form.action.endswith("/supply") and name in ("requisites", "account"):
        return {"what": "requisites"}
    needed = {
        "identity_name": {"identity_kind": "other"},
        "identity_number": {"identity_kind": "other"},
        "identity_issued": {"identity_kind": "passport"},
        "passport_": {"identity_kind": "passport"},
        "department_": {"identity_kind": "passport"},
        "account": {"account_known": "yes"},
        "temporary_until": {"connection_type": "temporary_mobile"},
        "permanent_contract": {"connection_type": "temporary_scheme"},
        "own_": {"capacity": "representative"},
        "authority_": {"capacity": "representative"},
        "reason_text": {"reason": "other"},
        "cadastral_absent_why": {"cadastral_absent": "yes"},
        "remark-": {"items": name.removeprefix("remark-")},
        "contract_kind": {"supplier": supplier},
        "second_signer": {"both": "y"},
    }
    return next((values for prefix, values in needed.items() if name.startswith(prefix)), {})


def token_of(browser: Browser) -> str:
    """The token of a browser's session, taken once from the button of the menu or from the sign-in page."""
    if browser not in _tokens:
        pages = (browser.open(path).soup for path in ("/help", "/login"))
        found = (page.find("input", {"name": "csrf_token"}) for page in pages)
        _tokens[browser] = next(str(field["value"]) for field in found if field is not None)
    return _tokens[browser]


def send(browser: Browser, form: FoundForm, /, **changes: str) -> TestResponse:
    """The form with some fields changed, its redirect not followed."""
    fields = [*form.filled(changes).fields.items(multi=True), ("csrf_token", token_of(browser))]
    return send_raw(browser, form.action, urlencode(fields).encode())


def send_bytes(browser: Browser, form: FoundForm, name: str, value: bytes) -> TestResponse:
    """The form with the bytes of one field exactly as given, percent signs included."""
    rest = [(key, one) for key, one in form.fields.items(multi=True) if key != name]
    body = urlencode([*rest, ("csrf_token", token_of(browser))]).encode()
    return send_raw(browser, form.action, body + b"&" + quote(name).encode() + b"=" + value)


def send_raw(
    browser: Browser, path: str, body: bytes, kind: str = "application/x-www-form-urlencoded"
) -> TestResponse:
    """A POST with a body made by hand, as a page of the site would send it."""
    headers = {"Referer": BASE + "/", "Content-Type": kind}
    return browser.client.post(path, base_url=BASE, data=body, headers=headers)


class Commits:
    """Whether anything was committed to the database of a world, cheaply: SQLite counts changes by others."""

    def __init__(self, world: World) -> None:
        self._connection = sqlite3.connect(
            str(world.app.config["SQLALCHEMY_DATABASE_URI"]).removeprefix("sqlite:///")
        )
        self._last = self._version()

    def _version(self) -> int:
        with closing(self._connection.execute("PRAGMA data_version")) as cursor:
            return int(cursor.fetchone()[0])

    def happened(self) -> bool:
        """Since the last question."""
        before, self._last = self._last, self._version()
        return self._last != before

    def close(self) -> None:
        self._connection.close()
