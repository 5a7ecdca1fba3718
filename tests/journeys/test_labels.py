"""Law 11: the words of the users' manuals stand on their pages, so that people who know the manuals find their way.

`{СО}` stands for the name of the company, `{ГП}` for that of the supplier. Labels of what the cabinet cannot do yet
join the table together with it.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from app import clock
from app.accounts.models import User
from app.cases import actions as messages
from app.cases import staff_actions as office
from app.company import queries as company
from app.company.actions import change_settings
from app.extensions import db
from app.gateways.text import Texts
from app.notifications.models import OutboxRow
from app.transaction import transaction
from tests.application_world import add_firm, fill_topics, home_form, make_draft, pdf
from tests.browser import Page
from tests.case_world import Person, applicant
from tests.letters import CASE, EXTRA
from tests.rules.test_letters import FOLDER, SITE
from tests.whole_site import BY_CODE, DRAFT_BY_FORM, World, WorldTemplate

COMPANY = "ООО «Калиновские Электрические Сети»"
SUPPLIER = "АО «Энергосбыт»"

#: The four papers that clause 10 of the Rules names, as the manual quotes them.
LAW_PAPERS = (
    "план расположения энергопринимающих устройств, которые необходимо присоединить к электрическим сетям сетевой "
    "организации;",
    "однолинейная схема электрических сетей заявителя, присоединяемых к электрическим сетям сетевой организации, "
    "номинальный класс напряжения которых составляет 35 кВ и выше, с указанием возможности резервирования от "
    "собственных источников энергоснабжения (включая резервирование для собственных нужд) и возможности переключения "
    "нагрузок (генерации) по внутренним сетям заявителя;",
    "перечень и мощность энергопринимающих устройств, которые могут быть присоединены к устройствам противоаварийной "
    "и режимной автоматики;",
    "копия документа, подтверждающего право собственности или иное предусмотренное законом основание на объект "
    "капитального строительства (нежилое помещение в таком объекте капитального строительства) и (или) земельный "
    "участок, на котором расположены (будут располагаться) объекты заявителя, либо право собственности или иное "
    "предусмотренное законом основание на энергопринимающие устройства (для заявителей, планирующих осуществить "
    "технологическое присоединение энергопринимающих устройств потребителей, расположенных в нежилых помещениях "
    "многоквартирных домов или иных объектах капитального строительства).",
)

#: (who opens it, the page): labels on it.
LABELS: dict[tuple[str, str], tuple[str, ...]] = {
    ("anonymous", "/login"): (
        "Личный кабинет {СО}",
        "Вход в личный кабинет",
        "Добро пожаловать в личный кабинет {СО} по технологическому присоединению!",
        "Личный кабинет дает возможность организовать электронный документооборот между заявителем, сетевой "
        "организацией, а также гарантирующим поставщиком, указанным в заявке на технологическое присоединение, "
        "в соответствии с требованиями законодательства.",
        "Физическое лицо (вход по СНИЛС)",
        "Юридическое лицо (вход по ОГРН)",
        "Индивидуальный предприниматель (вход по ОГРНИП)",
        "Вход по электронной почте",
        "СНИЛС / ОГРН / ОГРНИП / E-mail",
        "Пароль",
        "Войти в ЛК",
        "Забыли пароль?",
        "Нет учетной записи? Зарегистрируйтесь!",
    ),
    ("anonymous", "/login?by=snils"): ("СНИЛС",),
    ("anonymous", "/login?by=ogrn"): ("ОГРН",),
    ("anonymous", "/login?by=ogrnip"): ("ОГРНИП",),
    ("anonymous", "/login?by=email"): ("E-mail",),
    ("anonymous", "/register"): (
        "Регистрация",
        "Добро пожаловать в личный кабинет {СО} по технологическому присоединению!",
        "Правовая форма",
        "Физическое лицо",
        "Индивидуальный предприниматель",
        "Юридическое лицо",
    ),
    ("anonymous", "/register?form=individual"): (
        "Фамилия",
        "Имя",
        "Отчество",
        "СНИЛС",
        "E-mail",
        "Сотовый телефон",
        "Лицевой счет",
        "Если вы уже являетесь клиентом сетевой компании",
        "Пароль",
        "Подтвердите пароль",
        "Я принимаю условия следующих документов:",
        "Согласие на обработку персональных данных",
        "Соглашение между участниками электронного взаимодействия",
        "Зарегистрироваться",
    ),
    ("anonymous", "/register?form=sole_trader"): ("ИНН", "ОГРНИП"),
    ("anonymous", "/register?form=legal_entity"): (
        "Наименование",
        "Фамилия руководителя",
        "Имя руководителя",
        "Отчество руководителя",
        "ИНН",
        "ОГРН",
        "КПП",
    ),
    ("applicant", "/"): (
        "Информация",
        "Документооборот",
        "Данные и настройки",
        "Выход",
        "Главная",
        "[Иванов П. Г.]",
        "Подключение",
        "Создать заявку",
        "Создать обращение",
        "Оставьте заявку, отзыв или задайте вопрос",
        "Черновики",
        "Редактировать",
        "Заявки и обращения",
        "Личный кабинет дает возможность организовать электронный документооборот",
    ),
    ("neighbour", "/"): ("неподтвержденная учетная запись",),
    ("neighbour", "/profile"): ("неподтвержденная учетная запись",),
    ("director", "/"): ("[ООО «Энергия» Сергеев П. С.]",),
    ("operator", "/"): ("Информация", "Сотрудник сетевой", "Сейчас ваш ход", "Заявки и обращения"),
    ("supplier", "/"): ("Информация", "Гарантирующий поставщик", "Сейчас ваш ход", "Заявки и обращения"),
    ("anonymous", "/help"): (
        "Как подключиться к сетям",
        "Обращения",
        "Гарантирующий поставщик",
        "Подписать!",
        "Простая электронная подпись (ПЭП)",
        "Квалифицированная электронная подпись (КЭП)",
    ),
    ("applicant", "/profile"): (
        "Данные и настройки",
        "Ваш профиль",
        "Персональные данные",
        "Логин",
    ),
    ("operator", "/people/{neighbour}"): ("неподтвержденная учетная запись",),
    ("applicant", "/cases"): (
        "Список обращений",
        "Активные",
        "Черновики",
        "Выполнены",
        "Отклонены",
        "Архив",
        "В работе",
        "Все",
        "Заявки ТП",
        "Сообщения",
        "Непрочитанные",
        "Прочитанные",
        "↓ Дата создания",
        "↑ Дата создания",
        "↓ Дата обновления",
        "↑ Дата обновления",
        "Создать",
        "Создать заявку на технологическое присоединение",
        "Создать обращение",
        "Создание заявки на технологическое присоединение",
        "Создание обращения",
        "Записей на странице",
        "1–10 из",
        "Заявка на технологическое присоединение (в том числе временное)",
        "≤15 кВт · постоянная схема · соответствует п. 14 Правил",
        "Создано:",
        "Обновление:",
    ),
    ("applicant", "/cases?size=50"): (
        "Новый статус от Сетевой",
        "Новое сообщение от Сетевой",
        "Новый статус от ГП",
        "Новое сообщение от ГП",
    ),
    ("applicant", "/cases?kind=message&size=50"): (
        "Сообщение к {СО}",
        "Сообщение к {ГП}",
        "Тема: Изменение условий текущего договора на ТП",
        "Статус:",
        "Присвоен регистрационный номер:",
        "Создано:",
        "Обновление:",
    ),
    ("operator", "/cases?kind=message"): ("Изменение условий текущего договора на ТП",),
    ("applicant", "/cases?tab=drafts"): (
        "№ {draft} Заявка на подключение",
        "Черновик, обновлено",
        "Заявка заполнена не полностью",
    ),
    ("neighbour", "/cases?tab=done"): ("Отсутствуют обращения",),
    ("applicant", "/cases/new"): (
        "Создание заявки на технологическое присоединение",
        "Технологическое подключение",
        "Подключение к сетям {СО}",
        "Создание обращения",
        "Обращение",
        "Оставьте заявку, отзыв или задайте вопрос",
    ),
    ("applicant", "/cases/{asked}"): (
        "№ {asked} Заявка на подключение",
        "Черновик",
        "Заявка заполнена не полностью! Укажите все необходимые данные.",
        "Ваша заявка всё ещё в статусе черновика, заполните анкету для её рассмотрения",
        "Анкета на подключение",
        "Редактировать",
        "Профиль заявителя",
        "Перейти",
        "Чат по заявке",
        "Задайте вопрос...",
        "Вы",
    ),
    ("applicant", "/cases/{contract_sent}"): (
        "Подпись Сетевой",
        "Подпись Заявителя",
        "добавлен",
        "Подписать!",
    ),
    ("applicant", "/cases/{by_code}"): ("Подпись Сетевой добавлен:", "Подпись Заявителя подписан:"),
    ("applicant", "/cases/{contract_sent}/sign/certificate"): (
        "Выбрать сертификат для подписи",
        "Подписать и отправить",
        "Да",
        "Квалифицированная электронная подпись (КЭП)",
    ),
    ("applicant", "/cases/{contract_sent}/sign/file"): ("Квалифицированная электронная подпись (КЭП)",),
    ("signatory", "/cases/{act_sent}"): ("Подпись Сетевой", "Подпись Заявителя"),
    ("applicant", "/cases/{draft}"): ("Новых сообщений нет, задайте интересующий вас вопрос",),
    ("applicant", "/cases/{asked}/form"): (
        "Анкета на подключение",
        "Заявка заполнена не полностью! Укажите все необходимые данные.",
        "Удалить черновик",
        "Тип присоединения",
        "Объект подключения",
        "Параметры подключения",
    ),
    ("applicant", "/cases/{asked}/form/check"): (
        "Заявка заполнена не полностью! Укажите все необходимые данные.",
    ),
    ("applicant", "/cases/{draft}/form/applicant"): ("Лицевой счет",),
    ("applicant", "/cases/{draft}/form/type"): (
        "Тип присоединения",
        "Можно подключиться не только постоянно, но и временно. К примеру, пока проводятся основные работы по "
        "подключению или объект передвижной.",
        "Постоянное подключение",
        "Временное, на период выполнения постоянной схемы электроснабжения",
        "Временное, подключение передвижного объекта",
        "Отменить",
        "Сохранить черновик",
    ),
    ("applicant", "/cases/{draft}/form/object"): (
        "Объект подключения",
        "Что присоединяем, где и по какой причине",
        "Наименование присоединяемых энергопринимающих устройств",
        "Пример: «Вводное устройство», «Распределительный щит», «ВРУ», и т.п.",
        "Местоположение энергопринимающих устройств",
        "Кадастровый № земельного участка, на котором расположено энергопринимающее устройство",
        "Причина подачи заявки",
        "новое строительство",
        "увеличение максимальной мощности",
        "изменение точки присоединения",
    ),
    ("applicant", "/cases/{draft}/form/params"): (
        "Параметры подключения",
        "Требуемая мощность",
        "Категория надежности",
        "Напряжение",
    ),
    ("applicant", "/cases/{draft}/form/stages"): ("Сроки",),
    ("applicant", "/cases/{draft}/form/rule"): (
        "Соответствует ли заявка положениям п. 14 Правил технологического присоединения "
        "(Постановления Правительства РФ от 27.12.2004 № 861)",
        "В пункте 14 Правил технологического присоединения указаны:",
        "соответствует",
        "не соответствует",
    ),
    ("applicant", "/cases/{draft}/form/supplier"): (
        "Гарантирующий поставщик (энергосбытовая организация), с которым планируется заключение договора "
        "энергоснабжения (купли-продажи электрической энергии (мощности))",
        "Не планируется",
    ),
    ("director", "/cases/{firm}/form/supplier"): ("Ценовая категория", "Порядок расчетов"),
    ("director", "/cases/{firm}/form/rule"): ("12(1)",),
    ("applicant", "/cases/{draft}/form/documents"): (
        "Какие документы нужно приложить к заявке на технологическое присоединение?",
        "К заявке должны быть приложены следующие документы:",
        *LAW_PAPERS,
        "нажмите добавить документы (максимальный размер файла 30 МБ)",
        "Загружаемые файлы",
        "Документ:",
        "Файл:",
        "Удалить",
    ),
    ("applicant", "/cases/{draft}/form/comment"): ("Комментарий к заявке",),
    ("applicant", "/cases/{draft}/form/check"): (
        "Энергосбытовая компания",
        "Максимальная мощность (с учетом ранее присоединенных энергопринимающих устройств)",
        "Обращаем Ваше внимание, что Заявитель несет ответственность за достоверность и полноту прилагаемых в "
        "электронном виде к заявке документов в соответствии с законодательством Российской Федерации.",
        "Отправить заявку",
    ),
    ("applicant", "/cases/{by_form}/form"): (
        "Необходимо скачать и заполнить форму заявки",
        "Скачать форму заявки",
    ),
    ("applicant", "/cases/{by_form}/form/brief"): (
        "Максимальная мощность (с учетом ранее присоединенных энергопринимающих устройств)",
        "≤15 кВт",
        ">15 и ≤150 кВт",
        ">150 кВт",
        "Схема электроснабжения",
        "постоянная",
        "временная",
        "В пункте 14 Правил технологического присоединения указаны: Заявители - физические лица",
        "соответствует",
        "не соответствует",
        "Гарантирующий поставщик (энергосбытовая организация), с которым планируется заключение договора "
        "энергоснабжения (купли-продажи электрической энергии (мощности))",
        "Не планируется",
        "Сохранить черновик",
    ),
    ("applicant", "/cases/{by_form}/form/file"): ("Скачать форму заявки",),
    ("applicant", "/cases/{submitted}/sent"): (
        "Заявка на технологическое присоединение успешно создана и отправлена в сетевую организацию",
    ),
    ("applicant", "/cases/{checking}"): (
        "Вернуться к списку обращений",
        "Заявка на технологическое присоединение (в том числе временное)",
        "Регистрационный номер:",
        "Создано:",
        "Обновлено:",
        "Профиль заявителя",
        "Сообщения",
        "Вы",
        "Отправлена заявка на подключение",
        "Задайте вопрос...",
        "Статусы",
        "Заявка создана и отправлена в сетевую",
        "Присвоен регистрационный номер:",
        "Заявка принята к рассмотрению",
        "Документы заявителя",
        "Документы {СО}",
        "добавлен:",
        "Новый статус от Сетевой",
        "Новое сообщение от Сетевой",
    ),
    ("operator", "/cases/{checking}"): (
        "Заявитель",
        "Документы заявителя",
        "Документы {СО}",
        "Регистрационный номер:",
    ),
    ("supplier", "/cases/{checking}"): ("Документы заявителя", "Регистрационный номер:"),
    ("supplier", "/cases/{submitted}"): ("Заявитель", "Документы заявителя", "Сообщения", "Статусы"),
    ("applicant", "/cases/{submitted}"): (
        "Документы {ГП}",
        "Договор ЭСО",
        "добавлен:",
        "{ГП}",
        "Новый статус от ГП",
        "Новое сообщение от ГП",
    ),
    ("applicant", "/cases/new/message"): (
        "Создание обращения",
        "Сообщение в сетевую организацию",
        "Выберите получателя сообщения",
        "{СО}",
        "{ГП}",
        "Тема",
        "Сообщение",
        "Отправить",
    ),
    ("neighbour", "/cases/new/message"): ("От имени кого создается обращение",),
    ("applicant", "/cases/{appeal answered}"): (
        "Вернуться к списку обращений",
        "Сообщение к {СО}",
        "Тема",
        "Регистрационный номер:",
        "Создано:",
        "Обновлено:",
        "Сообщения",
        "Вы",
        "{СО}",
        "Статусы",
        "Присвоен регистрационный номер:",
    ),
    ("operator", "/cases/{appeal answered}/archive"): ("Архив",),
    ("supplier", "/cases/{appeal to the supplier}"): ("Сообщения", "Заявитель", "Тема"),
    ("operator", "/cases/{rejected}/archive"): ("Архив",),
    ("applicant", "/cases/new/application"): ("Создание заявки на технологическое присоединение",),
    ("applicant", "/legal/consent"): ("Согласие на обработку персональных данных",),
    ("applicant", "/legal/agreement"): ("Соглашение между участниками электронного взаимодействия",),
}


@pytest.fixture(scope="module")
def labelled(world_template: WorldTemplate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world of its own for this table, in which nobody has read anything yet and the supplier has answered."""
    with world_template.copy(tmp_path_factory.mktemp("labels")) as made:
        people, at = made.people, clock.now()
        with made.app.app_context():
            add_firm(people["neighbour"], ogrn="1025900512670")
            director = _director()
            cases = {**made.cases, "firm": make_draft(director)}
            by, case_id = people["supplier"].actor, made.cases["submitted"]
            office.post_documents(case_id, [pdf("supply")], kind="supply_contract", by=by, at=at)
            messages.send_message(case_id, "Договор у вас.", [], channel="supplier", by=by, at=at)
            change_settings(
                {"signing.plugin_script": "/plugin/cadesplugin_api.js"}, valid_from=company.today(), at=at
            )
        yield replace(made, people={**people, "director": director}, cases=cases)


