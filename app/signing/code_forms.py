"""The shape of what the page of a code sends; what is acceptable the action says."""

from wtforms import Form, StringField


class CodeForm(Form):
    """The code as it was typed; it is never printed back, and never carried through another page."""

    code = StringField(
        "Код подтверждения",
        description="6 цифр из СМС.",
        render_kw={"inputmode": "numeric", "autocomplete": "one-time-code"},
    )
