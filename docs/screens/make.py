"""Takes the screenshots of README: `python docs/screens/make.py http://127.0.0.1:8000`, a site with the demo world.

Needs the packages of the tests and a Chromium; CHROMIUM names another one, DEMO_PASSWORD another password.
"""

import os
import sys
from pathlib import Path
from typing import Literal

from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
PASSWORD = os.environ.get("DEMO_PASSWORD", "svet-v-dome-31")
#: Most bytes of one picture: they are loaded with the README.
MOST_BYTES = 150 * 1024
#: File, login, address, width of the window, colour scheme.
SHOTS: tuple[tuple[str, str, str, int, Literal["light", "dark"]], ...] = (
    ("case-1280-light.png", "918-663-420 37", "/cases/5", 1280, "light"),
    ("list-390-dark.png", "918-663-420 37", "/cases", 390, "dark"),
    ("home-390-light.png", "918-663-420 37", "/", 390, "light"),
    ("queue-1280-light.png", "operator@example.org", "/cases", 1280, "light"),
)


def main(site: str) -> None:
    """Sign in anew for each picture and keep it beside this file; stops at a picture that is too big."""
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"]
        )
        for name, login, address, width, scheme in SHOTS:
            page = browser.new_page(
                viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=False
            )
            page.goto(f"{site}/login")
            page.fill("[name=login]", login)
            page.fill("[name=password]", PASSWORD)
            page.click("main button[type=submit]")
            page.goto(site + address)
            shot = page.screenshot(path=HERE / name)
            if len(shot) > MOST_BYTES:
                sys.exit(f"{name}: {len(shot)} bytes, at most {MOST_BYTES} are wanted")
            page.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
