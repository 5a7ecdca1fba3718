"""Under each document with electronic signatures: the way to their evidence."""

from flask import url_for

from app.cases.document_lines import DocumentLine, LineAct
from app.company.wording import plural


def evidence_line(case_id: int, document_id: int, number: int) -> DocumentLine:
    """The line of a document that `number` sides have signed electronically."""
    url = url_for("signing.signatures_page", case_id=case_id, document_id=document_id)
    words = f"{number} {plural(number, 'подпись', 'подписи', 'подписей')}: лист подписания, копия с отметкой, файлы"
    return DocumentLine(
        "Электронные подписи", words, acts=[LineAct(f"evidence-{document_id}", "Открыть подписи", url)]
    )
