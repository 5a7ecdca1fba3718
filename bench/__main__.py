"""`python -m bench pages --size N [--growth]` `… pdf [--growth]`, `… signatures`: a table and, last, one line of JSON."""

import argparse
import json
from typing import Any

from bench import growth, printing, signatures
from bench.pages import Row, measure, running

#: Rows of the table whose ratio is reported, and under which name.
RATIOS = {
    "list": "list_vs_floor",
    "case": "case_vs_floor",
    "queue": "queue_vs_floor",
    "poll": "poll_vs_floor",
    "login": "login_vs_argon2",
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("bench", choices=["pages", "pdf", "signatures"])
    parser.add_argument("--size", type=int, default=10_000, help="cases in the database")
    parser.add_argument(
        "--growth",
        action="store_true",
        help="against a world of 1 000 cases, or a worker after 200 documents, too",
    )
    arguments = parser.parse_args()
    if arguments.bench == "pdf":
        print_rows("pdf", *printing.measure(grow=arguments.growth))
        return
    if arguments.bench == "signatures":
        print_rows("signatures", *signatures.measure())
        return
    grown: list[Row] = []
    with running(arguments.size) as here:
        rows = measure(here)
        if arguments.growth:
            with running(growth.SMALL) as small:
                grown = growth.measure_growth(here, small)
    ratios = {RATIOS[row.name]: row.ratio for row in rows}
    if grown:
        ratios |= growth.ratios(grown, arguments.size)
    print(f"{'page':12} {'ours, ms':>10} {'reference, ms':>14} {'ratio':>7} {'queries':>8}")
    for row in [*rows, *grown]:
        print(f"{row.name:12} {row.ours:10.2f} {row.reference:14.2f} {row.ratio:7.2f} {row.queries:8}")
    print(
        json.dumps(
            {
                "bench": arguments.bench,
                "rows": [{**row.__dict__, "ratio": round(row.ratio, 3)} for row in [*rows, *grown]],
                "ratios": {name: round(ratio, 3) for name, ratio in ratios.items()},
                "size": arguments.size,
            }
        )
    )


def print_rows(bench: str, rows: list[dict[str, Any]], ratios: dict[str, float]) -> None:
    """Print what was measured: a table, and a line of JSON."""
    print(f"{bench:36} {'ours':>10} {'reference':>10} {'ratio':>7}")
    for row in rows:
        print(f"{row['name']:36} {row['ours']:10.2f} {row['reference']:10.2f} {row['ratio']:7.2f}")
    told = {name: round(ratio, 3) for name, ratio in ratios.items()}
    print(json.dumps({"bench": bench, "rows": rows, "ratios": told}, ensure_ascii=False))


main()
