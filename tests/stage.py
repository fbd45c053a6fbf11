"""The rows of the cast, kept aside: a transactional test leaves the tables empty, the next test finds them as before."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import psycopg
from psycopg import sql

_FILLED = """
SELECT c.relname, array_agg(a.attname ORDER BY a.attnum)
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
 GROUP BY c.relname ORDER BY c.relname
"""


class Stage:
    """The tables of one test database, on a connection of the superuser: no policy and no trigger stands between."""

    def __init__(self, conninfo: str, tables: Iterable[str]) -> None:
        self._connection = psycopg.connect(conninfo, autocommit=True)
        self._connection.execute("SET session_replication_role = replica")
        self._connection.execute("CREATE SCHEMA kept")
        self._define("empty", map(_emptied_where_filled, sorted(tables)))

    def keep(self) -> None:
        """Copy what is there now."""
        put_back = []
        for table, columns in self._connection.execute(_FILLED).fetchall():
            there, aside = sql.Identifier("public", table), sql.Identifier("kept", table)
            if table == "django_migrations" or not self._has_rows(there):
                continue
            names = sql.SQL(", ").join(map(sql.Identifier, columns))
            self._connection.execute(
                sql.SQL("CREATE TABLE {} AS SELECT {} FROM {}").format(aside, names, there)
            )
            put_back.append(
                sql.SQL(
                    "DELETE FROM {}; INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE SELECT * FROM {};"
                ).format(there, there, names, aside)
            )
        self._define("put_back", put_back)

    def restore(self) -> None:
        """Put it back where the tables were emptied."""
        if not self._has_rows(sql.Identifier("public", "people_organization")):
            self._connection.execute("CALL kept.put_back()")

    def empty(self) -> None:
        """Leave no row, as Django's flush does, which cuts off every table and then names every model anew."""
        self._connection.execute("CALL kept.empty()")

    def close(self) -> None:
        """Let go of the database."""
        self._connection.close()

    def _define(self, name: str, statements: Iterable[sql.Composed]) -> None:
        # PostgreSQL keeps the plans of a procedure: planning some hundred statements takes longer than their work.
        body = sql.SQL("BEGIN {} END").format(sql.SQL(" ").join(statements)).as_string(self._connection)
        self._connection.execute(
            sql.SQL("CREATE PROCEDURE {}() LANGUAGE plpgsql AS {}").format(
                sql.Identifier("kept", name), sql.Literal(body)
            )
        )

    def _has_rows(self, table: sql.Identifier) -> bool:
        found: Any = self._connection.execute(
            sql.SQL("SELECT EXISTS (SELECT FROM {})").format(table)
        ).fetchone()
        return bool(found[0])


def _emptied_where_filled(table: str) -> sql.Composed:
    there = sql.Identifier("public", table)
    return sql.SQL("IF EXISTS (SELECT FROM {}) THEN DELETE FROM {}; END IF;").format(there, there)
