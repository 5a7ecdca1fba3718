"""Signatures on paper: staff attach the signed scan to a line under a document."""

from app.signing import models as _models  # noqa: F401  (the tables of the subject)
from app.web.policy import Rule

POLICY: dict[str, Rule] = {}
