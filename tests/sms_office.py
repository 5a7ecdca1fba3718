"""A real local HTTP server in the place of operators of SMS, which answers as their documentation says.

Each operator has its own addresses; `mode` makes the next answers other ones. Nothing here knows the site.
"""

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

#: What a company is given by an operator, with signs that a URL has to spell out.
LOGIN, PASSWORD, SENDER = "seti@example.org", "s3c:r/t@ы", "KALINOVO"


@dataclass(frozen=True)
class Taken:
    """One request as it came."""

    at: float
    method: str
    path: str
    fields: dict[str, str]
    headers: dict[str, str]

    @property
    def text(self) -> str:
        """The text of the SMS, whatever the operator calls it."""
        return next((self.fields[name] for name in ("mes", "msg", "text") if name in self.fields), "")

    @property
    def phone(self) -> str:
        return next(
            (self.fields[name] for name in ("phones", "to", "destination", "number") if name in self.fields),
            "",
        )


@dataclass
class SmsOffice:
    """The server. `mode`: ok · away (HTTP 503) · fault (500) · lost (504) · garbage · empty · hang · drip (a byte now and
    then) · cut (takes the SMS, then breaks off) · moved (302) · number (refuses the number) · money (no money) · login.
    """

    mode: str = "ok"
    #: What became of the SMS, in the operator's own word.
    word: str = ""
    taken: list[Taken] = field(default_factory=list)

    def __post_init__(self) -> None:
        office = self

        class Handler(_Handler):
            pass

        Handler.office = office
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def url(self, scheme: str) -> str:
        """SMS_URL of one operator at this server."""
        secret = quote(PASSWORD, safe="")
        who = f"{quote(LOGIN, safe='')}:{secret}" if scheme in ("smsc", "smsaero") else secret
        return f"{scheme}://{who}@127.0.0.1:{self.port}?sender={SENDER}"

    def sent(self) -> list[Taken]:
        """The requests to send an SMS."""
        return [one for one in self.taken if one.text]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def answer(self, taken: Taken) -> tuple[int, Any]:
        """What an operator says to a request, by its documentation."""
        path, fields = taken.path, taken.fields
        if path.startswith("/sys/"):
            return 200, self._smsc(path, fields)
        if path.startswith(("/sms/", "/my/")):
            return 200, self._smsru(path, fields)
        if path.startswith(("/messaging/", "/finance/")):
            return self._exolve(path, taken)
        if path.startswith("/v2/"):
            return self._smsaero(path, taken)
        return 200, {"result": [{"uid": 77, "state": self.word or "in queue"}], "money": {"left": 12.5}}

    def _smsc(self, path: str, fields: dict[str, str]) -> Any:
        if fields.get("login") != LOGIN or fields.get("psw") != PASSWORD or self.mode == "login":
            return {"error": "authorise error", "error_code": 2}
        if fields.get("fmt") != "3" or fields.get("charset") != "utf-8":
            return {"error": "parameters error", "error_code": 1}
        if path == "/sys/balance.php":
            return {"balance": "123.45"}
        if path == "/sys/status.php":
            return {
                "status": int(self.word or 1),
                "last_date": "01.12.2026 00:00:00",
                "last_timestamp": 1796083200,
            }
        if self.mode == "number":
            return {"error": "invalid number", "error_code": 7}
        if self.mode == "money":
            return {"error": "no money", "error_code": 3}
        return {"id": 1001, "cnt": 1}

    def _smsru(self, path: str, fields: dict[str, str]) -> Any:
        if fields.get("api_id") != PASSWORD or fields.get("json") != "1" or self.mode == "login":
            return {"status": "ERROR", "status_code": 301, "status_text": "Неправильный api_id"}
        if path == "/my/balance":
            return {"status": "OK", "status_code": 100, "balance": 4122.56}
        if path == "/sms/status":
            one = {"status": "OK", "status_code": int(self.word or 103), "cost": 0.5, "status_text": "…"}
            return {"status": "OK", "status_code": 100, "sms": {fields["sms_id"]: one}, "balance": 4122.56}
        code = {"number": 202, "money": 201}.get(self.mode)
        one = (
            {"status": "ERROR", "status_code": code}
            if code
            else {"status": "OK", "status_code": 100, "sms_id": "000000-10000000"}
        )
        return {"status": "OK", "status_code": 100, "sms": {fields["to"]: one}, "balance": 4122.56}

    def _exolve(self, path: str, taken: Taken) -> tuple[int, Any]:
        if (
            taken.headers.get("Authorization") != f"Bearer {PASSWORD}".encode().decode("latin-1")
            or self.mode == "login"
        ):
            return 401, {"error": {"code": 16, "message": "unauthenticated"}}
        if path.endswith("/GetBalance"):
            return 200, {"balance": "512.30"}
        if path.endswith("/GetList"):
            one = {
                "message_id": taken.fields["message_id"],
                "delivery_status": self.word or "DELIVERY_STATUS_DELIVERED",
            }
            return 200, {"messages": [one]}
        if self.mode in ("number", "money"):
            return 400, {"error": {"code": 3, "message": self.mode}}
        return 200, {"message_id": "439166538239448537"}

    def _smsaero(self, path: str, taken: Taken) -> tuple[int, Any]:
        basic = base64.b64encode(f"{LOGIN}:{PASSWORD}".encode()).decode()
        if taken.headers.get("Authorization") != f"Basic {basic}" or self.mode == "login":
            return 401, {
                "success": False,
                "data": None,
                "message": "Your request was made with invalid credentials.",
            }
        if path == "/v2/balance":
            return 200, {"success": True, "data": {"balance": 1389.26}, "message": None}
        if path == "/v2/sms/status":
            return 200, {
                "success": True,
                "data": {"id": 12345, "status": int(self.word or 1)},
                "message": None,
            }
        if self.mode == "number":
            return 400, {
                "success": False,
                "data": {"number": ["Неверный номер."]},
                "message": "Validation error.",
            }
        if self.mode == "money":
            return 402, {"success": False, "data": None, "message": "Not enough money."}
        return 200, {
            "success": True,
            "data": {"id": 12345, "status": 0, "number": taken.fields["number"]},
            "message": None,
        }


