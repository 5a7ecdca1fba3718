"""What the folder of a case holds for one reader: everything is read before the first byte leaves."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from app import gateways
from app.actor import Actor
from app.cases.captions import heading
from app.cases.models import Case, CaseDocument
from app.cases.policy import INTERNAL, Party
from app.cases.queries import documents_of, messages_of, party
from app.cases.timeline import past
from app.company import queries as company
from app.gateways.certificates import pem
from app.signing.evidence_queries import SignedDocument, lists_by_hash, signed_documents
from app.signing.folder_rules import (
    CONFIGURATION,
    SignatureFiles,
    document_path,
    moment_to_check,
)
from app.signing.models import Signature
from app.signing.protocol_queries import may_see_record, printed, sheet_page
from app.signing.protocol_rules import KINDS, SIDES, Clock, chain_of, lists_of
from app.signing.signature_rules import canonical

#: The bytes of a file, where they lie, or what makes them when their turn comes.
Source = bytes | Path | Callable[[], bytes]


@dataclass(frozen=True)
class Entry:
    """One file of the folder."""

    path: str
    source: Source
    at: datetime
    title: str = ""


@dataclass(frozen=True)
class Said:
    """One message or one event, as the page of the case tells it."""

    at: datetime
    words: str
    when: str
    who: str
    text: str


@dataclass
class Folder:
    """Everything that goes into the folder but what depends on it: sums, contents, the pages that check it."""

    caption: str
    company: str
    applicant: str
    made_at: datetime
    made: str
    entries: list[Entry] = field(default_factory=list)
    signatures: list[SignatureFiles] = field(default_factory=list)
    #: (title, path, sheet, signatures as words and path) of each document.
    documents: list[dict[str, object]] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    said_inside: list[Said] = field(default_factory=list)


def folder_of(case: Case, actor: Actor, *, at: datetime) -> Folder:
    """The folder as this actor may have it; reads everything but the files themselves."""
    profile, side = company.profile(), party(actor, case)
    times = Clock(profile.zone, profile.zone_label)
    folder = Folder(
        caption=heading(case.id, case.kind, case.status, case.title),
        company=profile.name,
        applicant=case.applicant_name,
        made_at=at,
        made=times.words(at),
    )
    signed = {one.document.id: one for one in signed_documents(case, actor)}
    for place, document in enumerate(documents_of(case, actor), start=1):
        _add_document(folder, case, place, document, signed.get(document.id), side)
    if any(one.signature for one in folder.signatures):
        folder.entries.append(Entry("openssl-gost.cnf", CONFIGURATION.encode(), at))
    _add_said(folder, case, actor, side, times)
    return folder


def file_name(case: Case) -> str:
    """«case-31.zip»."""
    return f"case-{case.id}.zip"


def _add_document(
    folder: Folder,
    case: Case,
    place: int,
    document: CaseDocument,
    signed: SignedDocument | None,
    side: Party,
) -> None:
    version = document.version
    extension = version.file_name.rpartition(".")[2].lower()
    extension = (
        extension if extension.isalnum() and extension.isascii() and len(extension) < 6 else version.type_code
    )
    inside = document.internal or document.channel == INTERNAL
    path = document_path(place, document.kind, extension, internal=inside)
    stored = gateways.current().files.path(version.storage_key)
    folder.entries.append(Entry(path, stored, document.added_at, document.title))
    shown: dict[str, object] = {"title": document.title, "file": version.file_name, "path": path, "sheet": ""}
    folder.documents.append(shown)
    shown["signatures"] = (
        [_add_signature(folder, one, path, side) for one in signed.signatures] if signed else []
    )
    if signed:
        page, sheet = sheet_page(case, signed, side), f"sheets/{place:02}.pdf"
        made_at = max(one.signed_at for one in signed.signatures)
        folder.entries.append(Entry(sheet, lambda: printed(page), made_at, "Лист подписания"))
        shown["sheet"] = sheet


def _add_signature(folder: Folder, one: Signature, document: str, side: Party) -> dict[str, str]:
    record = f"records/{one.number}.json" if may_see_record(one, side) else ""
    if record:
        folder.entries.append(Entry(record, canonical(one.record), one.signed_at, "Запись о подписании"))
    files = SignatureFiles(one.number, document, record=record, record_sha256=one.record_sha256)
    if one.cms is not None:
        files = _add_certificates(folder, one, files)
    folder.signatures.append(files)
    words = f"№ {one.number}: {one.signer} ({SIDES[one.party]}), {KINDS[one.kind]}"
    return {"words": words, "path": files.signature}


def _add_certificates(folder: Folder, one: Signature, files: SignatureFiles) -> SignatureFiles:
    """The file of the signature, its chain, the lists by which it was checked, and both as openssl takes them."""
    chain, wanted = chain_of(one.record), lists_of(one.record)
    lists = lists_by_hash(wanted)
    signature, trust = f"signatures/{one.number}.sig", f"certificates/{one.number}-root.pem"
    folder.entries.append(Entry(signature, one.cms or b"", one.signed_at, "Подпись"))
    for found in lists.values():
        kept = Entry(f"lists/{found.sha256[:16]}.crl", found.der, found.fetched_at, "Список отзыва")
        if all(entry.path != kept.path for entry in folder.entries):
            folder.entries.append(kept)
    roots = "".join(chain[-1:]) + "".join(pem(found.der, "X509 CRL") for found in lists.values())
    folder.entries.append(Entry(trust, roots.encode(), one.signed_at, "Корневой сертификат и списки отзыва"))
    between = f"certificates/{one.number}-chain.pem"
    folder.entries.append(Entry(between, "".join(chain[:-1]).encode(), one.signed_at, "Цепочка сертификатов"))
    moment, by_lists = moment_to_check(
        one.record["check"], str(one.record["certificate"].get("not_after", ""))
    )
    return SignatureFiles(
        files.number,
        files.document,
        signature=signature,
        trust=trust,
        between=between if len(chain) > 1 else "",
        record=files.record,
        record_sha256=files.record_sha256,
        at=int(datetime.fromisoformat(moment).timestamp()) if moment else int(one.signed_at.timestamp()),
        with_lists=by_lists and bool(wanted) and set(lists) == set(wanted),
    )


def _add_said(folder: Folder, case: Case, actor: Actor, side: Party, times: Clock) -> None:
    """Messages and what happened, in the order of time; what the company keeps to itself apart."""
    sides = {"applicant": case.applicant_name, "company": folder.company, "supplier": case.supplier_name}
    for message in messages_of(case, actor):
        # Who of another side has written is told by that side alone.
        named = side == "company" or message.author_party == side
        who = ", ".join(
            filter(None, (sides.get(message.author_party, ""), message.author_name if named else ""))
        )
        text = "(сообщение удалено автором)" if message.removed_at else message.text
        told = Said(message.created_at, "Сообщение", times.words(message.created_at), who, text)
        (folder.said_inside if message.channel == INTERNAL else folder.said).append(told)
    for line in past(case, for_staff=side == "company", for_supplier=side == "supplier"):
        who = ", ".join(filter(None, (line.who, line.person)))
        told = Said(line.at, "Ход дела", times.words(line.at), who, line.sentence)
        (folder.said_inside if line.internal else folder.said).append(told)
    folder.said.sort(key=lambda one: one.at)
    folder.said_inside.sort(key=lambda one: one.at)
