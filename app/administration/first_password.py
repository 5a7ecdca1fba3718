"""A first password that can be read aloud and typed from paper: no letters and digits that look alike."""

import secrets

_SIGNS = "abcdefghkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 4, 4


def first_password() -> str:
    """Sixteen random signs in four groups, about 78 bits."""
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(_GROUP)) for _ in range(_GROUPS))
