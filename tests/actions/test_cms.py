"""Every case of a right and a wrong signature has its own code; signatures are real, made by OpenSSL in tests/pki.py."""

import base64
import resource
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.gateways.certificates import read_certificate
from app.gateways.cms import Checker, EngineAway, Trust, Verdict
from app.gateways.der import MOST_VALUES, Malformed, definite, parts, wrapped
from app.gateways.openssl import OpenSsl
from tests import pki
from tests.pki import NOW, pem, sign, sign_hash, trust

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40
DOCX = b"PK\x03\x04" + bytes(range(255, -1, -1)) * 30
CHECKER = Checker()


def verdict(
    cms: bytes, document: bytes | Path = PDF, believed: Trust | None = None, **asked: object
) -> Verdict:
    options = {"at": NOW, **asked}
    return CHECKER.check(cms, document, believed or trust(), **options)  # type: ignore[arg-type]


def code(cms: bytes, document: bytes | Path = PDF, believed: Trust | None = None, **asked: object) -> str:
    return verdict(cms, document, believed, **asked).code


def body_of(cms: bytes) -> list[bytes]:
    """The fields of a SignedData: version, digests, what is signed, certificates, signers."""
    info = parts(parts(cms)[0].content)
    return [part.whole for part in parts(parts(info[1].content)[0].content)]


def rebuilt(fields: list[bytes]) -> bytes:
    oid = bytes.fromhex("06092a864886f70d010702")
    return wrapped(0x30, oid + wrapped(0xA0, wrapped(0x30, b"".join(fields))))


def indefinite(cms: bytes) -> bytes:
    """The same in BER, its outer three values without lengths, as programs that stream write it."""
    info = parts(parts(cms)[0].content)
    inner = parts(info[1].content)[0].content
    return b"\x30\x80" + info[0].whole + b"\xa0\x80\x30\x80" + inner + b"\x00\x00" * 3


@pytest.mark.parametrize("algorithm", ["gost256", "gost512"])
@pytest.mark.parametrize("document", [PDF, DOCX], ids=["pdf", "docx"])
def test_a_right_signature_is_right(document: bytes, algorithm: str) -> None:
    found = verdict(sign(document, f"individual-{algorithm}"), document)
    assert found.code == "ok"
    assert found.algorithm == f"ГОСТ Р 34.10-2012, {algorithm[4:]} бит"
    assert [read_certificate(link).subject for link in found.chain] == [
        "Иванов Иван Иванович",
        f"Подчиненный УЦ {algorithm}",
        f"Головной УЦ {algorithm}",
    ]
    assert len(found.lists_used) == 2
    assert found.engine.startswith("OpenSSL 3.")


@pytest.mark.parametrize("algorithm", ["rsa", "ecdsa"])
def test_other_algorithms_are_right_only_where_the_office_allows_them(algorithm: str) -> None:
    cms = sign(PDF, f"individual-{algorithm}")
    assert code(cms, require_gost=False) == "ok"
    assert code(cms, require_gost=True) == "algorithm"


FORMS = {
    "der": lambda cms: cms,
    "ber": indefinite,
    "pem cms": pem,
    "pem pkcs7": lambda cms: pem(cms, "PKCS7"),
    "base64": base64.b64encode,
    "base64 in lines, a mark, CRLF": lambda cms: (
        b"\xef\xbb\xbf" + base64.encodebytes(cms).replace(b"\n", b"\r\n")
    ),
    "utf-16": lambda cms: base64.b64encode(cms).decode().encode("utf-16"),
    "utf-16 without a mark": lambda cms: pem(cms).decode().encode("utf-16-le"),
}


@pytest.mark.parametrize("form", FORMS)
def test_however_the_file_was_saved_it_is_one_signature(form: str) -> None:
    cms = sign(PDF)
    found = verdict(FORMS[form](cms))
    assert (found.code, found.cms) == ("ok", cms)