def _director() -> Person:
    """Somebody who acts for a firm first of all."""
    person = applicant("Сергеев", first="Петр", middle="Сергеевич", snils="11223344595")
    firm = add_firm(person)
    with transaction():
        user = db.update(User).where(User.id == person.id)
        db.session.execute(user.values(default_applicant_id=firm.applicant_id))
    return firm


def words_of(page: Page) -> str:
    """All words of a page, those of attributes that are shown or read aloud too."""
    shown = [page.soup.get_text(" ")]
    for tag in page.soup.find_all(True):
        shown += [
            str(tag[name]) for name in ("aria-label", "title", "alt", "placeholder") if tag.has_attr(name)
        ]
    return " ".join(" ".join(shown).split())


def places(world: World) -> dict[str, object]:
    return {
        **world.cases,
        "asked": world.cases["draft with a question"],
        "by_form": world.cases[DRAFT_BY_FORM],
        "by_code": world.cases[BY_CODE],
        "applicant": world.people["applicant"].id,
        "neighbour": world.people["neighbour"].id,
        "СО": COMPANY,
        "ГП": SUPPLIER,
    }


@pytest.mark.parametrize(("who", "path"), LABELS)
def test_the_words_of_the_manuals_stand_on_their_page(labelled: World, who: str, path: str) -> None:
    known = places(labelled)
    page = labelled.browser(who).open(path.format(**known))
    assert page.status == 200
    words = words_of(page).casefold()
    labels = [label.format(**known) for label in LABELS[who, path]]
    assert [label for label in labels if label.casefold() not in words] == []


