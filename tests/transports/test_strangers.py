"""Peers without a token: what they may say, how long they may take, how many there may be, and whom they may harm."""

from __future__ import annotations

import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from bridge.codecs import platform
from bridge.codecs.framing import ContentLengthFraming
from bridge.codecs.standard import STANDARD
from bridge.emulator import Server
from bridge.transports import strangers
from tests.transports.doors import connected, listening
from tests.transports.test_listening import answer, served, unix_only
from tests.transports.test_stdio import request
from tools.soak import resident_kb

TOKEN = request("bridge.authenticate", {"token": "secret"})
PING = request("bridge.ping", {}, 2)
LONG = b'{"jsonrpc":"2.0","id":1,"method":"bridge.authenticate","params":{"token":"' + b"x" * strangers.FIRST_BYTES

# What a client at each door may begin with and never end.
BEGUN = {
    "lines": LONG,
    "content-length": b"Content-Length: 60000000\r\n\r\n" + LONG,
    "headers without end": b"Content-Length: 1\r\n" + b"X: y\r\n" * 20_000,
    "websocket": b"GET /?token=" + b"x" * strangers.FIRST_BYTES,
    "websocket headers": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n" + b"X: y\r\n" * 20_000,
    "platform": platform.MAGIC + b"\x03\x90\0\0\0\0\0\0\1\0\x09timbridge" + LONG,
    "platform calls": platform.MAGIC + platform.encode_frame(platform.MESSAGE, 1, "elsewhere", b"x" * 1000) * 70,
}


def until_closed(peer: socket.socket) -> bytes:
    """Return all that is said until the server closes; a reset is a close."""
    peer.settimeout(20)
    said = b""
    try:
        while data := peer.recv(1 << 16):
            said += data
    except ConnectionResetError:
        pass
    return said


def is_open(peer: socket.socket) -> bool:
    """Return whether the server has not closed."""
    peer.settimeout(0.05)
    try:
        return peer.recv(1) != b""
    except TimeoutError:
        return True
    except ConnectionResetError:
        return False


def push(peer: socket.socket, data: bytes) -> None:
    """Send until all is sent or the server has closed."""
    try:
        peer.sendall(data)
    except (BrokenPipeError, ConnectionResetError):
        pass


@pytest.mark.parametrize("begun", BEGUN)
def test_long_first_message_ends_the_connection(begun: str) -> None:
    """At every door, whoever says more than 64 KiB before its token is shown is cut off at once and gets no device."""
    server = Server()
    with listening(server=server, token="secret") as address, connected(address) as peer:
        push(peer, BEGUN[begun])
        until_closed(peer)
        assert [] == server.names()


def test_long_first_line_is_explained() -> None:
    """The refusal says what the first message is to be."""
    with listening(token="secret") as address, connected(address) as peer:
        peer.sendall(LONG[: strangers.FIRST_BYTES])
        time.sleep(0.1)
        peer.sendall(b"x")
        assert "at most 65536 bytes" in json.loads(until_closed(peer))["error"]["message"]


@pytest.mark.parametrize("begun", ["websocket", "websocket headers"])
def test_long_handshake_where_no_token_is_due(begun: str) -> None:
    """A handshake is no longer where every client is welcome."""
    with listening() as address, connected(address) as peer:
        push(peer, BEGUN[begun])
        until_closed(peer)


