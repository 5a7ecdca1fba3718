"""What the dispatcher does once a day beside its letters: tidies, reminds, anchors the journal, warns of lists that end."""

from dataclasses import dataclass
from datetime import date, datetime

from app.accounts.key_actions import forget_old_keys
from app.administration.anchor_actions import anchor_journal
from app.administration.trust_letter_actions import warn_of_lists
from app.cases import reminder_actions
from app.signing.revocation_tidy_actions import forget_lists
from app.signing.sheet_tidy_actions import forget_sheets

#: The loop forgets what nobody needs any more at its start and every so many seconds.
TIDY_SECONDS = 86_400.0
#: … and looks every so many seconds whether the reminders of the day are still to be written.
REMIND_SECONDS = 60.0


@dataclass
class Daily:
    """When it was done last; losing this costs a second look, for everything here may be repeated."""

    tidied: float = -TIDY_SECONDS
    looked: float = -REMIND_SECONDS
    reminded: date | None = None

    def step(self, *, active: bool, at: datetime, tick: float) -> None:
        """Do what is due now; `tick` counts seconds. Letters are the active dispatcher's alone."""
        if tick - self.tidied >= TIDY_SECONDS:
            forget_old_keys(at=at)
            forget_lists(at=at)
            forget_sheets(at=at)
            self.tidied = tick
        if not active or tick - self.looked < REMIND_SECONDS:
            return
        self.looked = tick
        today = reminder_actions.day_to_remind(at)
        if today is not None and today != self.reminded:
            reminder_actions.remind(at=at)
            anchor_journal(at=at)
            warn_of_lists(at=at)
            self.reminded = today
