"""The office of a running site: its clerk, made as the operator of a site makes accounts."""

import os
import subprocess
import sys

from tests.journeys.site import ROOT, RunningSite

CLERK = "clerk@example.org"
#: Everybody in journeys has the same password.
PASSWORD = "фонарь над калиткой 7"


def add_clerk(site: RunningSite) -> None:
    """`flask accounts add-staff` beside the running site."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "accounts", "add-staff"]
    name = ["--last-name", "Сергеев", "--first-name", "Петр", "--middle-name", "Сергеевич"]
    subprocess.run(
        [*command, "--email", CLERK, *name, "--role", "operator", "--password-stdin"],
        cwd=ROOT,
        env={**os.environ, "INSTANCE_PATH": str(site.instance), "PUBLIC_URL": site.url},
        input=PASSWORD,
        text=True,
        check=True,
    )
