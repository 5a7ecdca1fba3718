"""What is missing or will soon be, of all that certificates are checked against, in sentences for the administrator."""

from datetime import datetime

from app import clock
from app.company import queries as company
from app.company.wording import plural
from app.signing.revocation_queries import ListLine, source_lines, uploaded_lists
from app.signing.trust_queries import all_certificates
from app.signing.trust_rules import state_of
from app.signing.trust_waiting_queries import waiting_without_address


def trust_gaps(at: datetime) -> list[str]:
    """Sentences about what needs an administrator; none when everything is in order."""
    rows = [row for row in all_certificates() if row.removed_at is None]
    states = [state_of(row.not_before, row.not_after, at) for row in rows]
    roots = [state for row, state in zip(rows, states, strict=True) if row.kind == "root"]
    told = []
    if not {"good", "soon"} & set(roots):
        told.append("Действующих корневых сертификатов нет: подписи сертификатом не принимаются.")
    if soon := states.count("soon"):
        told.append(f"Скоро {_certificates(soon)}: добавьте новый заранее.")
    stale = [line for line in source_lines() if line.believed and not line.fresh(at)]
    if stale:
        told.append(
            f"Нет свежего списка отзыва: {len(stale)} {plural(len(stale), 'адрес', 'адреса', 'адресов')}. "
            "Подписи с такими сертификатами ждут."
        )
    return told + list(list_gaps(at).values())


def list_gaps(at: datetime) -> dict[str, str]:
    """Sentences about lists that somebody has to bring by hand, each under a name of the matter that stays the same."""
    waited = waiting_without_address(at)
    told = {
        f"waits {one.authority} {one.until or ''}": f"Список отзыва центра «{one.authority}» сайту взять негде, а его ждут "
        "подписи: загрузите список вручную."
        for one in waited
    }
    known = {one.authority for one in waited}
    for line in uploaded_lists(at):
        if line.authority not in known and (sentence := _ending(line, at)):
            told[f"{line.state(at)} {line.authority} {line.until}"] = sentence
    return told


def _ending(line: ListLine, at: datetime) -> str:
    """What to do about a list that was put in by hand and ends, before it does and after."""
    day = f"{clock.day_in(company.profile().zone, line.until):%d.%m.%Y}"
    match line.state(at):
        case "soon":
            return f"Список отзыва центра «{line.authority}», загруженный вручную, кончится {day}: загрузите новый заранее."
        case "over":
            return (
                f"Список отзыва центра «{line.authority}», загруженный вручную, кончился {day}: загрузите новый, "
                "иначе подписи с его сертификатами ждут."
            )
    return ""


def _certificates(count: int) -> str:
    ends = plural(count, "истечет", "истекут", "истекут")
    return f"{ends} {count} {plural(count, 'сертификат', 'сертификата', 'сертификатов')}"
