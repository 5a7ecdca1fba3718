"""Every address of the site, found in its own URL map and filled with ids of a world: a new page cannot escape a test."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.connections.lifecycle import LIFECYCLE
from app.connections.questionnaire import HUB_TOPICS
from app.connections.questions_form import BRIEF
from app.contracts.acts import ACTS
from app.contracts.paper_rules import papers_now
from tests.browser import BASE, Browser
from tests.whole_site import DRAFT_BY_FORM, World

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
    "signing.code_page": ("", "?slot={slot}", "?slot=x"),
    "signing.sign_page": ("", "?slot={slot}", "?slot=x"),
    "signing.file_page": ("", "?slot={slot}"),
    "signing.certificate_page": ("", "?slot={slot}"),
    "signing.check_page": ("", "?number=7K3M-92QX-4TFD", "?number=x", f"?sha256={'0' * 64}"),
}

#: Called by programs of others, which have no form of ours: the secret in the address is looked at instead
#: (tests/journeys/test_sms_pages.py).
BY_PROGRAMS = ("notifications.sms_report",)


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
                    if "{slot}" in query:
                        query = query.replace("{slot}", str(world.slot(case)))
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
    if name == "slot_id":
        return world.slots(case) or [1]
    known: dict[str, list[Any]] = {
        "user_id": [world.people["applicant"].id, world.people["operator"].id],
        "supplier_id": [world.people["supplier"].actor.supplier_id],
        "topic_id": [1],
        "category": ["clause_14"],
        "kind_id": [1],
        "certificate_id": [1],
        "source_id": [1],
        "version": [1],
        "paper": ["application_form", "receipt"],
        "term": ["works", "corrections"],
        "year": [2020, 2027],
        "message_id": [1],
        "line_id": [1],
        "signature_id": [1],
        "session_id": [1],
        "topic": _topics(case),
        "code": ["consent", "agreement"],
        "template_code": ["contract", "connection_act"],
        "filename": ["site.css"],
        "key": ["20200806T062800-letter"],
        "provider": ["smsc"],
        "secret": ["0" * 40],
    }
    made: dict[str, Callable[[], list[Any]]] = {
        "token": lambda: [*world.tokens(), "1-" + "A" * 43],
        "code_id": lambda: [world.code(case) or 1],
        "authority_id": lambda: [world.authority(case) or 1],
        "invoice_id": lambda: [world.invoice(case) or 1],
        "payment_id": lambda: [world.payment(case) or 1],
        "paper_kind": lambda: _papers_in(case),
        "act_name": lambda: _acts_in(case),
    }
    return made[name]() if name in made else known[name]


def _acts_in(case: str) -> list[str]:
    """The acts that start in the status of a case, and one that does not."""
    theirs = [act.name for act in ACTS.values() if case in LIFECYCLE.move(act.move).sources]
    return [*theirs, "connect" if case != "meter_admitted" else "start-works"]


def _papers_in(case: str) -> list[str]:
    """The papers that are made in the status of a case, or one that is not."""
    theirs = {paper.code for mode in "AB" for paper in papers_now(case, mode)}
    return sorted(theirs) or ["contract"]


def _topics(case: str) -> list[str]:
    """The topics whose pages are open in a case; elsewhere one stands for all."""
    if case == DRAFT_BY_FORM:
        return [BRIEF.code, "applicant", "documents"]
    return [topic.code for topic in HUB_TOPICS] if case in _EDITABLE else ["object"]


def ask(browser: Browser, path: str, method: str = "GET", **options: Any) -> TestResponse:
    """One request as the browser's, its redirects not followed."""
    options.setdefault("headers", {"Referer": BASE + "/"})
    response = browser.client.open(path, method=method, base_url=BASE, **options)
    response.get_data()
    response.close()
    return response
