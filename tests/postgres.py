"""A PostgreSQL server of the tests' own, from Debian's package, in a temporary folder on a unix socket."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PORT = "5432"


def _programs() -> Path:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not folders:
        raise RuntimeError("PostgreSQL is not installed: bin/test installs it")
    return folders[-1]


def _as_owner(command: list[str]) -> list[str]:
    """The server refuses to run as root: root hands it to the package's user."""
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


@contextmanager
def running_server() -> Iterator[Path]:
    """Start a server for the time of the block; yields the folder of its socket."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    data, control = folder / "data", str(_programs() / "pg_ctl")
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "cwd": "/"}
    subprocess.run(
        _as_owner(
            [str(_programs() / "initdb"), "-D", str(data), "-A", "trust", "-U", "postgres", "-E", "UTF8"]
        ),
        **quiet,
    )
    options = f"-k {folder} -p {PORT} -c listen_addresses= -c fsync=off -c full_page_writes=off -c max_connections=200"
    subprocess.run(
        _as_owner([control, "-D", str(data), "-o", options, "-l", str(folder / "log"), "-w", "start"]),
        **quiet,
    )
    try:
        yield folder
    finally:
        subprocess.run(_as_owner([control, "-D", str(data), "-m", "immediate", "stop"]), **quiet)
        shutil.rmtree(folder, ignore_errors=True)


def url(folder: Path, database: str) -> str:
    """How the application reaches a database of the server."""
    return f"postgresql://postgres@/{database}?host={folder}&port={PORT}"
