"""What «Лист подписания» says of a signature: its record in words, rows of a table in groups. Pure.

Source: domain.md §4.2 (63-ФЗ, articles 6, 9, 11); the mark on a copy: ГОСТ Р 7.0.97-2016, 5.23.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.accounts.identifiers import format_snils

#: (heading of the group, its rows of label and value).
Group = tuple[str, list[tuple[str, str]]]

SIDES: Mapping[str, str] = {
    "applicant": "заявитель",
    "company": "сетевая организация",
    "supplier": "гарантирующий поставщик",
}
KINDS: Mapping[str, str] = {
    "code": "простая электронная подпись (ПЭП): код из СМС",
    "certificate": "усиленная электронная подпись: сертификат",
}
#: What a certificate of an accredited authority makes (63-ФЗ, article 5).
QUALIFIED = "усиленная квалифицированная электронная подпись (КЭП): сертификат"
#: By which operator an SMS went; others are called as they call themselves.
_OPERATORS: Mapping[str, str] = {"kept": "нет, СМС сложено на сервере (демонстрация)"}
#: The same in a few words, for lists.
SHORT_KINDS: Mapping[str, str] = {"code": "код из СМС", "certificate": "сертификат"}
_PAPERS: Mapping[str, str] = {"passport": "паспорт"}
_ROADS: Mapping[str, str] = {"file": "файл подписи приложен на сайте", "plugin": "плагин в браузере"}
_MATCHED: Mapping[str, str] = {
    "ogrn": "ОГРН",
    "ogrnip": "ОГРНИП",
    "inn": "ИНН",
    "snils": "СНИЛС",
    "authority": "доверенность",
}
_DELIVERY: Mapping[str, str] = {
    "delivered": "доставлено",
    "failed": "не доставлено",
    "sent": "передано оператору",
    "queued": "в очереди оператора",
    "unknown": "неизвестно",
}


@dataclass(frozen=True)
class Clock:
    """In which zone times are told beside UTC, and how the zone is called."""

    zone: str
    label: str

    def words(self, at: str | datetime | None) -> str:
        """«01.12.2026 00:58:13 UTC (05:58:13, Екатеринбург)»; an empty text for nothing."""
        if not at:
            return ""
        moment = datetime.fromisoformat(at) if isinstance(at, str) else at
        local = moment.astimezone(ZoneInfo(self.zone))
        utc = moment.astimezone(ZoneInfo("UTC"))
        day = f"{local:%d.%m.%Y} " if local.date() != utc.date() else ""
        return f"{utc:%d.%m.%Y %H:%M:%S} UTC ({day}{local:%H:%M:%S}, {self.label})"


@dataclass(frozen=True)
class Kept:
    """What stands beside the record: hashes of the record and of its entry in the journal; how the SMS went since."""

    record_sha256: str
    journal_entry: int
    journal_hash: str
    delivery: Mapping[str, Any]
    chain: tuple[str, ...] = ()


def groups(record: Mapping[str, Any], kept: Kept, clock: Clock, *, whole: bool) -> list[Group]:
    """The record in words; `whole` adds what another side has no business to know: from where it was done, the signer's
    own numbers, who of the company has seen and accepted what."""
    made = [
        ("Кто подписал", _who(record, clock, whole=whole)),
        ("Что подписано", _what(record)),
        ("Соглашение об электронном взаимодействии", _agreement(record, clock)),
        ("Ключ подписи", _key(record, clock)),
        ("Доставка СМС", _delivery(record, kept, clock)),
        ("Сертификат", _certificate(record, clock)),
        ("Доверенность", _authority(record, clock, whole=whole)),
        ("Проверка подписи", _check(record, kept, clock)),
        ("Время", _when(record, clock)),
        ("Откуда", _where(record) if whole else []),
        ("Запись о подписании", _kept(kept)),
    ]
    filled = [(heading, [(label, value) for label, value in rows if value]) for heading, rows in made]
    return [(heading, rows) for heading, rows in filled if rows]


def kind_words(kind: str, record: Mapping[str, Any]) -> str:
    """What sort of signature it is by law, and by what it was given."""
    return QUALIFIED if _group(record, "certificate").get("qualified") else KINDS[kind]


def stamp_rows(record: Mapping[str, Any], *, number: str, signer: str, at: str) -> list[tuple[str, str]]:
    """What the mark on a copy says: certificate (or number of the signature), owner, until when valid."""
    owner = _group(record, "certificate")
    if not owner:
        return [("Номер подписи", number), ("Владелец", signer), ("Подписано", at)]
    whose = ", ".join(filter(None, (str(owner.get("organisation", "")), str(owner.get("name", "")))))
    valid = f"с {_day(owner.get('not_before'))} по {_day(owner.get('not_after'))}"
    return [
        ("Сертификат", str(owner.get("serial", ""))),
        ("Владелец", whose or signer),
        ("Действителен", valid),
        ("Номер подписи", number),
        ("Подписано", at),
    ]


def _group(record: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = record.get(name)
    return found if isinstance(found, Mapping) else {}


def _text(group: Mapping[str, Any], name: str) -> str:
    value = group.get(name)
    return "" if value is None else str(value)


def chain_of(record: Mapping[str, Any]) -> list[str]:
    """The certificates (PEM, the signer first) by which a signature was found right; none for a code."""
    return [str(pem) for pem in _group(record, "check").get("chain") or ()]


def lists_of(record: Mapping[str, Any]) -> list[str]:
    """SHA-256 of the revocation lists by which a signature was found right."""
    return [str(one) for one in _group(record, "check").get("lists_used") or ()]


def _day(iso: object) -> str:
    return ".".join(reversed(str(iso or "")[:10].split("-")))


def _who(record: Mapping[str, Any], clock: Clock, *, whole: bool) -> list[tuple[str, str]]:
    who, seen = _group(record, "who"), _group(_group(record, "who"), "confirmed")
    paper = _text(seen, "document")
    shown = ", ".join(filter(None, (clock.words(_text(seen, "at")), _PAPERS.get(paper, paper))))
    authority = " от ".join(filter(None, (_text(who, "authority_number"), _day(who.get("authority_day")))))
    return [
        ("Сторона", SIDES.get(_text(record, "side"), "")),
        ("Фамилия, имя, отчество", _text(who, "name")),
        ("От чьего имени", _text(who, "for")),
        ("СНИЛС", format_snils(_text(who, "snils")) if whole else ""),
        ("ИНН", _text(who, "inn") if whole else ""),
        ("ОГРН или ОГРНИП", _text(who, "ogrn")),
        ("Доверенность", authority),
        ("Личность подтверждена в офисе", shown if whole else ""),
        ("Кто подтвердил", _text(seen, "by") if whole else ""),
    ]


def _what(record: Mapping[str, Any]) -> list[tuple[str, str]]:
    what = _group(record, "what")
    return [
        ("Документ", _text(what, "title")),
        ("Файл", _text(what, "file_name")),
        ("Размер, байт", _text(what, "size")),
        ("SHA-256 файла", _text(what, "sha256")),
        ("Пакет", _text(what, "package")),
    ]


def _agreement(record: Mapping[str, Any], clock: Clock) -> list[tuple[str, str]]:
    agreement = _group(record, "agreement")
    return [
        ("Текст", _text(agreement, "title")),
        ("Редакция", _text(agreement, "version")),
        ("SHA-256 текста", _text(agreement, "sha256")),
        ("Принято", clock.words(_text(agreement, "accepted_at"))),
    ]


def _key(record: Mapping[str, Any], clock: Clock) -> list[tuple[str, str]]:
    key = _group(record, "key")
    minutes = int(key.get("life_seconds") or 0) // 60
    return [
        ("Телефон", _text(key, "phone_masked")),
        ("Номер подтвержден", clock.words(_text(key, "phone_confirmed_at"))),
        ("Код", f"{_text(key, 'digits')} цифр, действует {minutes} мин." if key else ""),
        ("Введен с попытки", _text(key, "tries")),
        ("Запрос кода", f"№ {_text(key, 'challenge')}" if key else ""),
        ("Связан с документами (SHA-256)", _text(key, "bound_to")),
        ("След кода (HMAC-SHA-256)", _text(key, "code_hmac")),
    ]


def _delivery(record: Mapping[str, Any], kept: Kept, clock: Clock) -> list[tuple[str, str]]:
    then = _group(record, "delivery")
    if not then:
        return []
    told = {**then, **{name: value for name, value in kept.delivery.items() if value}}
    state = _text(told, "delivery")
    return [
        ("Оператор", _OPERATORS.get(_text(told, "provider"), _text(told, "provider"))),
        ("Номер сообщения у оператора", _text(told, "provider_id")),
        ("Отправлено", clock.words(told.get("sent_at"))),
        ("Отчет о доставке", _DELIVERY.get(state, state) or "не получен"),
        ("Доставлено", clock.words(told.get("delivered_at"))),
        ("Код запрашивали, раз", _text(told, "asked")),
    ]


def _certificate(record: Mapping[str, Any], clock: Clock) -> list[tuple[str, str]]:
    owner = _group(record, "certificate")
    if not owner:
        return []
    return [
        ("Владелец", _text(owner, "name")),
        ("Организация", _text(owner, "organisation")),
        ("ИНН", _text(owner, "inn")),
        ("ИНН организации", _text(owner, "inn_legal")),
        ("ОГРН", _text(owner, "ogrn")),
        ("ОГРНИП", _text(owner, "ogrnip")),
        ("СНИЛС", _text(owner, "snils")),
        ("Номер сертификата", _text(owner, "serial")),
        ("Издатель", _text(owner, "issuer")),
        ("Действителен с", clock.words(_text(owner, "not_before"))),
        ("Действителен по", clock.words(_text(owner, "not_after"))),
        ("Квалифицированный", "да" if owner.get("qualified") else "нет"),
    ]


def _authority(record: Mapping[str, Any], clock: Clock, *, whole: bool) -> list[tuple[str, str]]:
    found = _group(record, "authority")
    days = " по ".join(filter(None, (_day(found.get("valid_from")), _day(found.get("valid_until")))))
    return [
        ("Номер", _text(found, "number")),
        ("ОГРН доверителя", _text(found, "principal_ogrn")),
        ("Срок действия", days),
        ("SHA-256 файла", _text(found, "sha256")),
        ("Принята", clock.words(_text(found, "accepted_at"))),
        ("Кто принял", _text(found, "accepted_by") if whole else ""),
    ]


def _check(record: Mapping[str, Any], kept: Kept, clock: Clock) -> list[tuple[str, str]]:
    check = _group(record, "check")
    if not check:
        return []
    road, by = _text(check, "road"), _text(check, "matched_by")
    return [
        ("Итог", "подпись верна, документ после подписания не изменен"),
        ("Проверено", clock.words(_text(check, "at"))),
        ("Подпись получена", clock.words(_text(check, "received_at"))),
        ("Как получена", _ROADS.get(road, road)),
        ("Алгоритм", _text(check, "algorithm")),
        ("Чем проверено", _text(check, "engine")),
        ("Цепочка сертификатов", " → ".join(kept.chain)),
        ("Списки отзыва (SHA-256)", " ".join(check.get("lists_used") or ())),
        ("Владелец опознан по", _MATCHED.get(by, by)),
        ("Примечание", _text(check, "note")),
        ("SHA-256 файла подписи", _text(check, "cms_sha256")),
    ]


def _when(record: Mapping[str, Any], clock: Clock) -> list[tuple[str, str]]:
    when = _group(record, "when")
    return [
        ("Код запрошен", clock.words(_text(when, "requested_at"))),
        ("Код действовал до", clock.words(_text(when, "expires_at"))),
        ("Документ открыт на сайте", _viewed(record, clock)),
        ("Подписано", clock.words(_text(record, "signed_at"))),
    ]


def _viewed(record: Mapping[str, Any], clock: Clock) -> str:
    """When who signed opened the document here; records of before tell nothing of it."""
    if "viewed_at" not in record:
        return ""
    return clock.words(_text(record, "viewed_at")) or "не открывали"


def _where(record: Mapping[str, Any]) -> list[tuple[str, str]]:
    where = _group(record, "where")
    session = _text(where, "session")
    return [
        ("Адрес в сети", _text(where, "address")),
        ("Код запрошен с адреса", _text(where, "asked_from")),
        ("Браузер", _text(where, "agent")),
        ("Сеанс в кабинете", f"№ {session}" if session else ""),
    ]


def _kept(kept: Kept) -> list[tuple[str, str]]:
    return [
        ("SHA-256 записи", kept.record_sha256),
        ("Запись журнала", f"№ {kept.journal_entry}"),
        ("Звено цепочки журнала (SHA-256)", kept.journal_hash),
    ]
