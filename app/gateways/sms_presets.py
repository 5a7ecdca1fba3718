"""The operators that are known by name: smsc.ru, sms.ru, МТС Exolve and SMS Aero, as their documentation has them."""

from collections.abc import Mapping
from types import MappingProxyType

from app.gateways.sms_template import Call, Reports, Template

_SMSC_ACCESS = {"login": "{login}", "psw": "{password}", "fmt": "3", "charset": "utf-8"}
SMSC = Template(
    name="smsc",
    title="smsc.ru",
    send=Call(
        "https://smsc.ru/sys/send.php",
        {**_SMSC_ACCESS, "phones": "{phone}", "mes": "{text}", "sender": "{sender}"},
    ),
    id_path="id",
    error_paths=("error_code",),
    # 7: the number is written wrongly, 8: nothing can be delivered to it.
    bad_number=frozenset({"7", "8"}),
    status=Call("https://smsc.ru/sys/status.php", {**_SMSC_ACCESS, "phone": "{phone}", "id": "{id}"}),
    status_path="status",
    words={
        "-1": "queued",
        "0": "sent",
        "1": "delivered",
        "2": "delivered",
        "4": "delivered",
        "-2": "failed",
        "3": "failed",
        "20": "failed",
        "22": "failed",
        "23": "failed",
        "24": "failed",
        "25": "failed",
    },
    balance=Call("https://smsc.ru/sys/balance.php", _SMSC_ACCESS),
    balance_path="balance",
)

_SMSRU_ACCESS = {"api_id": "{password}", "json": "1"}
SMSRU = Template(
    name="smsru",
    title="sms.ru",
    send=Call(
        "https://sms.ru/sms/send", {**_SMSRU_ACCESS, "to": "{phone}", "msg": "{text}", "from": "{sender}"}
    ),
    id_path="sms.*.sms_id",
    error_paths=("status_code", "sms.*.status_code"),
    accepted=frozenset({"100"}),
    # 202: the number is wrong or has no route, 207: no way to it, 209: on the list of those who want no SMS.
    bad_number=frozenset({"202", "207", "209"}),
    status=Call("https://sms.ru/sms/status", {**_SMSRU_ACCESS, "sms_id": "{id}"}),
    status_path="sms.*.status_code",
    words={
        "100": "queued",
        "101": "queued",
        "102": "sent",
        "103": "delivered",
        "110": "delivered",
        "104": "failed",
        "105": "failed",
        "106": "failed",
        "107": "failed",
        "108": "failed",
        "150": "failed",
    },
    balance=Call("https://sms.ru/my/balance", _SMSRU_ACCESS),
    balance_path="balance",
    reports=Reports(lines="sms_status", answer="100"),
)

_EXOLVE_HEADERS = {"Authorization": "Bearer {password}"}
EXOLVE = Template(
    name="exolve",
    title="МТС Exolve",
    send=Call(
        "https://api.exolve.ru/messaging/v1/SendSMS",
        {"number": "{sender}", "destination": "{phone}", "text": "{text}"},
        json=True,
        headers=_EXOLVE_HEADERS,
    ),
    id_path="message_id",
    error_paths=("error.code", "error", "code"),
    accepted=frozenset({"0"}),
    status=Call(
        "https://api.exolve.ru/messaging/v1/GetList",
        {"message_id": "{id}"},
        json=True,
        headers=_EXOLVE_HEADERS,
    ),
    status_path="messages.*.delivery_status",
    words={
        f"{prefix}{word}": ours
        for prefix in ("", "DELIVERY_STATUS_")
        for word, ours in {
            "QUEUED": "queued",
            "ACCEPTED": "queued",
            "SENT": "sent",
            "ENROUTE": "sent",
            "DELIVERED": "delivered",
            "FAILED": "failed",
            "EXPIRED": "failed",
            "DELETED": "failed",
            "REJECTED": "failed",
            "UNDELIVERABLE": "failed",
            "UNDELIVERED": "failed",
            "UNKNOWN": "unknown",
        }.items()
    },
    balance=Call("https://api.exolve.ru/finance/v1/GetBalance", {}, json=True, headers=_EXOLVE_HEADERS),
    balance_path="balance",
    reports=Reports(id_path="message_id", status_path="delivery_status"),
)

_AERO_HEADERS = {"Authorization": "Basic {basic}"}
SMSAERO = Template(
    name="smsaero",
    title="SMS Aero",
    send=Call(
        "https://gate.smsaero.ru/v2/sms/send",
        {"number": "{phone}", "text": "{text}", "sign": "{sender}"},
        headers=_AERO_HEADERS,
    ),
    id_path="data.id",
    error_paths=("success",),
    accepted=frozenset({"true"}),
    bad_number_paths=("data.number.*",),
    status=Call("https://gate.smsaero.ru/v2/sms/status", {"id": "{id}"}, headers=_AERO_HEADERS),
    status_path="data.status",
    words={
        "0": "queued",
        "1": "delivered",
        "2": "failed",
        "3": "sent",
        "4": "sent",
        "6": "failed",
        "8": "queued",
    },
    balance=Call("https://gate.smsaero.ru/v2/balance", {}, headers=_AERO_HEADERS),
    balance_path="data.balance",
)

PRESETS: Mapping[str, Template] = MappingProxyType(
    {preset.name: preset for preset in (SMSC, SMSRU, EXOLVE, SMSAERO)}
)
