"""What an act on an application is, and how its small form is read: the rows stand in `acts`. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from app.accounts.identity_papers import parse_date
from app.cases.message_text import clean_line, clean_text
from app.connections.refusals import LONGEST_REASON, collected
from app.errors import InvalidForm, InvalidValue

Side = Literal["applicant", "company"]
Shape = Literal["area", "line", "date", "file", "files"]

#: Remarks and disagreements are longer than a reason.
LONGEST_REMARKS = 3000
LONGEST_NAME = 200
#: The name under which files of any act come.
FILES = "files"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form of an act; `with_file` ones are asked for only when a file came with the form."""

    code: str
    label: str
    shape: Shape
    hint: str = ""
    blank: str = ""
    required: bool = True
    longest: int = LONGEST_REASON
    with_file: bool = False


@dataclass(frozen=True, slots=True)
class Act:
    """One act: its move, heading, button and what follows, who does it, what is typed.

    Only a signatory does a `signatory` act. Files that come with it stand in the case as `document` (kind, title;
    without a title under their own names). A `rare` act stands apart from the buttons that carry the application on.
    """

    move: str
    title: str
    button: str
    follows: str
    by: Side = "company"
    fields: tuple[Field, ...] = ()
    document: tuple[str, str] = ("", "")
    signatory: bool = False
    danger: bool = False
    #: Whether it is the main thing to press while it is possible.
    main: bool = True
    rare: bool = False
    #: Whether the supplier whom the application names is told too.
    supplier_too: bool = False
    done: str = "Сделано, заявителю отправлено письмо."

    @property
    def name(self) -> str:
        """How the address of its page names the act."""
        return self.move.replace("_", "-")

    def field(self, code: str) -> Field | None:
        """The field with this name, if the act has it."""
        return next((one for one in self.fields if one.code == code), None)

    @property
    def shows_signature(self) -> bool:
        """Whether all that is typed tells of the company's signature on a scan."""
        return any(one.with_file for one in self.fields) and all(
            one.with_file or one.code == FILES for one in self.fields
        )

    @property
    def files(self) -> Field | None:
        """The field for files, if the act takes any."""
        return self.field(FILES)


@dataclass(frozen=True, slots=True)
class Values:
    """What was typed into the form of an act, cleaned; `on` is None where the act asks for no day."""

    reason: str = ""
    on: date | None = None
    signer: str = ""


def read(act: Act, texts: Mapping[str, str], files: int, *, earliest: date, today: date) -> Values:
    """What was typed into the form of an act; `files` is how many came with it.

    Days lie from `earliest` (the day on which the case was sent) to today. Raises one InvalidForm with all that is
    wrong.
    """
    errors: dict[str, list[str]] = {}
    values: dict[str, str | date | None] = {}
    for field in act.fields:
        if field.code == FILES:
            _count(field, files, errors)
        elif files or not field.with_file:
            with collected(errors, field.code):
                values[field.code] = _read(field, texts.get(field.code, ""), earliest, today)
        elif texts.get(field.code, "").strip():
            with collected(errors, field.code):  # not asked for, but nothing unreadable goes by in silence
                _read(field, texts[field.code], earliest, today)
    if errors:
        raise InvalidForm(errors)
    return Values(**values)  # type: ignore[arg-type]


def _count(field: Field, files: int, errors: dict[str, list[str]]) -> None:
    if field.required and not files:
        errors[FILES] = [field.blank]
    elif field.shape == "file" and files > 1:
        errors[FILES] = [f"{field.label}: приложите один файл."]


def _read(field: Field, text: str, earliest: date, today: date) -> str | date:
    if field.shape == "date":
        if not text.strip():
            raise InvalidValue(f"{field.label}: укажите день, например {today:%d.%m.%Y}.")
        return parse_date(text, earliest=earliest, latest=today, label=field.label, example=today)
    if field.shape == "line":
        return clean_line(text, max_length=LONGEST_NAME, label=field.label, required=field.required)
    required, blank = field.required, field.blank
    return clean_text(text, max_length=field.longest, label=field.label, required=required, blank=blank)
