"""Words of the list: its title, how much was found, what an empty one says. Pure; knows no page."""

from app.cases.list_filters import ListFilter
from app.company.wording import plural

TITLE = "Список обращений"

_EMPTY = {
    "active": "Здесь появятся заявки и обращения, которые вы отправите.",
    "drafts": "Здесь появятся заявки, которые вы начнете заполнять.",
    "done": "Здесь появятся выполненные заявки и обращения, на которые ответили.",
    "rejected": "Здесь появятся заявки, которые отозваны или в которых отказано. Вопросы по ним можно задавать и после этого.",
    "archive": "Сюда сетевая организация переносит законченные обращения. Их можно читать, но не менять.",
}
_EMPTY_QUEUE = {
    "drafts": "Черновик виден сотруднику, только если заявитель задал по нему вопрос.",
    "ours": "Сейчас никто не ждет вашего действия.",
    "mine": "За вами нет открытых обращений. Возьмите одно из тех, что без исполнителя.",
    "nobody": "У всех открытых обращений есть исполнитель.",
    "overdue": "Просроченных обращений нет.",
    "unread": "Вы прочитали все.",
}
_NONE = "По этим условиям обращений нет."


def title_words(view: ListFilter) -> str:
    """The title of the window: another one for each tab, so that the history of a browser can be read."""
    tab = "" if view.tab == "active" else f"{view.tab_words} — "
    return f"{'Поиск — ' if view.search.terms else ''}{tab}{TITLE}"


def found_words(view: ListFilter, total: int, cap: int | None) -> str:
    """How many cases the view has, as it is said aloud after every change; from `cap` on it is not counted."""
    if cap is not None and total >= cap:
        number, noun = f"больше {cap - 1}", "обращений"
    else:
        number, noun = str(total), plural(total, "обращение", "обращения", "обращений")
    where = f"«{view.tab_words}»"
    if not total:
        return f"{where}: ничего не найдено" if view.search.terms else f"{where}: обращений нет"
    return f"{where}: {'найдено ' if view.search.terms else ''}{number} {noun}"


def empty_words(view: ListFilter) -> str:
    """What an empty tab says beside «Отсутствуют обращения»."""
    if view.read != "all":
        return f"{'Непрочитанных' if view.read == 'unread' else 'Прочитанных'} обращений здесь нет."
    if view.kind != "all":
        return _NONE
    return (_EMPTY_QUEUE if view.works_here else _EMPTY).get(view.tab, _NONE)


def bounded_words(most: int) -> str:
    """What a search says that met more cases than it looked at."""
    return f"Показаны совпадения среди {most} последних обращений, уточните запрос."
