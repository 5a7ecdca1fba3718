"""The form in which the office confirms an account."""

from collections.abc import Sequence

from werkzeug.datastructures import MultiDict
from wtforms import Form, SelectMultipleField

from app.accounts.confirmation import DOCUMENT_KINDS, parse_note, parse_reason, parse_remark
from app.accounts.contacts import parse_mobile
from app.accounts.fields import Choice, Typed
from app.accounts.staff_actions import Shown


class ConfirmForm(Form):
    """Which document was shown, its details, a remark, a new phone; logins that go over from accounts nobody has confirmed."""

    kind = Choice("Показан документ", DOCUMENT_KINDS, ask="Выберите, какой документ показан.")
    note = Typed(
        "Реквизиты документа",
        parse_note,
        hint="Когда и кем выдан; у доверенности номер, дата и срок. Серию и номер паспорта писать не нужно",
    )
    remark = Typed("Примечание", parse_remark, optional=True)
    phone = Typed(
        "Новый номер сотового телефона",
        parse_mobile,
        hint="Только если номер изменился: на него придут коды для подписания. Позвоните на него при человеке",
        optional=True,
        inputmode="tel",
    )
    moved = SelectMultipleField("Передать логины этой учетной записи", coerce=str, validate_choice=False)

    def __init__(
        self, formdata: MultiDict[str, str] | None, *, movable: Sequence[tuple[str, str]] = ()
    ) -> None:
        """`movable`: ids of logins that may go over, with words."""
        super().__init__(formdata)
        self.moved.choices = list(movable)

    def shown(self) -> Shown:
        """What the person showed."""
        return Shown(str(self.kind.data), self.note.value, self.remark.value)

    def moved_ids(self) -> list[int]:
        """The ticked logins; what is no id is left out, what is not movable the action refuses."""
        return [
            int(one) for one in self.moved.data or [] if one.isascii() and one.isdigit() and len(one) < 18
        ]


class RevokeForm(Form):
    """Why a confirmation is taken back."""

    reason = Typed("Причина", parse_reason, hint="Заявитель прочитает ее в письме")
