"""Any operator of SMS that speaks HTTP, as data: what is posted where, and at which path of the answer its words stand.

A path is names with dots between them, «data.id»; «*» is the first one of whatever stands there («sms.*.sms_id»). In
fields, headers and addresses stand {phone} (79…), {text}, {sender}, {login}, {password}, {id} and {key}.
"""

import base64
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from app.gateways.sms import Report, Sms, SmsAway, SmsRefused, SmsUnknown
from app.gateways.sms_http import Answer, NotAnswered, NotReached, Question, ask

#: Seconds for one question to an operator.
ANSWER_SECONDS = 10.0
#: … and for the money left, which a page waits for.
BALANCE_SECONDS = 4.0
#: Answers of machines that stand before the operator and lost its own one: nobody knows what it did.
LOST = frozenset({502, 504})
_PLACE = re.compile(r"\{(phone|text|sender|login|password|id|key|basic)\}")
_LONGEST_ID = 80


@dataclass(frozen=True)
class Call:
    """One question: address, fields (sent as a form, or as JSON) and headers. Always a POST."""

    url: str
    fields: Mapping[str, str] = field(default_factory=dict)
    json: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reports:
    """How the operator tells of deliveries by itself: where in a form or in JSON the id and the word stand.

    `lines` names fields that hold several lines instead, the id in the second and the word in the third (sms.ru).
    """

    id_path: str = "id"
    status_path: str = "status"
    lines: str = ""
    answer: str = ""


@dataclass(frozen=True)
class Template:
    """An operator. Codes are compared as text; `error_paths` hold codes, all but `accepted` of which are refusals."""

    name: str
    title: str
    send: Call
    id_path: str
    error_paths: Sequence[str] = ()
    accepted: frozenset[str] = frozenset()
    #: Codes, or paths where anything stands, by which the operator refuses the number itself.
    bad_number: frozenset[str] = frozenset()
    bad_number_paths: Sequence[str] = ()
    status: Call | None = None
    status_path: str = ""
    #: The operator's words about a delivery → ours.
    words: Mapping[str, str] = field(default_factory=dict)
    balance: Call | None = None
    balance_path: str = ""
    reports: Reports = field(default_factory=Reports)


@dataclass(frozen=True)
class Access:
    """By what an operator knows the company, and under which name SMS come."""

    login: str = ""
    password: str = ""
    sender: str = ""


