"""WebSockets as uvicorn speaks them, except that a frame which a thousand windows get is made once.

An event reaches every window of its readers. Making its frame anew for each was a quarter of what telling them cost, by a
profile of `bin/bench mix`.
"""

from __future__ import annotations

from typing import Any

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.protocol import State


class Sockets(WebSocketsSansIOProtocol):
    """Sends `message["parvis.frame"]`, where there is one, as it is."""

    async def send(self, message: Any) -> None:
        """Send a message of the application."""
        frame = message.get("parvis.frame")
        if frame is None or not self.handshake_complete or self.conn.state is not State.OPEN:
            await super().send(message)
            return
        await self.writable.wait()
        if self.disconnected:
            raise ClientDisconnected
        self.transport.write(frame)
