"""Questions about what is connected: type, object, power and reliability, terms and stages. Data only."""

from datetime import date

from app.connections.fields import BUSINESS, INDIVIDUAL, Choice, Field, When
from app.connections.spans import from_this_month, from_today, lately_or_ahead

PERMANENT = When("connection_type", ("permanent",))
_TEMPORARY = When("connection_type", ("temporary_scheme", "temporary_mobile"))
_UNTIL_THE_PERMANENT = When("connection_type", ("temporary_scheme",))
_NUMBER_EXISTS = When("cadastral_absent", (True,), negate=True)
_NO_NUMBER = When("cadastral_absent", (True,))

_TYPE_FIELDS = (
    Field(
        code="connection_type",
        topic="type",
        kind="choice",
        label="Тип присоединения",
        ask="Выберите тип присоединения",
        choices=(
            Choice("permanent", "Постоянное подключение"),
            Choice("temporary_scheme", "Временное, на период выполнения постоянной схемы электроснабжения"),
            Choice("temporary_mobile", "Временное, подключение передвижного объекта"),
        ),
    ),
    Field(
        code="temporary_until",
        topic="type",
        kind="date",
        label="До какого дня нужно временное присоединение",
        hint="Например, 20.11.2027",
        ask="Укажите, до какого дня нужно временное присоединение",
        short="Временное присоединение до",
        shown_when=_TEMPORARY,
        inputmode="numeric",
        span=from_today,
        example=date(2027, 11, 20),
    ),
    Field(
        code="permanent_contract",
        topic="type",
        kind="text",
        label="Договор постоянного присоединения",
        hint="Номер и дата договора. Если его еще нет, номер заявки на постоянное присоединение.",
        ask="Укажите номер и дату договора постоянного присоединения или номер заявки",
        shown_when=_UNTIL_THE_PERMANENT,
        max_length=200,
    ),
)

_OBJECT_FIELDS = (
    Field(
        code="object_name",
        topic="object",
        kind="text",
        label="Наименование присоединяемых энергопринимающих устройств",
        hint="Пример: «Вводное устройство», «Распределительный щит», «ВРУ», и т.п.",
        ask="Укажите наименование присоединяемых энергопринимающих устройств",
    ),
    Field(
        code="place",
        topic="object",
        kind="text",
        label="Местоположение энергопринимающих устройств",
        hint="Адрес или описание места, например: п. Калиново, ул. Лесная, участок 12",
        ask="Укажите местоположение энергопринимающих устройств",
    ),
    Field(
        code="cadastral_numbers",
        topic="object",
        kind="cadastral",
        label="Кадастровый № земельного участка, на котором расположено энергопринимающее устройство",
        short="Кадастровый № земельного участка",
        hint="Есть в выписке из ЕГРН, например 59:01:4410000:123. Несколько номеров разделите запятой.",
        ask="Укажите кадастровый номер земельного участка или отметьте, что номера пока нет",
        required=_NUMBER_EXISTS,
        max_length=400,
    ),
    Field(
        code="cadastral_absent",
        topic="object",
        kind="flag",
        label="Номера пока нет",
        short="Кадастрового номера пока нет",
        required=False,
    ),
    Field(
        code="cadastral_absent_why",
        topic="object",
        kind="text",
        label="Почему кадастрового номера пока нет",
        hint="Например, участок еще не поставлен на кадастровый учет",
        ask="Объясните, почему кадастрового номера пока нет",
        shown_when=_NO_NUMBER,
    ),
    Field(
        code="reason",
        topic="object",
        kind="choice",
        label="Причина подачи заявки",
        ask="Выберите причину подачи заявки",
        choices=(
            Choice("new_construction", "новое строительство"),
            Choice("more_power", "увеличение максимальной мощности"),
            Choice("other_point", "изменение точки присоединения"),
            Choice("other_category", "изменение категории надежности"),
            Choice("other_scheme", "изменение схемы внешнего электроснабжения"),
            Choice("temporary", "временное присоединение"),
            Choice("other", "иное"),
        ),
    ),
    Field(
        code="reason_text",
        topic="object",
        kind="text",
        label="Опишите причину",
        ask="Опишите причину подачи заявки",
        short="Причина своими словами",
        shown_when=When("reason", ("other",)),
    ),
)

