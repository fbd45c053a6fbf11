"""Cards of a stream, made ready for their template only where no kept fragment shows the same (`ui.kept`)."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.utils import timezone

from parvis.content.faces import EntryFace, Shown, show
from parvis.content.queries import EntryCard
from parvis.foundation.prepared import SHAPE_OF_PERSON
from parvis.foundation.ui.kept import Unkeepable, fingerprint, row_values
from parvis.people.models import Person
from parvis.spaces.policy import role_in

# "3 minutes ago" is that old at most when it is read from a kept card; scripts keep it up to date from there.
_AGES = ((timedelta(hours=1), 60), (timedelta(days=8), 600))
_OLD_SECONDS = 3600


class Showing:
    """Stands for a `Shown` of a feed."""

    def __init__(self, viewer: Person, card: EntryCard) -> None:
        self._viewer, self._card = viewer, card

    @property
    def entry(self) -> EntryFace:
        """Return the entry's face."""
        return self._shown.entry

    @property
    def can(self) -> dict[str, Any]:
        """Return what the viewer may do with it."""
        return self._shown.can

    @cached_property
    def _shown(self) -> Shown:
        return show(self._viewer, self._card)

    @property
    def fingerprint(self) -> Hashable:
        """Return what all that a card shows follows from: whole rows, so that no column is forgotten.

        Of the viewer it may be their role, what decides rights, and whether it is theirs; see `add_menu_items`.
        """
        viewer, card, entry = self._viewer, self._card, self._card.entry
        if entry.parts:
            raise Unkeepable("parts may show each viewer something else")
        rows = [entry, entry.author, entry.space]
        if card.latest_reply is not None:
            rows += [card.latest_reply, card.latest_reply.author]
        for attachment in card.attachments:
            rows += [attachment, attachment.file]
        followed_from = (
            tuple(map(row_values, rows)),
            tuple(map(fingerprint, card.reactions)),
            (card.is_bookmarked, card.is_followed, viewer.id == entry.author_id),
            (role_in(viewer, entry.space_id), *(getattr(viewer, name) for name in SHAPE_OF_PERSON)),
            _age((card.latest_reply or entry).published_at),
            _age(entry.published_at),
        )
        # The rows hold whole texts: what is kept beside the fragment is their hash.
        return entry.id, hash(followed_from)


def showing_all(viewer: Person, cards: Sequence[EntryCard]) -> list[Showing]:
    """Return the cards of a stream."""
    return [Showing(viewer, card) for card in cards]


def _age(moment: datetime) -> int:
    """Return a number that stays the same for as long as the age of this moment may be told alike."""
    now = timezone.now()
    seconds = next((seconds for age, seconds in _AGES if now - moment < age), _OLD_SECONDS)
    return int(now.timestamp() // seconds)
