"""SMS_URL: which operators an installation sends SMS through, read once at the start.

`smsc://login:password@?sender=SETI`, `smsru://api_id@?sender=…`, `exolve://key@?sender=…`, `smsaero://email:key@?sender=…`;
`template:operator.json` for another one, a file of the instance (its fields: `_FILE`); `keep` for a stand. An error never
shows the address: it holds the operator's password.
"""

import ipaddress
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from app.config import ConfigError
from app.gateways.sms import KeptSms, Operators, SmsDesk
from app.gateways.sms_presets import PRESETS
from app.gateways.sms_template import ANSWER_SECONDS, Access, Call, HttpOperator, Reports, Template

KEEP = "keep"
#: The folder of kept SMS in the instance.
FOLDER = "sms"
FORMS = "smsc://login:password@?sender=ИМЯ, smsru://…, exolve://…, smsaero://… или template:файл.json"
_NAME = re.compile(r"[a-z][a-z0-9-]{1,19}")
_CALL = {"url", "method", "fields", "json", "headers"}
_FILE = {"name", "title", "login", "password", "sender", "send", "id_path", "error_paths", "accepted"} | {
    "bad_number",
    "bad_number_paths",
    "status",
    "status_path",
    "words",
    "balance",
    "balance_path",
    "reports",
}


def sms_desk(urls: Sequence[str], instance: Path, *, seconds: float = ANSWER_SECONDS) -> SmsDesk:
    """The way of SMS of one installation; `seconds` is for one question. Raises ConfigError with one line."""
    if KEEP in urls:
        if len(urls) > 1:
            raise ConfigError(
                f"SMS_URL={KEEP} складывает СМС в папку и не отправляет: второго оператора при нем не бывает"
            )
        return KeptSms(instance / FOLDER)
    operators = [_operator(url, instance, seconds) for url in urls]
    if len({one.name for one in operators}) < len(operators):
        raise ConfigError("SMS_URL и SMS_URL_2 называют одного оператора: запасной должен быть другим")
    return Operators(operators)


def sms_words(urls: Sequence[str], instance: Path) -> str:
    """Through whom SMS go, without secrets: «smsc.ru, отправитель SETI; SMS Aero»; '' for nobody."""
    return "; ".join(one.label for one in sms_desk(urls, instance).operators)


def _operator(url: str, instance: Path, seconds: float) -> HttpOperator:
    if url.startswith("template:"):
        return _from_file(instance / url.removeprefix("template:"), seconds)
    wrong = ConfigError(f"SMS_URL должен быть вида {FORMS}")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise wrong from None
    template = PRESETS.get(parts.scheme)
    sender = parse_qs(parts.query).get("sender", [""])[0]
    login, password = unquote(parts.username or ""), unquote(parts.password or "")
    if template is None or parts.path not in ("", "/") or not (login or password):
        raise wrong
    base = f"{_scheme(host)}://{host}:{port}" if port else f"{_scheme(host)}://{host}" if host else ""
    return HttpOperator(template, Access(login, password or login, sender), base=base, seconds=seconds)


def _from_file(path: Path, seconds: float) -> HttpOperator:
    """The operator of a JSON file of the instance; raises ConfigError that names the file and what is wrong."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise ConfigError(f"SMS_URL: файл {path} не читается") from None
    except (ValueError, RecursionError):
        raise ConfigError(f"SMS_URL: в файле {path} нет JSON") from None
    try:
        return HttpOperator(
            _template(told),
            Access(*(told.get(key, "") for key in ("login", "password", "sender"))),
            seconds=seconds,
        )
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        reason = str(error) if isinstance(error, ValueError) else "проверьте названия и виды полей"
        raise ConfigError(f"SMS_URL: файл {path}: {reason}") from None


def _template(told: Mapping[str, Any]) -> Template:
    unknown = sorted(set(told) - _FILE)
    if unknown:
        raise ValueError(f"непонятное поле {unknown[0]}")
    if not _NAME.fullmatch(told["name"]):
        raise ValueError("name: короткое имя из строчных латинских букв и цифр")
    return Template(
        name=told["name"],
        title=str(told.get("title") or told["name"]),
        send=_call("send", told["send"]),
        id_path=str(told["id_path"]),
        error_paths=_texts(told.get("error_paths", [])),
        accepted=frozenset(_texts(told.get("accepted", []))),
        bad_number=frozenset(_texts(told.get("bad_number", []))),
        bad_number_paths=_texts(told.get("bad_number_paths", [])),
        status=_call("status", told["status"]) if "status" in told else None,
        status_path=str(told.get("status_path", "")),
        words=_pairs(told.get("words", {})),
        balance=_call("balance", told["balance"]) if "balance" in told else None,
        balance_path=str(told.get("balance_path", "")),
        reports=Reports(**_pairs(told.get("reports", {}))),
    )


def _call(name: str, told: Mapping[str, Any]) -> Call:
    unknown = sorted(set(told) - _CALL)
    if unknown:
        raise ValueError(f"{name}: непонятное поле {unknown[0]}")
    if told.get("method", "POST") != "POST":
        raise ValueError(f"{name}: method бывает только POST: из адреса код попал бы в чужие журналы")
    parts = urlsplit(told["url"])
    if parts.scheme not in ("http", "https") or not parts.hostname or "{text}" in told["url"]:
        raise ValueError(f"{name}: url вида https://api.example.org/send, без текста СМС в нем")
    if parts.scheme != _scheme(parts.hostname):
        raise ValueError(f"{name}: пароль и код ушли бы по сети открытыми, нужен https://")
    return Call(
        told["url"], _pairs(told.get("fields", {})), bool(told.get("json")), _pairs(told.get("headers", {}))
    )


def _pairs(told: Mapping[str, Any]) -> dict[str, str]:
    return {str(name): str(text) for name, text in told.items()}


def _texts(told: Sequence[Any]) -> list[str]:
    if isinstance(told, str):
        raise TypeError("a list is wanted")
    return [str(text) for text in told]


def _scheme(host: str) -> str:
    """https, but http within this machine."""
    try:
        inside = ipaddress.ip_address(host).is_loopback
    except ValueError:
        inside = host == "localhost"
    return "http" if inside else "https"
