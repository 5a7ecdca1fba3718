"""How many SMS may be asked for, as the office sets it. Pure."""

from functools import partial

from app.administration.editable_rules import Editable, parse_number_between


def _limit(key: str, label: str, hint: str, least: int, most: int) -> Editable:
    parse = partial(parse_number_between, label=label, least=least, most=most)
    return Editable(key, label, parse, hint, width="xs", inputmode="numeric")


SMS_LIMITS = (
    _limit(
        "sms.site_day",
        "СМС в день со всего сайта",
        "Когда отправлено больше, сайт до полуночи не отправляет СМС: так чужой не потратит ваши деньги",
        1,
        100_000,
    ),
    _limit(
        "sms.number_day",
        "СМС за сутки на один номер",
        "Все СМС вместе: коды для подписи, их сайт дает не больше 5 за сутки, подтверждение номера, пробные. Если "
        "поставить меньше 6, человек может остаться без кода",
        1,
        100,
    ),
    _limit(
        "sms.address_hour",
        "СМС за час из одного места в сети",
        "У людей в одном доме или офисе адрес в сети часто общий",
        1,
        1000,
    ),
    _limit("sms.pause_seconds", "Через сколько секунд можно запросить новый код", "", 30, 3600),
)
