"""How much of a limit a program has left: counted in the shared buckets, spent mostly from memory.

A busy caller would cost one statement per call. Instead a process takes a sixtieth of the limit at once (a lease
of ten out of six hundred) and spends it without asking; what it has not spent after some seconds is lost. All
processes draw on the same bucket: a limit is never exceeded, it is at most a few leases narrower for whoever
calls several processes.

    allowance = spend("api", token_id, rate=Rate(600, 60))
    allowance.raise_if_spent()
    response.headers.update(allowance.headers())
"""

from __future__ import annotations

import math
import threading
import time
from dataclasses import dataclass

from parvis.foundation import throttle
from parvis.foundation.errors import Throttled
from parvis.foundation.throttle import Rate

LEASES_PER_PERIOD = 60
LEASE_SECONDS = 10.0
MOST_LEASES = 20_000


@dataclass(frozen=True)
class Allowance:
    """What one call was allowed by one limit, and what is left of it."""

    name: str
    rate: Rate
    remaining: int
    wait_seconds: float
    full_in_seconds: float

    @property
    def share_left(self) -> float:
        """Return the part of the limit that is left, below zero for a refused call."""
        return -1.0 if self.wait_seconds > 0 else self.remaining / self.rate.times

    def headers(self) -> dict[str, str]:
        """Return the header fields of the IETF draft: the policy, what remains, and seconds until all is back."""
        reset_seconds = math.ceil(self.wait_seconds or self.full_in_seconds)
        return {
            "RateLimit-Policy": f'"{self.name}";q={self.rate.times};w={self.rate.seconds}',
            "RateLimit": f'"{self.name}";r={self.remaining};t={reset_seconds}',
        }

    def raise_if_spent(self) -> None:
        """Raise `Throttled` when the call was one too many."""
        if self.wait_seconds > 0:
            raise Throttled(retry_after_seconds=self.wait_seconds, limit_headers=self.headers())


@dataclass
class _Lease:
    left: int
    remaining: int
    full_in_seconds: float
    ends_at: float


_lock = threading.Lock()
_leases: dict[tuple[object, ...], _Lease] = {}


def spend(name: str, *identities: object, rate: Rate) -> Allowance:
    """Count one call of an identity; a plain function that any thread may call."""
    key = (name, *identities)
    return _from_lease(key, rate) or _from_bucket(key, rate)


def tightest(*allowances: Allowance) -> Allowance:
    """Return the limit that is the nearest to its end."""
    return min(allowances, key=lambda allowance: allowance.share_left)


def forget_leases() -> None:
    """Spend nothing that was taken before."""
    with _lock:
        _leases.clear()


def _from_lease(key: tuple[object, ...], rate: Rate) -> Allowance | None:
    with _lock:
        lease = _leases.get(key)
        if lease is None or lease.left <= 0 or lease.ends_at < time.monotonic():
            return None
        lease.left -= 1
        return Allowance(str(key[0]), rate, lease.remaining + lease.left, 0.0, lease.full_in_seconds)


def _from_bucket(key: tuple[object, ...], rate: Rate) -> Allowance:
    action, identities = str(key[0]), key[1:]
    times = max(rate.times // LEASES_PER_PERIOD, 1)
    taken = throttle.take(action, *identities, rate=rate, times=times)
    if taken.wait_seconds > 0 and times > 1:
        # Too little for a lease: the rest goes one by one.
        times = 1
        taken = throttle.take(action, *identities, rate=rate)
    if taken.wait_seconds == 0 and times > 1:
        _keep(
            key, _Lease(times - 1, taken.remaining, taken.full_in_seconds, time.monotonic() + LEASE_SECONDS)
        )
    return Allowance(action, rate, taken.remaining + times - 1, taken.wait_seconds, taken.full_in_seconds)


def _keep(key: tuple[object, ...], lease: _Lease) -> None:
    with _lock:
        if len(_leases) >= MOST_LEASES:
            _leases.clear()
        _leases[key] = lease
