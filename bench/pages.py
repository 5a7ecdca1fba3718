"""How much the pages cost above their floor, and a sign-in above the password check it needs."""

import os
import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPResponse

from sqlalchemy import event

from app.accounts.hashing import verify
from app.cli.demo_world import Account
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


def measure(size: int) -> list[Row]:
    """Build a world of `size` cases in a temporary place and measure its pages."""
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
            return [*_pages(world, site, cookies), _login(world, site)]


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
            operations[name] = _getting(site, path, cookie)
            operations[f"{name} floor"] = _getting(floor, f"/floor/{name}", "")
        times = in_turns(operations, rounds=ROUNDS, batch=BATCH)
    return [
        Row(name, times[name], times[f"{name} floor"], count_queries(world, path, cookie))
        for name, (path, cookie) in paths.items()
    ]


def _getting(client: Client, path: str, cookie: str) -> Callable[[], None]:
    def get() -> None:
        answer = client.get(path, cookie)
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}")

    return get


def count_queries(world: World, path: str, cookie: str) -> int:
    """How many SQL queries one page takes."""
    seen: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith(("SELECT", "WITH")):
            seen.append(statement)

    with world.app.app_context():
        engine = db.engine
        event.listen(engine, "before_cursor_execute", count)
        world.app.test_client(use_cookies=False).get(
            path, base_url=os.environ["PUBLIC_URL"], headers={"Cookie": cookie}
        )
        event.remove(engine, "before_cursor_execute", count)
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
