"""Printing for real: what the PDF is, that it is the same every time, and that a bomb costs its child alone."""

import hashlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pypdf
import pytest
from pypdf.generic import DictionaryObject

from app.cases.rendering_rules import check_page
from app.errors import InvalidValue
from app.gateways.layouts import Layouts
from app.gateways.pdf import PrintCut, Printer, PrinterAway, PrintFailed
from tests.post_office import until
from tests.specimen import contents

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / "app" / "templates" / "pdf"
AT = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def printer() -> Printer:
    """A printer that has loaded its programs, as a worker has."""
    made = Printer(FOLDER)
    made.warm()
    return made


def page(**rest: object) -> str:
    return Layouts(FOLDER).html("specimen", contents(**rest), made_at=AT, own_text=False)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def printed(printer: Printer) -> bytes:
    return printer.render(page(clauses=30, rows=60, title="Договор № 5 — «Ёлка», 15 кВт"))


@pytest.fixture
def reader(printed: bytes, tmp_path: Path) -> pypdf.PdfReader:
    path = tmp_path / "printed.pdf"
    path.write_bytes(printed)
    return pypdf.PdfReader(path)


def fonts(reader: pypdf.PdfReader) -> dict[str, DictionaryObject]:
    """Base name → descriptor of every font that a page refers to."""
    found: dict[str, DictionaryObject] = {}
    for one in reader.pages:
        for font in one["/Resources"]["/Font"].get_object().values():  # type: ignore[index]
            for real in font.get_object().get("/DescendantFonts", [font]):
                real = real.get_object()
                found[str(real["/BaseFont"])] = real["/FontDescriptor"].get_object()
    return found


def test_it_is_a_pdf_a_3b(reader: pypdf.PdfReader) -> None:
    root = reader.trailer["/Root"]
    told = root["/Metadata"].get_object().get_data().decode()  # type: ignore[index]
    assert 'pdfaid:part="3"' in told
    assert 'pdfaid:conformance="B"' in told
    (intent,) = root["/OutputIntents"]  # type: ignore[index]
    intent = intent.get_object()
    assert intent["/S"] == "/GTS_PDFA1"
    assert len(intent["/DestOutputProfile"].get_object().get_data()) > 1000
    assert reader.trailer["/ID"]
    assert not reader.is_encrypted
    for forbidden in ("/OpenAction", "/AA", "/AcroForm"):
        assert forbidden not in root


def test_every_font_is_embedded_and_the_letters_are_those_of_the_house(reader: pypdf.PdfReader) -> None:
    used = fonts(reader)
    assert used
    assert all({"/FontFile2", "/FontFile3"} & descriptor.keys() for descriptor in used.values())
    families = {name.partition("+")[2].lower().replace(" ", "-") for name in used}
    assert all(family.startswith(("pt-serif", "pt-sans")) for family in families), families


def test_pages_are_numbered_and_say_whose_they_are(reader: pypdf.PdfReader) -> None:
    count = len(reader.pages)
    assert count >= 4
    for number, one in enumerate(reader.pages, 1):
        text = one.extract_text()
        assert f"стр. {number} из {count}" in text
        assert "Договор № 5 — «Ёлка», 15 кВт" in text


def test_every_page_of_a_table_begins_with_its_heading(reader: pypdf.PdfReader) -> None:
    pages = [one.extract_text() for one in reader.pages if "Мероприятие" in one.extract_text()]
    assert len(pages) >= 2
    assert all("Наименование" in text for text in pages)


def test_russian_signs_can_be_read_and_copied(printer: Printer, tmp_path: Path) -> None:
    signs = "№ ё Ё ₽ м² — « » ☐ ☑ Ғ №\u00a05"
    path = tmp_path / "signs.pdf"
    path.write_bytes(printer.render(page(title=signs)))
    text = pypdf.PdfReader(path).pages[0].extract_text().replace("\u00a0", " ")
    for sign in signs.split():
        assert sign in text


def test_the_date_of_the_pdf_is_that_of_its_data(reader: pypdf.PdfReader) -> None:
    assert reader.metadata is not None
    assert reader.metadata["/CreationDate"] == "D:20261201093000Z"
    assert reader.metadata.title == "Договор № 5 — «Ёлка», 15 кВт"


