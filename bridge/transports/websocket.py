"""JSON-RPC over WebSocket, a value per message. The protocol is that of the `websockets` library, without its I/O."""

from __future__ import annotations

import binascii
import logging
from base64 import urlsafe_b64decode
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from websockets.datastructures import MultipleValuesError
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol

from bridge.codecs.errors import MAX_MESSAGE_BYTES
from bridge.errors import BridgeError
from bridge.transports.http import NOT_HTTP
from bridge.transports.rpc import DONE, RpcPeer

if TYPE_CHECKING:
    from bridge.transports.access import Access
    from bridge.transports.connection import Connection
    from bridge.transports.listening import Listener

GOING_AWAY = 1001

SUBPROTOCOL = "timbridge"
"""What a page asks for beside `TOKEN_PREFIX` with the token: it can set no header, and an address would stand in histories and logs."""

TOKEN_PREFIX = "token."

FRAGMENT_BYTES = 1 << 20
"""How long the fragments of a long message are, at most, unless what they are made of is longer."""

# What a client gets wrong is told to the client.
log = logging.getLogger("bridge.transports.websocket.peers")
log.addHandler(logging.NullHandler())
log.propagate = False


class WebSocketDoor:
    """
    A client that speaks JSON-RPC over WebSocket: a text or binary message holds one value, as does each text
    message that it gets.

    `?world=NAME` says which world to begin in, `?dialect=NAME` and `?platform=NAME` what the client's device is,
    `?token=TEXT`, `Authorization: Bearer TEXT` or the subprotocol `token.` with the token in base64url beside `timbridge` presents
    the token. A browser may connect for pages of this machine, of this server, and of the origins that were allowed.
    """

    def __init__(self, listener: Listener, connection: Connection) -> None:
        self._listener = listener
        self._connection = connection
        self._protocol = ServerProtocol(max_size=MAX_MESSAGE_BYTES, logger=log, select_subprotocol=_selected)
        self._messages: deque[bytes] = deque()
        self._parts: list[bytes] = []
        self._peer: RpcPeer | None = None
        self._work: Iterator[None] | None = None

    def feed(self, data: bytes) -> None:
        """Take what arrived: first the head of the handshake, whole and alone."""
        self._protocol.receive_data(data)
        for event in self._protocol.events_received():
            if isinstance(event, Request):
                self._answer(event)
            elif isinstance(event, Frame):
                self._take(event)
        self._send()

    def step(self) -> bool:
        """Carry out the next message, or a slice of it. Returns False if there is none."""
        if self._peer is None:
            return False
        if self._work is None:
            if not self._messages:
                return False
            self._work = self._peer.begin(self._messages.popleft())
        elif next(self._work, DONE) is DONE:
            self._work = None
        return self._work is not None or bool(self._messages)

    def finish(self) -> None:
        """No more bytes come."""
        self._protocol.receive_eof()
        self._protocol.events_received()
        self._send()

    def farewell(self) -> None:
        """Close the WebSocket with the code that says that the server goes away."""
        if self._peer is not None and self._protocol.state.name == "OPEN":
            self._protocol.send_close(GOING_AWAY)
            self._send()

    def admitted(self) -> bool:
        """Return whether the client has been let in."""
        return self._peer is not None

    def too_much(self) -> None:
        """Do nothing: with its handshake a client has been let in, or refused."""

    def close(self) -> None:
        """The connection is gone."""
        self._listener.finish(self._work)
        self._work = None
        if self._peer is not None:
            self._peer.close()

    # --- the handshake

    def _answer(self, request: Request) -> None:
        """Answer a handshake: the client is let in, or the connection ends."""
        refusal = self._refusal(request)
        response = self._protocol.accept(request) if refusal is None else self._protocol.reject(*refusal)
        self._protocol.send_response(response)
        if response.status_code == 101:
            world = _query(request, "world") or ""
            self._peer = RpcPeer(
                self._listener.server,
                self._write,
                self._end,
                world,
                kind=_kind(request),
                write_parts=self._write_parts,
                is_behind=self._connection.is_behind,
            )

    def _refusal(self, request: Request) -> tuple[int, str] | None:
        """Return the HTTP status and text for a client that may not connect."""
        access = self._listener.access
        origin = _header(request, "Origin")
        if not access.welcomes(origin) and not (self._listener.pages and _is_own(origin, request)):
            return 403, f"Pages of {origin} may not connect. The server's owner can allow it: --allow-origin {origin}\n"
        if not access.is_open and not _has_token(request, access):
            return 401, "This server wants its token: ?token=TEXT, or the header Authorization: Bearer TEXT\n"
        try:
            self._listener.server.world().kind(*_kind(request))
        except BridgeError as error:
            return 400, f"{error}\n"
        if "upgrade" not in (_header(request, "Connection") or "").lower():
            return 426, NOT_HTTP
        return None

    # --- messages

    def _take(self, frame: Frame) -> None:
        if frame.opcode not in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
            return
        if frame.fin and not self._parts:
            self._messages.append(bytes(frame.data))
            return
        self._parts.append(bytes(frame.data))
        if frame.fin:
            self._messages.append(b"".join(self._parts))
            self._parts.clear()

    def _write(self, message: bytes) -> None:
        if self._protocol.state.name == "OPEN":
            self._protocol.send_text(message)
            self._send()

    def _write_parts(self, parts: list[bytes], length: int) -> None:
        """Send a long message in fragments."""
        if self._protocol.state.name != "OPEN":
            return
        send: Callable[[bytes, bool], None] = self._protocol.send_text
        at, last = 0, len(parts) - 1
        while at <= last:
            first, size = at, 0
            while at <= last and (at == first or size + len(parts[at]) <= FRAGMENT_BYTES):
                size += len(parts[at])
                at += 1
            send(b"".join(parts[first:at]), at > last)
            send = self._protocol.send_continuation
        self._send()

    def _end(self) -> None:
        self._protocol.send_close(1000)
        self._send()
        self._connection.end()

    def _send(self) -> None:
        ends = False
        for data in self._protocol.data_to_send():
            if data:
                self._connection.write(data)
            else:
                ends = True
        if ends:
            self._connection.end()


