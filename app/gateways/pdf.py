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
NO_PRINTER = "На сервере нет программ для печати документов. Администратору: установите их командой bin/run."


class PrintFailed(Exception):
    """This page cannot be printed, and trying again would not help; the text is a sentence for the office."""


class PrintCut(Exception):
    """The child was killed by somebody else: the page may be in order."""


class PrinterAway(Exception):
    """WeasyPrint or one of its libraries is not installed; the text is a sentence for the office."""


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
        reading, writing = os.pipe()
        try:
            child = os.fork()
        except OSError as error:  # no memory, too many processes
            os.close(reading)
            os.close(writing)
            raise PrintCut("no child") from error
        if not child:
            os.close(reading)
            self._print_and_exit(html, writing)
        os.close(writing)
        status: int | None = None
        try:
            answer, in_time = _read(reading, time.monotonic() + self.wall_seconds)
            if not in_time:
                raise PrintFailed(_TOO_LONG)
            status = os.waitpid(child, 0)[1]
        finally:
            os.close(reading)
            if status is None:
                with suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
        return _printed(answer, status)

    def _print_and_exit(self, html: str, writing: int) -> NoReturn:
        """The child: never returns, never cleans up what is its parent's."""
        try:
            self._limit()
            answer = self._answer(html)
        except MemoryError:
            answer = b"!memory"
        except BaseException:
            answer = b"!broken"
        with suppress(BaseException):
            _write(writing, answer)
        os._exit(0)

    def _limit(self) -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        for number in _WORKERS_SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)  # no network, where the system lets us
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (self.cpu_seconds, self.cpu_seconds + 5))
        most = max(self.memory_bytes, _addressed() + self.room_bytes)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        gc.freeze()

    def _answer(self, html: str) -> bytes:
        try:
            from app.gateways.typesetter import ForeignFile, typeset
        except (ImportError, OSError):
            return b"!away"
        try:
            printed = typeset(html, self.folder)
        except ForeignFile:
            return b"!foreign"
        except RecursionError:
            return b"!nested"
        except UnicodeError:
            return b"!letters"
        return printed if len(printed) <= MOST_BYTES else b"!large"


def _read(reading: int, ends_at: float) -> tuple[bytes, bool]:
    """Everything up to the end of the pipe, and whether that came in time."""
    parts: list[bytes] = []
    while (left := ends_at - time.monotonic()) > 0:
        if select.select([reading], [], [], left)[0]:
            part = os.read(reading, _CHUNK)
            if not part:
                return b"".join(parts), True
            parts.append(part)
    return b"", False


def _addressed() -> int:
    """How many bytes this process addresses now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * resource.getpagesize()


def _write(writing: int, answer: bytes) -> None:
    view = memoryview(answer)
    while view:
        view = view[os.write(writing, view) :]


def _printed(answer: bytes, status: int) -> bytes:
    """What the child answered, or the exception that its end means."""
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number == signal.SIGXCPU:
            raise PrintFailed(_TOO_LONG)
        if number in (signal.SIGKILL, signal.SIGTERM):
            raise PrintCut("killed")
        raise PrintFailed(_TOO_MUCH)  # libraries in C end themselves when there is no memory
    if answer == b"!away":
        raise PrinterAway(NO_PRINTER)
    if not answer.startswith(b"%PDF-"):
        raise PrintFailed(_REASONS.get(answer.removeprefix(b"!").decode("ascii", "replace"), _BROKEN))
    return answer