_PARAMS_FIELDS = (
    Field(
        code="power_new",
        topic="params",
        kind="power",
        label="Требуемая мощность, кВт",
        short="Требуемая мощность",
        hint="Сколько киловатт добавить, например 15 или 7,5. Если мощность не меняется, укажите 0.",
        ask="Укажите требуемую мощность",
        inputmode="decimal",
    ),
    Field(
        code="power_existing",
        topic="params",
        kind="power",
        label="Ранее присоединенная мощность, кВт",
        short="Ранее присоединенная мощность",
        hint="Сколько киловатт подключено в этой точке сейчас. Если подключаетесь впервые, укажите 0.",
        ask="Укажите ранее присоединенную мощность или 0, если подключаетесь впервые",
        inputmode="decimal",
    ),
    Field(
        code="reliability",
        topic="params",
        kind="choice",
        label="Категория надежности",
        ask="Выберите категорию надежности",
        choices=(
            Choice(
                "3",
                "третья",
                "Один источник питания. Подходит жилым домам, дачам, большинству магазинов и мастерских.",
            ),
            Choice(
                "2",
                "вторая",
                "Два независимых источника, на запасной переключает дежурный. "
                "Для объектов, где остановка приносит заметный ущерб.",
            ),
            Choice(
                "1",
                "первая",
                "Два независимых источника и автоматическое переключение. "
                "Для объектов, где отключение опасно для людей.",
            ),
        ),
    ),
    Field(
        code="voltage",
        topic="params",
        kind="choice",
        label="Напряжение",
        ask="Выберите напряжение",
        choices=(
            Choice("0.22", "0,22 кВ", "220 вольт, одна фаза"),
            Choice("0.4", "0,4 кВ", "380 вольт, три фазы"),
            Choice("6", "6 кВ"),
            Choice("10", "10 кВ"),
            Choice("20", "20 кВ"),
            Choice("35", "35 кВ"),
            Choice("110", "110 кВ"),
        ),
    ),
    Field(
        code="points",
        topic="params",
        kind="number",
        label="Количество точек присоединения",
        hint="Точка присоединения — место, где ваши сети соединяются с сетями компании. Обычно она одна.",
        ask="Укажите количество точек присоединения",
        inputmode="numeric",
    ),
    Field(
        code="load",
        topic="params",
        kind="text",
        label="Характер нагрузки",
        hint="Вид деятельности и основное оборудование, например: столярная мастерская, станки",
        ask="Укажите характер нагрузки",
        only_for=BUSINESS,
    ),
)

_STAGES_FIELDS = (
    Field(
        code="design_month",
        topic="stages",
        kind="month",
        label="Срок проектирования",
        hint="Месяц и год, например 03.2027",
        ask="Укажите срок проектирования",
        shown_when=PERMANENT,
        only_for=INDIVIDUAL,
        inputmode="numeric",
        span=lately_or_ahead,
    ),
    Field(
        code="commissioning_month",
        topic="stages",
        kind="month",
        label="Срок ввода в эксплуатацию",
        hint="Месяц и год, например 09.2027",
        ask="Укажите срок ввода в эксплуатацию",
        shown_when=PERMANENT,
        only_for=INDIVIDUAL,
        inputmode="numeric",
        span=from_this_month,
    ),
    Field(
        code="stages",
        topic="stages",
        kind="stages",
        label="Этапы",
        hint="Если объект вводится сразу целиком, заполните одну строку. Сроки — месяц и год, например "
        "03.2027.",
        ask="Укажите сроки хотя бы одного этапа",
        shown_when=PERMANENT,
        only_for=BUSINESS,
    ),
)

OBJECT_FIELDS = (*_TYPE_FIELDS, *_OBJECT_FIELDS, *_PARAMS_FIELDS, *_STAGES_FIELDS)
