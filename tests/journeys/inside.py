"""What a test may see inside a running site, past its pages: the database and the files."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.journeys.site import RunningSite


def sender_of_last_letter(site: RunningSite) -> str:
    """Which program sent the newest letter: «worker» or «dispatcher»."""
    with closing(sqlite3.connect(f"file:{site.instance / 'cabinet.db'}?mode=ro", uri=True)) as database:
        (owner,) = database.execute("SELECT lease_owner FROM outbox ORDER BY id DESC LIMIT 1").fetchone()
    return str(owner).partition(":")[0]


def stored(site: RunningSite) -> set[Path]:
    """Every file that people have sent, and what nginx keeps of bodies that are on their way."""
    folders = (site.instance / "files", site.instance / "run" / "nginx-body")
    return {path for folder in folders for path in folder.resolve().rglob("*") if path.is_file()}
