"""Printing: HTML into a PDF, in a child process with limits. Knows no subject and no template.

A page may be a bomb, by accident or on purpose: it costs the child its life and the caller one exception. WeasyPrint is
imported in the child alone, unless `warm` was called: a worker that has done so forks children which find it ready.
"""

import ctypes
import gc
import os
import resource
import select
import signal
import time
import warnings
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

MEBIBYTE = 1024 * 1024
#: A larger PDF would not go into a case either.
MOST_BYTES = 30 * MEBIBYTE
_CHUNK = 1 << 16
#: How near to its limit a child must have come for its failure to be one of memory. Python asks for a mebibyte at a time
#: and says so in many ways (MemoryError, SystemError out of a library's call); a library that ends the process has mostly
#: asked for the 8 MiB of a thread, and was looked at some time before; loading a library maps all of it at once.
_NEAR_FAILED, _NEAR_DEAD, _NEAR_LOADING = 2 * MEBIBYTE, 16 * MEBIBYTE, 64 * MEBIBYTE
#: How often the memory of a child is looked at, in seconds: the dead do not tell how much they had.
_LOOK_SECONDS = 0.02
_PR_SET_PDEATHSIG = 1
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
#: Signals that a worker has its own handlers for.
_WORKERS_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGALRM, signal.SIGCHLD)

_TOO_LONG = (
    "Документ печатался слишком долго и был остановлен. Сократите тексты и таблицы и попробуйте еще раз."
)
_TOO_MUCH = "Документу не хватило памяти. Сократите тексты и таблицы и попробуйте еще раз."
_BROKEN = (
    "Текст документа не получилось напечатать. Проверьте его разметку в «Настройке» и попробуйте еще раз."
)
#: What a child answers with instead of a PDF: code → the sentence for the office.
_REASONS = {
    "memory": _TOO_MUCH,
    "nested": "В документе слишком много вложенных списков или таблиц. Упростите его текст и попробуйте еще раз.",
    "letters": "В данных документа есть знаки, которых не бывает в тексте. Наберите их заново и попробуйте еще раз.",
    "foreign": "Текст документа ссылается на посторонний файл или адрес. Уберите ссылку из текста в «Настройке».",
    "large": "Документ получился больше 30 МБ. Сократите тексты и таблицы и попробуйте еще раз.",
    "broken": _BROKEN,
}
NO_ROOM = "На сервере сейчас не хватает памяти, чтобы начать печать. Сайт попробует еще раз."
NO_PRINTER = "На сервере нет программ для печати документов. Администратору: установите их командой bin/run."


class PrintFailed(Exception):
    """This page cannot be printed, and trying again would not help; the text is a sentence for the office."""


class PrintCut(Exception):
    """The child was killed by somebody else: the page may be in order."""


class PrinterAway(Exception):
    """No printing can begin here now: WeasyPrint is not installed, no process can be had. A sentence for the office."""


