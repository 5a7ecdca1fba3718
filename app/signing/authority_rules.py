"""Machine-readable powers of attorney (МЧД): what stands in the file, and whether it lets a person sign for a party. Pure.

The file is XML of the form «EMCHD_1» (namespace `urn://x-artefacts/EMCHD_1`) and comes from a stranger: no document type,
no entities, nothing fetched, bounded in size, depth and number of elements. The fields are read by their names wherever the
form puts them. Not read: powers by code in words, the register of the tax office, a chain of transferred powers.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from xml.parsers import expat

from app.errors import InvalidValue
from app.signing.certificate_rules import OwnerFacts

LARGEST_FILE = 1024 * 1024
_DEEPEST, _MOST_ELEMENTS, _LONGEST_TEXT = 40, 5_000, 20_000
_LONGEST_NUMBER, _LONGEST_NAME, _MOST_POWERS = 100, 300, 100
_FORM = "EMCHD_1"

_NOT_XML = "Это не файл доверенности: приложите файл XML, который сделала программа или сайт ФНС."
_NOT_EMCHD = (
    "Это не машиночитаемая доверенность единой формы (EMCHD_1): выгрузите файл XML "
    "доверенности заново, например на m4d.nalog.gov.ru."
)
_TRANSFERRED = (
    "Передоверие на сайте не проверяют: приложите доверенность, которую выдала сама организация, или подпишите "
    "сертификатом руководителя."
)


@dataclass
class Element:
    """One element of the file: its name without the namespace, its attributes, what is inside."""

    name: str
    attributes: Mapping[str, str]
    children: "list[Element]" = field(default_factory=list)
    text: str = ""

    def all(self) -> "Iterator[Element]":
        """This element and all below it, in the order of the file."""
        yield self
        for child in self.children:
            yield from child.all()

    def first(self, name: str) -> "Element | None":
        """The first element of a name, this one included."""
        return next((one for one in self.all() if one.name == name), None)

    def value(self, *names: str) -> str:
        """The first attribute of one of the names here or below; empty when there is none."""
        found = (
            one.attributes[name].strip() for one in self.all() for name in names if name in one.attributes
        )
        return next((one for one in found if one), "")


@dataclass(frozen=True)
class Representative:
    """One who may sign by the power of attorney; numbers are digits or empty."""

    name: str
    snils: str
    inn: str


@dataclass(frozen=True)
class Authority:
    """What a power of attorney says: who gave it (ОГРН or ОГРНИП), to whom, for which days, with which powers in words."""

    number: str
    principal: str
    principal_ogrn: str
    representatives: Sequence[Representative]
    valid_from: date | None
    valid_until: date
    powers: Sequence[str]
    #: Whether those named may act only together.
    jointly: bool


def read(content: bytes) -> Authority:
    """The power of attorney in a file; raises InvalidValue with what to do about a file that is none."""
    root = parse(content)
    if root.name != "Доверенность" or not _is_form(root):
        raise InvalidValue(_NOT_EMCHD)
    if root.first("Передов") is not None:
        raise InvalidValue(_TRANSFERRED)
    principal, representatives = root.first("СвДоверит"), _representatives(root)
    about = root.first("СвДов")
    if principal is None or about is None or not representatives:
        raise InvalidValue(_NOT_EMCHD)
    number, until = about.value("НомДовер", "ВнНомДовер"), _day(about.value("СрокДейст"))
    if not number or until is None:
        raise InvalidValue("В доверенности нет номера или срока действия: приложите другой файл.")
    return Authority(
        number=number[:_LONGEST_NUMBER],
        principal=principal.value("НаимОрг", "НаимИП")[:_LONGEST_NAME] or _name(principal),
        principal_ogrn=_digits(principal.value("ОГРН", "ОГРНИП")),
        representatives=representatives,
        valid_from=_day(about.value("ДатаНачДейст", "ДатаВыдДовер")),
        valid_until=until,
        powers=_powers(root),
        jointly=root.value("ПрСовмПолн") == "2",
    )


def parse(content: bytes) -> Element:
    """The elements of a file of XML that carries nothing but elements; raises InvalidValue."""
    if not content.strip():
        raise InvalidValue("Файл доверенности пустой: приложите другой.")
    if len(content) > LARGEST_FILE:
        raise InvalidValue(
            "Файл доверенности больше 1 МБ: проверьте, что выбрали файл XML самой доверенности."
        )
    reader = _Reader()
    try:
        reader.parser.Parse(content, True)
    except (expat.ExpatError, UnicodeError, LookupError, ValueError):
        raise InvalidValue(_NOT_XML) from None
    if reader.root is None:
        raise InvalidValue(_NOT_XML)
    return reader.root


class _Reader:
    """Builds the elements while expat reads; refuses a document type at its beginning, before any entity is declared."""

    def __init__(self) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.StartDoctypeDeclHandler = self._refuse
        parser.EntityDeclHandler = self._refuse
        parser.ExternalEntityRefHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.buffer_text = True
        self.parser = parser
        self.root: Element | None = None
        self._open: list[Element] = []
        self._seen = 0

    def _refuse(self, *_arguments: object) -> int:
        raise InvalidValue(
            "В файле доверенности есть лишнее (DOCTYPE): выгрузите файл XML заново там, где ее оформили."
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._seen += 1
        if len(self._open) >= _DEEPEST or self._seen > _MOST_ELEMENTS:
            raise InvalidValue("Файл доверенности устроен слишком сложно: приложите другой.")
        space, _, local = name.rpartition(" ")
        told = {key.rpartition(" ")[2]: _plain(value) for key, value in attributes.items()}
        element = Element(local, told if not space else {**told, "": space})
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
        self._open.append(element)

    def _end(self, _name: str) -> None:
        self._open.pop()

    def _text(self, text: str) -> None:
        element = self._open[-1]
        if len(element.text) < _LONGEST_TEXT:
            element.text += text[:_LONGEST_TEXT]


def refuse_unfit(
    authority: Authority, *, expected_ogrn: str, owners: Sequence[OwnerFacts], today: date
) -> None:
    """Raise InvalidValue when the power of attorney is not of the party, not for one of the people who signed, or over."""
    if not expected_ogrn or authority.principal_ogrn != expected_ogrn:
        raise InvalidValue(
            "Доверенность выдала другая организация: нужна доверенность того, за кого подписан документ "
            f"(ОГРН {expected_ogrn or 'не указан'})."
        )
    if authority.valid_until < today:
        raise InvalidValue(
            f"Срок доверенности кончился {authority.valid_until:%d.%m.%Y}: приложите действующую."
        )
    if authority.valid_from and authority.valid_from > today:
        raise InvalidValue(
            f"Доверенность действует только с {authority.valid_from:%d.%m.%Y}: приложите ее в этот день."
        )
    if not any(representative_of(authority, owner) for owner in owners):
        raise InvalidValue(
            "В доверенности нет того, чей сертификат подписал документ: сверьте СНИЛС и ИНН представителя и приложите ту, "
            "которая выдана ему."
        )


def representative_of(authority: Authority, owner: OwnerFacts) -> Representative | None:
    """The representative whose certificate it is: by the numbers that both hold, none of which may differ."""
    return next(
        (one for one in authority.representatives if same_person(owner, snils=one.snils, inn=one.inn)), None
    )


def same_person(owner: OwnerFacts, *, snils: str, inn: str) -> bool:
    """Whether a certificate is of the person with these numbers; an empty number says nothing, one has to agree."""
    pairs = [(owner.snils, snils), (owner.inn, inn)]
    told = [(found, given) for found, given in pairs if found and given]
    return bool(told) and all(found == given for found, given in told)


def _is_form(root: Element) -> bool:
    """By the version that the form names, or by its namespace."""
    return _FORM in root.attributes.get("ВерсФорм", "") or _FORM in root.attributes.get("", "")


def _representatives(root: Element) -> list[Representative]:
    named = [one for one in root.all() if one.name == "СвУпПред"]
    found = [
        Representative(_name(one), _digits(one.value("СНИЛС")), _digits(one.value("ИННФЛ"))) for one in named
    ]
    return [one for one in found if one.snils or one.inn]


def _plain(text: str) -> str:
    """One line of what can be seen: it goes to pages, letters and a file of commands, and a stranger has written it."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _name(element: Element) -> str:
    """«Петров Иван Сергеевич» of the first full name inside."""
    person = element.first("ФИО")
    parts = (person.value(part) for part in ("Фамилия", "Имя", "Отчество")) if person else ()
    return " ".join(part for part in parts if part)[:_LONGEST_NAME]


def _powers(root: Element) -> list[str]:
    """The powers in the words of the file: free text, or the names of powers by code."""
    texts = [_plain(one.text) for one in root.all() if one.name in ("ТекстПолн", "НаимПолн")]
    named = [
        one.attributes[key]
        for one in root.all()
        for key in ("ТекстПолн", "НаимПолн")
        if key in one.attributes
    ]
    return [one for one in (*texts, *named) if one][:_MOST_POWERS]


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isascii() and sign.isdigit())


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        pass
    day, _, rest = text[:10].partition(".")
    month, _, year = rest.partition(".")
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
