"""Backup and restore: one archive with the database, the files and the secrets; it works on another host."""

from __future__ import annotations

import datetime
import io
import json
import os
import pathlib
import shutil
import tarfile
import tempfile
from typing import Any

from django.db import connections

from parvis import __version__
from parvis.config import dumps, migrating
from parvis.config.database import embedded_cluster
from parvis.foundation.folders import data_folder, prepare_data_folder
from parvis.foundation.postgres import addresses, roles
from parvis.foundation.settings import Settings

FORMAT = 1
MANIFEST, DATABASE = "manifest.json", "database.dump"
FOLDERS = ("files", "secrets")


class CannotRestore(Exception):
    """The archive or the target does not allow it; the text says why."""


def backup(settings: Settings, target: pathlib.Path) -> dict[str, Any]:
    """Write the archive and return its manifest; the server may run meanwhile."""
    data = data_folder(settings)
    with tempfile.TemporaryDirectory(dir=data, prefix=".backup-") as folder:
        dump = pathlib.Path(folder) / DATABASE
        # The database first: files are only ever added, so that each one that it names is found after it.
        dumps.dump(settings, dump)
        manifest = {
            "format": FORMAT,
            "version": __version__,
            "made_at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            "database_bytes": dump.stat().st_size,
            # Files in a bucket are not in the archive.
            "files_in": settings.files_s3_bucket or "",
        }
        _write(target, manifest, dump, data)
    return manifest


def _write(target: pathlib.Path, manifest: dict[str, Any], dump: pathlib.Path, data: pathlib.Path) -> None:
    draft = target.with_name(f".{target.name}.part")
    # Secrets are in it: for us alone.
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        with tarfile.open(fileobj=file, mode="w") as archive:
            text = json.dumps(manifest, indent=2).encode()
            entry = tarfile.TarInfo(MANIFEST)
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text))
            archive.add(dump, DATABASE)
            for name in FOLDERS:
                if (data / name).exists():
                    archive.add(data / name, name, filter=_only_files)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(target)


def _only_files(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    path = pathlib.PurePath(entry.name)
    # What is on its way in may be gone before its turn comes.
    is_draft = path.name.startswith(".") or path.parts[:2] == ("files", "incoming")
    return entry if (entry.isfile() or entry.isdir()) and not is_draft else None


def restore(settings: Settings, source: pathlib.Path, *, force: bool = False) -> dict[str, Any]:
    """Replace what is here by an archive and migrate it to this version; return its manifest."""
    data = data_folder(settings)
    manifest = read_manifest(source)
    connections.close_all()
    _refuse_occupied(settings, data, force=force)
    prepare_data_folder(data)
    with tempfile.TemporaryDirectory(dir=data, prefix=".restore-") as folder:
        unpacked = pathlib.Path(folder)
        with tarfile.open(source, mode="r:") as archive:
            # The filter refuses links, devices and paths that lead outside.
            archive.extractall(unpacked, filter="data")
        _renew_database(settings, data)
        dumps.restore(settings, unpacked / DATABASE)
        for name in FOLDERS:
            _replace_folder(data / name, unpacked / name)
    migrating.migrate(settings, dump_first=False)
    return manifest


def read_manifest(source: pathlib.Path) -> dict[str, Any]:
    """Return what an archive says of itself; refuse what is none, or one that is newer than this version."""
    try:
        with tarfile.open(source, mode="r:") as archive:
            first = archive.next()
            file = archive.extractfile(first) if first is not None and first.name == MANIFEST else None
            manifest: dict[str, Any] = json.load(file) if file is not None else {}
    except (tarfile.TarError, ValueError, OSError) as error:
        raise CannotRestore(f"{source} is not a backup of Parvis: {error}") from None
    if manifest.get("format") != FORMAT:
        raise CannotRestore(f"{source} is not a backup that version {__version__} can read")
    if _numbers(manifest["version"]) > _numbers(__version__):
        raise CannotRestore(f"{source} was made by version {manifest['version']}; this is {__version__}")
    return manifest


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def _refuse_occupied(settings: Settings, data: pathlib.Path, *, force: bool) -> None:
    if dumps.others_connected(settings):
        raise CannotRestore("Parvis is running here; stop it first")
    has_files = any((data / "files").glob("*")) if (data / "files").exists() else False
    if not force and (has_files or not dumps.is_empty(settings)):
        raise CannotRestore("there is already something here; --force replaces it")


def _renew_database(settings: Settings, data: pathlib.Path) -> None:
    cluster = embedded_cluster(settings)
    if cluster is None:
        dumps.empty(settings)
        return
    roles.drop_database(cluster.superuser(), addresses.DATABASE)
    roles.create_database(cluster.superuser(), addresses.DATABASE)


def _replace_folder(target: pathlib.Path, source: pathlib.Path) -> None:
    if target.exists():
        shutil.rmtree(target)
    if source.exists():
        source.rename(target)
        target.chmod(0o700)
