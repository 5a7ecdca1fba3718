"""The verbs of an applicant: register, act for one more applicant."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from app.accounts.attempt_steps import Counted, count, refuse_impatience
from app.accounts.contact_steps import send_link
from app.accounts.models import User
from app.accounts.policy import may_add_applicant
from app.accounts.queries import account_of, taken
from app.accounts.registration import Acting, AlreadyRegistered, NewAccount, NewApplicant, login_ids
from app.accounts.sessions import Visit, open_session
from app.accounts.steps import accept_text, add_login_ids, add_user, claim_key
from app.accounts.steps import add_applicant as add_applicant_step
from app.accounts.throttle import TAKEN, key, network
from app.actor import APPLICANT, Actor
from app.company import queries as company
from app.errors import Forbidden, InvalidForm
from app.extensions import db
from app.journal.steps import record
from app.transaction import transaction

#: Code of a legal text → the box of the form that accepts it.
ACCEPTED = ("consent", "agreement")


@dataclass(frozen=True)
class Registered:
    """A new account: whose it is, and the token of the session it begins with."""

    user_id: int
    token: str


def register(
    new: NewAccount, password_hash: str, *, visit: Visit, at: datetime, press: str = ""
) -> Registered:
    """Make the account, its applicant, the accepted texts and the first session.

    `press` is the key of the pressed button. Raises AlreadyRegistered for a login identifier that belongs to somebody
    (counted: too many of them raise TooManyTries) and InvalidForm when a legal text was replaced meanwhile.
    """
    counted = (Counted(TAKEN, key(network(visit.address))),)
    try:
        return _register(new, password_hash, counted, visit=visit, at=at, press=press)
    except IntegrityError:
        pass  # two registrations at the same moment met at the unique index; what it says now is read anew
    except AlreadyRegistered:
        _count(counted, at)
        raise
    try:
        return _register(new, password_hash, counted, visit=visit, at=at, press=press)
    except AlreadyRegistered:
        _count(counted, at)
        raise


def _register(
    new: NewAccount,
    password_hash: str,
    counted: tuple[Counted, ...],
    *,
    visit: Visit,
    at: datetime,
    press: str,
) -> Registered:
    identifiers = login_ids(new)
    with transaction():
        refuse_impatience(counted, at=at)
        if known := taken(identifiers):
            raise AlreadyRegistered(known)
        user = add_user(
            new.name,
            phone=new.phone,
            email=new.email,
            password_hash=password_hash,
            roles=[APPLICANT],
            at=at,
        )
        add_login_ids(user, identifiers)
        claim_key(user.id, press, url="/", at=at)
        details = {"legal_form": new.applicant.legal_form, "logins": [kind for kind, _ in identifiers]}
        record("account_registered", party="applicant", actor_id=user.id, at=at, details=details)
        _accept_texts(user, new.versions, visit=visit, at=at)
        user.default_applicant_id = add_applicant_step(user, new.applicant, new.acting, at=at).id
        send_link(user, new.email, at=at)
        return Registered(user.id, open_session(user, at=at, visit=visit))


def _accept_texts(user: User, versions: Mapping[str, int], *, visit: Visit, at: datetime) -> None:
    """Accept what was shown; raises InvalidForm when the shown version is not the current one."""
    texts = {code: company.current_text(code) for code in ACCEPTED}
    replaced = {
        code: ["Пока вы заполняли форму, вышла новая версия этого документа. Прочитайте ее и отметьте снова."]
        for code, text in texts.items()
        if versions.get(code) != text.version
    }
    if replaced:
        raise InvalidForm(replaced)
    for text in texts.values():
        accept_text(user, text, visit=visit, at=at)


def _count(counted: tuple[Counted, ...], at: datetime) -> None:
    with transaction():
        count(counted, at=at)


def add_applicant(
    new: NewApplicant, acting: Acting, *, by: Actor, at: datetime, url: str, press: str = ""
) -> int:
    """One more sole trader or legal entity for whom the actor acts; the id of the applicant comes back.

    `url` is where the person goes on, also when the button is pressed twice. Raises Forbidden for people who do not
    file applications.
    """
    with transaction():
        if not may_add_applicant(by):
            raise Forbidden
        claim_key(by.user_id, press, url=url, at=at)
        user = account_of(by)
        applicant = add_applicant_step(user, new, acting, at=at)
        if user.default_applicant_id is None:
            user.default_applicant_id = applicant.id
        db.session.flush()
        return applicant.id
