"""Real Chromium as a person uses the site: by the words that stand on the page, never by ids.

`window` is without JavaScript, `script_window` with it. Every step is kept as a picture, and a page that is wider than its
window fails the step.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, FilePayload, Locator, Page, expect, sync_playwright

from tests.browser import BASE
from tests.browser import Browser as Client
from tests.journeys import npm_files

EXECUTABLE = "/usr/bin/chromium"
#: Nothing that asks the network by itself, and what a container cannot give.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
#: Milliseconds for a page of the site; a slow machine needs them, a quick one does not wait.
PATIENCE = 15_000
HEIGHTS = {390: 844, 1280: 900}
#: What the browser says in its console about answers that tests want: refusals, and a script that has not come.
EXPECTED = re.compile(r"Failed to load resource|Autofocus processing was blocked")
#: What axe-core looks for.
AXE_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


@contextmanager
def chromium(*more: str) -> Iterator[Browser]:
    """One browser for a whole module; `more` goes to its command line (`loopback.Loopback.arguments`)."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=EXECUTABLE, args=[*ARGUMENTS, *more])
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Window:
    """The window of one person; `folder` takes the pictures."""

    page: Page
    site: str
    who: str
    folder: Path
    #: What the browser complained about: violated policies, errors of scripts. `script_window` wants none at its end.
    complaints: list[str] = field(default_factory=list)
    _steps: int = field(default=0)

    @property
    def path(self) -> str:
        """The address without the site."""
        return self.page.url.removeprefix(self.site)

    @property
    def heading(self) -> str:
        return " ".join(self.page.get_by_role("heading", level=1).inner_text().split())

    def open(self, path: str) -> None:
        """Type an address of the site."""
        answer = self.page.goto(self.site + path)
        assert answer is not None and answer.ok, f"{path} answers {answer and answer.status}"

    def picture(self, name: str) -> None:
        """Keep the whole page as a picture; fails when it has to be scrolled sideways."""
        self._steps += 1
        self.folder.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(
            path=self.folder / f"{self.who}-{self._steps:02d}-{name}.png", full_page=True, caret="initial"
        )
        wide, window = self.page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert wide <= window, f"{self.path} is {wide} px wide in a window of {window} px"

    def sees(self, *words: str, within: Locator | None = None) -> None:
        """Each of these sentences stands on the page for everybody to see."""
        for sentence in words:
            found = (within or self.page.locator("body")).get_by_text(sentence).locator("visible=true")
            expect(found.first, f"«{sentence}» at {self.path}").to_be_visible(timeout=PATIENCE)

    def has(self, words: str) -> bool:
        """Whether these words stand on the page now."""
        return self.page.get_by_text(words).locator("visible=true").count() > 0

    def sees_no(self, *words: str) -> None:
        """None of these sentences stands on the page."""
        for sentence in words:
            found = self.page.get_by_text(sentence).locator("visible=true")
            expect(found, f"«{sentence}» at {self.path}").to_have_count(0)

    def reads(self, heading: str) -> None:
        """The page is the one with this heading."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(
            re.compile(re.escape(heading)), timeout=PATIENCE
        )

    def card(self, heading: str) -> Locator:
        """The innermost section of the page under this heading."""
        title = self.page.get_by_role("heading", name=heading, exact=True)
        return self.page.locator("section, article").filter(has=title).last

    def follow(self, words: str, within: Locator | None = None, *, exact: bool = True) -> None:
        """Click the link of these words, or the first one that has them in its name."""
        (within or self.page).get_by_role("link", name=words, exact=exact).first.click()

    def press(self, words: str, within: Locator | None = None) -> None:
        """Press the button of these words."""
        (within or self.page).get_by_role("button", name=words, exact=True).first.click()

    def menu(self, words: str) -> None:
        """Go to a section of the site; the count of what is unread may stand beside its name."""
        self.page.get_by_role("navigation", name="Разделы").get_by_role("link", name=words).click()

    def tab(self, words: str) -> None:
        """Go to a tab of the list; its figure may stand beside the words."""
        self.page.get_by_role("navigation", name="Состояние").get_by_role("link", name=words).click()

    def unfold(self, words: str) -> None:
        """Open what is folded under these words."""
        self.page.locator("summary").filter(has_text=words).click()

    def fill(self, label: str, text: str, within: Locator | None = None) -> None:
        """Type into the field of this label."""
        (within or self.page).get_by_label(label, exact=True).fill(text)

    def choose(self, *labels: str) -> None:
        """Pick radio buttons or boxes by the beginning of their label."""
        for label in labels:
            self._option(label).check()

    def pick(self, label: str, option: str) -> None:
        """Choose from the drop-down of this label."""
        self.page.get_by_label(label, exact=True).select_option(label=option)

    def attach(self, papers: list[FilePayload], within: Locator, label: str = "Добавить документы") -> None:
        """Give files to the field of this label in a part of the page."""
        within.get_by_label(label).set_input_files(papers)

    def _option(self, label: str) -> Locator:
        words = re.compile(f"^{re.escape(label)}")
        radio = self.page.get_by_role("radio", name=words)
        return radio.or_(self.page.get_by_role("checkbox", name=words)).first


@contextmanager
def window(browser: Browser, site: str, who: str, width: int, folder: Path) -> Iterator[Window]:
    """A window of its own with its own cookies, so wide in CSS pixels."""
    size = {"width": width, "height": HEIGHTS[width]}
    context = browser.new_context(java_script_enabled=False, viewport=size, locale="ru-RU")  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    try:
        yield Window(context.new_page(), site, who, folder)
    finally:
        context.close()


@contextmanager
def script_window(
    browser: Browser,
    site: str,
    who: str,
    width: int,
    folder: Path,
    *,
    client: Client | None = None,
    allowed: str = "",
) -> Iterator[Window]:
    """A window with JavaScript; fails at its end when a page violated its policy or a script failed.

    With the browser of `loopback` the site is `tests.browser.BASE`, and `client`, a signed-in browser of the tests, lends its
    cookies. `allowed` matches complaints that belong to the test.
    """
    size = {"width": width, "height": HEIGHTS[width]}
    context = browser.new_context(viewport=size, locale="ru-RU")  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    if client is not None:
        lend_cookies(client, context)
    made = Window(context.new_page(), site, who, folder)
    _listen(context, made)
    try:
        yield made
        unwanted = [one for one in made.complaints if not (allowed and re.search(allowed, one))]
        assert not unwanted, f"{who} at {made.path}: {unwanted}"
    finally:
        context.close()


def lend_cookies(client: Client, context: BrowserContext) -> None:
    """Sign a window in as the browser of the tests is."""
    name = client.client.application.config["SESSION_COOKIE_NAME"]
    found = client.client.get_cookie(name, domain=BASE.removeprefix("https://"))
    assert found is not None, "the browser of the tests is signed in"
    context.add_cookies(
        [
            {
                "name": name,
                "value": found.value,
                "url": BASE,
                "secure": True,
                "httpOnly": True,
                "sameSite": "Lax",
            }
        ]
    )


def _listen(context: BrowserContext, window: Window) -> None:
    """Note violations of the Content-Security-Policy, errors of scripts and what is written as an error."""
    note = window.complaints.append
    context.expose_binding("noteViolation", lambda _source, words: note(f"policy: {words}"))
    context.add_init_script(
        "addEventListener('securitypolicyviolation',"
        " (e) => noteViolation(`${e.effectiveDirective} ${e.blockedURI} ${e.sample}`))"
    )
    context.on("weberror", lambda error: note(f"script: {error.error}"))
    context.on(
        "console",
        lambda said: (
            note(f"console: {said.text}") if said.type == "error" and not EXPECTED.search(said.text) else None
        ),
    )


def axe(window: Window) -> None:
    """axe-core finds nothing on the page as it is now (WCAG 2.0–2.2 A and AA, best practice)."""
    window.page.wait_for_load_state("load")  # sizes are measured: the style sheet must have come
    window.page.evaluate(npm_files.content("axe-core").decode())
    found = window.page.evaluate(
        "async (tags) => (await axe.run(document, {runOnly: {type: 'tag', values: tags}})).violations"
        ".map((one) => [one.id, one.help, ...one.nodes.map((node) => node.html.slice(0, 200))])",
        list(AXE_TAGS),
    )
    assert not found, f"{window.path}: {found}"


def lacks_htmx(window: Window) -> bool:
    """Whether htmx has not run on this page."""
    return bool(window.page.evaluate("typeof htmx === 'undefined'"))
