"""Reference data of a new installation, put in once and never over what the office has changed since."""

import hashlib
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.company.calendar import shipped_exceptions
from app.company.categories import SHIPPED
from app.company.models import (
    AppealTopic,
    CalendarDay,
    ConnectionCategory,
    DocumentTemplate,
    LegalText,
    Setting,
    Term,
)
from app.extensions import db
from app.transaction import transaction

_LEGAL = Path(__file__).parent / "data" / "legal"
#: The first texts of papers, a file for each kind (`contracts.paper_names.TEMPLATED`).
_TEMPLATES = Path(__file__).parent / "data" / "templates"

#: From when seeded rows hold: long before any case.
SINCE = date(2020, 1, 1)

SETTINGS: dict[str, Any] = {
    "company.name": "Сетевая организация",
    "company.inn": "",
    "company.kpp": "",
    "company.ogrn": "",
    "company.legal_address": "",
    "company.phone": "",
    "company.hours": "в рабочие дни с 8:00 до 17:00",
    "company.address": "",
    "company.zone": "Europe/Moscow",
    "company.zone_label": "МСК",
    "session.idle_minutes": 60,
    "session.idle_minutes_staff": 30,
    "session.absolute_hours": 12,
    #: Whether staff, suppliers and administrators sign in by a code of a generator as well.
    "security.second_factor": True,
    "security.phone_hold_hours": 24,
    "number.pattern": "{n}",
    "number.contract": "{n}-ТП/{year}",
    "number.invoice": "{n}",
    #: Where the money goes: empty until the office fills it in, and no invoice is made before that.
    "company.bank": "",
    "company.bik": "",
    "company.account": "",
    "company.correspondent": "",
    #: Who signs for the company: «генеральный директор», «Сидоров А. П.», on the strength of which paper.
    "company.head_post": "",
    "company.head_name": "",
    "company.head_basis": "Устава",
    "personal_account.pattern": "[0-9]{6,20}",
    #: How many SMS may be asked for: by one number, from one address of the network, by the whole site.
    "sms.pause_seconds": 60,
    "sms.number_day": 10,
    "sms.address_hour": 10,
    "sms.site_day": 500,
    #: Which certificates are accepted: by the algorithms of GOST alone, qualified ones alone.
    "signing.require_gost": True,
    "signing.require_qualified": True,
    #: How many hours a signature waits for a fresh list of revoked certificates.
    "signing.lists_wait": 72,
    #: Whether a sole trader's certificate without ОГРНИП is known by the ИНН alone.
    "signing.inn_suffices": True,
    #: The browser's plug-in: where its cadesplugin_api.js lies (empty: people sign by files), links to programs.
    "signing.plugin_script": "",
    "signing.plugin_links": (
        "КриптоПро CSP https://www.cryptopro.ru/products/csp; "
        "КриптоПро ЭЦП Browser plug-in https://www.cryptopro.ru/products/cades/plugin; "
        "Расширение для браузера https://chromewebstore.google.com/detail/iifchhfnnmpdbibifmljnfjhpififfog; "
        "Корневой сертификат Минцифры https://www.gosuslugi.ru/crt; "
        "Проверка плагина https://www.cryptopro.ru/sites/default/files/products/cades/demopage/simple.html"
    ),
    #: Whether an account that was not confirmed in the office may send an application.
    "unconfirmed.may_send": True,
}

#: Terms that are not counted in working days.
UNITS = {
    "works": "months",
    "works_4_months": "months",
    "works_year": "months",
    "works_2_years": "months",
}