def test_the_sub_authority_may_be_known_to_us_alone_or_to_the_signature_alone() -> None:
    assert code(sign(PDF, without="chain")) == "ok"
    assert code(sign(PDF), believed=trust(intermediates=False)) == "ok"
    assert code(sign(PDF, without="chain"), believed=trust(intermediates=False)) == "unknown_ca"


def test_a_stamp_of_time_beside_the_signature_does_no_harm() -> None:
    cms = pki.stamped(sign(PDF))
    assert len(cms) > len(sign(PDF)) + 500
    assert code(cms) == "ok"
    assert code(cms, DOCX) == "wrong_document"


def test_a_megabyte_of_nothing_is_not_read_to_its_end() -> None:
    with pytest.raises(Malformed, match="long"):
        definite(wrapped(0x30, b"\x05\x00" * (MOST_VALUES + 1)))
    assert definite(wrapped(0x30, b"\x05\x00" * 1000))


@pytest.mark.parametrize("algorithm", pki.ALGORITHMS)
def test_a_signature_over_the_hash_alone_is_right(algorithm: str) -> None:
    cms = sign_hash(pki.hashes(PDF)[algorithm], f"individual-{algorithm}")
    assert code(cms, require_gost=False) == "ok"
    assert code(cms, DOCX, require_gost=False) == "wrong_document"


def test_the_signature_of_another_document() -> None:
    assert code(sign(PDF), DOCX) == "wrong_document"
    assert code(sign(PDF), PDF + b" ") == "wrong_document"


def test_a_spoilt_signature_or_hash() -> None:
    cms = sign(PDF)
    assert code(cms[:-1] + bytes((cms[-1] ^ 1,))) == "bad_signature"
    own = bytes.fromhex(CHECKER.openssl.run("dgst", "-md_gost12_256", "-r", PDF).out.split()[0])
    assert cms.count(own) == 1
    other = bytes.fromhex(CHECKER.openssl.run("dgst", "-md_gost12_256", "-r", DOCX).out.split()[0])
    assert code(cms.replace(own, other), DOCX) == "bad_signature"


def test_somebody_elses_certificate_put_in_the_place_of_the_signers() -> None:
    cms = sign(PDF, without="chain")
    mine, twin = pki.pki().holders["individual"], pki.pki().holders["same-number"]
    fields = body_of(cms)
    fields[3] = wrapped(0xA0, twin.certificate.der)
    assert (twin.certificate.serial, twin.certificate.key_algorithm) == (
        mine.certificate.serial,
        "1.2.643.7.1.1.1.1",
    )
    assert code(rebuilt(fields)) == "bad_signature"


@pytest.mark.parametrize("place", ["before", "behind", "instead"])
def test_a_certificate_that_names_itself_the_signers_is_never_read_in_its_place(place: str) -> None:
    """Whoever holds any right certificate would sign as anybody: OpenSSL checks the one, and we read the other."""
    cms, fake = sign(PDF, "employee"), pki.pki().holders["mirrored"].certificate
    assert fake.serial == pki.pki().holders["employee"].certificate.serial
    fields = body_of(cms)
    held = parts(fields[3])[0].content
    fields[3] = wrapped(
        0xA0, {"before": fake.der + held, "behind": held + fake.der, "instead": fake.der}[place]
    )
    found = verdict(rebuilt(fields))
    assert found.code == ("bad_signature" if place == "instead" else "malformed")
    assert found.chain == ()


def test_the_same_certificate_twice_is_no_other_one() -> None:
    fields = body_of(sign(PDF))
    held = parts(fields[3])[0].content
    fields[3] = wrapped(0xA0, held + parts(held)[0].whole)
    assert code(rebuilt(fields)) == "ok"


