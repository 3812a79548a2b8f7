"""What one client may ask for at once, and that the others need not wait for it."""

from __future__ import annotations

import json
import select
import socket
from typing import Any

import pytest

from bridge.codecs import jsonrpc, platform
from bridge.codecs.framing import LineFraming
from bridge.codecs.standard import STANDARD
from bridge.control import messages
from bridge.emulator import Server, Settings
from bridge.transports import rpc
from bridge.world.chats.messages import MESSAGES
from tests.support.line import Line
from tests.transports.doors import connected, listening, peer_at

SAY = {"user": "bob", "to": "alice", "text": "x"}
CHANNEL = "tencent_cloud_chat_sdk"


def request(method: str, params: Any = None, number: Any = 1) -> dict[str, Any]:
    """Return a request."""
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": params}


def answers(data: bytes, server: Server | None = None) -> list[Any]:
    """Send bytes to a listening server, and return all that it says."""
    with listening(server=server) as address, connected(address) as peer:
        peer.sendall(data)
        peer.shutdown(socket.SHUT_WR)
        came = bytearray()
        while chunk := peer.recv(1 << 20):
            came += chunk
    return [jsonrpc.loads(line) for line in came.splitlines()]


BUSY = {
    "a batch": jsonrpc.dumps([request("bridge.user.say", SAY)] * 1500) + b"\n",
    "calls in a row": (jsonrpc.dumps(request("bridge.user.say", SAY)) + b"\n") * 1500,
    "a large message": b'{"jsonrpc":"2.0","id":1,"method":"bridge.world.load","params":{"world":[' + b"[[]]," * 150_000 + b"1]}}\n",
    "a large platform message": platform.MAGIC
    + platform.encode_frame(platform.MESSAGE, 1, CHANNEL, STANDARD.encode_call("getLoginUser", {"x": [["x"] * 9] * 1900})) * 40,
}


@pytest.mark.parametrize("kind", BUSY)
def test_ping_is_answered_in_between(kind: str) -> None:
    """Another client is answered while a client's batch, its many calls or its large message is still being carried out."""
    with listening() as address, connected(address) as busy, connected(address) as other:
        other.sendall(jsonrpc.dumps(request("bridge.ping")) + b"\n")
        assert b"version" in other.recv(1 << 16)
        busy.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
        busy.sendall(BUSY[kind])
        busy.shutdown(socket.SHUT_WR)
        for _ in range(3):
            other.sendall(jsonrpc.dumps(request("bridge.ping")) + b"\n")
            assert b"version" in other.recv(1 << 16)
        came = bytearray()
        if select.select([busy], [], [], 0)[0]:
            came += busy.recv(100)
        assert b"" == came or kind in ("calls in a row", "a large platform message")
        while chunk := busy.recv(1 << 20):
            came += chunk
        assert came


@pytest.mark.parametrize("door", ["stdio-lines", "tcp-lines", "websocket", "memory"])
def test_batches_have_a_limit(door: str) -> None:
    """A batch of more than 10,000 requests is refused, and nothing of it is carried out."""
    with listening() as address:
        peer = peer_at(door, Settings(), address)
        at_first = peer.ask("bridge.journal.list")
        peer.send([request("bridge.user.say", SAY)] * (messages.MAX_BATCH + 1))  # type: ignore[arg-type]
        refused = peer.receive()
        assert (None, -32600) == (refused["id"], refused["error"]["code"])
        assert "the batch has 10001 requests; at most 10000 are taken at once" == refused["error"]["message"]
        assert at_first == peer.ask("bridge.journal.list")
        peer.close()


def test_replies_to_a_batch_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the replies become too long, the one that is says so, and the requests behind it are not carried out."""
    monkeypatch.setattr(rpc, "MAX_REPLIES_BYTES", 5000)
    server = Server()
    told = answers(jsonrpc.dumps([request("bridge.user.say", SAY, number) for number in range(9)]) + b"\n", server)
    codes = [reply.get("error", {}).get("code") for reply in told[0]]
    fit = codes.index(-32600)
    assert [None] * fit + [-32600] * (9 - fit) == codes
    assert f"carried out, but {messages.TOO_LONG}" == told[0][fit]["error"]["message"]
    assert f"not carried out: {messages.TOO_LONG}" == told[0][-1]["error"]["message"]
    assert fit + 1 == len(server.world().world[MESSAGES].rows)


def test_replies_that_just_fit_are_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many bytes as the limit says are within it, for the replies themselves."""
    asked = [request("bridge.ping", {}, number) for number in (1, 2)]
    both = answers(jsonrpc.dumps(asked) + b"\n", Server())[0]
    length = sum(len(jsonrpc.dumps(reply)) for reply in both)
    for limit, code in ((length, None), (length - 1, -32600)):
        monkeypatch.setattr(rpc, "MAX_REPLIES_BYTES", limit)
        told = answers(jsonrpc.dumps(asked) + b"\n", Server())[0]
        assert [None, code] == [reply.get("error", {}).get("code") for reply in told]


