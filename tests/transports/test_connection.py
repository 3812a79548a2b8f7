"""Sockets: tokens, web pages, readers that are slow, peers that are gone."""

from __future__ import annotations

import json
import socket
import struct
import time
from typing import Any

import pytest

from bridge.codecs.framing import LineFraming
from bridge.emulator import Server, Settings
from bridge.transports import connection, strangers
from bridge.world.kernel.devices import DEVICES
from tests.support.patience import until
from tests.transports.doors import TIMEOUT_S, WebSocketPeer, connected, listening, tcp_peer
from tests.transports.test_stdio import request

LOGIN = [
    ("initSDK", {"sdkAppID": 1, "logLevel": 6, "uiPlatform": 0, "listenerUuid": ""}),
    ("addAdvancedMsgListener", {"listenerUuid": ""}),
]


def log_in(peer: Any, user: str) -> None:
    for method, params in [*LOGIN, ("login", {"userID": user, "userSig": "x"})]:
        peer.ask(method, params)


def lines(peer: socket.socket) -> list[Any]:
    """Return all lines until the server closes."""
    with peer.makefile("rb") as file:
        return [json.loads(line) for line in file]


# --- many clients


def test_events_reach_other_connections() -> None:
    """What one connection causes is pushed to the other, of the same world, without a call of its own."""
    with listening() as address:
        alice, bob = tcp_peer(address, LineFraming()), WebSocketPeer(address)
        log_in(alice, "alice")
        log_in(bob, "bob")
        bob.ask("bridge.user.say", {"user": "bob", "to": "alice", "text": "hi"})
        assert "onRecvNewMessage" == alice.receive()["params"]["type"]
        alice.close()
        bob.close()


def test_worlds_are_apart() -> None:
    """A connection in another world hears nothing of it."""
    with listening() as address:
        here, there = tcp_peer(address, LineFraming()), tcp_peer(address, LineFraming())
        there.ask("bridge.world.use", {"world": "there"})
        for peer in (here, there):
            log_in(peer, "alice")
        here.ask("bridge.user.say", {"user": "bob", "to": "alice", "text": "hi"})
        assert 1 == len(there.ask("getLoginUser"))
        here.close()
        there.close()


def test_world_in_the_path() -> None:
    """A WebSocket client names its world in the address."""
    server = Server()
    with listening(server=server) as address:
        from websockets.sync.client import connect

        with connect(f"ws://{address}/?world=mine") as peer:
            peer.send(request("bridge.ping").decode())
            peer.recv(10)
            assert "mine" in server.names()


def test_kind_of_device_in_the_path() -> None:
    """A WebSocket client names its dialect and platform in the address; what there is not is refused with the names there are."""
    with listening() as address:
        from websockets.exceptions import InvalidStatus
        from websockets.sync.client import connect

        with connect(f"ws://{address}/?dialect=im-6.1&platform=ios") as peer:
            peer.send(request("bridge.ping").decode())
            told = json.loads(peer.recv(10))["result"]
            assert ("im-6.1", "ios") == (told["dialect"], told["platform"])
        for wrong in ("dialect=im-9", "dialect=im-6.1&platform=macos"):
            with pytest.raises(InvalidStatus) as refused, connect(f"ws://{address}/?{wrong}"):
                pass
            assert 400 == refused.value.response.status_code


def test_thousand_connections() -> None:
    """A thousand clients at once are all answered, and all their devices are gone with them."""
    server = Server()
    with listening(server=server) as address:
        peers = [connected(address) for _ in range(1000)]
        for peer in peers:
            peer.sendall(request("bridge.ping") + b"\n")
        for peer in peers:
            assert peer.recv(1 << 16).startswith(b'{"jsonrpc":"2.0","id":1,"result"')
        assert 1000 == len(server.world().world[DEVICES].rows)
        for peer in peers:
            peer.close()
        until(lambda: not server.world().world[DEVICES].rows)


def test_idle_connections_cost_no_device() -> None:
    """A connection that has said nothing has no device."""
    server = Server()
    with listening(server=server) as address, connected(address) as idle, connected(address) as busy:
        busy.sendall(request("bridge.ping") + b"\n")
        busy.recv(100)
        assert 1 == len(server.world().world[DEVICES].rows)
        idle.close()


# --- the end of a connection


def test_half_closed_client_is_answered() -> None:
    """A client that shuts its sending side down (`nc -N`) still gets all its answers, then the end."""
    with listening() as address, connected(address) as peer:
        peer.sendall(b"\n".join(request("bridge.ping", {}, number) for number in range(500)))
        peer.shutdown(socket.SHUT_WR)
        assert list(range(500)) == [line["id"] for line in lines(peer)]


