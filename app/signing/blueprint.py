"""The blueprint of this subject; `routes.py` hangs its pages on it."""

from flask import Blueprint

bp = Blueprint("signing", __name__)
