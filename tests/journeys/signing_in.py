"""Signing in as a browser does, and what happens to its cookie and its session meanwhile."""

from flask import Flask
from sqlalchemy import select

from app.accounts.models import Applicant, User
from app.extensions import db
from app.transaction import transaction
from tests import factories as make
from tests.browser import BASE, Browser, Page

HOST = "lk.example.org"
SESSION = "__Host-session"


def sign_in(browser: Browser, login: str = "ivanov@example.org", password: str = make.PASSWORD) -> Page:
    return make.sign_in(browser, login, password)


def set_cookie(browser: Browser, value: str, name: str = SESSION) -> None:
    browser.client.set_cookie(name, value, domain=HOST, secure=True)


def status_of(browser: Browser, path: str = "/profile") -> int:
    return browser.client.get(path, base_url=BASE).status_code


def block(app: Flask, user_id: int) -> None:
    with app.app_context(), transaction():
        db.session.get_one(User, user_id).state = "blocked"


NEW_FIRM = {
    "title": "ООО «Свет»",
    "inn": "4174873890",
    "ogrn": "1168702456933",
    "kpp": "419901495",
    "last_name": "Сергеев",
    "first_name": "Петр",
    "middle_name": "Сергеевич",
    "capacity": "head",
}


def applicants(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Applicant.title).order_by(Applicant.id)))
