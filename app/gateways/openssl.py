"""System OpenSSL with the engine of GOST, as a child process. Knows no subject.

The engine is loaded into the child alone, by a configuration of its own; this process never sees it. OpenSSL 3 is needed: 4
has no engines. Large files are read by the child from the disk, small values go through memory and never touch the disk.
"""

import os
import re
import resource
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

_HERE = Path(__file__).parent
_CONFIGURATION = _HERE / "openssl_gost.cnf"
#: Two certificates signed by themselves, 256 and 512 bits: to check them is to have the whole engine.
_SPECIMEN = _HERE / "openssl_specimen.pem"

NO_OPENSSL = "На сервере нет программы openssl, электронные подписи не проверяются. Администратору: установите пакет openssl."
OTHER_OPENSSL = (
    "Электронные подписи не проверяются: нужен OpenSSL 3, а на сервере «{found}». "
    "Администратору: поставьте OpenSSL 3 из состава Debian 12."
)
NO_ENGINE = (
    "На сервере не работает движок ГОСТ, электронные подписи не проверяются. "
    "Администратору: установите пакет libengine-gost-openssl."
)
TOO_LONG = "Проверка подписи идет слишком долго и остановлена. Попробуйте еще раз через несколько минут."
BUSY = "Сейчас проверяется много подписей. Попробуйте еще раз через несколько минут."


class EngineAway(Exception):
    """OpenSSL or its engine of GOST is not there or has not answered; the text is a sentence in Russian."""


@dataclass(frozen=True)
class Answer:
    """How a child has ended: its code and its words."""

    code: int
    out: str
    errors: str

    @property
    def right(self) -> bool:
        """Whether the child found what it was asked for to be right."""
        return self.code == 0


class OpenSsl:
    """Runs `openssl` with the engine of GOST: at most `at_once` children, `wall_seconds` for each.

    A child may address `memory_bytes`: a list of revoked certificates of 20 MB needs a fifth of two gigabytes.

    `engine` is the shared library; by default where this OpenSSL keeps its engines.
    """

    def __init__(
        self,
        *,
        program: str = "openssl",
        engine: Path | None = None,
        wall_seconds: float = 120.0,
        at_once: int = 4,
        memory_bytes: int = 2 << 30,
    ) -> None:
        """Nothing is started yet."""
        self.program = program
        self.engine = engine
        self.wall_seconds = wall_seconds
        self.memory_bytes = memory_bytes
        self.version = ""
        self._places = threading.BoundedSemaphore(at_once)
        self._tested = False
        #: The engine's file, once it was looked for.
        self.found: Path | None = None

    def run(self, *arguments: str | Path | bytes) -> Answer:
        """Run a command to its end; bytes among the arguments become files that only the child sees.

        Raises EngineAway when the program is not there or takes too long.
        """
        return self._run(arguments, self.found or self._find_engine())

    def self_test(self) -> str:
        """Empty when signatures of GOST can be checked, or a sentence that says what is missing."""
        try:
            command = ("verify", "-no_check_time", "-check_ss_sig", "-no-CApath", "-no-CAstore", "-CAfile")
            answer = self.run(*command, _SPECIMEN, *_apart(_SPECIMEN.read_text(encoding="ascii")))
        except EngineAway as away:
            return str(away)
        self._tested = answer.right
        return "" if self._tested else NO_ENGINE

    def ready(self) -> bool:
        """Whether the engine works; asked of the engine itself until it has answered «yes» once."""
        return self._tested or not self.self_test()

    def _find_engine(self) -> Path:
        """Where this OpenSSL keeps the engine, and which OpenSSL it is. Raises EngineAway."""
        told = self._run(("version", "-v", "-e"), None).out
        version, _, rest = told.partition("\n")
        self.version = " ".join(version.split()[:2])
        if not self.version.startswith("OpenSSL 3."):
            raise EngineAway(OTHER_OPENSSL.format(found=self.version or "нечто другое"))
        folder = re.search(r'"(.+)"', rest)
        self.found = self.engine or Path(folder.group(1) if folder else "") / "gost.so"
        return self.found

    def _run(self, arguments: tuple[str | Path | bytes, ...], engine: Path | None) -> Answer:
        if not self._places.acquire(timeout=self.wall_seconds):
            raise EngineAway(BUSY)
        try:
            with ExitStack() as stack:
                files: list[int] = []
                command = [self.program]
                for argument in arguments:
                    if isinstance(argument, bytes):
                        files.append(stack.enter_context(_in_memory(argument)))
                        argument = f"/proc/self/fd/{files[-1]}"
                    command.append(str(argument))
                return self._finished(command, files, engine)
        finally:
            self._places.release()

    def _finished(self, command: list[str], files: list[int], engine: Path | None) -> Answer:
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "LC_ALL": "C",
            "OPENSSL_CONF": str(_CONFIGURATION) if engine else os.devnull,
            "GOST_ENGINE": str(engine),
        }
        try:
            child = subprocess.Popen(
                command,
                env=environment,
                pass_fds=files,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
        except OSError as error:
            raise EngineAway(NO_OPENSSL) from error
        with child:
            _limit(child.pid, self.wall_seconds, self.memory_bytes)
            try:
                out, errors = child.communicate(timeout=self.wall_seconds)
            except BaseException as error:
                child.kill()
                if isinstance(error, subprocess.TimeoutExpired):
                    raise EngineAway(TOO_LONG) from error
                raise
        return Answer(child.returncode, out.decode(errors="replace"), errors.decode(errors="replace"))


@contextmanager
def _in_memory(content: bytes) -> Iterator[int]:
    """A file without a name that holds this content."""
    handle = os.memfd_create("openssl")
    try:
        view = memoryview(content)
        while view:
            view = view[os.write(handle, view) :]
        yield handle
    finally:
        os.close(handle)


def _limit(process: int, wall_seconds: float, memory_bytes: int) -> None:
    """What a child that has lost its way may take at most."""
    with suppress(OSError):
        seconds = int(wall_seconds) + 1
        resource.prlimit(process, resource.RLIMIT_CORE, (0, 0))
        resource.prlimit(process, resource.RLIMIT_CPU, (seconds, seconds))
        resource.prlimit(process, resource.RLIMIT_AS, (memory_bytes, memory_bytes))


def _apart(pem: str) -> list[bytes]:
    """The certificates of a PEM file one by one."""
    return [part.encode() for part in re.findall(r"-----BEGIN.*?-----END[^\n]+\n", pem, re.DOTALL)]
