"""What an administrator is told to do before signatures suffer: lists that only they can bring, and lists that end."""

from datetime import timedelta

from flask import Flask

from app import clock
from app.administration import trust_actions
from app.administration.trust_letter_actions import warn_of_lists
from app.extensions import db
from app.gateways.certificates import read_certificate
from app.notifications.models import OutboxRow
from app.signing.revocation_queries import uploaded_lists
from app.signing.trust_health_queries import trust_gaps
from app.signing.trust_models import RevocationList, RevocationSource
from app.signing.trust_queries import all_certificates
from app.signing.trust_waiting_queries import waiting_under, waiting_without_address
from app.transaction import transaction
from tests.actions.test_authorities import World as OfPower
from tests.actions.test_certificate_signing import World
from tests.authority_world import somebody
from tests.certificate_world import authority, fetched, send, soon

NAME = "УЦ Проверочный"


def root_hash() -> str:
    return read_certificate(authority().root).sha256


def with_address() -> None:
    """The site knows where the list of the authority lies."""
    with transaction():
        told = {"url": "http://lists.example.org/root.crl", "issuer_sha256": root_hash()}
        db.session.add(RevocationSource(**told, next_at=clock.now()))


def test_signatures_without_an_address_of_a_list_are_told_with_their_cases_and_the_last_moment(
    context: Flask,
) -> None:
    site = World(lists=False)
    assert waiting_without_address(clock.now()) == []
    send(site.case_id, site.signed(0) | site.signed(1), site.own, at=(sent_at := soon()))
    (line,) = waiting_without_address(clock.now())
    assert (line.authority, line.signatures, line.powers, line.cases) == (NAME, 2, 0, (site.case_id,))
    assert line.until == sent_at + timedelta(hours=72)
    assert [told for told in trust_gaps(clock.now()) if NAME in told and "загрузите список вручную" in told]
    assert waiting_under(root_hash()) == 2 and waiting_under("0" * 64) == 0


def test_with_a_list_or_an_address_nobody_has_to_bring_it(context: Flask) -> None:
    site = World(lists=False)
    send(site.case_id, site.signed(), site.own)
    with_address()
    assert waiting_without_address(clock.now()) == []
    db.session.query(RevocationSource).delete()
    db.session.commit()
    assert waiting_without_address(clock.now())
    fetched(authority())
    assert waiting_without_address(clock.now()) == []


def test_what_is_believed_no_more_needs_no_list(context: Flask) -> None:
    site = World(lists=False)
    send(site.case_id, site.signed(), site.own)
    (row,) = all_certificates()
    trust_actions.remove(row.id, by=somebody("administrator").actor, at=clock.now())
    assert waiting_without_address(clock.now()) == []


def test_a_power_of_attorney_whose_list_is_missing_is_told_too(context: Flask) -> None:
    site = OfPower(lists=False)
    site.power()
    (line,) = waiting_without_address(clock.now())
    assert (line.signatures, line.powers, line.until) == (0, 1, None)


def upload() -> RevocationList:
    by = somebody("administrator")
    trust_actions.upload_list(authority().revoked_list(), by=by.actor, at=soon())
    return db.session.query(RevocationList).filter_by(url="").one()


def test_a_list_put_in_by_hand_is_asked_for_anew_before_it_ends_and_after(context: Flask) -> None:
    World(lists=False)
    until = upload().next_update
    for before, state, says in (
        (timedelta(days=4), "good", ""),
        (timedelta(days=1), "soon", "загрузите новый заранее"),
        (timedelta(0), "over", "ждут"),
    ):
        at = until - before
        assert [line.state(at) for line in uploaded_lists(at)] == [state]
        told = [one for one in trust_gaps(at) if "загруженный вручную" in one]
        assert [says in one for one in told] == ([True] if says else [])


def test_a_list_that_the_site_fetches_itself_or_of_nobody_believed_needs_no_hand(context: Flask) -> None:
    World(lists=False)
    until = upload().next_update
    fetched_too = RevocationList(
        issuer_sha256=root_hash(),
        url="http://lists.example.org/root.crl",
        sha256="1" * 64,
        der=b"0",
        this_update=until - timedelta(days=1),
        next_update=until + timedelta(days=1),
        fetched_at=clock.now(),
    )
    with transaction():
        db.session.add(fetched_too)
    assert [line.state(until) for line in uploaded_lists(until)] == ["fetched"]
    (row,) = all_certificates()
    trust_actions.remove(row.id, by=somebody("administrator").actor, at=clock.now())
    assert [line.state(until) for line in uploaded_lists(until)] == ["left"]
    assert not [one for one in trust_gaps(until) if "загруженный вручную" in one]


def test_administrators_are_told_by_letter_once_for_each_matter(context: Flask) -> None:
    site = World(lists=False)
    until = upload().next_update
    assert warn_of_lists(at=until - timedelta(days=4)) == 0
    soon_over, over = until - timedelta(hours=20), until + timedelta(hours=1)
    assert [warn_of_lists(at=soon_over + timedelta(hours=hours)) for hours in (0, 1)] == [1, 0]
    assert [warn_of_lists(at=over), warn_of_lists(at=over)] == [1, 0]
    bodies = [row.body for row in db.session.query(OutboxRow).filter_by(kind="trust-list").order_by("id")]
    assert ["заранее" in body for body in bodies] == [True, False]
    db.session.query(RevocationList).delete()
    db.session.commit()
    send(site.case_id, site.signed(), site.own)
    assert [warn_of_lists(at=soon()), warn_of_lists(at=soon())] == [1, 0]
