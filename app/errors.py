"""The one tree of errors with which the business refuses something.

They carry data and sentences for people, never HTML and never a status code: `app/web/errors.py` turns them into answers.
"""

from collections.abc import Mapping


class DomainError(Exception):
    """A rule of the business refused; nothing was changed."""

    #: What a person reads when the error carries no sentence of its own.
    sentence = "Действие не выполнено."

    def __init__(self, message: str = "") -> None:
        """Keep the sentence for the person; an empty one means the sentence of the class."""
        super().__init__(message or self.sentence)

    @property
    def message(self) -> str:
        """The sentence in Russian that a person reads."""
        return str(self.args[0])


class NotFound(DomainError):
    """No such thing, or none that this person may know of: the two are never told apart."""

    sentence = "Такой страницы нет или у вас нет к ней доступа."


class Forbidden(DomainError):
    """The person is known, but their role has no right to this function."""

    sentence = "У вашей учетной записи нет права на это действие."


class InvalidValue(DomainError):
    """One value is not acceptable; the sentence says how to mend it."""

    sentence = "Проверьте значение."


class InvalidForm(DomainError):
    """Several values are not acceptable; `errors` maps a field's name to its sentences."""

    sentence = "Проверьте выделенные поля."

    def __init__(self, errors: Mapping[str, list[str]], message: str = "") -> None:
        """Keep the sentences by field; the empty field name stands for the whole form."""
        super().__init__(message)
        self.errors = dict(errors)


class Conflict(DomainError):
    """The thing is in another state than the person thought."""

    sentence = "Пока вы работали, состояние изменилось. Обновите страницу и проверьте."


class Overtaken(Conflict):
    """Somebody else has changed the thing since it was shown; a page tells both versions and keeps what was typed."""

    sentence = "Пока вы работали, эти данные изменил другой сотрудник. Сравните и сохраните еще раз."


class IllegalMove(Conflict):
    """The lifecycle knows no such move from the present status."""

    sentence = "Сейчас это действие невозможно: состояние обращения уже другое."


class TooLarge(DomainError):
    """A body or a file is over its limit."""

    sentence = "Файл больше допустимого размера."


class TooManyTries(DomainError):
    """A limit on tries is used up; `retry_after` is in seconds."""

    sentence = "Слишком много попыток. Подождите и попробуйте снова."

    def __init__(self, retry_after: int, message: str = "") -> None:
        """Keep how many seconds the person has to wait."""
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(DomainError):
    """Something the site needs is away for a while; nothing is lost."""

    sentence = "Сервис временно недоступен. Попробуйте через минуту, введенное сохранено."


class AlreadyDone(DomainError):
    """The same button was pressed twice; `url` is where the first press led."""

    sentence = "Это действие уже выполнено."

    def __init__(self, url: str) -> None:
        """Keep the result of the first press."""
        super().__init__()
        self.url = url
