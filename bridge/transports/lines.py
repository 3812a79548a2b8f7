"""JSON-RPC over TCP: a value per line, or behind `Content-Length:` headers."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bridge.codecs.errors import Refused
from bridge.codecs.framing import Framing
from bridge.errors import INVALID_REQUEST
from bridge.transports.rpc import DONE, RpcPeer
from bridge.transports.strangers import FIRST_BYTES

if TYPE_CHECKING:
    from bridge.transports.connection import Connection
    from bridge.transports.listening import Listener


class LinesDoor:
    """
    A client that speaks JSON-RPC in a stream.

    A first message that is no JSON ends the connection behind its refusal: so the lines of an HTTP request that a
    web page was made to send are never carried out, whatever its body holds.
    """

    def __init__(self, listener: Listener, connection: Connection, framing: Framing) -> None:
        self._framing = framing
        self._listener = listener
        self._connection = connection
        self._frames: deque[bytes | bytearray | Refused] = deque()
        self._work: Iterator[None] | None = None
        self._first = True
        access = None if listener.access.is_open else listener.access
        write, parts = self._write, self._write_parts
        self._peer = RpcPeer(listener.server, write, connection.end, access=access, write_parts=parts, is_behind=connection.is_behind)

    def feed(self, data: bytes) -> None:
        """Take what arrived."""
        self._frames.extend(self._framing.feed(data))

    def step(self) -> bool:
        """Carry out the next frame, or a slice of it. Returns False if there is none."""
        if self._work is None:
            if not self._frames:
                return False
            self._work = self._peer.begin(self._frames.popleft())
        elif next(self._work, DONE) is DONE:
            self._work = None
        if self._work is not None:
            return True
        if self._first:
            self._first = False
            if not self._peer.understood:
                self._connection.end()
        return bool(self._frames)

    def finish(self) -> None:
        """Take what the stream ended in for a message."""
        self._frames.extend(self._framing.finish())

    def farewell(self) -> None:
        """Do nothing: a closed stream says it."""

    def admitted(self) -> bool:
        """Return whether the client has been let in."""
        return self._peer.client is not None

    def too_much(self) -> None:
        """Refuse a first message that is too long for a client whose token is due."""
        problem = f"the first message presents the token, in at most {FIRST_BYTES} bytes"
        self._peer.take(Refused(INVALID_REQUEST, problem))

    def close(self) -> None:
        """The connection is gone."""
        self._listener.finish(self._work)
        self._work = None
        self._peer.close()

    def _write(self, message: bytes) -> None:
        self._connection.write(self._framing.encode(message))

    def _write_parts(self, parts: list[bytes], length: int) -> None:
        before, behind = self._framing.around(length)
        for part in (before, *parts, behind):
            self._connection.write(part)