@pytest.mark.parametrize("begun", [*(name for name in BEGUN), "nothing"])
def test_slow_first_message_is_not_waited_for(begun: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """At every door, a first message that does not end in time ends the connection."""
    monkeypatch.setattr(strangers, "PATIENCE_S", 0.1)
    with listening(token="secret") as address, connected(address) as peer:
        push(peer, BEGUN.get(begun, b"")[:40])
        began = time.monotonic()
        until_closed(peer)
        assert time.monotonic() - began < 5


def test_slow_handshake_where_no_token_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    """A handshake that does not end is cut off; a client by lines that says nothing is not."""
    monkeypatch.setattr(strangers, "PATIENCE_S", 0.1)
    with listening() as address, connected(address) as half, connected(address) as silent, connected(address) as begun:
        half.sendall(b"GET / HTTP/1.1\r\n")
        begun.sendall(PING[:9])
        until_closed(half)
        assert is_open(silent)
        begun.sendall(PING[9:] + b"\n")
        assert "version" in answer(begun)["result"]


@pytest.mark.parametrize("end", [b"", PING[:30]])
def test_admitted_client_is_waited_for(end: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has shown the token may take all the time there is, in the middle of a message, too."""
    monkeypatch.setattr(strangers, "PATIENCE_S", 0.1)
    with listening(token="secret") as address, connected(address) as peer:
        peer.sendall(TOKEN + b"\n" + end)
        time.sleep(0.3)
        peer.sendall(PING[len(end) :] + b"\n")
        with peer.makefile("rb") as file:
            assert [1, 2] == [json.loads(file.readline())["id"] for _ in range(2)]


@pytest.mark.parametrize("ends", [True, False])
def test_long_message_behind_the_token(ends: bool) -> None:
    """What comes in one piece with the token and behind it may be as long as any message."""
    long = request("noSuchMethod", {"x": "y" * 300_000}, 2)
    with listening(token="secret") as address, connected(address) as peer:
        peer.sendall(TOKEN + b"\n" + long + b"\n" + PING + b"\n" * ends)
        if not ends:
            peer.shutdown(socket.SHUT_WR)
        with peer.makefile("rb") as file:
            assert [{}, -32601, 2] == [told(json.loads(file.readline())) for _ in range(3)]


def told(line: Any) -> Any:
    """Return what shows which reply it is."""
    if "error" in line:
        return line["error"]["code"]
    return line["id"] if line["result"] else line["result"]


def test_long_message_behind_the_token_at_the_other_doors() -> None:
    """The same behind headers and in platform messages."""
    long = request("noSuchMethod", {"x": "y" * 300_000}, 2)
    with listening(token="secret") as address:
        with connected(address) as peer:
            peer.sendall(b"".join(map(ContentLengthFraming.encode, (TOKEN, long))))
            peer.shutdown(socket.SHUT_WR)
            assert 1 == until_closed(peer).count(b"-32601")
        with connected(address) as peer:
            calls = [("bridge.authenticate", {"token": "secret"}), ("bridge.user.say", {"user": "bob", "to": "al", "text": "y" * 300_000})]
            frames = [
                platform.encode_frame(platform.MESSAGE, number, "timbridge", STANDARD.encode_call(*call))
                for number, call in enumerate(calls)
            ]
            peer.sendall(platform.MAGIC + b"".join(frames))
            peer.shutdown(socket.SHUT_WR)
            assert 2 == len(platform.PlatformFraming(expect_magic=False).feed(until_closed(peer)))


def test_first_messages_begun_are_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of those who have begun their first message, the first has to go when they become too many; who ends one is let in."""
    monkeypatch.setattr(strangers, "MOST_BEGUN", 3)
    with listening(token="secret") as address:
        peers = [connected(address) for _ in range(5)]
        for peer in peers:
            peer.sendall(TOKEN[:20])
            time.sleep(0.05)
        assert [False, False, True, True, True] == [is_open(peer) for peer in peers]
        with connected(address) as client:
            client.sendall(TOKEN + b"\n")
            assert {} == answer(client)["result"]
        peers[2].settimeout(5)
        peers[2].sendall(TOKEN[20:] + b"\n")
        assert {} == answer(peers[2])["result"]
        for peer in peers:
            peer.close()


def test_silent_strangers_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those who say nothing make room for each other, and never for a client that was let in."""
    monkeypatch.setattr(strangers, "MOST_SILENT", 3)
    with listening(token="secret") as address, connected(address) as client:
        client.sendall(TOKEN + b"\n")
        assert {} == answer(client)["result"]
        peers = [connected(address) for _ in range(8)]
        time.sleep(0.1)
        assert 3 == sum(is_open(peer) for peer in peers)
        client.sendall(PING + b"\n")
        assert "version" in answer(client)["result"]
        for peer in peers:
            peer.close()


@unix_only
def test_strangers_cost_no_memory_and_no_time() -> None:
    """Lines of 57 MB from strangers: others are answered all the while, and the server stays as small as it was."""
    line = b"[" + b"0," * 28_000_000 + b"0]\n"
    with served("--token", "secret") as (process, address), connected(address) as client:
        client.sendall(TOKEN + b"\n")
        answer(client)
        before_kb = resident_kb(process.pid)
        with ThreadPoolExecutor() as threads:
            senders = [threads.submit(speak, address, line) for _ in range(3)]
            waits_s = [wait_for_ping(client)]
            while not all(sender.done() for sender in senders):
                waits_s.append(wait_for_ping(client))
        assert max(waits_s) < 1
        assert resident_kb(process.pid) - before_kb < 16_000


def speak(address: str, data: bytes) -> None:
    """Say something and wait for what comes of it."""
    with connected(address) as peer:
        push(peer, data)
        until_closed(peer)


def wait_for_ping(client: socket.socket) -> float:
    """Return how many seconds a ping takes."""
    began = time.monotonic()
    client.settimeout(60)
    client.sendall(PING + b"\n")
    assert "version" in answer(client)["result"]
    return time.monotonic() - began
