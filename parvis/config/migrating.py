"""Bring the database to this version: one process at a time, older data dumped first."""

from __future__ import annotations

import datetime
import pathlib
import pkgutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import structlog
from django.apps import apps
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from parvis import __version__
from parvis.config import dumps
from parvis.config.model_states import drawn_sparingly
from parvis.foundation.folders import data_folder
from parvis.foundation.postgres import addresses, roles
from parvis.foundation.settings import Settings, WrongSetting

log = structlog.get_logger(__name__)
# "parvis" as a number; any constant would do.
_LOCK = 0x706172766973
# A migration that waits for a lock makes everybody behind it wait: better to fail and be started again.
_LIMITS = "-c lock_timeout=15s -c statement_timeout=0"


def migrate(settings: Settings, *, dump_first: bool = True) -> int:
    """Apply what is missing and return how many migrations that were."""
    from parvis.foundation.jobs import trigger

    if _all_are_applied():
        return 0
    data = data_folder(settings)
    owner = {**addresses.owner(settings, data), "options": _LIMITS}
    serving_role = str(addresses.serving(settings, data)["user"])
    with _alone(owner), roles.connected_as(owner):
        executor = MigrationExecutor(connections["default"])
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if not plan:
            return 0
        if dump_first and executor.loader.applied_migrations:
            _dump(settings, data)
        roles.grant(owner, serving_role)
        with drawn_sparingly():
            call_command("migrate", verbosity=0, interactive=False)
        # A new version of the queue may have brought its trigger back.
        trigger.silence()
        roles.open_to_owner(owner, serving_role)
        log.info("database.migrated", migrations=len(plan), version=__version__)
        return len(plan)


def make_current(settings: Settings) -> None:
    """Before a command works: wait for a first start that still migrates, or migrate where nobody does.

    An external database is brought to this version by its operator alone.
    """
    if is_current():
        return
    print("parvis: waiting until the database is ready for this version", file=sys.stderr)
    if settings.database_url is None:
        migrate(settings)
        return
    with _alone(addresses.owner(settings, data_folder(settings))):
        require_current()


def require_current() -> None:
    """Raise where something is left to migrate."""
    if not is_current():
        raise WrongSetting("PARVIS_DATABASE_URL", "the database is not of this version; run `parvis migrate`")


def is_current() -> bool:
    """Whether nothing is left to migrate, as the serving role sees it."""
    if _all_are_applied():
        return True
    executor = MigrationExecutor(connections["default"])
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _all_are_applied() -> bool:
    """Tell by names alone: loading every migration to find nothing to do is a quarter of a start.

    A migration that replaces others may be missed here, and never one that is left: then Django looks itself.
    """
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations')")
        if cursor.fetchone()[0] is None:
            return False
        cursor.execute("SELECT app, name FROM django_migrations")
        applied = set(cursor.fetchall())
    return all(
        (app.label, migration.name) in applied
        for app in apps.get_app_configs()
        for migration in pkgutil.iter_modules([str(pathlib.Path(app.path, "migrations"))])
        if migration.name[0] not in "_~"
    )


@contextmanager
def _alone(owner: addresses.Address) -> Iterator[None]:
    with psycopg.connect(addresses.conninfo(owner), autocommit=True) as connection:
        connection.execute("SET lock_timeout = 0")
        connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        yield


def _dump(settings: Settings, data: pathlib.Path) -> None:
    now = datetime.datetime.now(datetime.UTC)
    target = data / "backups" / f"before-{__version__}-{now:%Y%m%d-%H%M%S}.dump"
    print(
        f"parvis: copying the database to {target} before it is changed; a large one takes minutes",
        file=sys.stderr,
    )
    try:
        dumps.dump(settings, target)
    except dumps.CannotDump as reason:
        # An external database has its own backups; refusing to start would help nobody.
        log.warning("database.not_dumped", reason=str(reason))
    else:
        log.info("database.dumped", file=str(target))
