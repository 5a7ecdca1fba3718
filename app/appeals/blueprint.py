"""The blueprint of this subject; `routes.py` and `staff_routes.py` hang their pages on it."""

from flask import Blueprint

bp = Blueprint("appeals", __name__)
