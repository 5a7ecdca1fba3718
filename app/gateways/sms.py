"""SMS to the outside world: through one operator or two, or kept in a folder in the demo. Knows no subject and no database.

What an operator says decides between four ends: it took the SMS; it refused the number for good; it took nothing, so that
another may be tried; or it did not answer in time, and nobody knows whether the SMS has left. The last is never repeated.
"""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class Sms:
    """One SMS to one number («+79…»); `key` stays the same however often it is tried."""

    key: str
    phone: str
    text: str


@dataclass(frozen=True)
class Handed:
    """Which operator took an SMS, and its own id of it ('' when it told none)."""

    provider: str
    message_id: str


@dataclass(frozen=True)
class Report:
    """What an operator tells of one SMS: queued, sent, delivered, failed or unknown; '' for a word we do not know."""

    message_id: str
    delivery: str


class SmsRefused(Exception):
    """The operator takes no SMS to this number: trying again would not help. The text is a code without personal data."""


class SmsAway(Exception):
    """No operator took the SMS, and none can have: it may be tried again. The text is a code without personal data."""


class SmsUnknown(Exception):
    """The operator did not answer in time, so the SMS may have left: it must not be tried again."""

    def __init__(self, reason: str, provider: str = "") -> None:
        """Keep a code without personal data, and who did not answer."""
        super().__init__(reason)
        self.provider = provider


class Operator(Protocol):
    """One operator of SMS."""

    @property
    def name(self) -> str:
        """The short name in the ledger and in the address of its reports."""

    @property
    def label(self) -> str:
        """How an administrator knows it: the service and the sender's name, no secret."""

    @property
    def tells_delivery(self) -> bool:
        """Whether it can be asked what became of an SMS."""

    @property
    def report_answer(self) -> str:
        """The body with which it wants its reports answered."""

    def send(self, sms: Sms) -> str:
        """Hand over one SMS; its id there. Raises SmsRefused, SmsAway or SmsUnknown."""

    def status(self, message_id: str, phone: str) -> str:
        """What became of an SMS, as in `Report.delivery`; raises SmsAway."""

    def balance(self) -> str:
        """The money left, as the operator tells it; raises SmsAway."""

    def reports(self, content_type: str, body: bytes) -> Sequence[Report]:
        """What a call of the operator to the site tells; nothing when it cannot be read."""


class SmsDesk(Protocol):
    """A way to send SMS."""

    @property
    def ready(self) -> bool:
        """Whether SMS leave at all."""

    @property
    def operators(self) -> Sequence[Operator]:
        """Who sends them, the first one first."""

    def send(self, sms: Sms, *, at: datetime) -> Handed:
        """Hand over one SMS; raises SmsRefused, SmsAway or SmsUnknown."""


class Operators:
    """The first operator, and the second one when the first takes nothing."""

    def __init__(self, operators: Sequence[Operator] = ()) -> None:
        """Remember them; without any no SMS are sent."""
        self.operators = tuple(operators)

    @property
    def ready(self) -> bool:
        """Whether there is an operator."""
        return bool(self.operators)

    def send(self, sms: Sms, *, at: datetime) -> Handed:
        """Hand over one SMS to the first operator that takes it; raises SmsRefused, SmsAway or SmsUnknown."""
        reasons = []
        for operator in self.operators:
            try:
                return Handed(operator.name, operator.send(sms))
            except SmsAway as away:
                reasons.append(f"{operator.name}: {away}")
            except SmsUnknown as unknown:
                raise SmsUnknown(str(unknown), operator.name) from unknown
        raise SmsAway("; ".join(reasons) or "no operator")

    def find(self, name: str) -> Operator | None:
        """The operator of a name."""
        return next((one for one in self.operators if one.name == name), None)


@dataclass(frozen=True)
class KeptMessage:
    """An SMS of the folder, and when it was written."""

    sms: Sms
    at: datetime


#: The name under which kept SMS stand in the ledger.
KEPT = "kept"


class KeptSms:
    """SMS written to a folder, one JSON file each: the way of the demo, which shows them on its outbox page."""

    ready = True
    operators: Sequence[Operator] = ()

    def __init__(self, folder: Path) -> None:
        """Remember the folder; it is made with the first SMS."""
        self.folder = folder

    def send(self, sms: Sms, *, at: datetime) -> Handed:
        """Write the SMS under its key, so that a second sending is the same file."""
        self.folder.mkdir(parents=True, exist_ok=True)
        name = hashlib.sha256(sms.key.encode()).hexdigest()[:32]
        temporary = self.folder / f".{name}.{os.getpid()}"
        written: Mapping[str, str] = {**asdict(sms), "at": at.isoformat()}
        temporary.write_text(json.dumps(written, ensure_ascii=False), encoding="utf-8")
        os.replace(temporary, self.folder / f"{name}.json")
        return Handed(KEPT, "")

    def newest(self, limit: int) -> list[KeptMessage]:
        """The SMS written last, the newest first."""
        written = [(path.stat().st_mtime_ns, path) for path in self.folder.glob("[0-9a-f]*.json")]
        return [_kept(path) for _, path in sorted(written, reverse=True)[:limit]]


def _kept(path: Path) -> KeptMessage:
    stored = json.loads(path.read_text(encoding="utf-8"))
    at = datetime.fromisoformat(stored.pop("at"))
    return KeptMessage(Sms(**stored), at)
