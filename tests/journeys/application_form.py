"""How a person fills the questionnaire of a house, topic by topic, by the words of the pages."""

from datetime import UTC, datetime

from playwright.sync_api import FilePayload

from tests.journeys.chromium import Window
from tests.journeys.papers import pdf, png

ADDRESS = "614000, Пермский край, п. Калиново, ул. Лесная, 12"
PLACE = "Пермский край, п. Калиново, ул. Лесная, 12"
SUPPLIER = "Гарантирующий поставщик в регионе"
_SUPPLIER_FIELD = (
    "Гарантирующий поставщик (энергосбытовая организация), с которым планируется заключение договора "
    "энергоснабжения (купли-продажи электрической энергии (мощности))"
)
_CADASTRAL_FIELD = "Кадастровый № земельного участка, на котором расположено энергопринимающее устройство"


def image(name: str, shade: int = 200) -> FilePayload:
    """A photo of a paper."""
    return {"name": f"{name}.png", "mimeType": "image/png", "buffer": png(shade)}


def document(name: str) -> FilePayload:
    """A scan of a paper."""
    return {"name": f"{name}.pdf", "mimeType": "application/pdf", "buffer": pdf(name)}


def create(me: Window) -> int:
    """From the list to the first draft page; the number of the draft comes back."""
    me.menu("Документооборот")
    me.follow("Создать")
    me.reads("Создать")
    me.picture("create")
    me.follow("Технологическое подключение")
    me.reads("Создание заявки на технологическое присоединение")
    me.picture("on-whose-behalf")
    me.press("Создать заявку")
    me.reads("Анкета на подключение")
    me.sees("Заявка заполнена не полностью! Укажите все необходимые данные.")
    me.picture("hub")
    return int(me.path.split("/")[2])


def fill(me: Window, *, device: str, comment: str, again: bool = False) -> None:
    """Every topic from the first to the last; ends on the check page. `again`: the site knows the person from before."""
    if again:
        me.follow("Продолжить: Тип присоединения")
    else:
        me.follow("Продолжить: Заявитель")
        _applicant(me)
    _object(me, device)
    _power(me)
    _supply(me)
    _documents(me)
    me.reads("Комментарий к заявке")
    me.fill("Комментарий к заявке", comment)
    me.picture("comment")
    me.press("Продолжить")


def _applicant(me: Window) -> None:
    me.choose("нет лицевого счета", "паспорт гражданина Российской Федерации")
    typed = {
        "Дата рождения": "05.11.1990",
        "Серия паспорта": "57 10",
        "Номер паспорта": "123456",
        "Дата выдачи": "20.11.2010",
        "Кем выдан": "Отделением внутренних дел п. Калиново",
        "Код подразделения": "590-001",
        "Адрес регистрации": ADDRESS,
    }
    for label, text in typed.items():
        me.fill(label, text)
    me.attach([image("Паспорт, разворот"), image("Паспорт, прописка", 120)], me.card("Паспорт"))
    me.picture("topic-applicant")
    me.press("Продолжить")


def _object(me: Window, device: str) -> None:
    me.reads("Тип присоединения")
    me.choose("Постоянное подключение")
    me.picture("topic-type")
    me.press("Продолжить")
    me.reads("Объект подключения")
    me.fill("Наименование присоединяемых энергопринимающих устройств", device)
    me.fill("Местоположение энергопринимающих устройств", PLACE)
    me.fill(_CADASTRAL_FIELD, "59:01:4410000:123")
    me.choose("новое строительство")
    me.picture("topic-object")
    me.press("Продолжить")


def _power(me: Window) -> None:
    me.reads("Параметры подключения")
    me.fill("Требуемая мощность, кВт", "15")
    me.fill("Ранее присоединенная мощность, кВт", "0")
    me.choose("третья", "0,4 кВ")
    me.fill("Количество точек присоединения", "1")
    me.picture("topic-params")
    me.press("Продолжить")
    me.reads("Сроки и этапы")
    next_year = datetime.now(UTC).year + 1
    me.fill("Срок проектирования", f"03.{next_year}")
    me.fill("Срок ввода в эксплуатацию", f"09.{next_year}")
    me.picture("topic-stages")
    me.press("Продолжить")


def _supply(me: Window) -> None:
    me.reads("Условия присоединения")
    me.choose("для дома и быта", "один", "соответствует")
    me.picture("topic-rule")
    me.press("Продолжить")
    me.reads("Гарантирующий поставщик")
    me.pick(_SUPPLIER_FIELD, SUPPLIER)
    me.choose("энергоснабжение")
    me.picture("topic-supplier")
    me.press("Продолжить")


def _documents(me: Window) -> None:
    me.reads("Документы")
    me.picture("documents")
    if not me.has("Паспорт, разворот.png"):
        _put(me, "Паспорт", [image("Паспорт, разворот")])
    _put(me, "План", [document("План участка")])
    _put(me, "Право собственности", [document("Выписка из ЕГРН"), image("Договор купли-продажи", 90)])
    me.picture("documents-attached")
    me.follow("Продолжить")


def _put(me: Window, slot: str, papers: list[FilePayload]) -> None:
    me.attach(papers, me.card(slot))
    me.press("Добавить", within=me.card(slot))
    me.sees(*(paper["name"] for paper in papers), within=me.card(slot))
