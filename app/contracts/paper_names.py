"""The substitutions that texts of papers may use: what each means and an example. The example is also the law:
what does not stand here cannot be written in a text. Pure.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

_COMPANY = {
    "name": ("наименование сетевой организации", "ООО «Калиновские Электрические Сети»"),
    "inn": ("ИНН", "5902000001"),
    "kpp": ("КПП", "590201001"),
    "ogrn": ("ОГРН", "1025900000001"),
    "legal_address": ("юридический адрес", "614000, Пермский край, г. Пермь, ул. Ленина, д. 10"),
    "address": ("адрес офиса", "614000, г. Пермь, ул. Ленина, д. 10, каб. 5"),
    "phone": ("телефон", "8 800 000-00-00"),
    "hours": ("часы работы", "в рабочие дни с 8:00 до 17:00"),
    "bank": ("банк", "Волго-Вятский банк ПАО Сбербанк"),
    "bik": ("БИК", "042202603"),
    "account": ("расчетный счет", "40702810900000000001"),
    "correspondent": ("корреспондентский счет", "30101810900000000603"),
    "head_post": ("должность того, кто подписывает", "генеральный директор"),
    "head_name": ("кто подписывает", "Сидоров А. П."),
    "head_basis": ("на основании чего", "Устава"),
}
_APPLICANT: Mapping[str, Any] = {
    "name": ("имя или наименование", "Константинопольская-Преображенская Александра Владиславовна"),
    "form": ("правовая форма", "физическое лицо"),
    "signs": ("заявитель подписывает документ (условие)", True),
    "business": ("это организация или ИП (условие)", False),
    "inn": ("ИНН, пусто у физического лица", ""),
    "kpp": ("КПП организации", ""),
    "ogrn": ("ОГРН или ОГРНИП", ""),
    "head": ("руководитель организации", ""),
    "address": ("адрес", "614000, г. Пермь, ул. Ленина, 1"),
    "phone": ("телефон", "+7 950 400-00-01"),
    "email": ("e-mail", "ivanov@example.org"),
    "identity": ("документ, если вписан в форму", ""),
}
_OBJECT = {
    "name": ("энергопринимающие устройства", "ВРУ-0,4 кВ индивидуального жилого дома"),
    "place": ("где находится", "Пермский край, Добрянский р-н, п. Калиново, ул. Лесная, 12"),
    "cadastral": ("кадастровые номера", "59:01:4410000:123"),
    "power": ("присоединяемая мощность", "15 кВт"),
    "power_existing": ("ранее присоединенная мощность, пусто, если нет", ""),
    "power_total": ("мощность всего", "15 кВт"),
    "reliability": ("категория надежности", "третья"),
    "voltage": ("класс напряжения", "0,4 кВ"),
}
_CASE = {
    "number": ("регистрационный номер заявки", "299"),
    "sent": ("дата заявки", "2 ноября 2026 г."),
    "supplier": ("гарантирующий поставщик, пусто, если не назван", "АО «Энергосбыт»"),
}
_PAPER = {"date": ("дата документа", "1 декабря 2026 г.")}
_CONTRACT_NUMBER = {
    "number": ("номер договора", "12-ТП/2026"),
    "date": ("дата договора", "1 декабря 2026 г."),
    "made": ("договор уже заключен (условие)", True),
}
_CONTRACT = _CONTRACT_NUMBER | {
    "fee": ("размер платы", "75 000,00 ₽"),
    "fee_words": ("размер платы прописью", "Семьдесят пять тысяч рублей 00 копеек"),
    "vat": ("сведения об НДС", "НДС не облагается"),
    "works_term": ("срок мероприятий", "6 месяцев"),
    "payment_term": ("срок оплаты счета", "5 рабочих дней"),
    "applicant_part": ("у заявителя есть своя часть работ (условие)", True),
    "conditions_years": ("срок действия технических условий", "2 года"),
    "parts": (
        "части оплаты (список)",
        [
            {"number": "1", "percent": "15 %", "sum": "11 250,00 ₽", "days": "0", "first": True},
            {"number": "2", "percent": "85 %", "sum": "63 750,00 ₽", "days": "120", "first": False},
        ],
    ),
    "many_parts": ("частей больше одной (условие)", True),
}
_CONDITIONS = {
    "points": ("точки присоединения (список)", ["опора № 12 ВЛ-0,4 кВ Ф-2 от ТП-145 — 15 кВт"]),
    "source": ("основной источник питания", "ПС 110/10 кВ «Калиново», ВЛ-10 кВ «Поселок», ТП-145"),
    "reserve": ("резервный источник питания, пусто, если нет", ""),
    "company_side": (
        "мероприятия сетевой организации (список)",
        [
            "построить участок ВЛИ-0,4 кВ от опоры № 12 до границы участка заявителя",
            "установить прибор учета",
        ],
    ),
    "applicant_side": (
        "мероприятия заявителя (список)",
        ["выполнить ввод в дом проводом СИП-4", "смонтировать вводное устройство с автоматом 25 А"],
    ),
    "years": ("срок действия", "2 года"),
}
_METER = {
    "device": ("тип прибора учета", "Меркурий 234 ARTM-02 DPOBR.G"),
    "serial": ("заводской номер", "42101234"),
    "accuracy": ("класс точности, пусто, если не указан", "1,0"),
    "verified": ("поверен, пусто, если не указано", "III кв. 2026 г., межповерочный интервал 16 лет"),
    "place": ("место установки", "на опоре № 12 ВЛ-0,4 кВ"),
    "readings": ("показания (список)", ["активная энергия, прием: 000012,4 кВт·ч"]),
    "seals": ("пломбы (список)", ["крышка клеммной колодки — пломба № 0012345"]),
    "transformers": ("трансформаторы тока, пусто, если нет", ""),
}
_ACT = {
    "border": (
        "граница балансовой принадлежности",
        "контактные зажимы ответвления к вводу на опоре № 12 ВЛ-0,4 кВ Ф-2 от ТП-145",
    ),
    "duty": (
        "граница эксплуатационной ответственности",
        "там же, где граница балансовой принадлежности",
    ),
    "points": ("точки присоединения (список)", ["опора № 12 ВЛ-0,4 кВ Ф-2 от ТП-145 — 15 кВт"]),
    "meter": ("прибор учета, пусто, если не указан", "Меркурий 234 ARTM-02 № 42101234"),
    "remarks": ("замечания, пусто, если нет", ""),
}
_SHARED: Mapping[str, Mapping[str, Any]] = {
    "company": _COMPANY,
    "applicant": _APPLICANT,
    "object": _OBJECT,
    "case": _CASE,
    "paper": _PAPER,
}

#: What each kind of text may use beside the shared groups.
_OWN: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    "offer_terms": {"contract": _CONTRACT},
    "contract": {"contract": _CONTRACT},
    "conditions": {"contract": _CONTRACT_NUMBER, "conditions": _CONDITIONS},
    "instruction": {"contract": _CONTRACT_NUMBER},
    "notice": {"contract": _CONTRACT_NUMBER},
    "meter_act": {"contract": _CONTRACT_NUMBER, "meter": _METER},
    "connection_act": {"contract": _CONTRACT_NUMBER, "act": _ACT},
}
#: Kinds of papers that have a text of the company's.
TEMPLATED = tuple(_OWN)


def groups_of(kind: str) -> Mapping[str, Mapping[str, Any]]:
    """Group → name → (words, example) of all that a text of this kind may use."""
    return {**_SHARED, **_OWN[kind]}


def sample(kind: str) -> Mapping[str, Any]:
    """The tree of examples with which a text of this kind is checked and shown."""
    return MappingProxyType(
        {
            group: {name: example for name, (_, example) in names.items()}
            for group, names in groups_of(kind).items()
        }
    )


def documented(kind: str) -> Iterable[tuple[str, str, str]]:
    """Rows (name as it is written, what it is, example in words) for the page of the editor."""
    for group, names in groups_of(kind).items():
        for name, (words, example) in names.items():
            yield f"{group}.{name}", words, _in_words(example)


def _in_words(example: object) -> str:
    if isinstance(example, bool):
        return "да" if example else "нет"
    if not isinstance(example, list):
        return str(example)
    first = example[0]
    if isinstance(first, dict):
        return "у строки: " + ", ".join(
            f"{name} ({value})" for name, value in first.items() if value is not True
        )
    return "; ".join(example)
