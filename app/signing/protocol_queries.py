"""«Лист подписания» and the mark on a copy: pages made from the records of signatures, printed when somebody asks.

They are no documents of the case and no worker makes them: the record never changes, so a page can be printed at any time
and is the same page again. What was printed once lies in a folder beside the files, under the hash of its page.
"""

import hashlib
import os
import secrets
import threading
from collections.abc import Mapping
from typing import Any

from app import clock, gateways
from app.cases.models import Case
from app.cases.policy import Party
from app.company import queries as company
from app.documents.file_names import human_size
from app.errors import Unavailable
from app.extensions import db
from app.gateways.certificates import Unreadable, read_certificate
from app.gateways.pdf import PrintCut, PrinterAway, PrintFailed
from app.journal.models import JournalEntry
from app.notifications.models import OutboxRow
from app.signing.evidence_queries import SignedDocument
from app.signing.models import Signature
from app.signing.protocol_rules import SIDES, Clock, Kept, chain_of, groups, kind_words, stamp_rows
from app.signing.who_queries import instant

#: Where everybody checks a file or a number.
CHECK_PATH = "/check"
_AWAY = "Лист сейчас не получилось напечатать. Попробуйте еще раз через несколько минут."
_BUSY = "Сейчас печатается много документов. Попробуйте еще раз через минуту."
#: So many sheets are printed at once by one process of the site; others wait for their turn so many seconds.
_places = threading.BoundedSemaphore(2)
_PLACE_SECONDS = 20.0


def sheet_page(case: Case, signed: SignedDocument, reader: Party) -> str:
    """The page of «Лист подписания» under one document, all its signatures; the same records give the same page."""
    times = _clock()
    data = {
        **_document(case, signed),
        "signatures": [_told(one, times, reader) for one in signed.signatures],
    }
    return _page("signing_sheet", data, signed)


def stamp_page(case: Case, signed: SignedDocument, *, apart: str = "") -> str:
    """The page with the marks «Документ подписан электронной подписью»; `apart` says why it is not in the document."""
    times = _clock()
    marks = [
        {
            "side": SIDES[one.party],
            "kind": kind_words(one.kind, one.record),
            "rows": stamp_rows(
                one.record, number=one.number, signer=one.signer, at=times.words(one.signed_at)
            ),
        }
        for one in signed.signatures
    ]
    return _page("signing_stamp", {**_document(case, signed), "marks": marks, "apart": apart}, signed)


def printed(page: str) -> bytes:
    """The PDF of a page, printed once; raises Unavailable when the printer is away or has too much to do."""
    doors = gateways.current()
    folder = doors.files.root.parent / "printed"
    kept = folder / f"{hashlib.sha256(page.encode()).hexdigest()}.pdf"
    try:
        return kept.read_bytes()
    except FileNotFoundError:
        pass
    if not _places.acquire(timeout=_PLACE_SECONDS):
        raise Unavailable(_BUSY)
    try:
        made = doors.printer.render(page)
    except (PrintFailed, PrintCut, PrinterAway) as error:
        raise Unavailable(_AWAY) from error
    finally:
        _places.release()
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    part = folder / f".{secrets.token_hex(8)}"
    part.write_bytes(made)
    os.replace(part, kept)
    return made


def chain_words(signature: Signature) -> tuple[str, ...]:
    """The names of the certificates by which a signature was found right, the owner first."""
    names = []
    for pem in chain_of(signature.record):
        try:
            names.append(read_certificate(pem).subject)
        except Unreadable:
            names.append("сертификат не читается")
    return tuple(names)


def _clock() -> Clock:
    profile = company.profile()
    return Clock(profile.zone, profile.zone_label)


def _page(layout: str, data: Mapping[str, Any], signed: SignedDocument) -> str:
    made_at = max(one.signed_at for one in signed.signatures)
    return gateways.current().layouts.html(layout, data, made_at=made_at, own_text=False)


def _document(case: Case, signed: SignedDocument) -> dict[str, Any]:
    first = signed.signatures[0]
    return {
        "company": company.profile().name,
        "case": f"№ {case.id}" + (f", регистрационный № {case.number}" if case.number else ""),
        "title": first.title,
        "file_name": first.file_name,
        "size": human_size(first.size),
        "sha256": _parted(first.sha256),
        "check": gateways.current().texts.link(CHECK_PATH),
    }


def _told(signature: Signature, times: Clock, reader: Party) -> dict[str, Any]:
    entry = db.session.get_one(JournalEntry, signature.journal_entry_id)
    kept = Kept(
        record_sha256=signature.record_sha256,
        journal_entry=entry.id,
        journal_hash=entry.hash,
        delivery=_delivery_since(signature),
        chain=chain_words(signature),
    )
    whole = may_see_record(signature, reader)
    return {
        "number": signature.number,
        "side": SIDES[signature.party],
        "signer": signature.signer,
        "kind": kind_words(signature.kind, signature.record),
        "day": f"{clock.day_in(times.zone, signature.signed_at):%d.%m.%Y}",
        "groups": [
            (heading, [(label, _parted(value)) for label, value in rows])
            for heading, rows in groups(signature.record, kept, times, whole=whole)
        ],
    }


def may_see_record(signature: Signature, reader: Party) -> bool:
    """Whether a side may read the whole record: from which address and browser somebody signed is theirs and the company's."""
    return reader in ("company", signature.party)


def _delivery_since(signature: Signature) -> dict[str, Any]:
    """What the gateway has told of the SMS after the signing, too."""
    told = signature.record.get("delivery")
    row = db.session.get(OutboxRow, told["outbox"]) if told and told.get("outbox") else None
    if row is None:
        return {}
    return {
        "provider": row.provider,
        "provider_id": row.provider_id,
        "sent_at": instant(row.sent_at),
        "delivery": row.delivery,
        "delivered_at": instant(row.delivered_at),
    }


def _parted(text: str) -> str:
    """Long runs of letters with places where a line may end; nothing is cut off."""
    return " ".join(
        " ".join(word[start : start + 16] for start in range(0, len(word), 16)) if len(word) > 40 else word
        for word in text.split(" ")
    )
