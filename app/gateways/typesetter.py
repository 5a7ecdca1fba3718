"""WeasyPrint itself: HTML into the bytes of a PDF/A-3b. The only module that imports it.

Imported by whoever prints and by nobody else: it weighs 50 MB, which neither the web process nor the dispatcher has to
carry. Knows no process and no limits: see `app/gateways/pdf.py`.
"""

import logging
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

#: PDF/A-3b is what archives take (ISO 19005-3). Everything else stays as WeasyPrint has it: subsets of fonts, no hinting.
OPTIONS: dict[str, Any] = {"pdf_variant": "pdf/a-3b"}
#: What a page may read of its own folder.
OWN_TYPES = {".css": "text/css", ".ttf": "font/ttf", ".otf": "font/otf"}

logging.getLogger("weasyprint").setLevel(logging.CRITICAL)  # what matters comes as an error
#: One for all documents of a process: looking through the fonts of the system takes a tenth of a document's time.
FONTS = FontConfiguration()


class ForeignFile(FatalURLFetchingError):
    """The page asks for something that is not its own; the whole document is refused rather than printed without it."""


class OwnFiles(URLFetcher):
    """Gives style sheets and fonts out of one folder, and nothing else: no network, no `data:`, no other file."""

    def __init__(self, folder: Path) -> None:
        """Remember the folder."""
        super().__init__(allowed_protocols=("file",), allow_redirects=False, fail_on_errors=True)
        self.folder = folder.resolve()

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """The file of an address; raises ForeignFile, which ends the printing."""
        parts = urlsplit(url)
        path = Path(url2pathname(parts.path)).resolve()
        own = parts.scheme == "file" and not parts.netloc and path.parent == self.folder
        if not own or path.suffix not in OWN_TYPES or not path.is_file():
            raise ForeignFile(url[:100])
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": OWN_TYPES[path.suffix]})


def typeset(html: str, folder: Path) -> bytes:
    """The PDF of a page whose style sheets lie in `folder`; the same page gives the same bytes.

    Raises whatever WeasyPrint does for a page that it cannot print.
    """
    page = HTML(string=html, base_url=folder.resolve().as_uri() + "/", url_fetcher=OwnFiles(folder))
    printed = page.write_pdf(font_config=FONTS, **OPTIONS)
    return bytes(printed)
