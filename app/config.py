"""Settings of one installation, read once from the environment.

Knows names of variables and their limits; must not know Flask, the database or any subject. A wrong value stops the
start with one clear line, so that nothing runs half configured.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

SECRET_KEY_BYTES = 32


class ConfigError(RuntimeError):
    """A setting is missing or wrong; the message is one line for the operator, in Russian."""


@dataclass(frozen=True)
class Config:
    """What an installation is set up with; times are in seconds."""

    instance_path: Path
    database_url: str
    redis_url: str
    public_url: str
    mail_url: str
    mail_from: str
    secret_key: str
    demo: bool
    dispatch_interval: float
    lease_seconds: int
    accel_files: bool
    htmx_source: str = "cdn"
    #: Places «host:port» in our own network from which revocation lists may be fetched, e.g. a mirror of them.
    lists_allowed: tuple[str, ...] = ()
    #: Whom SMS go through, the first one first: see `app/gateways/sms_addresses.py`; `keep` puts them into a folder.
    sms_urls: tuple[str, ...] = ()
    #: Keys of before: what they have signed and what was worked out from them still counts.
    secret_key_fallbacks: tuple[str, ...] = ()

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> "Config":
        """Read every setting; raises ConfigError with one line when a value cannot be used."""
        env = os.environ if environ is None else environ
        instance = Path(env.get("INSTANCE_PATH") or "instance").resolve()
        public_url = env.get("PUBLIC_URL") or f"http://127.0.0.1:{env.get('PORT', '8000')}"
        return cls(
            instance_path=instance,
            database_url=env.get("DATABASE_URL") or f"sqlite:///{instance / 'cabinet.db'}",
            redis_url=env.get("REDIS_URL") or f"unix://{instance / 'run' / 'redis.sock'}",
            public_url=_checked_url(public_url),
            mail_url=_set_or_kept(env, "MAIL_URL", instance) or "",
            mail_from=_set_or_kept(env, "MAIL_FROM", instance) or "cabinet@example.org",
            secret_key=_secret_key(env, instance),
            secret_key_fallbacks=_fallbacks(env),
            demo=env.get("DEMO", "0") == "1",
            sms_urls=_sms_urls(env, instance),
            lists_allowed=tuple((env.get("LISTS_ALLOWED") or "").split()),
            dispatch_interval=_seconds(env, "DISPATCH_INTERVAL", 1.0),
            lease_seconds=int(_seconds(env, "LEASE_SECONDS", 60)),
            accel_files=env.get("ACCEL_FILES", "0") == "1",
            htmx_source=_one_of(env, "HTMX_SOURCE", ("cdn", "site")),
        )

    @property
    def secure(self) -> bool:
        """Whether people reach the site by https: cookies and headers follow it."""
        return self.public_url.startswith("https://")

    @property
    def sms_seconds(self) -> float:
        """How long one operator of SMS may take to answer: two of them within a lease, at most ten seconds each."""
        return min(10.0, self.lease_seconds * 5 / 12)

    @property
    def print_seconds(self) -> float:
        """How long the printing of one document may take: a lease and a half, at most ninety seconds."""
        return min(90.0, self.lease_seconds * 1.5)

    @property
    def print_lease_seconds(self) -> int:
        """How long a worker may hold a document: its printing, and half a lease to put it into the case."""
        return round(self.print_seconds + self.lease_seconds / 2)

    @property
    def sqlalchemy_url(self) -> str:
        """The address of the database in SQLAlchemy's words (psycopg 3 for PostgreSQL)."""
        for prefix in ("postgresql://", "postgres://"):
            if self.database_url.startswith(prefix):
                return "postgresql+psycopg://" + self.database_url.removeprefix(prefix)
        return self.database_url


def _checked_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/"):
        raise ConfigError(f"PUBLIC_URL должен быть адресом сайта вида https://lk.example.org, сейчас: {url}")
    return url.rstrip("/")


def _secret_key(env: Mapping[str, str], instance: Path) -> str:
    key = env.get("SECRET_KEY", "")
    path = Path(env.get("SECRET_KEY_FILE") or instance / "secret_key")
    if not key and path.exists():
        key = path.read_text(encoding="ascii").strip()
    if len(key) < SECRET_KEY_BYTES:
        raise ConfigError(
            f"Нужен секретный ключ не короче {SECRET_KEY_BYTES} знаков: SECRET_KEY или файл {path}"
        )
    return key


def _fallbacks(env: Mapping[str, str]) -> tuple[str, ...]:
    """Keys of before, with spaces between them; each as long as a key has to be."""
    keys = tuple(env.get("SECRET_KEY_FALLBACKS", "").split())
    if any(len(key) < SECRET_KEY_BYTES for key in keys):
        raise ConfigError(f"SECRET_KEY_FALLBACKS: каждый прежний ключ не короче {SECRET_KEY_BYTES} знаков")
    return keys


def _set_or_kept(env: Mapping[str, str], name: str, instance: Path) -> str | None:
    """A variable of the environment, also an empty one, or else what `flask setup` has put into the instance."""
    if name in env:
        return env[name]
    path = instance / name.lower()
    return path.read_text(encoding="utf-8").strip() if path.exists() else None


def _sms_urls(env: Mapping[str, str], instance: Path) -> tuple[str, ...]:
    """SMS_URL and the second one; the demo keeps its SMS to itself when there is none."""
    urls = [_set_or_kept(env, name, instance) for name in ("SMS_URL", "SMS_URL_2")]
    return tuple(url for url in urls if url) or (("keep",) if env.get("DEMO", "0") == "1" else ())


def _one_of(env: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    """The value of a setting that knows few words; the first one is the default."""
    value = env.get(name) or choices[0]
    if value not in choices:
        raise ConfigError(f"{name} может быть {' или '.join(choices)}, сейчас: {value}")
    return value


def _seconds(env: Mapping[str, str], name: str, default: float) -> float:
    try:
        value = float(env.get(name) or default)
    except ValueError:
        raise ConfigError(f"{name} должно быть числом секунд, сейчас: {env[name]}") from None
    if not 0 < value <= 3600:
        raise ConfigError(f"{name} должно быть больше 0 и не больше 3600 секунд, сейчас: {value}")
    return value
