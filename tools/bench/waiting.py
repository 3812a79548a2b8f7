"""
How long a ping waits while another client does its worst.

What counts is the server's own processor time between a ping and its answer, where the system tells it (Linux): what others
on the machine do meanwhile makes nobody wait in the end. The wall's time stands beside it.
"""

from __future__ import annotations

import json
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from tempfile import NamedTemporaryFile
from typing import Any, NamedTuple

from bridge.codecs import platform
from bridge.codecs.standard import STANDARD
from bridge.testing.wires import ServerProcess
from tools.bench import measuring
from tools.bench.doors import CHANNEL, HANDSHAKE, as_line
from tools.bench.measuring import Effort, Row, bridge_command

GOAL_MS = 50.0
PING = as_line({"jsonrpc": "2.0", "id": 1, "method": "bridge.ping", "params": {}})
EVERY_S = 0.002
PATIENCE_S = 100.0


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
    size, part, lists = f"{many >> 20} MB", f"{many >> 22} MB", int(3_900_000 * scale)

    def text(method: str) -> Callable[[], bytes]:
        return lambda: _request(method, b'{"text":"' + b"x" * many + b'"}')

    return {
        "a batch of 2 MB that sends": lambda: _batch(SAY, 2 << 20),
        "a batch of 2 MB that reads": lambda: _batch(READ, 2 << 20),
        "a batch of 2 MB of nothing": lambda: b"[" + b"1," * (1 << 20) + b"1]\n",
        "10,000 calls in a row": lambda: as_line({"jsonrpc": "2.0", "id": 1, **SAY}) * 10_000,
        f"a line of {size} that is no JSON": lambda: b"x" * many + b"\n",
        f"a line of {size} of one text": text("bridge.ping"),
        f"a message of {size}": text("createTextMessage"),
        f"a line of {size} of numbers": lambda: _request("bridge.ping", b'{"x":[' + b"1," * (many // 2) + b"1]}"),
        f"a line of {size} of lists": lambda: _request("bridge.ping", b'{"x":[' + b"[]," * (many // 3) + b"1]}"),
        "a call of 100,000 wrong keys": lambda: _request(
            "createTextMessage", b'{"text":"x",' + b",".join(b'"text%d":1' % number for number in range(100_000)) + b"}"
        ),
        f"a world of {part} that is none": lambda: _load(_messages(many // 4)[:-1] + b',{"from":1}]'),
        f"a world of {lists:,} lists": lambda: _request("bridge.world.load", b'{"world":[' + b"[]," * lists + b"1]}"),
        f"a world of {size} that is loaded, exported, loaded": lambda: _load(_messages(many)) + EXPORT + _load(b"[]"),
        f"a platform message of {size}": lambda: _call("getLoginUser", {"x": bytes(many)}),
        "a platform message of numbers": lambda: _call("getLoginUser", {"x": [None] * 1_000_000}),
    }


def reads(scale: float) -> dict[str, bytes]:
    """Return what a client asks for in a world of many users, friends, members, conversations and messages, by what it is."""
    many = int(5_000 * scale)
    searched = {"type": 0, "pageSize": 10, "pageIndex": 0}

    def call(method: str, **arguments: Any) -> bytes:
        return as_line({"jsonrpc": "2.0", "id": 1, "method": method, "params": arguments})

    def page(method: str, **arguments: Any) -> bytes:
        return ENTER + call(method, **arguments)

    def framed(method: str, **arguments: Any) -> bytes:
        asked = [*map(json.loads, ENTER.splitlines()), {"method": method, "params": arguments}]
        calls = enumerate((STANDARD.encode_call(one["method"], one["params"]) for one in asked), 1)
        return platform.MAGIC + b"".join(platform.encode_frame(platform.MESSAGE, number, CHANNEL, one) for number, one in calls)

    conversations = {"nextSeq": "0", "count": many}
    return {
        "a search of all messages": page("searchLocalMessages", searchParam={"keywordList": ["nowhere"], **searched}),
        "a search that finds all": page("searchLocalMessages", searchParam={"keywordList": ["text"], **searched}),
        "a search by platform message": framed("searchLocalMessages", searchParam={"keywordList": ["text"], **searched}),
        "a search over WebSocket": _in_frames(page("searchLocalMessages", searchParam={"keywordList": ["text"], **searched})),
        "an export": call("bridge.world.export"),
        "all of the journal": call("bridge.journal.list"),
        "the description of all methods": call("rpc.discover"),
        f"a list of {many:,} conversations": page("getConversationList", **conversations),
        f"a list of {many:,} conversations by platform message": framed("getConversationList", **conversations),
        f"a history of {many:,} messages": page("getGroupHistoryMessageList", groupID="big", count=many),
        f"a list of {many:,} friends": page("getFriendList"),
        f"a search of {many:,} members": page(
            "searchGroupMembers", param={"keywordList": ["user"], "groupIDList": ["all"], "isSearchMemberUserID": True}
        ),
        f"{many:,} conversations that are read": page("markAllMessageAsRead"),
        "a batch of 100 searches": b"[" + b",".join(page("searchGroups", searchParam={"keywordList": ["big"]}).splitlines() * 33) + b"]\n",
        "a world that is taken back": call("bridge.world.reset"),
    }


def _in_frames(lines: bytes) -> bytes:
    """Return a handshake and a text message for each line, as a WebSocket client sends them: masked, by nothing."""
    frames = [bytes((0x81, 0x80 | 126)) + struct.pack(">H", len(line)) + bytes(4) + line for line in lines.splitlines()]
    return HANDSHAKE + b"".join(frames)


def _peopled(scale: float) -> dict[str, Any]:
    """Return a world in which somebody has much of everything."""
    many, group = int(5_000 * scale), 5_000
    users = ["alice", *(f"user{number}" for number in range(many))]
    says = [{"from": f"user{number % many}", "to": "alice", "text": f"text {number} " + "x" * 100} for number in range(12 * many)]
    tells = [{"from": "user1", "group": "big", "text": f"text {number}"} for number in range(min(many, group))]
    return {
        "users": users,
        "friends": [{"owner": "alice", "user_id": user} for user in users[1:]],
        "groups": [
            {"group_id": "big", "owner": "alice", "members": ["alice", "user1"]},
            {"group_id": "all", "owner": "alice", "members": users},
        ],
        "messages": says + tells,
    }


ENTER = b"".join(
    as_line({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
    for method, params in (
        ("initSDK", {"sdkAppID": 1_400_000_001, "logLevel": 3, "uiPlatform": 1}),
        ("login", {"userID": "alice", "userSig": "x"}),
    )
)
EXPORT = as_line({"jsonrpc": "2.0", "id": 1, "method": "bridge.world.export", "params": {}})

def _messages(size: int) -> bytes:
    """Return a list of messages between a hundred users, of so many bytes as JSON."""
    text = b"x" * 150
    rows = [b'{"from":"user%d","to":"user%d","text":"%b"}' % (n % 97, n % 89 + 100, text) for n in range(size // 195)]
    return b"[" + b",".join(rows) + b"]"


def _load(messages: bytes) -> bytes:
    return _request("bridge.world.load", b'{"world":{"messages":' + messages + b"}}")


def rows(effort: Effort) -> Iterator[Row]:
    """Measure what is sent to a server of its own, then what is asked of one that has a large world."""
    measuring.spread()
    for name, make in worsts(effort.scale).items():
        with _serving() as server:
            yield _row(name, _worst_wait(server, make()))
    with NamedTemporaryFile("w", suffix=".json") as world:
        json.dump(_peopled(effort.scale), world)
        world.flush()
        with _serving("--world", world.name) as server:
            for name, data in reads(effort.scale).items():
                yield _row(name, _worst_wait(server, data))


class Wait(NamedTuple):
    """How long a ping waited at most: in the server's processor time, on the wall; and how long the other client took."""

    server_s: float
    wall_s: float
    took_s: float


def _row(name: str, wait: Wait) -> Row:
    said = f"{wait.wall_s * 1e3:.0f} ms on the wall, worst of {wait.took_s:.1f} s"
    return Row(f"ping beside {name}", wait.server_s * 1e3, "ms", GOAL_MS, said)


@contextmanager
def _serving(*options: str) -> Iterator[ServerProcess]:
    server = ServerProcess(options, command=bridge_command())
    try:
        yield server
    finally:
        server.stop()


def _clock_of(process: int) -> Callable[[], float]:
    """Return the clock of a process's processor time; the wall's where there is none."""
    if not sys.platform.startswith("linux"):
        return time.perf_counter
    return lambda: time.clock_gettime((~process << 3) | 2)  # as clock_getcpuclockid(3) makes it


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


def _worst_wait(server: ServerProcess, data: bytes) -> Wait:
    """Return how long the slowest ping took while the data was sent and answered, and how long that was."""
    host, _, port = server.address.removeprefix("tcp://").rpartition(":")
    clock = _clock_of(server.process.pid)
    with socket.create_connection((host, int(port))) as peer, NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for warm in (SAY, READ):  # what a first use has to load is not what is measured
            peer.sendall(as_line({"jsonrpc": "2.0", "id": 1, **warm}))
            peer.recv(1 << 16)
        for _ in range(20):
            _ping(peer, clock)
        begin = time.perf_counter()
        other = subprocess.Popen([sys.executable, "-c", HOSTILE, host, port, file.name])
        worst, longest = 0.0, 0.0
        while other.poll() is None and time.perf_counter() - begin < PATIENCE_S:
            computed, waited = _ping(peer, clock)
            worst, longest = max(worst, computed), max(longest, waited)
            time.sleep(EVERY_S)
        took = time.perf_counter() - begin
        other.kill()
        other.wait()
        return Wait(worst, longest, took)


def _ping(peer: socket.socket, clock: Callable[[], float]) -> tuple[float, float]:
    """Return how long the server computed until a ping was answered, and how long that took."""
    begin, computed = time.perf_counter(), clock()
    peer.sendall(PING)
    while not peer.recv(1 << 16).endswith(b"\n"):
        pass
    return clock() - computed, time.perf_counter() - begin
