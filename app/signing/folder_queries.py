"""What the folder of a case holds for one reader: everything is read before the first byte leaves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
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
from app.documents.models import DocumentVersion
from app.extensions import db
from app.gateways.certificates import pem
from app.signing.certificate_models import MachineAuthority
from app.signing.evidence_queries import SignedDocument, lists_by_hash, signed_documents
from app.signing.folder_rules import (
    CONFIGURATION,
    INTERNAL_FOLDER,
    SignatureFiles,
    document_path,
    moment_to_check,
)
from app.signing.models import Signature
from app.signing.protocol_queries import may_see_record, printed, sheet_page
from app.signing.protocol_rules import SIDES, Clock, chain_of, kind_words, lists_of
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
    #: What the file's SHA-256 has to be; empty for what is made now.
    sha256: str = ""


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
    apart = f"{INTERNAL_FOLDER}/" if inside else ""
    path = apart + document_path(place, document.kind, extension)
    stored = gateways.current().files.path(version.storage_key)
    folder.entries.append(Entry(path, stored, document.added_at, document.title, version.sha256))
    shown: dict[str, object] = {"title": document.title, "file": version.file_name, "path": path, "sheet": ""}
    folder.documents.append(shown)
    shown["signatures"] = (
        [_add_signature(folder, one, path, side, apart) for one in signed.signatures] if signed else []
    )
    if signed:
        page, sheet = sheet_page(case, signed, side), f"{apart}sheets/{place:02}.pdf"
        made_at = max(one.signed_at for one in signed.signatures)
        folder.entries.append(Entry(sheet, lambda: printed(page), made_at, "Лист подписания"))
        shown["sheet"] = sheet


def _add_signature(folder: Folder, one: Signature, document: str, side: Party, apart: str) -> dict[str, str]:
    record = f"{apart}records/{one.number}.json" if may_see_record(one, side) else ""
    if record:
        folder.entries.append(Entry(record, canonical(one.record), one.signed_at, "Запись о подписании"))
    files = SignatureFiles(
        one.number, document, record=record, record_sha256=one.record_sha256, sha256=one.sha256
    )
    if one.cms is not None:
        files = _add_certificates(folder, one, files, apart)
    folder.signatures.append(files)
    if record:
        _add_authority(folder, one, apart)
    words = f"№ {one.number}: {one.signer} ({SIDES[one.party]}), {kind_words(one.kind, one.record)}"
    return {"words": words, "path": files.signature}


def _add_certificates(folder: Folder, one: Signature, files: SignatureFiles, apart: str) -> SignatureFiles:
    """The file of the signature, its chain, the lists by which it was checked, and both as openssl takes them."""
    moment, by_lists = moment_to_check(one.record["check"])
    certified = Certified(
        one.number, one.cms or b"", chain_of(one.record), lists_of(one.record), moment, by_lists
    )
    return _certified(folder, certified, files, one.signed_at, apart)


def _add_authority(folder: Folder, one: Signature, apart: str) -> None:
    """The power of attorney by which a signature was taken, with the signature of who gave it."""
    kept = one.record.get("authority")
    row = db.session.get(MachineAuthority, kept["id"]) if isinstance(kept, dict) else None
    if row is None or any(known.number == authority_words(row.number) for known in folder.signatures):
        return
    version = db.session.get_one(DocumentVersion, row.document_version_id)
    path = f"{apart}authorities/{row.id}.xml"
    stored = gateways.current().files.path(version.storage_key)
    folder.entries.append(Entry(path, stored, row.sent_at, "Доверенность"))
    files = SignatureFiles(authority_words(row.number), path, of_authority=True)
    verdict = row.verdict
    certified = Certified(
        f"authority-{row.id}", row.cms, verdict["chain"], verdict["lists_used"], verdict["at"], by_lists=True
    )
    folder.signatures.append(_certified(folder, certified, files, row.sent_at, apart))


def authority_words(number: str) -> str:
    """How the folder calls a power of attorney."""
    return f"Доверенность № {number}"


@dataclass(frozen=True)
class Certified:
    """A signature by certificate: the name of its files, its bytes, its chain (PEM), the lists (SHA-256) and the moment of
    the check (ISO), and whether the lists of that time say something of it."""

    name: str
    cms: bytes
    chain: Sequence[str]
    lists: Sequence[str]
    moment: str
    by_lists: bool


def _certified(
    folder: Folder, one: Certified, files: SignatureFiles, at: datetime, apart: str
) -> SignatureFiles:
    lists = lists_by_hash(list(one.lists))
    signature, trust = f"{apart}signatures/{one.name}.sig", f"{apart}certificates/{one.name}-trust.pem"
    folder.entries.append(Entry(signature, one.cms, at, "Подпись"))
    for found in lists.values():
        kept = Entry(f"lists/{found.sha256[:16]}.crl", found.der, found.fetched_at, "Список отзыва")
        if all(entry.path != kept.path for entry in folder.entries):
            folder.entries.append(kept)
    # The authorities between stand here too: openssl completes a chain from nothing else that we could give it.
    above = "".join(one.chain[1:]) + "".join(pem(found.der, "X509 CRL") for found in lists.values())
    folder.entries.append(Entry(trust, above.encode(), at, "Удостоверяющие центры и списки отзыва"))
    chain = f"{apart}certificates/{one.name}-chain.pem"
    folder.entries.append(Entry(chain, "".join(one.chain).encode(), at, "Цепочка сертификатов"))
    return replace(
        files,
        signature=signature,
        trust=trust,
        at=int(datetime.fromisoformat(one.moment).timestamp()) if one.moment else int(at.timestamp()),
        with_lists=one.by_lists and bool(one.lists) and set(lists) == set(one.lists),
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
