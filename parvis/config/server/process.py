"""One server process: its socket, its signals, its end."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from types import FrameType

import uvicorn

from parvis.config.server.sockets import Sockets
from parvis.foundation.settings import Settings, WrongSetting

Listening = socket.socket
_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_SHUTDOWN_SECONDS = 10
# A thread that computes holds the interpreter for so long before another may: with ten of them, the five
# milliseconds of Python's default are fifty until the loop sends its next frame.
_TURN_SECONDS = 0.001
# How many objects are made between two searches for rings of dead ones. A page makes thousands that end with it:
# at Python's 700 each page was searched through many times, and all that was ever loaded again and again.
_OBJECTS_PER_SEARCH = 20_000


class _Server(uvicorn.Server):
    """Uvicorn, except that a signal ends the server and not the process: PostgreSQL stops after it."""

    def __init__(self, config: uvicorn.Config, on_started: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_started = on_started

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        previous = {number: signal.signal(number, self._end) for number in _SIGNALS}
        try:
            yield
        finally:
            # A second Ctrl-C while the rest stops must not leave PostgreSQL behind.
            for number in previous:
                signal.signal(number, signal.SIG_IGN)

    def _end(self, number: int, _frame: FrameType | None) -> None:
        if self.should_exit and number == signal.SIGINT:
            self.force_exit = True
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            _keep_what_is_loaded()
            self._on_started()


def _keep_what_is_loaded() -> None:
    """Take modules, models and templates out of the search for dead objects: they live as long as the process."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS_PER_SEARCH)


def bind(settings: Settings) -> socket.socket:
    """Take the port before anything else starts, so that a taken one is said at once."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # Named, since asyncio turns Nagle off only where it sees the protocol: else each answer waits 40 ms for an ACK.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        listening.bind((settings.host, settings.port))
        listening.listen(2048)
    except socket.gaierror:
        listening.close()
        raise WrongSetting("PARVIS_HOST", f"“{settings.host}” is no address of this machine") from None
    except OSError as error:
        listening.close()
        variable = "PARVIS_HOST" if error.errno == 99 else "PARVIS_PORT"
        raise WrongSetting(
            variable, f"cannot listen on {settings.host}:{settings.port}: {error.strerror}"
        ) from None
    return listening


def serve(settings: Settings, listening: socket.socket, on_started: Callable[[], None]) -> bool:
    """Serve until a signal comes; return whether it had started."""
    from parvis.config.asgi import build

    sys.setswitchinterval(_TURN_SECONDS)
    config = uvicorn.Config(
        build(settings),
        http="httptools",
        ws=Sockets,
        # Deflate takes two to four times the memory per connection, for frames of 100 bytes.
        ws_per_message_deflate=False,
        ws_max_size=64 * 1024,
        ws_ping_interval=25.0,
        ws_ping_timeout=25.0,
        lifespan="on",
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
        h11_max_incomplete_event_size=64 * 1024,
    )
    server = _Server(config, on_started)
    with contextlib.suppress(SystemExit):
        asyncio.run(server.serve(sockets=[listening]))
    return server.started
