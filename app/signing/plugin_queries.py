"""The hashes of documents that the browser's plug-in signs; computed here, so that a large document need not travel."""

from dataclasses import dataclass

from app import gateways
from app.cases.models import CaseDocument
from app.company import queries as company
from app.errors import Conflict, Unavailable
from app.gateways.openssl import EngineAway
from app.signing.certificate_rules import sentence_of
from app.signing.plugin_rules import Link, links


@dataclass(frozen=True)
class Hashes:
    """ГОСТ Р 34.11-2012 of a document, of 256 and of 512 bits, hex."""

    gost256: str
    gost512: str


@dataclass(frozen=True)
class Setup:
    """What the office has set: the address of the plug-in's script (empty: none), links to programs."""

    script: str
    links: list[Link]


def hashes_of(document: CaseDocument) -> Hashes:
    """The hashes of the stored file as it is now.

    Raises Conflict when it is not the file that was put there, Unavailable when hashes cannot be computed.
    """
    path = gateways.current().files.path(document.version.storage_key)
    try:
        found = gateways.current().signatures.digests(path)
    except EngineAway:
        raise Unavailable(sentence_of("engine")) from None
    except OSError:
        raise Conflict(sentence_of("file_changed")) from None
    if found["sha256"] != document.version.sha256:
        raise Conflict(sentence_of("file_changed"))
    return Hashes(found["gost256"], found["gost512"])


def plugin_setup() -> Setup:
    """How the plug-in is set up here today."""
    settings = company.profile().settings
    return Setup(
        str(settings["signing.plugin_script"] or ""), links(str(settings["signing.plugin_links"] or ""))
    )
