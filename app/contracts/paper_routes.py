"""Skeleton of paper."""

from app.cases import rendering_models as _rendering_models  # noqa: F401  (its table)
from app.contracts import models as _models  # noqa: F401  (the tables of the subject)
from app.web.policy import Rule

POLICY: dict[str, Rule] = {}
