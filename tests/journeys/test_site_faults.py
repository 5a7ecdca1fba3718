"""The running site when things go wrong around it: no Redis, a killed worker, slow lines, bodies and headers of strangers.

All of it through nginx, with the site's own programs; the mail server is real. Nobody but the test's own site is disturbed.
"""

import os
import signal
import time
from collections.abc import Iterator

import pytest

from tests.journeys.inside import sender_of_last_letter, stored
from tests.journeys.office import CLERK, add_clerk
from tests.journeys.papers import pdf
from tests.journeys.people import attach, clerk_signs_in, new_draft, registered, write
from tests.journeys.site import RunningSite, without_program
from tests.journeys.slow_lines import slow_lines
from tests.journeys.visitor import Visitor, multipart
from tests.post_office import Received, Sink, until

KIB = 1024
MIB = 1024 * KIB
QUICK = 1.0
CROWD = 20


@pytest.fixture(scope="module")
def sink() -> Iterator[Sink]:
    server = Sink()
    yield server
    server.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, sink: Sink) -> Iterator[RunningSite]:
    """A site as a company starts it: no demo, its own mail server, one clerk."""
    instance = tmp_path_factory.mktemp("faults") / "instance"
    with RunningSite.start(
        instance, env={"MAIL_URL": sink.url, "DEMO": "0", "LEASE_SECONDS": "20"}
    ) as running:
        add_clerk(running)
        yield running


@pytest.fixture(scope="module")
def person(site: RunningSite) -> Visitor:
    """Somebody who has registered just now."""
    return registered(site.url, 1)


@pytest.fixture(scope="module")
def neighbour(site: RunningSite) -> Visitor:
    """Somebody else, who has nothing to do with the draft."""
    return registered(site.url, 2)


@pytest.fixture(scope="module")
def draft(person: Visitor) -> int:
    """Their draft, with one file in it."""
    return new_draft(person)


@pytest.fixture
def healthy(sink: Sink) -> Sink:
    """The mail server in good order and empty."""
    sink.mode, sink.begun = "ok", 0
    sink.letters.clear()
    return sink


def told(sink: Sink, text: str) -> list[Received]:
    """The letters to the clerk that quote this text."""
    return [one for one in sink.letters if one.recipients == [CLERK] and text in one.text]


def test_without_redis_people_notice_nothing_and_letters_leave(
    site: RunningSite, healthy: Sink, person: Visitor, draft: int
) -> None:
    with without_program(site, "redis"):
        assert site.pids("redis") == []
        stopped = time.monotonic()
        topic = person.open(f"/cases/{draft}/form/object")
        answers = {
            "list": person.open("/cases"),
            "case": person.open(f"/cases/{draft}"),
            "topic": topic,
            "topic saved": person.send(topic, "/form/object", object_name="ВРУ", then="hub"),
            "message": write(person, draft, "Письмо без очереди"),
            "file": attach(person, draft, "Еще план.pdf", pdf("no redis")),
            "sign-in": clerk_signs_in(Visitor(site.url)),
        }
        until(lambda: told(healthy, "Письмо без очереди"), 30, "the letter leaves without Redis")
        took = time.monotonic() - stopped
        print({name: round(answer.seconds, 3) for name, answer in answers.items()}, f"letter {took:.1f} s")
        assert sender_of_last_letter(site) == "dispatcher"
    assert {name: answer.status for name, answer in answers.items()} == dict.fromkeys(answers, 200)
    assert max(answer.seconds for answer in answers.values()) < QUICK
    assert len(told(healthy, "Письмо без очереди")) == 1


