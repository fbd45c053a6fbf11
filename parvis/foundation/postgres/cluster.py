"""One embedded PostgreSQL cluster: initialise, start, share between processes, stop, recover.

Processes share it through two file locks. `start.lock` is held while starting or stopping. `users.lock` is
held shared by every process that needs the cluster; the last one to leave stops it.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import pathlib
import signal
import subprocess
import time
from collections.abc import Iterator
from typing import Any, BinaryIO

import psycopg

from parvis.foundation.postgres import accounts, addresses, binaries
from parvis.foundation.postgres.accounts import Account
from parvis.foundation.settings import WrongSetting

logger = logging.getLogger(__name__)

START_SECONDS = 60
# After a kill -9 the dead server's children hold its shared memory for a moment: starting is retried.
RECOVERY_SECONDS = 15
_LARGEST_LOG_BYTES = 10 * 1024 * 1024

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "wal_compression": "on",
    "random_page_cost": "1.1",
    "jit": "off",  # our statements take milliseconds; compiling them takes longer
    "log_timezone": "UTC",
    "timezone": "UTC",
    "log_min_messages": "warning",
    "log_line_prefix": "%m [%p] %q%u@%d ",
}


class ClusterFailed(Exception):
    """PostgreSQL could not be started; the text holds what its log says."""


class Cluster:
    """The embedded cluster below a data folder."""

    def __init__(
        self,
        data: pathlib.Path,
        *,
        postgres_bin: pathlib.Path | None = None,
        postgres_user: str | None = None,
        extra_settings: dict[str, str] | None = None,
    ) -> None:
        self.data = data
        self.folder = addresses.cluster_folder(data)
        self.files = self.folder / "data"
        self.socket = addresses.socket_folder(data)
        self.log = self.folder / "postgres.log"
        self.account: Account = accounts.database_account(postgres_user)
        self._wanted_bin = postgres_bin
        self._settings = {**SETTINGS, **(extra_settings or {})}
        self._users_lock: BinaryIO | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._programs: binaries.Binaries | None = None

    # Sharing ------------------------------------------------------------------------------------------
    def acquire(self) -> None:
        """Make sure that the cluster runs and stays while this process needs it."""
        self._prepare_folders()
        with self._locked("start.lock"):
            if self._users_lock is None:
                self._users_lock = self._open_lock("users.lock")
                fcntl.flock(self._users_lock, fcntl.LOCK_SH)
            self._ensure_running()

    def release(self) -> None:
        """Say that this process no longer needs the cluster; stop it when nobody else does."""
        if self._users_lock is None:
            return
        with self._locked("start.lock"):
            try:
                fcntl.flock(self._users_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self._leave_running()
            else:
                self._stop()
            self._users_lock.close()
            self._users_lock = None

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Hold the cluster for the time of a block."""
        self.acquire()
        try:
            yield
        finally:
            self.release()

    def is_alive(self) -> bool:
        """Whether the server's process exists; cheap, and no proof that it answers."""
        if self._process is not None:
            return self._process.poll() is None
        try:
            os.kill(self._pid(), 0)
        except PermissionError:
            return True
        except (OSError, ValueError, IndexError):
            return False
        return True

    def _pid(self) -> int:
        return int((self.files / "postmaster.pid").read_text().splitlines()[0])

    def revive(self) -> bool:
        """Start the cluster again if it died; return whether it had."""
        if self._users_lock is None or self._answers():
            return False
        with self._locked("start.lock"):
            if self._answers():
                return False
            self._ensure_running()
        return True

    def superuser(self, database: str = "postgres") -> addresses.Address:
        """Return the address of the cluster's superuser, used for roles and databases only."""
        address = addresses.embedded(self.data, addresses.SUPERUSER, database)
        # The port only names the socket; tests make a cluster that is reached by others too.
        return {**address, "port": self._settings["port"]} if "port" in self._settings else address

    @property
    def programs(self) -> binaries.Binaries:
        """Return the programs that fit this cluster's data."""
        if self._programs is None:
            found = binaries.find(self._wanted_bin, self._data_version())
            self._programs = binaries.usable_by(found, self.account, self.folder / "programs")
        return self._programs

    # Starting -----------------------------------------------------------------------------------------
    def _ensure_running(self) -> None:
        if self._answers():
            return
        if not (self.files / "PG_VERSION").exists():
            self._initialise()
        deadline = time.monotonic() + RECOVERY_SECONDS
        while not self._answers():
            if self.is_alive() and self._is_ours(self._pid()):
                # It recovers by itself, e.g. after one of its processes was killed.
                time.sleep(0.2)
                if time.monotonic() > deadline + START_SECONDS:
                    raise ClusterFailed(f"PostgreSQL does not answer; see {self.log}")
                continue
            try:
                self._start()
            except ClusterFailed:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.5)

    def _is_ours(self, pid: int) -> bool:
        """Whether a process is this cluster's server: after a crash the number may be somebody else's."""
        try:
            return str(self.files) in pathlib.Path(f"/proc/{pid}/cmdline").read_text(errors="replace")
        except OSError:
            return False

    def _initialise(self) -> None:
        # Made beside and renamed when complete, so that an interrupted initdb is simply begun again.
        draft = self.folder / "data.new"
        self._run(["/bin/rm", "-rf", str(draft)])
        result = self._run([
            self.programs.program("initdb"), "--pgdata", str(draft), "--username", addresses.SUPERUSER,
            "--auth", "peer", "--encoding", "UTF8", "--data-checksums", "--no-instructions", *self._locale(),
        ])  # fmt: skip
        if result.returncode != 0:
            raise ClusterFailed(
                f"PostgreSQL could not be initialised: {result.stderr.decode(errors='replace').strip()}"
            )
        self._run(["/bin/mv", str(draft), str(self.files)])

    def _locale(self) -> list[str]:
        # No ICU in the wheel: names are sorted by a key made in Python, and the database compares bytes.
        if self.programs.major >= 17:
            return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        return ["--locale=C.UTF-8"]

    def _start(self) -> None:
        self._write_access_rules()
        self._rotate_log()
        options = [f"--{name}={value}" for name, value in self._all_settings().items()]
        with open(self.log, "ab") as log:
            # Its own session: Ctrl-C in the terminal must reach Parvis first, which then stops PostgreSQL.
            self._process = subprocess.Popen(
                [self.programs.program("postgres"), "-D", str(self.files), *options],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                **self.account.popen_options(),
            )  # type: ignore[call-overload] # fmt: skip
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise ClusterFailed(
                    f"PostgreSQL did not start; the end of {self.log}:\n{self._last_log_lines()}"
                )
            time.sleep(0.05)

    def _all_settings(self) -> dict[str, str]:
        return {**self._settings, "unix_socket_directories": str(self.socket)}

    def _write_access_rules(self) -> None:
        """Let in this system user only, as any of our three roles, through the kernel's word (peer)."""
        names = {self.account.name, accounts.our_name()}
        roles = (addresses.SUPERUSER, addresses.OWNER, addresses.SERVING)
        mapping = "".join(f"parvis {name} {role}\n" for name in sorted(names) for role in roles)
        self._write("pg_ident.conf", mapping)
        self._write("pg_hba.conf", "local all all peer map=parvis\n")

    def _write(self, name: str, text: str) -> None:
        command = [
            "/bin/sh",
            "-c",
            'umask 077 && cat > "$1.new" && mv "$1.new" "$1"',
            "sh",
            str(self.files / name),
        ]
        self._run(command, stdin=text.encode()).check_returncode()

    def _answers(self) -> bool:
        try:
            with psycopg.connect(addresses.conninfo(self.superuser()), connect_timeout=5):
                return True
        except psycopg.OperationalError:
            return False

    # Stopping -----------------------------------------------------------------------------------------
    def _stop(self) -> None:
        for mode in ("fast", "immediate"):
            options = ["-D", str(self.files), "-m", mode, "-w", "-t", "60"]
            result = self._run([self.programs.program("pg_ctl"), "stop", *options])
            if result.returncode == 0 or not self.is_alive():
                break
            logger.warning(
                "postgres.not_stopped", extra={"said": result.stderr.decode(errors="replace").strip()}
            )
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=5)
            self._process = None

    def kill(self) -> None:
        """End the server as a power cut would (for tests)."""
        os.kill(self._pid(), signal.SIGKILL)
        if self._process is not None:
            self._process.wait(timeout=5)

    def _leave_running(self) -> None:
        if self._process is not None:
            # Others stop it: it is no longer for us to wait for.
            self._process.returncode = 0
            self._process = None

    # Files --------------------------------------------------------------------------------------------
    def _prepare_folders(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.socket.mkdir(parents=True, exist_ok=True)
        for folder in (self.folder, self.socket):
            self._own(folder)

    def _own(self, folder: pathlib.Path) -> None:
        state = folder.lstat()
        if not folder.is_dir() or folder.is_symlink() or state.st_uid not in (self.account.uid, os.geteuid()):
            raise WrongSetting("PARVIS_DATA_DIR", f"{folder} belongs to somebody else")
        if state.st_uid != self.account.uid:
            os.chown(folder, self.account.uid, self.account.gid)
        folder.chmod(0o700)
        if not self.account.can_enter(folder):
            problem = (
                f"the database's user “{self.account.name}” cannot enter {folder}; choose another folder"
            )
            raise WrongSetting("PARVIS_DATA_DIR", problem)

    def _data_version(self) -> int | None:
        try:
            return int((self.files / "PG_VERSION").read_text().strip())
        except FileNotFoundError:
            return None

    def _open_lock(self, name: str) -> BinaryIO:
        return open(
            os.open(self.data / f"postgres.{name}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+b"
        )

    @contextlib.contextmanager
    def _locked(self, name: str) -> Iterator[None]:
        with self._open_lock(name) as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _rotate_log(self) -> None:
        if self.log.exists() and self.log.stat().st_size > _LARGEST_LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))

    def _last_log_lines(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-10:])

    def _run(self, command: list[str], stdin: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
        options: dict[str, Any] = self.account.popen_options()
        return subprocess.run(command, input=stdin, capture_output=True, timeout=180, **options)
