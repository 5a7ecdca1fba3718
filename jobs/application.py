"""The application for jobs: built once in a process, so that the children of a worker find it ready."""

from functools import lru_cache

from flask import Flask

from app import create_app


@lru_cache(maxsize=1)
def application() -> Flask:
    """The site as set up by the environment; opens no connection by itself."""
    return create_app()
