"""What a signature tells the subjects above: handlers are steps and run inside the same transaction."""

from blinker import Signal

#: `send(case, document=…, by=…, at=…)` when the last required slot of a document was signed; `document` is the case document.
document_signed = Signal()
