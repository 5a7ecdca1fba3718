"""Every form of the site as it stands on its page: a new form cannot escape a test of bad input."""

import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlencode
from weakref import WeakKeyDictionary

from bs4 import Tag
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.browser import BASE, Browser, fields_of
from tests.site_map import addresses
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
_HEADS_CASES = ("works", "annulled_unpaid", READY)
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
        for address in addresses(world, "GET", cases=_HEADS_CASES if who == "signatory" else _CASES):
            if address.endpoint == "static":
                continue
            page = world.browser(who).open(address.path)
            if page.status != 200:
                continue  # a refusal has no form of its own
            for tag in page.soup.find_all("form", method="post"):
                action = str(tag.get("action") or page.path)
                names = {str(one.get("name")) for one in tag.find_all(["input", "textarea", "select"])}
                key = (who, re.sub(r"\d+", "N", action), *sorted(names))
                if action != "/logout" and key not in seen:
                    seen.add(key)
                    yield _found(who, action, tag)


def _found(who: str, action: str, tag: Tag) -> FoundForm:
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
        "permanent_contract": {"connection_type": "temporary_construction"},
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
