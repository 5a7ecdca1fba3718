"""Settings of an installation: a wrong one stops the start with one line for the operator."""

from pathlib import Path

import pytest

from app.config import SECRET_KEY_BYTES, Config, ConfigError

KEY = "k" * SECRET_KEY_BYTES


def read(tmp_path: Path, **environment: str) -> Config:
    return Config.from_environment({"INSTANCE_PATH": str(tmp_path), "SECRET_KEY": KEY, **environment})


@pytest.mark.parametrize("key", ["", "short", "k" * (SECRET_KEY_BYTES - 1)])
def test_a_short_or_missing_key_stops_the_start(tmp_path: Path, key: str) -> None:
    with pytest.raises(ConfigError, match=f"не короче {SECRET_KEY_BYTES} знаков"):
        read(tmp_path, SECRET_KEY=key)


def test_the_key_may_lie_in_a_file_of_the_instance(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text(KEY + "\n", encoding="ascii")
    assert read(tmp_path, SECRET_KEY="").secret_key == KEY


@pytest.mark.parametrize(
    "url",
    ["lk.example.org", "ftp://lk.example.org", "https://", "https://lk.example.org/cabinet", "javascript:1"],
)
def test_an_address_that_is_none_stops_the_start(tmp_path: Path, url: str) -> None:
    with pytest.raises(ConfigError, match="PUBLIC_URL"):
        read(tmp_path, PUBLIC_URL=url)


@pytest.mark.parametrize("value", ["CDN", "https://cdn.example.org/htmx.js", "no"])
def test_htmx_comes_from_the_cdn_or_from_the_site(tmp_path: Path, value: str) -> None:
    assert read(tmp_path).htmx_source == "cdn"
    assert read(tmp_path, HTMX_SOURCE="site").htmx_source == "site"
    with pytest.raises(ConfigError, match="HTMX_SOURCE может быть cdn или site"):
        read(tmp_path, HTMX_SOURCE=value)


@pytest.mark.parametrize("value", ["soon", "0", "-1", "3601", "nan"])
def test_a_time_that_is_none_stops_the_start(tmp_path: Path, value: str) -> None:
    with pytest.raises(ConfigError, match="LEASE_SECONDS"):
        read(tmp_path, LEASE_SECONDS=value)


@pytest.mark.parametrize(
    ("url", "secure"), [("https://lk.example.org", True), ("http://127.0.0.1:8000", False)]
)
def test_cookies_and_headers_follow_the_public_address(tmp_path: Path, url: str, secure: bool) -> None:
    assert read(tmp_path, PUBLIC_URL=url).secure is secure


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_both_spellings_of_postgresql_lead_to_the_same_driver(tmp_path: Path, scheme: str) -> None:
    config = read(tmp_path, DATABASE_URL=f"{scheme}://lk@/cabinet")
    assert config.sqlalchemy_url == "postgresql+psycopg://lk@/cabinet"


def test_nothing_but_the_key_has_to_be_set(tmp_path: Path) -> None:
    config = read(tmp_path)
    assert config.database_url == f"sqlite:///{tmp_path / 'cabinet.db'}"
    assert config.public_url == "http://127.0.0.1:8000"
    assert not config.demo
