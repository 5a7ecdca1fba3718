"""The blueprint of this subject."""

from flask import Blueprint

bp = Blueprint("administration", __name__, url_prefix="/admin")