def test_the_words_of_the_manuals_stand_where_a_code_is_asked_for_and_entered(labelled: World) -> None:
    own, case_id = labelled.browser("applicant"), labelled.cases["contract_sent"]
    with labelled.app.app_context(), transaction():  # the last SMS to the number was a while ago
        db.session.execute(db.update(OutboxRow).values(created_at=clock.now() - timedelta(minutes=2)))
    page = own.open(f"/cases/{case_id}/sign")
    slots = [str(one["value"]) for one in page.soup.select("#sign input[name=slot]")]
    page = own.open(f"/cases/{case_id}/sign/code?" + "&".join(f"slot={one}" for one in slots))
    page = own.send(page, button="Получить код")
    words = words_of(page)
    for label in (
        "Ввод кода подтверждения",
        "Для подписи документов введите код подтверждения, отправленный в смс сообщении на сотовый телефон Заявителя.",
        "Отмена",
        "Подтвердить и отправить",
        "простая электронная подпись (ПЭП)",
    ):
        assert label in words


@pytest.mark.parametrize(
    ("kilowatts", "label"), [("15", "≤15 кВт"), ("100", ">15 и ≤150 кВт"), ("200", ">150 кВт")]
)
def test_the_class_of_power_is_written_as_in_the_manual(world: World, kilowatts: str, label: str) -> None:
    own = world.people["applicant"]
    with world.app.app_context():
        case_id = make_draft(own)
        fill_topics(case_id, own, home_form(company.today(), power_new=[kilowatts]))
    for page in (f"/cases/{case_id}", f"/cases/{case_id}/form/check"):
        assert label in words_of(world.browser("applicant").open(page))


