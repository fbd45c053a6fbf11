"""Make a large mailbox from real messages, always the same for the same numbers.

python -m bench.mail_archive FILE.mbox [--messages 50000]
"""

from __future__ import annotations

import argparse
import random
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from bench.slack_archive import PEOPLE, texts


def write(path: Path, messages: int) -> None:
    """Write the mailbox: one message in two answers an earlier one, quoting it."""
    chance = random.Random(7)
    source = texts()
    threads: list[tuple[str, str, str]] = []
    with path.open("w", encoding="utf-8") as mailbox:
        for number in range(messages):
            title, _newline, body = next(source).partition("\n")
            name, person = f"{number}@bench.example", chance.randrange(PEOPLE)
            head = [f"From: Person {person} <person{person}@bench.example>", f"Message-ID: <{name}>"]
            head.append(f"Date: {format_datetime(datetime.fromtimestamp(1_500_000_000 + number * 900, UTC))}")
            if threads and number % 2:
                parent, subject, said = chance.choice(threads[-100:])
                head += [f"Subject: Re: {subject}", f"In-Reply-To: <{parent}>", f"References: <{parent}>"]
                quoted = "".join(f"> {line}\n" for line in said.split("\n"))
                body = f"{body}\n\nOn Tuesday, somebody wrote:\n{quoted}"
            else:
                head.append(f"Subject: {title}")
            threads.append((name, title, body[:400]))
            text = body.replace("\nFrom ", "\n>From ")
            mailbox.write(
                f"From bench Thu Jan  1 00:00:00 2015\n{chr(10).join(head)}\n"
                f"Content-Type: text/plain; charset=utf-8\nList-Id: Bench <bench.example>\n\n{text}\n\n"
            )


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--messages", type=int, default=50_000)
    arguments = parser.parse_args()
    write(arguments.path, arguments.messages)


if __name__ == "__main__":
    main()