@dataclass(frozen=True)
class Printer:
    """Prints pages whose style sheets lie in `folder`; a page may take so many seconds of the clock and of a processor.

    The child may address `memory_bytes`; it begins with what its parent addresses, so that in a parent that is large
    already (any but the worker) it may take `room_bytes` more than that.
    """

    folder: Path
    wall_seconds: float = 90.0
    cpu_seconds: int = 60
    memory_bytes: int = 1024 * MEBIBYTE
    room_bytes: int = 512 * MEBIBYTE

    def warm(self) -> None:
        """Load WeasyPrint and its fonts into this process, for the children to come; raises PrinterAway."""
        try:
            from app.gateways.typesetter import typeset
        except (ImportError, OSError) as error:
            raise PrinterAway(NO_PRINTER) from error
        page = '<html lang="ru"><title>-</title><link rel="stylesheet" href="print.css"><h1>Ф</h1><p>я <b>и</b> <i>№</i>'
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)  # WeasyPrint leaves the file of its colours open
            typeset(f"{page}<table><tr><th>1<td>2</table>", self.folder)
            gc.collect()

    def render(self, html: str) -> bytes:
        """The page as a PDF/A-3b; raises PrintFailed, PrintCut or PrinterAway."""
        begins = _addressed()
        most = max(self.memory_bytes, begins + self.room_bytes)
        reading, writing = os.pipe()
        try:
            child = os.fork()
        except OSError as error:  # no memory, too many processes: nothing has begun
            os.close(reading)
            os.close(writing)
            raise PrinterAway(NO_ROOM) from error
        if not child:
            os.close(reading)
            self._print_and_exit(html, writing, most)
        os.close(writing)
        status: int | None = None
        try:
            answer, peak = _read(reading, time.monotonic() + self.wall_seconds, child)
            if answer is None:
                raise PrintFailed(_TOO_LONG)
            status = os.waitpid(child, 0)[1]
        finally:
            os.close(reading)
            if status is None:
                with suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
        return _printed(answer, status, short=most - max(peak, begins) < _NEAR_DEAD)

    def _print_and_exit(self, html: str, writing: int, most: int) -> NoReturn:
        """The child: never returns, never cleans up what is its parent's; ends with 0 when all of its answer is written."""
        code = 1
        try:
            try:
                self._limit(most)
                answer = self._answer(html, most)
            except BaseException as error:
                answer = b"!memory" if _ran_out(error, most, _NEAR_FAILED) else b"!broken"
            _write(writing, answer)
            code = 0
        finally:
            os._exit(code)

    def _limit(self, most: int) -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        for number in _WORKERS_SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)  # no network, where the system lets us
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (self.cpu_seconds, self.cpu_seconds + 5))
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        gc.freeze()

    def _answer(self, html: str, most: int) -> bytes:
        try:
            from app.gateways.typesetter import ForeignFile, typeset
        except (ImportError, OSError) as error:
            return b"!memory" if _ran_out(error, most, _NEAR_LOADING) else b"!away"
        try:
            printed = typeset(html, self.folder)
        except ForeignFile:
            return b"!foreign"
        except RecursionError:
            return b"!nested"
        except UnicodeError:
            return b"!letters"
        return printed if len(printed) <= MOST_BYTES else b"!large"


def _read(reading: int, ends_at: float, child: int) -> tuple[bytes | None, int]:
    """Everything up to the end of the pipe, None when that does not come in time; and the most the child has addressed."""
    parts: list[bytes] = []
    peak = 0
    while (left := ends_at - time.monotonic()) > 0:
        if select.select([reading], [], [], min(left, _LOOK_SECONDS))[0]:
            part = os.read(reading, _CHUNK)
            if not part:
                return b"".join(parts), peak
            parts.append(part)
        else:
            peak = _peak(child) or peak
    return None, peak


def _addressed() -> int:
    """How many bytes this process addresses now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * resource.getpagesize()


def _peak(pid: int) -> int:
    """The most bytes that a process has addressed so far; 0 of one that has ended."""
    with suppress(FileNotFoundError, ProcessLookupError):
        for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("VmPeak:"):
                return int(line.split()[1]) * 1024
    return 0


def _ran_out(error: BaseException, most: int, near: int) -> bool:
    """Whether this process has failed because it may not address more than `most` bytes, whatever the error calls it."""
    try:
        return isinstance(error, MemoryError) or most - _peak(os.getpid()) < near
    except BaseException:  # there is no room even for looking
        return True


def _write(writing: int, answer: bytes) -> None:
    view = memoryview(answer)
    while view:
        view = view[os.write(writing, view) :]


def _printed(answer: bytes, status: int, *, short: bool) -> bytes:
    """What the child answered, or the exception that its end means; `short` when it had addressed nearly all it may."""
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number == signal.SIGXCPU:
            raise PrintFailed(_TOO_LONG)
        if number in (signal.SIGKILL, signal.SIGTERM):
            raise PrintCut("killed")
    if status:  # libraries in C end the process when there is no memory, and by mistakes of their own
        raise PrintFailed(_TOO_MUCH if short else _BROKEN)
    if answer == b"!away":
        raise PrinterAway(NO_PRINTER)
    if not answer.startswith(b"%PDF-"):
        raise PrintFailed(_REASONS.get(answer.removeprefix(b"!").decode("ascii", "replace"), _BROKEN))
    return answer
