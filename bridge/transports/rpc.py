"""One client that speaks JSON-RPC, whatever carries its messages."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bridge.codecs import jsonrpc
from bridge.codecs.errors import Refused
from bridge.control.session import Session
from bridge.errors import ProtocolError
from bridge.transports.wall import wall_ms

if TYPE_CHECKING:
    from bridge.emulator import Server
    from bridge.transports.access import Access

Write = Callable[[bytes], None]


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
        self.session: Session | None = None
        if access is None:
            self._open()

    def take(self, frame: bytes | Refused) -> bool:
        """Carry out a frame. Returns False if it was no JSON that the bridge takes."""
        session = self.session
        if isinstance(frame, Refused):
            self._refuse(frame.code, frame.message)
            return False
        try:
            message = jsonrpc.loads(frame)
        except ProtocolError as refused:
            self._refuse(refused.code, refused.message)
            return False
        if session is None:
            session = self._admit(message)
            if session is None:
                return True
        if self._follows:
            session.emulator.follow(wall_ms())
        session.receive(message)
        return True

    def close(self) -> None:
        """The connection is gone."""
        if self.session is not None:
            self.session.close()
            self.session = None

    def _open(self) -> Session:
        self.session = Session(self._server, self._send, self._world, self._end, self._kind)
        return self.session

    def _send(self, message: Any) -> None:
        self._write(jsonrpc.dumps(message))

    def _refuse(self, code: int, message: str, identifier: Any = None) -> None:
        self._send({"jsonrpc": "2.0", "id": identifier, "error": {"code": code, "message": message}})

    def _admit(self, message: Any) -> Session | None:
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
        self._refuse(-32600, problem, identifier if isinstance(identifier, (str, int)) else None)
        self._end()
        return None
