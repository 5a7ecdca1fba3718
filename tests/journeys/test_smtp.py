"""Handing letters over to mail servers, good and bad ones."""

import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from app.config import ConfigError
from app.gateways.email import Letter, SmtpPost, TryLater, Undeliverable
from tests.post_office import Sink, free_port

AT = datetime(2026, 8, 6, 1, 28, tzinfo=UTC)
SENDER = "cabinet@example.org"
LETTER = Letter(
    message_id="<0123456789abcdef@lk.example.org>",
    sender_name="Личный кабинет ООО «Калиновские Электрические Сети»",
    address="ivanov@example.org",
    subject="Присвоен № 299",
    body="Уведомление: присвоен регистрационный номер\n.\nточка в начале строки\n",
)


@pytest.fixture
def sink() -> Iterator[Sink]:
    opened = Sink()
    yield opened
    opened.close()


def send(url: str, letter: Letter = LETTER, limit_seconds: float = 10) -> None:
    SmtpPost(url, SENDER, limit_seconds=limit_seconds).send(letter, at=AT)


def test_a_letter_arrives_as_written_to_exactly_one_person(sink: Sink) -> None:
    send(sink.url)
    (letter,) = sink.letters
    assert letter.recipients == ["ivanov@example.org"]
    assert letter.message.get_all("To") == ["ivanov@example.org"]
    assert letter.message["Bcc"] is None and letter.message["Cc"] is None
    assert letter.header("From") == f"{LETTER.sender_name} <{SENDER}>"
    assert letter.subject == "Присвоен № 299"
    assert letter.message_id == LETTER.message_id
    assert letter.message["Auto-Submitted"] == "auto-generated"
    assert letter.message["Date"].datetime == AT
    assert letter.text.replace("\r\n", "\n") == LETTER.body
    assert not letter.message.is_multipart()


@pytest.mark.parametrize(
    ("mode", "answer", "code"),
    [
        ("421", TryLater, "SMTP 421"),
        ("450", TryLater, "SMTP 450"),
        ("550", Undeliverable, "SMTP 550"),
        ("554", TryLater, "SMTP 554"),  # «relay access denied»: it is we who are refused, not the addressee
        ("data-550", Undeliverable, "SMTP 550"),
        ("data-451", TryLater, "SMTP 451"),
    ],
)
def test_the_server_s_answer_decides_whether_it_is_tried_again(
    sink: Sink, mode: str, answer: type[Exception], code: str
) -> None:
    sink.mode = mode
    with pytest.raises(answer) as caught:
        send(sink.url)
    assert str(caught.value) == code
    assert sink.letters == []


def test_a_server_that_is_down_gets_the_letter_later(sink: Sink) -> None:
    sink.close()
    with pytest.raises(TryLater, match="ConnectionRefusedError"):
        send(sink.url)


def test_a_server_that_takes_its_time_over_a_letter_is_waited_for(sink: Sink) -> None:
    sink.mode, sink.delay = "slow", 0.5
    send(sink.url, limit_seconds=3)
    assert len(sink.letters) == 1


def test_a_connection_that_breaks_off_after_the_letter_leaves_it_for_another_try(sink: Sink) -> None:
    sink.mode = "cut"
    with pytest.raises(TryLater):
        send(sink.url)
    sink.mode = "ok"
    send(sink.url)
    assert sink.by_id() == {LETTER.message_id: 2}  # the same letter by its name: mail programs show it once


@pytest.mark.parametrize(
    "address",
    [
        "a@example.org, b@example.org",
        "a@example.org\r\nBcc: b@example.org",
        "a@example.org\n",
        "nobody",
        "<a@example.org>",
        "иванов@example.org",
    ],
)
def test_an_address_that_is_none_or_several_never_reaches_the_server(sink: Sink, address: str) -> None:
    with pytest.raises(Undeliverable, match="bad address"):
        send(sink.url, replace(LETTER, address=address))
    assert sink.begun == 0 and sink.letters == []


def test_a_subject_of_several_lines_makes_no_other_headers(sink: Sink) -> None:
    with pytest.raises(Undeliverable):
        send(sink.url, replace(LETTER, subject="Присвоен\r\nBcc: b@example.org"))
    send(sink.url, replace(LETTER, sender_name="Личный кабинет\r\nBcc: b@example.org"))
    assert sink.letters[0].message["Bcc"] is None
    assert sink.letters[0].recipients == ["ivanov@example.org"]


