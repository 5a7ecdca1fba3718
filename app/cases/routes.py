"""Pages of this subject."""

from app.web.policy import Rule

POLICY: dict[str, Rule] = {}
