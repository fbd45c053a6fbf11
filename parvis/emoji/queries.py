"""What an emoji looks like, which there are, and which one somebody used last."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, QuerySet

from parvis.emoji.models import CustomEmoji, EmojiHabit
from parvis.foundation.errors import NotFound
from parvis.people.models import Person

# As many as a chooser can show and a person can know.
MOST_EMOJI = 300


def offered_emoji() -> QuerySet[CustomEmoji]:
    """Return the emoji that can be chosen, by name."""
    found: QuerySet[CustomEmoji] = CustomEmoji.objects.filter(withdrawn_at=None).order_by("name")
    return found


def withdrawn_emoji() -> QuerySet[CustomEmoji]:
    """Return the emoji that are only shown where they were used."""
    found: QuerySet[CustomEmoji] = CustomEmoji.objects.exclude(withdrawn_at=None).order_by("name")
    return found


def find_emoji(emoji_id: UUID) -> CustomEmoji:
    """Return one of the organization's emoji, also a withdrawn one: whoever reads a text may see what is in it."""
    emoji: CustomEmoji | None = (
        CustomEmoji.objects.select_related("picture", "still", "added_by").filter(pk=emoji_id).first()
    )
    if emoji is None:
        raise NotFound
    return emoji


def emoji_called(names: Collection[str]) -> dict[str, CustomEmoji]:
    """Return what these names mean: offered ones first, then by a former name, then withdrawn ones."""
    wanted = set(names)
    if not wanted:
        return {}
    called = CustomEmoji.objects.filter(Q(name__in=wanted) | Q(former_names__overlap=sorted(wanted)))
    found: dict[str, tuple[tuple[bool, bool], CustomEmoji]] = {}
    for emoji in called.order_by("added_at"):
        for name in wanted & {emoji.name, *emoji.former_names}:
            rank = (emoji.is_offered, name == emoji.name)
            if name not in found or rank >= found[name][0]:
                found[name] = rank, emoji
    return {name: emoji for name, (_rank, emoji) in found.items()}


def is_offered(name: str) -> bool:
    """Tell whether an emoji of that name can be chosen."""
    return CustomEmoji.objects.filter(name=name, withdrawn_at=None).exists()


def habit_of(person: Person) -> EmojiHabit:
    """Return what somebody is used to; of somebody new, nothing yet."""
    kept: EmojiHabit | None = EmojiHabit.objects.filter(person=person).first()
    return kept or EmojiHabit(person=person)