@pytest.mark.parametrize(
    ("who", "expected", "of_another"),
    [
        ("expired", "expired", "wrong_document"),
        ("not-yet", "not_yet_valid", "wrong_document"),
        ("revoked", "revoked", "wrong_document"),
        ("under-revoked", "revoked", "wrong_document"),
        ("foreign", "unknown_ca", "wrong_document"),
        ("self-signed", "unknown_ca", "wrong_document"),
        ("by-twin", "unknown_ca", "wrong_document"),
        ("by-person", "unknown_ca", "wrong_document"),
        ("no-usage", "key_usage", "wrong_document"),
        ("no-policy", "not_qualified", "wrong_document"),
    ],
)
def test_a_certificate_that_is_not_good(who: str, expected: str, of_another: str) -> None:
    found = verdict(sign(PDF, who))
    assert (found.code, found.chain) == (expected, ())
    assert found.owner
    assert code(sign(PDF, who), DOCX) == of_another


def test_an_unqualified_certificate_is_enough_where_the_office_says_so() -> None:
    assert code(sign(PDF, "no-policy"), require_qualified=False) == "ok"


def test_a_root_sent_along_is_not_believed() -> None:
    root = pki.certificate("root-foreign").encode()
    assert code(sign(PDF, "foreign", "-certfile", root)) == "unknown_ca"  # type: ignore[arg-type]


def test_an_old_list_inside_the_signature_does_not_hide_a_revocation() -> None:
    old = pki.pki().crl("sub-gost256")
    cms = sign_hash(pki.hashes(PDF)["gost256"], "revoked", crls=(old, pki.pki().crl("root-gost256")))
    bare = verdict(cms)
    assert bare.code == "revoked"
    assert old in cms
    assert old not in bare.cms
    good = verdict(sign_hash(pki.hashes(PDF)["gost256"], crls=(old,)), believed=trust("missing"))
    assert good.code == "crl_missing"


@pytest.mark.parametrize(
    ("lists", "expected"), [("missing", "crl_missing"), ("expired", "crl"), ("early", "crl"), ("fresh", "ok")]
)
def test_without_a_list_that_holds_all_the_rest_is_said_to_be_right(lists: str, expected: str) -> None:
    found = verdict(sign(PDF), believed=trust(lists))
    assert (found.code, len(found.chain)) == (expected, 3)


@pytest.mark.parametrize("lists", ["missing", "expired"])
@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("expired", "expired"),
        ("by-twin", "unknown_ca"),
        ("no-usage", "key_usage"),
        ("no-policy", "not_qualified"),
    ],
)
def test_a_missing_list_never_covers_another_fault(who: str, expected: str, lists: str) -> None:
    assert verdict(sign(PDF, who), believed=trust(lists)).code == expected
    assert code(sign(PDF, who), DOCX, trust(lists)) in ("wrong_document", "unknown_ca")


def test_the_newest_list_counts() -> None:
    newer = pki.pki().crl("sub-gost256", "individual", this_update=datetime(2026, 11, 1, tzinfo=UTC))
    believed = trust()
    assert (
        code(sign(PDF), believed=Trust(believed.roots, believed.intermediates, (newer, *believed.lists)))
        == "revoked"
    )


def test_what_happened_after_the_signature_had_come_in_does_not_count() -> None:
    day = datetime(2026, 11, 20, 12, tzinfo=UTC)
    newer = pki.pki().crl("sub-gost256", "individual", this_update=datetime(2026, 11, 25, tzinfo=UTC), on=day)
    believed = trust()
    changed = Trust(believed.roots, believed.intermediates, (newer, *believed.lists))
    cms = sign(PDF)
    found = verdict(cms, believed=changed)
    assert (found.code, found.revoked_at) == ("revoked", day)
    assert code(cms, believed=changed, received=day - timedelta(hours=1)) == "ok"
    assert code(cms, believed=changed, received=day + timedelta(hours=1)) == "revoked"
    late = sign(PDF, "expired")
    assert code(late, received=datetime(2025, 12, 31, tzinfo=UTC)) == "ok"
    assert code(late, received=datetime(2026, 1, 2, tzinfo=UTC)) == "expired"
    assert code(late, DOCX, received=datetime(2025, 12, 31, tzinfo=UTC)) == "wrong_document"


