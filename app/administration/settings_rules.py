"""The settings that an office changes: their names in words, and what each may be. Pure.

Knows values, not where they are kept. `company.zone_label` is no setting of its own: it follows the zone.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from types import MappingProxyType
from zoneinfo import ZoneInfo

from app.accounts.contacts import PERSONAL_ACCOUNT
from app.accounts.identifiers import parse_inn, parse_kpp, parse_ogrn
from app.accounts.names import clean_title
from app.administration.bank_rules import PAYMENT
from app.administration.editable_rules import Editable, line, parse_number_between
from app.administration.sms_rules import SMS_LIMITS
from app.cases.message_text import clean_line
from app.cases.numbering import format_number
from app.errors import InvalidValue
from app.signing.plugin_rules import parse_links, parse_script

#: Zones of Russia, each by its best known city; any other IANA name may be set at the command line.
ZONES: Mapping[str, str] = MappingProxyType(
    {
        "Europe/Kaliningrad": "Калининград",
        "Europe/Moscow": "Москва",
        "Europe/Samara": "Самара",
        "Asia/Yekaterinburg": "Екатеринбург",
        "Asia/Omsk": "Омск",
        "Asia/Novosibirsk": "Новосибирск",
        "Asia/Krasnoyarsk": "Красноярск",
        "Asia/Irkutsk": "Иркутск",
        "Asia/Yakutsk": "Якутск",
        "Asia/Vladivostok": "Владивосток",
        "Asia/Magadan": "Магадан",
        "Asia/Kamchatka": "Петропавловск-Камчатский",
    }
)
YES_NO: Mapping[str, str] = MappingProxyType({"yes": "да", "no": "нет"})

_ZONE = re.compile(r"[A-Za-z]+(?:/[A-Za-z0-9_+-]+){1,2}")
_NOT_IN_PHONE = re.compile(r"[^0-9+() -]")
#: What a pattern of personal accounts is made of: one character or one of a set, each possibly repeated.
_PIECE = re.compile(
    r"(?:\[[0-9A-Za-zА-Яа-я-]+\]|[0-9A-Za-zА-Яа-я/-])(?P<times>\{[0-9]{1,2}(?:,[0-9]{1,2})?\}|\?)?"
)
#: Parts of a pattern that may be long or short: more of them would make the check of a number slow.
_MOST_LOOSE = 3
_LONGEST_PATTERN = 60


def parse_zone(text: str) -> str:
    """An IANA name of a time zone that this machine knows; raises InvalidValue."""
    name = text.strip()
    try:
        if len(name) <= 60 and _ZONE.fullmatch(name):
            return ZoneInfo(name).key
    except (ValueError, OSError, KeyError):  # names of folders and of files that are no zones
        pass
    raise InvalidValue("Выберите часовой пояс, например Asia/Yekaterinburg (Екатеринбург).")


def parse_office_phone(text: str) -> str:
    """A phone as it is printed: digits with «+», spaces, hyphens and brackets; raises InvalidValue."""
    phone = clean_line(text, max_length=40, label="Телефон").translate({ord(dash): "-" for dash in "–—‑−"})
    digits = sum(map(str.isdecimal, phone))
    if _NOT_IN_PHONE.search(phone) or not 3 <= digits <= 15:
        raise InvalidValue("Телефон: один номер цифрами, например 8 800 000-00-00.")
    return phone


def parse_number_pattern(text: str) -> str:
    """A pattern of registration numbers that makes good numbers; raises InvalidValue."""
    pattern = clean_line(text, max_length=_LONGEST_PATTERN, label="Шаблон номера")
    format_number(pattern, 1, date(2026, 12, 31))
    format_number(pattern, 999_999, date(2026, 12, 31))
    return pattern


def parse_account_pattern(text: str) -> str:
    """A pattern of personal accounts of the few signs that cannot make the check slow; raises InvalidValue."""
    label = "Шаблон лицевого счета"
    pattern = clean_line(text, max_length=_LONGEST_PATTERN, label=label)
    place, loose = 0, 0
    while place < len(pattern):
        piece = _PIECE.match(pattern, place)
        if piece is None:
            raise InvalidValue(
                f"{label}: непонятно с места «{pattern[place : place + 10]}». "
                f"Подходят цифры, буквы, наборы [0-9] и повторы {{6,20}}, например {PERSONAL_ACCOUNT}."
            )
        times = piece["times"] or ""
        loose += "," in times or times == "?"
        place = piece.end()
    try:
        re.compile(pattern, re.ASCII)
    except re.error:
        raise InvalidValue(f"{label}: проверьте набор или повтор, например {PERSONAL_ACCOUNT}.") from None
    if loose > _MOST_LOOSE:
        raise InvalidValue(f"{label}: частей переменной длины не больше {_MOST_LOOSE}.")
    return pattern


def parse_yes_no(text: str) -> bool:
    """A choice of yes or no, also as an operator types it; raises InvalidValue."""
    if text in ("yes", "да"):
        return True
    if text in ("no", "нет"):
        return False
    raise InvalidValue("Выберите «да» или «нет».")


def parse_stage_label(text: str) -> str:
    """A stage in the office's own words."""
    return clean_line(text, max_length=100, label="Название статуса")


def _number(label: str, least: int, most: int) -> Callable[[str], int]:
    return partial(parse_number_between, label=label, least=least, most=most)


