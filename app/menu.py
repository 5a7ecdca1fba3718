"""The menu of every page and the links at its foot: what each role finds there."""

from app.actor import ADMINISTRATOR, EVERY_ROLE, STAFF
from app.cases import routes as cases_routes
from app.web.pages import FooterLink, MenuItem

MENU: list[MenuItem] = [
    MenuItem("Информация", "portal.home", EVERY_ROLE),
    MenuItem("Документооборот", "cases.list_page", cases_routes.READERS, badge=cases_routes.unread_badge),
    MenuItem("Сроки", "cases.deadlines_page", STAFF),
    MenuItem("Платежи", "contracts.payments_page", STAFF),
    MenuItem("Заявители", "accounts.people_page", STAFF),
    MenuItem("Настройка", "administration.home", frozenset({ADMINISTRATOR})),
    MenuItem("Данные и настройки", "accounts.profile_page", EVERY_ROLE),
]

#: (label, endpoint, its arguments) of the links at the foot of every page.
FOOTER: list[FooterLink] = [
    ("Помощь", "portal.help_page", {}),
    ("Проверка подписи", "signing.check_page", {}),
    ("Согласие на обработку персональных данных", "accounts.legal_page", {"code": "consent"}),
    (
        "Соглашение между участниками электронного взаимодействия",
        "accounts.legal_page",
        {"code": "agreement"},
    ),
]
