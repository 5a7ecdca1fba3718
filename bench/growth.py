"""What a page costs in a large world against a small one: the same page, the same rows on it, a hundred times the cases."""

from urllib.parse import quote

from bench.pages import Row, Running, count_queries, getting
from bench.server import in_turns
from bench.world import NUMBER

#: Cases in the small world.
SMALL = 1000
ROUNDS, BATCH = 40, 5

#: Row: who asks for what. Both worlds show the same number of rows: own cases are as many, the number meets one case, the
#: word stands in every case and fills a page.
PAGES = {
    "own list": ("applicant", "/cases"),
    "queue": ("operator", "/cases"),
    "rare number": ("operator", f"/cases?q={NUMBER.format(500)}"),
    "common word": ("operator", f"/cases?q={quote('заявка')}"),
}
#: Ratio: the rows of which the worse one is told.
RATIOS = {"list": ("own list", "queue"), "search": ("rare number", "common word")}


def measure_growth(large: Running, small: Running) -> list[Row]:
    """Median milliseconds of each page in the large world and, as the reference, in the small one."""
    operations = {}
    for name, (who, path) in PAGES.items():
        for size, here in (("large", large), ("small", small)):
            operations[f"{name} {size}"] = getting(here.site, path, here.cookies[who])
    times = in_turns(operations, rounds=ROUNDS, batch=BATCH)
    return [
        Row(
            name,
            times[f"{name} large"],
            times[f"{name} small"],
            count_queries(small.world, path, small.cookies[who]),
        )
        for name, (who, path) in PAGES.items()
    ]


def ratios(rows: list[Row], size: int) -> dict[str, float]:
    """The ratios as they are reported: of each pair the worse one."""
    by_name = {row.name: row.ratio for row in rows}
    words = f"{size // 1000}k_vs_{SMALL // 1000}k"
    return {f"{name}_{words}": max(by_name[row] for row in pair) for name, pair in RATIOS.items()}
