"""What a check of a signature costs above OpenSSL itself: ours against the bare child process with the same arguments.

Ours reads the structure, finds chain and lists, and asks one child; the reference is that child alone, its files on the disk.
"""

import resource
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from app.gateways.cms import Checker, Trust
from app.gateways.cms_trust import Pool
from tests import pki

ROUNDS = 200
MEBIBYTE = 1024 * 1024
LARGE = 30 * MEBIBYTE


def measure() -> tuple[list[dict[str, Any]], dict[str, float]]:
    """Rows (milliseconds, or MB of memory) and ratios."""
    with tempfile.TemporaryDirectory() as name:
        folder, trust, checker = Path(name), pki.trust(), Checker()
        small, large = folder / "small.pdf", folder / "large.pdf"
        small.write_bytes(b"%PDF-1.7\n" + b"x" * 20_000)
        large.write_bytes(b"%PDF-1.7\n" + b"x" * LARGE)
        rows = [
            _row(checker, trust, folder, small, f"individual-{algorithm}", f"a signature, {algorithm}, ms")
            for algorithm in ("gost256", "gost512")
        ]
        before = _memory()
        rows.append(_row(checker, trust, folder, large, "individual", "30 MB, ms", rounds=7))
        rows.append(
            {"name": "memory of ours grows by, 30 MB, MB", "ours": _memory() - before, "reference": 0.0}
        )
        peak = _peak_of_child(checker, trust, folder, large)
        rows.append({"name": "memory of the child, 30 MB, MB", "ours": peak, "reference": peak})
    for row in rows:
        row["ratio"] = row["ours"] / row["reference"] if row["reference"] else 0.0
    return rows, {"verify_vs_openssl": max(row["ratio"] for row in rows[:2])}


def _row(
    checker: Checker, trust: Trust, folder: Path, document: Path, who: str, name: str, rounds: int = ROUNDS
) -> dict[str, Any]:
    """Both ways by turns, so that a busy machine weighs on both alike; medians."""
    cms = pki.sign(document, who)
    command, environment = _bare(checker, trust, folder, document, cms)

    def ours() -> None:
        assert checker.check(cms, document, trust, at=pki.NOW).code == "ok"

    def bare() -> None:
        subprocess.run(command, env=environment, check=True, capture_output=True, stdin=subprocess.DEVNULL)

    ours()
    bare()
    times = [(_time(ours), _time(bare)) for _ in range(rounds)]
    return {
        "name": name,
        "ours": median(first for first, _ in times),
        "reference": median(second for _, second in times),
    }


def _bare(
    checker: Checker, trust: Trust, folder: Path, document: Path, cms: bytes
) -> tuple[list[str], dict[str, str]]:
    """The command that ours starts, with files on the disk."""
    from app.gateways import openssl
    from app.gateways.cms_structure import read

    signed, pool = read(cms), Pool(trust)
    paths = pool.paths(signed.signer, signed.others)
    (folder / "store.pem").write_bytes(pool.store(paths, pool.lists_of(paths, pki.NOW)))
    (folder / "cms.der").write_bytes(cms)
    command = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", str(folder / "cms.der")]
    command += [
        "-content",
        str(document),
        "-out",
        "/dev/null",
        "-cades",
        "-CAfile",
        str(folder / "store.pem"),
    ]
    command += ["-no-CApath", "-no-CAstore", "-purpose", "any", "-crl_check_all"]
    command += ["-attime", str(int(pki.NOW.timestamp()))]
    engine = str(checker.openssl.run("version") and checker.openssl.found)
    configuration = str(Path(openssl.__file__).with_name("openssl_gost.cnf"))
    return command, {
        "OPENSSL_CONF": configuration,
        "GOST_ENGINE": engine,
        "PATH": "/usr/bin:/bin",
        "LC_ALL": "C",
    }


def _time(act: Callable[[], None]) -> float:
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _peak_of_child(checker: Checker, trust: Trust, folder: Path, document: Path) -> float:
    """The most memory of the bare child, as it says itself: this process's own peak would cover it."""
    command, environment = _bare(checker, trust, folder, document, pki.sign(document))
    peak = 0
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as child:
        while child.poll() is None:
            told = Path(f"/proc/{child.pid}/status").read_text(encoding="ascii")
            peak = max(
                [peak, *(int(line.split()[1]) for line in told.splitlines() if line.startswith("VmRSS"))]
            )
            time.sleep(0.002)
    return peak / 1024
