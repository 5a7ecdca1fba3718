"""Counting the files that strangers have checked: each costs the server the reading of it."""

from datetime import datetime

from app.accounts.attempt_steps import Counted, count, refuse_impatience
from app.accounts.throttle import key, network
from app.signing.check_rules import FROM_ADDRESS
from app.transaction import transaction


def count_check(address: str, *, at: datetime) -> None:
    """Count a file sent from an address of the network; raises TooManyTries after too many. Nothing of the file is kept."""
    counted = [Counted(FROM_ADDRESS, key(network(address)))]
    with transaction():
        refuse_impatience(counted, at=at)
        count(counted, at=at)