def test_a_letter_whose_worker_is_killed_leaves_within_two_minutes_and_once(
    site: RunningSite, healthy: Sink, person: Visitor, draft: int
) -> None:
    back_to_the_queue(site, healthy, person, draft)
    healthy.mode, healthy.delay, healthy.begun = "slow", 5.0, 0
    write(person, draft, "Письмо в руках убитого")
    until(lambda: healthy.begun, 20, "the letter is being handed over")
    killed = site.pids("worker")
    assert len(killed) >= 2, "the worker and the process in which it delivers"
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    at = time.monotonic()
    healthy.mode = "ok"
    site.wait_for_new("worker", killed[0])
    assert told(healthy, "Письмо в руках убитого") == []
    until(lambda: told(healthy, "Письмо в руках убитого"), 120, "the letter leaves after the kill")
    print(f"left {time.monotonic() - at:.1f} s after the kill")
    time.sleep(2)
    assert len(told(healthy, "Письмо в руках убитого")) == 1


def back_to_the_queue(site: RunningSite, sink: Sink, person: Visitor, case_id: int) -> None:
    """Wait until letters go by the worker again: it looks for a returned Redis at intervals."""
    end = time.monotonic() + 60
    for number in range(30):
        text = f"Обычное письмо {number}"
        write(person, case_id, text)
        until(lambda text=text: told(sink, text), 30, text)  # type: ignore[misc]
        if sender_of_last_letter(site) == "worker":
            return
        assert time.monotonic() < end, "letters go by the queue again"
        time.sleep(1)


def test_slow_people_keep_nobody_waiting(site: RunningSite, person: Visitor, draft: int) -> None:
    attach(person, draft, "Большой план.pdf", pdf("big", size=8 * MIB))
    big = person.open(f"/cases/{draft}/form/documents").links(f"/cases/{draft}/files/")[-1]
    before, cookies = stored(site), person.cookies
    with slow_lines(site.port) as lines:
        for _ in range(CROWD):
            lines.upload(f"/cases/{draft}/files", cookies, 1 * MIB)
            lines.download(big, cookies)
        lines.start()
        until(
            lambda: all(len(line.got) > 2 * KIB for line in lines.downloads), 20, "every download has begun"
        )
        answers = [
            answer
            for _ in range(10)
            for answer in (person.open("/login"), person.open("/cases"), write(person, draft, "Между делом"))
        ]
        uploading = sum(line.uploading for line in lines.uploads)
        begun = [bytes(line.got[:15]) for line in lines.downloads]
        reading = sum(not line.closed and len(line.got) < 1 * MIB for line in lines.downloads)
    slowest = max(answer.seconds for answer in answers)
    print(
        f"slowest of {len(answers)} pages between {uploading} uploads and {reading} downloads: {slowest:.3f} s"
    )
    assert {answer.status for answer in answers} == {200}
    assert slowest < QUICK
    assert begun == [b"HTTP/1.1 200 OK"] * CROWD
    assert (uploading, reading) == (CROWD, CROWD), "the lines were still slow at the end"
    until(lambda: stored(site) == before, 10, "nothing is left of uploads that were cut off")


@pytest.mark.parametrize(
    "prefix", ["/-files/", "/files/", "/static/../files/", "/static/..%2ffiles/", "/instance/files/"]
)
def test_a_file_has_no_address_but_that_of_its_case(
    site: RunningSite, neighbour: Visitor, draft: int, prefix: str
) -> None:
    root = (site.instance / "files").resolve()
    key = next(path.relative_to(root) for path in stored(site) if path.is_relative_to(root))
    for visitor in (Visitor(site.url), neighbour):
        assert visitor.open(f"{prefix}{key}").status in (400, 404)


def test_somebody_elses_file_is_not_there(
    site: RunningSite, person: Visitor, neighbour: Visitor, draft: int
) -> None:
    address = person.open(f"/cases/{draft}").links(f"/cases/{draft}/files/")[0]
    assert person.open(address).status == 200
    assert neighbour.open(address).status == 404
    anonymous = Visitor(site.url).open(address)
    assert (anonymous.status, anonymous.path) == (200, "/login")


def test_a_large_body_where_no_files_go_is_refused_in_russian(
    site: RunningSite, person: Visitor, draft: int
) -> None:
    for path in ("/login", f"/cases/{draft}/mark", "/no/such/page"):
        refused = person.post(path, b"x" * 300 * KIB)
        assert refused.status == 413
        assert "не больше 30 МБ" in refused.text


