"""The folder of a case that leaves the site: names of its files, and the commands that check it without the site. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

#: What only the company's own people read lies apart, so that nobody hands it on by mistake.
INTERNAL_FOLDER = "company-only"
SUMS = "SHA256SUMS"
CONFIGURATION = """# openssl с движком ГОСТ: export OPENSSL_CONF=openssl-gost.cnf
openssl_conf = init

[init]
engines = engines

[engines]
gost = gost

[gost]
engine_id = gost
default_algorithms = ALL
"""
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class SignatureFiles:
    """One signature as it lies in the folder: paths of its files; an empty path for a file that it has not."""

    number: str
    document: str
    signature: str = ""
    trust: str = ""
    record: str = ""
    record_sha256: str = ""
    #: Of the document, as it was signed.
    sha256: str = ""
    #: Seconds since 1970 for which the certificate and the lists are to be right.
    at: int = 0
    #: Whether the lists by which it was checked lie in `trust`.
    with_lists: bool = True
    #: A power of attorney by which another signature was taken, and the signature of who gave it.
    of_authority: bool = False


def document_path(place: int, kind: str, extension: str) -> str:
    """«documents/03-contract.pdf»: letters that every system and every command line takes."""
    plain = _NOT_PLAIN.sub("-", kind.lower()).strip("-")[:40] or "file"
    return f"documents/{place:02}-{plain}.{extension}"


def moment_to_check(check: Mapping[str, Any]) -> tuple[str, bool]:
    """For which instant (ISO) a signature is checked anew, and whether by the lists of that time.

    One whose certificate ended or was revoked while it waited was right when it came in (`cms.Checker.check`).
    """
    if check.get("at_receipt"):
        return str(check.get("received_at", "")), False
    return str(check.get("at", "")), True


def signature_commands(one: SignatureFiles) -> list[str]:
    """The commands for one signature, to be run in the unpacked folder; each ends with code 0 when all is right."""
    if not one.signature:
        return _record_commands(one)
    parts = [
        "openssl cms -verify -binary -cades -inform DER",
        f"-in {one.signature} -content {one.document}",
        f"-CAfile {one.trust} -no-CApath -no-CAstore",
        f"-purpose any -attime {one.at}",
        "-crl_check_all" if one.with_lists else "",
        "-out /dev/null",
    ]
    return [" ".join(filter(None, parts)), *_record_commands(one)]


def _record_commands(one: SignatureFiles) -> list[str]:
    """That this is the file that was signed, and its record the one whose hash stands in the sheet."""
    same = [f'echo "{one.sha256}  {one.document}" | sha256sum -c -'] if one.sha256 else []
    if not one.record:
        return same
    return [
        *same,
        f'echo "{one.record_sha256}  {one.record}" | sha256sum -c -',
        f'grep -q "\\"sha256\\":\\"$(sha256sum {one.document} | cut -c1-64)\\"" {one.record}',
    ]


def sums_text(sums: Mapping[str, str]) -> str:
    """SHA-256 of every file by its path, as `sha256sum -c` reads them."""
    return "".join(f"{digest}  {path}\n" for path, digest in sums.items())


def script_text(signatures: Sequence[SignatureFiles]) -> str:
    """A script of all the commands; it stops at the first thing that is not right."""
    commands = [command for one in signatures for command in signature_commands(one)]
    lines = ["#!/bin/sh", "set -e", 'cd "$(dirname "$0")"', "export OPENSSL_CONF=openssl-gost.cnf"]
    return "\n".join([*lines, f"sha256sum --quiet -c {SUMS}", *commands, "echo OK"]) + "\n"


def instructions_text(signatures: Sequence[SignatureFiles]) -> str:
    """How to check the folder by hand; the lines with four spaces before them are the commands exactly as they are typed."""
    lines = [
        "Как проверить папку дела без сайта",
        "",
        "1. В браузере: откройте index.html и выберите распакованную папку. Сеть не нужна.",
        "2. Командами: откройте терминал в распакованной папке. Нужны openssl 3 и движок ГОСТ",
        "   (Debian, Ubuntu: пакеты openssl и libengine-gost-openssl). Все сразу: sh check.sh",
        "",
        "Файлы не изменены:",
        "",
        f"    sha256sum --quiet -c {SUMS}",
        "    export OPENSSL_CONF=openssl-gost.cnf",
        "",
    ]
    for one in signatures:
        commands = signature_commands(one)
        if one.of_authority:
            lines += [f"{one.number}, файл {one.document}, подпись того, кто ее выдал:", ""]
            lines += [*(f"    {command}" for command in commands), *_remarks(one), ""]
            continue
        how = "сертификат" if one.signature else "код из СМС"
        lines += [f"Подпись № {one.number} ({how}), документ {one.document}:", ""]
        lines += [*(f"    {command}" for command in commands)] or [
            "(запись о подписании есть у того, кто подписал, и у сетевой организации; см. лист подписания)"
        ]
        lines += [*_remarks(one), ""]
    return "\n".join(lines)


def _remarks(one: SignatureFiles) -> list[str]:
    if one.signature and not one.with_lists:
        return [
            "",
            "(без списков отзыва: подпись пришла до того, как сертификат закончился или был отозван, или списка уже нет)",
        ]
    if one.signature:
        moment = datetime.fromtimestamp(one.at, UTC)
        return ["", f"(-attime: момент проверки при подписании, {moment:%d.%m.%Y %H:%M:%S} UTC)"]
    return []
