"""The system account that runs PostgreSQL: ourselves, or an unprivileged one when we are root."""

from __future__ import annotations

import os
import pathlib
import pwd
import subprocess
from dataclasses import dataclass

from parvis.foundation.settings import WrongSetting

CANDIDATES = ("parvis", "postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """A system user and the names under which PostgreSQL sees it."""

    name: str
    uid: int
    gid: int

    @property
    def is_ourselves(self) -> bool:
        """Whether no change of user is needed to act as this account."""
        return self.uid == os.geteuid()

    def popen_options(self) -> dict[str, object]:
        """Return what `subprocess` needs to run a program as this account, in a clean surrounding."""
        # The working directory of a root shell may be closed to the account: PostgreSQL refuses to start there.
        options: dict[str, object] = {
            "cwd": "/",
            "env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
        }
        if not self.is_ourselves:
            options |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return options

    def can_enter(self, folder: pathlib.Path) -> bool:
        """Whether the account can go through a folder; asked of the kernel, which knows ACLs and mounts."""
        return self._test("-x", folder)

    def can_read(self, path: pathlib.Path) -> bool:
        """Whether the account can read a file."""
        return self._test("-r", path)

    def _test(self, flag: str, path: pathlib.Path) -> bool:
        return subprocess.run(["/usr/bin/test", flag, str(path)], **self.popen_options()).returncode == 0  # type: ignore[call-overload,no-any-return]


def database_account(wanted: str | None = None) -> Account:
    """Return the account that runs PostgreSQL, which refuses to run as root."""
    if os.geteuid() != 0:
        return _ourselves()
    for name in (wanted,) if wanted else CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid == 0:
            raise WrongSetting("PARVIS_POSTGRES_USER", "must not be root; PostgreSQL refuses to run as root")
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise WrongSetting("PARVIS_POSTGRES_USER", f"no such system user: {wanted or ', '.join(CANDIDATES)}")


def _ourselves() -> Account:
    try:
        name = pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        problem = f"user id {os.geteuid()} has no entry in /etc/passwd, which PostgreSQL needs; add one or use your own"
        raise WrongSetting("PARVIS_DATABASE_URL", problem) from None
    return Account(name, os.geteuid(), os.getegid())


def our_name() -> str:
    """Return the name under which PostgreSQL's peer check sees this process."""
    return pwd.getpwuid(os.geteuid()).pw_name
