"""Which kinds of documents those who answer a case post into it.

`create_app` registers those of the company for each kind of case, so that this subject knows none by itself; what
the office has added goes in between by the caller. A supplier posts the same few everywhere. Pure.
"""

from collections.abc import Mapping
from types import MappingProxyType

#: Another paper goes by the name of its file.
OTHER = "other"
#: Codes of their own, so that a supplier's letter is never taken for the company's.
SUPPLIER_OTHER = "supplier_other"
SUPPLIER_KINDS: Mapping[str, str] = MappingProxyType(
    {"supply_contract": "Договор ЭСО", "supplier_letter": "Письмо", SUPPLIER_OTHER: "Другое"}
)

_POSTED: dict[str, Mapping[str, str]] = {}
_NOT_TO_SUPPLIERS: set[str] = set()


def register(kind: str, posted: Mapping[str, str]) -> None:
    """Tell the kinds of documents (code → short title, in order) that the company posts into cases of one kind."""
    _POSTED[kind] = MappingProxyType(dict(posted))


def keep_from_suppliers(*codes: str) -> None:
    """Tell the kinds of documents that are between the applicant and the company: no supplier sees them."""
    _NOT_TO_SUPPLIERS.update(codes)


def is_kept_from_suppliers(kind: str) -> bool:
    """Whether a supplier never sees a document of this kind."""
    return kind in _NOT_TO_SUPPLIERS


def posted_kinds(kind: str, side: str = "company", own: Mapping[str, str] | None = None) -> dict[str, str]:
    """Code → short title of what a side posts into a case of this kind; a kind nobody registered has none.

    `own` are the kinds that the company has added: they stand before «Другое», and win over a code of the same name.
    """
    if side == "supplier":
        return dict(SUPPLIER_KINDS)
    posted = dict(_POSTED.get(kind, {}))
    other = {code: posted.pop(code) for code in (OTHER,) if code in posted}
    return posted | dict(own or {}) | other


def goes_by_file_name(kind: str) -> bool:
    """Whether a document of this kind without a title of its own stands under the name of its file."""
    return kind in (OTHER, SUPPLIER_OTHER)
