"""Direct connections to PostgreSQL: LISTEN, NOTIFY and the outbox cannot go through a transaction pooler."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connections
from psycopg import sql


def direct_parameters() -> dict[str, Any]:
    """Return psycopg's connection parameters for a connection of our own, beside any pooler."""
    parameters = connections["default"].get_connection_params()
    for django_only in ("cursor_factory", "context", "server_side_binding"):
        parameters.pop(django_only, None)
    parameters.update(getattr(settings, "DATABASE_DIRECT", {}))
    return {**parameters, "application_name": "parvis-live"}


def preparation() -> list[sql.Composed | sql.SQL]:
    """Return the statements that make such a connection ours: the serving role, and the system's policy."""
    statements: list[sql.Composed | sql.SQL] = []
    # Django applies `assume_role` to its own connections only.
    role = connections["default"].settings_dict.get("OPTIONS", {}).get("assume_role")
    if role:
        statements.append(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))
    statements.append(sql.SQL("SELECT set_config('app.system', 'on', false)"))
    return statements
