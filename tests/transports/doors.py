"""
Every door behind one face: send a message, collect what comes, until a marker's reply.

A *message* is a JSON-RPC request as a dict. `Peer.trace(script)` gives, for each message, what came of it: replies as
{"result"} or {"error"}, events as {"method", "params"}, in order.
"""

from __future__ import annotations

import asyncio
import os
import queue
import socket
import threading
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from bridge.codecs import jsonrpc, platform
from bridge.codecs.errors import PlatformException
from bridge.codecs.framing import ContentLengthFraming, LineFraming
from bridge.codecs.standard import STANDARD
from bridge.control.messages import RpcClient
from bridge.emulator import Server, Settings, channels
from bridge.transports.listening import Listen, run
from bridge.transports.stdio import StdioDoor

TIMEOUT_S = 20
MARKER = "bridge.clock.now"


class Peer(ABC):
    """A client at some door."""

    def __init__(self) -> None:
        self._last = 0

    @abstractmethod
    def send(self, message: dict[str, Any]) -> None:
        """Send a request."""

    @abstractmethod
    def receive(self) -> dict[str, Any]:
        """Return the next message."""

    @abstractmethod
    def close(self) -> None:
        """Leave."""

    def ask(self, method: str, params: Any = None) -> list[dict[str, Any]]:
        """Make a call. Returns all that came up to and behind its reply, the ids left out."""
        self._last += 1
        mark = f"mark{self._last}"
        self.send({"jsonrpc": "2.0", "id": self._last, "method": method, "params": params})
        self.send({"jsonrpc": "2.0", "id": mark, "method": MARKER, "params": {}})
        came: list[dict[str, Any]] = []
        while True:
            message = self.receive()
            if message.get("id") == mark:
                return came
            came.append({key: message[key] for key in ("method", "params", "result", "error") if key in message})

    def trace(self, script: list[tuple[str, Any]]) -> list[list[dict[str, Any]]]:
        """Play a script of (method, params)."""
        return [[comparable(message) for message in self.ask(method, params)] for method, params in script]


def comparable(message: dict[str, Any]) -> dict[str, Any]:
    """Return a message with what the platform door cannot carry left out: all of an unknown method but its code."""
    if "error" in message and message["error"]["code"] == -32601:
        return {"error": {"code": -32601}}
    if "error" in message:
        error = message["error"]
        return {"error": {"code": error["code"], "message": error["message"], "data": error.get("data")}}
    return message


class MemoryPeer(Peer):
    """No door at all."""

    def __init__(self, server: Server) -> None:
        super().__init__()
        self._came: deque[bytes] = deque()
        self._client = RpcClient(server, lambda message: self._came.append(jsonrpc.dumps(message)))

    def send(self, message: dict[str, Any]) -> None:
        self._client.receive(jsonrpc.loads(jsonrpc.dumps(message)))

    def receive(self) -> dict[str, Any]:
        return jsonrpc.loads(self._came.popleft())

    def close(self) -> None:
        self._client.close()


class StreamPeer(Peer):
    """JSON-RPC in a stream of bytes."""

    def __init__(self, framing: Any, read: Callable[[], bytes], write: Callable[[bytes], Any], close: Callable[[], Any]):
        super().__init__()
        self._framing, self._read, self._write, self._close = framing, read, write, close
        self._came: deque[Any] = deque()

    def send(self, message: dict[str, Any]) -> None:
        self._write(self._framing.encode(jsonrpc.dumps(message)))

    def receive(self) -> dict[str, Any]:
        while not self._came:
            data = self._read()
            assert data, "the door closed the connection"
            self._came.extend(self._framing.feed(data))
        return jsonrpc.loads(self._came.popleft())

    def close(self) -> None:
        self._close()


class WebSocketPeer(Peer):
    """JSON-RPC over WebSocket."""

    def __init__(self, address: str) -> None:
        from websockets.sync.client import connect

        super().__init__()
        self._context = connect(f"ws://{address}/", max_size=None)
        self._socket = self._context.__enter__()

    def send(self, message: dict[str, Any]) -> None:
        self._socket.send(jsonrpc.dumps(message).decode())

    def receive(self) -> dict[str, Any]:
        return jsonrpc.loads(self._socket.recv(TIMEOUT_S))

    def close(self) -> None:
        self._context.__exit__(None, None, None)


