"""Let people back in at once whom the network, not they, has parted from us.

When a proxy restarts or a network hiccups, thousands come back within seconds with the same cookie. Whoever
left less than two minutes ago is let in as the same person without a question, and checked right after,
together with everybody else who came back: an ended session hears nothing for longer than the sweep allows.
"""

from __future__ import annotations

import time

from parvis.foundation.realtime.audience import Credentials, Hearer

REMEMBERED_SECONDS = 120.0
REMEMBERED_PEOPLE = 20_000


class Departures:
    """Who left lately, by what they had shown at the door."""

    def __init__(self) -> None:
        self._left: dict[Credentials, tuple[Hearer, float]] = {}

    def note(self, credentials: Credentials, hearer: Hearer) -> None:
        """Remember somebody who left."""
        if len(self._left) >= REMEMBERED_PEOPLE:
            self._left.pop(next(iter(self._left)))
        self._left[credentials] = (hearer, time.monotonic())

    def find(self, credentials: Credentials) -> Hearer | None:
        """Return who left lately with these credentials."""
        found = self._left.get(credentials)
        if found is None or time.monotonic() - found[1] > REMEMBERED_SECONDS:
            return None
        return found[0]

    def forget(self, unwelcome: set[Hearer]) -> None:
        """Forget those who are no longer welcome."""
        for credentials in [key for key, (hearer, _) in self._left.items() if hearer in unwelcome]:
            del self._left[credentials]

    def forget_old(self) -> None:
        """Forget those who left too long ago."""
        limit = time.monotonic() - REMEMBERED_SECONDS
        for credentials in [key for key, (_, left_at) in self._left.items() if left_at < limit]:
            del self._left[credentials]
