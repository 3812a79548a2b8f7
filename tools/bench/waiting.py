"""How long a ping waits while another client does its worst."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from tempfile import NamedTemporaryFile
from typing import Any

from bridge.codecs import platform
from bridge.codecs.standard import STANDARD
from bridge.testing.wires import ServerProcess
from tools.bench.doors import CHANNEL, as_line
from tools.bench.measuring import Effort, Row, bridge_command

GOAL_MS = 50.0
PING = as_line({"jsonrpc": "2.0", "id": 1, "method": "bridge.ping", "params": {}})
EVERY_S = 0.002
PATIENCE_S = 240.0
TRIES = 3


def _request(method: str, params: bytes) -> bytes:
    return b'{"jsonrpc":"2.0","id":1,"method":"%b","params":%b}\n' % (method.encode(), params)


def _batch(one: dict[str, Any], size: int) -> bytes:
    """Return a batch of so many bytes."""
    text = json.dumps({"jsonrpc": "2.0", "id": 1, "pad": "x" * (size // 9_900 - 190), **one}).encode()
    return b"[" + b",".join([text] * 9_900) + b"]\n"


def _call(method: str, arguments: Any) -> bytes:
    return platform.MAGIC + platform.encode_frame(platform.MESSAGE, 1, CHANNEL, STANDARD.encode_call(method, arguments))


SAY = {"method": "bridge.user.say", "params": {"user": "bob", "to": "alice", "text": "x"}}
READ = {"method": "bridge.user.call", "params": {"user": "bob", "method": "getConversationList", "arguments": {"nextSeq": "0", "count": 9}}}


def worsts(scale: float) -> dict[str, Callable[[], bytes]]:
    """Return what a client sends, by what it is."""
    many = int((57 << 20) * scale)

    def text(method: str) -> Callable[[], bytes]:
        return lambda: _request(method, b'{"text":"' + b"x" * many + b'"}')

    return {
        "a batch of 2 MB that sends": lambda: _batch(SAY, 2 << 20),
        "a batch of 2 MB that reads": lambda: _batch(READ, 2 << 20),
        "a batch of 2 MB of nothing": lambda: b"[" + b"1," * (1 << 20) + b"1]\n",
        "10,000 calls in a row": lambda: as_line({"jsonrpc": "2.0", "id": 1, **SAY}) * 10_000,
        "a line of 57 MB that is no JSON": lambda: b"x" * many + b"\n",
        "a line of 57 MB of one text": text("bridge.ping"),
        "a message of 57 MB": text("createTextMessage"),
        "a line of 57 MB of numbers": lambda: _request("bridge.ping", b'{"x":[' + b"1," * (many // 2) + b"1]}"),
        "a line of 57 MB of lists": lambda: _request("bridge.ping", b'{"x":[' + b"[]," * (many // 3) + b"1]}"),
        "a call of 100,000 wrong keys": lambda: _request(
            "createTextMessage", b'{"text":"x",' + b",".join(b'"text%d":1' % number for number in range(100_000)) + b"}"
        ),
        "a world of 57 MB that is loaded": lambda: _load(_messages(many)),
        "a world of 57 MB that is none": lambda: _load(_messages(many)[:-1] + b',{"from":1}]'),
        "a world of 4 million lists": lambda: _request("bridge.world.load", b'{"world":[' + b"[]," * int(3_900_000 * scale) + b"1]}"),
        "a world of 57 MB that is loaded, exported, loaded": lambda: _load(_messages(many)) + EXPORT + _load(b"[]"),
        "a platform message of 57 MB": lambda: _call("getLoginUser", {"x": bytes(many)}),
        "a platform message of numbers": lambda: _call("getLoginUser", {"x": [None] * 1_000_000}),
    }


def whole(scale: float) -> dict[str, Callable[[], bytes]]:
    """Return what is never cut, and has no goal."""
    many = int((57 << 20) * scale)
    return {"a search in that world": lambda: _load(_messages(many)) + SEARCH}


EXPORT = as_line({"jsonrpc": "2.0", "id": 1, "method": "bridge.world.export", "params": {}})
SEARCH = as_line(
    {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "bridge.user.call",
        "params": {
            "user": "user1",
            "method": "searchLocalMessages",
            "arguments": {"searchParam": {"keywordList": ["nowhere"], "type": 0, "pageSize": 10, "pageIndex": 0}},
        },
    }
)


def _messages(size: int) -> bytes:
    """Return a list of messages between a hundred users, of so many bytes as JSON."""
    text = b"x" * 150
    rows = [b'{"from":"user%d","to":"user%d","text":"%b"}' % (n % 97, n % 89 + 100, text) for n in range(size // 195)]
    return b"[" + b",".join(rows) + b"]"


def _load(messages: bytes) -> bytes:
    return _request("bridge.world.load", b'{"world":{"messages":' + messages + b"}}")


def rows(effort: Effort) -> Iterator[Row]:
    """Measure each on a server of its own; again while the goal is missed, for a busy machine makes everybody wait."""
    for goal, found in ((GOAL_MS, worsts(effort.scale)), (None, whole(effort.scale))):
        for name, make in found.items():
            data = make()
            waited, took = _beside(data)
            for _ in range(TRIES - 1):
                if goal is not None and waited * 1e3 > goal:
                    waited, took = min((waited, took), _beside(data))
            yield Row(f"ping beside {name}", waited * 1e3, "ms", goal, f"worst of {took:.1f} s")


def _beside(data: bytes) -> tuple[float, float]:
    server = ServerProcess(command=bridge_command())
    try:
        host, _, port = server.address.removeprefix("tcp://").rpartition(":")
        return _worst_wait((host, int(port)), data)
    finally:
        server.stop()


HOSTILE = """
import socket, sys, threading
peer = socket.create_connection((sys.argv[1], int(sys.argv[2])))
data = open(sys.argv[3], "rb").read()
def send():
    try:
        peer.sendall(data)
        peer.shutdown(socket.SHUT_WR)
    except OSError:
        pass
threading.Thread(target=send, daemon=True).start()
try:
    while peer.recv(1 << 20):
        pass
except OSError:
    pass
"""
"""A client of its own process: sends what a file holds, and reads all that it is answered."""


def _worst_wait(address: tuple[str, int], data: bytes) -> tuple[float, float]:
    """Return how long the slowest ping took while the data was sent and answered, and how long that was."""
    with socket.create_connection(address) as peer, NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for warm in (SAY, READ):  # what a first use has to load is not what is measured
            peer.sendall(as_line({"jsonrpc": "2.0", "id": 1, **warm}))
            peer.recv(1 << 16)
        for _ in range(20):
            _ping(peer)
        begin = time.perf_counter()
        other = subprocess.Popen([sys.executable, "-c", HOSTILE, address[0], str(address[1]), file.name])
        worst = 0.0
        while other.poll() is None and time.perf_counter() - begin < PATIENCE_S:
            worst = max(worst, _ping(peer))
            time.sleep(EVERY_S)
        took = time.perf_counter() - begin
        other.kill()
        other.wait()
        return worst, took


def _ping(peer: socket.socket) -> float:
    begin = time.perf_counter()
    peer.sendall(PING)
    while not peer.recv(1 << 16).endswith(b"\n"):
        pass
    return time.perf_counter() - begin