def test_a_large_upload_of_a_stranger_leaves_nothing(site: RunningSite, draft: int) -> None:
    before = stored(site)
    body, kind = multipart([("kind", "plan")], [("files-plan", "План.pdf", pdf("stranger", size=35 * MIB))])
    refused = Visitor(site.url).post(f"/cases/{draft}/files", body, kind)
    assert refused.status == 401
    assert "Вход в личный кабинет" in refused.text
    until(lambda: stored(site) == before, 10, "nothing is left of it")


def test_a_file_over_the_limit_is_refused_at_its_slot_and_leaves_nothing(
    site: RunningSite, person: Visitor, draft: int
) -> None:
    before = stored(site)
    refused = attach(person, draft, "Огромный план.pdf", pdf("huge", size=31 * MIB))
    assert refused.status == 422
    assert "«Огромный план.pdf»: Файл больше 30 МБ." in refused.text
    until(lambda: stored(site) == before, 10, "nothing is left of it")


EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Server": "nginx",
}


def test_every_kind_of_answer_carries_the_headers_once(
    site: RunningSite, person: Visitor, draft: int
) -> None:
    stranger = Visitor(site.url)
    file = person.open(f"/cases/{draft}").links(f"/cases/{draft}/files/")[0]
    answers = {
        "sign-in": stranger.open("/login"),
        "page": person.open(f"/cases/{draft}"),
        "list": person.open("/cases"),
        "404": stranger.open("/no/such/page"),
        "404 of a case": person.open("/cases/999999"),
        "405": stranger.open("/logout"),
        "413": stranger.post("/login", b"x" * 300 * KIB),
        "static": stranger.open("/static/site.css"),
        "redirect": stranger.open("/cases", follow=False),
        "download": person.open(file),
        "health": stranger.open("/healthz"),
    }
    for name, answer in answers.items():
        for header, value in EVERYWHERE.items():
            assert answer.headers.get_all(header) == [value], f"{name}: {header}"
        policies = answer.headers.get_all("Content-Security-Policy") or []
        assert len(policies) == 1, name
        policy = policies[0]
        assert "default-src 'none'" in policy, name
        assert "unsafe" not in policy, name
        if name != "download":
            assert "frame-ancestors 'none'" in policy, name
    private = ("page", "list", "404", "404 of a case", "413", "download")
    assert {name: answers[name].headers["Cache-Control"] for name in private} == dict.fromkeys(
        private, "no-store"
    )
    assert answers["download"].headers["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in answers["download"].headers["Content-Security-Policy"]


def test_what_a_client_says_of_the_way_is_not_believed(site: RunningSite) -> None:
    lies = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Prefix": "/evil",
        "X-Forwarded-Port": "8443",
        "Forwarded": "host=evil.example;proto=https",
    }
    visitor = Visitor(site.url)
    page = visitor.open("/login", headers=lies)
    assert page.status == 200
    assert b"evil" not in page.body
    moved = visitor.open("/cases", headers=lies, follow=False)
    assert moved.status == 303
    assert moved.headers["Location"] == "/login?next=/cases"
    assert "Secure" not in str(page.headers.get_all("Set-Cookie"))


def test_a_made_up_address_does_not_give_more_tries_for_a_password(site: RunningSite) -> None:
    visitor = Visitor(site.url)
    page = visitor.open("/login")
    statuses = [
        visitor.send(
            page,
            "/login",
            headers={"X-Forwarded-For": f"203.0.113.{number}"},
            login="nobody@example.org",
            password="неверный пароль",
        ).status
        for number in range(6)
    ]
    assert statuses == [422] * 5 + [429]


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "evil.example:80", ""])
def test_a_host_that_is_not_ours_is_refused(site: RunningSite, host: str) -> None:
    for path in ("/login", "/", "/no/such/page"):
        refused = Visitor(site.url).open(path, headers={"Host": host}, follow=False)
        assert refused.status == 400
        assert b"evil" not in refused.body
