"""What a search through the API costs: `bin/bench search_api W1`. Each asks for words of a text of the world.

One word in four is misspelt, one in four is the beginning of a word: people type so.
"""

from __future__ import annotations

import os
import random
import re
from urllib.parse import quote

from bench.asking import call
from bench.parts import Measuring, measuring, options
from bench.report import Row, show
from bench.search import with_a_typo
from bench.worlds import SEED, Key

PEOPLE = range(100, 900)
WORD = re.compile(r"[A-Za-z]{4,}")


def main() -> None:
    """Measure search."""
    arguments = options("search_api", __doc__).parse_args()
    with measuring("search_api", arguments) as bench:
        texts = _texts(bench)
        show([row for work, paths in _works(texts).items() for row in _measure(bench, work, paths)])


def _measure(bench: Measuring, work: str, paths: list[str]) -> list[Row]:
    key = bench.key
    people = [person for person in PEOPLE if person < len(key.tokens) and person % 50 != 7] or [1]
    asks = [call(key, path, people[number % len(people)]) for number, path in enumerate(paths)]
    return bench.work(work, asks, clients=None if work == "search" else (8,))


def _works(texts: list[str]) -> dict[str, list[str]]:
    chance = random.Random(SEED)
    words = [WORD.findall(text) for text in texts]
    pairs = [" ".join(chance.sample(found, 2)) for found in words if len(found) > 4]
    return {
        "search": [f"/search?q={quote(pair)}" for pair in pairs],
        "search, one word": [f"/search?q={quote(pair.split()[0])}" for pair in pairs],
        "search, a typo": [f"/search?q={quote(with_a_typo(pair, chance))}" for pair in pairs],
        "search, half a word": [f"/search?q={quote(pair[:-2])}" for pair in pairs],
    }


def _texts(bench: Measuring) -> list[str]:
    """Return texts of the world; index it first where that was not done when it was made."""
    os.environ.update(bench.installation.environment)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.config.settings")
    import django

    django.setup()
    from parvis.content.models import Entry
    from parvis.foundation.tenancy import organization_scope
    from parvis.search.actions import index_organization
    from parvis.search.models import Passage

    key: Key = bench.key
    with organization_scope(key.organization):
        entries = Entry.objects.filter(thread=None, state="published")
        if Passage.objects.filter(organization_id=key.organization, month__gt=0).count() < entries.count():
            print("indexing the world ...", flush=True)
            index_organization()
        texts = list(entries.order_by("id").values_list("body_text", flat=True)[:20_000])
    from bench.search import vacuum

    vacuum()
    return random.Random(SEED).sample(texts, min(1_000, len(texts)))


if __name__ == "__main__":
    main()
