"""The conversations of a case as one reader sees them, and what may be written into each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app import clock
from app.actor import Actor
from app.cases.document_lines import DocumentLine
from app.cases.models import DRAFT, Case, CaseDocument, Message
from app.cases.policy import APPEAL, INTERNAL, Party, channels_of, may_write, may_write_internal
from app.cases.queries import documents_of, messages_of, moves_at, party, people
from app.cases.read_queries import read_by_others
from app.cases.undo import may_take_back
from app.company import queries as company
from app.company.wording import date_words
from app.documents.file_types import BY_CODE

#: Messages on the page of a case; the whole conversation has a page of its own.
LAST_MESSAGES = 30

#: The conversations of a page, by the names of their panels.
MAIN, WITH_SUPPLIER = "messages", "supplier-messages"

_AUTHORS = {"applicant": "Заявитель", "company": "Сетевая организация", "supplier": "Гарантирующий поставщик"}


@dataclass(frozen=True)
class FileLine:
    """One file as pages list it."""

    id: int
    title: str
    name: str
    type: str
    size: int
    added_at: datetime
    internal: bool
    #: What subjects above tell of it, for example its signatures.
    lines: Sequence[DocumentLine] = ()


@dataclass(frozen=True)
class Entry:
    """One entry of a conversation; `day` is said only when it is another one than before. Id 0 = the sending."""

    id: int
    author: str
    person: str
    own: bool
    internal: bool
    text: str
    at: datetime
    day: str
    files: Sequence[FileLine] = ()
    removed: bool = False
    read: bool = False
    undo: bool = False


@dataclass(frozen=True)
class Composer:
    """Where a message of one channel is written: the words around the field."""

    channel: str
    label: str
    hint: str
    button: str = "Отправить"


@dataclass(frozen=True)
class Talk:
    """One conversation: `name` is its panel's, `channel` the one that its earlier messages are asked for by."""

    name: str
    channel: str
    heading: str
    entries: Sequence[Entry]
    older: bool
    empty: str
    composers: Mapping[str, Composer]

    def line(self, first: int) -> int:
        """Over which message «новые» stands, when `first` was the first new one: what one has answered is not new any more."""
        answered = max((one.id for one in self.entries if one.own), default=0)
        new = (one.id for one in self.entries if one.id > answered and one.id >= first and not one.own)
        return next(new, 0) if first else 0

    def first_since(self, since: datetime | None) -> int:
        """The first message of others from an instant on."""
        new = (one.id for one in self.entries if one.id and not one.own and since and one.at >= since)
        return next(new, 0)

    def first_after(self, message: int) -> int:
        """The first message of others after a message; none when it is not known what was shown."""
        return next((one.id for one in self.entries if message and one.id > message and not one.own), 0)


def messages_context(case: Case, actor: Actor) -> dict[str, Any] | None:
    """The conversation that everybody has: with the company, of a supplier with the applicant."""
    return {"talk": talk_of(case, actor, MAIN)}


def supplier_messages_context(case: Case, actor: Actor) -> dict[str, Any] | None:
    """The applicant's second conversation, with the supplier named in the application."""
    if "supplier" not in channels_of(party(actor, case), case)[1:]:
        return None
    return {"talk": talk_of(case, actor, WITH_SUPPLIER)}


def talk_of(case: Case, actor: Actor, name: str, *, before: int | None = None) -> Talk:
    """The last messages of a conversation, or of those before a message, and where one may write."""
    side = party(actor, case)
    channels, heading = _channels(case, side, name)
    messages = messages_of(case, actor, channels=channels, before=before, limit=LAST_MESSAGES + 1)
    older = len(messages) > LAST_MESSAGES
    composers = {channel: composer(case, side, channel) for channel in channels if _may(side, case, channel)}
    asked = side == "applicant" and composers and "supplier" not in channels
    return Talk(
        name=name,
        channel=channels[0],
        heading=heading,
        entries=conversation(case, actor, messages[-LAST_MESSAGES:], from_start=name == MAIN and not older),
        older=older,
        empty="Новых сообщений нет, задайте интересующий вас вопрос" if asked else "Сообщений пока нет.",
        composers=composers,
    )


def _channels(case: Case, side: Party, name: str) -> tuple[tuple[str, ...], str]:
    """The channels that stand in a conversation, and its heading."""
    if name == WITH_SUPPLIER:
        return ("supplier",), f"Сообщения с ГП: {case.supplier_name}"
    main = channels_of(side, case)[0]
    heading = "Чат по заявке" if case.status == DRAFT else "Сообщения"
    return ((main, INTERNAL) if side == "company" else (main,)), heading


def _may(side: Party, case: Case, channel: str) -> bool:
    return may_write_internal(side, case) if channel == INTERNAL else may_write(side, case, channel)


