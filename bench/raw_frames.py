"""What the server's machinery alone takes to send one frame to everybody: no database, no access, no topics.

`python -m bench.raw_frames PORT` runs it as a process of its own, with the options of `parvis run`.
"""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import uvicorn

from bench.installation import ROOT, wait_for

# As long as a frame of the gateway.
FRAME = '{{"topic":"home","id":"{}","type":"content.entry_published","position":"{}"}}'.format(
    "0" * 36, "1" * 90
)

_senders: set[Any] = set()


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Accept everybody; whoever says something has it told to all."""
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"ok\n"})
        return
    await receive()
    await send({"type": "websocket.accept"})
    _senders.add(send)
    while (await receive())["type"] == "websocket.receive":
        await asyncio.gather(*(one({"type": "websocket.send", "text": FRAME}) for one in list(_senders)))
    _senders.discard(send)


@contextlib.contextmanager
def running(port: int) -> Iterator[None]:
    """Run it for a block."""
    process = subprocess.Popen([sys.executable, "-m", "bench.raw_frames", str(port)], cwd=ROOT)
    try:
        wait_for(port)
        yield
    finally:
        process.terminate()
        process.wait(20)


def serve() -> None:
    """Serve until ended."""
    uvicorn.run(
        application, host="127.0.0.1", port=int(sys.argv[1]), http="httptools", ws="websockets-sansio",
        ws_per_message_deflate=False, lifespan="off", log_config=None, access_log=False,
        timeout_graceful_shutdown=1,
    )  # fmt: skip


if __name__ == "__main__":
    serve()
