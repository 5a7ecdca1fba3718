"""The acts that carry an application on after its set of documents was called complete, as one table. Pure.

Each act is one move of the lifecycle with a page of its own: what will follow in words, what has to be typed. That the
money makes a contract (`conclude`) and that the last signature does (`sign_contract`, `sign_act`) are no acts of this
table: payments and signature slots bring them. Days and roles are asked by `act_queries`.
"""

from collections.abc import Mapping
from types import MappingProxyType

from app.connections.refusals import LONGEST_REASON
from app.contracts.act_rules import FILES, LONGEST_REMARKS, Act, Field


def _reason(label: str, hint: str, blank: str, longest: int = LONGEST_REASON, required: bool = True) -> Field:
    return Field("reason", label, "area", hint, blank, required, longest)


def _day(label: str, hint: str = "", with_file: bool = False) -> Field:
    return Field("on", label, "date", hint, with_file=with_file)


def _signer(with_file: bool = False) -> Field:
    hint = "Фамилия и инициалы, как стоит под подписью."
    return Field("signer", "Кто подписал от сетевой организации", "line", hint, with_file=with_file)


def _scan(label: str, blank: str, required: bool = True, hint: str = "Один файл, до 30 МБ.") -> Field:
    return Field(FILES, label, "file", hint, blank, required)


_SIGNED_HERE = (
    "Скан вместе с приложениями, один файл до 30 МБ. "
    "Если документ подписан в кабинете электронной подписью, скан не нужен."
)

_WHY = "Заявитель прочитает ее в письме и в кабинете. До 1000 символов."
_RESTORED = "Заявитель получит письмо с вашей причиной и новым сроком."


def _signed_scan(label: str) -> tuple[Field, ...]:
    """The scan that shows the company's signature, who gave it and when; needless for what is signed in the cabinet."""
    return (
        _scan(label, "", required=False, hint=_SIGNED_HERE),
        _signer(with_file=True),
        _day("Дата подписи", with_file=True),
    )