@pytest.mark.parametrize(("lists", "expected"), [("missing", "crl_missing"), ("expired", "crl")])
def test_that_a_certificate_has_ended_meanwhile_takes_the_place_of_no_list(lists: str, expected: str) -> None:
    """A revoked one would only have to wait for its own end."""
    in_time, ended = datetime(2025, 12, 31, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)
    assert code(sign(PDF, "expired"), believed=trust(lists), at=ended, received=in_time) == expected


def test_a_signature_without_signed_attributes_or_not_cades() -> None:
    assert code(sign(PDF, "individual", "-noattr", without="cades")) == "no_signed_attrs"
    assert code(sign(PDF, without="cades")) == "not_cades"


@pytest.mark.parametrize("how", [("-nodetach",), ("-stream", "-nodetach")], ids=["der", "ber"])
def test_an_attached_signature_is_told_apart(how: tuple[str, ...]) -> None:
    assert code(sign(PDF, "individual", *how)) == "attached"


def test_none_or_two_signers() -> None:
    fields = body_of(sign(PDF))
    signer = parts(fields[-1])[0].content
    assert code(rebuilt([*fields[:-1], wrapped(0x31, b"")])) == "signers"
    assert code(rebuilt([*fields[:-1], wrapped(0x31, signer * 2)])) == "signers"


def test_sha_1_is_refused() -> None:
    assert code(sign(PDF, "individual-rsa", md="sha1"), require_gost=False) == "algorithm"


def test_a_signature_without_its_certificate() -> None:
    assert code(sign(PDF, "individual", "-nocerts", without="chain")) == "bad_signature"