class PlatformPeer(Peer):
    """Raw platform messages: channel calls on the plugin's channel, `bridge.*` on the reserved one."""

    def __init__(self, address: str, dialect: str) -> None:
        super().__init__()
        self._channel = next(name for name, other in channels().items() if dialect in other)
        self._socket = connected(address)
        self._socket.sendall(platform.MAGIC)
        self._framing = platform.PlatformFraming(expect_magic=False)
        self._came: deque[Any] = deque()
        self._ids: dict[int, Any] = {}

    def send(self, message: dict[str, Any]) -> None:
        number = len(self._ids) + 1
        self._ids[number] = message["id"]
        channel = "timbridge" if message["method"].startswith("bridge.") else self._channel
        call = STANDARD.encode_call(message["method"], message["params"])
        self._socket.sendall(platform.encode_frame(platform.MESSAGE, number, channel, call))

    def receive(self) -> dict[str, Any]:
        while not self._came:
            data = self._socket.recv(1 << 16)
            assert data, "the door closed the connection"
            self._came.extend(self._framing.feed(data))
        frame = self._came.popleft()
        if frame.kind == platform.EVENT:
            method, arguments = STANDARD.decode_call(frame.payload)
            expected = "timbridge" if method.startswith("bridge.") else self._channel
            assert expected == frame.channel
            return {"method": method, "params": arguments}
        reply: dict[str, Any] = {"id": self._ids[frame.request_id]}
        if not frame.payload:
            return {**reply, "error": {"code": -32601}}
        try:
            return {**reply, "result": STANDARD.decode_envelope(frame.payload)}
        except PlatformException as error:
            number = int(error.code) if error.code.lstrip("-").isdecimal() else error.code
            code = {"code": number, "message": error.message, "data": error.details}
            return {**reply, "error": code}

    def close(self) -> None:
        self._socket.close()


def connected(address: str) -> socket.socket:
    """Return a socket to a door of ours."""
    host, _, port = address.rpartition(":")
    peer = socket.create_connection((host, int(port)), TIMEOUT_S)
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return peer


@contextmanager
def listening(settings: Settings | None = None, server: Server | None = None, pages: Any = None, **listen: Any) -> Iterator[str]:
    """Serve on a free port in a thread; yields `host:port`."""
    server = server or Server(settings)
    ready: queue.Queue[Any] = queue.Queue()

    async def serve() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        await run(server, Listen("127.0.0.1", 0, **listen), lambda where: ready.put((where, loop, stop)), stop, pages)

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    address, loop, stop = ready.get(timeout=TIMEOUT_S)
    try:
        yield address
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(TIMEOUT_S)
        assert not thread.is_alive()


def tcp_peer(address: str, framing: Any) -> StreamPeer:
    """Return a client that speaks JSON-RPC over TCP."""
    peer = connected(address)
    return StreamPeer(framing, lambda: peer.recv(1 << 16), peer.sendall, peer.close)


def stdio_peer(settings: Settings, framing: Any) -> StreamPeer:
    """Return the client of a stdio door that runs in a thread, on pipes."""
    (theirs_in, ours_out), (ours_in, theirs_out) = os.pipe(), os.pipe()
    door = StdioDoor(Server(settings), theirs_in, theirs_out)

    def live() -> None:
        door.run()
        os.close(theirs_out)  # as the end of its process does

    thread = threading.Thread(target=live)
    thread.start()

    def close() -> None:
        os.close(ours_out)
        thread.join(TIMEOUT_S)
        for descriptor in (theirs_in, ours_in):
            os.close(descriptor)
        assert not thread.is_alive()

    return StreamPeer(framing, lambda: os.read(ours_in, 1 << 16), lambda data: os.write(ours_out, data), close)


def peer_at(door: str, settings: Settings, address: str) -> Peer:
    """Return a client at a door; `address` is that of a server with the same settings, for doors that listen."""
    if door == "stdio-lines":
        return stdio_peer(settings, LineFraming())
    if door == "stdio-content-length":
        return stdio_peer(settings, ContentLengthFraming())
    if door == "tcp-lines":
        return tcp_peer(address, LineFraming())
    if door == "tcp-content-length":
        return tcp_peer(address, ContentLengthFraming())
    if door == "websocket":
        return WebSocketPeer(address)
    if door == "platform":
        return PlatformPeer(address, settings.dialect)
    assert door == "memory"
    return MemoryPeer(Server(settings))


DOORS = ("stdio-lines", "stdio-content-length", "tcp-lines", "tcp-content-length", "websocket", "platform")
