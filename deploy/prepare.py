"""What a start does to the database, in one process instead of four: migrate, reference data, demo world, its accounts.

`python -m deploy.prepare` prints the demo accounts as JSON (an empty list when the database holds no demo world) and nothing
else to standard output. DEMO=0 leaves the demo world out; unset, it goes into an empty database only.
"""

import io
import os
import sys
from contextlib import redirect_stdout

from flask import Flask
from flask.cli import FlaskGroup

from app import create_app
from app.cli import migrations
from app.config import ConfigError

NO_ACCOUNTS = "[]"


def run(app: Flask, *words: str) -> str:
    """Run one `flask` command of this app and return what it printed; raises what the command raises."""
    printed = io.StringIO()
    with redirect_stdout(printed):
        FlaskGroup(create_app=lambda: app).main(list(words), prog_name="flask", standalone_mode=False)
    return printed.getvalue()


def prepare(demo: bool) -> str:
    """Bring the database up to date; the JSON list of demo accounts comes back."""
    app = create_app()
    migrations.init_app(app)
    run(app, "db", "upgrade")
    run(app, "company", "seed")
    run(app, "cases", "reindex", "--missing")
    if not demo:
        return NO_ACCOUNTS
    run(app, "demo", "seed")
    return run(app, "demo", "accounts").strip()


if __name__ == "__main__":
    wanted = os.environ.get("DEMO") != "0"
    os.environ["DEMO"] = "1" if wanted else "0"
    try:
        print(prepare(wanted))
    except ConfigError as wrong:
        sys.exit(str(wrong))
