"""What an open page of a case knows already, as one line of text that travels with its polls. Pure.

The page sends it, so nothing in it is believed: it says what may be left out of an answer, never what may be seen.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

# Signs that stand in an address as they are: the line is sent every few seconds.
_LINE = re.compile(
    r"[0-9a-f]{16}\.[0-9]{1,18}\.[0-9]{1,18}(\.[a-z-]{1,30}(\*[0-9]{1,18}|_[0-9a-f]{8})){0,60}"
)


@dataclass(frozen=True)
class Cursor:
    """The state of the page: the stamp of everything, the last message and entry of the journal that were shown.

    `news` maps a conversation to the message over which the line «новые» stands, `digests` a part to what it looks like.
    """

    stamp: str = ""
    message: int = 0
    entry: int = 0
    news: Mapping[str, int] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        """The line as the page keeps it."""
        told = [self.stamp, str(self.message), str(self.entry)]
        told += [f"{name}*{message}" for name, message in self.news.items() if message]
        told += [f"{name}_{digest}" for name, digest in self.digests.items()]
        return ".".join(told)


def parse(line: str) -> Cursor:
    """The cursor of a line; one that knows nothing for a line that no page has printed."""
    if not _LINE.fullmatch(line):
        return Cursor()
    stamp, message, entry, *rest = line.split(".")
    news = dict(one.split("*") for one in rest if "*" in one)
    return Cursor(
        stamp,
        int(message),
        int(entry),
        {name: int(first) for name, first in news.items()},
        dict(one.split("_") for one in rest if "_" in one),
    )
