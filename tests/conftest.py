"""A real PostgreSQL for the tests: one cluster for the run, one database per worker, the serving role.

The owner role migrates a template database once; each worker copies it. Tests connect as the role that
serves in production, so that row-level security really bites.
"""

from __future__ import annotations

import os
import pathlib
import shutil
import tempfile
from collections.abc import Iterator

import pytest

_FOLDER = "PARVIS_TESTS_FOLDER"
if _FOLDER not in os.environ:
    # Short, since it holds the socket; workers of pytest-xdist inherit it.
    os.environ[_FOLDER] = tempfile.mkdtemp(prefix="parvis-", dir="/tmp")
    os.chmod(os.environ[_FOLDER], 0o711)
for _name in [name for name in os.environ if name.startswith("PARVIS_") and name != _FOLDER]:
    if not _name.startswith("PARVIS_POSTGRES_"):
        del os.environ[_name]
os.environ["PARVIS_DATA_DIR"] = os.environ[_FOLDER]
os.environ["DJANGO_SETTINGS_MODULE"] = "parvis.config.settings"

# Imported here and not above: they read the environment.
import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402

from parvis.foundation.postgres import addresses, roles  # noqa: E402
from parvis.foundation.postgres.cluster import Cluster  # noqa: E402

TEMPLATE = "parvis_template"
_DATA = pathlib.Path(os.environ[_FOLDER])
# Nothing in a test cluster outlives the run: what makes commits durable would only make it slow.
_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}
_clusters: list[Cluster] = []


def _cluster() -> Cluster:
    chosen = os.environ.get("PARVIS_POSTGRES_BIN")
    return Cluster(_DATA, postgres_bin=pathlib.Path(chosen) if chosen else None, extra_settings=_FAST)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "django_db: uses the database (pytest-django)")


def pytest_unconfigure(config: pytest.Config) -> None:
    for cluster in _clusters:
        cluster.release()
    if not hasattr(config, "workerinput"):
        shutil.rmtree(_DATA, ignore_errors=True)


@pytest.fixture(scope="session")
def cluster() -> Cluster:
    """The PostgreSQL of this run, with its roles."""
    running = _cluster()
    running.acquire()
    _clusters.append(running)
    return running


@pytest.fixture(scope="session")
def django_db_setup(
    cluster: Cluster, worker_id: str, django_db_blocker: pytest.FixtureRequest
) -> Iterator[None]:
    """Copy the migrated template for this worker and serve from the copy."""
    with cluster._locked("template.lock"), django_db_blocker.unblock():  # type: ignore[attr-defined]
        roles.create_roles(cluster.superuser())
        _migrate_template(cluster)
        name = f"parvis_test_{worker_id}"
        roles.create_database(cluster.superuser(), name, template=TEMPLATE)
        roles.grant(addresses.embedded(_DATA, addresses.OWNER, name), addresses.SERVING)
    roles._reconnect({**connections.settings["default"], "NAME": name})
    yield
    connections.close_all()


def _migrate_template(cluster: Cluster) -> None:
    if not roles.create_database(cluster.superuser(), TEMPLATE):
        return
    owner = addresses.embedded(_DATA, addresses.OWNER, TEMPLATE)
    roles.grant(owner, addresses.SERVING)
    with roles.connected_as(owner):
        call_command("migrate", verbosity=0, interactive=False, run_syncdb=True)
        with connections["default"].cursor() as cursor:
            # Transactional tests empty the tables afterwards; the serving role may not in production.
            cursor.execute(f"GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO {addresses.SERVING}")
    connections.close_all()
