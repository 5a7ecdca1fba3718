"""Mobile phones, e-mail addresses and personal account numbers (лицевой счет).

Knows the shapes only: whether a phone or an address is alive is told by delivery.
"""

import re

from app.characters import (
    bare_number,
    composed,
    refuse_control,
    refuse_longer,
    refuse_not_digits,
    without_invisible,
)
from app.company.wording import plural
from app.errors import InvalidValue

#: Usual shape of a personal account number; a company may set its own pattern.
PERSONAL_ACCOUNT = "[0-9]{6,20}"
_LONGEST_ACCOUNT = 40
#: RFC 5321: 254 characters for the whole address, 64 for the part before «@», 63 for one label of the domain.
_LONGEST_EMAIL = 254
_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_EMAIL_EXAMPLE = "Введите адрес вида ivanov@example.ru."


def parse_mobile(text: str) -> str:
    """A Russian mobile phone as «+79XXXXXXXXX», typed with +7, 8, 7 or nothing before 9; or InvalidValue."""
    number = bare_number(text, label="Сотовый телефон")
    number = number.translate({ord("("): None, ord(")"): None})
    international = number.startswith("+")
    digits = number[1:] if international else number
    refuse_not_digits(digits, label="Сотовый телефон")
    if not digits:
        raise InvalidValue("Введите номер сотового телефона, например +7 950 400-00-01.")
    if international and not digits.startswith("7"):
        raise InvalidValue("Нужен российский номер сотового телефона: он начинается с +7 9.")
    national = digits[1:] if digits[0] in "78" else digits
    if not national.startswith("9"):
        raise InvalidValue("Нужен номер сотового телефона: после +7 он начинается с цифры 9.")
    if len(national) != 10:
        raise InvalidValue(
            f"Введите 10 цифр номера после +7, у вас {len(national)} "
            f"{plural(len(national), 'цифра', 'цифры', 'цифр')}."
        )
    return f"+7{national}"


def format_mobile(phone: str) -> str:
    """How a stored phone is printed: «+79504000001» → «+7 950 400-00-01»; the empty string stays empty."""
    return f"{phone[:2]} {phone[2:5]} {phone[5:8]}-{phone[8:10]}-{phone[10:]}" if phone else ""


def parse_email(text: str) -> str:
    """One address for plain SMTP: ASCII before «@», a domain with a dot, in lower case and punycode.

    The case of the part before «@» stays as typed; `email_key` is for comparing. Raises InvalidValue for
    lists of addresses, quoted parts, IP literals, host names without a dot, control characters and over 254
    characters.
    """
    address = without_invisible(composed(text, label="E-mail", max_length=_LONGEST_EMAIL))
    refuse_control(address, label="E-mail")
    refuse_longer(address, label="E-mail", max_length=_LONGEST_EMAIL)
    if address.count("@") > 1 or re.search(r"[\s,;]", address):
        raise InvalidValue("Введите один адрес электронной почты, без пробелов и запятых.")
    local, at, domain = address.partition("@")
    if not (local and at and domain):
        raise InvalidValue(_EMAIL_EXAMPLE)
    if not local.isascii():
        raise InvalidValue("Нужен адрес латиницей: до знака @ русские буквы почта не примет.")
    if len(local) > 64 or not _LOCAL_PART.fullmatch(local):
        raise InvalidValue(f"Проверьте адрес до знака @. {_EMAIL_EXAMPLE}")
    address = f"{local}@{_domain(domain)}"
    refuse_longer(address, label="E-mail", max_length=_LONGEST_EMAIL)
    return address


def _domain(text: str) -> str:
    """A domain in lower case and punycode; raises InvalidValue for what is no public host name."""
    wrong = InvalidValue(f"Проверьте адрес после знака @. {_EMAIL_EXAMPLE}")
    try:
        domain = text.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise wrong from None
    labels = domain.split(".")
    if len(labels) < 2 or not all(map(_DOMAIN_LABEL.fullmatch, labels)):
        raise wrong
    if labels[-1].isdigit() or len(labels[-1]) < 2 or labels[-1] == "localhost":
        raise wrong
    return domain


def email_key(address: str) -> str:
    """The form in which two addresses are compared and an address signs in; case never tells people apart."""
    return address.casefold()


def parse_personal_account(text: str, pattern: str = PERSONAL_ACCOUNT) -> str:
    """A personal account number without spaces, matched as a whole by the company's pattern.

    The pattern comes from the company's settings. What is matched is at most 40 characters, but a pattern
    with nested quantifiers may still be slow, so whoever edits the setting has to try it. Raises InvalidValue.
    """
    value = "".join(
        without_invisible(composed(text, label="Лицевой счет", max_length=_LONGEST_ACCOUNT)).split()
    )
    refuse_longer(value, label="Лицевой счет", max_length=_LONGEST_ACCOUNT)
    if re.fullmatch(pattern, value, re.ASCII):
        return value
    bare = bare_number(value, label="Лицевой счет")
    if re.fullmatch(pattern, bare, re.ASCII):
        return bare
    if pattern != PERSONAL_ACCOUNT:
        raise InvalidValue("Проверьте лицевой счет: введите его так, как он напечатан в квитанции.")
    refuse_not_digits(bare, label="Лицевой счет")
    raise InvalidValue(f"Введите лицевой счет: от 6 до 20 цифр, у вас {len(bare)}.")
