"""The second factor: set up, asked for at the sign-in, given new recovery codes, taken away."""

import logging
import secrets
from datetime import datetime

from sqlalchemy import select

from app.accounts.attempt_steps import Counted, count, refuse_impatience, take_back
from app.accounts.models import User, UserSession
from app.accounts.policy import side_of
from app.accounts.queries import roles_of
from app.accounts.second_factor import matching_step
from app.accounts.second_factor_steps import (
    SALT_BYTES,
    generator_secrets,
    remove_factor,
    renew_codes,
    tell_of_factor,
    use_code,
)
from app.accounts.secret_models import SecondFactor
from app.accounts.sessions import (
    HALF,
    HALF_LASTS,
    Entered,
    Visit,
    end_session,
    end_sessions_of,
    open_session,
    token_hash,
)
from app.accounts.throttle import SECOND_FACTOR, key
from app.actor import Actor
from app.errors import Conflict, InvalidForm, NotFound
from app.extensions import db
from app.journal.steps import record
from app.transaction import transaction

log = logging.getLogger(__name__)

WRONG = "Код не подходит. Введите код, который приложение показывает сейчас."


class HalfOver(Conflict):
    """The password was entered too long ago, or the account is shut by now: the sign-in begins anew."""

    sentence = "Время ввода кода вышло. Войдите еще раз."


def begin(*, by: Actor, at: datetime) -> None:
    """Have a secret ready to be put into a generator; it counts only after `confirm`. Safe to repeat."""
    with transaction():
        if db.session.get(SecondFactor, by.user_id, with_for_update=True) is None:
            salt = secrets.token_hex(SALT_BYTES)
            db.session.add(SecondFactor(user_id=by.user_id, salt=salt, created_at=at))


def confirm(typed: str, *, by: Actor, visit: Visit, at: datetime) -> Entered:
    """Let the generator count from now on; every session ends and a new one begins, signed in by both.

    Raises InvalidForm for a wrong code, TooManyTries, Conflict when there is nothing to confirm.
    """
    counted, tries = _count(by.user_id, at)
    with transaction():
        factor = db.session.get(SecondFactor, by.user_id, with_for_update=True, populate_existing=True)
        if factor is None or factor.confirmed_at is not None:
            raise Conflict("Двухэтапный вход уже включен или его настройка начата заново. Обновите страницу.")
        step = matching_step(generator_secrets(factor), typed, at=at, after=factor.last_step)
        if step is None:
            raise InvalidForm({"code": [WRONG]})
        take_back(tries, counted, at=at)
        factor.confirmed_at, factor.last_step = at, step
        renew_codes(factor, at)
        user = db.session.get_one(User, by.user_id)
        end_sessions_of(user.id, at=at)
        tell_of_factor(user, "включен двухэтапный вход", by_id=user.id, kind="second_factor_added", at=at)
        return Entered(user.id, open_session(user, at=at, visit=visit, level="factor"))


def enter(half_token: str, typed: str, *, visit: Visit, at: datetime) -> Entered | None:
    """Finish a sign-in whose password was right; None for a wrong code. Raises HalfOver and TooManyTries."""
    with transaction():
        half, factor = _half(half_token, at)
        counted = Counted(SECOND_FACTOR, key(str(half.user_id)))
        refuse_impatience([counted], at=at)
        tries = count([counted], at=at)
        how = use_code(factor, typed, at)
        if not how:
            log.warning("second factor refused: user %s", half.user_id)
            return None
        take_back(tries, counted, at=at)
        end_session(half.id, at=at)
        user = db.session.get_one(User, half.user_id)
        if how == "recovery":
            tell_of_factor(
                user, "для входа использован резервный код", by_id=user.id, kind="recovery_code_used", at=at
            )
        record(
            "signed_in", party=side_of(roles_of(user.id)), actor_id=user.id, at=at, details={"factor": how}
        )
        return Entered(user.id, open_session(user, at=at, visit=visit, level="factor"))


def renew_recovery_codes(typed: str, *, by: Actor, at: datetime) -> None:
    """Make ten new recovery codes, by a code of the generator; the earlier ones are worth nothing any more.

    Raises InvalidForm for a wrong code, TooManyTries, NotFound without a second factor.
    """
    counted, tries = _count(by.user_id, at)
    with transaction():
        factor = _proved(by.user_id, typed, at)
        take_back(tries, counted, at=at)
        renew_codes(factor, at)
        user = db.session.get_one(User, by.user_id)
        tell_of_factor(user, "созданы новые резервные коды", by_id=user.id, kind="recovery_codes_made", at=at)


def remove_own(typed: str, *, by: Actor, at: datetime) -> None:
    """Take one's own second factor away, by a code of it. Raises as `renew_recovery_codes`."""
    counted, tries = _count(by.user_id, at)
    with transaction():
        factor = _proved(by.user_id, typed, at)
        take_back(tries, counted, at=at)
        remove_factor(db.session.get_one(User, factor.user_id), by_id=by.user_id, at=at)


def _count(user_id: int, at: datetime) -> tuple[Counted, list[int]]:
    """The try is counted for good before it is looked at."""
    counted = Counted(SECOND_FACTOR, key(str(user_id)))
    with transaction():
        refuse_impatience([counted], at=at)
        return counted, count([counted], at=at)


def _half(token: str, at: datetime) -> tuple[UserSession, SecondFactor]:
    query = select(UserSession).where(UserSession.token_hash == token_hash(token), UserSession.level == HALF)
    half = db.session.scalars(query.with_for_update()).one_or_none()
    if half is None or half.ended_at is not None or at - half.created_at > HALF_LASTS:
        raise HalfOver
    user = db.session.get_one(User, half.user_id)
    factor = db.session.get(SecondFactor, half.user_id, with_for_update=True, populate_existing=True)
    if user.state != "active" or factor is None or factor.confirmed_at is None:
        raise HalfOver
    return half, factor


def _proved(user_id: int, typed: str, at: datetime) -> SecondFactor:
    factor = db.session.get(SecondFactor, user_id, with_for_update=True, populate_existing=True)
    if factor is None or factor.confirmed_at is None:
        raise NotFound("Двухэтапный вход не включен.")
    if not use_code(factor, typed, at):
        raise InvalidForm({"code": [WRONG]})
    return factor
