"""The shape of what the page of a signature sends; what is acceptable the action says."""

from wtforms import BooleanField, FileField, Form, StringField

from app.signing.actions import Typed


class PaperForm(Form):
    """A signature on paper: the scan, the day, who signed; and who signed second on the same sheet."""

    scan = FileField(
        "Скан подписанного документа", description="Все страницы одним файлом, лучше PDF. До 30 МБ."
    )
    signed_on = StringField("Дата подписи", description="Как стоит под подписью, например 03.12.2026.")
    signer = StringField("Кто подписал", description="Как в документе, например Сидоров А. П.")
    both = BooleanField("Подписано обеими сторонами")
    second_signer = StringField("Кто подписал второй", description="Заполните, если отметили строку выше.")

    def typed(self) -> Typed:
        """What was typed, for the action."""
        return Typed(
            self.signed_on.data or "",
            self.signer.data or "",
            bool(self.both.data),
            self.second_signer.data or "",
        )
