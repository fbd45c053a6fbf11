"""Make a world to measure in: `bin/bench seed W1`, `bin/bench seed W2 --fresh`."""

from __future__ import annotations

import argparse
import time

from bench.worlds import WORLDS, prepare


def main() -> None:
    """Make a world."""
    parser = argparse.ArgumentParser(prog="bin/bench seed", description=__doc__)
    parser.add_argument("world", choices=WORLDS)
    parser.add_argument("--fresh", action="store_true", help="make it anew")
    arguments = parser.parse_args()
    began = time.monotonic()
    data, key = prepare(arguments.world, is_fresh=arguments.fresh)
    print(f"{arguments.world}: {data}, {len(key.sessions)} sessions, {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
