"""A real PostgreSQL for the tests: one cluster, a migrated template, one database per worker, the serving role.

The owner role migrates the template; each worker copies it. Tests connect as the role that serves in
production, so that row-level security really bites. Cluster and template are kept between runs, in a folder
of this checkout's own under /tmp; a template serves as long as no migration changes.
"""

from __future__ import annotations

import gc
import hashlib
import os
import pathlib
import pickle
import shutil
import tempfile
from collections.abc import Iterator

import pytest

# What is imported and collected lives as long as the run: it is not searched for rubbish, now or later.
gc.disable()

_ROOT = pathlib.Path(__file__).resolve().parent.parent
_RUN = "PARVIS_TESTS_RUN"
if _RUN not in os.environ:
    # Workers of pytest-xdist inherit it.
    os.environ[_RUN] = tempfile.mkdtemp(prefix="parvis-run-", dir="/tmp")
for _name in [name for name in os.environ if name.startswith("PARVIS_")]:
    if _name != _RUN and not _name.startswith("PARVIS_POSTGRES_"):
        del os.environ[_name]
os.environ["PARVIS_DATA_DIR"] = os.environ[_RUN]
os.environ["DJANGO_SETTINGS_MODULE"] = "parvis.config.settings"

# Imported here and not above: they read the environment.
import django  # noqa: E402

from parvis.config.tools import translations  # noqa: E402

translations.compile_all()
django.setup()

from django.conf import settings  # noqa: E402
from django.core.cache import cache  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402
from django.test import TransactionTestCase  # noqa: E402
from hypothesis import settings as hypothesis_settings  # noqa: E402

from parvis.config.model_states import drawn_sparingly  # noqa: E402
from parvis.foundation.postgres import addresses, roles  # noqa: E402
from parvis.foundation.postgres.cluster import Cluster, ClusterFailed  # noqa: E402
from tests.stage import Stage  # noqa: E402

# A slow hash protects real passwords; here it would only slow the tests.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# As Hypothesis does by itself on CI: the same examples every time, however long a busy machine takes over them.
hypothesis_settings.load_profile("ci")

# A template that names what is not there fails.
settings.STRICT_TEMPLATES = True

_POSTGRES_BIN = os.environ.get("PARVIS_POSTGRES_BIN", "")
# A cluster for each worker: what is live waits for every open transaction of its cluster, other databases' too.
_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
_OWN = hashlib.sha256(f"{_ROOT} {_POSTGRES_BIN} {os.geteuid()} {_WORKER}".encode()).hexdigest()[:10]
# Short, since it holds the socket.
_KEPT = pathlib.Path("/tmp") / f"parvis-tests-{_OWN}"
# A test cluster may be lost at any time: what makes commits durable would only make it slow.
_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}
_clusters: list[Cluster] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--api-examples",
        type=int,
        default=1,
        help="examples per operation of the API; from 100 on tests/abuse tries everything, too (bin/test --api)",
    )

    parser.addoption("--api-part", default="", help="with --api: one part of the operations, e.g. 3/8")
    parser.addoption("--api-paths", default="", help="with --api: only operations at such paths, e.g. /chat/")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "django_db: uses the database (pytest-django)")


