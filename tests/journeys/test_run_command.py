"""`bin/run` as its user meets it: a real start, its programs killed, Ctrl-C; and what nginx answers by itself."""

import base64
import hashlib
import re
import signal
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

import pytest
from redis import Redis
from rq import Queue
from rq.job import JobStatus
from rq.serializers import JSONSerializer

from app.notifications.dispatcher import QUEUE
from tests.journeys.site import PROGRAMS, ROOT, RunningSite, environment, free_port, wait_for

ERROR_PAGES = ROOT / "app" / "static" / "errors"
KIB = 1024


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    with RunningSite.start(tmp_path_factory.mktemp("site") / "instance") as running:
        yield running


def answer(url: str, *, body: bytes | None = None, method: str | None = None) -> tuple[int, Message, str]:
    """Status, headers and text; an error status is an answer like any other."""
    request = urllib.request.Request(url, data=body, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, response.headers, response.read().decode()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.headers, refused.read().decode()


def healthy(site: RunningSite) -> bool:
    return answer(f"{site.url}/healthz")[0] == 200


def refused_start(port: int, instance: Path) -> str:
    """What `bin/run` prints when it does not start; it must fail."""
    done = subprocess.run(
        [ROOT / "bin" / "run"],
        env=environment(port, instance, {}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1, done.stdout
    return done.stderr


def test_the_address_and_the_demo_accounts_are_printed_when_the_site_is_ready(site: RunningSite) -> None:
    assert healthy(site)
    assert f"Сайт открыт: {site.url}\n" in site.output
    accounts = site.output.partition("Демонстрационные учетные записи")[2].splitlines()[1:]
    assert len([line for line in accounts if re.fullmatch(r" {4}\S.*\S {3,}\S.*\S {3,}\S+", line)]) >= 3


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_killed_program_is_back_and_the_site_answers(site: RunningSite, name: str) -> None:
    old = site.kill(name)
    new = site.wait_for_new(name, old)
    wait_for(lambda: healthy(site), 30, f"/healthz after {name} was killed")
    assert new != old


def test_the_private_redis_can_be_away_for_a_while(site: RunningSite) -> None:
    site.stop_program("redis")
    assert site.pids("redis") == []
    assert healthy(site)
    site.start_program("redis")
    assert len(site.pids("redis")) == 1


def test_ctrl_c_leaves_nothing_running_and_the_second_start_works(tmp_path: Path) -> None:
    instance = tmp_path / "instance"
    with RunningSite.start(instance) as first:
        assert {"nginx", "redis-server"} <= {process.name for process in first.running()}
        port = first.port
        key = (instance / "secret_key").read_text()
        assert first.stop() == 0
        assert first.running() == []
        assert "Остановлено." in first.output
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free.bind(("127.0.0.1", port))
    with RunningSite.start(instance, port=port) as second:
        assert healthy(second)
        assert (instance / "secret_key").read_text() == key
        print(f"second start: {second.start_seconds:.1f} s")
        assert second.stop(signal.SIGTERM) == 0
        assert second.running() == []


def test_a_job_that_outlived_its_worker_is_not_left_running_either(tmp_path: Path) -> None:
    with RunningSite.start(tmp_path / "instance") as site:
        with Redis.from_url(f"unix://{(site.instance / 'run' / 'redis.sock').resolve()}") as redis:
            job = Queue(QUEUE, connection=redis, serializer=JSONSerializer).enqueue("time.sleep", 300)
            # The second process alone says nothing: until it has a group of its own it ends with its worker.
            wait_for(lambda: job.get_status() == JobStatus.STARTED, 30, "the worker has taken the job")
        wait_for(lambda: len(site.pids("worker")) == 2, 30, "the job has a process of its own")
        worker, horse = site.pids("worker")
        site.kill("worker")
        site.wait_for_new("worker", worker)
        assert horse in {process.pid for process in site.running()}
        site.stop()
        assert site.running() == []


def test_a_folder_with_any_name_of_any_length_is_served(tmp_path: Path) -> None:
    instance = tmp_path / ("Данные $HOME «кабинета» 100% " + "ы" * 60)
    with RunningSite.start(instance) as odd:
        assert healthy(odd)
        assert answer(f"{odd.url}/static/site.css")[0] == 200
        assert (instance / "secret_key").stat().st_mode & 0o077 == 0
        short = (instance / "run").resolve()
        assert short != instance / "run"
    assert not short.exists()


def test_a_taken_port_is_told_before_anything_is_made(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert f"порт {port} уже занят" in refused_start(port, tmp_path / "instance")
    assert list(tmp_path.iterdir()) == []


def test_only_the_owner_may_talk_to_the_programs_behind_nginx(site: RunningSite) -> None:
    sockets = {path.name: path.stat().st_mode & 0o777 for path in (site.instance / "run").glob("*.sock")}
    assert sockets == {"web.sock": 0o600, "redis.sock": 0o700, "supervisor.sock": 0o600}


def test_one_instance_is_served_by_one_site(site: RunningSite) -> None:
    assert "уже запущен" in refused_start(free_port(), site.instance)
    assert healthy(site)


def test_a_body_over_the_limit_is_refused_with_a_sentence_in_russian(site: RunningSite) -> None:
    status, headers, page = answer(f"{site.url}/healthz", body=b"x" * 300 * KIB)
    assert status == 413
    assert "не больше 30 МБ" in page
    assert "черновик" in page
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert headers["Server"] == "nginx"


def stopped_by_nginx(url: str) -> bool:
    """Whether a body of 300 KB does not reach the application, which may have its own reasons to refuse it."""
    _, _, page = answer(url, body=b"x" * 300 * KIB)
    return "все файлы одной отправки" in page


@pytest.mark.parametrize("door", ["files", "messages", "documents", "form/upload", "answer"])
def test_files_reach_the_application_by_their_doors(site: RunningSite, door: str) -> None:
    assert not stopped_by_nginx(f"{site.url}/cases/1/{door}")


@pytest.mark.parametrize(
    "path", ["/login", "/cases/1", "/cases/1/files/2", "/cases/x/files", "/a/cases/1/files"]
)
def test_files_reach_the_application_nowhere_else(site: RunningSite, path: str) -> None:
    assert stopped_by_nginx(site.url + path)


def test_nginx_says_in_russian_that_the_site_is_restarting(site: RunningSite) -> None:
    site.stop_program("web")
    try:
        status, headers, page = answer(f"{site.url}/healthz")
    finally:
        site.start_program("web")
    assert status == 502
    assert "не отвечает" in page
    assert headers["Cache-Control"] == "no-store"
    wait_for(lambda: healthy(site), 30, "/healthz after the start")


def test_static_files_are_immutable_only_under_the_address_of_their_content(site: RunningSite) -> None:
    _, pinned, _ = answer(f"{site.url}/static/site.css?v=0123abcd")
    _, plain, _ = answer(f"{site.url}/static/site.css")
    assert pinned["Cache-Control"] == "public, max-age=31536000, immutable"
    assert plain["Cache-Control"] == "no-cache"
    assert pinned["Content-Security-Policy"].startswith("default-src 'none'")
    assert pinned["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path", ["/-files/secret", "/-errors/413.html", "/static/", "/static/../run/nginx.conf"]
)
def test_what_nginx_keeps_for_itself_cannot_be_asked_for(site: RunningSite, path: str) -> None:
    assert answer(site.url + path)[0] in (400, 404)


def test_trace_is_refused(site: RunningSite) -> None:
    assert answer(f"{site.url}/healthz", method="TRACE")[0] == 405


def test_the_error_pages_may_use_their_own_style() -> None:
    pages = sorted(ERROR_PAGES.glob("*.html"))
    styles = {
        style for page in pages for style in re.findall(r"(?s)<style>(.*?)</style>", page.read_text("utf-8"))
    }
    assert len(pages) == 4
    assert len(styles) == 1
    digest = base64.b64encode(hashlib.sha256(styles.pop().encode()).digest()).decode()
    template = (ROOT / "deploy" / "nginx.conf.template").read_text(encoding="utf-8")
    assert f"style-src 'sha256-{digest}'" in template