def composer(case: Case, side: Party, channel: str) -> Composer:
    """Where this side writes into a channel: who reads it stands over the field."""
    profile = company.profile()
    if channel == INTERNAL:
        label, hint = "Внутренняя заметка, заявитель не видит", f"Видят только сотрудники {profile.name}."
        return Composer(channel, label, hint, "Сохранить заметку")
    if side != "applicant":
        only = ", сетевая организация не видит" if channel == "supplier" else ""
        return Composer(
            channel, "Сообщение заявителю", f"Видит заявитель{only}. Он получит письмо с этим текстом."
        )
    if channel == "supplier":
        hint = f"Видят сотрудники поставщика ({case.supplier_name}), сетевая организация не видит."
        if case.kind == APPEAL:
            return Composer(channel, "Сообщение", hint)
        # Two buttons stand on the page of an application: each says where the text goes.
        return Composer(channel, "Сообщение гарантирующему поставщику", hint, "Отправить поставщику")
    hours = f"Отвечаем {profile.hours}. " if profile.hours else ""
    return Composer(channel, "Задайте вопрос...", f"{hours}Видят сотрудники {profile.name}.{_of_draft(case)}")


def _of_draft(case: Case) -> str:
    if case.status != DRAFT:
        return ""
    if case.answers_shared:
        return " Анкету вы им показали."
    return " Вместе с вопросом они увидят номер черновика и имя заявителя, но не анкету."


def conversation(case: Case, actor: Actor, messages: Sequence[Message], *, from_start: bool) -> list[Entry]:
    """Messages as one reader sees them; when they are shown from the first one, the sending stands among them."""
    reader = _Reader(case, actor, messages)
    told: list[tuple[datetime, Message | None]] = [(message.created_at, message) for message in messages]
    if from_start and case.sent_at is not None and reader.side != "supplier" and case.kind != APPEAL:
        told.append((case.sent_at, None))
    entries, last = [], None
    for at, message in sorted(told, key=lambda one: (one[0], one[1].id if one[1] else 0)):
        day = clock.day_in(reader.zone, at)
        words = date_words(day, reader.today) if day != last else ""
        entries.append(reader.entry(message, words) if message else reader.sending(at, words))
        last = day
    return entries


class _Reader:
    """For whom entries are made, and what is read once for all of them."""

    def __init__(self, case: Case, actor: Actor, messages: Sequence[Message]) -> None:
        self.actor, self.side, self.now = actor, party(actor, case), clock.now()
        self.zone, self.today = company.profile().zone, company.today()
        self.files = _by_message(documents_of(case, actor)) if messages else {}
        self.names = people(one.author_id for one in messages if self._names(one))
        self.read = read_by_others(case.id, self.side) if messages else {}
        late = [one.created_at for one in messages if self._may_be_taken_back(one)]
        self.moves = moves_at(case.id, late) if late else set()

    def _may_be_taken_back(self, message: Message, *, part_of_act: bool = False) -> bool:
        return message.removed_at is None and may_take_back(
            message.author_id,
            self.actor.user_id,
            written_at=message.created_at,
            at=self.now,
            part_of_act=part_of_act,
        )

    def _names(self, message: Message) -> bool:
        """An applicant is told sides, colleagues are told each other, the company is told everybody."""
        return self.side == "company" or (self.side == message.author_party == "supplier")

    def entry(self, message: Message, day: str) -> Entry:
        """One message."""
        own, gone = message.author_id == self.actor.user_id, message.removed_at is not None
        author = "Заявитель" if message.author_party == "applicant" else message.author_name
        ours = message.author_party == self.side and message.channel != INTERNAL
        return Entry(
            id=message.id,
            author="Вы" if own else author or _AUTHORS[message.author_party],
            person=self.names.get(message.author_id, ""),
            own=own,
            internal=message.channel == INTERNAL,
            text=message.text,
            at=message.created_at,
            day=day,
            files=self.files.get(message.id, ()),
            removed=gone,
            read=ours and not gone and message.id <= self.read.get(message.channel, 0),
            undo=self._may_be_taken_back(
                message, part_of_act=(message.author_id, message.created_at) in self.moves
            ),
        )

    def sending(self, at: datetime, day: str) -> Entry:
        """The sending of the application as the first entry."""
        own = self.side == "applicant"
        author = "Вы" if own else "Заявитель"
        return Entry(0, author, "", own, False, "Отправлена заявка на подключение", at, day)


def _by_message(documents: Iterable[CaseDocument]) -> dict[int, list[FileLine]]:
    found: dict[int, list[FileLine]] = {}
    for one in documents:
        if one.message_id is not None:
            found.setdefault(one.message_id, []).append(file_line(one))
    return found


def file_line(found: CaseDocument) -> FileLine:
    """A file of a case as pages list it."""
    version = found.version
    label = BY_CODE[version.type_code].label
    return FileLine(
        found.id, found.title, version.file_name, label, version.size, found.added_at, found.internal
    )
