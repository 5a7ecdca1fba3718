"""Changes of accounts: the key of a pressed button, new people and applicants, accepted texts, login identifiers."""

import re
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from app.accounts.login_ids import LoginKind
from app.accounts.models import ActionKey, Applicant, Consent, LoginId, User, UserApplicant, UserRole
from app.accounts.registration import Acting, NewApplicant, PersonName
from app.accounts.sessions import Visit
from app.company.models import LegalText
from app.errors import AlreadyDone
from app.extensions import db
from app.journal.steps import record
from app.transaction import require_transaction

_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")


def claim_key(user_id: int, key: str, *, url: str, at: datetime, sent: Iterable[str] = ()) -> None:
    """Use up the key of one pressed button, whose result will be at `url`.

    Raises AlreadyDone with the first result when the key was used before: two equal requests at the same time meet
    here, one waits for the other. `sent` is what was written or chosen: a browser that shows a page again, key and all,
    may send something else with it, and that is another act. An empty key, or one that no page of the site has printed,
    claims nothing.
    """
    require_transaction()
    if not _KEY.fullmatch(key):
        return
    if content := list(sent):
        key = sha256("\n".join([key, *content]).encode()).hexdigest()
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    values = {"user_id": user_id, "key": key, "result_url": url, "used_at": at}
    # What was written comes back: the count of rows is not told by every driver.
    first = insert(ActionKey).values(**values).on_conflict_do_nothing().returning(ActionKey.key)
    if db.session.scalar(first) is None:
        used = select(ActionKey.result_url).where(ActionKey.user_id == user_id, ActionKey.key == key)
        raise AlreadyDone(db.session.scalars(used).one())


def add_user(
    name: PersonName, *, phone: str, email: str, password_hash: str, roles: Iterable[str], at: datetime
) -> User:
    """A new person with plain roles; letters go to `email` until the person says otherwise."""
    require_transaction()
    user = User(
        last_name=name.last,
        first_name=name.first,
        middle_name=name.middle,
        phone=phone,
        notify_email=email,
        password_hash=password_hash,
        password_at=at,
        created_at=at,
    )
    db.session.add(user)
    db.session.flush()
    db.session.add_all(UserRole(user_id=user.id, role=role) for role in roles)
    return user


def add_login_ids(user: User, identifiers: Iterable[tuple[LoginKind, str]]) -> None:
    """Ways to sign in for a user; the unique index refuses one that belongs to somebody (IntegrityError)."""
    require_transaction()
    db.session.add_all(LoginId(kind=kind, value=value, user_id=user.id) for kind, value in identifiers)
    db.session.flush()


def add_applicant(user: User, new: NewApplicant, acting: Acting, *, at: datetime) -> Applicant:
    """A new applicant for whom the user acts.

    Always a new row, also when the same numbers are known already: whether it is the same firm, and whether this
    person may act for it, is decided in the office by papers and not by typing a number.
    """
    require_transaction()
    applicant = Applicant(
        legal_form=new.legal_form,
        title=new.title,
        last_name=new.name.last,
        first_name=new.name.first,
        middle_name=new.name.middle,
        snils=new.snils,
        inn=new.inn,
        ogrn=new.ogrn,
        kpp=new.kpp,
        personal_account=new.personal_account,
        created_at=at,
    )
    db.session.add(applicant)
    db.session.flush()
    authority = acting.authority
    db.session.add(
        UserApplicant(
            user_id=user.id,
            applicant_id=applicant.id,
            capacity=acting.capacity,
            authority_number=authority.number if authority else "",
            authority_day=authority.day if authority else None,
            valid_until=authority.valid_until if authority else None,
        )
    )
    _record_applicant(user, applicant, acting, at)
    return applicant


def _record_applicant(user: User, applicant: Applicant, acting: Acting, at: datetime) -> None:
    authority = acting.authority
    record(
        "applicant_added",
        party="applicant",
        actor_id=user.id,
        at=at,
        details={
            "applicant": applicant.id,
            "capacity": acting.capacity,
            "authority_number": authority.number if authority else "",
            "authority_day": authority.day.isoformat() if authority else "",
        },
    )


def accept_text(user: User, text: LegalText, *, visit: Visit, at: datetime) -> None:
    """Write down that the user accepted this version of a legal text, from where and with what."""
    require_transaction()
    db.session.add(
        Consent(
            user_id=user.id,
            legal_text_id=text.id,
            text_sha256=text.sha256,
            accepted_at=at,
            address=visit.address[:60],
            agent=visit.agent[:300],
        )
    )
    record(
        "text_accepted",
        party="applicant",
        actor_id=user.id,
        at=at,
        details={"text": text.code, "version": text.version, "sha256": text.sha256},
    )


def move_login_id(held: LoginId, user: User, *, by_id: int, at: datetime) -> None:
    """Give a login identifier of another account to this user; the office decides so by papers."""
    require_transaction()
    record(
        "login_id_moved",
        party="company",
        actor_id=by_id,
        at=at,
        details={"kind": held.kind, "from": held.user_id, "to": user.id},
    )
    held.user_id = user.id
