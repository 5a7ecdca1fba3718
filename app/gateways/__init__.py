"""The outside world: mail, SMS, files, texts of letters, printing. Knows no subject.

`create_app` builds one set per application and puts it in place whenever an application context opens, so that actions
reach it without knowing Flask.
"""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass

from app.gateways.cms import Checker
from app.gateways.downloads import Downloads
from app.gateways.email import Post
from app.gateways.files import FileStore
from app.gateways.layouts import Layouts
from app.gateways.pdf import Printer
from app.gateways.revocation import Authorities
from app.gateways.sms import SmsDesk
from app.gateways.text import Texts


@dataclass(frozen=True)
class Gateways:
    """The doors of one application to the outside world."""

    post: Post
    files: FileStore
    texts: Texts
    layouts: Layouts
    printer: Printer
    authorities: Authorities
    downloads: Downloads
    sms: SmsDesk
    #: The code that belongs to a salt, for the sender of an SMS and for the check alike.
    code_of: Callable[[str], str]
    #: The secret part of the link that belongs to a salt, for the sender of a letter and for the check alike.
    link_of: Callable[[str], str]
    #: The server's key and those before it, from which second factors are worked out.
    keys: tuple[str, ...]
    signatures: Checker


_current: ContextVar[Gateways] = ContextVar("gateways")


def use(gateways: Gateways) -> None:
    """Put a set in place for the present context."""
    _current.set(gateways)


def current() -> Gateways:
    """The set in place; raises LookupError outside an application context."""
    return _current.get()
