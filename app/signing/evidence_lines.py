"""Under each document with electronic signatures: the way to their evidence."""

from collections.abc import Sequence

from flask import url_for

from app.actor import Actor
from app.cases.document_lines import DocumentLine, LineAct
from app.cases.models import Case, CaseDocument
from app.company.wording import plural
from app.signing.evidence_queries import signatures_by_document


def evidence_lines(
    case: Case, actor: Actor, documents: Sequence[CaseDocument]
) -> dict[int, list[DocumentLine]]:
    """One line for each document that somebody has signed electronically; one query for all of them.

    None while the applicant's own papers are all there is: nobody signs those alone.
    """
    if all(one.side == "applicant" for one in documents):
        return {}
    counted = signatures_by_document(case)
    return {found.id: [_line(case, found, counted[found.id])] for found in documents if found.id in counted}


def _line(case: Case, document: CaseDocument, number: int) -> DocumentLine:
    url = url_for("signing.signatures_page", case_id=case.id, document_id=document.id)
    words = f"{number} {plural(number, 'подпись', 'подписи', 'подписей')}: лист подписания, копия с отметкой, файлы"
    return DocumentLine(
        "Электронные подписи", words, acts=[LineAct(f"evidence-{document.id}", "Открыть подписи", url)]
    )
