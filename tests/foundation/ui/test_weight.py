"""What a first page makes a phone fetch before it can be used."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

from parvis.foundation.ui.assets import DIST, _manifest_now
from parvis.foundation.ui.environment import first_picture_now

MOST_KILOBYTES = 150


def _files(name: str) -> Iterator[str]:
    """Yield what an entry needs at once; what it imports when used is not among it."""
    entry = _manifest_now()[name]
    yield entry["file"]
    yield from entry.get("css", [])
    for imported in entry.get("imports", []):
        yield from _files(imported)


def test_scripts_and_styles_of_a_first_load_are_small() -> None:
    files = set(_files("frontend/main.ts"))
    weights = {name: len(gzip.compress((DIST / name).read_bytes())) / 1000 for name in files}
    assert sum(weights.values()) <= MOST_KILOBYTES, (
        f"kB, compressed: {weights}; load what is large when it is used"
    )


def test_the_first_large_picture_in_sight_is_fetched_at_once_and_no_face_is() -> None:
    face = '<img src="/face" alt="" loading="lazy" decoding="async">'
    cover = '<img src="/cover" alt="" width="1200" height="700" loading="lazy" decoding="async">'
    told = first_picture_now(face + cover + cover)
    assert told.count('fetchpriority="high"') == 1
    assert told.index("/cover") < told.index("fetchpriority") < told.rindex("/cover")
    assert first_picture_now(face) == face
