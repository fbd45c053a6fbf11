"""Dump and restore the database with PostgreSQL's own programs."""

from __future__ import annotations

import os
import pathlib
import subprocess

import psycopg

from parvis.config.database import embedded_cluster
from parvis.foundation.folders import data_folder
from parvis.foundation.postgres import addresses, binaries, roles
from parvis.foundation.postgres.addresses import Address
from parvis.foundation.settings import Settings

# What a dump is called while it is written: one that was cut off is never taken for a whole one.
_DRAFT = ".part"


class CannotDump(Exception):
    """The dump or the restore is not possible here; the text says why."""


def dump(settings: Settings, target: pathlib.Path) -> None:
    """Write a dump of the whole database, in PostgreSQL's custom format, readable by us alone."""
    address = _address(settings)
    program = _program(settings, address, "pg_dump")
    # Without owners and grants: on another host the roles may have other names. Compressed lightly, in
    # less than half of the time: who upgrades waits for it.
    options = [
        "--format=custom",
        "--compress=1",
        "--no-owner",
        "--no-privileges",
        "--serializable-deferrable",
    ]
    if settings.database_url is not None:
        _require_all_rows(settings)
        # The owner reads all rows by a policy of its own (roles.open_to_owner), not by a bypass.
        options.append("--enable-row-security")
    for abandoned in target.parent.glob(f".*.dump{_DRAFT}"):
        abandoned.unlink(missing_ok=True)
    draft = target.with_name(f".{target.name}{_DRAFT}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        _run(settings, [program, *options, "--dbname", _without_password(address)], output=file.fileno())
    draft.rename(target)


def restore(settings: Settings, source: pathlib.Path) -> None:
    """Fill the empty database from a dump, as the role that owns the tables."""
    data = data_folder(settings)
    address = addresses.owner(settings, data)
    program = _program(settings, address, "pg_restore")
    contents = source.with_name(f"{source.name}.list")
    contents.write_text(_contents_without_owner_policies(settings, program, source))
    options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    target = ["--use-list", str(contents), "--dbname", _without_password(address), str(source)]
    roles.grant(address, str(addresses.serving(settings, data)["user"]))
    _run(settings, [program, *options, *target])
    roles.open_to_owner(address, str(addresses.serving(settings, data)["user"]))


def _contents_without_owner_policies(settings: Settings, program: str, source: pathlib.Path) -> str:
    # They name the roles of the host that dumped; ours are made after the restore.
    listed = _run(settings, [program, "--list", str(source)])
    return "".join(line for line in listed.splitlines(keepends=True) if roles.OWNER_POLICY not in line)


def is_empty(settings: Settings) -> bool:
    """Whether the database holds no table."""
    owner = addresses.owner(settings, data_folder(settings))
    with psycopg.connect(addresses.conninfo(owner)) as connection:
        return connection.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public'").fetchone() is None


def empty(settings: Settings) -> None:
    """Drop everything that the owner role has in the database."""
    owner = addresses.owner(settings, data_folder(settings))
    with psycopg.connect(addresses.conninfo(owner)) as connection:
        connection.execute("SET lock_timeout = '15s'")
        connection.execute("DROP OWNED BY CURRENT_USER CASCADE")


def others_connected(settings: Settings) -> bool:
    """Whether another process of Parvis uses the database."""
    owner = addresses.owner(settings, data_folder(settings))
    query = (
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND application_name LIKE 'parvis%'"
    )
    with psycopg.connect(addresses.conninfo(owner)) as connection:
        return connection.execute(query).fetchone() is not None


def _address(settings: Settings) -> Address:
    cluster = embedded_cluster(settings)
    if cluster is not None:
        return cluster.superuser(addresses.DATABASE)
    return addresses.owner(settings, data_folder(settings))


def _require_all_rows(settings: Settings) -> None:
    data = data_folder(settings)
    owner, serving = addresses.owner(settings, data), addresses.serving(settings, data)
    if owner.get("user") == serving.get("user"):
        raise CannotDump(
            f"the role “{owner.get('user')}” sees the rows of no organization at once; dump with pg_dump as a "
            "superuser, or give the tables to a role of their own in PARVIS_DATABASE_ADMIN_URL"
        )


def _program(settings: Settings, address: Address, name: str) -> str:
    cluster = embedded_cluster(settings)
    if cluster is not None:
        return cluster.programs.program(name)
    with psycopg.connect(addresses.conninfo(address)) as connection:
        major = connection.info.server_version // 10_000
    fitting = [found for found in binaries.available() if found.major >= major]
    if not fitting:
        raise CannotDump(f"{name} of PostgreSQL {major} or newer is not on this machine")
    return min(fitting, key=lambda found: found.major).program(name)


def _without_password(address: Address) -> str:
    # A command line is visible to every user of the machine; the password goes through the environment.
    return addresses.conninfo({key: value for key, value in address.items() if key != "password"})


def _run(settings: Settings, command: list[str], *, output: int | None = None) -> str:
    # As ourselves: the cluster lets our system user in as every role, and the file is ours.
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}
    password = addresses.owner(settings, data_folder(settings)).get("password")
    if password:
        environment["PGPASSWORD"] = str(password)
    result = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if output is None else output,
        stderr=subprocess.PIPE,
        env=environment,
    )
    if result.returncode != 0:
        said = result.stderr.decode(errors="replace").strip().splitlines() or [f"{command[0]} failed"]
        raise CannotDump(said[-1])
    return (result.stdout or b"").decode(errors="replace")
