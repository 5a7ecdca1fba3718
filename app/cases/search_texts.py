"""What of a case can be searched, and by whom: the same rights as in `policy`, told over plain values.

Pure; subjects above register what the answers of their kind of case say. Knows no database.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from app.cases.policy import DRAFT, INTERNAL, CaseFacts
from app.cases.search_words import LONGEST_TEXT, index_text, words_of

#: Begins the word that says of which supplier a text is; no text and no query has the sign in a word.
OF_SUPPLIER = "§"


class Told(NamedTuple):
    """Words of a questionnaire: what everybody reads who may see the answers, and what suppliers do not."""

    to_all: Sequence[str] = ()
    not_to_suppliers: Sequence[str] = ()


class Searched(CaseFacts, Protocol):
    """What is searched of a case itself."""

    @property
    def id(self) -> int: ...  # noqa: D102
    @property
    def number(self) -> str | None: ...  # noqa: D102
    @property
    def supplier_number(self) -> str | None: ...  # noqa: D102
    @property
    def title(self) -> str: ...  # noqa: D102
    @property
    def topic(self) -> str: ...  # noqa: D102
    @property
    def facts(self) -> str: ...  # noqa: D102
    @property
    def place(self) -> str: ...  # noqa: D102
    @property
    def cadastral(self) -> str: ...  # noqa: D102
    @property
    def applicant_name(self) -> str: ...  # noqa: D102
    @property
    def supplier_name(self) -> str: ...  # noqa: D102
    @property
    def answers(self) -> Mapping[str, Any]: ...  # noqa: D102


class Written(NamedTuple):
    """One message."""

    channel: str
    supplier_id: int | None
    text: str


_Words = Sequence[str]
_Talk = Sequence[tuple[Written, _Words]]


@dataclass(frozen=True, slots=True)
class Texts:
    """The words of a case for each audience, as `search_words.index_text` gives them; empty = it is not theirs."""

    applicant: str
    company: str
    supplier: str


_TOLD: dict[str, Callable[[Mapping[str, Any]], Told]] = {}


def register(kind: str, told: Callable[[Mapping[str, Any]], Told]) -> None:
    """Say which answers of a kind of case are searched; a second call with the same function changes nothing."""
    _TOLD[kind] = told


def supplier_word(supplier_id: int) -> str:
    """The word by which the index keeps the cases of one supplier apart."""
    return f"{OF_SUPPLIER}{supplier_id}"


def texts_of(case: Searched, inn: str, messages: Sequence[Written]) -> Texts:
    """What each audience may search of a case; `messages` come with the newest first, so that long talks lose the oldest."""
    told = _TOLD[case.kind](case.answers) if case.kind in _TOLD else Told()
    numbers = _words(str(case.id), case.number or "", case.supplier_number or "", case.applicant_name)
    card = [case.title, case.topic, case.place, case.cadastral, inn, case.facts, case.supplier_name]
    whole = [*numbers, *_words(*card, *told.to_all)]
    closed = _words(*told.not_to_suppliers)
    talk = _read(messages)
    return Texts(
        applicant=index_text([*whole, *closed, *_of(talk, "company", "supplier")]),
        company=_company_text(case, numbers, [*whole, *closed], talk),
        supplier=_supplier_text(case, whole, talk),
    )


def _read(messages: Sequence[Written]) -> _Talk:
    """The words of the newest messages of each conversation: what no index would hold is not taken apart at every act."""
    room: dict[tuple[str, int | None], int] = {}
    talk = []
    for one in messages:
        name = (one.channel, one.supplier_id)
        left = room.get(name, LONGEST_TEXT)
        room[name] = max(0, left - len(one.text))
        if left:
            talk.append((one, words_of(one.text[:left])))
    return talk


def _company_text(case: Searched, numbers: Sequence[_Words], whole: Sequence[_Words], talk: _Talk) -> str:
    """Of a draft the company knows the question that was asked, the number and the name, until it is shown more."""
    if case.recipient != "company" or (case.status == DRAFT and case.draft_opened_at is None):
        return ""
    card = whole if case.status != DRAFT or case.answers_shared else numbers
    return index_text([*card, *_of(talk, "company", INTERNAL)])


def _supplier_text(case: Searched, whole: Sequence[_Words], talk: _Talk) -> str:
    if case.supplier_id is None or case.status == DRAFT:
        return ""
    own = [(one, words) for one, words in talk if one.supplier_id == case.supplier_id]
    return f"{supplier_word(case.supplier_id)} {index_text([*whole, *_of(own, 'supplier')])}"


def _words(*texts: str) -> list[_Words]:
    return [words_of(text) for text in texts if text]


def _of(talk: _Talk, *channels: str) -> list[_Words]:
    return [words for one, words in talk if one.channel in channels]
