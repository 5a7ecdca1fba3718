"""What a new password may be: long enough, not one of the well known ones, not made of the owner's own data.

The password counts exactly as typed: never trimmed, cut or changed, and no kinds of characters are demanded
(OWASP ASVS 5.0, 6.2). Knows nothing of hashing and of users.
"""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from app.characters import without_surrogates
from app.errors import InvalidValue

SHORTEST = 8
LONGEST = 128

_COMMON = Path(__file__).parent / "data" / "common_passwords.txt"
#: «qwerty» with up to so many signs around it («qwerty!1», «2024пароль») is as well known as «qwerty».
_FEW_SIGNS = 4
#: «11112222» and «abcabcabc»: less different characters than this is no secret.
_FEWEST_DIFFERENT = 4
#: Shorter pieces of one's own data («ru», «ип») may stand in a password by chance.
_SHORTEST_OWN = 3
_LONGEST_OWN = 300
_NOT_LETTERS_AT_ENDS = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_SIGNS = re.compile(r"[\W_]+")


def check_password(password: str, *, own: Iterable[str]) -> None:
    """Raise InvalidValue when the password is too short, too long, well known or mainly made of own data.

    `own` is what strangers know of the owner: e-mail, names, СНИЛС, title of the company, phone; empty values
    are fine.
    """
    if len(password) < SHORTEST:
        raise InvalidValue(f"Пароль: не короче {SHORTEST} символов. Подойдет фраза из нескольких слов.")
    if len(password) > LONGEST:
        raise InvalidValue(f"Пароль: не длиннее {LONGEST} символов.")
    if without_surrogates(password) != password:
        raise InvalidValue("Пароль: в нем испорченный символ. Наберите пароль заново.")
    key = password.casefold()
    if _is_common(key):
        raise InvalidValue(
            "Этот пароль слишком известен. Придумайте другой, например фразу из нескольких слов."
        )
    if _is_mainly_own(key, own):
        raise InvalidValue(
            "Пароль повторяет ваши данные: имя, адрес, номер или название. Придумайте не связанный с ними."
        )


def _is_common(key: str) -> bool:
    if len(set(key)) < _FEWEST_DIFFERENT or key in _common():
        return True
    core = _NOT_LETTERS_AT_ENDS.sub("", key)
    return core in _common() and len(key) - len(core) <= _FEW_SIGNS


def _is_mainly_own(key: str, own: Iterable[str]) -> bool:
    """Whether half of the letters and digits or more come from the owner's data."""
    bare = _SIGNS.sub("", key)
    rest = bare
    for piece in sorted(_pieces(own), key=len, reverse=True):
        rest = rest.replace(piece, "\n")  # a mark that keeps the ends from forming a new piece
    return bool(bare) and 2 * len(rest.replace("\n", "")) <= len(bare)


def _pieces(own: Iterable[str]) -> set[str]:
    """Each value as a whole and by words, without signs."""
    pieces = set()
    for value in own:
        words = _SIGNS.sub(" ", value[:_LONGEST_OWN].casefold()).split()
        pieces.update(words)
        pieces.add("".join(words))
    return {piece for piece in pieces if len(piece) >= _SHORTEST_OWN}


@cache
def _common() -> frozenset[str]:
    lines = _COMMON.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
