"""The shape of what the form of a new appeal sends; what is acceptable says `written`."""

from collections.abc import Mapping, Sequence

from werkzeug.datastructures import MultiDict

from app.appeals.written import TO_COMPANY, Typed


def typed_in(form: MultiDict[str, str]) -> Typed:
    """The fields of the form as they came."""
    return Typed(
        applicant=form.get("applicant", ""),
        recipient=form.get("recipient", ""),
        topic=form.get("topic", ""),
        own_topic=form.get("own_topic", ""),
        about=form.get("about", ""),
        text=form.get("text", ""),
    )


def begun(address: MultiDict[str, str]) -> Typed:
    """An empty form addressed to the company; the address of the page may say which application it is about."""
    return Typed(recipient=TO_COMPANY, about=address.get("about", ""))


#: A browser keeps no files of a form that comes back.
CHOOSE_AGAIN = "Выберите файлы заново: браузер не хранит их после отправки."


def with_lost_files(
    errors: Mapping[str, Sequence[str]], chosen: Sequence[object]
) -> dict[str, Sequence[str]]:
    """The errors of a form that comes back; when files had been chosen, that they have to be chosen again."""
    if not chosen:
        return dict(errors)
    return {**errors, "files": [*errors.get("files", ()), CHOOSE_AGAIN]}
