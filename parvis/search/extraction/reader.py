"""The process that reads one file: `python -m parvis.search.extraction.reader PATH MEDIA_TYPE`."""

from __future__ import annotations

import resource
import sys

from parvis.search.extraction.formats import Fault, read

CPU_SECONDS = 20
MEMORY_BYTES = 768 * 1024 * 1024


def main() -> int:
    """Print the text, or the reason why there is none."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    # It reads and prints, and never writes a file.
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    path, media_type = sys.argv[1:3]
    try:
        text = read(path, media_type)
    except Fault as fault:
        sys.stdout.write(str(fault))
        return 1
    except Exception:
        # Whatever a hostile file makes a parser do.
        sys.stdout.write("damaged")
        return 1
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
