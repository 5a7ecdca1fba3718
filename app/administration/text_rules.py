"""What a legal text may be, and how many characters. Pure."""

from app.cases.message_text import clean_line, clean_text

#: About ten printed pages.
LONGEST_TEXT = 30_000


def parse_title(text: str) -> str:
    """The title of a legal text; raises InvalidValue."""
    return clean_line(text, max_length=300, label="Название")


def parse_body(text: str) -> str:
    """The wording with its light formatting; raises InvalidValue."""
    return clean_text(
        text,
        max_length=LONGEST_TEXT,
        label="Текст",
        blank="Текст: заполните это поле, пустой текст принять нельзя.",
    )
