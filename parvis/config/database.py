"""Make the database ready for a process: started or reached, checked, migrated."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import structlog

from parvis.foundation.folders import data_folder, prepare_data_folder
from parvis.foundation.postgres import addresses, roles
from parvis.foundation.postgres.cluster import Cluster
from parvis.foundation.settings import Settings, WrongSetting

log = structlog.get_logger(__name__)
_LOOK_SECONDS = 2.0


def embedded_cluster(settings: Settings) -> Cluster | None:
    """Return the embedded cluster, or None where the settings name a database."""
    if settings.database_url is not None:
        return None
    return Cluster(
        data_folder(settings), postgres_bin=settings.postgres_bin, postgres_user=settings.postgres_user
    )


@contextlib.contextmanager
def available(
    settings: Settings, *, watch: bool = False, meanwhile: Callable[[], None] | None = None
) -> Iterator[None]:
    """Hold the database for a block; with `watch`, start an embedded one again when it dies.

    What can be done without it is done `meanwhile`.
    """
    prepare_data_folder(data_folder(settings))
    cluster = embedded_cluster(settings)
    if cluster is None:
        if meanwhile is not None:
            meanwhile()
        _check_external(settings)
        yield
        return
    with _started(cluster, meanwhile), _watched(cluster) if watch else contextlib.nullcontext():
        yield


@contextlib.contextmanager
def _started(cluster: Cluster, meanwhile: Callable[[], None] | None) -> Iterator[None]:
    """Hold a cluster that starts, which is mostly waiting, while something else is done."""
    with ThreadPoolExecutor(1, thread_name_prefix="parvis-postgres-start") as thread:
        starting = thread.submit(_start, cluster)
        try:
            if meanwhile is not None:
                meanwhile()
            starting.result()
        except BaseException:
            if starting.exception() is None:
                cluster.release()
            raise
    try:
        yield
    finally:
        cluster.release()


def _start(cluster: Cluster) -> None:
    cluster.acquire()
    try:
        _set_up(cluster)
    except BaseException:
        cluster.release()
        raise


def _set_up(cluster: Cluster) -> None:
    superuser = cluster.superuser()
    roles.create_roles(superuser)
    if roles.create_database(superuser, addresses.DATABASE):
        roles.grant(addresses.embedded(cluster.data, addresses.OWNER), addresses.SERVING)


def _check_external(settings: Settings) -> None:
    data = data_folder(settings)
    for variable, address in (
        ("PARVIS_DATABASE_URL", addresses.serving(settings, data)),
        ("PARVIS_DATABASE_DIRECT_URL", addresses.direct(settings, data)),
        ("PARVIS_DATABASE_ADMIN_URL", addresses.owner(settings, data)),
    ):
        try:
            with psycopg.connect(addresses.conninfo(address), connect_timeout=10):
                pass
        except psycopg.OperationalError as error:
            raise WrongSetting(variable, f"cannot connect: {_one_line(error)}") from None
    for warning in roles.check_serving(addresses.direct(settings, data)):
        log.warning("database.one_role", advice=warning)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


@contextlib.contextmanager
def _watched(cluster: Cluster) -> Iterator[None]:
    stopping = threading.Event()

    def watch() -> None:
        while not stopping.wait(_LOOK_SECONDS):
            try:
                if not cluster.is_alive() and cluster.revive():
                    log.warning("database.restarted", reason="PostgreSQL had ended unexpectedly")
            except Exception:
                log.exception("database.not_restarted")

    thread = threading.Thread(target=watch, name="parvis-postgres-watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()
