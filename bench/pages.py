"""What pages cost: `bin/bench pages W1`. Each request is asked as another signed-in person."""

from __future__ import annotations

from collections.abc import Callable

from bench import bare
from bench.asking import page
from bench.parts import Measuring, measuring, options
from bench.report import Row, row_of, show
from bench.worlds import HEAVY

PEOPLE = range(100, 300)


def main() -> None:
    """Measure pages."""
    arguments = options("pages", __doc__).parse_args()
    with measuring("pages", arguments) as bench:
        show(_rows(bench, arguments.only))


def _rows(bench: Measuring, only: str) -> list[Row]:
    key, installation = bench.key, bench.installation
    empty = bare.empty_view(installation)
    rows = [row_of("pages", bench.world, "empty view", empty, clients=8)]
    rows.append(row_of("pages", bench.world, "empty answer", bare.empty_answer(installation), clients=8))
    works: dict[str, Callable[[int], str]] = {
        "home feed, HTML": lambda person: "/?shown=20",
        "all I may read, HTML": lambda person: "/all?shown=20",
        "home feed of one in 3/5 of the spaces": lambda person: "/?shown=20",
        "space, HTML": lambda person: f"/spaces/{key.spaces[4 * (person % 3)]}",
        "thread, HTML": lambda person: f"/entries/{key.threads[person % len(key.threads)]}",
        "profile, HTML": lambda person: f"/people/{key.people[person + 7]}",
        "directory, HTML": lambda person: "/people",
        "directory search, HTML": lambda person: "/people?q=mar",
        "spaces, HTML": lambda person: "/spaces",
        "notifications, HTML": lambda person: "/notifications",
    }
    for name, path in works.items():
        if only in name:
            people = [HEAVY, 1, 2] if "3/5" in name else PEOPLE
            asks = [page(key, path(person), person) for person in people if person % 50 != 7]
            is_main = name in ("home feed, HTML", "thread, HTML")
            rows += bench.work(
                name, asks, raw=empty.cpu_ms, raw_is="empty view", clients=None if is_main else (8,)
            )
    return rows


if __name__ == "__main__":
    main()