#: (kind of letter, what it is given beside the sample): labels in its subject and text.
LETTERS: dict[tuple[str, str], tuple[str, ...]] = {
    ("number-given", ""): (
        "Уведомление: присвоен регистрационный номер",
        "Присвоен № 299",
        "Заявка на технологическое присоединение (в том числе временное)",
        "Регистрационный номер: 299",
        "≤15 кВт",
        "постоянная схема",
    ),
    ("number-given", "appeal"): ("Сообщение", "Регистрационный номер: 299", "Тема: Изменение условий"),
    ("status-added", ""): (
        "Уведомление: добавлен новый статус",
        "Добавлен статус: Заявка принята к рассмотрению",
    ),
    ("message-added", ""): (
        "Уведомление: добавлено новое сообщение",
        "Добавлено новое сообщение",
        "Добавлено новое сообщение со стороны Сетевой организации:",
    ),
    ("message-added", "appeal"): ("Сообщение", "Тема: Изменение условий"),
}
FOOT = (
    "Данное письмо является уведомлением и создано автоматически. Пожалуйста, не отвечайте на это сообщение.",
    "Отправлено: четверг, 6 августа 2020 г. 06:28 (МСК)",
)


@pytest.mark.parametrize(("kind", "about"), LETTERS)
def test_the_words_of_the_manuals_stand_in_the_letters(kind: str, about: str) -> None:
    appeal = {"topic": "Изменение условий", "appeal": True} if about else {}
    given, texts = {**CASE, **EXTRA[kind], **appeal}, Texts(FOLDER, SITE)
    words = " ".join(f"{texts.subject(kind, given)} {texts.email(kind, given)}".split())
    assert [label for label in LETTERS[kind, about] + FOOT if label not in words] == []
