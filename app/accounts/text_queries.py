"""Which legal texts a person has accepted, which are still to be accepted."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.accounts.models import Consent
from app.company import queries as company
from app.company.models import LegalText
from app.errors import NotFound
from app.extensions import db

#: The consent to the processing of personal data is a document apart (152-ФЗ, article 9), and so is the agreement by
#: which a code from an SMS is a signature (63-ФЗ, article 9).
TEXTS_TO_ACCEPT = ("consent", "agreement")


@dataclass(frozen=True)
class TextLine:
    """One text and how the person stands to it: `consent` is what they accepted last, of whichever version."""

    text: LegalText
    version: int
    consent: Consent | None

    @property
    def holds(self) -> bool:
        """Whether the present version is accepted and not taken back."""
        return (
            self.consent is not None
            and self.consent.withdrawn_at is None
            and self.consent.legal_text_id == self.text.id
        )


def text_lines(user_id: int) -> list[TextLine]:
    """Every text in its present version with the person's last acceptance."""
    query = (
        select(LegalText.code, LegalText.version, Consent)
        .join(Consent, Consent.legal_text_id == LegalText.id)
        .where(Consent.user_id == user_id, LegalText.code.in_(TEXTS_TO_ACCEPT))
        .order_by(Consent.id)
    )
    last = {code: (version, consent) for code, version, consent in db.session.execute(query)}
    return [TextLine(company.current_text(code), *last.get(code, (0, None))) for code in TEXTS_TO_ACCEPT]


def text_line(user_id: int, code: str) -> TextLine:
    """One of them; raises NotFound for a text that has not been accepted or was taken back."""
    found = next((line for line in text_lines(user_id) if line.text.code == code), None)
    if found is None or found.consent is None or found.consent.withdrawn_at is not None:
        raise NotFound
    return found


def texts_to_accept(user_id: int) -> list[LegalText]:
    """The texts whose present version this user has not accepted, or has taken back."""
    return [line.text for line in text_lines(user_id) if not line.holds]


def owed_texts(user_id: int) -> Sequence[LegalText]:
    """What is asked at the sign-in: as `texts_to_accept`, but for an agreement that the person has taken back.

    Without the agreement the cabinet is open and codes sign nothing; the page of signing offers it again.
    """
    return [
        line.text
        for line in text_lines(user_id)
        if not line.holds
        and not (line.text.code == "agreement" and line.consent and line.consent.withdrawn_at is not None)
    ]
