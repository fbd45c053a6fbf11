"""Which topics an entry uses: the words that its text marks with #, and the tags that it carries beside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from parvis.content.models import Entry, Hashtag
from parvis.foundation.richtext import hashtag_key


def hashtags_of(entry: Entry, names: Iterable[str], *, is_tag: bool = False) -> list[Hashtag]:
    """Return the rows of these names; one topic spelt twice is one, as it was spelt first."""
    spelt = {hashtag_key(name): name for name in reversed(list(names))}
    return [
        Hashtag(entry=entry, key=key, name=name, is_tag=is_tag, used_at=entry.published_at)
        for key, name in spelt.items()
    ]


def keys_of(names: Iterable[str]) -> tuple[str, ...]:
    """Return the keys of these names, each once."""
    return tuple(dict.fromkeys(map(hashtag_key, names)))


def begin_topics(entry: Entry, names: Sequence[str]) -> None:
    """Let a new entry use these topics."""
    Hashtag.objects.bulk_create(hashtags_of(entry, names))


def use_topics(entry: Entry, names: Sequence[str]) -> None:
    """Let an entry's text use exactly these topics, as of its publication; its tags stay."""
    rows = hashtags_of(entry, names)
    earlier = Hashtag.objects.filter(entry=entry)
    earlier.filter(is_tag=False).exclude(key__in=[row.key for row in rows]).delete()
    earlier.exclude(used_at=entry.published_at).update(used_at=entry.published_at)
    if rows:
        Hashtag.objects.bulk_create(rows, ignore_conflicts=True)


def tag_entry(entry: Entry, names: Sequence[str]) -> None:
    """Let an entry carry exactly these tags, beside what its text says. The caller has authorised the change."""
    rows = hashtags_of(entry, names, is_tag=True)
    # A word of the text that becomes a tag is the tag: an edit of the text no longer takes it away.
    own = Hashtag.objects.filter(entry=entry)
    own.filter(is_tag=True).delete()
    own.filter(key__in=[row.key for row in rows]).delete()
    Hashtag.objects.bulk_create(rows)
