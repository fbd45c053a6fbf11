"""Cards of a stream, read and made ready for their template only where no kept fragment shows the same (`ui.kept`)."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils import timezone

from parvis.content.faces import EntryFace, Shown, show
from parvis.content.queries import EntryCard, Glance, cards_for, find_all_visible, glances_of
from parvis.foundation.prepared import SHAPE_OF_PERSON
from parvis.foundation.ui.kept import Unkeepable
from parvis.people.models import Person
from parvis.spaces.policy import role_in

# "3 minutes ago" is that old at most when it is read from a kept card; scripts keep it up to date from there.
_AGES = ((timedelta(hours=1), 60), (timedelta(days=8), 600))
_OLD_SECONDS = 3600


class Cards:
    """The cards of one page, read when the first is needed: those that are never kept, and all others, at once each."""

    def __init__(self, viewer: Person, glances: Sequence[Glance]) -> None:
        self.viewer = viewer
        self._glances = glances
        self._digests = {glance.id: glance.digest for glance in glances}
        self._cards: dict[bool, dict[UUID, EntryCard]] = {}

    def card_of(self, glance: Glance) -> EntryCard | None:
        """Return an entry's card; None where it went out of sight since it was glanced at."""
        has_parts = bool(glance.parts)
        if has_parts not in self._cards:
            ids = [other.id for other in self._glances if bool(other.parts) == has_parts]
            self._cards[has_parts] = self._read(ids)
            if not has_parts:
                # Somebody may have written since the first glance: what is kept under a digest must show just that.
                self._digests = {again.id: again.digest for again in glances_of(self.viewer, ids)}
        return self._cards[has_parts].get(glance.id)

    def digest_of(self, glance: Glance) -> int | None:
        """Return what the entry's card follows from: as it was glanced at, and anew once the card was read."""
        return self._digests.get(glance.id)

    def _read(self, ids: list[UUID]) -> dict[UUID, EntryCard]:
        cards = cards_for(self.viewer, find_all_visible(self.viewer, ids), with_latest_reply=True)
        return {card.entry.id: card for card in cards}


class Showing:
    """Stands for a `Shown` of a feed."""

    def __init__(self, glance: Glance, cards: Cards) -> None:
        self._glance, self._cards = glance, cards

    @property
    def entry(self) -> EntryFace | None:
        """Return the entry's face; None where there is nothing to show any more."""
        return self._shown.entry if self._shown is not None else None

    @property
    def can(self) -> dict[str, Any]:
        """Return what the viewer may do with it."""
        return self._shown.can if self._shown is not None else {}

    @cached_property
    def _shown(self) -> Shown | None:
        card = self._cards.card_of(self._glance)
        return show(self._cards.viewer, card) if card is not None else None

    @property
    def fingerprint(self) -> Hashable:
        """Return what all that a card shows follows from.

        Of the viewer it may be their role, what decides rights, and whether it is theirs; see `add_menu_items`.
        """
        glance, viewer = self._glance, self._cards.viewer
        if glance.parts:
            raise Unkeepable("parts may show each viewer something else")
        return (
            glance.id,
            self._cards.digest_of(glance),
            viewer.id == glance.author_id,
            role_in(viewer, glance.space_id),
            *(getattr(viewer, name) for name in SHAPE_OF_PERSON),
            _age(glance.activity_at),
            _age(glance.published_at),
        )


def showing_all(viewer: Person, glances: Sequence[Glance]) -> list[Showing]:
    """Return the cards of a stream."""
    cards = Cards(viewer, glances)
    return [Showing(glance, cards) for glance in glances]


def _age(moment: datetime) -> int:
    """Return a number that stays the same for as long as the age of this moment may be told alike."""
    now = timezone.now()
    seconds = next((seconds for age, seconds in _AGES if now - moment < age), _OLD_SECONDS)
    return int(now.timestamp() // seconds)
