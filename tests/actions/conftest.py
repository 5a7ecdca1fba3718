"""Every test here runs on SQLite and on PostgreSQL."""

import pytest


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "databases" in metafunc.fixturenames:
        metafunc.parametrize("databases", ["sqlite", "postgresql"], indirect=True)
