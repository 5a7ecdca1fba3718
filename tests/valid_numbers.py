"""Numbers with right control digits, made from any small number."""


def snils(number: int) -> str:
    """A СНИЛС with its control number."""
    digits = f"{number:09d}"
    return digits + f"{sum(int(d) * (9 - i) for i, d in enumerate(digits)) % 101 % 100:02d}"


def inn10(number: int) -> str:
    """An ИНН of a legal entity with its control digit."""
    digits = f"{number:09d}"
    weights = (2, 4, 10, 3, 5, 9, 4, 6, 8)
    return digits + str(sum(w * int(d) for w, d in zip(weights, digits, strict=True)) % 11 % 10)


def inn12(number: int) -> str:
    """An ИНН of a person with its two control digits."""
    digits = f"{number:010d}"
    for weights in ((7, 2, 4, 10, 3, 5, 9, 4, 6, 8), (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)):
        digits += str(sum(w * int(d) for w, d in zip(weights, digits, strict=True)) % 11 % 10)
    return digits


def ogrn(number: int) -> str:
    """An ОГРН with its control digit."""
    digits = f"1{number:011d}"
    return digits + str(int(digits) % 11 % 10)


def ogrnip(number: int) -> str:
    """An ОГРНИП with its control digit."""
    digits = f"3{number:013d}"
    return digits + str(int(digits) % 13 % 10)