def test_the_same_data_gives_the_same_bytes_in_another_process_at_another_time(printed: bytes) -> None:
    program = (
        "import hashlib; from tests.actions.test_printing import FOLDER, Printer, page;"
        "html = page(clauses=30, rows=60, title='Договор № 5 — «Ёлка», 15 кВт');"
        "print(hashlib.sha256(Printer(FOLDER).render(html)).hexdigest())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Vladivostok", "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == hashlib.sha256(printed).hexdigest()


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="http://127.0.0.1:9/x.png">',
        '<img src="https://example.org/x.png">',
        '<img src="file:///etc/passwd">',
        '<link rel="stylesheet" href="file:///etc/passwd">',
        '<link rel="attachment" href="file:///etc/passwd">',
        '<link rel="stylesheet" href="../../static/site.css">',
        '<link rel="stylesheet" href="base.html">',
        '<style>@import url("//example.org/x.css");</style>',
        '<p style="background: url(ftp://example.org/x)">x</p>',
        f'<img src="data:image/png;base64,{"A" * 200_000}">',
    ],
)
def test_nothing_is_read_but_the_style_sheets_of_the_house(printer: Printer, markup: str) -> None:
    with pytest.raises(PrintFailed, match="посторонний файл"):
        printer.render(f'<html lang="ru"><title>x</title>{markup}<p>text</p>')


