"""A generator of codes on a person's phone: set up by the page as a person would, and the codes it shows."""

from dataclasses import dataclass

import pyotp

from app import clock
from tests.browser import Browser

_STEP = 30


@dataclass
class Generator:
    """What the phone holds; every code is shown once, as if the person waited for the next one."""

    secret: str
    recovery: tuple[str, ...] = ()
    step: int = 0

    def code(self) -> str:
        """The next code that the site has not seen, from the present step on."""
        self.step = max(int(clock.now().timestamp()) // _STEP, self.step + 1)
        return pyotp.TOTP(self.secret).generate_otp(self.step)

    def last(self) -> str:
        """The code that was shown before."""
        return pyotp.TOTP(self.secret).generate_otp(self.step)


def turn_on(browser: Browser) -> Generator:
    """Set the second factor up by its page."""
    page = browser.open("/profile/second-factor")
    page = browser.send(page, "/profile/second-factor")
    (secret,) = (found.get_text() for found in page.soup.find("main").find_all("b"))
    generator = Generator(secret.replace(" ", ""))
    page = browser.send(page, "/confirm", code=generator.code())
    generator.recovery = tuple(found.get_text() for found in page.soup.find("main").find_all("code"))
    return generator
