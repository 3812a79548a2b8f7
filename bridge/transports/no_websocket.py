"""What HTTP meets where the library for WebSocket is not installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bridge.transports.connection import Connection

TEXT = b"WebSocket needs one more package where this server runs: pip install 'timbridge[listen]'\n"
REPLY = (
    b"HTTP/1.1 501 Not Implemented\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n"
    b"Content-Length: %d\r\n\r\n%b" % (len(TEXT), TEXT)
)


class NoWebSocketDoor:
    """Answers an HTTP request with what to install."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._seen = b""

    def feed(self, data: bytes) -> None:
        """Take what arrived; answer when the request is whole or too long."""
        self._seen += data
        if b"\r\n\r\n" in self._seen or len(self._seen) > 8192:
            self.finish()

    def step(self) -> bool:
        """Return False: there is nothing to carry out."""
        return False

    def finish(self) -> None:
        """Answer and end."""
        self._connection.write(REPLY)
        self._connection.end()

    def farewell(self) -> None:
        """Do nothing."""

    def admitted(self) -> bool:
        """Return False: nobody gets in here."""
        return False

    def too_much(self) -> None:
        """Answer and end."""
        self.finish()

    def close(self) -> None:
        """Do nothing."""
