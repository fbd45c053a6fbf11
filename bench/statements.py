"""How many statements pages cost in a world, table reads and writes only: run by `bin/bench growth` in a process."""

from __future__ import annotations

import json
import os
import pickle
import re
import sys
from pathlib import Path
from typing import Any

# What binds a transaction, or asks for the outbox's position, touches no table.
NO_TABLE = re.compile(r"^(SAVEPOINT|RELEASE|BEGIN|COMMIT|ROLLBACK|SELECT set_config|SELECT pg_snapshot|SET )")


def pages_of(key: Any) -> dict[str, str]:
    """Return the pages that are compared, by name."""
    return {
        "home feed, HTML": "/?shown=20",
        "all I may read, HTML": "/all?shown=20",
        "space, HTML": f"/spaces/{key.spaces[4]}",
        "thread, HTML": f"/entries/{key.threads[3]}",
        "notifications, HTML": "/notifications",
        "unread badge, HTML": "/notifications/badge",
        "directory, HTML": "/people",
    }


def count(data: Path) -> dict[str, int]:
    """Return the statements of each page, asked for a second time as one of the people."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.config.settings")
    import django

    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from bench.worlds import SLUG

    key = pickle.loads((data / "bench.pickle").read_bytes())
    client = Client(HTTP_HOST="localhost", HTTP_ACCEPT="text/html")
    client.cookies["parvis_session"] = key.sessions[31]
    counts = {}
    for name, path in pages_of(key).items():
        client.get(f"/o/{SLUG}{path}")
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(f"/o/{SLUG}{path}")
        assert answer.status_code == 200, f"{name}: {answer.status_code}"
        counts[name] = sum(not NO_TABLE.match(query["sql"]) for query in captured.captured_queries)
    return counts


if __name__ == "__main__":
    print(json.dumps(count(Path(sys.argv[1]))))
