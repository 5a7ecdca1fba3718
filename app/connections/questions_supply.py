"""Questions about the clause of the Rules, the supplier and the payments, and the comment. Data only."""

from app.connections.facts import may_pay_by_instalments
from app.connections.fields import BUSINESS, INDIVIDUAL, NO_SUPPLIER, Choice, Field, When
from app.connections.questions_object import PERMANENT

_SUPPLIER_NAMED = When("supplier", (NO_SUPPLIER,), negate=True)
_QUESTION_14 = (
    "Соответствует ли заявка положениям п. 14 Правил технологического присоединения "
    "(Постановления Правительства РФ от 27.12.2004 № 861)"
)
_QUESTION_12_1 = _QUESTION_14.replace("п. 14", "п. 12(1)")

_RULE_FIELDS = (
    Field(
        code="household",
        topic="rule",
        kind="choice",
        label="Для чего нужна электроэнергия",
        ask="Укажите, для чего нужна электроэнергия",
        choices=(
            Choice("yes", "для дома и быта", "И для других нужд, если вы на этом не зарабатываете"),
            Choice("no", "для предпринимательской деятельности"),
        ),
        shown_when=PERMANENT,
        only_for=INDIVIDUAL,
    ),
    Field(
        code="sources",
        topic="rule",
        kind="choice",
        label="Сколько нужно источников питания",
        hint="Дому или даче хватает одного. Второй берут, когда перерыв в питании недопустим.",
        ask="Укажите, сколько нужно источников питания",
        choices=(Choice("one", "один"), Choice("two", "два")),
        shown_when=PERMANENT,
        only_for=INDIVIDUAL,
    ),
    Field(
        code="rule_fits",
        topic="rule",
        kind="choice",
        label=_QUESTION_12_1,
        labels={"individual": _QUESTION_14},
        short="Соответствие Правилам",
        ask="Отметьте, соответствует ли заявка Правилам технологического присоединения",
        choices=(Choice("yes", "соответствует"), Choice("no", "не соответствует")),
        shown_when=PERMANENT,
    ),
)

_SUPPLIER_FIELDS = (
    Field(
        code="supplier",
        topic="supplier",
        kind="supplier",
        label="Гарантирующий поставщик (энергосбытовая организация), с которым планируется заключение "
        "договора "
        "энергоснабжения (купли-продажи электрической энергии (мощности))",
        short="Энергосбытовая компания",
        ask="Выберите гарантирующего поставщика или отметьте, что договор с ним не планируется",
    ),
    Field(
        code="contract_kind",
        topic="supplier",
        kind="choice",
        label="Вид договора",
        ask="Выберите вид договора с гарантирующим поставщиком",
        choices=(
            Choice(
                "supply",
                "энергоснабжение",
                "Поставщик сам рассчитывается с сетевой организацией за передачу. Подходит почти всем.",
            ),
            Choice(
                "sale",
                "купля-продажа",
                "Договор о передаче электроэнергии с сетевой организацией вы заключаете сами.",
            ),
        ),
        shown_when=_SUPPLIER_NAMED,
    ),
    Field(
        code="price_category",
        topic="supplier",
        kind="choice",
        label="Ценовая категория",
        hint="Если не уверены, выберите первую. При мощности от 670 кВт доступны только категории с третьей "
        "по шестую.",
        ask="Выберите ценовую категорию",
        choices=(
            Choice("1", "первая", "Одна цена, учет за месяц"),
            Choice("2", "вторая", "Цена зависит от времени суток: две или три зоны"),
            Choice("3", "третья", "Почасовой учет, за передачу — один тариф"),
            Choice("4", "четвертая", "Почасовой учет, за передачу — отдельно мощность и энергия"),
            Choice("5", "пятая", "Как третья, и вы заранее планируете потребление по часам"),
            Choice("6", "шестая", "Как четвертая, и вы заранее планируете потребление по часам"),
        ),
        shown_when=_SUPPLIER_NAMED,
        only_for=BUSINESS,
    ),
    Field(
        code="payment_order",
        topic="supplier",
        kind="choice",
        label="Порядок расчетов",
        hint="Как вы будете платить за технологическое присоединение",
        ask="Выберите порядок расчетов за технологическое присоединение",
        choices=(
            Choice("once", "вся сумма сразу"),
            Choice("instalments", "с рассрочкой", "На остаток начисляются проценты"),
        ),
        shown_when=may_pay_by_instalments,
        only_for=BUSINESS,
    ),
)

_COMMENT_FIELDS = (
    Field(
        code="comment",
        topic="comment",
        kind="lines",
        label="Комментарий к заявке",
        hint="Необязательно. После отправки станет первым сообщением в чате по заявке.",
        required=False,
        max_length=5000,
    ),
)

SUPPLY_FIELDS = (*_RULE_FIELDS, *_SUPPLIER_FIELDS, *_COMMENT_FIELDS)
