"""React, pin, bookmark, follow: marks on an entry that leave its text alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from emoji import is_emoji

from parvis.content.events import EntryPinned, PersonalMarkChanged, ReactionsChanged
from parvis.content.models import Bookmark, Entry, Reaction, ThreadFollow
from parvis.content.policy import can
from parvis.emoji.queries import is_offered
from parvis.foundation.errors import Forbidden, Invalid
from parvis.foundation.events import record
from parvis.foundation.richtext import emoji_for
from parvis.people.models import Person

SHORTCODE = re.compile(r":([a-z0-9_+'’-]{1,60}):", re.IGNORECASE)


def react(*, person: Person, entry: Entry, emoji: str) -> None:
    """Put one emoji on an entry; the same one twice is one."""
    if not can(person, "react", entry):
        raise Forbidden
    emoji = reaction_named(emoji)
    check_emoji(emoji, is_there=lambda: Reaction.objects.filter(entry=entry, emoji=emoji).exists())
    with transaction.atomic():
        _reaction, is_new = Reaction.objects.get_or_create(entry=entry, person=person, emoji=emoji)
        if is_new:
            _count_reaction(person, entry, emoji, +1)


def take_back_reaction(*, person: Person, entry: Entry, emoji: str) -> None:
    """Take one's emoji off an entry."""
    emoji = reaction_named(emoji)
    with transaction.atomic():
        deleted, _rows = Reaction.objects.filter(entry=entry, person=person, emoji=emoji).delete()
        if deleted:
            _count_reaction(person, entry, emoji, -1)


def reaction_named(typed: str) -> str:
    """Return the emoji that is meant: itself, of a shortcode such as `:tada:`, or `:name:` of the organization's."""
    if (match := SHORTCODE.fullmatch(typed.strip())) is None:
        return typed
    code = match[1].lower()
    return emoji_for(code) or f":{code}:"


def check_emoji(emoji: str, *, is_there: Callable[[], bool] = lambda: False) -> None:
    """Let every emoji pass, the organization's, and what an import already put there."""
    if is_emoji(emoji):
        return
    match = SHORTCODE.fullmatch(emoji)
    if not (match and (is_offered(match[1]) or is_there())):
        raise Invalid({"emoji": [_("Choose an emoji.")]})


def _count_reaction(person: Person, entry: Entry, emoji: str, step: int) -> None:
    Entry.objects.filter(pk=entry.pk).update(reaction_count=F("reaction_count") + step)
    record(
        ReactionsChanged(
            actor_id=person.id,
            entry_id=entry.id,
            space_id=entry.space_id,
            thread_id=entry.root_id,
            emoji=emoji,
            is_added=step > 0,
        )
    )


def pin(*, actor: Person, entry: Entry) -> None:
    """Keep an entry at the top of its space, as a host."""
    _set_pin(actor, entry, is_pinned=True)


def unpin(*, actor: Person, entry: Entry) -> None:
    """Let a pinned entry go back to its place."""
    _set_pin(actor, entry, is_pinned=False)


def _set_pin(actor: Person, entry: Entry, *, is_pinned: bool) -> None:
    if not can(actor, "pin", entry):
        raise Forbidden
    with transaction.atomic():
        entry.pinned_at = timezone.now() if is_pinned else None
        entry.save(update_fields=["pinned_at"])
        record(
            EntryPinned(
                actor_id=actor.id,
                entry_id=entry.id,
                space_id=entry.space_id,
                thread_id=entry.root_id,
                is_pinned=is_pinned,
            )
        )


def bookmark(*, person: Person, entry: Entry) -> None:
    """Keep an entry for later; nobody else knows."""
    Bookmark.objects.get_or_create(person=person, entry=entry)
    record(PersonalMarkChanged(actor_id=person.id, entry_id=entry.id, person_id=person.id))


def remove_bookmark(*, person: Person, entry: Entry) -> None:
    """No longer keep an entry."""
    Bookmark.objects.filter(person=person, entry=entry).delete()
    record(PersonalMarkChanged(actor_id=person.id, entry_id=entry.id, person_id=person.id))


def follow_thread(*, person: Person, entry: Entry) -> None:
    """Hear of what comes in the thread of this entry, and find it in *Mine*."""
    _set_level(person, entry, ThreadFollow.Level.FOLLOWING)


def mute_thread(*, person: Person, entry: Entry) -> None:
    """Hear no more of this thread, even after taking part in it again."""
    _set_level(person, entry, ThreadFollow.Level.MUTED)


def _set_level(person: Person, entry: Entry, level: str) -> None:
    ThreadFollow.objects.update_or_create(thread_id=entry.root_id, person=person, defaults={"level": level})
    record(PersonalMarkChanged(actor_id=person.id, entry_id=entry.id, person_id=person.id))


def rename_reactions_to(reactions: type[Any], of: str, *, former_name: str, name: str) -> None:
    """Let an emoji's reactions bear its new name; who gave both to the same thing (`of`) has given one."""
    former, new = (reactions.objects.filter(emoji=f":{each}:") for each in (former_name, name))
    doubled = new.filter(**{of: OuterRef(of)}, person=OuterRef("person"))
    former.filter(Exists(doubled)).delete()
    former.update(emoji=f":{name}:")
