"""Lists of revoked certificates: only of trusted authorities, only from outside, proved before they are kept."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock, gateways
from app.administration import trust_actions
from app.administration.trust_actions import NOT_A_LIST as NO_LIST_IN_FILE
from app.errors import InvalidForm
from app.extensions import db
from app.gateways.downloads import Downloads
from app.journal.models import JournalEntry
from app.signing import revocation_work
from app.signing.chain_work import remember_chain
from app.signing.models import SignatureSlot
from app.signing.revocation_actions import NO_CHAIN, NOT_A_LIST, NOT_SIGNED, fetch
from app.signing.revocation_queries import due, source_lines
from app.signing.revocation_tidy_actions import forget_lists
from app.signing.revocation_work import DECIDE_SECONDS, LISTS, LOOK_SECONDS, Waiting
from app.signing.signature_steps import Evidence, new_number, sign
from app.signing.trust_health_queries import trust_gaps
from app.signing.trust_models import RevocationList, RevocationSource, TrustedCertificate
from app.signing.trust_queries import trust
from app.transaction import transaction
from tests.authority_world import Authority, Shelf, believed_root, sha256, shelf, somebody
from tests.case_world import Person, applicant, operator, sent
from tests.signing_world import paper_to_sign


@pytest.fixture(scope="module")
def site() -> Iterator[Shelf]:
    with shelf() as made:
        yield made


@pytest.fixture(scope="module")
def root(site: Shelf, tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("pki") / "root", "Корень")


@pytest.fixture(scope="module")
def sub(site: Shelf, root: Authority) -> Authority:
    return Authority(root.folder.parent / "sub", "УЦ Энергия", root, site.url("/root.crl"))


@pytest.fixture(scope="module")
def foreign(root: Authority) -> Authority:
    return Authority(root.folder.parent / "foreign", "Корень")


@pytest.fixture
def world(app: Flask, site: Shelf, root: Authority, sub: Authority) -> Iterator[Person]:
    """A believed root and intermediate whose list lies on the site of the test; nothing is fetched yet."""
    site.files.clear()
    site.asked.clear()
    site.drips = False
    doors = app.extensions["gateways"]
    allowed = Downloads(allowed=[site.place], whole_seconds=2, silent_seconds=1)
    app.extensions["gateways"] = replace(doors, downloads=allowed)
    with app.app_context():
        gateways.use(app.extensions["gateways"])
        by = somebody("administrator")
        believed_root(root, by)
        believed_root(sub, by, "intermediate")
        yield by


def the_source() -> RevocationSource:
    return db.session.scalars(select(RevocationSource).execution_options(populate_existing=True)).one()


def ask(at: datetime | None = None) -> str:
    return fetch(the_source().id, now=lambda: at or clock.now(), lease_seconds=60)


def test_a_list_of_a_trusted_authority_is_fetched_proved_and_believed(
    world: Person, site: Shelf, root: Authority
) -> None:
    site.put("/root.crl", root.revocation_list())
    assert [line for line in trust_gaps(clock.now()) if "Нет свежего списка" in line]
    assert [row.id for row in due(clock.now(), limit=10)] == [the_source().id]
    assert ask() == "new"
    (der,) = trust(clock.now()).lists
    assert der == site.files["/root.crl"][2]
    source, kept = the_source(), db.session.scalars(select(RevocationList)).one()
    assert (kept.issuer_sha256, kept.url) == (sha256(root.pem), source.url)
    assert kept.next_update - kept.this_update == timedelta(days=7)
    assert (source.tries, source.last_error, source.lease_until) == (0, "", None)
    assert timedelta(hours=11) < source.next_at - clock.now() <= timedelta(hours=12)
    assert due(clock.now(), limit=10) == [] and ask() == "skipped"
    assert trust_gaps(clock.now()) == []
    assert [line.fresh(clock.now()) for line in source_lines()] == [True]


def test_the_same_list_again_is_kept_once_and_a_newer_one_takes_its_place(
    world: Person, site: Shelf, root: Authority
) -> None:
    site.put("/root.crl", root.revocation_list())
    assert ask() == "new"
    later = clock.now() + timedelta(hours=13)
    assert ask(later) == "same"
    newer = site.files["/root.crl"] = (200, {}, root.revocation_list(days=9))
    assert ask(later + timedelta(hours=13)) == "new"
    assert trust(clock.now()).lists == (newer[2],)


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("foreign", NOT_SIGNED),
        ("sub", NOT_SIGNED),
        ("changed", NOT_SIGNED),
        ("html", NOT_A_LIST),
        ("cut", NOT_A_LIST),
        ("nothing", "кодом 404"),
        ("over", "просрочен"),
        ("redirect", "внутреннюю сеть"),
        ("port", "Порт 8080"),
        ("file", "только по адресам http"),
        ("circle", "с адреса на адрес"),
        ("large", "больше 20 МБ"),
        ("slow", "слишком долго"),
    ],
)
def test_what_is_no_list_of_the_authority_is_not_kept_and_the_source_says_why(
    world: Person, site: Shelf, root: Authority, sub: Authority, foreign: Authority, what: str, words: str
) -> None:
    right = root.revocation_list()
    bodies = {
        "foreign": foreign.revocation_list(),
        "sub": sub.revocation_list(),
        "changed": right[:-3] + bytes([right[-3] ^ 1]) + right[-2:],
        "html": b"<html>moved</html>",
        "cut": right[:-10],
        "over": root.revocation_list(days=1, back=3) if what == "over" else b"",
    }
    onward = {
        "redirect": "http://localhost/root.crl",
        "port": "http://crl.example.org:8080/root.crl",
        "file": "file:///etc/passwd",
        "circle": "/root.crl",
    }
    if what in onward:
        site.put("/root.crl", b"", 302, Location=onward[what])
    elif what == "large":
        site.put("/root.crl", right, **{"Content-Length": str(21 << 20)})
    elif what == "slow":
        site.put("/root.crl", right)
        site.drips = True
    elif what in bodies:
        site.put("/root.crl", bodies[what])
    begun = time.monotonic()
    assert ask() == "retry"
    assert time.monotonic() - begun < 15, "what drips is cut off: all of it would take half a minute"
    source = the_source()
    assert words in source.last_error
    assert source.tries == 1 and source.next_at > clock.now()
    assert trust(clock.now()).lists == ()


def test_failures_in_a_row_wait_longer_and_longer_and_a_list_ends_them(
    world: Person, site: Shelf, root: Authority
) -> None:
    at, pauses = clock.now(), []
    for _ in range(8):
        assert ask(at) == "retry"
        pauses.append((the_source().next_at - at).total_seconds() / 60)
        at = the_source().next_at
    assert pauses == [2, 4, 8, 16, 32, 60, 60, 60]
    site.put("/root.crl", root.revocation_list())
    assert ask(at) == "new" and the_source().tries == 0


def test_an_older_list_never_takes_the_place_of_a_newer_one(
    world: Person, site: Shelf, root: Authority
) -> None:
    old = root.revocation_list(days=30, back=2)
    site.put("/root.crl", root.revocation_list())
    assert ask() == "new"
    site.put("/root.crl", old)
    assert ask(clock.now() + timedelta(hours=13)) == "retry"
    assert "старше" in the_source().last_error and len(trust(clock.now()).lists) == 1


def test_two_workers_ask_once_and_a_lost_one_is_asked_again(
    world: Person, site: Shelf, root: Authority
) -> None:
    source_id = the_source().id
    with transaction():
        the_source().lease_until = clock.now() + timedelta(seconds=60)
    assert ask() == "skipped" and due(clock.now(), limit=10) == [] and site.asked == []
    later = clock.now() + timedelta(seconds=61)
    assert [row.id for row in due(later, limit=10)] == [source_id]
    site.put("/root.crl", root.revocation_list())
    assert ask(later) == "new"


def test_an_authority_that_is_not_believed_any_more_is_asked_nothing(
    world: Person, site: Shelf, root: Authority, sub: Authority
) -> None:
    remember_chain([sub.owner(list_url=site.url("/sub.crl")), sub.pem], at=clock.now())
    by_issuer = {one.issuer_sha256: one.id for one in db.session.scalars(select(RevocationSource))}
    row = db.session.scalars(select(TrustedCertificate).where(TrustedCertificate.kind == "root")).one()
    trust_actions.remove(row.id, by=world.actor, at=clock.now())
    assert [one.id for one in due(clock.now(), limit=10)] == [by_issuer[sha256(sub.pem)]]
    for source_id in by_issuer.values():
        fetch(source_id, now=clock.now, lease_seconds=60)
    below = db.session.get_one(RevocationSource, by_issuer[sha256(sub.pem)], populate_existing=True)
    assert below.last_error == NO_CHAIN and site.asked == []


def test_without_the_setting_an_address_in_our_network_is_not_even_asked(
    world: Person, site: Shelf, root: Authority
) -> None:
    site.put("/root.crl", root.revocation_list())
    gateways.use(replace(gateways.current(), downloads=Downloads()))
    assert ask() == "retry" and site.asked == []
    assert "не запрашивается" in the_source().last_error


def test_a_list_put_in_by_hand_is_proved_too(world: Person, root: Authority, foreign: Authority) -> None:
    def put(content: bytes) -> str:
        return trust_actions.upload_list(content, by=world.actor, at=clock.now())

    for content, words in (
        (b"%PDF-1.7", NO_LIST_IN_FILE),
        (foreign.revocation_list(), "Подпись списка неверна"),
        (root.revocation_list(days=1, back=3), "просрочен"),
    ):
        with pytest.raises(InvalidForm) as refused:
            put(content)
        assert words in refused.value.errors["list"][0]
    right = root.revocation_list()
    assert put(right) == "Корень"
    assert trust(clock.now()).lists == (right,)
    assert [line.fresh(clock.now()) for line in source_lines()] == [True]
    with pytest.raises(InvalidForm) as refused:
        put(right)
    assert refused.value.errors == {"list": ["Этот список уже загружен."]}
    kinds = db.session.scalars(select(JournalEntry.kind)).all()
    assert kinds.count("revocation_list_uploaded") == 1


def test_asking_now_ends_the_pause(world: Person, site: Shelf, root: Authority) -> None:
    assert ask() == "retry" and due(clock.now(), limit=10) == []
    trust_actions.ask_now(the_source().id, by=world.actor, at=clock.now())
    assert [row.tries for row in due(clock.now(), limit=10)] == [0]
    assert "revocation_list_asked" in db.session.scalars(select(JournalEntry.kind)).all()


def test_lists_are_work_for_the_queue_of_documents() -> None:
    import jobs.signatures

    assert LISTS.queue == "documents" and LISTS.alone is None
    module, _, name = LISTS.job.rpartition(".")
    assert module == jobs.signatures.__name__ and hasattr(jobs.signatures, name)


def test_what_waits_for_a_list_is_decided_when_one_came_and_once_an_hour(
    world: Person, root: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided: list[int] = []
    waiting = [5, 9]
    monkeypatch.setattr(revocation_work.revocation_queries, "waiting_attempts", lambda **_: list(waiting))
    monkeypatch.setattr(
        revocation_work.certificate_actions,
        "decide_waiting",
        lambda one, at: decided.append(one) or 1 / (one - 5),
    )
    loop, at = Waiting(), clock.now()
    assert loop.step(at=at, tick=0) == 2 and decided == [5, 9]  # a mistake in the first stops no other
    assert loop.step(at=at, tick=LOOK_SECONDS) == 0
    trust_actions.upload_list(root.revocation_list(), by=world.actor, at=at)
    assert loop.step(at=at, tick=2 * LOOK_SECONDS) == 2
    assert loop.step(at=at, tick=3 * LOOK_SECONDS) == 0
    assert loop.step(at=at, tick=2 * LOOK_SECONDS + DECIDE_SECONDS) == 2


def test_lists_that_prove_nothing_are_forgotten_in_time(world: Person, site: Shelf, root: Authority) -> None:
    for days in (7, 8, 9):
        site.put("/root.crl", root.revocation_list(days=days))
        trust_actions.ask_now(the_source().id, by=world.actor, at=clock.now())
        assert ask() == "new"
    used, _unused, newest = db.session.scalars(select(RevocationList).order_by(RevocationList.id)).all()
    signer = applicant()
    (slot_id,) = paper_to_sign(sent(signer), operator(), ["applicant"])
    record = {"check": {"lists_used": [used.sha256]}}
    with transaction():
        evidence = Evidence("certificate", "Иванов П. Г.", record, new_number(), b"cms")
        sign(db.session.get_one(SignatureSlot, slot_id), evidence, by=signer.actor, at=clock.now())
    assert forget_lists(at=clock.now() + timedelta(days=30)) == 0
    assert forget_lists(at=clock.now() + timedelta(days=50)) == 1
    left = db.session.scalars(select(RevocationList.id).order_by(RevocationList.id)).all()
    assert left == [used.id, newest.id]
