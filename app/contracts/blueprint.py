"""The blueprint of this subject; its modules of routes hang their pages on it."""

from flask import Blueprint

bp = Blueprint("contracts", __name__)
