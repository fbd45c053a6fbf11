"""Run `parvis run`, and again whenever a source changes; rebuild the front end when one of its files did."""

from __future__ import annotations

import pathlib
import subprocess
import sys
import time

from parvis.config.tools import build

_PATTERNS = ("parvis/**/*.py", "parvis/**/*.toml", "parvis/**/*.po")
_FRONT_END = ("frontend/**/*.ts", "frontend/**/*.css", "parvis/foundation/ui/icons.txt")


def main() -> int:
    """Watch until Ctrl-C."""
    process = _start()
    seen, seen_front = _newest(_PATTERNS), _newest(_FRONT_END)
    try:
        while True:
            time.sleep(0.7)
            if (newest := _newest(_FRONT_END)) != seen_front:
                seen_front = newest
                build.main()
            if (newest := _newest(_PATTERNS)) != seen or process.poll() is not None:
                seen = newest
                process.terminate()
                process.wait()
                process = _start()
    except KeyboardInterrupt:
        return process.wait()


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "parvis.config", "run"], cwd=build.ROOT)


def _newest(patterns: tuple[str, ...]) -> tuple[int, float]:
    files: list[pathlib.Path] = [path for pattern in patterns for path in build.ROOT.glob(pattern)]
    return len(files), max((path.stat().st_mtime for path in files), default=0.0)


if __name__ == "__main__":
    sys.exit(main())
