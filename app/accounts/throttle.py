"""How long somebody has to wait after too many tries: five free ones, then one, two, four … fifteen minutes.

Pure: counts and instants in, seconds out. A wait never grows by trying during it, so nobody can lock another person
out for good; a browser in which the person has signed in before counts its own tries apart from all strangers.
"""

import hashlib
import ipaddress
import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.company.wording import plural

_DELAYS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 15))


@dataclass(frozen=True)
class Limit:
    """One kind of counted tries: how many are free, and for how long a try counts."""

    scope: str
    free: int
    window: timedelta


#: Wrong passwords for one login from one address.
LOGIN_AT_ADDRESS = Limit("sign-in", 5, timedelta(hours=24))
#: Wrong passwords for one login from anywhere: a hundred addresses do not give a hundred times the tries.
LOGIN_ANYWHERE = Limit("sign-in-login", 20, timedelta(hours=24))
#: Wrong passwords for any login from one address; many honest people may share it.
ADDRESS = Limit("sign-in-address", 30, timedelta(hours=1))
#: Wrong passwords in a browser in which this very person has signed in before.
KNOWN_BROWSER = Limit("sign-in-device", 5, timedelta(hours=24))
#: Registrations that met an account which exists already, from one address.
TAKEN = Limit("register-taken", 5, timedelta(hours=1))
#: Letters with a link asked for one login, and from one address.
RESET_LOGIN = Limit("reset-login", 3, timedelta(hours=24))
RESET_ADDRESS = Limit("reset-address", 10, timedelta(hours=1))
#: Wrong old passwords of somebody who is in: whoever sits at a foreign browser does not get to try for long.
OLD_PASSWORD = Limit("old-password", 5, timedelta(hours=24))
#: Wrong codes of a second factor for one account, whoever knows its password.
SECOND_FACTOR = Limit("second-factor", 5, timedelta(hours=24))
#: Letters and SMS that confirm a contact, asked by one account.
CONTACT = Limit("contact", 5, timedelta(hours=24))
#: Wrong codes of such an SMS.
CONTACT_CODE = Limit("contact-code", 5, timedelta(hours=24))

#: The longest time for which any try counts.
LONGEST_WINDOW = timedelta(hours=24)


def seconds_to_wait(limit: Limit, *, tries: int, last: datetime | None, now: datetime) -> int:
    """Whole seconds until the next try is allowed, 0 when it is allowed now.

    `tries` were counted within the limit's window, `last` is the newest of them.
    """
    if last is None or tries < limit.free:
        return 0
    delay = _DELAYS[min(tries - limit.free, len(_DELAYS) - 1)]
    return max(0, math.ceil((last + delay - now).total_seconds()))


def wait_sentence(seconds: int) -> str:
    """What a person reads; the same whether or not an account exists."""
    minutes = max(1, math.ceil(seconds / 60))
    return (
        f"Слишком много попыток. Подождите {minutes} {plural(minutes, 'минуту', 'минуты', 'минут')} "
        "и попробуйте снова."
    )


def network(address: str) -> str:
    """Whose tries an address counts among: itself, and of IPv6 the /64 that one subscriber gets."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped  # as a socket for both kinds tells it: one /64 would hold all of IPv4
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network((parsed, 64), strict=False))


def key(*parts: str) -> str:
    """How the table of tries knows a login or an address: a digest, so that it holds no personal data in clear."""
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()
