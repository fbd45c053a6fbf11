"""Direct connections to PostgreSQL: LISTEN, NOTIFY and the outbox cannot go through a transaction pooler."""

from __future__ import annotations

from typing import Any

import psycopg
from django.conf import settings
from django.db import connections
from psycopg import sql

from parvis.foundation.postgres import addresses


def direct_parameters() -> dict[str, Any]:
    """Return psycopg's connection parameters for a connection of our own, beside any pooler."""
    if settings.PARVIS.database_direct_url is not None:
        return {**addresses.direct(settings.PARVIS, settings.DATA_FOLDER), "connect_timeout": 10}
    parameters = connections["default"].get_connection_params()
    for django_only in ("cursor_factory", "context"):
        parameters.pop(django_only, None)
    return parameters


def preparation() -> list[sql.Composed | sql.SQL]:
    """Return the statements that make such a connection ours: the serving role, and the system's policy."""
    statements: list[sql.Composed | sql.SQL] = []
    # Django applies `assume_role` to its own connections only.
    role = connections["default"].settings_dict.get("OPTIONS", {}).get("assume_role")
    if role:
        statements.append(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))
    statements.append(sql.SQL("SELECT set_config('app.system', 'on', false)"))
    return statements


def connect(name: str) -> psycopg.Connection[Any]:
    """Open a direct autocommit connection; `name` is what pg_stat_activity shows."""
    direct = psycopg.connect(**{**direct_parameters(), "application_name": name}, autocommit=True)
    for statement in preparation():
        direct.execute(statement)
    return direct


async def connect_async(name: str) -> psycopg.AsyncConnection[Any]:
    """Open the same for an event loop."""
    parameters = {**direct_parameters(), "application_name": name}
    direct = await psycopg.AsyncConnection.connect(**parameters, autocommit=True)
    for statement in preparation():
        await direct.execute(statement)
    return direct
