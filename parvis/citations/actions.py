"""Cross-post an entry; keep citations true to the texts."""

from __future__ import annotations

import re
from html import unescape
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.citations.events import CrossPosted
from parvis.citations.models import Citation
from parvis.citations.policy import can_cross_post
from parvis.citations.queries import cross_posts_of
from parvis.content import actions as content
from parvis.content.links import own_entry_id
from parvis.content.models import Entry
from parvis.foundation.errors import Forbidden, Invalid
from parvis.foundation.events import record
from parvis.people.models import Organization, Person
from parvis.spaces.models import Space

# The name of what a cross-post's card shows (parvis/content/parts.py).
PART = "original"
# What our own sanitiser writes.
HREF = re.compile(r'<a\b[^>]*?\bhref="([^"]*)"')


def cross_post(*, author: Person, original: Entry, space: Space, body: str, id: UUID | None = None) -> Entry:
    """Bring an entry into another space, with a word of one's own.

    The word is needed: whoever may not read the original sees it alone, and nothing that tells of more.
    """
    if not can_cross_post(author, original, space):
        raise Forbidden
    if not body.strip():
        raise Invalid(
            {"body": [_("Say in a sentence why you bring it here: not everybody may see the original.")]}
        )
    with transaction.atomic():
        entry = content.publish(author=author, space=space, body=body, id=id)
        _row, is_new = Citation.objects.get_or_create(entry=entry, cited=original, is_cross_post=True)
        if is_new:
            content.show_part(entry=entry, part=PART, actor_id=author.id)
            record(CrossPosted(actor_id=author.id, entry_id=entry.id, space_id=space.id))
    return entry


def cite_again(entry: Entry, organization: Organization) -> None:
    """Let an entry's citations be exactly what its text links to."""
    named = {own_entry_id(unescape(href), organization) for href in HREF.findall(entry.body_html)}
    known = Entry.objects.filter(id__in=named - {None, entry.id}).values_list("id", flat=True)
    cited = set(known)
    earlier = Citation.objects.filter(entry=entry, is_cross_post=False)
    earlier.exclude(cited_id__in=cited).delete()
    Citation.objects.bulk_create([Citation(entry=entry, cited_id=id) for id in cited], ignore_conflicts=True)


def refresh_cross_posts(original_id: UUID) -> None:
    """Let every open window show what became of an original."""
    for entry in cross_posts_of(original_id):
        content.part_changed(entry=entry, part=PART)
