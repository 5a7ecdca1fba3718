"""Passwords as argon2id hashes: made, compared, renewed when the parameters change.

Must run outside any transaction: one hash takes about a tenth of a second, and nobody should wait for the database
meanwhile. Knows no user.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type

from app.errors import Unavailable

#: Tuned to about 100 ms on one core of a small VM; 46 MiB at once is what its memory bears.
_HASHER = PasswordHasher(time_cost=3, memory_cost=46 * 1024, parallelism=1, type=Type.ID)

#: The hash of a password that nobody knows: what is typed for an unknown login is compared with it, so that the answer
#: takes as long as for a known one. A test holds its parameters together with those above.
NOBODY = "$argon2id$v=19$m=47104,t=3,p=1$vwNxpzcSPCrPIeYvgFC3oA$ZeW5HeYDS6Jaw0TAiHcdNXQMusBcQ4b72on92A8Yiww"


#: So many hashes at once bear the memory and the cores; more sign-ins than this wait in line.
_PLACES = threading.BoundedSemaphore(2)
_WAIT_SECONDS = 10


def hash_password(password: str) -> str:
    """The hash that is stored, with its own salt and parameters in it; raises Unavailable when the line is too long."""
    with _place():
        return _HASHER.hash(_bytes(password))


def verify(stored: str, password: str) -> bool:
    """Whether the password belongs to the stored hash; a damaged hash fits none."""
    try:
        with _place():
            return _HASHER.verify(stored, _bytes(password))
    except (VerificationError, InvalidHashError):
        return False


def renewed(stored: str, password: str) -> str | None:
    """A hash with the present parameters when the stored one was made with others, else None."""
    return hash_password(password) if _HASHER.check_needs_rehash(stored) else None


@contextmanager
def _place() -> Iterator[None]:
    if not _PLACES.acquire(timeout=_WAIT_SECONDS):
        raise Unavailable
    try:
        yield
    finally:
        _PLACES.release()


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")