def test_dead_peer_is_cleaned_up() -> None:
    """A connection that is reset closes its devices: its user goes offline at once."""
    server = Server()
    with listening(server=server) as address:
        peer = connected(address)
        peer.sendall(request("bridge.ping") + b"\n")
        peer.recv(100)
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        peer.close()
        until(lambda: not server.world().world[DEVICES].rows)


def test_system_looks_after_peers() -> None:
    """The system is asked to find out when a peer vanishes without a word, such as a device whose cable is pulled."""

    class Options:
        def __init__(self) -> None:
            self.names: set[int] = set()

        def setsockopt(self, level: int, name: int, value: int) -> None:
            self.names.add(name)
            raise OSError("not every system knows every option")

    options = Options()
    connection._keep_alive(options)
    assert socket.SO_KEEPALIVE in options.names
    assert socket.TCP_NODELAY in options.names


# --- clients that do not read


def test_sender_that_does_not_read_is_not_read() -> None:
    """Answers do not pile up for a client that only sends; when it reads at last, all are there."""
    with listening() as address, connected(address) as peer:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 14)
        ask = request("bridge.journal.list") + b"\n"
        data = memoryview(ask * (16_000_000 // len(ask)))  # more than two sockets hold
        setup = b"".join(request("noSuchMethod", {"x": "y" * 3000}, "s") + b"\n" for _ in range(50))
        peer.sendall(setup)
        peer.setblocking(False)
        stalled, received, seen = 0, bytearray(), 0
        while data and stalled < 200:
            try:
                data = data[peer.send(data) :]
                stalled = 0
            except BlockingIOError:
                stalled += 1
                time.sleep(0.002)
        assert data, "the server took everything in, whoever was to read the answers"
        peer.setblocking(True)
        peer.settimeout(10)
        while seen < 20:
            received += peer.recv(1 << 20)
            *whole, rest = received.split(b"\n")
            seen += sum(b'"entries"' in line for line in whole)
            received = bytearray(rest)


def test_slow_listener_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that does not read what others cause is cut off when too much waits, and harms nobody."""
    monkeypatch.setattr(connection, "MAX_WAITING_BYTES", 1 << 20)
    server = Server()
    with listening(server=server) as address:
        slow, other = tcp_peer(address, LineFraming()), tcp_peer(address, LineFraming())
        log_in(slow, "alice")
        text = "x" * 8000
        for _ in range(2000):
            said = other.ask("bridge.user.say", {"user": "bob", "to": "alice", "text": text})
            assert "result" in said[-1]
            if len(server.world().world[DEVICES].rows) == 2:
                break
        else:
            raise AssertionError("nobody was cut off")
        assert "version" in other.ask("bridge.ping")[0]["result"]
        slow.close()
        other.close()


# --- tokens


def presenting(address: str, data: bytes) -> list[Any]:
    with connected(address) as peer:
        peer.sendall(data)
        peer.shutdown(socket.SHUT_WR)
        return lines(peer)


def test_token_opens_a_connection() -> None:
    """The first message presents the token; what follows is carried out."""
    with listening(token="secret") as address:
        opening = request("bridge.authenticate", {"token": "secret"}) + b"\n" + request("bridge.ping", {}, 2)
        first, second = presenting(address, opening)
        assert {} == first["result"]
        assert "version" in second["result"]


@pytest.mark.parametrize("token", ["Secret", "", None, 7, {"a": 1}, "secret ", "sécret"])
def test_wrong_token_ends_a_connection(token: Any) -> None:
    """Any other token is refused, and nothing that follows is carried out."""
    with listening(token="secret") as address:
        opening = request("bridge.authenticate", {"token": token}) + b"\n" + request("bridge.ping", {}, 2)
        (only,) = presenting(address, opening)
        assert (-32600, 1) == (only["error"]["code"], only["id"])


@pytest.mark.parametrize("data", [request("bridge.ping"), b"[]", b"7", b"hello", b"[" + request("bridge.ping") + b"]"])
def test_no_token_ends_a_connection(data: bytes) -> None:
    """A client that does not begin with its token is told so, and gets no device."""
    server = Server()
    with listening(server=server, token="secret") as address:
        (only,) = presenting(address, data + b"\n" + request("bridge.ping"))
        assert "error" in only
        assert [] == server.names()


def test_silence_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a token is due, a client that says nothing is cut off."""
    monkeypatch.setattr(strangers, "PATIENCE_S", 0.05)
    with listening(token="secret") as address, connected(address) as peer:
        try:
            assert b"" == peer.recv(10)
        except ConnectionResetError:
            pass


def test_token_where_none_is_due() -> None:
    """A client that presents a token to a server that wants none is welcome."""
    with listening() as address:
        (only,) = presenting(address, request("bridge.authenticate", {"token": "any"}))
        assert {} == only["result"]


# --- web pages


def refusal(address: str, path: str = "/", **options: Any) -> int:
    """Return the HTTP status with which a WebSocket client is refused; 101 if it is not."""
    from websockets.exceptions import InvalidStatus
    from websockets.sync.client import connect

    try:
        with connect(f"ws://{address}{path}", **options):
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (None, 101),
        ("http://localhost:3000", 101),
        ("https://127.0.0.1", 101),
        ("http://[::1]:8080", 101),
        ("https://app.example", 101),
        ("https://evil.example", 403),
        ("http://localhost.evil.example", 403),
        ("https://app.example.evil.example", 403),
        ("null", 403),
        ("file://", 403),
        ("http://[", 403),
    ],
)
def test_origins_are_checked(origin: str | None, status: int) -> None:
    """A browser may connect for pages of this machine, and of origins that the operator allows."""
    with listening(origins=("https://app.example",)) as address:
        assert status == refusal(address, origin=origin)