def _header(request: Request, name: str) -> str | None:
    """Return a header's value; of several, what is no value of any."""
    try:
        value: str | None = request.headers.get(name)
    except MultipleValuesError:
        return ", ".join(request.headers.get_all(name))
    return value


def _query(request: Request, name: str) -> str | None:
    try:
        found: Any = parse_qs(urlsplit(request.path).query).get(name)
    except ValueError:
        return None
    return found[-1] if found else None


def _selected(protocol: ServerProtocol, offered: Sequence[Subprotocol]) -> Subprotocol | None:
    """Return the subprotocol to be spoken; None to go on without one, whatever is offered."""
    wanted = Subprotocol(SUBPROTOCOL)
    return wanted if wanted in offered else None


def _is_own(origin: str | None, request: Request) -> bool:
    """Return whether a page is of this server, under the name by which it is asked: one that leads here."""
    host = _header(request, "Host")
    return origin is not None and host is not None and origin.casefold() in (f"http://{host}".casefold(), f"https://{host}".casefold())


def _offered_token(request: Request) -> str | None:
    """Return the token that stands among the subprotocols."""
    for name in (_header(request, "Sec-WebSocket-Protocol") or "").split(","):
        name = name.strip()
        if name.startswith(TOKEN_PREFIX):
            text = name.removeprefix(TOKEN_PREFIX)
            try:
                return urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
            except (binascii.Error, ValueError):
                return None
    return None


def _kind(request: Request) -> tuple[str | None, str | None]:
    """Return the dialect and the platform that a client asks for; None for what it leaves open."""
    return _query(request, "dialect"), _query(request, "platform")


def _has_token(request: Request, access: Access) -> bool:
    kind, _, token = (_header(request, "Authorization") or "").partition(" ")
    if kind.lower() == "bearer" and access.knows(token.strip()):
        return True
    return access.knows(_query(request, "token")) or access.knows(_offered_token(request))
