"""A mail server that takes each mail and keeps only when it came and for whom: `python -m bench.mailbox PORT FILE`.

A process of its own, nicer than all others: who takes mails in is another machine as a rule.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import pathlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from bench.installation import HOST, ROOT


@dataclass
class Mailbox:
    """What came in since it was last emptied."""

    file: pathlib.Path
    seen: int = 0

    def empty(self) -> None:
        """Look only at what comes from now on."""
        self.seen = len(self._lines())

    def mails(self) -> list[tuple[float, str]]:
        """Return when each mail came, by `time.time`, and for whom."""
        lines = [line.split(" ", 1) for line in self._lines()[self.seen :]]
        return [(float(at), recipient) for at, recipient in lines]

    def _lines(self) -> list[str]:
        return self.file.read_text().splitlines()


@contextlib.contextmanager
def taking_mails(port: int) -> Iterator[Mailbox]:
    """Run the server for a block."""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "mails"
        file.touch()
        command = [sys.executable, "-m", "bench.mailbox", str(port), str(file)]
        process = subprocess.Popen(command, cwd=ROOT)
        try:
            yield Mailbox(file)
        finally:
            process.terminate()
            process.wait()


class _Session(asyncio.Protocol):
    """Says yes to everything."""

    def __init__(self, log: IO[str]) -> None:
        self._log, self._buffer, self._is_content = log, b"", False
        self._recipients: list[str] = []
        self._transport: Any = None

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        transport.write(b"220 bench\r\n")

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n.\r\n" if self._is_content else b"\r\n")) >= 0:
            text = self._buffer[:end]
            self._buffer = self._buffer[end + (5 if self._is_content else 2) :]
            self._transport.write(self._take_content() if self._is_content else self._answer(text))

    def _take_content(self) -> bytes:
        now = time.time()
        self._log.writelines(f"{now} {recipient}\n" for recipient in self._recipients)
        self._log.flush()
        self._is_content, self._recipients = False, []
        return b"250 OK\r\n"

    def _answer(self, line: bytes) -> bytes:
        verb = line[:4].upper()
        if verb == b"RCPT":
            self._recipients.append(line[line.find(b"<") + 1 : line.find(b">")].decode())
        if verb == b"DATA":
            self._is_content = True
            return b"354 go on\r\n"
        return b"221 bye\r\n" if verb == b"QUIT" else b"250 OK\r\n"


async def _serve(port: int, file: str) -> None:
    with open(file, "a") as log:
        server = await asyncio.get_running_loop().create_server(lambda: _Session(log), HOST, port)
        await server.serve_forever()


if __name__ == "__main__":
    os.nice(10)
    asyncio.run(_serve(int(sys.argv[1]), sys.argv[2]))
