"""Two roles: one owns the tables and migrates, the other serves under row-level security."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import LiteralString

import psycopg
from django.db import connections
from psycopg import sql

from parvis.foundation.postgres import addresses
from parvis.foundation.postgres.addresses import OWNER, SERVING, Address
from parvis.foundation.postgres.binaries import OLDEST
from parvis.foundation.settings import WrongSetting


def create_roles(superuser: Address) -> None:
    """Create both roles of an embedded cluster, unless they exist."""
    with psycopg.connect(addresses.conninfo(superuser), autocommit=True) as connection:
        for role in (OWNER, SERVING):
            if not _exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", role):
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))


def create_database(superuser: Address, name: str, *, template: str = "template0") -> bool:
    """Create a database owned by the owner role; return False where it exists."""
    if database_exists(superuser, name):
        return False
    with psycopg.connect(addresses.conninfo(superuser), autocommit=True) as connection:
        statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}")
        connection.execute(statement.format(*map(sql.Identifier, (name, OWNER, template))))
        # By default every role may connect to every database and make temporary tables there.
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
        granted = sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}")
        connection.execute(granted.format(sql.Identifier(name), sql.Identifier(SERVING)))
    return True


def database_exists(superuser: Address, name: str) -> bool:
    """Whether the cluster has a database of this name."""
    with psycopg.connect(addresses.conninfo(superuser)) as connection:
        return _exists(connection, "SELECT 1 FROM pg_database WHERE datname = %s", name)


def drop_database(superuser: Address, name: str) -> None:
    """Drop a database, whoever is connected to it."""
    with psycopg.connect(addresses.conninfo(superuser), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def drop_databases(superuser: Address, pattern: str) -> None:
    """Drop the databases whose names match a LIKE pattern and that nobody uses."""
    unused = (
        "SELECT datname FROM pg_database d WHERE datname LIKE %s"
        " AND NOT EXISTS (SELECT 1 FROM pg_stat_activity a WHERE a.datid = d.oid)"
    )
    with psycopg.connect(addresses.conninfo(superuser), autocommit=True) as connection:
        for (name,) in connection.execute(unused, [pattern]).fetchall():
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def rename_database(superuser: Address, name: str, new_name: str) -> None:
    """Rename a database that nobody uses."""
    with psycopg.connect(addresses.conninfo(superuser), autocommit=True) as connection:
        statement = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        connection.execute(statement.format(sql.Identifier(name), sql.Identifier(new_name)))


def _exists(connection: psycopg.Connection, query: LiteralString, name: str) -> bool:
    return connection.execute(query, [name]).fetchone() is not None


_GRANTS: tuple[LiteralString, ...] = (
    "GRANT USAGE ON SCHEMA public TO {serving}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {serving}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {serving}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {serving}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {serving}",
)


def grant(owner: Address, serving_role: str) -> None:
    """Let the serving role work with what the owner has made and will make; it owns nothing itself."""
    with psycopg.connect(addresses.conninfo(owner)) as connection:
        if connection.info.user == serving_role:
            return
        for statement in _GRANTS:
            connection.execute(sql.SQL(statement).format(serving=sql.Identifier(serving_role)))


OWNER_POLICY = "owner_sees_all"


def open_to_owner(owner: Address, serving_role: str) -> None:
    """Let the owner see all rows, so that it can dump them and migrate their data; the serving role cannot.

    Row-level security binds the owner too. With a single role there is nobody to except.
    """
    protected = (
        "SELECT c.oid::regclass::text FROM pg_class c WHERE c.relrowsecurity AND c.relkind IN ('r', 'p')"
    )
    with psycopg.connect(addresses.conninfo(owner)) as connection:
        if connection.info.user == serving_role:
            return
        for (table,) in connection.execute(f"{protected} AND pg_has_role(c.relowner, 'MEMBER')").fetchall():
            name, named_policy = sql.SQL(table), sql.Identifier(OWNER_POLICY)  # a regclass is quoted already
            connection.execute(sql.SQL("DROP POLICY IF EXISTS {} ON {}").format(named_policy, name))
            policy = sql.SQL("CREATE POLICY {} ON {} TO {} USING (true) WITH CHECK (true)")
            role = sql.Identifier(connection.info.user)
            connection.execute(policy.format(named_policy, name, role))


def check_serving(serving: Address) -> list[str]:
    """Refuse a role that row-level security does not bind, or a server too old; return warnings."""
    with psycopg.connect(addresses.conninfo(serving), connect_timeout=10) as connection:
        if connection.info.server_version < OLDEST * 10_000:
            found = connection.info.server_version // 10_000
            raise WrongSetting(
                "PARVIS_DATABASE_URL", f"PostgreSQL {found} is too old; {OLDEST} or newer is needed"
            )
        query = "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        is_superuser, bypasses = connection.execute(query).fetchone() or (False, False)
        if is_superuser or bypasses:
            kind = "a superuser" if is_superuser else "a role with BYPASSRLS"
            problem = f"“{connection.info.user}” is {kind}, which row-level security does not bind; use a plain role"
            raise WrongSetting("PARVIS_DATABASE_URL", problem)
        return _warnings(connection)


def _warnings(connection: psycopg.Connection) -> list[str]:
    query = (
        "SELECT 1 FROM pg_tables WHERE schemaname = 'public' AND pg_has_role(tableowner, 'MEMBER') LIMIT 1"
    )
    if connection.execute(query).fetchone() is None:
        return []
    owner_too = f"PARVIS_DATABASE_URL: the role “{connection.info.user}” also owns the tables"
    return [
        f"{owner_too}; a role of its own in PARVIS_DATABASE_ADMIN_URL adds a second lock between organizations"
    ]


@contextmanager
def connected_as(address: Address) -> Iterator[None]:
    """Point Django's connection at another address for a block, e.g. the owner's while migrating."""
    serving = connections.settings["default"]
    _reconnect({**serving, **addresses.for_django(address, behind_pooler=False)})
    try:
        yield
    finally:
        _reconnect(serving)


def _reconnect(entry: dict[str, object]) -> None:
    connections["default"].close()
    del connections["default"]
    connections.settings["default"] = entry
