"""The embedded PostgreSQL: shared, stopped by the last, recovered after kill -9, closed to others."""

from __future__ import annotations

import os
import pathlib
import shutil
import signal
import stat
import tempfile
from collections.abc import Iterator

import psycopg
import pytest

from parvis.foundation.postgres import addresses, binaries, roles
from parvis.foundation.postgres.cluster import Cluster
from parvis.foundation.settings import WrongSetting

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("cluster")]


@pytest.fixture(scope="module")
def folder() -> Iterator[pathlib.Path]:
    path = pathlib.Path(tempfile.mkdtemp(prefix="parvis-cluster-", dir="/tmp"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def own_cluster(folder: pathlib.Path) -> Iterator[Cluster]:
    cluster = Cluster(folder)
    cluster.acquire()
    yield cluster
    cluster.acquire()
    cluster.release()


def shown(cluster: Cluster, setting: str) -> str:
    with psycopg.connect(addresses.conninfo(cluster.superuser())) as connection:
        row = connection.execute("SELECT current_setting(%s)", [setting]).fetchone()
        assert row is not None
        return str(row[0])


def test_it_is_durable_checked_and_reached_by_its_socket_only(own_cluster: Cluster) -> None:
    assert shown(own_cluster, "listen_addresses") == ""
    assert shown(own_cluster, "data_checksums") == "on"
    assert [shown(own_cluster, name) for name in ("fsync", "full_page_writes", "synchronous_commit")] == [
        "on"
    ] * 3
    assert stat.S_IMODE(own_cluster.folder.stat().st_mode) == 0o700
    assert own_cluster.files.stat().st_uid == own_cluster.account.uid != 0


def test_the_last_to_leave_stops_it(own_cluster: Cluster, folder: pathlib.Path) -> None:
    second = Cluster(folder)
    second.acquire()
    own_cluster.release()
    assert second.is_alive()
    second.release()
    assert not second.is_alive()
    assert not list(second.socket.glob(".s.PGSQL*"))


def test_it_starts_again_after_its_server_was_killed(own_cluster: Cluster) -> None:
    with psycopg.connect(addresses.conninfo(own_cluster.superuser()), autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (number integer)")
        connection.execute("INSERT INTO kept VALUES (1)")
    own_cluster.kill()
    assert not own_cluster.is_alive()
    assert own_cluster.revive()
    with psycopg.connect(addresses.conninfo(own_cluster.superuser())) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1,)


def test_it_recovers_when_any_of_its_processes_was_killed(own_cluster: Cluster) -> None:
    with psycopg.connect(addresses.conninfo(own_cluster.superuser()), autocommit=True) as connection:
        row = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'"
        ).fetchone()
        assert row is not None
        os.kill(row[0], signal.SIGKILL)
    own_cluster.acquire()
    assert shown(own_cluster, "listen_addresses") == ""


def test_a_stale_pid_file_of_another_process_does_not_keep_it_down(own_cluster: Cluster) -> None:
    own_cluster.release()
    stale = own_cluster.files / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{own_cluster.files}\n1\n5432\n{own_cluster.socket}\n\n 0 0\nready\n")
    os.chown(stale, own_cluster.account.uid, own_cluster.account.gid)
    own_cluster.acquire()
    assert shown(own_cluster, "listen_addresses") == ""


def test_the_serving_role_is_plain_and_a_stronger_one_is_refused(own_cluster: Cluster) -> None:
    roles.create_roles(own_cluster.superuser())
    roles.create_database(own_cluster.superuser(), addresses.DATABASE)
    assert roles.check_serving(addresses.embedded(own_cluster.data)) == []
    with pytest.raises(WrongSetting, match="superuser"):
        roles.check_serving(own_cluster.superuser(addresses.DATABASE))
    with psycopg.connect(addresses.conninfo(own_cluster.superuser()), autocommit=True) as connection:
        connection.execute(f"ALTER ROLE {addresses.SERVING} BYPASSRLS")
        try:
            with pytest.raises(WrongSetting, match="BYPASSRLS"):
                roles.check_serving(addresses.embedded(own_cluster.data))
        finally:
            connection.execute(f"ALTER ROLE {addresses.SERVING} NOBYPASSRLS")


def test_a_role_that_owns_tables_too_is_warned_of(own_cluster: Cluster) -> None:
    roles.create_roles(own_cluster.superuser())
    roles.create_database(own_cluster.superuser(), addresses.DATABASE)
    owner = addresses.embedded(own_cluster.data, addresses.OWNER)
    with psycopg.connect(addresses.conninfo(owner)) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS owned (number integer)")
    assert "PARVIS_DATABASE_ADMIN_URL" in roles.check_serving(owner)[0]


def test_a_deep_data_folder_gets_a_short_socket_folder() -> None:
    deep = pathlib.Path("/srv") / ("a" * 60) / ("b" * 60)
    assert len(str(addresses.socket_folder(deep))) < 60
    assert addresses.socket_folder(pathlib.Path("/srv/parvis")) == pathlib.Path("/srv/parvis/postgres/socket")


def test_data_of_a_version_that_is_not_here_is_said_so() -> None:
    with pytest.raises(WrongSetting, match="made by PostgreSQL 99"):
        binaries.find(None, 99)


def test_a_folder_without_programs_is_said_so(tmp_path: pathlib.Path) -> None:
    with pytest.raises(WrongSetting, match="PARVIS_POSTGRES_BIN"):
        binaries.find(tmp_path, None)


def test_too_old_a_version_is_refused(tmp_path: pathlib.Path) -> None:
    for name in ("postgres", "initdb", "pg_ctl"):
        (tmp_path / name).write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 14.9'\n")
        (tmp_path / name).chmod(0o755)
    with pytest.raises(WrongSetting, match="too old"):
        binaries.find(tmp_path, None)
