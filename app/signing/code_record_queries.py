"""What the evidence of a signature keeps of a code (domain.md §4.2; 63-ФЗ, articles 6 and 9).

The code itself does not stand there: only what proves that exactly this one was entered for exactly these documents.
"""

from datetime import datetime
from typing import Any

from app.accounts.models import User
from app.cases.models import Case
from app.extensions import db
from app.notifications.sms_rules import masked
from app.signing import code_queries as queries
from app.signing.code_models import SigningCode
from app.signing.code_queries import Agreement, Asker
from app.signing.code_rules import DIGITS, LIFE, code_proof
from app.signing.who_queries import instant, when_given, where_from, who_acts


def record_of(
    case: Case,
    code: SigningCode,
    agreement: Agreement,
    *,
    by: Asker,
    at: datetime,
    secret: tuple[str, str],
) -> dict[str, Any]:
    """The groups of the record of a signing act by code; `secret` is the server's key and the code, which was right."""
    return {
        "who": who_acts(case, by.actor),
        "agreement": _agreement(agreement),
        "key": _key(code, *secret),
        "delivery": _delivery(code),
        "when": _when(code, at),
        "where": {**where_from(by.visit, by.session_id), "asked_from": code.address},
        "result": "signed",
    }


def _agreement(agreement: Agreement) -> dict[str, Any]:
    text, consent = agreement.text, agreement.consent
    return {
        "text": text.id,
        "title": text.title,
        "version": text.version,
        "sha256": consent.text_sha256,
        "consent": consent.id,
        "accepted_at": instant(consent.accepted_at),
        "address": consent.address,
        "agent": consent.agent,
    }


def _key(code: SigningCode, key: str, typed: str) -> dict[str, Any]:
    """`documents` is the whole package with its hashes, `bound_to` their hash, to which the code is bound."""
    return {
        "challenge": code.id,
        "phone": code.phone,
        "phone_masked": masked(code.phone),
        "phone_confirmed_at": instant(db.session.get_one(User, code.user_id).phone_confirmed_at),
        "digits": DIGITS,
        "life_seconds": int(LIFE.total_seconds()),
        "tries": code.tries,
        "code_hmac": code_proof(key, salt=code.salt, code=typed, digest=code.digest),
        "bound_to": code.digest,
        "documents": code.documents,
    }


def _delivery(code: SigningCode) -> dict[str, Any]:
    """How the SMS went as far as it is known now; later reports stand in the outbox under the id."""
    row = queries.sms_of(code)
    told: dict[str, Any] = {"asked": queries.times_asked(code), "outbox": code.outbox_id}
    if row is None:
        return told
    return told | {
        "message_id": row.message_id,
        "state": row.state,
        "provider": row.provider,
        "provider_id": row.provider_id,
        "sent_at": instant(row.sent_at),
        "delivery": row.delivery,
        "delivered_at": instant(row.delivered_at),
    }


def _when(code: SigningCode, at: datetime) -> dict[str, Any]:
    return {
        "requested_at": instant(code.made_at),
        "expires_at": instant(code.expires_at),
        **when_given(at),
    }