def test_replies_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reply that is too long is put into words; the call has been carried out."""
    monkeypatch.setattr(rpc, "MAX_MESSAGE_BYTES", 2000)
    server = Server()
    told = answers(jsonrpc.dumps(request("bridge.user.say", {**SAY, "text": "x" * 2000}, 7)) + b"\n", server)
    assert (7, -32600) == (told[0]["id"], told[0]["error"]["code"])
    assert told[0]["error"]["message"].startswith("carried out, but the reply is ")
    assert 1 == len(server.world().world[MESSAGES].rows)


FULL = [1] * 40_000


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (request("getLoginUser", {"x": FULL}), -32600),
        (request("bridge.user.call", {"user": "bob", "method": "getLoginUser", "arguments": {"x": FULL}}), -32600),
        ([request("getLoginUser"), request("bridge.ping", {"x": FULL})], -32602),
        ([request("getLoginUser", {"x": FULL * 6})], -32600),
        (request("bridge.world.load", {"world": FULL}), -32602),
        (request("bridge.turn", {"method": "bridge.world.load", "arguments": {"world": FULL}}), -32602),
        (request("getLoginUser", {"x": [1] * 19_000, "pad": "," * 60_000}), None),
    ],
)
def test_values_have_a_limit(message: Any, code: int | None) -> None:
    """A large message holds no more values than anybody needs; a world may hold many, a batch what its requests hold."""
    told = answers(jsonrpc.dumps(message) + b"\n")[-1]
    last = told[-1] if isinstance(told, list) else told
    assert code == last.get("error", {}).get("code")


@pytest.mark.parametrize(("channel", "payload"), [
    (CHANNEL, STANDARD.encode_call("getLoginUser", {"x": FULL})),
    ("timbridge", jsonrpc.dumps(request("getLoginUser", {"x": FULL}))),
])  # fmt: skip
def test_values_of_platform_messages_have_a_limit(channel: str, payload: bytes) -> None:
    """The same holds for platform messages, in the codec and as text."""
    with listening() as address, connected(address) as peer:
        peer.sendall(platform.MAGIC + platform.encode_frame(platform.MESSAGE, 1, channel, payload))
        framing = platform.PlatformFraming(expect_magic=False)
        frames: list[Any] = []
        while not frames:
            frames = framing.feed(peer.recv(1 << 16))
        assert b"holds more than 20000 values" in frames[0].payload


def test_large_platform_message_is_taken() -> None:
    """A large call in the standard codec is carried out like a small one, its typed lists too."""
    from array import array

    with listening() as address:
        peer = peer_at("platform", Settings(), address)
        large = {"bytes": bytes(100_000), "list": [1, [2, {"a": None}]], "typed": array("i", [1, 2])}
        assert [{"result": {"code": 0, "desc": "ok", "data": ""}}] == peer.ask("getLoginUser", large)
        entries = peer.ask("bridge.journal.list", {"method": "getLoginUser"})[0]["result"]["entries"]
        call = next(entry for entry in entries if entry["kind"] == "call")
        assert [1, [2, {"a": None}]] == call["arguments"]["list"]
        assert [1, 2] == call["arguments"]["typed"]
        peer.close()


def test_others_are_heard_behind_a_batch() -> None:
    """What somebody else causes while a batch is carried out is told behind its replies, in its place among the events."""
    alice = Line()
    alice.start("alice")
    alice.ask("addAdvancedMsgListener", listenerUuid="")
    alice.take()
    other = Line(alice.server)
    say = {"user": "bob", "to": "alice"}
    work = alice.client.batch([request("bridge.user.say", {**say, "text": text}, text) for text in ("1", "3")])
    next(work)
    other.ask("bridge.user.say", **say, text="2")
    assert [] == alice.take()
    for _ in work:
        pass
    replies, *events = alice.take()
    assert ["1", "3"] == [reply["id"] for reply in replies]
    texts = [event["params"]["data"]["textElem"]["text"] for event in events if event["params"]["type"] == "onRecvNewMessage"]
    assert ["1", "2", "3"] == texts
    other.ask("bridge.user.say", **say, text="4")
    assert alice.take()


def test_lines_of_many_megabytes() -> None:
    """A line of just under 64 MiB is taken."""
    line = b'{"jsonrpc":"2.0","id":1,"method":"bridge.clock.now","pad":"%b"}' % (b"x" * (63 << 20))
    framing = LineFraming()
    assert [line] == framing.feed(line + b"\n")
    assert "ms" in answers(line + b"\n")[0]["result"]
    assert json.loads(line[:60] + b'"}')
