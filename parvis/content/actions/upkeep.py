"""Texts that an earlier version rendered are rendered again, a few at a time, so that an update needs no pause."""

from __future__ import annotations

from parvis.content.hashtags import use_topics
from parvis.content.models import Entry
from parvis.content.rendering import render_text
from parvis.foundation.errors import Invalid
from parvis.foundation.richtext import RENDER_VERSION

BATCH = 500


def render_again_with(written: str) -> int:
    """Let the texts that say this be rendered again; return how many do."""
    saying = Entry.objects.filter(body__contains=written).exclude(state=Entry.State.DELETED)
    return saying.update(render_version=0)


def render_stale_texts(*, limit: int = BATCH) -> int:
    """Render what is stored with an older render version as it would be today; return how many were."""
    stale = Entry.objects.filter(render_version__lt=RENDER_VERSION).exclude(state=Entry.State.DELETED)
    entries = list(stale.select_related("space", "organization").order_by("id")[:limit])
    for entry in entries:
        _render_again(entry)
    return len(entries)


def _render_again(entry: Entry) -> None:
    """Change nothing that anybody wrote: no version, no history, no event."""
    try:
        text = render_text(
            organization=entry.organization, space=entry.space, title=entry.title, body=entry.body
        )
    except Invalid:
        # Longer than today's limit: it stays as it was shown.
        Entry.objects.filter(pk=entry.pk).update(render_version=RENDER_VERSION)
        return
    Entry.objects.filter(pk=entry.pk, version=entry.version).update(
        body_html=text.html, body_text=text.text, render_version=RENDER_VERSION
    )
    use_topics(entry, text.hashtags)
