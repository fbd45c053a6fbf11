"""How often somebody may do something: one token bucket per action and identity, shared by all processes.

The buckets are rows of an unlogged table: one statement per attempt, which a crash may forget and no commit
waits for. It runs on a connection of its own, because an attempt counts even when the request fails and its
transaction is rolled back. A refused attempt writes nothing.

    throttle.check("sign-in", client_network(request.META["REMOTE_ADDR"]), rate=SIGN_IN)
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


SIGN_IN = Rate(10, 300)
INVITATION = Rate(200, 3600)
POST = Rate(60, 300)
UPLOAD = Rate(200, 600)
API = Rate(600, 60)

# `empty_at` is when the bucket has drained: a bucket that would drain later than its period from now is full.
TAKE = """
    INSERT INTO foundation_throttle AS bucket (key, empty_at)
    VALUES (%(key)s, clock_timestamp() + %(interval)s * interval '1 second')
    ON CONFLICT (key) DO UPDATE
    SET empty_at = GREATEST(bucket.empty_at, clock_timestamp()) + %(interval)s * interval '1 second'
    WHERE GREATEST(bucket.empty_at, clock_timestamp()) + %(interval)s * interval '1 second'
          <= clock_timestamp() + %(seconds)s * interval '1 second'
    RETURNING true
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
    parameters = {"key": _key(action, identities), "interval": rate.interval, "seconds": rate.seconds}
    with _lock:
        try:
            return _take(parameters)
        except psycopg.OperationalError:
            # The connection died with its server or in a long silence: once more on a new one.
            close()
            return _take(parameters)


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


def _take(parameters: dict[str, object]) -> float:
    connection = _opened()
    if connection.execute(TAKE, parameters).fetchone():
        return 0.0
    row = connection.execute(WAIT, parameters).fetchone()
    # Between the two statements the bucket may have drained, or been forgotten.
    return max(float(row[0]), 0.001) if row else 0.001


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
