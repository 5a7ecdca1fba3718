"""Pages of this subject that only the company's staff reach."""

from app.web.policy import Rule

POLICY: dict[str, Rule] = {}
