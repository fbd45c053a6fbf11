"""How often somebody may do something: one token bucket per action and identity, shared by all processes.

The buckets are rows of an unlogged table: one statement per attempt, which a crash may forget and no commit
waits for. It runs on a connection of its own, because an attempt counts even when the request fails and its
transaction is rolled back. A refused attempt writes nothing.

    throttle.check_network("sign-in", request.META["REMOTE_ADDR"], rate=Rate(30, 60))
    throttle.check("post", person.id, rate=POST)
"""

from __future__ import annotations

import hashlib
import ipaddress
import threading
from dataclasses import dataclass
from uuid import UUID

import psycopg

from parvis.foundation.errors import Throttled
from parvis.foundation.realtime.database import direct_parameters, preparation


@dataclass(frozen=True)
class Rate:
    """That many times in that many seconds, all at once if need be."""

    times: int
    seconds: int

    @property
    def interval(self) -> float:
        """Return the seconds after which one more is free again."""
        return self.seconds / self.times


@dataclass(frozen=True)
class Taken:
    """How an attempt went: the seconds to wait when it was refused, else the room that is left."""

    wait_seconds: float
    remaining: int
    full_in_seconds: float


# An IPv6 customer has a /64 at least, often a /56 or /48: each rung up allows more, for the neighbours in it.
LADDER = ((64, 1), (56, 4), (48, 16))

INVITATION = Rate(200, 3600)
POST = Rate(60, 300)
UPLOAD = Rate(200, 600)

# `empty_at` is when the bucket has drained: a bucket that would drain later than its period from now is full.
TAKE = """
    INSERT INTO foundation_throttle AS bucket (key, empty_at)
    VALUES (%(key)s, clock_timestamp() + %(interval)s * interval '1 second')
    ON CONFLICT (key) DO UPDATE
    SET empty_at = GREATEST(bucket.empty_at, clock_timestamp()) + %(interval)s * interval '1 second'
    WHERE GREATEST(bucket.empty_at, clock_timestamp()) + %(interval)s * interval '1 second'
          <= clock_timestamp() + %(seconds)s * interval '1 second'
    RETURNING extract(epoch FROM empty_at - clock_timestamp())
"""
WAIT = """
    SELECT extract(epoch FROM empty_at - clock_timestamp()) + %(interval)s - %(seconds)s
    FROM foundation_throttle WHERE key = %(key)s
"""

_lock = threading.Lock()
_connection: psycopg.Connection | None = None


def check(action: str, *identities: object, rate: Rate) -> None:
    """Count one attempt; raise `Throttled` when there were too many."""
    wait_seconds = allow(action, *identities, rate=rate)
    if wait_seconds > 0:
        raise Throttled(retry_after_seconds=wait_seconds)


def allow(action: str, *identities: object, rate: Rate) -> float:
    """Count one attempt and return 0, or, when there were too many, return the seconds to wait.

    The identities together make one bucket, e.g. an organization and a person, or a network. Throttle by two
    things apart with two calls.
    """
    return take(action, *identities, rate=rate).wait_seconds


def take(action: str, *identities: object, rate: Rate, times: int = 1) -> Taken:
    """Count so many attempts at once, all or none of them; say what is left."""
    key = _key(action, identities)
    with _lock:
        try:
            return _take(key, rate, times)
        except psycopg.OperationalError:
            # The connection died with its server or in a long silence: once more on a new one.
            close()
            return _take(key, rate, times)


def check_network(action: str, address: str | None, *, rate: Rate) -> None:
    """Count one attempt of a client address; raise `Throttled` when it, or a network around it, tried too much."""
    for network, wider in client_networks(address, rate):
        check(action, network, rate=wider)


def client_networks(address: str | None, rate: Rate) -> list[tuple[str, Rate]]:
    """Return what a client address counts against, the narrowest first: itself, or its IPv6 networks."""
    narrowest = client_network(address)
    if ":" not in narrowest:
        return [(narrowest, rate)]
    network = ipaddress.IPv6Network(narrowest)
    return [
        (str(network.supernet(new_prefix=length)), Rate(rate.times * factor, rate.seconds))
        for length, factor in LADDER
    ]


def client_network(address: str | None) -> str:
    """Return who a client address stands for: itself, or for IPv6 its /64, of which each has all addresses.

    Give it the address that the server trusts (`REMOTE_ADDR`), never a forwarded header.
    """
    try:
        ip = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return "unknown"
    mapped = getattr(ip, "ipv4_mapped", None)
    if mapped is not None:
        return str(mapped)
    return str(ip) if ip.version == 4 else str(ipaddress.ip_network((ip, 64), strict=False))


def forget_drained() -> int:
    """Remove the buckets that are empty again; return how many."""
    with _lock:
        return _opened().execute("DELETE FROM foundation_throttle WHERE empty_at < now()").rowcount


def forget_all() -> None:
    """Remove every bucket."""
    with _lock:
        _opened().execute("DELETE FROM foundation_throttle")


def is_open() -> bool:
    """Whether this process has counted anything."""
    return _connection is not None


def close() -> None:
    """Close this process's connection; the next attempt opens another."""
    global _connection
    if _connection is not None:
        _connection.close()
        _connection = None


def _take(key: UUID, rate: Rate, times: int) -> Taken:
    connection = _opened()
    parameters = {"key": key, "interval": rate.interval * times, "seconds": rate.seconds}
    if row := connection.execute(TAKE, parameters).fetchone():
        used_seconds = max(float(row[0]), 0.0)
        return Taken(0.0, int((rate.seconds - used_seconds) / rate.interval), used_seconds)
    row = connection.execute(WAIT, parameters).fetchone()
    # Between the two statements the bucket may have drained, or been forgotten.
    return Taken(max(float(row[0]), 0.001) if row else 0.001, 0, float(rate.seconds))


def _opened() -> psycopg.Connection:
    global _connection
    if _connection is None:
        _connection = psycopg.connect(**{"connect_timeout": 5, **direct_parameters()}, autocommit=True)
        for statement in preparation():
            _connection.execute(statement)
        # All attempts of this process pass here: one that hangs must not hold the others.
        _connection.execute("SET statement_timeout = '2s'")
    return _connection


def _key(action: str, identities: tuple[object, ...]) -> UUID:
    """Neither addresses nor names are kept, only their fingerprint."""
    text = "\x1f".join((action, *map(str, identities)))
    return UUID(bytes=hashlib.sha256(text.encode()).digest()[:16])
