"""What the REST API costs: `bin/bench api W1`. Each request is made with another person's token."""

from __future__ import annotations

from collections.abc import Callable

from bench import bare
from bench.asking import call
from bench.parts import Measuring, measuring, options
from bench.report import Row, row_of, show
from bench.worlds import HEAVY

# The rate limit is per person: the more people, the longer a series may be.
PEOPLE = range(100, 900)


def main() -> None:
    """Measure the API."""
    arguments = options("api", __doc__).parse_args()
    with measuring("api", arguments) as bench:
        show(_rows(bench, arguments.only))


def _rows(bench: Measuring, only: str) -> list[Row]:
    key, world = bench.key, bench.world
    people = [person for person in PEOPLE if person < len(key.tokens) and person % 50 != 7]
    rows = [row_of("api", world, "empty answer", bare.empty_answer(bench.installation), clients=8)]
    statements = {
        "feed": (bare.FEED, [{"viewer": key.people[person]} for person in people[:200]]),
        "space": (bare.SPACE, [{"space": key.spaces[4 * n]} for n in range(3)]),
        "thread": (bare.THREAD, [{"thread": thread} for thread in key.threads[:200]]),
    }
    raw = {
        name: bare.statement(bench.installation, key, sql, values)
        for name, (sql, values) in statements.items()
    }
    works: dict[str, tuple[str, Callable[[int], str]]] = {
        "home feed, JSON": ("feed", lambda person: "/feed"),
        "all I may read, JSON": ("feed", lambda person: "/feed?scope=all"),
        "home feed of one in 3/5 of the spaces, JSON": ("feed", lambda person: "/feed"),
        "space, JSON": ("space", lambda person: f"/spaces/{key.spaces[4 * (person % 3)]}/entries"),
        "thread, JSON": (
            "thread",
            lambda person: f"/entries/{key.threads[person % len(key.threads)]}/thread",
        ),
        "one entry, JSON": ("", lambda person: f"/entries/{key.threads[person % len(key.threads)]}"),
        "me": ("", lambda person: "/me"),
        "people, JSON": ("", lambda person: "/people?limit=50"),
        "spaces, JSON": ("", lambda person: "/spaces"),
        "notifications, JSON": ("", lambda person: "/notifications"),
    }
    for name, (limit, path) in works.items():
        if only in name:
            asks = [
                call(key, path(person), person) for person in ([HEAVY, 1, 2] if "3/5" in name else people)
            ]
            rows += bench.work(
                name, asks, raw=raw.get(limit), raw_is="bare SQL" if limit else "",
                clients=None if limit and "all" not in name else (8,),
            )  # fmt: skip
    return rows


if __name__ == "__main__":
    main()
