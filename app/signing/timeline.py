"""How the journal entries of this subject are told in the timeline of a case."""

from collections.abc import Callable, Mapping
from typing import Any

from app.signing.slot_rules import SIGNATURES

Sentence = Callable[[Mapping[str, Any]], str]


def _whose(details: Mapping[str, Any]) -> str:
    return SIGNATURES.get(str(details.get("signature")), "Подпись")


def _marked(details: Mapping[str, Any]) -> str:
    """«Подпись Заявителя на бумаге: Договор, подписан 03.12.2026, Иванов П. Г.»."""
    parts = (
        f"{details.get('document', '')}",
        f"подписан {details.get('day', '')}",
        str(details.get("signer", "")),
    )
    return f"{_whose(details)} на бумаге: {', '.join(part for part in parts if part)}"


def _declined(details: Mapping[str, Any]) -> str:
    reason = details.get("reason")
    told = f"{_whose(details)} отклонена: {details.get('document', '')}"
    return f"{told}. Причина: {reason}" if reason else told


def _answered(details: Mapping[str, Any]) -> str:
    told = f"{_whose(details)}: ответ на отказ, документ снова ждет подписи: {details.get('document', '')}"
    return f"{told}. {details.get('reason', '')}"


_HOW = {"code": "кодом из СМС", "certificate": "сертификатом"}


def _signed(details: Mapping[str, Any]) -> str:
    """«Подпись Заявителя кодом из СМС: Договор, Иванов П. Г., № подписи 7K3M-92QX-4TFD»."""
    how = _HOW.get(str(details.get("kind")), "")
    told = f"{_whose(details)} {how}: {details.get('document', '')}, {details.get('signer', '')}"
    return f"{told}, № подписи {details.get('number', '')}"


def _deferred(details: Mapping[str, Any]) -> str:
    waits = "списка отзыва" if details.get("state") == "waits_list" else "доверенности"
    return f"{_whose(details)} прислана и ждет {waits}: {details.get('document', '')}"


def _not_taken(details: Mapping[str, Any]) -> str:
    return f"{_whose(details)} не принята: {details.get('document', '')}. {details.get('reason', '')}"


def _authority(words: str) -> Sentence:
    def say(details: Mapping[str, Any]) -> str:
        became = "больше не принимается" if details.get("stopped") else words
        told = f"{_whose(details)}: доверенность № {details.get('number', '')} {became}"
        return f"{told}. {details['reason']}" if details.get("reason") else told

    return say


TIMELINE: Mapping[str, Sentence] = {
    "signature_marked": _marked,
    "signature_declined": _declined,
    "decline_answered": _answered,
    "document_signed": _signed,
    "signature_deferred": _deferred,
    "signature_not_taken": _not_taken,
    "authority_sent": _authority("отправлена на проверку"),
    "authority_accepted": _authority("принята"),
    "authority_refused": _authority("не принята"),
}
