"""The child of `app/gateways/joining.py`: run as a file of its own, so it must import nothing of the site.

Reads the PDF named by its argument and a PDF of ours from the standard input, writes both as one.
"""

import ctypes
import io
import resource
import signal
import sys
from pathlib import Path

_CPU_SECONDS = 20
_MEMORY_BYTES = 768 * 1024 * 1024
_MOST_BYTES = 64 * 1024 * 1024
_MOST_PAGES = 2000
_PR_SET_PDEATHSIG = 1


def main() -> int:
    """Write the joined PDF; another exit code than 0 means that it cannot be done."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    from pypdf import PdfReader, PdfWriter

    addition = PdfReader(io.BytesIO(sys.stdin.buffer.read()))
    original = PdfReader(io.BytesIO(Path(sys.argv[1]).read_bytes()))
    if original.is_encrypted or len(original.pages) > _MOST_PAGES:
        return 3
    writer = PdfWriter()
    # Pages alone: what the file would start by itself or attach does not come along.
    for page in (*original.pages, *addition.pages):
        writer.add_page(page)
    made = io.BytesIO()
    writer.write(made)
    if made.tell() > _MOST_BYTES:
        return 4
    sys.stdout.buffer.write(made.getvalue())
    return 0


if __name__ == "__main__":
    sys.exit(main())
