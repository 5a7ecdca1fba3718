"""Whose certificate signed, what a person does about a signature that was not taken, when a waiting one ends. Pure.

The numbers of a certificate say something only after its chain has led to a root of ours: a stranger's authority may
issue one with any number. An expected number that is empty never matches.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal, Protocol

State = Literal["accepted", "waits_list", "waits_authority", "refused"]
WAITING = ("waits_list", "waits_authority")

#: What one signature may weigh, and how many documents are signed in one go.
LARGEST_SIGNATURE = 1024 * 1024
MOST_AT_ONCE = 10
#: How many signatures one person may send into one case within an hour, the refused ones too.
MOST_AN_HOUR = 60
#: Everything is right, but whether the certificate is revoked cannot be told yet.
NO_LIST = frozenset({"crl_missing", "crl"})

_ASK_OFFICE = "Если подпись верная, напишите об этом в сообщениях обращения."
#: Code of a refusal → what happened and what to do, one sentence or two for a person.
SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "wrong_document": "Подпись сделана для другого файла: скачайте документ здесь, не открывайте и не сохраняйте его "
        "заново, и подпишите именно этот файл.",
        "bad_signature": "Подпись испорчена или в файле нет сертификата: подпишите документ еще раз и включите в подпись "
        "сертификат.",
        "expired": "Срок действия сертификата кончился: подпишите документ действующим сертификатом.",
        "not_yet_valid": "Сертификат еще не действует: дождитесь начала его срока или подпишите другим сертификатом.",
        "revoked": "Сертификат отозван: подпишите документ действующим сертификатом, новый выдает удостоверяющий центр.",
        "unknown_ca": "Удостоверяющий центр этого сертификата нам неизвестен: подпишите сертификатом аккредитованного "
        f"центра. {_ASK_OFFICE}",
        "crl_missing": "Нет списка отзыва удостоверяющего центра, поэтому сертификат нельзя проверить: пришлите подпись "
        "позже или подпишите сертификатом другого центра.",
        "crl": "Список отзыва удостоверяющего центра устарел, поэтому сертификат нельзя проверить: пришлите подпись позже "
        "или подпишите сертификатом другого центра.",
        "no_signed_attrs": "Подпись сделана в слишком простом формате: в программе подписи выберите CAdES-BES и подпишите "
        "документ еще раз.",
        "not_cades": "Это не CAdES: в программе подписи выберите формат CAdES-BES и подпишите документ еще раз.",
        "attached": "Документ вложен в саму подпись: в программе подписи выберите «отсоединенная подпись» "
        "(«сохранить подпись отдельно») и подпишите еще раз.",
        "signers": "В файле должна быть ровно одна подпись: подпишите документ один раз и приложите новый файл.",
        "key_usage": "Этот сертификат не для подписи документов: выберите сертификат, выданный для электронной подписи.",
        "not_qualified": "Это не квалифицированный сертификат: подпишите квалифицированной электронной подписью (КЭП), "
        "сертификат для нее выдает аккредитованный удостоверяющий центр, организациям и ИП – ФНС.",
        "algorithm": "Такой алгоритм подписи не принимаем: подпишите сертификатом по ГОСТ Р 34.10-2012.",
        "malformed": "Это не файл подписи: приложите файл .sig, .p7s или .sgn, который сделала программа подписи.",
        "too_large": "Файл подписи больше 1 МБ: проверьте, что выбрали файл подписи, а не сам документ, и что подпись "
        "отсоединенная.",
        "engine": "Проверка подписей на сайте сейчас не работает, ваша подпись ни при чем: попробуйте позже или позвоните "
        "в сетевую организацию.",
        "config": "Проверка подписей на сайте настроена неверно, ваша подпись ни при чем: позвоните в сетевую "
        "организацию.",
        "other_owner": "Сертификат выдан не тому, кто должен подписать: проверьте, что выбрали нужный сертификат.",
        "organisation": "Это сертификат организации: подпишите своим сертификатом физического лица.",
        "ogrnip_missing": "В сертификате нет ОГРНИП: подпишите сертификатом предпринимателя, его выдает ФНС.",
        "no_requisites": "На сайте не указаны номера того, кто подписывает, и сертификат не с чем сверить: сообщите об этом "
        "в сетевую организацию.",
        "file_changed": "Файл документа на сайте не тот, что был размещен, подписывать его нельзя: сообщите об этом в "
        "сетевую организацию.",
        "replaced": "Вместо этой подписи прислана другая: дождитесь ответа о ней.",
        "too_late": "Пока подпись проверяли, ставить ее стало нельзя: откройте обращение и посмотрите, что с документом.",
        "authority_refused": "Доверенность не приняли: приложите другую или подпишите сертификатом руководителя.",
        "list_never_came": "Список отзыва удостоверяющего центра так и не получен: подпишите документ еще раз или "
        "сертификатом другого центра.",
    }
)
#: What a person reads of a signature that waits.
WAITS: Mapping[str, str] = MappingProxyType(
    {
        "waits_list": "Проверка отложена: нет списка отзыва удостоверяющего центра. Повторять ничего не нужно: сайт "
        "проверит подпись сам, когда получит список, и пришлет письмо.",
        "waits_authority": "Нужна доверенность: в сертификате нет номера организации (ОГРН). Приложите машиночитаемую "
        "доверенность (МЧД), подпись ждет ее.",
    }
)
ACCEPTED = "Подписано."
#: Said before anybody makes a signature that could only be refused.
NO_ROOTS = (
    "Подписать сертификатом здесь пока нельзя: сетевая организация еще не указала на сайте, каким удостоверяющим центрам "
    "верит."
)


@dataclass(frozen=True)
class Outcome:
    """What became of the signature of one slot; `sentence` is for the person who sent it."""

    slot_id: int
    state: State
    code: str
    sentence: str


@dataclass(frozen=True)
class Expected:
    """Who has to sign: the legal form of an applicant (company and supplier are legal entities) and the numbers.

    `ogrn` holds the ОГРНИП of a sole trader.
    """

    form: str
    ogrn: str = ""
    inn: str = ""
    snils: str = ""


@dataclass(frozen=True)
class Match:
    """«ok», «authority» (a person without the party's number) or the code of a refusal; by which number, with what note."""

    code: str
    by: str = ""
    note: str = ""


class OwnerFacts(Protocol):
    """What is read in a certificate; numbers are digits or empty."""

    @property
    def inn(self) -> str: ...  # noqa: D102
    @property
    def inn_legal(self) -> str: ...  # noqa: D102
    @property
    def ogrn(self) -> str: ...  # noqa: D102
    @property
    def ogrnip(self) -> str: ...  # noqa: D102
    @property
    def snils(self) -> str: ...  # noqa: D102


def sentence_of(code: str) -> str:
    """What to do about a refusal; also for a code that a later version of the check may bring."""
    return SENTENCES.get(code, f"Подпись не принята (код {code}): подпишите документ еще раз. {_ASK_OFFICE}")


def match(owner: OwnerFacts, expected: Expected, *, inn_suffices: bool) -> Match:
    """Whether a certificate is of the party that has to sign.

    `inn_suffices`: whether a sole trader is known by the ИНН alone when the certificate holds no ОГРНИП.
    """
    if expected.form == "individual":
        return _person(owner, expected)
    if expected.form == "sole_trader":
        return _trader(owner, expected, inn_suffices)
    return _legal_entity(owner, expected)


def _person(owner: OwnerFacts, expected: Expected) -> Match:
    if owner.ogrn:
        return Match("organisation")
    if not expected.snils and not expected.inn:
        return Match("no_requisites")
    if _same(owner.snils, expected.snils):
        return Match("ok", "snils")
    if not owner.snils and _same(owner.inn, expected.inn):
        return Match("ok", "inn", "в сертификате нет СНИЛС, владелец узнан по ИНН")
    return Match("other_owner")


def _trader(owner: OwnerFacts, expected: Expected, inn_suffices: bool) -> Match:
    if not expected.ogrn:
        return Match("no_requisites")
    if _same(owner.ogrnip, expected.ogrn):
        return Match("ok", "ogrnip")
    if owner.ogrnip or owner.ogrn:
        return Match("other_owner")
    if _same(owner.inn, expected.inn):
        if inn_suffices:
            return Match("ok", "inn", "в сертификате нет ОГРНИП, предприниматель узнан по ИНН")
        return Match("ogrnip_missing")
    return _employee(owner)


def _legal_entity(owner: OwnerFacts, expected: Expected) -> Match:
    if not expected.ogrn:
        return Match("no_requisites")
    if owner.ogrn:
        legal = legal_inn(owner)
        other_inn = bool(legal and expected.inn and legal != expected.inn)
        return Match("ok", "ogrn") if owner.ogrn == expected.ogrn and not other_inn else Match("other_owner")
    return _employee(owner)


def _employee(owner: OwnerFacts) -> Match:
    """A person may sign for a party that has given a power of attorney; it names the person by СНИЛС or ИНН."""
    return Match("authority") if owner.snils or owner.inn else Match("other_owner")


def legal_inn(owner: OwnerFacts) -> str:
    """The ten digits of an organisation's ИНН; older certificates hold them as «00» and ten digits in the plain ИНН."""
    old = owner.inn if owner.inn.startswith("00") and len(owner.inn) == 12 else ""
    return (owner.inn_legal or old).removeprefix("00")[-10:]


def _same(found: str, expected: str) -> bool:
    return bool(expected) and found == expected


def waits_too_long(sent_at: datetime, at: datetime, *, hours: int) -> bool:
    """Whether a signature has waited for a list of revoked certificates as long as the office lets it."""
    return at - sent_at >= timedelta(hours=hours)
