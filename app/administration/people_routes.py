"""People of the company and of suppliers: the list, a new account, roles, blocking, a new first password."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts.contacts import format_mobile
from app.accounts.hashing import hash_password
from app.accounts.queries import login_ids_of, second_factor_of
from app.accounts.second_factor import FACTOR_REMOVED
from app.accounts.staff_steps import EmailTaken
from app.administration import people_actions, queries
from app.administration.answers import ADMINISTRATORS, answered, one, sent_version, shown_version
from app.administration.blueprint import bp
from app.administration.forms import PasswordForm, PersonForm, RolesForm
from app.administration.people_actions import NewPerson
from app.administration.policy import may_change_person
from app.administration.queries import StaffPerson
from app.administration.wording import ROLE_NAMES, ROLES
from app.company import queries as company
from app.company.models import Supplier
from app.errors import Conflict, InvalidForm
from app.web.idempotency import pressed_key
from app.web.login import current_actor
from app.web.policy import Rule

_PERSON = one("user_id", "person", queries.person)
_SUPPLIER = one("supplier_id", "supplier", queries.supplier)

_MADE = "Учетная запись создана. Передайте человеку логин (E-mail) и первый пароль."
_INVITED = "Учетная запись создана. Человеку отправлено письмо со ссылкой: по ней он придумает пароль."

POLICY: dict[str, Rule] = {
    "administration.people_page": ADMINISTRATORS,
    "administration.new_person_page": ADMINISTRATORS,
    "administration.add_person": ADMINISTRATORS,
    "administration.new_clerk_page": _SUPPLIER,
    "administration.add_clerk": _SUPPLIER,
    "administration.person_page": _PERSON,
    "administration.save_roles": _PERSON,
    "administration.block": _PERSON,
    "administration.unblock": _PERSON,
    "administration.set_password": _PERSON,
    "administration.remove_second_factor": _PERSON,
}


@bp.get("/people")
def people_page() -> str:
    """Everybody of the company."""
    return render_template(
        "administration/people.html", people=queries.company_people(), role_names=ROLE_NAMES
    )


@bp.get("/people/new")
def new_person_page() -> ResponseReturnValue:
    """The form of a new account of the company."""
    return _new_page(PersonForm(None, of_supplier=False), None)


@bp.post("/people/new")
def add_person() -> ResponseReturnValue:
    """Add somebody of the company."""
    return _add(None, url_for("administration.people_page"))


@bp.get("/suppliers/<id:supplier_id>/people/new")
def new_clerk_page(supplier: Supplier) -> ResponseReturnValue:
    """The form of a new account of a supplier."""
    _refuse_inactive(supplier)
    return _new_page(PersonForm(None, of_supplier=True), supplier)


@bp.post("/suppliers/<id:supplier_id>/people/new")
def add_clerk(supplier: Supplier) -> ResponseReturnValue:
    """Add somebody of a supplier."""
    _refuse_inactive(supplier)
    return _add(supplier, url_for("administration.supplier_page", supplier_id=supplier.id))


def _refuse_inactive(supplier: Supplier) -> None:
    if not supplier.active:
        raise Conflict("Поставщик не предлагается в заявках. Сначала отметьте его как действующего.")


def _new_page(form: PersonForm, supplier: Supplier | None, status: int = 200) -> ResponseReturnValue:
    form.suggest()
    return render_template("administration/new_person.html", form=form, supplier=supplier), status


def _add(supplier: Supplier | None, url: str) -> ResponseReturnValue:
    form = PersonForm(request.form, of_supplier=supplier is not None)
    supplier_id = supplier.id if supplier else None

    def save() -> None:
        person = NewPerson(
            name=form.name(),
            email=form.email.value,
            phone=form.phone.value,
            password_hash=hash_password(form.password.data or ""),
            roles=form.chosen(),
            supplier_id=supplier_id,
            invited=bool(form.by_letter.data),
        )
        try:
            people_actions.add_person(
                person, by=current_actor(), at=clock.now(), url=url, press=pressed_key()
            )
        except EmailTaken as refused:
            raise InvalidForm({"email": [refused.message]}) from None

    done = _INVITED if form.by_letter.data else _MADE
    return answered(form, save, lambda status: _new_page(form, supplier, status), to=url, done=done)


def _person_page(
    person: StaffPerson,
    status: int = 200,
    *,
    roles: RolesForm | None = None,
    password: PasswordForm | None = None,
) -> ResponseReturnValue:
    password = password or PasswordForm(None)
    password.suggest()
    page = render_template(
        "administration/person.html",
        person=person,
        supplier=company.supplier(person.supplier_id) if person.supplier_id else None,
        login_ids=login_ids_of(person.id),
        role_names=ROLE_NAMES,
        roles=roles or RolesForm(None, roles=[role for role in ROLES if role in person.roles]),
        password=password,
        mobile=format_mobile,
        factor=second_factor_of(person.id),
        may_change=may_change_person(current_actor(), person.id),
        late=status == 409,
        version=shown_version(status, person.user.version) if roles else person.user.version,
    )
    return page, status


@bp.get("/people/<id:user_id>")
def person_page(person: StaffPerson) -> ResponseReturnValue:
    """One account of staff."""
    return _person_page(person)


def _own_page(user_id: int) -> str:
    return url_for("administration.person_page", user_id=user_id)


@bp.post("/people/<id:user_id>/roles")
def save_roles(person: StaffPerson) -> ResponseReturnValue:
    """Give and take roles."""
    form, user_id = RolesForm(request.form), person.id
    return answered(
        form,
        lambda: people_actions.change_roles(
            user_id,
            form.chosen(),
            version=sent_version(),
            by=current_actor(),
            at=clock.now(),
            press=pressed_key(),
        ),
        lambda status: _person_page(queries.person(current_actor(), user_id), status, roles=form),
        to=_own_page(user_id),
        done="Роли изменены и уже действуют.",
    )


@bp.post("/people/<id:user_id>/block")
def block(person: StaffPerson) -> ResponseReturnValue:
    """Let the person in no more."""
    user_id = person.id
    people_actions.block(user_id, by=current_actor(), at=clock.now(), press=pressed_key())
    flash("Вход заблокирован, открытые сеансы закончены.", "success")
    return redirect(_own_page(user_id), 303)


@bp.post("/people/<id:user_id>/unblock")
def unblock(person: StaffPerson) -> ResponseReturnValue:
    """Let the person in again."""
    user_id = person.id
    people_actions.unblock(user_id, by=current_actor(), at=clock.now(), press=pressed_key())
    flash("Вход снова открыт, пароль прежний.", "success")
    return redirect(_own_page(user_id), 303)


@bp.post("/people/<id:user_id>/password")
def set_password(person: StaffPerson) -> ResponseReturnValue:
    """Give a new first password."""
    form, user_id = PasswordForm(request.form), person.id
    form.own = (person.user.last_name, person.user.first_name, person.user.notify_email, person.user.phone)
    return answered(
        form,
        lambda: people_actions.set_first_password(
            user_id,
            hash_password(form.password.data or ""),
            by=current_actor(),
            at=clock.now(),
            press=pressed_key(),
        ),
        lambda status: _person_page(person, status, password=form),
        to=_own_page(user_id),
        done="Новый первый пароль задан, открытые сеансы закончены. Передайте пароль человеку лично.",
    )


@bp.post("/people/<id:user_id>/remove-second-factor")
def remove_second_factor(person: StaffPerson) -> ResponseReturnValue:
    """Take the second factor of somebody away who has lost it."""
    user_id = person.id
    people_actions.remove_second_factor(user_id, by=current_actor(), at=clock.now(), press=pressed_key())
    flash(FACTOR_REMOVED, "success")
    return redirect(_own_page(user_id), 303)
