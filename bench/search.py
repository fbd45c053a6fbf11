"""How well and how fast search finds: `bin/bench search`.

It starts the real server on an empty data folder of its own, fills an organization with the French public-service
sheets of ../shared/testdata/search-fr, and asks their questions as a member would: as they are, then with one letter
of one word wrong. hit@10: the right sheet is among the first ten; MRR@10: the mean of one over its place.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import pathlib
import random
import re
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from bench.installation import FOLDER, ROOT, Installation
from bench.report import Row, show

SHEETS = "shared/testdata/search-fr"
WORD = re.compile(r"\w{5,}")
SEED = 11


def main() -> None:
    """Run the benchmark and print its table."""
    arguments = _arguments()
    folder = next((f / SHEETS for f in ROOT.resolve().parents if (f / SHEETS).exists()), None)
    if folder is None:
        raise SystemExit(f"../{SHEETS} is not here: nothing to search.")
    FOLDER.mkdir(parents=True, exist_ok=True)
    data = pathlib.Path(tempfile.mkdtemp(prefix="search-", dir=FOLDER))
    data.chmod(0o755)
    try:
        with Installation(data / "var", arguments.port).running() as installation:
            os.environ.update(installation.environment)
            show(_measure(folder, arguments.queries))
    finally:
        shutil.rmtree(data, ignore_errors=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench search", description=__doc__)
    parser.add_argument("--queries", type=int, default=852, help="how many of the questions")
    parser.add_argument("--port", type=int, default=8229)
    return parser.parse_args()


@dataclass(frozen=True)
class Asked:
    """One question, and which sheets answer it."""

    text: str
    relevant: frozenset[str]


def _measure(folder: pathlib.Path, count: int) -> list[Row]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.config.settings")
    import django

    django.setup()
    questions = _questions(folder, count)
    viewer, sheets = _seed(folder)
    _ask(viewer, questions[:20], sheets)
    chance = random.Random(SEED)
    misspelt = [Asked(with_a_typo(question.text, chance), question.relevant) for question in questions]
    return [
        *_rows("", *_ask(viewer, questions, sheets)),
        *_rows("with a typo, ", *_ask(viewer, misspelt, sheets)),
    ]


def _rows(how: str, places: list[int], seconds: list[float]) -> list[Row]:
    hit = statistics.mean(place > 0 for place in places)
    rank = statistics.mean(1 / place if place else 0 for place in places)
    median, p95 = 1000 * statistics.median(seconds), 1000 * statistics.quantiles(seconds, n=20)[-1]
    return [
        Row("search", "sheets", f"{how}hit@10", hit, unit="", median_ms=median, p95_ms=p95),
        Row("search", "sheets", f"{how}MRR@10", rank, unit="", more={"questions": len(places)}),
    ]


def with_a_typo(text: str, chance: random.Random) -> str:
    """Return a text with one letter of one longer word missing, swapped, replaced or doubled."""
    words = list(WORD.finditer(text))
    if not words:
        return text
    word = chance.choice(words)
    place = word.start() + chance.randrange(1, len(word[0]) - 1)
    faults: list[Callable[[], str]] = [
        lambda: text[:place] + text[place + 1 :],
        lambda: text[:place] + text[place + 1] + text[place] + text[place + 2 :],
        lambda: text[:place] + chance.choice("aeinrstl") + text[place + 1 :],
        lambda: text[:place] + text[place] + text[place:],
    ]
    return chance.choice(faults)()


def _questions(folder: pathlib.Path, count: int) -> list[Asked]:
    rows = json.loads((folder / "queries.json").read_text())
    chosen = random.Random(SEED).sample(rows, min(count, len(rows)))
    return [Asked(row["query"], frozenset(row["relevant"])) for row in chosen]


def _documents(folder: pathlib.Path) -> Iterator[dict[str, Any]]:
    with gzip.open(folder / "documents.jsonl.gz", "rt", encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line)


def _seed(folder: pathlib.Path) -> tuple[Any, dict[UUID, str]]:
    """Fill an organization; return a member and which sheet each entry is."""
    from parvis.content.models import Entry
    from parvis.foundation.tenancy import organization_scope
    from parvis.people.models import Organization, Person
    from parvis.search.index import index_all
    from parvis.spaces.models import Space

    organization = Organization.objects.create(slug="bench", name="Bench")
    sheets: dict[UUID, str] = {}
    with organization_scope(organization):
        member = Person.objects.create(full_name="Member", sort_name="member")
        space = Space.objects.create(kind=Space.Kind.NETWORK, name="Sheets")
        entries = []
        for document in _documents(folder):
            text = document["text"]
            entry = Entry(
                space=space,
                author=member,
                kind="post",
                title=document["title"][:200],
                body=text,
                body_text=text,
            )
            sheets[entry.id] = document["id"]
            entries.append(entry)
        Entry.objects.bulk_create(entries, batch_size=200)
        began = time.perf_counter()
        index_all()
        print(f"indexed {len(entries)} sheets in {time.perf_counter() - began:.0f} s", flush=True)
    vacuum()
    return member, sheets


def vacuum() -> None:
    """As autovacuum would have done by the time that somebody searches."""
    from django.conf import settings

    from parvis.foundation.postgres import addresses, roles

    with roles.connected_as(addresses.owner(settings.PARVIS, settings.DATA_FOLDER)):
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def _ask(viewer: Any, questions: list[Asked], sheets: dict[UUID, str]) -> tuple[list[int], list[float]]:
    """Return the place of the first right sheet among the first ten, 0 for none, and the seconds each took."""
    from parvis.foundation.tenancy import organization_scope
    from parvis.search.queries import find_entries

    places, seconds = [], []
    with organization_scope(viewer.organization_id):
        for question in questions:
            began = time.perf_counter()
            found = [sheets[entry.id] for entry in find_entries(viewer, question.text, limit=10)]
            seconds.append(time.perf_counter() - began)
            right = (place for place, sheet in enumerate(found, 1) if sheet in question.relevant)
            places.append(next(right, 0))
    return places, seconds


if __name__ == "__main__":
    main()
