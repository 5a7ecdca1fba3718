"""How much the pages cost above their floor, and a sign-in above the password check it needs."""

import os
import re
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPResponse
from types import MappingProxyType
from urllib.parse import urlencode

from sqlalchemy import event

from app.accounts.hashing import verify
from app.cli.demo_people import Account
from app.extensions import db
from bench.server import Client, free_port, in_turns, serving
from bench.world import World, make_world

ROUNDS, BATCH = 30, 20
LOGIN_ROUNDS = 15


@dataclass(frozen=True)
class Row:
    """One line of the table: median milliseconds of ours and of the reference, SQL queries of our page."""

    name: str
    ours: float
    reference: float
    queries: int

    @property
    def ratio(self) -> float:
        """Ours divided by the reference."""
        return self.ours / self.reference


@dataclass(frozen=True)
class Running:
    """A world behind the production server, and the cookies of its people by role."""

    world: World
    site: Client
    cookies: Mapping[str, str]


@contextmanager
def running(size: int) -> Iterator[Running]:
    """A world of `size` cases in a temporary place, served for the time of the block."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        port = free_port()
        os.environ |= {
            "INSTANCE_PATH": folder,
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "SECRET_KEY": "only for a measurement " * 2,
        }
        os.environ.pop("DATABASE_URL", None)
        world = make_world(size)
        with serving("wsgi:app", port, {}) as site:
            cookies = {who.role: sign_in(site, who) for who in (world.applicant, world.operator)}
            yield Running(world, site, cookies)


def measure(here: Running) -> list[Row]:
    """The pages of a world against their floors."""
    return [*_pages(here.world, here.site, here.cookies), _login(here.world, here.site)]


def sign_in(site: Client, who: Account) -> str:
    """Sign in as a person would; gives the cookies of the browser."""
    page = site.get("/login")
    cookies = _cookies(page)
    answer = site.post("/login", _form(page, who), _header(cookies))
    if answer.status != 303:
        raise RuntimeError(f"sign-in answered {answer.status}")
    return _header({**cookies, **_cookies(answer)})


def _form(page: HTTPResponse, who: Account) -> Mapping[str, str]:
    token = re.search(rb'name="csrf_token" value="([^"]+)"', page.body)  # type: ignore[attr-defined]
    if token is None:
        raise RuntimeError("the sign-in page has no token")
    return {"csrf_token": token[1].decode(), "login": who.login, "password": who.password}


def _cookies(answer: HTTPResponse) -> dict[str, str]:
    pairs = (line.split(";")[0].partition("=") for line in answer.headers.get_all("Set-Cookie") or [])
    return {name: value for name, _, value in pairs}


def _header(cookies: Mapping[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def _pages(world: World, site: Client, cookies: Mapping[str, str]) -> list[Row]:
    applicant, operator = cookies["applicant"], cookies["operator"]
    paths = {
        "list": ("/cases?per=20", applicant),
        "case": (f"/cases/{world.case_id}", applicant),
        "queue": ("/cases", operator),
    }
    environ = {
        f"BENCH_{name.upper()}_{part}": value
        for name, pair in paths.items()
        for part, value in zip(("PATH", "COOKIE"), pair, strict=True)
    }
    with serving("bench.floor:app", free_port(), environ) as floor:
        operations: dict[str, Callable[[], None]] = {}
        for name, (path, cookie) in paths.items():
            operations[name] = getting(site, path, cookie)
            operations[f"{name} floor"] = getting(floor, f"/floor/{name}", "")
        path = _poll_path(site, world, applicant)
        operations["poll"] = getting(site, path, applicant, POLL)
        operations["poll floor"] = getting(floor, "/floor/empty", applicant, POLL)
        times = in_turns(operations, rounds=ROUNDS, batch=BATCH)
    rows = [
        Row(name, times[name], times[f"{name} floor"], count_queries(world, path, cookie))
        for name, (path, cookie) in paths.items()
    ]
    queries = count_queries(world, path, applicant, POLL)
    return [*rows, Row("poll", times["poll"], times["poll floor"], queries)]


#: How an open page asks whether there is anything new.
POLL = {"HX-Request": "true", "HX-Request-Type": "partial", "X-Poll": "1"}


def _poll_path(site: Client, world: World, cookie: str) -> str:
    """What the page of a case asks for every few seconds, after it was opened: the second opening marks nothing as read."""
    page = f"/cases/{world.case_id}"
    site.get(page, cookie)
    answer = site.get(page, cookie)
    found = re.search(rb'id="cursor" name="cursor" value="([^"]+)"', answer.body)  # type: ignore[attr-defined]
    if found is None:
        raise RuntimeError("the page of a case has no cursor")
    return f"{page}/poll?{urlencode({'cursor': found[1].decode()})}"


def getting(
    client: Client, path: str, cookie: str, headers: Mapping[str, str] = MappingProxyType({})
) -> Callable[[], None]:
    """One GET of a page, for `in_turns`; raises when the page is refused."""
    expected = 204 if headers else 200

    def get() -> None:
        answer = client.get(path, cookie, headers)
        if answer.status != expected:
            raise RuntimeError(f"{path} answered {answer.status}")

    return get


def count_queries(
    world: World, path: str, cookie: str, headers: Mapping[str, str] = MappingProxyType({})
) -> int:
    """How many SQL queries one page takes, by SQLite's own account: not every query passes through SQLAlchemy."""
    seen: list[str] = []

    def count(statement: str) -> None:
        if statement.startswith(("SELECT", "WITH")):
            seen.append(statement)

    def trace(connection: sqlite3.Connection, *_: object) -> None:
        connection.set_trace_callback(count)

    def ask() -> None:
        world.app.test_client(use_cookies=False).get(
            path, base_url=os.environ["PUBLIC_URL"], headers={"Cookie": cookie, **headers}
        )

    ask()  # what a process reads once only is no part of a page
    with world.app.app_context():
        pool = db.engine.pool
        event.listen(pool, "checkout", trace)
        ask()
        event.remove(pool, "checkout", trace)
        db.engine.dispose()  # no connection is left that counts
    return len(seen)


def _login(world: World, site: Client) -> Row:
    who = world.applicant
    page = site.get("/login")
    form, cookies = _form(page, who), _header(_cookies(page))
    stored = _stored_hash(world, who)

    def login() -> None:
        if site.post("/login", form, cookies).status != 303:
            raise RuntimeError("sign-in was refused")

    times = in_turns(
        {"login": login, "argon2": lambda: verify(stored, who.password)}, rounds=LOGIN_ROUNDS, batch=1
    )
    return Row("login", times["login"], times["argon2"], 0)


def _stored_hash(world: World, who: Account) -> str:
    from app.accounts.models import User

    with world.app.app_context():
        return db.session.query(User.password_hash).filter(User.notify_email == who.email).scalar()  # type: ignore[no-any-return]
