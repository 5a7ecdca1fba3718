"""Adding pages to somebody's PDF for a copy to look at: pypdf in a child process with limits. Knows no subject.

A PDF may be broken, locked or a bomb: it costs the child its life and the caller one exception. The original is only read.
"""

import subprocess
import sys
from pathlib import Path

_CHILD = Path(__file__).with_name("joining_child.py")
WALL_SECONDS = 30.0


class NotJoined(Exception):
    """This file cannot be joined with anything; the original is as good as before."""


def joined(original: Path, addition: bytes, *, wall_seconds: float = WALL_SECONDS) -> bytes:
    """The pages of `original` with those of `addition` (a PDF of ours) after them; the same input gives the same bytes.

    Raises NotJoined for a file that is no PDF that can be read, is locked or too large, and when it takes too long.
    """
    # -I: nothing of the surroundings, and no package of ours: the child is to be small.
    command = [sys.executable, "-I", str(_CHILD), str(original.resolve())]
    try:
        done = subprocess.run(
            command,
            input=addition,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=wall_seconds,
            check=False,
        )
    except (subprocess.TimeoutExpired, OSError) as error:
        raise NotJoined(type(error).__name__) from error
    if done.returncode or not done.stdout.startswith(b"%PDF-"):
        raise NotJoined(f"child ended with {done.returncode}")
    return done.stdout
