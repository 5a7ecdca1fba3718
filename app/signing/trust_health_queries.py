"""What is missing or will soon be, of all that certificates are checked against, in sentences for the administrator."""

from datetime import datetime

from app.company.wording import plural
from app.signing.revocation_queries import source_lines
from app.signing.trust_queries import all_certificates
from app.signing.trust_rules import state_of


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
    return told


def _certificates(count: int) -> str:
    ends = plural(count, "истечет", "истекут", "истекут")
    return f"{ends} {count} {plural(count, 'сертификат', 'сертификата', 'сертификатов')}"