class _Handler(BaseHTTPRequestHandler):
    office: SmsOffice

    def do_GET(self) -> None:
        self._take({})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        kind = self.headers.get("Content-Type", "")
        self._take(json.loads(body) if "json" in kind else dict(parse_qsl(body)))

    def _take(self, fields: dict[str, str]) -> None:
        office = self.office
        taken = Taken(time.time(), self.command, urlsplit(self.path).path, fields, dict(self.headers))
        office.taken.append(taken)
        mode = office.mode
        if mode in ("hang", "cut"):
            if mode == "hang":
                time.sleep(30)
            self.close_connection = True
            return
        codes = {"away": 503, "fault": 500, "lost": 504, "moved": 302}
        if mode in codes or mode in ("garbage", "empty"):
            self._send(codes.get(mode, 200), b"" if mode == "empty" else b"<html>sorry</html>")
            return
        status, told = office.answer(taken)
        self._send(status, json.dumps(told).encode(), drip=mode == "drip")

    def _send(self, status: int, body: bytes, *, drip: bool = False) -> None:
        self.send_response(status)
        if status == 302:
            self.send_header("Location", f"http://127.0.0.1:{self.office.port}/elsewhere")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        for byte in body if drip else ():
            self.wfile.write(bytes([byte]))
            time.sleep(0.2)
        if not drip:
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def sms_office(mode: str = "ok") -> Iterator[SmsOffice]:
    """A server for the length of a test."""
    office = SmsOffice(mode)
    try:
        yield office
    finally:
        office.close()
