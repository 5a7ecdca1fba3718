"""The office of a running site: its clerk, made as the operator of a site makes accounts."""

import os
import subprocess
import sys

from tests.journeys.site import ROOT, RunningSite

CLERK = "clerk@example.org"
#: Everybody in journeys has the same password.
PASSWORD = "фонарь над калиткой 7"


def add_clerk(site: RunningSite) -> None:
    """`flask accounts add-staff` beside the running site; nobody there has a generator of codes at hand."""
    _flask(site, "company", "set", "security.second_factor", "no")
    name = ["--last-name", "Сергеев", "--first-name", "Петр", "--middle-name", "Сергеевич"]
    _flask(site, "accounts", "add-staff", "--email", CLERK, *name, "--role", "operator", "--password-stdin")


def _flask(site: RunningSite, *words: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *words],
        cwd=ROOT,
        env={**os.environ, "INSTANCE_PATH": str(site.instance), "PUBLIC_URL": site.url},
        input=PASSWORD,
        text=True,
        check=True,
    )
