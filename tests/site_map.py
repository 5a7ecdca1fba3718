"""Every address of the site, found in its own URL map and filled with ids of a world: a new page cannot escape a test."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.connections.questionnaire import HUB_TOPICS
from tests.browser import BASE, Browser
from tests.whole_site import World

#: Statuses in which pages of the questionnaire are open; elsewhere one topic stands for all.
_EDITABLE = ("draft", "needs_fix")
#: Pages that show something else for what stands after the question mark.
_QUERIES = {
    "appeals.new_page": ("", "?about=1", "?about=x"),
    "accounts.register_page": ("", "?form=individual", "?form=sole_trader", "?form=legal_entity", "?form=x"),
    "accounts.new_applicant_page": ("", "?form=sole_trader", "?form=legal_entity"),
    "accounts.sign_in_page": ("", "?by=ogrn", "?next=/cases"),
    "cases.deadlines_page": ("", "?whose=mine", "?whose=x"),
    "cases.list_page": (
        "",
        "?tab=drafts",
        "?tab=done",
        "?tab=rejected",
        "?tab=archive&size=50",
        "?read=unread",
        "?tab=unread&kind=message",
        "?q=иванов+59:01",
        "?q=zzz&tab=mine",
    ),
}


@dataclass(frozen=True)
class Address:
    """One address with its endpoint; `case` is the key of `World.cases` in it, if any."""

    endpoint: str
    path: str
    case: str = ""


def addresses(world: World, method: str, *, cases: tuple[str, ...] = ()) -> Iterator[Address]:
    """All addresses that take the method, once for each case of the world or only for those named."""
    adapter = world.app.url_map.bind("lk.example.org")
    for rule in sorted(world.app.url_map.iter_rules(), key=str):
        if method not in (rule.methods or ()):
            continue
        for case in (cases or tuple(world.cases)) if "case_id" in rule.arguments else ("",):
            for values in _arguments(rule, world, case):
                path = adapter.build(rule.endpoint, values)
                for query in _QUERIES.get(rule.endpoint, ("",)) if method == "GET" else ("",):
                    yield Address(rule.endpoint, path + query, case)


def _arguments(rule: Rule, world: World, case: str) -> Iterator[dict[str, Any]]:
    names = sorted(rule.arguments)
    choices = [_values(name, world, case) for name in names]
    for found in product(*choices):
        yield dict(zip(names, found, strict=True))


def _values(name: str, world: World, case: str) -> list[Any]:
    """What stands for one argument of an address; a new kind of argument has to be taught here."""
    if name == "case_id":
        return [world.cases[case]]
    if name in ("file_id", "document_id"):
        return [world.document(case, "identity"), world.document(case)] if world.document(case) else [1]
    known: dict[str, list[Any]] = {
        "user_id": [world.people["applicant"].id, world.people["operator"].id],
        "supplier_id": [world.people["supplier"].actor.supplier_id],
        "topic_id": [1],
        "kind_id": [1],
        "version": [1],
        "message_id": [1],
        "topic": [topic.code for topic in HUB_TOPICS] if case in _EDITABLE else ["object"],
        "code": ["consent", "agreement"],
        "filename": ["site.css"],
        "key": ["20200806T062800-letter"],
    }
    return known[name]


def ask(browser: Browser, path: str, method: str = "GET", **options: Any) -> TestResponse:
    """One request as the browser's, its redirects not followed."""
    options.setdefault("headers", {"Referer": BASE + "/"})
    response = browser.client.open(path, method=method, base_url=BASE, **options)
    response.get_data()
    response.close()
    return response
