"""A WebSocket as an end. The protocol is that of the `websockets` library, without its I/O."""

from __future__ import annotations

import logging
import socket
from collections import deque
from collections.abc import Callable, Iterator
from threading import Lock

from websockets.client import ClientProtocol
from websockets.datastructures import MultipleValuesError
from websockets.frames import Frame, Opcode
from websockets.http11 import Request, Response
from websockets.protocol import Protocol
from websockets.server import ServerProtocol
from websockets.uri import parse_uri

from bridge.codecs.errors import MAX_MESSAGE_BYTES
from bridge.errors import BridgeError
from bridge.transports.descriptors import CHUNK
from bridge.transports.ends import End, Inbox, reach

PASSED_ON = ("Authorization", "Origin")

log = logging.getLogger("bridge.transports.ends")
log.addHandler(logging.NullHandler())
log.propagate = False


class Wire:
    """A socket with a WebSocket on it."""

    def __init__(self, stream: socket.socket, protocol: Protocol) -> None:
        self._stream = stream
        self._protocol = protocol
        self._lock = Lock()
        self._came: deque[object] = deque()

    def read(self) -> Iterator[bytes]:
        """Yield messages until the other side has closed."""
        parts: list[bytes] = []
        for event in self.events():
            if not isinstance(event, Frame) or event.opcode not in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
                continue
            parts.append(bytes(event.data))
            if event.fin:
                yield b"".join(parts)
                parts.clear()

    def events(self) -> Iterator[object]:
        """Yield what comes: the head of the handshake, then frames."""
        while True:
            while self._came:
                yield self._came.popleft()
            data = self._stream.recv(CHUNK)
            if not data:
                return
            with self._lock:
                self._protocol.receive_data(data)
                self._came.extend(self._protocol.events_received())
                self._flush()

    def write(self, message: bytes) -> None:
        """Send a message. Raises OSError if it cannot be."""
        self._do_if_open(lambda: self._protocol.send_text(message))

    def close(self) -> None:
        """Say goodbye. Raises OSError if the other side has."""
        self._do_if_open(lambda: self._protocol.send_close(1000))

    def free(self) -> None:
        """Close the socket."""
        self._stream.close()

    def do(self, action: Callable[[], object]) -> None:
        """Have the protocol do something, and send what comes of it. Raises OSError if it cannot be."""
        with self._lock:
            action()
            self._flush()

    def _do_if_open(self, action: Callable[[], object]) -> None:
        with self._lock:
            if self._protocol.state.name != "OPEN":
                raise OSError("the WebSocket is closed")
            action()
            self._flush()

    def _flush(self) -> None:
        for data in self._protocol.data_to_send():
            if data:
                self._stream.sendall(data)
            else:
                self._stream.shutdown(socket.SHUT_WR)


def lead(inbox: Inbox, stream: socket.socket, host: str, port: int) -> tuple[End, End]:
    """
    Lead a client that asks for a WebSocket to a server, with the path and the credentials that it came with.

    Returns: the client's end, and the server's.

    Raises: BridgeError if the handshake with either fails; the client has been told what the server said.
    """
    protocol = ServerProtocol(max_size=MAX_MESSAGE_BYTES, logger=log)
    client = Wire(stream, protocol)
    request = next(client.events(), None)
    if not isinstance(request, Request):
        stream.close()
        raise BridgeError(f"a client asked for no WebSocket: {protocol.handshake_exc or 'it is gone'}")
    answer = protocol.accept(request)
    if answer.status_code == 101:
        server, refused = _open(request, host, port)
        if refused is not None:
            server.free()
            answer = protocol.reject(refused.status_code, (refused.body or b"").decode("utf-8", "replace"))
    client.do(lambda: protocol.send_response(answer))
    if answer.status_code != 101:
        stream.close()
        raise BridgeError(f"a WebSocket was not opened: {answer.status_code} {(answer.body or b'').decode('utf-8', 'replace').strip()}")
    return _end(inbox, client), _end(inbox, server)


def _open(request: Request, host: str, port: int) -> tuple[Wire, Response | None]:
    """Ask the server for what a client has asked for. Returns the wire, and the server's answer if it refuses."""
    where = f"[{host}]" if ":" in host else host
    protocol = ClientProtocol(parse_uri(f"ws://{where}:{port}{request.path}"), max_size=MAX_MESSAGE_BYTES, logger=log)
    wire = Wire(reach(host, port), protocol)
    asked = protocol.connect()
    for name in PASSED_ON:
        try:
            value = request.headers.get(name)
        except MultipleValuesError:
            continue
        if value is not None:
            asked.headers[name] = value
    wire.do(lambda: protocol.send_request(asked))
    answer = next(wire.events(), None)
    if protocol.handshake_exc is None:
        return wire, None
    nobody = Response(502, "Bad Gateway", asked.headers, b"the server is no WebSocket server\n")
    return wire, answer if isinstance(answer, Response) else nobody


def _end(inbox: Inbox, wire: Wire) -> End:
    return End(inbox, wire.read, wire.write, wire.close, wire.free)
