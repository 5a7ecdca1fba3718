"""What subjects above do, in the same transaction, when the outbox tells of something."""

from blinker import Signal

#: Sent by `sms_steps` with `kind` («near» or «full»), `count`, `limit` and `at`: the SMS of the day come to an end.
sms_running_out = Signal()
