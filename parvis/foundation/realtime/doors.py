"""How often somebody may knock at the live gateway: people by who they are, strangers by their network.

Counted in memory, per process: a flood of handshakes must not become a flood of statements. Strangers behind an
address do not lock out the people behind it: whoever shows who they are is counted by themselves.
"""

from __future__ import annotations

import time

from parvis.foundation.throttle import Rate, client_networks

# Every page that is opened knocks, thirty windows at once after a restart.
PERSON = Rate(180, 60)
STRANGER = Rate(60, 60)
MOST_KNOCKERS = 20_000


class Doors:
    """A token bucket for each person and for each network that was refused."""

    def __init__(self) -> None:
        self._empty_at: dict[object, float] = {}

    def wait_for_person(self, person_id: object) -> float:
        """Count a handshake of a person; return 0, or the seconds to wait when it was one too many."""
        return self._take(person_id, PERSON)

    def wait_for_stranger(self, address: str | None) -> float:
        """Count a handshake without valid credentials by its network, and the IPv6 networks around it."""
        return max(self._take(network, rate) for network, rate in client_networks(address, STRANGER))

    def _take(self, key: object, rate: Rate) -> float:
        now = time.monotonic()
        empty_at = max(self._empty_at.get(key, now), now) + rate.interval
        wait_seconds = empty_at - rate.seconds - now
        if wait_seconds > 0:
            return wait_seconds
        if len(self._empty_at) >= MOST_KNOCKERS:
            self._forget_drained(now)
        self._empty_at[key] = empty_at
        return 0.0

    def _forget_drained(self, now: float) -> None:
        self._empty_at = {key: empty_at for key, empty_at in self._empty_at.items() if empty_at > now}
        if len(self._empty_at) >= MOST_KNOCKERS:
            self._empty_at.clear()