def pytest_unconfigure(config: pytest.Config) -> None:
    for cluster in _clusters:
        cluster.release()
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ[_RUN], ignore_errors=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _forbidden_skips(terminalreporter):
        terminalreporter.section("CI forbids skipped journeys", red=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if isinstance(reporter, pytest.TerminalReporter) and _forbidden_skips(reporter):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _forbidden_skips(reporter: pytest.TerminalReporter) -> bool:
    skipped = reporter.stats.get("skipped", [])
    return bool(os.environ.get("CI")) and any("tests/journeys" in report.nodeid for report in skipped)


def _new_cluster() -> Cluster:
    _KEPT.mkdir(mode=0o711, exist_ok=True)
    return Cluster(
        _KEPT, postgres_bin=pathlib.Path(_POSTGRES_BIN) if _POSTGRES_BIN else None, extra_settings=_FAST
    )


@pytest.fixture(scope="session")
def cluster() -> Cluster:
    """The PostgreSQL of the tests, with its roles."""
    running = _new_cluster()
    try:
        running.acquire()
    except ClusterFailed:
        # Without fsync a crash may have spoilt it: begin again.
        running.release()
        shutil.rmtree(_KEPT)
        running = _new_cluster()
        running.acquire()
    _clusters.append(running)
    return running


@pytest.fixture(scope="session")
def django_db_setup(
    cluster: Cluster, worker_id: str, django_db_blocker: pytest.FixtureRequest
) -> Iterator[None]:
    """Copy the migrated template for this worker and serve from the copy."""
    name = f"parvis_test_{os.environ[_RUN][-8:]}_{worker_id}"
    with cluster._locked("template.lock"), django_db_blocker.unblock():  # type: ignore[attr-defined]
        roles.create_roles(cluster.superuser())
        roles.create_database(cluster.superuser(), name, template=_migrated_template(cluster))
    roles._reconnect({**connections.settings["default"], **_entry(addresses.embedded(_KEPT, database=name))})
    yield
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        connections.close_all()
        roles.drop_database(cluster.superuser(), name)


def _migrated_template(cluster: Cluster) -> str:
    template = f"parvis_template_{_migrations_fingerprint()}"
    if roles.database_exists(cluster.superuser(), template):
        return template
    roles.drop_databases(cluster.superuser(), "parvis_t%")
    draft = "parvis_template_draft"
    roles.create_database(cluster.superuser(), draft)
    owner = addresses.embedded(_KEPT, addresses.OWNER, draft)
    roles.grant(owner, addresses.SERVING)
    with roles.connected_as(owner), drawn_sparingly():
        call_command("migrate", verbosity=0, interactive=False)
        with connections["default"].cursor() as cursor:
            # Tests that begin with nothing empty the tables; the serving role may not in production.
            cursor.execute(f"GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO {addresses.SERVING}")
        connections.close_all()
    roles.rename_database(cluster.superuser(), draft, template)
    return template


def _migrations_fingerprint() -> str:
    # Constraints of tenant tables are written by code too.
    files = [*sorted(_ROOT.glob("parvis/*/migrations/*.py")), _ROOT / "parvis/foundation/tenancy.py"]
    files += [_ROOT / "parvis/foundation/postgres/roles.py", _ROOT / "requirements/base.txt"]
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _entry(address: addresses.Address) -> dict[str, object]:
    # Threads of a server under test end with their requests' connections closed.
    return {**addresses.for_django(address, behind_pooler=False), "CONN_MAX_AGE": 0}


@pytest.fixture(scope="session")
def kept_world(
    cluster: Cluster, django_db_setup: None, django_db_blocker: pytest.FixtureRequest
) -> Iterator[tuple[bytes, Stage]]:
    """The cast of tests/world.py, committed once per worker, and its rows kept aside."""
    from tests.world import make_world

    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        world = make_world()
        stage = Stage(
            addresses.conninfo(cluster.superuser(str(connections["default"].settings_dict["NAME"]))),
            connections["default"].introspection.django_table_names(only_existing=True, include_views=False),
        )
    stage.keep()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _test: stage.empty())
        # Six times as quick to take out again as a deep copy is to make.
        yield pickle.dumps(world), stage
    stage.close()


@pytest.fixture
def cast_on_stage(kept_world: tuple[bytes, Stage]) -> None:
    """Whether a test asks for the cast or not, it finds the same."""
    kept_world[1].restore()


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the cast there before the test's transaction begins, and long files first, so that none is left alone."""
    long = {item.path for item in items if item.get_closest_marker("slow") or "tests/journeys" in item.nodeid}
    items.sort(key=lambda item: item.path not in long)
    for item in items:
        names = getattr(item, "fixturenames", [])
        if "db" in names or "transactional_db" in names or item.get_closest_marker("django_db"):
            names[:0] = ["kept_world", "cast_on_stage"]


@pytest.fixture
def world(kept_world: tuple[bytes, Stage], cast_on_stage: None, db: None) -> object:
    """A copy of the cast, for this test."""
    return pickle.loads(kept_world[0])


@pytest.fixture
def empty_installation(db: None) -> None:
    """Nothing at all: as before the first visit."""
    with connections["default"].cursor() as cursor:
        cursor.execute("TRUNCATE people_organization, people_identity CASCADE")


@pytest.fixture
def client() -> object:
    """A browser without scripts, at a host that the installation answers."""
    from django.test import Client

    return Client(SERVER_NAME="localhost")


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> Iterator[None]:
    """What no rollback forgets: what the process keeps for a minute, and throttles, which count on a connection of their own."""
    from parvis.foundation import allowance, throttle

    yield
    cache.clear()
    allowance.forget_leases()
    if throttle.is_open():
        throttle.forget_all()
