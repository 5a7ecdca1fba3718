"""What a case tells the subjects above it: handlers are steps and run inside the same transaction.

`create_app` connects them; an error of a handler undoes the act.
"""

from blinker import Signal

#: `send(case, name=…, by=…, at=…)` after a move was made and written.
case_moved = Signal()

#: `send(None, case=…, document=…, by=…, at=…)` when a person opens a file of a case; outside any transaction.
document_opened = Signal()
