"""What a browser of the tests meets under real names: the site at https://lk.example.org, the CDN of htmx.

Both are TLS servers on the loopback with a certificate made for the occasion; the browser is told where the names lead
and to trust that one key. So cookies, CSP, integrity of scripts and caches are the real ones.
"""

import contextlib
import socket
import ssl
import subprocess
import threading
import time
from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from app.web.htmx_script import CDN
from tests.browser import BASE
from tests.journeys import npm_files

SITE_NAME = BASE.removeprefix("https://")
CDN_NAME = CDN.split("/")[2]
#: What a hanging CDN keeps a browser waiting, seconds; a test ends earlier.
HANGING = 60.0


@dataclass(frozen=True)
class Certificate:
    """A certificate for both names and its key; `pin` is how Chromium names the key."""

    chain: Path
    key: Path
    pin: str

    @classmethod
    def make(cls, folder: Path) -> "Certificate":
        """A new one, good for a week."""
        chain, key = folder / "names.pem", folder / "names.key"
        names = ",".join(f"DNS:{name}" for name in (SITE_NAME, CDN_NAME))
        ask = [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "7",
        ]
        ask += ["-subj", f"/CN={SITE_NAME}", "-addext", f"subjectAltName={names}", "-out", str(chain)]
        subprocess.run([*ask, "-keyout", str(key)], check=True, capture_output=True)
        public = subprocess.run(
            ["openssl", "pkey", "-in", str(key), "-pubout", "-outform", "DER"],
            check=True,
            capture_output=True,
        )
        return cls(chain, key, b64encode(sha256(public.stdout).digest()).decode())


class Front:
    """One TLS server; whoever asks gets what `app` answers at that moment, or is hung up on when there is none."""

    def __init__(self, certificate: Certificate) -> None:
        self.app: Any = None
        self.asked: list[str] = []
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate.chain, certificate.key)
        self._server = make_server(
            "127.0.0.1", 0, self._answer, threaded=True, ssl_context=context, request_handler=_Silent
        )
        self._server.daemon_threads = True  # type: ignore[attr-defined]
        self.port = int(self._server.server_port)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})

    def _answer(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        self.asked.append(f"{environ['REQUEST_METHOD']} {environ['RAW_URI']}")
        if self.app is None:
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            raise ConnectionAbortedError
        answer: Iterable[bytes] = self.app(environ, start)
        return answer

    def __enter__(self) -> "Front":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Silent(WSGIRequestHandler):
    """A server of tests prints nothing; a browser that goes away in the middle is normal."""

    def log(self, *_: Any, **__: Any) -> None:
        """Nothing."""

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            super().handle()


@dataclass
class Cdn:
    """What the CDN does at the moment: «on», «corrupt» (one byte is another), «hanging», «blocked»."""

    front: Front
    mode: str = "on"

    def __post_init__(self) -> None:
        self.front.app = self

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        if self.mode == "blocked":
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            raise ConnectionAbortedError
        if self.mode == "hanging":
            time.sleep(HANGING)
        content = npm_files.content("htmx.org")
        if Request(environ).url != CDN:
            return Response(status=404)(environ, start)
        if self.mode == "corrupt":
            content = content[:-1] + b" "
        headers = {"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=31536000, immutable"}
        return Response(content, headers=headers, mimetype="application/javascript")(environ, start)


@dataclass(frozen=True)
class Loopback:
    """Both servers; `arguments` make a Chromium find and trust them, and no other place of the world."""

    site: Front
    cdn: Cdn
    pin: str

    @property
    def arguments(self) -> tuple[str, ...]:
        """For the command line of Chromium."""
        rules = (
            f"MAP {SITE_NAME} 127.0.0.1:{self.site.port}, MAP {CDN_NAME} 127.0.0.1:{self.cdn.front.port}, "
            "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
        )
        return f"--host-resolver-rules={rules}", f"--ignore-certificate-errors-spki-list={self.pin}"


@contextlib.contextmanager
def loopback(folder: Path) -> Iterator[Loopback]:
    """The site's name and the CDN, for the time of the block; the site has to be put into `site.app`."""
    certificate = Certificate.make(folder)
    with Front(certificate) as site, Front(certificate) as cdn:
        yield Loopback(site, Cdn(cdn), certificate.pin)
