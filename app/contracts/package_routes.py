"""Skeleton of package."""

from app.contracts import models as _models  # noqa: F401  (the tables of the subject)
from app.web.policy import Rule

POLICY: dict[str, Rule] = {}