def test_all_origins_may_be_allowed() -> None:
    """An operator who names `*` lets pages of any origin in."""
    with listening(origins=("*",)) as address:
        assert 101 == refusal(address, origin="https://evil.example")


def test_token_for_a_websocket() -> None:
    """A WebSocket client presents its token in the address or in a header."""
    with listening(token="secret") as address:
        assert 101 == refusal(address, "/?token=secret")
        assert 101 == refusal(address, additional_headers={"Authorization": "Bearer secret"})
        assert 401 == refusal(address)
        assert 401 == refusal(address, "/?token=wrong")
        assert 401 == refusal(address, additional_headers={"Authorization": "Bearer wrong"})
        assert 401 == refusal(address, additional_headers={"Authorization": "Basic secret"})


def test_plain_http_is_explained() -> None:
    """A browser that opens the address reads what speaks here."""
    with listening() as address, connected(address) as peer:
        peer.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        with peer.makefile("rb") as file:
            text = file.read()
        assert text.startswith(b"HTTP/1.1 426 ")
        assert b"WebSocket" in text


UPGRADE = b"Connection: Upgrade\r\nUpgrade: websocket\r\n"
KEY = b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"


@pytest.mark.parametrize(
    ("head", "status"), [(b"", b"426"), (b"Origin: http://evil.example\r\n" + UPGRADE + KEY, b"403"), (UPGRADE, b"400")]
)
@pytest.mark.parametrize("behind", [None, b"\x81\x80\0\0\0\0", b"\xff" * 99])
def test_what_follows_a_refused_handshake(head: bytes, status: bytes, behind: bytes | None, caplog: pytest.LogCaptureFixture) -> None:
    """A second request, a frame or anything else in the same read: one refusal, then the end, and nothing in the log."""
    handshake = b"GET / HTTP/1.1\r\nHost: localhost\r\n" + head + b"\r\n"
    with listening() as address, connected(address) as peer:
        peer.sendall(handshake + (handshake if behind is None else behind))
        peer.settimeout(TIMEOUT_S)
        said = b""
        while data := peer.recv(1 << 16):
            said += data
        assert said.startswith(b"HTTP/1.1 " + status)
        assert 1 == said.count(b"HTTP/1.1")
    assert [] == caplog.records


@pytest.mark.parametrize("at", [None, 30, -60, -62, -63, -64])
def test_frame_comes_with_the_handshake(at: int | None) -> None:
    """A client may send its first message without waiting for the answer, wherever its bytes are cut."""
    ping = b'{"jsonrpc":"2.0","id":1,"method":"bridge.clock.now","p":[]}'
    frame = b"\x81" + bytes([0x80 | len(ping)]) + b"\0\0\0\0" + ping
    data = b"GET / HTTP/1.1\r\nHost: localhost\r\n" + UPGRADE + KEY + b"\r\n" + frame
    with listening() as address, connected(address) as peer:
        peer.settimeout(TIMEOUT_S)
        for part in (data[:at], data[at:]) if at is not None else (data,):
            peer.sendall(part)
            time.sleep(0.05)
        said = b""
        while b"1700000000000" not in said:
            data = peer.recv(1 << 16)
            assert data, said
            said += data
        assert said.startswith(b"HTTP/1.1 101 ")


def test_missing_library_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where `websockets` is not installed, a WebSocket client reads what to install."""
    import sys

    monkeypatch.setitem(sys.modules, "bridge.transports.websocket", None)
    with listening() as address, connected(address) as peer:
        peer.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        with peer.makefile("rb") as file:
            assert b"pip install 'timbridge[listen]'" in file.read()


def test_fragments_make_a_message() -> None:
    """A WebSocket message in several fragments, of bytes or of text, is one message."""
    with listening(Settings()) as address:
        from websockets.sync.client import connect

        with connect(f"ws://{address}/") as peer:
            data = request("bridge.ping")
            peer.send([data[:5].decode(), data[5:20].decode(), data[20:].decode()])
            assert "version" in json.loads(peer.recv(10))["result"]
            peer.send([data[:7], data[7:]])
            assert "version" in json.loads(peer.recv(10))["result"]
