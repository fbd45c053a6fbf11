"""The queue's own trigger sends NOTIFY inside the business transaction; here it is found and silenced.

Each migration of procrastinate may bring it back under another name, so it is recognised by what it does.
"""

from __future__ import annotations

from django.db import connection

_TALKATIVE = """
    SELECT trigger.tgname
    FROM pg_trigger AS trigger
    JOIN pg_proc AS function ON function.oid = trigger.tgfoid
    WHERE trigger.tgrelid = to_regclass('procrastinate_jobs')
      AND NOT trigger.tgisinternal
      AND trigger.tgenabled <> 'D'
      AND trigger.tgtype & 4 = 4               -- fires on INSERT
      AND function.prosrc LIKE '%pg_notify%'
"""

SILENCE = f"""
    DO $$
    DECLARE name text;
    BEGIN
        FOR name IN {_TALKATIVE} LOOP
            EXECUTE format('ALTER TABLE procrastinate_jobs DISABLE TRIGGER %I', name);
        END LOOP;
    END $$
"""


def talkative_triggers() -> list[str]:
    """Return the enabled triggers that notify on insert; there should be none."""
    with connection.cursor() as cursor:
        cursor.execute(_TALKATIVE)
        return [name for (name,) in cursor.fetchall()]


def silence() -> None:
    """Disable them; run by whoever owns the tables, after any migration of procrastinate."""
    with connection.cursor() as cursor:
        cursor.execute(SILENCE)