#: code: (length, clause), in working days unless `UNITS` says otherwise. Lengths are the company's data; a clause
#: is named only where it is certain.
TERMS: dict[str, tuple[int, str]] = {
    "registration": (1, ""),
    "completeness": (3, ""),
    "corrections": (20, ""),
    "offer": (10, ""),
    "contract": (20, ""),
    "supply": (10, ""),
    "payment": (5, ""),
    "payment_check": (2, ""),
    "contract_signature": (10, ""),
    "dispute_answer": (5, ""),
    "works": (6, ""),
    "works_15_days": (15, ""),
    "works_30_days": (30, ""),
    "works_4_months": (4, ""),
    "works_year": (12, ""),
    "works_2_years": (24, ""),
    "conditions_check": (10, ""),
    "meter": (5, ""),
    "act": (3, ""),
    "act_signature": (5, ""),
    "appeal_registration": (1, ""),
    "appeal_answer": (15, ""),
}

#: What people write to a grid company about; the office changes the list as it likes.
TOPICS = (
    "Изменение условий договора",
    "Замена стороны договора",
    "Восстановление документов о технологическом присоединении",
    "Приборы учета",
    "Качество электроэнергии",
    "Отключения",
    "Оплата, возврат или уточнение платежа",
    "Передача сетей на баланс",
    "Иное",
)

LEGAL_TEXTS = {
    "consent": "Согласие на обработку персональных данных",
    "agreement": "Соглашение между участниками электронного взаимодействия",
}


def seed(at: datetime, overrides: dict[str, Any] | None = None) -> None:
    """Add every setting, term, day and text that is not there yet; an action of its own, safe to repeat."""
    with transaction():
        _settings({**SETTINGS, **(overrides or {})}, at)
        _terms()
        _days()
        _texts(at)
        _templates(at)
        _topics()
        _categories()


def _settings(values: dict[str, Any], at: datetime) -> None:
    have = set(db.session.scalars(select(Setting.key)))
    db.session.add_all(
        Setting(key=key, value=value, valid_from=SINCE, set_at=at)
        for key, value in values.items()
        if key not in have
    )


def _terms() -> None:
    have = set(db.session.scalars(select(Term.code)))
    db.session.add_all(
        Term(code=code, days=days, unit=UNITS.get(code, "working_days"), clause=clause, valid_from=SINCE)
        for code, (days, clause) in TERMS.items()
        if code not in have
    )


def _days() -> None:
    """Years that stand in the table are the office's; a shipped year comes in whole when none of its days is there."""
    years = {day.year for day in db.session.scalars(select(CalendarDay.day))}
    db.session.add_all(
        CalendarDay(day=day, working=working)
        for day, working in shipped_exceptions().items()
        if day.year not in years
    )


def _texts(at: datetime) -> None:
    have = set(db.session.scalars(select(LegalText.code)))
    for code, title in LEGAL_TEXTS.items():
        if code in have:
            continue
        body = (_LEGAL / f"{code}.md").read_text(encoding="utf-8").strip()
        digest = hashlib.sha256(body.encode()).hexdigest()
        db.session.add(
            LegalText(code=code, version=1, title=title, body=body, sha256=digest, published_at=at)
        )


def _templates(at: datetime) -> None:
    have = set(db.session.scalars(select(DocumentTemplate.code)))
    for path in sorted(_TEMPLATES.glob("*.md")):
        if path.stem in have:
            continue
        body = path.read_text(encoding="utf-8").strip()
        digest = hashlib.sha256(body.encode()).hexdigest()
        db.session.add(DocumentTemplate(code=path.stem, version=1, body=body, sha256=digest, published_at=at))


def _topics() -> None:
    """The list comes in whole into an empty table; later it is the office's."""
    if db.session.scalar(select(AppealTopic.id).limit(1)) is None:
        db.session.add_all(
            AppealTopic(title=title, position=place * 10) for place, title in enumerate(TOPICS, start=1)
        )


def _categories() -> None:
    """A category that stands in the table is the office's, whatever became of it."""
    have = set(db.session.scalars(select(ConnectionCategory.code)))
    db.session.add_all(
        ConnectionCategory(
            code=one.code,
            valid_from=SINCE,
            position=one.position,
            clause=one.clause,
            title=one.title,
            mode=one.mode,
            watts_most=one.watts_most,
            conditions=dict(one.conditions),
            works_term=one.works_term,
        )
        for one in SHIPPED
        if one.code not in have
    )
