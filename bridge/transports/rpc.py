"""One client that speaks JSON-RPC, whatever carries its messages."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bridge.codecs import jsonrpc
from bridge.codecs.errors import Refused
from bridge.control.messages import RpcClient, error_message
from bridge.engine.journal import SMALL_BYTES
from bridge.errors import INVALID_REQUEST, ProtocolError
from bridge.transports.wall import wall_ms

if TYPE_CHECKING:
    from bridge.emulator import Server
    from bridge.transports.access import Access

Write = Callable[[bytes], None]

VALUES_PER_TEXT = 2
"""How many times as large as its JSON what the bridge answers is in memory; most of it, it has in common with the world."""


class RpcPeer:
    """
    Messages in, messages out. A frame that is none is answered with an error; nothing is raised.

    Args:
        server: the worlds.
        write: takes each message that goes out: one JSON text.
        end: called when the connection is to end, behind all that was written before.
        world: the world to begin in.
        access: whether the client must present a token first; None when it need not.
        kind: dialect and platform of the client's device; None for the server's.
    """

    def __init__(
        self,
        server: Server,
        write: Write,
        end: Callable[[], None],
        world: str = "",
        access: Access | None = None,
        kind: tuple[str | None, str | None] = (None, None),
    ) -> None:
        self._server = server
        self._write = write
        self._end = end
        self._world = world
        self._access = access
        self._kind = kind
        self._follows = server.settings.real_clock
        self._seen = 0
        self.client: RpcClient | None = None
        if access is None:
            self._open()

    def take(self, frame: bytes | Refused) -> bool:
        """Carry out a frame. Returns False if it was no JSON that the bridge takes."""
        client = self.client
        if isinstance(frame, Refused):
            self._refuse(ProtocolError(frame.code, frame.message))
            return False
        try:
            message = jsonrpc.loads(frame)
        except ProtocolError as refused:
            self._refuse(refused)
            return False
        if client is None:
            client = self._admit(message)
            if client is None:
                return True
        if self._follows:
            client.session.emulator.follow(wall_ms())
        journal = client.session.emulator.engine.journal
        self._seen = journal.last
        if len(frame) <= SMALL_BYTES:
            client.receive(message)
            return True
        journal.attentive = True
        try:
            client.receive(message)
        finally:
            journal.attentive = False
        return True

    def close(self) -> None:
        """The connection is gone."""
        if self.client is not None:
            self.client.close()
            self.client = None

    def _open(self) -> RpcClient:
        self.client = RpcClient(self._server, self._send, self._world, self._end)
        if self._kind != (None, None):
            self.client.session.choose(*self._kind)
        return self.client

    def _send(self, message: Any) -> None:
        data = jsonrpc.dumps(message)
        if len(data) > SMALL_BYTES and self.client is not None:
            journal = self.client.session.emulator.engine.journal
            if journal.last > self._seen:  # else it is no more than what was asked for, such as the journal itself
                journal.charge(len(data) * VALUES_PER_TEXT)
        self._write(data)

    def _refuse(self, error: ProtocolError, identifier: Any = None) -> None:
        self._send(error_message(identifier, error))

    def _admit(self, message: Any) -> RpcClient | None:
        """Let a client in whose first message presents the token; else tell it so and end the connection."""
        assert self._access is not None
        params = message.get("params") if isinstance(message, dict) else None
        if isinstance(params, dict) and message.get("method") == "bridge.authenticate":
            if self._access.knows(params.get("token")):
                return self._open()
            problem = "that is not the token of this server"
        else:
            problem = "this server wants its token first: bridge.authenticate {token}"
        identifier = message.get("id") if isinstance(message, dict) else None
        self._refuse(ProtocolError(INVALID_REQUEST, problem), identifier if isinstance(identifier, (str, int)) else None)
        self._end()
        return None