ACTS: Mapping[str, Act] = MappingProxyType(
    {
        act.move: act
        for act in (
            Act(
                "publish_offer",
                "Разместить условия договора и счет",
                "Разместить",
                "Заявитель увидит документы и получит письмо: что оплатить и до какого дня. Подписывать ему ничего "
                "не нужно: договор будет заключен в день, когда поступят деньги.",
                supplier_too=True,
            ),
            Act(
                "publish_contract",
                "Отправить договор на подпись",
                "Отправить на подпись",
                "Заявитель увидит документы и получит письмо: что подписать и до какого дня.",
                fields=_signed_scan("Договор, подписанный сетевой организацией"),
                document=("signed_contract", "Договор, подписанный сетевой организацией"),
                supplier_too=True,
            ),
            Act(
                "dispute",
                "Отправить разногласия по договору",
                "Отправить разногласия",
                "Сетевая организация получит письмо. Она пришлет новую редакцию договора или объяснит, почему "
                "оставляет прежнюю. До ее ответа подписывать договор не нужно.",
                by="applicant",
                fields=(
                    _reason(
                        "С чем вы не согласны",
                        "Назовите пункты договора и как их изменить. До 3000 символов.",
                        "Напишите, с чем вы не согласны.",
                        LONGEST_REMARKS,
                    ),
                    Field(FILES, "Протокол разногласий", "files", "До 30 МБ каждый файл.", required=False),
                ),
                document=("disagreement", "Протокол разногласий"),
                done="Разногласия отправлены, сетевая организация получила письмо.",
                main=False,
            ),
            Act(
                "answer_dispute",
                "Ответить на разногласия",
                "Отправить ответ",
                "Заявитель получит письмо с ответом, и договор снова будет ждать его подписи. "
                "Если приложить новую редакцию, подписывать нужно будет ее.",
                fields=(
                    _reason(
                        "Ответ заявителю",
                        "По каждому пункту: что изменено или почему оставлено. До 3000 символов.",
                        "Напишите ответ: заявитель прочитает его в письме и в кабинете.",
                        LONGEST_REMARKS,
                    ),
                    _scan(
                        "Новая редакция договора, подписанная сетевой организацией",
                        "",
                        required=False,
                        hint="Скан, один файл до 30 МБ. Если договор остается прежним, файл не нужен.",
                    ),
                    _signer(with_file=True),
                    _day("Дата подписи новой редакции", with_file=True),
                ),
                document=("signed_contract", "Договор, новая редакция, подписанная сетевой организацией"),
            ),
            Act(
                "annul_unpaid",
                "Аннулировать заявку: счет не оплачен",
                "Аннулировать",
                "Рассмотрение закончится, счета больше не нужно оплачивать. Заявитель получит письмо с причиной и "
                "с тем, что делать дальше. Восстановить заявку сможет только руководитель.",
                danger=True,
                supplier_too=True,
            ),
            Act(
                "annul_unsigned",
                "Аннулировать заявку: договор не подписан",
                "Аннулировать",
                "Рассмотрение закончится. Заявитель получит письмо с причиной и с тем, что делать дальше. "
                "Восстановить заявку сможет только руководитель.",
                danger=True,
                supplier_too=True,
            ),
            Act(
                "restore_unpaid",
                "Восстановить заявку",
                "Восстановить",
                f"Счет снова можно оплатить, срок начнется заново. {_RESTORED}",
                fields=(_reason("Причина", _WHY, "Напишите причину: заявитель увидит ее в письме."),),
                signatory=True,
                supplier_too=True,
                main=False,
            ),
            Act(
                "restore_unsigned",
                "Восстановить заявку",
                "Восстановить",
                f"Договор снова будет ждать подписи заявителя, срок начнется заново. {_RESTORED}",
                fields=(_reason("Причина", _WHY, "Напишите причину: заявитель увидит ее в письме."),),
                signatory=True,
                supplier_too=True,
                main=False,
            ),
            Act(
                "restore_incomplete",
                "Восстановить заявку",
                "Восстановить",
                f"Заявитель снова сможет исправить замечания, срок начнется заново. {_RESTORED}",
                fields=(_reason("Причина", _WHY, "Напишите причину: заявитель увидит ее в письме."),),
                signatory=True,
                supplier_too=True,
                main=False,
            ),
            Act(
                "start_works",
                "Начать мероприятия",
                "Начать мероприятия",
                "Заявитель получит письмо о том, что работы по договору начаты. Срок работ считается от даты "
                "договора и не изменится.",
            ),
            Act(
                "report_done",
                "Сообщить о выполнении технических условий",
                "Сообщить о выполнении",
                "Сетевая организация получит письмо и проверит, что технические условия выполнены. Если найдет "
                "замечания, она напишет, что исправить.",
                by="applicant",
                fields=(
                    _day("Когда выполнены", "Например, 03.12.2026."),
                    _reason(
                        "Что сделано",
                        "Например, какие щит и автомат поставлены. До 1000 символов.",
                        "",
                        required=False,
                    ),
                    Field(
                        FILES,
                        "Фотографии и документы",
                        "files",
                        "Например, фото щита и проект. До 30 МБ каждый файл.",
                        required=False,
                    ),
                ),
                document=("done_report", ""),
                done="Сетевая организация получила ваше сообщение.",
            ),
            Act(
                "own_part_done",
                "Мероприятия выполнены",
                "Мероприятия выполнены",
                "По договору заявителю выполнять нечего, поэтому дальше допуск прибора учета. Заявитель получит письмо.",
            ),
            Act(
                "accept_conditions",
                "Технические условия выполнены",
                "Подтвердить выполнение",
                "Заявитель получит письмо: технические условия выполнены, дальше допуск прибора учета.",
                fields=(
                    Field(
                        FILES,
                        "Акт осмотра",
                        "files",
                        "Если составили. До 30 МБ каждый файл.",
                        required=False,
                    ),
                ),
                document=("conditions_act", "Акт осмотра (обследования) электроустановки"),
            ),
            Act(
                "return_conditions",
                "Вернуть с замечаниями",
                "Вернуть с замечаниями",
                "Заявитель получит письмо с замечаниями и снова сможет сообщить о выполнении. Срок работ идет дальше "
                "от даты договора.",
                fields=(
                    _reason(
                        "Замечания",
                        "Что исправить и по какому пункту технических условий. До 3000 символов.",
                        "Напишите, что исправить: заявитель увидит это в письме.",
                        LONGEST_REMARKS,
                    ),
                ),
                main=False,
            ),
            Act(
                "admit_meter",
                "Разместить акт допуска прибора учета в эксплуатацию",
                "Разместить акт",
                "Заявитель увидит акт и получит письмо: с этого дня прибор учета введен в эксплуатацию.",
                fields=(_day("Дата допуска", "День, которым подписан акт."),),
                supplier_too=True,
            ),
            Act(
                "connect",
                "Разместить акт о технологическом присоединении",
                "Разместить акт",
                "Присоединение будет выполнено, и рассмотрение закончится. Заявитель увидит акт и получит письмо. "
                "Подписывать ему ничего не нужно.",
                fields=(_day("Дата акта", "День, с которого присоединение выполнено."),),
                supplier_too=True,
            ),
            Act(
                "publish_act",
                "Отправить акт на подпись",
                "Отправить на подпись",
                "Заявитель увидит акт и получит письмо: его нужно подписать.",
                fields=_signed_scan("Акт, подписанный сетевой организацией"),
                document=("signed_act", "Акт, подписанный сетевой организацией"),
            ),
            Act(
                "replace_act",
                "Отправить новую редакцию акта",
                "Отправить новую редакцию",
                "Прежний акт подписывать больше не нужно. Заявитель увидит новый и получит письмо.",
                fields=_signed_scan("Акт, подписанный сетевой организацией"),
                document=("signed_act", "Акт, подписанный сетевой организацией"),
                main=False,
                rare=True,
            ),
            Act(
                "terminate",
                "Расторгнуть договор",
                "Расторгнуть договор",
                "Договор перестанет действовать, открытые счета больше не нужно оплачивать, и рассмотрение "
                "закончится. Заявитель получит письмо с причиной. Отменить это нельзя.",
                fields=(_reason("Причина", _WHY, "Напишите причину: заявитель увидит ее в письме."),),
                signatory=True,
                danger=True,
                rare=True,
                supplier_too=True,
                main=False,
            ),
        )
    }
)

_BY_NAME = {act.name: act for act in ACTS.values()}


def act_named(name: str) -> Act | None:
    """The act that an address names; None for a name that no act has."""
    return _BY_NAME.get(name)
