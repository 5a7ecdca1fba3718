"""Forgetting printed sheets of evidence: each is printed again from its records when somebody asks for it."""

import logging
from datetime import datetime, timedelta

from app import gateways

#: A sheet that was printed longer ago makes room.
KEPT_FOR = timedelta(days=30)

log = logging.getLogger(__name__)


def forget_sheets(*, at: datetime) -> int:
    """Delete the sheets and the halves of sheets that were printed more than thirty days ago; how many."""
    folder, forgotten = gateways.current().files.root.parent / "printed", 0
    if not folder.is_dir():
        return 0
    for one in folder.iterdir():
        try:
            if one.stat().st_mtime < (at - KEPT_FOR).timestamp():
                one.unlink()
                forgotten += 1
        except (
            OSError
        ) as error:  # another process was quicker, or the disk is away: the next night is time enough
            log.warning("a printed sheet was not removed: %s", type(error).__name__)
    return forgotten
