"""An external PostgreSQL, reached by TCP and password, with two roles; the oldest version on this machine."""

from __future__ import annotations

import pathlib
import shutil
import tempfile
from collections.abc import Iterator

import psycopg
import pytest

from parvis.foundation.postgres import addresses, binaries
from parvis.foundation.postgres.cluster import Cluster
from tests.config.installation import Installation, free_port

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("cluster")]

ROLES = """
CREATE ROLE house_owner LOGIN PASSWORD 'owner-secret';
CREATE ROLE house_app LOGIN PASSWORD 'app-secret';
CREATE ROLE house_chief LOGIN SUPERUSER PASSWORD 'chief-secret';
"""


@pytest.fixture(scope="module")
def home() -> Iterator[pathlib.Path]:
    path = pathlib.Path(tempfile.mkdtemp(prefix="parvis-ext-", dir="/tmp"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="module")
def port(home: pathlib.Path) -> Iterator[int]:
    """Somebody else's server: the oldest PostgreSQL here that is supported."""
    oldest = min(binaries.available(), key=lambda found: found.major)
    port = free_port()
    (home / "theirs").mkdir(mode=0o711)
    rules = home / "theirs/hba"
    rules.write_text("local all all peer map=parvis\nhost all all 127.0.0.1/32 scram-sha-256\n")
    rules.chmod(0o644)
    settings = {"listen_addresses": "127.0.0.1", "port": str(port), "hba_file": str(rules)}
    server = Cluster(home / "theirs", postgres_bin=oldest.folder, extra_settings=settings)
    with server.running():
        with psycopg.connect(addresses.conninfo(server.superuser()), autocommit=True) as connection:
            connection.execute(ROLES)
            connection.execute("CREATE DATABASE house OWNER house_owner")
            connection.execute("CREATE DATABASE alone OWNER house_app")
        yield port


@pytest.fixture(scope="module")
def installed(home: pathlib.Path, port: int) -> Installation:
    return Installation(
        home / "one",
        PARVIS_DATABASE_URL=f"postgresql://house_app:app-secret@127.0.0.1:{port}/house",
        PARVIS_DATABASE_ADMIN_URL=f"postgresql://house_owner:owner-secret@127.0.0.1:{port}/house",
    )


@pytest.fixture(scope="module")
def migrated(installed: Installation) -> str:
    """What was said when the tables were made."""
    done = installed.command("migrate")
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def organization(installed: Installation, migrated: str) -> None:
    """Its organization."""
    made = installed.command("organization", "create", "acme", "--name", "A", "--admin", "a@example.org")
    assert made.returncode == 0, made.stderr


def test_the_owner_migrates_and_the_other_serves(installed: Installation, migrated: str) -> None:
    assert "migrations applied" in migrated
    told = installed.command("doctor").stdout
    assert "external PostgreSQL" in told
    assert "serving as house_app" in told
    assert not (installed.folder / "postgres").exists()


def test_it_serves_from_there(installed: Installation, organization: None) -> None:
    installed.start()
    assert installed.get("/o/acme/health/ready") == 200
    assert installed.end() == 0


def test_a_backup_holds_every_row_and_comes_back(
    installed: Installation, organization: None, home: pathlib.Path
) -> None:
    made = installed.command("backup", str(home / "all.tar"))
    assert made.returncode == 0, made.stderr
    assert installed.command("restore", str(home / "all.tar")).returncode == 1
    restored = installed.command("restore", str(home / "all.tar"), "--force")
    assert restored.returncode == 0, restored.stderr
    installed.start()
    assert installed.get("/o/acme/health/ready") == 200
    installed.end()
    owner = installed.environment["PARVIS_DATABASE_ADMIN_URL"]
    with psycopg.connect(owner) as connection:
        assert connection.execute("SELECT count(*) FROM people_person").fetchone() == (1,)


def test_a_superuser_is_refused_and_no_password_is_shown(home: pathlib.Path, port: int) -> None:
    refused = Installation(
        home / "two", PARVIS_DATABASE_URL=f"postgresql://house_chief:chief-secret@127.0.0.1:{port}/house"
    ).command("run")
    assert refused.returncode == 2
    assert "superuser" in refused.stderr
    assert "chief-secret" not in refused.stderr


def test_a_single_role_works_with_a_warning_and_is_not_dumped_half(home: pathlib.Path, port: int) -> None:
    alone = Installation(
        home / "three", PARVIS_DATABASE_URL=f"postgresql://house_app:app-secret@127.0.0.1:{port}/alone"
    )
    assert alone.command("migrate").returncode == 0
    assert "PARVIS_DATABASE_ADMIN_URL" in alone.command("doctor").stderr
    refused = alone.command("backup", str(home / "half.tar"))
    assert refused.returncode == 1
    assert not (home / "half.tar").exists()


def test_a_wrong_password_is_one_line_without_it(home: pathlib.Path, port: int) -> None:
    refused = Installation(
        home / "four", PARVIS_DATABASE_URL=f"postgresql://house_app:hunter2@127.0.0.1:{port}/house"
    ).command("run")
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert "PARVIS_DATABASE_URL" in refused.stderr
    assert "hunter2" not in refused.stderr