@contextmanager
def talking(talk: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server of one conversation that says what the test wants."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection, suppress(OSError):  # the other side may have had enough
                talk(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"smtp://127.0.0.1:{listener.getsockname()[1]}"
        thread.join()


def converse(connection: socket.socket, *answers: bytes) -> None:
    """Greet, then give the answers in turn; after a 354 the whole letter is read before the next one."""
    said = b"220 hello"
    with connection.makefile("rb") as heard:
        for answer in answers:
            connection.sendall(said + b"\r\n")
            while heard.readline() != b".\r\n" and said.startswith(b"354"):
                pass
            said = answer
        connection.sendall(said + b"\r\n")


def test_a_server_that_never_greets_is_left_in_time() -> None:
    start = time.monotonic()
    with talking(lambda connection: connection.recv(1)) as url, pytest.raises(TryLater):
        send(url, limit_seconds=0.5)
    assert time.monotonic() - start < 2


def test_a_server_that_drips_is_cut_off_in_time() -> None:
    def drip(connection: socket.socket) -> None:
        connection.sendall(b"220 hello\r\n")
        connection.recv(1024)
        while True:
            connection.sendall(b"250-still talking\r\n")
            time.sleep(0.05)

    start = time.monotonic()
    with talking(drip) as url, pytest.raises(TryLater):
        send(url, limit_seconds=0.7)
    assert time.monotonic() - start < 2


@pytest.mark.parametrize("farewell", [b"421 too late for that", b"500 what?", b""])
def test_a_letter_that_was_taken_is_taken_whatever_the_server_says_at_parting(farewell: bytes) -> None:
    def talk(connection: socket.socket) -> None:
        converse(connection, b"250 hello", b"250 ok", b"250 ok", b"354 go on", b"250 taken", farewell)

    with talking(talk) as url:
        send(url)


def test_a_server_that_refuses_our_own_address_is_no_fault_of_the_addressee() -> None:
    def talk(connection: socket.socket) -> None:
        converse(connection, b"250 hello", b"550 who are you?")

    with talking(talk) as url, pytest.raises(TryLater, match="SMTP 550"):
        send(url)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for localhost that signs itself, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost"
    )
    names = ["-addext", "subjectAltName=DNS:localhost", "-out", str(certificate), "-keyout", str(key)]
    subprocess.run([*command.split(), *names], check=True, capture_output=True)
    return certificate, key


@pytest.fixture
def guarded(certificate: tuple[Path, Path]) -> Iterator[tuple[Sink, int]]:
    """A server that takes letters only over TLS from those who know the password."""
    sink = Sink()
    sink.close()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)

    def authenticator(
        server: object, session: object, envelope: object, mechanism: str, data: object
    ) -> AuthResult:
        return AuthResult(success=getattr(data, "password", b"") == b"secret", handled=False)

    port = free_port()
    controller = Controller(
        sink,
        hostname="127.0.0.1",
        port=port,
        tls_context=context,
        require_starttls=True,
        authenticator=authenticator,
        auth_required=True,
    )
    controller.start()
    yield sink, port
    controller.stop()


def test_a_letter_goes_by_tls_to_a_server_whose_certificate_is_trusted(
    guarded: tuple[Sink, int], certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    sink, port = guarded
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    send(f"smtp://cabinet:secret@localhost:{port}?tls=starttls")
    assert [letter.message_id for letter in sink.letters] == [LETTER.message_id]
    # A password that has run out is the operator's matter: the letters wait for it.
    with pytest.raises(TryLater, match="SMTP 535"):
        send(f"smtp://cabinet:mistyped@localhost:{port}?tls=starttls")
    assert len(sink.letters) == 1


def test_a_server_with_a_stranger_s_certificate_gets_neither_letter_nor_password(
    guarded: tuple[Sink, int],
) -> None:
    sink, port = guarded
    with pytest.raises(TryLater, match="SSLCertVerificationError"):
        send(f"smtp://cabinet:secret@localhost:{port}?tls=starttls")
    assert sink.letters == []


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.org",
        "smtp://",
        "http://mail.example.org",
        "smtp://mail.example.org:99999",
        "smtp://mail.example.org?tls=perhaps",
        "smtp://cabinet:secret@mail.example.org",  # the password would travel in the clear
    ],
)
def test_a_mail_address_that_cannot_be_used_stops_the_start_with_a_sentence(url: str) -> None:
    with pytest.raises(ConfigError, match="MAIL_URL"):
        SmtpPost(url, SENDER)
