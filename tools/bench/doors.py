"""The doors of a listening server: round trips, worlds, many connections at once."""

from __future__ import annotations

import json
import socket
import struct
import time
from collections.abc import Callable, Iterator
from selectors import EVENT_READ, DefaultSelector
from typing import Any

from bridge.codecs import platform
from bridge.codecs.standard import STANDARD
from bridge.testing.wires import ServerProcess
from tools.bench.measuring import Effort, Row, bridge_command, in_turns
from tools.bench.stdio import line, opening, pin_call

TRIPS, CONNECTIONS, CALLS_EACH, WORLDS = 2000, 200, 50, 300
HANDSHAKE = (
    b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)
CHANNEL = "tencent_cloud_chat_sdk"

Wrap = Callable[[dict[str, Any]], bytes]


class Peer:
    """A blocking client: a request goes out, and its reply is read whole."""

    def __init__(self, address: str, wrap: Wrap, is_whole: Callable[[bytes], bool], hello: bytes = b"") -> None:
        host, _, port = address.removeprefix("tcp://").rpartition(":")
        self.socket = socket.create_connection((host, int(port)))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.wrap = wrap
        self._is_whole = is_whole
        if hello:
            self.socket.sendall(hello)
            if hello is HANDSHAKE:
                self.socket.recv(4096)
        for request in opening():
            self.ask(wrap(json.loads(request)))
        time.sleep(0.02)
        self.socket.setblocking(False)
        try:
            self.socket.recv(1 << 20)  # events of the opening
        except BlockingIOError:
            pass
        self.socket.setblocking(True)

    def ask(self, data: bytes) -> bytes:
        """Send a request and wait for a whole reply."""
        self.socket.sendall(data)
        reply = self.socket.recv(1 << 20)
        while not self._is_whole(reply):
            reply += self.socket.recv(1 << 20)
        return reply


def as_line(message: dict[str, Any]) -> bytes:
    """Return a request as a line."""
    return json.dumps(message).encode() + b"\n"


def as_websocket(message: dict[str, Any]) -> bytes:
    """Return a request as a masked text frame."""
    data = json.dumps(message).encode()
    size = bytes([128 | len(data)]) if len(data) < 126 else b"\xfe" + struct.pack(">H", len(data))
    return b"\x81" + size + bytes(4) + data


def as_platform(message: dict[str, Any]) -> bytes:
    """Return a request as a frame of a platform message."""
    channel = "timbridge" if message["method"].startswith("bridge.") else CHANNEL
    return platform.encode_frame(0, message["id"], channel, STANDARD.encode_call(message["method"], message["params"]))


def whole_frame(data: bytes) -> bool:
    """Return whether a reply of the platform door is there whole."""
    return len(data) >= 4 and len(data) >= 4 + int.from_bytes(data[:4], "big")


def whole_message(data: bytes) -> bool:
    """Return whether a WebSocket message is there whole, by its own length."""
    if len(data) < 4:
        return False
    return len(data) >= (4 + int.from_bytes(data[2:4], "big") if data[1] == 126 else 2 + data[1])


def peers(address: str) -> dict[str, Peer]:
    """Return a client at each door."""
    return {
        "TCP": Peer(address, as_line, lambda data: data.endswith(b"\n")),
        "WebSocket": Peer(address, as_websocket, whole_message, HANDSHAKE),
        "platform messages": Peer(address, as_platform, whole_frame, platform.MAGIC),
    }


def door_rows(effort: Effort) -> Iterator[Row]:
    """Measure all of it on one server."""
    server = ServerProcess(command=bridge_command())
    try:
        yield from _trip_rows(server.address, effort)
        yield from _world_rows(server.address, effort)
        yield _crowd_row(server.address, effort)
    finally:
        server.stop()


def trips(peer: Peer, effort: Effort) -> float:
    """Return the seconds of a round trip of a small stateful call."""
    times = effort.times(TRIPS)
    requests = [peer.wrap(json.loads(pin_call(number))) for number in range(10, 10 + times)]
    begin = time.perf_counter()
    for request in requests:
        peer.ask(request)
    return (time.perf_counter() - begin) / times


def _trip_rows(address: str, effort: Effort) -> Iterator[Row]:
    open_peers = peers(address)
    medians = in_turns(effort.rounds, {name: lambda p=peer: trips(p, effort) for name, peer in open_peers.items()})  # type: ignore[misc]
    for name, seconds in medians.items():
        open_peers[name].socket.close()
        yield Row(f"round trip of a small call, {name}", seconds * 1e6, "us", None)


def _world_rows(address: str, effort: Effort) -> Iterator[Row]:
    peer = Peer(address, as_line, lambda data: data.endswith(b"\n"))
    times, number = effort.times(WORLDS), 0

    def opened() -> float:
        nonlocal number
        begin = time.perf_counter()
        for _ in range(times):
            number += 1
            peer.ask(line(number, "bridge.world.use", {"world": f"w{number}"}))
        return (time.perf_counter() - begin) / times

    def reset() -> float:
        begin = time.perf_counter()
        for _ in range(times):
            peer.ask(line(1, "bridge.world.reset", {}))
        return (time.perf_counter() - begin) / times

    medians = in_turns(effort.rounds, {"open": opened, "reset": reset})
    peer.socket.close()
    yield Row("a fresh world over TCP", medians["open"] * 1e6, "us", None)
    yield Row("reset of an empty world over TCP", medians["reset"] * 1e6, "us", None)


def _crowd_row(address: str, effort: Effort) -> Row:
    each = effort.times(CALLS_EACH)
    crowd = [Peer(address, as_line, lambda data: data.endswith(b"\n")) for _ in range(CONNECTIONS)]
    for number, peer in enumerate(crowd):
        peer.ask(line(1, "bridge.world.use", {"world": f"crowd {number}"}))

    def together() -> float:
        begin = time.perf_counter()
        left = dict.fromkeys((peer.socket for peer in crowd), each)
        with DefaultSelector() as selector:
            for peer in crowd:
                selector.register(peer.socket, EVENT_READ)
                peer.socket.sendall(line(each, "getLoginUser", {}))
            while left:
                for key, _ in selector.select():
                    peer_socket: Any = key.fileobj
                    peer_socket.recv(1 << 16)
                    left[peer_socket] -= 1
                    if left[peer_socket]:
                        peer_socket.sendall(line(left[peer_socket], "getLoginUser", {}))
                    else:
                        selector.unregister(peer_socket)
                        del left[peer_socket]
        return (time.perf_counter() - begin) / (each * CONNECTIONS)

    seconds = in_turns(max(3, effort.rounds // 3), {"together": together})["together"]
    for peer in crowd:
        peer.socket.close()
    detail = f"{1 / seconds:.0f} calls/s, client and server on one core"
    return Row(f"a call among {CONNECTIONS} connections", seconds * 1e6, "us", None, detail)
