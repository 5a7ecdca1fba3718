"""What a reading request may leave behind: nothing, but for the writes listed here. Knows no subject.

A browser also sends requests that nobody reads (HEAD, prefetch); those may write nothing at all.
"""

from collections.abc import Mapping
from types import MappingProxyType

from flask import request

#: Stands for every endpoint in GET_WRITES.
EVERY = "*"

#: The only tables into which a GET may write, by endpoint; a test opens every page as everybody and compares.
#: When a session was used last (at most once in five minutes) · that a case is no longer unread and how far its
#: messages were read · who of those who answer
#: opened an identity paper.
GET_WRITES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        EVERY: frozenset({"sessions"}),
        "cases.page": frozenset({"case_marks", "case_reads"}),
        "cases.download": frozenset({"journal_heads", "journal_entries", "journal_details"}),
        # Identity papers go along with the folder of a case.
        "signing.folder": frozenset({"journal_heads", "journal_entries", "journal_details"}),
    }
)

#: What the clock of an open page asks for, not a person: it does not keep a session alive.
QUIET = frozenset({"cases.poll", "cases.seen", "connections.made_paper", "portal.waiting"})


def is_activity() -> bool:
    """Whether this request shows that the person is there."""
    return request.endpoint not in QUIET and request.method != "HEAD" and not is_prefetch()


def is_prefetch() -> bool:
    """Whether a browser only looks ahead: nobody reads what it gets now."""
    return "prefetch" in f"{request.headers.get('Sec-Purpose', '')} {request.headers.get('Purpose', '')}"


def is_read() -> bool:
    """Whether this request shows something to somebody: not a HEAD, not a prefetch."""
    return request.method == "GET" and not is_prefetch()