_COMPANY = (
    Editable(
        "company.name",
        "Наименование",
        partial(clean_title, label="Наименование"),
        "Так организация названа в шапке сайта и в письмах, например ООО «Калиновские Электрические Сети»",
    ),
    Editable(
        "company.inn", "ИНН", partial(parse_inn, length=10), "10 цифр", True, width="s", inputmode="numeric"
    ),
    Editable("company.kpp", "КПП", parse_kpp, "9 знаков", True, width="s", inputmode="numeric"),
    Editable("company.ogrn", "ОГРН", parse_ogrn, "13 цифр", True, width="s", inputmode="numeric"),
    Editable("company.legal_address", "Юридический адрес", line("Юридический адрес"), optional=True),
    Editable(
        "company.address",
        "Адрес офиса",
        line("Адрес офиса"),
        "Куда приходят подтвердить учетную запись",
        optional=True,
    ),
    Editable("company.phone", "Телефон", parse_office_phone, "Стоит внизу каждой страницы", True, width="s"),
    Editable(
        "company.hours", "Часы работы", line("Часы работы", 200), "Например: в рабочие дни с 8:00 до 17:00"
    ),
    Editable(
        "company.zone",
        "Часовой пояс",
        parse_zone,
        "По нему считаются сроки и показывается время на сайте и в письмах",
        choices=ZONES,
    ),
)
_RULES = (
    Editable(
        "number.pattern",
        "Шаблон регистрационного номера",
        parse_number_pattern,
        "{n} — номер по порядку, {n:05} — с нулями впереди, {year}, {yy}, {month} — дата. Например: ТП-{n}/{year}",
        width="s",
    ),
    Editable(
        "number.contract",
        "Шаблон номера договора",
        parse_number_pattern,
        "Знаки те же. Например: {n}-ТП/{year}",
        width="s",
    ),
    Editable(
        "number.invoice",
        "Шаблон номера счета",
        parse_number_pattern,
        "Знаки те же. Например: {n} или С-{n}/{yy}",
        width="s",
    ),
    Editable(
        "personal_account.pattern",
        "Шаблон лицевого счета",
        parse_account_pattern,
        "[0-9] — любая цифра, {6,20} — сколько раз. Например: [0-9]{6,20} или 41-[0-9]{8}",
        width="s",
    ),
    Editable(
        "unconfirmed.may_send",
        "Можно отправлять заявки до подтверждения учетной записи в офисе",
        parse_yes_no,
        choices=YES_NO,
    ),
    Editable(
        "signing.require_gost",
        "Принимать только подписи по ГОСТ",
        parse_yes_no,
        "«Нет» пропускает подписи RSA и ECDSA, например иностранных центров",
        choices=YES_NO,
    ),
    Editable(
        "signing.require_qualified",
        "Принимать только квалифицированные сертификаты",
        parse_yes_no,
        "«Нет» пропускает и неквалифицированные, если их центр есть среди доверенных",
        choices=YES_NO,
    ),
    Editable(
        "signing.lists_wait",
        "Сколько часов подпись ждет свежего списка отзыва",
        _number("Часы ожидания списка отзыва", 1, 720),
        "Потом она отклоняется и документ нужно подписать заново",
        width="xs",
        inputmode="numeric",
    ),
    Editable(
        "signing.inn_suffices",
        "Принимать сертификат предпринимателя без ОГРНИП, если совпал ИНН",
        parse_yes_no,
        choices=YES_NO,
    ),
    Editable(
        "signing.plugin_script",
        "Где лежит скрипт плагина подписи (cadesplugin_api.js)",
        parse_script,
        "Скачайте его на cryptopro.ru и положите на свой сервер, например /plugin/cadesplugin_api.js. "
        "Пусто — сертификатом подписывают файлом подписи",
        optional=True,
    ),
    Editable(
        "signing.plugin_links",
        "Ссылки на программы для подписи",
        parse_links,
        "Их видят те, у кого плагина нет. Название и адрес, между ссылками точка с запятой",
    ),
    Editable(
        "security.second_factor",
        "Двухэтапный вход обязателен для сотрудников, поставщиков и администраторов",
        parse_yes_no,
        "«Нет» опасно: кто узнает пароль сотрудника, увидит данные всех заявителей",
        choices=YES_NO,
    ),
    Editable(
        "security.phone_hold_hours",
        "Сколько часов новый номер не подписывает кодом",
        _number("Часы до подписания с нового номера", 0, 168),
        "Если заявитель сам сменил номер. Номер, который записал сотрудник в офисе, подписывает сразу",
        width="xs",
        inputmode="numeric",
    ),
    Editable(
        "session.idle_minutes",
        "Через сколько минут бездействия заявитель входит заново",
        _number("Минуты бездействия заявителя", 5, 1440),
        width="xs",
        inputmode="numeric",
    ),
    Editable(
        "session.idle_minutes_staff",
        "Через сколько минут бездействия сотрудник входит заново",
        _number("Минуты бездействия сотрудника", 5, 1440),
        width="xs",
        inputmode="numeric",
    ),
    Editable(
        "session.absolute_hours",
        "Через сколько часов вход кончается в любом случае",
        _number("Часы входа", 1, 720),
        width="xs",
        inputmode="numeric",
    ),
)

#: Page of the settings → its settings in order.
SECTIONS: Mapping[str, tuple[Editable, ...]] = MappingProxyType(
    {"company": _COMPANY, "payment": PAYMENT, "rules": _RULES, "sms_limits": SMS_LIMITS}
)
SETTINGS_BY_KEY: Mapping[str, Editable] = MappingProxyType(
    {setting.key: setting for section in SECTIONS.values() for setting in section}
)


def stage_setting(code: str, label: str) -> Editable:
    """The setting by which the office renames a stage; empty it means the program's own words."""
    return Editable(f"label.stage.{code}", label, parse_stage_label, optional=True)
