"""What becomes of a second factor inside an action: its codes are used up, made anew, it is taken away; the person is told."""

import secrets
from datetime import datetime

from sqlalchemy import delete, select

from app import gateways
from app.accounts.letter_steps import letter_words
from app.accounts.models import User
from app.accounts.policy import side_of
from app.accounts.queries import account_address, roles_of
from app.accounts.second_factor import generator_secret, matching_recovery, matching_step, recovery_codes
from app.accounts.secret_models import SecondFactor, UsedRecoveryCode
from app.accounts.sessions import end_sessions_of
from app.errors import NotFound
from app.extensions import db
from app.journal.steps import record
from app.notifications.steps import Recipient, notify
from app.transaction import require_transaction

SALT_BYTES = 32


def remove_factor(user: User, *, by_id: int | None, at: datetime) -> None:
    """Take the second factor of a person away, whose phone and codes are lost; raises NotFound when there is none.

    Every session ends when somebody else does it; who may is the caller's to know.
    """
    require_transaction()
    if db.session.get(SecondFactor, user.id, with_for_update=True) is None:
        raise NotFound("Двухэтапный вход у этой учетной записи не включен.")
    db.session.execute(delete(UsedRecoveryCode).where(UsedRecoveryCode.user_id == user.id))
    db.session.execute(delete(SecondFactor).where(SecondFactor.user_id == user.id))
    if by_id != user.id:
        end_sessions_of(user.id, at=at)
    tell_of_factor(user, "двухэтапный вход отключен", by_id=by_id, kind="second_factor_removed", at=at)


def use_code(factor: SecondFactor, typed: str, at: datetime) -> str:
    """Try a code of the generator or a recovery code.

    «totp» or «recovery» when the code is right, and it is used up then; '' for a wrong one.
    """
    require_transaction()
    step = matching_step(generator_secrets(factor), typed, at=at, after=factor.last_step)
    if step is not None:
        factor.last_step = step
        return "totp"
    used = select(UsedRecoveryCode.number).where(UsedRecoveryCode.user_id == factor.user_id)
    lists = [recovery_codes(one, factor.recovery_salt) for one in gateways.current().keys]
    number = matching_recovery(lists, typed, used=set(db.session.scalars(used)))
    if number is None:
        return ""
    db.session.add(UsedRecoveryCode(user_id=factor.user_id, number=number, used_at=at))
    return "recovery"


def generator_secrets(factor: SecondFactor) -> list[str]:
    """What the generator may have been given: by the server's present key and by those before it."""
    return [generator_secret(one, factor.salt) for one in gateways.current().keys]


def renew_codes(factor: SecondFactor, at: datetime) -> None:
    """Ten new recovery codes; the earlier ones, used or not, are worth nothing any more."""
    require_transaction()
    factor.recovery_salt, factor.recovery_at = secrets.token_hex(SALT_BYTES), at
    db.session.execute(delete(UsedRecoveryCode).where(UsedRecoveryCode.user_id == factor.user_id))


def tell_of_factor(user: User, what: str, *, by_id: int | None, kind: str, at: datetime) -> None:
    """Write it into the journal and to the person, whoever did it."""
    party = "system" if by_id is None else side_of(roles_of(by_id))
    entry = record(kind, party=party, actor_id=by_id, at=at, details={"user": user.id})
    notify(
        "second-factor",
        to=[Recipient(user.id, account_address(user))],
        context={**letter_words(at), "what": what, "path": "/profile"},
        key=f"factor-{user.id}-{entry.seq}",
        at=at,
    )
