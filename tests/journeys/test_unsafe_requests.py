"""What an unsafe request must bring to be heard, and how large it may be; refused ones change nothing."""

import time
from collections.abc import Iterator

import pytest
from itsdangerous import TimestampSigner, URLSafeTimedSerializer

from app.web.policy import DEFAULT_BODY_LIMIT
from tests.browser import BASE, Browser, file
from tests.case_world import signed_in
from tests.site_forms import token_of
from tests.site_map import BY_PROGRAMS, Address, addresses, ask
from tests.unchanged import unchanged
from tests.whole_site import APPEALS, ARCHIVED, NEIGHBOURS, World

#: Cases on which every act is at least heard, if not possible.
CASES = ("draft", "checking", ARCHIVED, APPEALS["new"])


def unsafe(world: World) -> Iterator[Address]:
    for address in addresses(world, "POST", cases=CASES):
        if address.endpoint not in BY_PROGRAMS:
            yield address


def browsers(world: World) -> dict[str, Browser]:
    """Everybody who may change something, signed in already."""
    return {
        who: world.browser(who) for who in ("applicant", "operator", "signatory", "supplier", "administrator")
    }


@pytest.mark.parametrize(
    "kind", ["without a token", "with the token of another session", "with a token in the URL"]
)
def test_every_unsafe_request_without_its_own_token_is_refused_and_changes_nothing(
    world: World, kind: str
) -> None:
    alien, heard = token_of(signed_in(world.app, world.people["neighbour"])), set()
    own = browsers(world)
    tokens = {who: token_of(browser) for who, browser in own.items()}
    with unchanged(world.app):
        for who, browser in own.items():
            for address in unsafe(world):
                data = {"csrf_token": alien} if kind == "with the token of another session" else {}
                tail = f"?csrf_token={tokens[who]}" if kind == "with a token in the URL" else ""
                response = ask(browser, address.path + tail, "POST", data={"text": "x", **data})
                assert response.status_code in (403, 404, 422), f"{who} {address.path}"
                if response.status_code == 422:
                    assert "Отправить еще раз" in response.text, address.path
                    heard.add(address.endpoint)
    assert heard == {address.endpoint for address in unsafe(world)}


def test_nobody_signed_in_changes_nothing_without_a_token_either(world: World) -> None:
    with unchanged(world.app):
        for address in unsafe(world):
            response = ask(world.browser("anonymous"), address.path, "POST", data={"text": "x"})
            assert response.status_code in (401, 422), address.path


def test_other_methods_are_refused_everywhere(world: World) -> None:
    operator = world.browser("operator")
    with unchanged(world.app):
        for address in addresses(world, "GET", cases=("checking",)):
            for method in ("TRACE", "PUT", "DELETE", "PATCH", "PROPFIND"):
                response = ask(operator, address.path, method)
                assert response.status_code == 405, f"{method} {address.path}"


def test_a_form_cannot_pretend_another_method(world: World) -> None:
    case = world.cases["checking"]
    applicant = world.browser("applicant")
    with unchanged(world.app):
        data = {"_method": "DELETE", "csrf_token": token_of(applicant)}
        response = ask(applicant, f"/cases/{case}", "POST", data=data)
    assert response.status_code == 405


def test_options_and_head_of_every_address_carry_no_content(still_world: World) -> None:
    for who in ("anonymous", "applicant"):
        for address in addresses(still_world, "GET", cases=("checking", NEIGHBOURS)):
            assert ask(still_world.browser(who), address.path, "HEAD").get_data() == b"", address.path
            options = ask(still_world.browser(who), address.path, "OPTIONS")
            assert "checking" not in options.text
            assert options.status_code != 200 or options.get_data() == b"", address.path


def test_forms_work_over_https_with_the_referrer_policy_of_the_site(world: World) -> None:
    applicant = world.browser("applicant")
    page = applicant.open(f"/cases/{world.cases['checking']}")
    assert page.response.headers["Referrer-Policy"] == "same-origin"
    sent = applicant.send(page, "/messages", text="Спасибо")
    assert sent.status == 200
    assert "Спасибо" in sent.text


