"""Confirmation of an account in the office: by which documents, and what is written about them. Pure."""

from collections.abc import Mapping
from types import MappingProxyType

from app.characters import composed, is_blank, one_line, refuse_control, refuse_longer, without_bidi
from app.errors import InvalidValue

#: What a person may show; the keys are stored.
DOCUMENT_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "passport": "Паспорт",
        "authority": "Паспорт и доверенность",
        "other": "Иной документ, удостоверяющий личность",
    }
)
LONGEST_NOTE = 300
LONGEST_REMARK = 1000


def parse_note(text: str) -> str:
    """One line about the shown document; raises InvalidValue when it is empty or too long."""
    label = "Реквизиты документа"
    note = one_line(_clean(text, label, LONGEST_NOTE, allowed="\t\r\n"))
    if is_blank(note):
        raise InvalidValue(
            f"{label}: напишите, какой документ показан, например «паспорт, выдан 20.11.2010»."
        )
    return note


def parse_reason(text: str) -> str:
    """One line: why a confirmation is taken back; raises InvalidValue when it is empty or too long."""
    reason = one_line(_clean(text, "Причина", LONGEST_NOTE, allowed="\t\r\n"))
    if is_blank(reason):
        raise InvalidValue("Напишите причину: заявитель прочитает ее в письме.")
    return reason


def parse_remark(text: str) -> str:
    """A remark of the office, may be empty and of several lines; raises InvalidValue when it is too long."""
    return _clean(text.replace("\r\n", "\n"), "Примечание", LONGEST_REMARK, allowed="\t\n")


def _clean(text: str, label: str, longest: int, *, allowed: str) -> str:
    text = without_bidi(composed(text, label=label, max_length=longest))
    refuse_control(text, label=label, allowed=allowed)
    refuse_longer(text, label=label, max_length=longest)
    return text
