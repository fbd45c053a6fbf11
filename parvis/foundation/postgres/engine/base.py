"""Django's connection to PostgreSQL, less three costs that every request pays.

A connection is looked at instead of asked whether it lives, a transaction begins together with what it is bound
to, and instants are read by psycopg's own reader, in C, instead of Django's around it.
"""

from __future__ import annotations

import datetime
import select
from collections.abc import Mapping
from typing import Any

import psycopg
import psycopg._queries
from django.db.backends.postgresql import base
from django.db.backends.postgresql.psycopg_any import register_tzloader  # type: ignore[import-untyped]
from psycopg import sql
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus

if psycopg.pq.__impl__ == "binary":
    from psycopg_binary._psycopg import TimestamptzLoader  # type: ignore[attr-defined]
else:
    from psycopg.types.datetime import TimestamptzLoader

# What is longer is taken apart again at each asking; a stream names all columns of three tables.
psycopg._queries.MAX_CACHED_STATEMENT_LENGTH = 16 * 1024


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, with the changes above."""

    def get_new_connection(self, conn_params: Any) -> Any:
        """Connect, and read instants in C: they come in the session's time zone, which is UTC."""
        connection = super().get_new_connection(conn_params)
        connection.adapters.register_loader("timestamptz", TimestamptzLoader)
        return connection

    def create_cursor(self, name: str | None = None) -> Any:
        """Return a cursor; only where another time zone is asked for, Django's reader sets it."""
        connection = self.connection
        if name is None:
            cursor = connection.cursor()
        else:
            cursor = connection.cursor(name, scrollable=False, withhold=connection.autocommit)
        if self.timezone is not datetime.UTC:
            register_tzloader(self.timezone, cursor)
        return cursor

    def is_usable(self) -> bool:
        """Look whether the server hung up: it says so, or closes, on a connection where nothing else is to read."""
        connection = self.connection
        if connection is None or connection.pgconn.status != ConnStatus.OK:
            return False
        look = select.poll()
        look.register(connection.pgconn.socket, select.POLLIN)
        return super().is_usable() if look.poll(0) else True

    def begin_with(self, settings: Mapping[str, str]) -> bool:
        """Begin the transaction of an atomic block and set these in it, in one message; False where it has begun."""
        self.ensure_connection()
        connection = self.connection
        is_idle = connection.pgconn.transaction_status == TransactionStatus.IDLE
        if not is_idle or connection.autocommit or connection.isolation_level is not None:
            return False
        # A message of several statements takes no parameters.
        told = (f"SET LOCAL {name} = {sql.quote(value, connection)}" for name, value in settings.items())
        statements = ["BEGIN", *told]
        with self.wrap_database_errors:
            result = connection.pgconn.exec_("; ".join(statements).encode())
            if result.status != ExecStatus.COMMAND_OK:
                raise psycopg.errors.error_from_result(result, encoding="utf-8")
        return True