def test_what_is_no_signature_at_all() -> None:
    cms, random = sign(PDF), bytes((number * 37 + 11) % 256 for number in range(3000))
    certificate = pki.pki().holders["individual"]
    not_signatures = [
        b"",
        b" ",
        random,
        b"0",
        b"0\x00",
        cms[:-1],
        cms[: len(cms) // 2],
        cms + b"\x00",
        PDF,
        DOCX,
    ]
    not_signatures += [
        certificate.pem.encode(),
        certificate.certificate.der,
        pem(cms)[:-40],
        "подпись".encode(),
    ]
    not_signatures += [
        pem(cms, "CERTIFICATE"),
        pem(cms) * 2,
        b"\x30\x80" * 100_000,
        b"\x30\x84\xff\xff\xff\xff",
    ]
    for data in not_signatures:
        assert verdict(data) == Verdict("malformed"), data[:40]


def test_a_signature_cut_or_changed_anywhere_is_never_an_exception_and_never_right() -> None:
    cms = sign(PDF)
    for place in range(0, len(cms), 23):
        changed = cms[:place] + bytes((cms[place] ^ 0x41,)) + cms[place + 1 :]
        found = verdict(changed)
        # certificates beside the signer's are not signed: the same chain is found among our own
        assert found.code != "ok" or found.chain == verdict(cms).chain
        assert code(cms[:place]) == "malformed"


def test_more_than_a_megabyte_is_not_read() -> None:
    assert code(bytes(1024 * 1024 + 1)) == "too_large"


def test_without_the_engine_it_is_the_server_that_is_at_fault() -> None:
    away = Checker(OpenSsl(engine=Path("/nowhere/gost.so")))
    assert away.check(sign(PDF), PDF, trust(), at=NOW).code == "engine"
    assert "libengine-gost-openssl" in away.self_test()
    gone = Checker(OpenSsl(program="no-such-openssl"))
    assert gone.check(sign(PDF), PDF, trust(), at=NOW).code == "engine"
    assert "openssl" in gone.self_test()
    assert CHECKER.self_test() == ""
    slow = OpenSsl(wall_seconds=0.001)
    with pytest.raises(EngineAway):
        slow.run("speed", "sha256")


def test_a_wrong_setup_is_told_apart_from_a_wrong_signature() -> None:
    believed = trust()
    for bad in (
        Trust(believed.roots, (*believed.intermediates, pki.certificate("root-foreign"))),
        Trust((), believed.intermediates),
        Trust((pki.certificate("sub-gost256"),)),
        Trust(("не сертификат",)),
    ):
        assert code(sign(PDF), believed=bad) == "config"
    assert code(sign(PDF), believed=Trust(believed.roots, (), (b"no list", *believed.lists))) == "ok"


def test_the_owner_is_read_as_the_authority_wrote_it() -> None:
    legal, individual = verdict(sign(PDF, "legal")).owner, verdict(sign(PDF)).owner
    trader, employee = verdict(sign(PDF, "trader")).owner, verdict(sign(PDF, "employee")).owner
    assert legal and individual and trader and employee
    assert (legal.name, legal.organisation) == ("Петров Петр Петрович", "ООО «Энергия»")
    assert (legal.ogrn, legal.inn_legal, legal.inn) == ("1168702456933", "7707083893", "500100732259")
    assert (individual.name, individual.snils, individual.ogrn) == ("Иванов Иван Иванович", "91866342037", "")
    assert (trader.ogrnip, employee.ogrn, employee.organisation) == ("304500116000157", "", "ООО «Энергия»")
    assert individual.qualified
    assert individual.issuer == "Подчиненный УЦ gost256"


def test_the_hashes_of_a_file(tmp_path: Path) -> None:
    """The example of ГОСТ Р 34.11-2012 (RFC 6986, M1)."""
    (tmp_path / "m1").write_bytes(b"012345678901234567890123456789012345678901234567890123456789012")
    found = CHECKER.digests(tmp_path / "m1")
    assert found["gost256"] == "9d151eefd8590b89daa6ba6cb74af9275dd051026bb149a452fd84e5e57b5500"
    assert found["gost512"].startswith("1b54d01a4af5b9d5cc3d86d68d285462b19abc2475222f35c085122be4ba1ffa")
    assert set(found) == {"sha256", "gost256", "gost512"}


def test_a_list_belongs_to_who_has_signed_it() -> None:
    newest = pki.pki().crl("sub-gost256")
    assert CHECKER.issued_list(newest, pki.certificate("sub-gost256"))
    assert not CHECKER.issued_list(newest, pki.certificate("sub-twin"))
    assert not CHECKER.issued_list(b"nothing", pki.certificate("sub-gost256"))


def test_thirty_megabytes_cost_no_memory(tmp_path: Path) -> None:
    """The child may address 24 MB here, less than the document has; this process never opens it."""
    document = tmp_path / "document"
    document.write_bytes(PDF * (30 * 1024 * 1024 // len(PDF)))
    cms = sign(document)
    narrow = Checker(OpenSsl(memory_bytes=24 << 20))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert narrow.check(cms, document, trust(), at=NOW).code == "ok"
    assert narrow.digests(document)["gost256"] in cms.hex()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 4_000  # KiB


@pytest.mark.parametrize("place", ["type", "policy"])
def test_an_identifier_without_end_costs_no_time(place: str) -> None:
    """Two of these at once stopped the whole site: reading one grows with the square of its length."""
    endless = wrapped(0x06, b"\x2a" + b"\xff" * 200_000 + b"\x7f")
    if place == "type":
        cms = wrapped(0x30, endless + wrapped(0xA0, b""))
    else:
        fields = body_of(sign(PDF))
        fields[1] = wrapped(0x31, wrapped(0x30, endless))
        cms = rebuilt(fields)
    began = time.process_time()
    assert code(cms) != "ok"
    assert time.process_time() - began < 5, "seconds of a processor; it was half a minute"


def test_a_certificate_of_a_megabyte_is_not_read() -> None:
    fields = body_of(sign(PDF))
    large = wrapped(0x30, wrapped(0x04, bytes(20_000)))
    fields[3] = wrapped(0xA0, parts(fields[3])[0].content + large)
    assert code(rebuilt(fields)) == "malformed"
