"""Which kinds of documents the company posts into a case of each kind.

`create_app` registers them, so that this subject knows none by itself.
"""

from collections.abc import Mapping
from types import MappingProxyType

_POSTED: dict[str, Mapping[str, str]] = {}


def register(kind: str, posted: Mapping[str, str]) -> None:
    """Tell the kinds of documents (code → short title, in order) for cases of one kind."""
    _POSTED[kind] = MappingProxyType(dict(posted))


def posted_kinds(kind: str) -> Mapping[str, str]:
    """Code → short title of what the company posts into a case of this kind; a kind nobody registered has none."""
    return _POSTED.get(kind, MappingProxyType({}))