class HttpOperator:
    """The operator of a template."""

    def __init__(
        self, template: Template, access: Access, *, base: str = "", seconds: float = ANSWER_SECONDS
    ) -> None:
        """`base` («https://host:port») stands in for the operator's own address; `seconds` is for one question."""
        self.template, self.access, self.base, self.seconds = template, access, base, seconds
        self.name = template.name

    def __repr__(self) -> str:
        """No secrets in tracebacks."""
        return f"<operator {self.name}>"

    @property
    def label(self) -> str:
        """«smsc.ru, отправитель SETI»."""
        sender = f", отправитель {self.access.sender}" if self.access.sender else ""
        return f"{self.template.title}{sender}"

    @property
    def tells_delivery(self) -> bool:
        """Whether it can be asked what became of an SMS."""
        return self.template.status is not None

    @property
    def report_answer(self) -> str:
        """The body with which it wants its reports answered."""
        return self.template.reports.answer

    def send(self, sms: Sms) -> str:
        """Hand over one SMS; its id there. Raises SmsRefused, SmsAway or SmsUnknown."""
        values = {"phone": sms.phone.removeprefix("+"), "text": sms.text, "key": sms.key}
        try:
            answer = self._asked(self.template.send, values)
        except NotReached as error:
            raise SmsAway(str(error)) from error
        except NotAnswered as error:
            raise SmsUnknown(str(error)) from error
        return self._taken(answer)

    def status(self, message_id: str, phone: str) -> str:
        """What became of an SMS; '' when the operator tells nothing that we know. Raises SmsAway."""
        if self.template.status is None:
            return ""
        values = {"id": message_id, "phone": phone.removeprefix("+")}
        return self._delivery(at_path(self._told(self.template.status, values), self.template.status_path))

    def balance(self) -> str:
        """The money left, as the operator tells it; '' when it tells none. Raises SmsAway."""
        if self.template.balance is None:
            return ""
        told = self._told(self.template.balance, {}, seconds=min(self.seconds, BALANCE_SECONDS))
        return words_of(at_path(told, self.template.balance_path))[:20]

    def reports(self, content_type: str, body: bytes) -> list[Report]:
        """What a call of the operator to the site tells; nothing when it cannot be read."""
        return [
            Report(message_id[:_LONGEST_ID], self._delivery(word))
            for message_id, word in self._reported(content_type, body)
            if message_id
        ]

    def _taken(self, answer: Answer) -> str:
        """The id in the answer to a sending, or the refusal that it is."""
        told = _parsed(answer)
        code = self._refusal(told)
        if code and (
            code in self.template.bad_number
            or any(at_path(told, path) for path in self.template.bad_number_paths)
        ):
            raise SmsRefused(f"code {code}"[:60])
        if code:
            http = "" if answer.status == 200 else f", HTTP {answer.status}"
            raise SmsAway(f"code {code[:40]}{http}")
        if answer.status in LOST:
            raise SmsUnknown(f"HTTP {answer.status}")
        if not 200 <= answer.status < 300:
            raise SmsAway(f"HTTP {answer.status}")
        message_id = words_of(at_path(told, self.template.id_path))
        if not message_id:
            raise SmsUnknown("no id in the answer")
        return message_id[:_LONGEST_ID]

    def _refusal(self, told: Any) -> str:
        """The code by which an answer refuses, or ''."""
        codes = (words_of(at_path(told, path)) for path in self.template.error_paths)
        return next((code for code in codes if code and code not in self.template.accepted), "")

    def _told(self, call: Call, values: Mapping[str, str], *, seconds: float = 0) -> Any:
        """The answer to a question that may be put again; raises SmsAway."""
        try:
            answer = self._asked(call, values, seconds=seconds)
        except (NotReached, NotAnswered) as error:
            raise SmsAway(str(error)) from error
        told = _parsed(answer)
        if told is None or not 200 <= answer.status < 300:
            raise SmsAway(f"HTTP {answer.status}")
        return told

    def _asked(self, call: Call, values: Mapping[str, str], *, seconds: float = 0) -> Answer:
        filled = _Filling(self.access, values)
        fields = {name: filled(text) for name, text in call.fields.items()}
        # An empty field is left out: an operator would take it for a sender without a name.
        fields = {name: text for name, text in fields.items() if text}
        kind = "application/json" if call.json else "application/x-www-form-urlencoded"
        body = json.dumps(fields, ensure_ascii=False) if call.json else urlencode(fields)
        headers = {
            "Content-Type": f"{kind}; charset=utf-8",
            "Accept": "application/json",
            **{name: filled(text) for name, text in call.headers.items()},
        }
        return ask(Question(self._address(call.url), headers, body.encode()), seconds=seconds or self.seconds)

    def _address(self, url: str) -> str:
        if not self.base:
            return url
        own, parts = urlsplit(self.base), urlsplit(url)
        return urlunsplit((own.scheme, own.netloc, parts.path, parts.query, ""))

    def _delivery(self, word: Any) -> str:
        return self.template.words.get(words_of(word), "")

    def _reported(self, content_type: str, body: bytes) -> Iterator[tuple[str, str]]:
        reading = self.template.reports
        for told in _reports_in(content_type, body):
            if not reading.lines:
                yield words_of(at_path(told, reading.id_path)), words_of(at_path(told, reading.status_path))
                continue
            for name, text in told.items() if isinstance(told, dict) else ():
                lines = text.splitlines() if isinstance(text, str) and name.startswith("data") else []
                if len(lines) >= 3 and lines[0] == reading.lines:
                    yield lines[1].strip(), lines[2].strip()


class _Filling:
    """Puts values into the places of a text, each once: what a person typed is not looked through for places."""

    def __init__(self, access: Access, values: Mapping[str, str]) -> None:
        basic = base64.b64encode(f"{access.login}:{access.password}".encode()).decode()
        own = {"sender": access.sender, "login": access.login, "password": access.password, "basic": basic}
        self.values = {**own, **values}

    def __call__(self, text: str) -> str:
        return _PLACE.sub(lambda found: self.values.get(found[1], ""), text)


def at_path(told: Any, path: str) -> Any:
    """What stands at a path of an answer, or None."""
    for name in path.split(".") if path else ():
        if name == "*":
            inside = list(told.values()) if isinstance(told, dict) else told if isinstance(told, list) else []
            told = inside[0] if inside else None
        else:
            told = told.get(name) if isinstance(told, dict) else None
    return told


def words_of(value: Any) -> str:
    """A value of an answer as text: numbers as they are written, true and false in small letters, '' for anything else."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value).strip() if isinstance(value, str | int | float) else ""
    return text if text.isprintable() and max(text, default="") <= "\ud7ff" else ""


def _parsed(answer: Answer) -> Any:
    try:
        return json.loads(answer.body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None


def _reports_in(content_type: str, body: bytes) -> list[Any]:
    """The objects of a report, at most a hundred: one form, one JSON object or a list of them."""
    try:
        text = body.decode()
        told = json.loads(text) if "json" in content_type else dict(parse_qsl(text, max_num_fields=200))
    except (ValueError, RecursionError):
        return []
    return told[:100] if isinstance(told, list) else [told]
