"""`python -m bench pages --size N`: a table and, last, one line of JSON."""

import argparse
import json

from bench.pages import measure

#: Rows of the table whose ratio is reported, and under which name.
RATIOS = {
    "list": "list_vs_floor",
    "case": "case_vs_floor",
    "queue": "queue_vs_floor",
    "login": "login_vs_argon2",
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("bench", choices=["pages"])
    parser.add_argument("--size", type=int, default=10_000, help="cases in the database")
    arguments = parser.parse_args()
    rows = measure(arguments.size)
    print(f"{'page':10} {'ours, ms':>10} {'reference, ms':>14} {'ratio':>7} {'queries':>8}")
    for row in rows:
        print(f"{row.name:10} {row.ours:10.2f} {row.reference:14.2f} {row.ratio:7.2f} {row.queries:8}")
    print(
        json.dumps(
            {
                "bench": arguments.bench,
                "rows": [{**row.__dict__, "ratio": round(row.ratio, 3)} for row in rows],
                "ratios": {RATIOS[row.name]: round(row.ratio, 3) for row in rows},
                "size": arguments.size,
            }
        )
    )


main()
