"""Which certificate may be believed as what, published hashes, when lists are asked for again, which addresses never are."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from app.errors import InvalidValue
from app.gateways.downloads import DownloadFailed, check_url, is_public
from app.signing.revocation_rules import check_dates, next_fetch, pause_after, state_of_list
from app.signing.trust_rules import check_fingerprint, fingerprints, state_of, why_not

AT = datetime(2026, 8, 6, 6, tzinfo=UTC)
DAY = timedelta(days=1)
DER = b"0\x03\x02\x01\x05"


@pytest.mark.parametrize(
    ("kind", "self_signed", "authority", "ends", "says"),
    [
        ("root", True, True, DAY, ""),
        ("intermediate", False, True, DAY, ""),
        ("root", False, True, DAY, "не корневой"),
        ("intermediate", True, True, DAY, "Промежуточным он быть не может"),
        ("root", True, False, DAY, "удостоверяющего центра"),
        ("intermediate", False, False, DAY, "удостоверяющего центра"),
        ("root", True, True, -DAY, "истек"),
        ("root", True, True, 0 * DAY, "истек"),
    ],
)
def test_what_may_be_believed(
    kind: str, self_signed: bool, authority: bool, ends: timedelta, says: str
) -> None:
    told = why_not(kind, self_signed=self_signed, authority=authority, not_after=AT + ends, at=AT)
    assert says in told and bool(told) == bool(says)


def test_a_certificate_is_marked_two_months_before_its_end() -> None:
    def state(begins: int, ends: int) -> str:
        return state_of(AT + begins * DAY, AT + ends * DAY, AT)

    assert [state(1, 9), state(0, 61), state(-9, 60), state(-9, 1), state(-9, 0)] == [
        "early",
        "good",
        "soon",
        "soon",
        "over",
    ]


def test_a_published_hash_is_read_as_people_copy_it() -> None:
    for digest in (hashlib.sha256(DER).hexdigest(), hashlib.sha1(DER, usedforsecurity=False).hexdigest()):
        pairs = [digest[place : place + 2] for place in range(0, len(digest), 2)]
        for typed in (
            digest,
            digest.upper(),
            ":".join(pairs),
            f" {' '.join(pairs)}\r\n",
            "\u00a0".join(pairs),
        ):
            check_fingerprint(typed, DER)
    for grouped in fingerprints(DER):
        check_fingerprint(grouped, DER)


@pytest.mark.parametrize("typed", ["", "0" * 63, "g" * 64, "0" * 32, "１" * 64])
def test_what_is_no_hash_says_what_to_type(typed: str) -> None:
    with pytest.raises(InvalidValue, match="64 знака"):
        check_fingerprint(typed, DER)


def test_the_hash_of_another_certificate_is_refused() -> None:
    with pytest.raises(InvalidValue, match="не от выбранного"):
        check_fingerprint(hashlib.sha256(b"x").hexdigest(), DER)


def test_a_list_is_asked_for_again_long_before_it_runs_out() -> None:
    waits = [next_fetch(AT + left, AT) - AT for left in (7 * DAY, DAY / 2, DAY / 100, -DAY)]
    assert waits == [DAY / 2, DAY / 4, timedelta(minutes=30), timedelta(minutes=30)]


@pytest.mark.parametrize(
    ("holds", "left", "state"),
    [
        (365, 8, "good"),
        (365, 7, "soon"),
        (6, 2.1, "good"),
        (6, 2, "soon"),
        (1.5, 1.1, "good"),
        (1.5, 1, "soon"),
        (6, 0, "over"),
    ],
)
def test_a_list_put_in_by_hand_is_asked_for_in_the_last_third_of_its_time(
    holds: float, left: float, state: str
) -> None:
    assert state_of_list(AT + (left - holds) * DAY, AT + left * DAY, AT) == state


def test_pauses_double_up_to_an_hour() -> None:
    minutes = [pause_after(tries).total_seconds() / 60 for tries in (0, 1, 2, 5, 6, 1000)]
    assert minutes == [2, 2, 4, 32, 60, 60]


@pytest.mark.parametrize(
    ("issued", "ends", "newest", "says"),
    [
        (-DAY, None, None, "не указано"),
        (-DAY, 0 * DAY, None, "просрочен"),
        (DAY, 2 * DAY, None, "неправдоподобны"),
        (-DAY, 500 * DAY, None, "неправдоподобны"),
        (-DAY, DAY, -DAY / 2, "старше"),
    ],
)
def test_lists_that_would_do_harm_are_refused(
    issued: timedelta, ends: timedelta | None, newest: timedelta | None, says: str
) -> None:
    until = None if ends is None else AT + ends
    with pytest.raises(InvalidValue, match=says):
        check_dates(AT + issued, until, at=AT, newest=None if newest is None else AT + newest)


def test_a_list_of_today_holds_as_long_as_it_says() -> None:
    assert check_dates(AT - DAY, AT + DAY, at=AT, newest=AT - DAY) == AT + DAY
    assert check_dates(AT + timedelta(minutes=5), AT + DAY, at=AT, newest=None) == AT + DAY


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.5.5", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "255.255.255.255", "224.0.0.1", "192.0.2.1", "198.18.0.1", "240.0.0.1", "::1", "::",
        "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:1::1", "2001:db8::1", "", "localhost", "1.2.3",
    ],
)  # fmt: skip
def test_addresses_of_our_own_networks_are_never_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "95.173.136.70", "2a02:6b8::2:242", "::ffff:8.8.8.8"])
def test_addresses_of_the_open_internet_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://crl.example.org/a.crl", "file:///etc/passwd", "ldap://x/y", "//crl.example.org/a", "crl.example.org/a",
        "http://", "http:///a.crl", "http://user@crl.example.org/a", "http://user:pass@crl.example.org/a",
        "http://crl.example.org:22/a", "http://crl.example.org:6379/a", "http://crl.example.org:99999/a",
        "http://crl.example.org/a b", "http://crl.example.org/\r\nHost: x", "http://[::1/a", "http://кто.рф/a",
        "gopher://crl.example.org/a", "javascript:alert(1)", "http://crl.example.org/" + "a" * 500,
    ],
)  # fmt: skip
def test_crooked_addresses_are_never_asked(url: str) -> None:
    with pytest.raises(DownloadFailed):
        check_url(url)


def test_plain_addresses_and_an_allowed_mirror_are_asked() -> None:
    for url in (
        "http://crl.example.org/a.crl",
        "https://crl.example.org:443/a?b=c",
        "http://CRL.example.org",
    ):
        check_url(url)
    check_url("http://10.0.0.5:8080/a.crl", ["10.0.0.5:8080"])
