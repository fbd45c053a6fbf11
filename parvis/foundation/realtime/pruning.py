"""Recorded events stay some days, for windows that resume; who comes back later is told to load again."""

from __future__ import annotations

from django.db import connection

from parvis.foundation.jobs import every
from parvis.foundation.tenancy import system_scope

KEPT_DAYS = 7
BATCH = 5_000

# From the oldest end, without a filter that would walk through everything that stays.
PRUNE = """
    WITH oldest AS (
        SELECT id, occurred_at FROM foundation_domain_event ORDER BY txid, id LIMIT 5000
    ), gone AS (
        DELETE FROM foundation_domain_event
        WHERE id IN (SELECT id FROM oldest WHERE occurred_at < now() - make_interval(days => %s))
        RETURNING txid
    )
    SELECT count(*), (SELECT txid::text FROM gone ORDER BY gone.txid DESC LIMIT 1) FROM gone
"""

REMEMBER = """
    INSERT INTO foundation_event_horizon (id, pruned_txid) VALUES (1, %s::xid8)
    ON CONFLICT (id) DO UPDATE SET pruned_txid = EXCLUDED.pruned_txid
    WHERE foundation_event_horizon.pruned_txid < EXCLUDED.pruned_txid
"""


@every(hours=1, each_organization=False)
def prune_events() -> None:
    """Delete events older than a week, in short transactions, and remember up to where."""
    while _prune_some() == BATCH:
        pass


def _prune_some() -> int:
    with system_scope(), connection.cursor() as cursor:
        cursor.execute(PRUNE, [KEPT_DAYS])
        count, last_txid = cursor.fetchone()
        if last_txid is not None:
            cursor.execute(REMEMBER, [last_txid])
    return int(count)
