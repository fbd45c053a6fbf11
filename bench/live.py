"""What a live connection weighs and how long one event takes to reach everybody: `bin/bench live`.

It starts the real server (`parvis run`) on an empty data folder of its own, makes an organization with as
many people as connections, connects them all, and tells events. One table, one line in bench/results/.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

HOST = "127.0.0.1"
ROOT = pathlib.Path(__file__).resolve().parent.parent


def main() -> None:
    """Run the benchmark and print its table."""
    arguments = _arguments()
    data = pathlib.Path(tempfile.mkdtemp(prefix="parvis-bench-", dir="/tmp"))
    data.chmod(0o755)
    environment = {
        **os.environ,
        "PARVIS_DATA_DIR": str(data / "var"),
        "PARVIS_PORT": str(arguments.port),
        "PARVIS_LOG_LEVEL": "warning",
    }
    server = subprocess.Popen([str(ROOT / ".venv/bin/parvis"), "run"], env=environment, cwd=ROOT)
    try:
        _wait_for(arguments.port)
        os.environ.update(environment)
        figures = asyncio.run(_measure(arguments, server.pid))
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)
        shutil.rmtree(data, ignore_errors=True)
    _report(figures, arguments)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench live", description=__doc__)
    parser.add_argument("--connections", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--port", type=int, default=8149)
    return parser.parse_args()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://{HOST}:{port}/health/live", timeout=1).close()
            return
        except OSError:
            time.sleep(0.2)
    sys.exit("the server did not start")


@dataclass
class Seed:
    """What the clients need."""

    organization: UUID
    space: UUID
    sessions: list[str]


async def _measure(arguments: argparse.Namespace, process: int) -> dict[str, float]:
    seed = await asyncio.to_thread(_seed, arguments.connections)
    before = _memory(process)
    clients = [Client(arguments.port, key, seed.space) for key in seed.sessions]
    began, cpu = time.perf_counter(), _cpu_seconds(process)
    await _connect_all(clients)
    connected, cpu_to_connect = time.perf_counter() - began, _cpu_seconds(process) - cpu
    await asyncio.sleep(6)
    per_connection = (_memory(process) - before) / len(clients)
    for _ in range(3):
        await _tell(seed, clients)
    spans, cpu = [], _cpu_seconds(process)
    for _ in range(arguments.rounds):
        spans.append(await _tell(seed, clients))
        await asyncio.sleep(0.2)
    cpu = _cpu_seconds(process) - cpu
    hundred = [await _tell(seed, clients, only=100) for _ in range(arguments.rounds)]
    storm = await _storm(clients)
    return {
        "connections": len(clients),
        "kB per idle connection": per_connection,
        "connect all, s": connected,
        "server CPU per connection, ms": 1000 * cpu_to_connect / len(clients),
        "first reader, median ms": 1000 * statistics.median(span[0] for span in spans),
        "last reader, median ms": 1000 * statistics.median(span[1] for span in spans),
        "last reader, worst ms": 1000 * max(span[1] for span in spans),
        "spread first to last, median ms": 1000 * statistics.median(span[1] - span[0] for span in spans),
        "last of 100, median ms": 1000 * statistics.median(span[1] for span in hundred),
        "server CPU per event and reader, µs": 1e6 * cpu / arguments.rounds / len(clients),
        "all back after a cut, s": storm,
    }


def _seed(count: int) -> Seed:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.config.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    from parvis.foundation.tenancy import organization_scope
    from parvis.people.models import Identity, Organization, Person
    from parvis.spaces.models import Space

    organization = Organization.objects.create(slug="bench", name="Bench")
    identities = [Identity(email=f"p{number}@example.org", password="!") for number in range(count)]
    Identity.objects.bulk_create(identities)
    sessions, expires = [], timezone.now() + timedelta(days=1)
    for identity in identities:
        store = SessionStore()
        store.create = lambda: None  # type: ignore[method-assign]
        content = {
            SESSION_KEY: str(identity.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: identity.get_session_auth_hash(),
        }
        key = uuid4().hex
        sessions.append(Session(session_key=key, session_data=store.encode(content), expire_date=expires))
    Session.objects.bulk_create(sessions)
    with organization_scope(organization):
        Person.objects.bulk_create(
            [
                Person(
                    organization=organization,
                    identity=identity,
                    full_name=f"Person {number}",
                    sort_name=f"person {number}",
                )
                for number, identity in enumerate(identities)
            ]
        )
        space = Space.objects.create(kind=Space.Kind.NETWORK, name="Square", privacy=Space.Privacy.OPEN)
        # A realistic number of spaces to know about.
        Space.objects.bulk_create(
            [
                Space(
                    organization=organization,
                    kind=Space.Kind.NETWORK,
                    name=f"Space {number}",
                    privacy=Space.Privacy.OPEN,
                )
                for number in range(50)
            ]
        )
    return Seed(organization.pk, space.pk, [session.session_key for session in sessions])


@dataclass
class Client(asyncio.Protocol):
    """As little client as possible: it counts frames and remembers when the last one came."""

    port: int
    session_key: str
    space: UUID
    transport: Any = None
    position: str = ""
    frames: int = 0
    heard_at: float = 0.0
    buffer: bytes = b""
    is_open: bool = False
    ready: asyncio.Event = field(default_factory=asyncio.Event)

    __hash__ = object.__hash__

    async def connect(self) -> None:
        """Open, subscribe, and wait until the server is ready."""
        self.ready.clear()
        self.is_open, self.buffer = False, b""
        await asyncio.get_running_loop().create_connection(lambda: self, HOST, self.port)
        await asyncio.wait_for(self.ready.wait(), 60)

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        transport.write(
            f"GET /o/bench/api/v1/live HTTP/1.1\r\nHost: {HOST}:{self.port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
            f"Origin: http://{HOST}:{self.port}\r\nCookie: parvis_session={self.session_key}\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if not self.is_open:
            head, separator, rest = self.buffer.partition(b"\r\n\r\n")
            if not separator:
                return
            if b" 101 " not in head.split(b"\r\n")[0]:
                raise ConnectionError(head.decode())
            self.is_open, self.buffer = True, rest
            command: dict[str, Any] = {"subscribe": ["home", f"space:{self.space}", "inbox"]}
            if self.position:
                command["since"] = self.position
            self._send(json.dumps(command).encode())
        while len(self.buffer) >= 2:
            length, start = self.buffer[1], 2
            if length == 126:
                length, start = int.from_bytes(self.buffer[2:4]), 4
            if len(self.buffer) < start + length:
                return
            if self.buffer[0] & 0x0F == 9:
                self._send(self.buffer[start : start + length], opcode=b"\x8a")
            else:
                self._frame(self.buffer[start : start + length])
            self.buffer = self.buffer[start + length :]

    def _frame(self, payload: bytes) -> None:
        self.heard_at = time.perf_counter()
        if b'"ready"' in payload:
            self.position = json.loads(payload)["position"]
            self.ready.set()
        elif payload.startswith(b"{"):
            self.frames += 1

    def _send(self, payload: bytes, *, opcode: bytes = b"\x81") -> None:
        # Masked with zeros.
        length = bytes([0x80 | len(payload)]) if len(payload) < 126 else b"\xfe" + len(payload).to_bytes(2)
        self.transport.write(opcode + length + b"\0\0\0\0" + payload)

    def drop(self) -> None:
        """Cut without a word."""
        self.transport.abort()


async def _connect_all(clients: list[Client], *, at_once: int = 100) -> None:
    gate = asyncio.Semaphore(at_once)

    async def one(client: Client) -> None:
        async with gate:
            await client.connect()

    await asyncio.gather(*(one(client) for client in clients))


async def _tell(seed: Seed, clients: list[Client], *, only: int | None = None) -> tuple[float, float]:
    """Record one event; return seconds from its commit to the first and to the last reader (or the n-th)."""
    wanted = {client: client.frames + 1 for client in clients}
    committed = await asyncio.to_thread(_record, seed)
    deadline = time.perf_counter() + 10
    while any(client.frames < count for client, count in wanted.items()):
        if time.perf_counter() > deadline:
            raise TimeoutError("somebody heard nothing")
        await asyncio.sleep(0.002)
    heard = sorted(client.heard_at for client in clients)
    return heard[0] - committed, heard[(only or len(heard)) - 1] - committed


def _record(seed: Seed) -> float:
    from parvis.foundation.events import record
    from parvis.foundation.tenancy import organization_scope

    with organization_scope(seed.organization):
        record(_event_type()(space_id=seed.space, entry_id=uuid4()))
    return time.perf_counter()


def _event_type() -> Any:
    global _posted
    if _posted is None:
        from bench.live_event import Posted

        _posted = Posted
    return _posted


_posted: Any = None


async def _storm(clients: list[Client]) -> float:
    """Cut everybody at once; return how long until all are back, resumed."""
    for client in clients:
        client.drop()
    await asyncio.sleep(0.5)
    began = time.perf_counter()
    await _connect_all(clients, at_once=len(clients))
    return time.perf_counter() - began


def _memory(process: int) -> float:
    for line in pathlib.Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return float(line.split()[1])
    raise LookupError("no proportional set size")


def _cpu_seconds(process: int) -> float:
    numbers = pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(numbers[11]) + int(numbers[12])) / os.sysconf("SC_CLK_TCK")


def _report(figures: dict[str, float], arguments: argparse.Namespace) -> None:
    for name, value in figures.items():
        print(f"{name:<38}{value:>10.1f}")
    results = ROOT / "bench" / "results"
    results.mkdir(exist_ok=True)
    line = {
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        **{k: round(v, 2) for k, v in figures.items()},
    }
    with (results / "live.jsonl").open("a") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
