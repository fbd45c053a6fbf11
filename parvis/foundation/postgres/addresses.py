"""How to reach the database: the embedded one by its socket, or the one that the settings name."""

from __future__ import annotations

import hashlib
import pathlib
from typing import Any

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from parvis.foundation.settings import Settings

DATABASE = "parvis"
OWNER = "parvis_owner"
SERVING = "parvis_app"
SUPERUSER = "parvis_cluster"

# A socket's path may have 107 bytes; PostgreSQL adds "/.s.PGSQL.5432.lock" to its folder.
_LONGEST_SOCKET_FOLDER = 85

Address = dict[str, Any]


def cluster_folder(data: pathlib.Path) -> pathlib.Path:
    """Return the folder of the embedded cluster."""
    return data / "postgres"


def socket_folder(data: pathlib.Path) -> pathlib.Path:
    """Return the private folder of the embedded cluster's socket, always short enough."""
    inside = cluster_folder(data) / "socket"
    if len(str(inside).encode()) <= _LONGEST_SOCKET_FOLDER:
        return inside
    return pathlib.Path("/tmp") / f"parvis-{hashlib.sha256(str(data).encode()).hexdigest()[:16]}"  # noqa: S108 - its owner and mode are checked


def embedded(data: pathlib.Path, user: str = SERVING, database: str = DATABASE) -> Address:
    """Return the address of the embedded database for a role."""
    return {"host": str(socket_folder(data)), "user": user, "dbname": database}


def serving(settings: Settings, data: pathlib.Path) -> Address:
    """Return the address that answers requests, perhaps through a transaction pooler."""
    return _parsed(settings.database_url) or embedded(data)


def direct(settings: Settings, data: pathlib.Path) -> Address:
    """Return the serving role's address without a pooler: for LISTEN, jobs and advisory locks."""
    return _parsed(settings.database_direct_url) or serving(settings, data)


def owner(settings: Settings, data: pathlib.Path) -> Address:
    """Return the address of the role that owns the tables and migrates."""
    if settings.database_url is None:
        return embedded(data, OWNER)
    return _parsed(settings.database_admin_url) or direct(settings, data)


def _parsed(url: str | None) -> Address:
    return dict(conninfo_to_dict(url)) if url else {}


def conninfo(address: Address) -> str:
    """Return an address as the text that psycopg and libpq's programs take."""
    return make_conninfo("", **address)


def for_django(address: Address, *, behind_pooler: bool) -> dict[str, Any]:
    """Return an address as an entry of Django's DATABASES."""
    rest = {key: value for key, value in address.items() if key not in _DJANGO_KEYS}
    # Planning is half of the database's cost: statements stay prepared, unless a pooler deals connections out.
    prepared = {} if behind_pooler else {"prepare_threshold": 5, "server_side_binding": True}
    return {
        "ENGINE": "parvis.foundation.postgres.engine",
        **{name: str(address.get(key) or "") for key, name in _DJANGO_KEYS.items()},
        # One connection per thread of the server, checked before use since PostgreSQL may have restarted.
        "CONN_MAX_AGE": None if not behind_pooler else 0,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": behind_pooler,
        "OPTIONS": {"connect_timeout": 10, "application_name": "parvis", **rest, **prepared},
    }


_DJANGO_KEYS = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
