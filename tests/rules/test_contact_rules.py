"""When a typed password still counts, and when a new number signs."""

from datetime import UTC, datetime, timedelta

import pytest

from app.accounts.contact_rules import is_proved, signs_from

NOW = datetime(2026, 8, 6, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(("minutes", "counts"), [(0, True), (10, True), (10.1, False), (-1, False)])
def test_a_password_counts_for_ten_minutes_after_it_was_typed(minutes: float, counts: bool) -> None:
    assert is_proved(NOW - timedelta(minutes=minutes), NOW) is counts


def test_a_number_that_was_never_changed_signs_now() -> None:
    assert signs_from(None, 24, NOW) is None


@pytest.mark.parametrize(
    ("hours_ago", "hold", "waits"), [(0, 24, 24), (23, 24, 1), (24, 24, None), (0, 0, None)]
)
def test_a_changed_number_signs_after_the_hours_of_the_setting(
    hours_ago: int, hold: int, waits: int | None
) -> None:
    free = signs_from(NOW - timedelta(hours=hours_ago), hold, NOW)
    assert free == (None if waits is None else NOW + timedelta(hours=waits))
