"""Whom certificates are believed from: roots and intermediates go in by their published hash and never vanish."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.administration import trust_actions
from app.administration.trust_actions import NOT_A_CERTIFICATE
from app.errors import Conflict, Forbidden, InvalidForm
from app.extensions import db
from app.gateways.certificates import read_certificate
from app.gateways.openssl import NO_ENGINE
from app.gateways.revocation import Authorities
from app.journal.models import JournalEntry
from app.signing.chain_work import remember_chain
from app.signing.trust_health_queries import trust_gaps
from app.signing.trust_models import RevocationSource, TrustedCertificate
from app.signing.trust_queries import all_certificates, trust
from tests.authority_world import Authority, sha256, somebody
from tests.case_world import Person

ROOT_LIST, SUB_LIST = "http://crl.example.org/root.crl", "http://crl.example.org/sub.crl"


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("pki") / "root", "Минцифры России")


@pytest.fixture(scope="session")
def sub(root: Authority) -> Authority:
    return Authority(root.folder.parent / "sub", "УЦ Энергия", root, ROOT_LIST)


@pytest.fixture(scope="session")
def foreign(root: Authority) -> Authority:
    return Authority(root.folder.parent / "foreign", "Минцифры России")


def administrator() -> Person:
    return somebody("administrator")


def add(pem: str, kind: str, by: Person, *, published: str = "") -> TrustedCertificate:
    kinds: dict[str, trust_actions.CertificateKind] = {"root": "root", "intermediate": "intermediate"}
    found = published or sha256(pem)
    return trust_actions.add(pem.encode(), kinds[kind], found, by=by.actor, at=clock.now())


def refusal(pem: str | bytes, kind: str, by: Person, published: str = "") -> str:
    with pytest.raises(InvalidForm) as refused:
        add(
            pem.decode("latin-1") if isinstance(pem, bytes) else pem,
            kind,
            by,
            published=published or "0" * 64,
        )
    return " ".join(sentence for told in refused.value.errors.values() for sentence in told)


def test_a_root_goes_in_by_its_published_hash_and_is_believed(context: Flask, root: Authority) -> None:
    by = administrator()
    assert trust(clock.now()).roots == ()
    assert [line for line in trust_gaps(clock.now()) if "корневых сертификатов нет" in line]
    loud = sha256(root.pem).upper()
    add(root.pem, "root", by, published=":".join(loud[place : place + 2] for place in range(0, 64, 2)))
    assert trust(clock.now()).roots == (read_certificate(root.pem).pem,)
    entry = db.session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc())).first()
    assert entry is not None and entry.kind == "trusted_certificate_added"
    assert entry.body["sha256"] == sha256(root.pem) and entry.actor_id == by.id


def test_what_is_no_root_is_refused_as_one_and_a_root_as_an_intermediate(
    context: Flask, root: Authority, sub: Authority
) -> None:
    by = administrator()
    assert "не корневой" in refusal(sub.pem, "root", by)
    assert "Промежуточным он быть не может" in refusal(root.pem, "intermediate", by)
    assert "доверять можно только центрам" in refusal(sub.owner(), "intermediate", by)
    assert refusal("не сертификат", "root", by) == NOT_A_CERTIFICATE
    assert "не от выбранного" in refusal(root.pem, "root", by, published=sha256(sub.pem))
    assert "SHA-256" in refusal(root.pem, "root", by, published="дом")
    assert all_certificates() == []


def test_a_root_whose_own_signature_is_wrong_is_refused(context: Flask, root: Authority) -> None:
    der = bytearray(read_certificate(root.pem).der)
    der[-5] ^= 1
    with pytest.raises(InvalidForm) as refused:
        trust_actions.examine(bytes(der), "root", at=clock.now())
    assert refused.value.errors == {"certificate": [trust_actions.WRONG_SELF]}


def test_an_intermediate_needs_its_root_and_tells_where_the_roots_list_lies(
    context: Flask, root: Authority, sub: Authority, foreign: Authority
) -> None:
    by = administrator()
    add(foreign.pem, "root", by)
    assert "Минцифры России" in refusal(sub.pem, "intermediate", by)
    add(root.pem, "root", by)
    add(sub.pem, "intermediate", by)
    source = db.session.scalars(select(RevocationSource)).one()
    assert (source.url, source.issuer_sha256) == (ROOT_LIST, sha256(root.pem))
    assert "уже есть" in refusal(sub.pem, "intermediate", by, published=sha256(sub.pem))


def test_what_is_taken_out_stays_as_a_row_and_comes_back_only_by_the_office(
    context: Flask, root: Authority, sub: Authority
) -> None:
    by = administrator()
    add(root.pem, "root", by)
    row = add(sub.pem, "intermediate", by)
    trust_actions.remove(row.id, by=by.actor, at=clock.now())
    assert trust(clock.now()).intermediates == ()
    assert [one.sha256 for one in all_certificates() if one.removed_at] == [sha256(sub.pem)]
    with pytest.raises(Conflict):
        trust_actions.remove(row.id, by=by.actor, at=clock.now())
    remember_chain([sub.owner(), sub.pem, root.pem], at=clock.now())
    assert trust(clock.now()).intermediates == ()
    add(sub.pem, "intermediate", by)
    assert len(trust(clock.now()).intermediates) == 1
    kinds = list(db.session.scalars(select(JournalEntry.kind).where(JournalEntry.kind.startswith("trusted"))))
    assert kinds.count("trusted_certificate_added") == 3 and kinds.count("trusted_certificate_removed") == 1


def test_a_right_chain_brings_its_intermediate_and_the_addresses_of_both_lists(
    context: Flask, root: Authority, sub: Authority
) -> None:
    add(root.pem, "root", administrator())
    owner = sub.owner(list_url=SUB_LIST)
    for _ in range(2):  # the second time there is nothing to learn
        remember_chain([owner, sub.pem, root.pem], at=clock.now())
    (row,) = [one for one in all_certificates() if one.kind == "intermediate"]
    assert (row.source, row.added_by, row.list_urls) == ("signature", None, [SUB_LIST])
    sources = db.session.scalars(select(RevocationSource).order_by(RevocationSource.url))
    assert {one.url: one.issuer_sha256 for one in sources} == {
        ROOT_LIST: sha256(root.pem),
        SUB_LIST: sha256(sub.pem),
    }


def test_a_chain_that_only_bears_the_right_names_teaches_nothing(
    context: Flask, root: Authority, foreign: Authority, tmp_path: Path
) -> None:
    add(root.pem, "root", administrator())
    liar = Authority(tmp_path / "liar", "УЦ Энергия", foreign, "http://10.0.0.1/x.crl")
    owner = liar.owner(list_url="http://crl.example.org/liar.crl")
    for chain in (
        [owner, liar.pem],
        [owner, liar.pem, root.pem],
        [owner, liar.pem, foreign.pem],
        [owner],
        [],
    ):
        remember_chain(chain, at=clock.now())
    remember_chain(["-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"], at=clock.now())
    assert db.session.scalars(select(RevocationSource)).all() == []
    assert [one.kind for one in all_certificates()] == ["root"]


def test_addresses_inside_our_network_or_of_other_kinds_are_not_noted(
    context: Flask, root: Authority, sub: Authority
) -> None:
    add(root.pem, "root", administrator())
    for url in ("http://user:pass@crl.example.org/a", "http://crl.example.org:8080/a", "http://xn--:99999/a"):
        remember_chain([sub.owner(list_url=url), sub.pem], at=clock.now())
    assert [one.url for one in db.session.scalars(select(RevocationSource))] == [ROOT_LIST]


def test_without_the_engine_the_page_says_so_and_nothing_is_believed(app: Flask, root: Authority) -> None:
    class Away:
        def run(self, *_: object) -> object:
            from app.gateways.openssl import EngineAway

            raise EngineAway(NO_ENGINE)

    away = Authorities(Away())  # type: ignore[arg-type]
    app.extensions["gateways"] = replace(app.extensions["gateways"], authorities=away)
    with app.app_context():
        from app import gateways

        gateways.use(app.extensions["gateways"])
        with pytest.raises(InvalidForm) as refused:
            trust_actions.examine(root.pem.encode(), "root", at=clock.now())
        assert refused.value.errors == {"certificate": [NO_ENGINE]}


def test_only_an_administrator_changes_trust(context: Flask, root: Authority) -> None:
    with pytest.raises(Forbidden):
        add(root.pem, "root", somebody("signatory"))
