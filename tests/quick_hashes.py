"""A fixture for tests in which many people sign in: the same algorithm at its least cost, a thousandth of the real one."""

from collections.abc import Iterator

import argon2
import pytest

from app.accounts import hashing
from tests import factories


@pytest.fixture
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Passwords are hashed quickly; what is around the hash is the same."""
    cheap = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(hashing, "_HASHER", cheap)
    monkeypatch.setattr(hashing, "NOBODY", cheap.hash("a password that nobody knows"))
    factories.password_hash.cache_clear()
    yield
    factories.password_hash.cache_clear()