def test_a_drawing_calls_nobody(printer: Printer) -> None:
    """WeasyPrint draws on when a picture inside a drawing is refused."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/x.png"
        picture = f'<image href="{address}" width="10" height="10"/><use href="file:///etc/passwd#root"/>'
        printed = printer.render(f'<svg width="50" height="50" viewBox="0 0 10 10">{picture}</svg>')
        with pytest.raises(BlockingIOError):
            listener.accept()
    assert b"/Image" not in printed


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("<div>" * 300 + "x", "вложенных"),
        ("<p>\ud800</p>", "знаки"),
        ('<p style="font-size: 1e9px">x</p>', "разметку"),
    ],
)
def test_a_bomb_ends_with_words_for_the_office(printer: Printer, markup: str, words: str) -> None:
    with pytest.raises(PrintFailed, match=words):
        printer.render(markup)


@pytest.mark.parametrize(
    "markup", ['<table><tr><td colspan="65534">x</table>', "<table>" + "<tr><td>x" * 3000]
)
def test_a_wide_or_endless_table_is_refused_before_the_printing(markup: str) -> None:
    with pytest.raises(InvalidValue):
        check_page(markup)


def limited(**limits: float) -> Printer:
    return Printer(FOLDER, **limits)  # type: ignore[arg-type]


LONG = "<table>" + "<tr><td>x" * 3000


def test_a_printing_that_takes_too_long_is_ended(printer: Printer) -> None:
    start = time.monotonic()
    with pytest.raises(PrintFailed, match="слишком долго"):
        limited(wall_seconds=0.5).render(LONG)
    assert time.monotonic() - start < 2


def test_a_printing_that_takes_the_processor_too_long_is_ended(printer: Printer) -> None:
    with pytest.raises(PrintFailed, match="слишком долго"):
        limited(cpu_seconds=1).render(LONG)


#: Pages that want more than 40 MB, each fails in its own ways: Python's errors, a library's abort, a segmentation fault.
HUNGRY = {
    "words": "<p>" + "слово " * 900_000,
    "fonts": "".join(
        f'<p style="font-family: f{n}, sans-serif; font-weight: {n % 9 * 100 + 100}">{chr(0x400 + n % 200)}'
        for n in range(1500)
    ),
}
GIANT = '<p style="font-size: 1e9px">x</p>'


def what_it_says(page: str, megabytes: int, *, warm: bool = True) -> str:
    """The end of the words of a printer with so much room, in a process of its own: a large one has room left inside."""
    program = (
        "from tests.actions.test_printing import GIANT, HUNGRY, limited\n"
        f"printer = limited(memory_bytes=1, room_bytes={megabytes} * 1024 * 1024)\n"
        + ("printer.warm()\n" if warm else "")
        + f"printer.render({page})\n"
    )
    command = [sys.executable, "-c", program]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return ended.stderr.splitlines()[-1]


@pytest.mark.parametrize("megabytes", [8, 24, 40])
@pytest.mark.parametrize("name", HUNGRY)
def test_a_printing_that_wants_too_much_memory_is_ended_and_told_as_such(name: str, megabytes: int) -> None:
    words = what_it_says(f"HUNGRY[{name!r}]", megabytes)
    assert "PrintFailed" in words
    assert "не хватило памяти" in words


@pytest.mark.parametrize("megabytes", [8, 24])
def test_programs_that_do_not_fit_into_memory_are_not_told_as_missing(megabytes: int) -> None:
    assert "не хватило памяти" in what_it_says("'<p>x'", megabytes, warm=False)


@pytest.mark.parametrize("megabytes", [8, 24, 40])
def test_a_fault_of_the_markup_is_never_told_as_one_of_memory(megabytes: int) -> None:
    words = what_it_says("GIANT", megabytes)
    assert "разметку" in words
    assert "памяти" not in words


def children() -> set[int]:
    found = Path(f"/proc/{os.getpid()}/task/{threading.get_native_id()}/children").read_text()
    return {int(pid) for pid in found.split()}


@contextmanager
def struck_by(number: signal.Signals) -> Iterator[None]:
    """Within the block the child that prints is sent a signal soon after it has begun."""
    before = children()
    main = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")

    def strike() -> None:
        until(lambda: {int(pid) for pid in main.read_text().split()} - before, 5, "a child prints")
        time.sleep(0.2)  # it has put back the handlers of its parent
        for pid in {int(pid) for pid in main.read_text().split()} - before:
            os.kill(pid, number)

    thread = threading.Thread(target=strike)
    thread.start()
    yield
    thread.join()
    assert children() == before


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_child_that_somebody_kills_is_no_fault_of_the_page(
    printer: Printer, number: signal.Signals
) -> None:
    with struck_by(number), pytest.raises(PrintCut):
        printer.render(LONG)


@pytest.mark.parametrize("number", [signal.SIGTRAP, signal.SIGSYS])
def test_a_library_that_breaks_down_while_there_is_memory_is_not_told_as_one_of_memory(
    printer: Printer, number: signal.Signals
) -> None:
    with struck_by(number), pytest.raises(PrintFailed, match="разметку"):
        printer.render(LONG)


def test_a_machine_that_gives_no_process_is_waited_for(
    printer: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", refuse)
    with pytest.raises(PrinterAway, match="не хватает памяти"):
        printer.render("<p>x")


def test_no_child_and_no_pipe_is_left(printer: Printer) -> None:
    def open_files() -> int:
        return len(os.listdir("/proc/self/fd"))

    before, files = children(), open_files()
    for make in (lambda: printer.render("<p>x"), lambda: limited(wall_seconds=0.05).render(LONG)):
        try_it(make)
    assert (children(), open_files()) == (before, files)


def try_it(make: Callable[[], object]) -> None:
    with suppress(PrintFailed):
        make()


def test_without_the_programs_for_printing_that_is_what_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "app.gateways.typesetter", None)
    with pytest.raises(PrinterAway, match="bin/run"):
        Printer(FOLDER).render("<p>x")
    with pytest.raises(PrinterAway, match="bin/run"):
        Printer(FOLDER).warm()


@pytest.mark.parametrize(
    "program", ["wsgi", "jobs.dispatcher", "jobs.worker", "jobs.notifications", "jobs.documents"]
)
def test_no_program_loads_weasyprint_before_it_prints(program: str, tmp_path: Path) -> None:
    code = f"import sys, {program}; sys.exit('weasyprint' in sys.modules or 'fontTools' in sys.modules)"
    environment = {**os.environ, "SECRET_KEY": "x" * 40, "INSTANCE_PATH": str(tmp_path)}
    assert (
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, check=False).returncode == 0
    )
