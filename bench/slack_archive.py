"""Make a large Slack export from real messages, always the same for the same numbers.

    python -m bench.slack_archive FILE.zip [--messages 50000] [--channels 40]

The texts are those of ../shared/testdata/volume (made-up ones where it is absent). One message in three
answers an earlier one, one in five carries reactions, one in eight mentions somebody.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parent.parent
_VOLUME = [
    folder / "shared/testdata/volume/messages.jsonl.gz" for folder in (_ROOT.parent, _ROOT.parent.parent)
]
PEOPLE = 1000


def texts() -> Iterator[str]:
    """Yield texts without end."""
    source = next((path for path in _VOLUME if path.exists()), None)
    while True:
        if source is None:
            yield "A *made-up* message with a <https://example.org|link> and some words to read. " * 3
            continue
        with gzip.open(source, "rt", encoding="utf-8") as stream:
            for line in stream:
                row = json.loads(line)
                yield f"{row['title']}\n{row['body']}"


def write(path: Path, messages: int, channels: int) -> None:
    """Write the export."""
    chance = random.Random(7)
    days: dict[tuple[int, str], list[dict[str, Any]]] = defaultdict(list)
    roots: dict[int, list[str]] = defaultdict(list)
    source = texts()
    for number in range(messages):
        channel = min(int(chance.expovariate(4 / channels)), channels - 1)
        second = 1_500_000_000 + number * 900
        message = _message(chance, number, f"{second}.{number % 1_000_000:06d}", next(source), roots[channel])
        days[channel, datetime.fromtimestamp(second, UTC).date().isoformat()].append(message)
    users = [_user(number) for number in range(PEOPLE)]
    everybody = [user["id"] for user in users]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("users.json", json.dumps(users))
        public = [{"id": f"C{n:08d}", "name": f"channel-{n}", "members": everybody} for n in range(channels)]
        archive.writestr("channels.json", json.dumps(public))
        for (channel, day), rows in sorted(days.items()):
            archive.writestr(f"channel-{channel}/{day}.json", json.dumps(rows))


def _user(number: int) -> dict[str, Any]:
    profile = {"real_name": f"Person {number}", "email": f"person{number}@bench.example"}
    return {"id": f"U{number:08d}", "name": f"person{number}", "profile": profile}


def _message(chance: random.Random, number: int, ts: str, text: str, roots: list[str]) -> dict[str, Any]:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if number % 8 == 0:
        text = f"<@U{chance.randrange(PEOPLE):08d}> {text}"
    message: dict[str, Any] = {
        "type": "message",
        "user": f"U{chance.randrange(PEOPLE):08d}",
        "ts": ts,
        "text": text,
    }
    if roots and number % 3 == 0:
        message["thread_ts"] = chance.choice(roots[-50:])
    else:
        roots.append(ts)
    if number % 5 == 0:
        people = [f"U{chance.randrange(PEOPLE):08d}" for _ in range(3)]
        message["reactions"] = [{"name": "+1", "users": sorted(set(people)), "count": len(set(people))}]
    return message


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--messages", type=int, default=50_000)
    parser.add_argument("--channels", type=int, default=40)
    arguments = parser.parse_args()
    write(arguments.path, arguments.messages, arguments.channels)


if __name__ == "__main__":
    main()
