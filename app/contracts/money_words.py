"""A sum in words for an invoice: «Двенадцать тысяч триста сорок пять рублей 00 копеек».

Knows Russian numerals and their agreement with nouns: nothing of invoices. Kopecks stay in digits, as
accountants write them.
"""

from app.contracts.money import LARGEST_SUM

_UNITS = (
    ("", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять"),
    ("", "одна", "две", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять"),
)
_TEENS = (
    *("десять", "одиннадцать", "двенадцать", "тринадцать", "четырнадцать"),
    *("пятнадцать", "шестнадцать", "семнадцать", "восемнадцать", "девятнадцать"),
)
_TENS = (
    *("", "", "двадцать", "тридцать", "сорок", "пятьдесят"),
    *("шестьдесят", "семьдесят", "восемьдесят", "девяносто"),
)
_HUNDREDS = (
    *("", "сто", "двести", "триста", "четыреста", "пятьсот"),
    *("шестьсот", "семьсот", "восемьсот", "девятьсот"),
)
#: Names of the groups of three digits, after one, after two to four, after the rest; and whether feminine.
_GROUPS = (
    (("миллиард", "миллиарда", "миллиардов"), False),
    (("миллион", "миллиона", "миллионов"), False),
    (("тысяча", "тысячи", "тысяч"), True),
)


def money_in_words(kopecks: int) -> str:
    """The sum in words with a capital letter: 1 → «Ноль рублей 01 копейка»; raises ValueError out of range."""
    if not 0 <= kopecks <= LARGEST_SUM:
        raise ValueError(f"no words for a sum of {kopecks} kopecks")
    roubles, rest = divmod(kopecks, 100)
    words = number_in_words(roubles)
    return (
        f"{words[0].upper()}{words[1:]} {_agreed(roubles, ('рубль', 'рубля', 'рублей'))} "
        f"{rest:02} {_agreed(rest, ('копейка', 'копейки', 'копеек'))}"
    )


def number_in_words(number: int) -> str:
    """A whole number from 0 to 999 999 999 999 in words, masculine: 21 → «двадцать один»."""
    if not number:
        return "ноль"
    groups = (number // 10**9, number // 10**6 % 1000, number // 1000 % 1000)
    words: list[str] = []
    for value, (forms, feminine) in zip(groups, _GROUPS, strict=True):
        if value:
            words += [*_three_digits(value, feminine), _agreed(value, forms)]
    return " ".join(words + _three_digits(number % 1000, False))


def _three_digits(value: int, feminine: bool) -> list[str]:
    hundreds, rest = divmod(value, 100)
    if 10 <= rest < 20:
        words = [_HUNDREDS[hundreds], _TEENS[rest - 10]]
    else:
        words = [_HUNDREDS[hundreds], _TENS[rest // 10], _UNITS[feminine][rest % 10]]
    return [word for word in words if word]


def _agreed(number: int, forms: tuple[str, str, str]) -> str:
    """The form of a noun after a number: 1 рубль, 2 рубля, 5 рублей, 11 рублей, 21 рубль."""
    if number // 10 % 10 == 1 or not 1 <= number % 10 <= 4:
        return forms[2]
    return forms[0] if number % 10 == 1 else forms[1]
