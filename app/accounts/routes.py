"""Pages of this subject."""

from app.web.policy import Rule

POLICY: dict[str, Rule] = {}


def ask_to_sign_in() -> str:
    return ""
