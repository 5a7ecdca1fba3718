"""What the text of a paper may be: it has to fill over the sample of its kind. Pure."""

from app.cases.message_text import clean_text
from app.contracts.paper_names import sample
from app.contracts.template_text import LONGEST_BODY, filled


def parse_template(text: str, *, kind: str) -> str:
    """The text of a kind of paper, which fills over the sample; raises InvalidValue that names the line."""
    body = clean_text(
        text,
        max_length=LONGEST_BODY,
        label="Текст",
        blank="Текст: заполните это поле, пустым документ не бывает.",
    )
    filled(body, sample(kind), sample(kind))
    return body
