"""«Настройка»: its first page, the company, rules of the cabinet, names of stages, the trial letter."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.administration import mail_actions, queries, settings_actions
from app.administration.answers import ADMINISTRATORS, answered
from app.administration.blueprint import bp
from app.administration.calendar_rules import gaps
from app.administration.editable_rules import Editable
from app.administration.forms import SettingsForm, TrialForm
from app.administration.settings_rules import SECTIONS, stage_setting
from app.cases.kinds import all_stages
from app.company import queries as company
from app.contracts.bank_details import account_warning
from app.gateways import current
from app.gateways.email import SmtpPost
from app.notifications.queries import trial_letters
from app.signing.trust_health_queries import trust_gaps
from app.web.idempotency import pressed_key
from app.web.login import current_actor
from app.web.policy import Rule

POLICY: dict[str, Rule] = {
    "administration.home": ADMINISTRATORS,
    "administration.company_page": ADMINISTRATORS,
    "administration.save_company": ADMINISTRATORS,
    "administration.payment_page": ADMINISTRATORS,
    "administration.save_payment": ADMINISTRATORS,
    "administration.rules_page": ADMINISTRATORS,
    "administration.save_rules": ADMINISTRATORS,
    "administration.sms_limits_page": ADMINISTRATORS,
    "administration.save_sms_limits": ADMINISTRATORS,
    "administration.labels_page": ADMINISTRATORS,
    "administration.save_labels": ADMINISTRATORS,
    "administration.mail_page": ADMINISTRATORS,
    "administration.send_trial": ADMINISTRATORS,
}

#: So many trial letters are shown with what became of them.
_LETTERS = 10
#: Settings pages: their heading and what is said first.
_HEADINGS = {
    "company": (
        "Организация",
        "Изменения действуют с сегодняшнего дня, прежние значения остаются в истории.",
    ),
    "payment": (
        "Банк и подписант",
        "Реквизиты стоят в счетах и договорах, которые сделаны после изменения. Без банка и счета сайт не выставит счет.",
    ),
    "rules": (
        "Правила кабинета",
        "Изменения действуют с сегодняшнего дня, прежние значения остаются в истории.",
    ),
    "sms_limits": (
        "Пределы СМС",
        "Изменения действуют с сегодняшнего дня, прежние значения остаются в истории.",
    ),
    "labels": (
        "Названия статусов",
        "Напишите свое название там, где принятое у вас отличается. Пустое поле — название программы, оно стоит над полем.",
    ),
}


@bp.get("")
def home() -> str:
    """All that can be set up, and what is still missing for work."""
    return render_template(
        "administration/home.html",
        office=company.profile(),
        suppliers=company.active_suppliers(),
        mail=_mail_server(),
        engine=current().signatures.self_test(),
        gaps=gaps(company.calendar().exceptions, company.today()),
        trust=trust_gaps(clock.now()),
    )


@bp.get("/company")
def company_page() -> ResponseReturnValue:
    """Name, numbers, address, phone, hours, zone."""
    return _settings_page("company")


@bp.post("/company")
def save_company() -> ResponseReturnValue:
    """Change them from today on."""
    return _save_settings("company")


@bp.get("/payment")
def payment_page() -> ResponseReturnValue:
    """Where applicants pay to, and who signs for the company."""
    return _settings_page("payment")


@bp.post("/payment")
def save_payment() -> ResponseReturnValue:
    """Change them from today on."""
    return _save_settings("payment")


@bp.get("/rules")
def rules_page() -> ResponseReturnValue:
    """Patterns of numbers, times of sessions, what an unconfirmed account may."""
    return _settings_page("rules")


@bp.post("/rules")
def save_rules() -> ResponseReturnValue:
    """Change them from today on."""
    return _save_settings("rules")


@bp.get("/sms/limits")
def sms_limits_page() -> ResponseReturnValue:
    """How many SMS may be asked for."""
    return _settings_page("sms_limits")


@bp.post("/sms/limits")
def save_sms_limits() -> ResponseReturnValue:
    """Change them from today on."""
    return _save_settings("sms_limits")


@bp.get("/labels")
def labels_page() -> ResponseReturnValue:
    """The office's own names of stages."""
    return _settings_page("labels")


@bp.post("/labels")
def save_labels() -> ResponseReturnValue:
    """Change them from today on."""
    return _save_settings("labels")


def _settings(section: str) -> Sequence[Editable]:
    if section == "labels":
        return [stage_setting(stage.code, stage.label) for stage in all_stages()]
    return SECTIONS[section]


def _save_settings(section: str) -> ResponseReturnValue:
    form = SettingsForm(request.form, _settings(section), company.profile().settings)
    url = url_for(f"administration.{section}_page")
    return answered(
        form,
        lambda: settings_actions.change_settings(
            form.values(),
            seen=request.form.get("seen", ""),
            by=current_actor(),
            at=clock.now(),
            url=url,
            press=pressed_key(),
        ),
        lambda status: _settings_page(section, form, status),
        to=url,
        done="Сохранено. Новые значения уже действуют.",
    )


def _settings_page(section: str, form: SettingsForm | None = None, status: int = 200) -> ResponseReturnValue:
    settings, present = _settings(section), company.settings_at(clock.now())
    heading, intro = _HEADINGS[section]
    mark = settings_actions.mark_of(present, [setting.key for setting in settings])
    page = render_template(
        "administration/settings.html",
        section=section,
        heading=heading,
        intro=intro,
        form=form or SettingsForm(None, settings, present),
        settings={setting.key: setting for setting in settings},
        seen=request.form.get("seen", "") if status == 422 else mark,
        late=_late(form, present) if form and status == 409 else [],
        history=queries.history([setting.key for setting in settings]),
        warning=account_warning(str(present.get("company.account", ""))) if section == "payment" else "",
        local_time=f"{clock.now().astimezone(ZoneInfo(company.profile().zone)):%H:%M}",
    )
    return page, status


def _late(form: SettingsForm, present: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Where what is kept now differs from what was typed, in words."""
    return [
        (setting.label, setting.shown(present.get(key)))
        for key, setting in form.settings.items()
        if setting.typed(present.get(key)) != form[key].data
    ]


@bp.get("/mail")
def mail_page() -> ResponseReturnValue:
    """Where letters go, and what became of the trial ones."""
    return _mail_page(TrialForm(None))


@bp.post("/mail")
def send_trial() -> ResponseReturnValue:
    """Put a trial letter into the outbox."""
    form = TrialForm(request.form)
    return answered(
        form,
        lambda: mail_actions.send_trial(
            form.address.value, by=current_actor(), at=clock.now(), press=pressed_key()
        ),
        lambda status: _mail_page(form, status),
        to=url_for("administration.mail_page"),
        done="Пробное письмо поставлено в очередь. Что с ним стало, видно в таблице ниже.",
    )


def _mail_page(form: TrialForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "administration/mail.html", form=form, letters=trial_letters(_LETTERS), mail=_mail_server()
    )
    return page, status


def _mail_server() -> str:
    """Where letters go: the server without the password; '' when they are only kept in a folder."""
    post = current().post
    if not isinstance(post, SmtpPost):
        return ""
    sender = current_app.extensions["config"].mail_from
    return f"{post.host}:{post.port}, отправитель {sender}"