@pytest.mark.parametrize(
    "referer", [{}, {"Referer": "https://evil.example/"}, {"Referer": "http://lk.example.org/"}]
)
def test_a_form_from_elsewhere_or_from_nowhere_changes_nothing_and_says_why(
    world: World, referer: dict[str, str]
) -> None:
    applicant = world.browser("applicant")
    data = {"text": "Спасибо", "channel": "company", "csrf_token": token_of(applicant)}
    with unchanged(world.app):
        path = f"/cases/{world.cases['checking']}/messages"
        response = ask(applicant, path, "POST", data=data, headers=referer)
    assert response.status_code == 422
    assert "с какой страницы" in response.text
    assert "Спасибо" in response.text


def test_a_page_that_was_open_for_nine_hours_is_still_sent(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The token lives as long as the session, which other windows kept alive meanwhile."""
    applicant, path = world.browser("applicant"), f"/cases/{world.cases['checking']}"
    applicant.open(path)
    with applicant.client.session_transaction(base_url=BASE) as session:
        secret = session["csrf_token"]
    signer = URLSafeTimedSerializer(world.app.config["SECRET_KEY"], salt="wtf-csrf-token")
    with monkeypatch.context() as earlier:
        earlier.setattr(TimestampSigner, "get_timestamp", lambda _self: int(time.time()) - 9 * 3600)
        old = signer.dumps(secret)
    sent = applicant.send(
        applicant.open(path), "/messages", text="Отвечаю через девять часов", csrf_token=old
    )
    assert sent.status == 200
    assert "Отвечаю через девять часов" in sent.text


# Limits


def test_a_body_of_300_kb_is_refused_where_no_file_is_expected_and_changes_nothing(world: World) -> None:
    policy, refused = world.app.extensions["policy"], set()
    small = {name for name, rule in policy.items() if rule.body_limit <= DEFAULT_BODY_LIMIT}
    own = browsers(world)
    with unchanged(world.app):
        for who, browser in own.items():
            body = {"csrf_token": token_of(browser), "text": "ж" * 50_000}
            for address in unsafe(world):
                response = ask(browser, address.path, "POST", data=body)
                assert response.status_code in (403, 404, 413), f"{who} {address.path} {response.status_code}"
                if response.status_code == 413:
                    assert "30 МБ" in response.text
                    refused.add(address.endpoint)
    assert small & {address.endpoint for address in unsafe(world)} <= refused


def test_pages_with_files_take_more_than_that(world: World) -> None:
    applicant = world.browser("applicant")
    pdf = b"%PDF-1.4\n" + b"%" + b"x" * 300_000 + b"\n%%EOF\n"
    data = {
        "csrf_token": token_of(applicant),
        "text": "План",
        "channel": "company",
        "files": file(pdf, "план.pdf"),
    }
    response = ask(applicant, f"/cases/{world.cases['checking']}/messages", "POST", data=data)
    assert response.status_code == 303


class Unread:
    """A body whose reading is an error."""

    def read(self, *_size: int) -> bytes:
        raise AssertionError("the body was read")

    readline = read


@pytest.mark.parametrize(("who", "refused_with"), [("anonymous", {401}), ("neighbour", {403, 404})])
def test_session_and_rights_are_asked_before_the_body_is_read(
    world: World, who: str, refused_with: set[int]
) -> None:
    browser, asked = world.browser(who), 0
    for address in addresses(world, "POST", cases=("checking",)):
        if world.app.extensions["policy"][address.endpoint].roles is None:
            continue  # the doors of strangers have small bodies
        if who == "neighbour" and not address.case and not address.path.startswith("/people"):
            continue  # what everybody may do who is signed in
        environ = {
            "wsgi.input": Unread(),
            "CONTENT_LENGTH": "35000000",
            "CONTENT_TYPE": "multipart/form-data; boundary=x",
        }
        response = ask(browser, address.path, "POST", environ_overrides=environ)
        assert response.status_code in refused_with, address.path
        asked += 1
    assert asked > 20
