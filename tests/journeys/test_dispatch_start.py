"""`flask dispatch` on a server where OpenSSL is not there: it says so at once and goes on with its work."""

import os
import subprocess
import sys
from pathlib import Path

from flask import Flask

from app.gateways.openssl import NO_OPENSSL
from tests.databases import SECRET_KEY

ROOT = Path(__file__).parents[2]


def test_the_dispatcher_says_at_its_start_that_signatures_are_not_checked(app: Flask) -> None:
    config = app.extensions["config"]
    told = {
        "PATH": "/nowhere",
        "INSTANCE_PATH": str(config.instance_path),
        "DATABASE_URL": config.database_url,
        "SECRET_KEY": SECRET_KEY,
    }
    environment = {key: one for key, one in os.environ.items() if key in ("HOME", "LANG", "TMPDIR")} | told
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "dispatch"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as program:
        assert program.stderr is not None
        try:
            assert program.stderr.readline() == f"{NO_OPENSSL}\n"
            assert "MAIL_URL" in program.stderr.readline()  # it has gone on
        finally:
            program.kill()
