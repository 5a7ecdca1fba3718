"""The shape of what the supplier's page sends; what is acceptable the action says."""

from wtforms import FileField, Form, RadioField, StringField, TextAreaField

from app.contracts.package_actions import Typed
from app.contracts.package_rules import CONTRACT


class PackageForm(Form):
    """The project of the supply contract, or requisites with the account of a household."""

    what = RadioField("Что вы размещаете", validate_choice=False)
    project = FileField(
        "Файл с проектом договора", description="Все страницы одним файлом, лучше PDF. До 30 МБ."
    )
    requisites = TextAreaField(
        "Наименование и платежные реквизиты",
        description="Как в квитанции: наименование, ИНН и КПП, расчетный счет, банк, БИК. До 1000 символов.",
    )
    account = StringField("Лицевой счет", description="Номер, по которому заявитель будет платить.")
    reason = TextAreaField(
        "Причина замены", description="Заявитель и сетевая организация прочитают ее в письме."
    )

    def typed(self) -> Typed:
        """What was typed, for the action; where there is nothing to choose, the contract is meant."""
        return Typed(
            self.what.data or ("" if len(self.what.choices or ()) > 1 else CONTRACT),
            self.requisites.data or "",
            self.account.data or "",
            self.reason.data or "",
        )
