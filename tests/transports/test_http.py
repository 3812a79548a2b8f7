"""Web pages: whatever a browser can be made to send to this port, nothing of it is carried out."""

from __future__ import annotations

import socket
import time
from typing import Any

import pytest

from bridge.codecs import platform
from bridge.codecs.framing import ContentLengthFraming
from bridge.codecs.standard import STANDARD
from bridge.emulator import Server
from bridge.transports.access import Access
from tests.transports.doors import connected, listening
from tests.transports.test_stdio import request
from tests.transports.test_strangers import until_closed

CALL = request("bridge.user.say", {"user": "bob", "to": "alice", "text": "gotcha"})
FRAME = platform.encode_frame(
    platform.MESSAGE, 1, "timbridge", STANDARD.encode_call("bridge.user.say", {"user": "bob", "to": "alice", "text": "gotcha"})
)
BODIES = {
    "lines": b"\n" + CALL + b"\n",
    "headers": ContentLengthFraming.encode(CALL),
    "frames": platform.MAGIC + FRAME,
    "a frame": FRAME,
}
METHODS = ["POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "CONNECT", "TBP1", "TBP1X", "TBP", "T", "C", "COPY"]
METHODS += ["CONTENT-LENGTH", "Content-Length", "content-length", "Content-Type", "Content-LengthX", "c", "G", "GETX", "M-SEARCH"]
LOWER = ["post", "get", "{", "null", "!", "7", "tbp1", "~"]


def said(data: bytes, *parts: int) -> tuple[bytes, Server]:
    """Return what a server says to some bytes until it closes (sent in pieces that end at `parts`), and the server."""
    server = Server()
    with listening(server=server) as address, connected(address) as peer:
        try:
            for begin, end in zip((0, *parts), (*parts, len(data)), strict=True):
                peer.sendall(data[begin:end])
                time.sleep(0.02 if parts else 0)
        except OSError:
            pass
        return until_closed(peer), server


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("method", METHODS)
def test_requests_are_refused(method: str, body: str) -> None:
    """A request of any method, whatever is in its body: a refusal in HTTP, then the end, and nothing has been called."""
    head = f"{method} / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\nContent-Length: 999\r\n\r\n"
    answer, server = said(head.encode() + BODIES[body])
    assert answer.startswith(b"HTTP/1.1 405 ") or not answer  # a reset may have taken it away
    assert not any(server.world(name).engine.calls for name in server.names())


@pytest.mark.parametrize("method", LOWER)
def test_other_first_words_are_refused(method: str) -> None:
    """What begins like JSON, and is none, ends the connection behind its refusal."""
    answer, server = said(f"{method} / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode() + BODIES["lines"])
    assert b"-32700" in answer and 1 == answer.count(b'"jsonrpc"')
    assert not server.world().engine.calls


@pytest.mark.parametrize("parts", [(1,), (2, 3), (4,), (5,), (1, 2, 3, 4, 5, 6)])
@pytest.mark.parametrize("method", ["POST", "TBP1", "Content-Length"])
def test_requests_in_pieces_are_refused(method: str, parts: tuple[int, ...]) -> None:
    """The same, wherever the first bytes are cut."""
    answer, server = said(f"{method} / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode() + BODIES["a frame"], *parts)
    assert answer.startswith(b"HTTP/1.1 405 ") or not answer
    assert not any(server.world(name).engine.calls for name in server.names())


@pytest.mark.parametrize("length", [(64 << 20) + 1, (5 << 24) - 1, 6, 0])
def test_refused_preamble_is_not_skipped(length: int) -> None:
    """A first frame that cannot be taken ends the connection; what follows where it would end is not read."""
    start = platform.MAGIC + length.to_bytes(4, "big") + b"\0" * 7
    server = Server()
    with listening(server=server) as address, connected(address) as peer:
        peer.sendall(start)
        until_closed(peer)
    assert not server.world().engine.calls


def test_later_frame_that_is_too_long_is_skipped() -> None:
    """Behind a first frame that was good, the connection goes on past one that is too long."""
    with listening() as address, connected(address) as peer:
        header = ((64 << 20) + 1).to_bytes(4, "big") + b"\0" + (9).to_bytes(4, "big") + b"\0\0"
        peer.sendall(platform.MAGIC + FRAME + header)
        peer.sendall(b"\0" * ((64 << 20) + 1 - 7))
        peer.sendall(platform.encode_frame(platform.MESSAGE, 2, "elsewhere", b""))
        peer.shutdown(socket.SHUT_WR)
        frames = platform.PlatformFraming(expect_magic=False).feed(until_closed(peer))
        assert [1, 9, 2] == [frame.request_id for frame in frames]


@pytest.mark.parametrize("data", [b"C", b"Content-Le", b"T", b"TBP1", b"Content-Type  "])
def test_begun_openings_end_with_the_input(data: bytes) -> None:
    """Bytes that tell nothing yet, and no more of them: the connection ends."""
    with listening() as address, connected(address) as peer:
        peer.sendall(data)
        peer.shutdown(socket.SHUT_WR)
        until_closed(peer)


UPGRADE = (
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


def status(headers: str, **listen: Any) -> int:
    """Return with which status a handshake with these headers is answered."""
    with listening(**listen) as address, connected(address) as peer:
        peer.sendall(b"GET / HTTP/1.1\r\n" + headers.encode() + UPGRADE.encode())
        answer = peer.recv(1 << 16)
        assert answer.startswith(b"HTTP/1.1 ")
        return int(answer.split()[1])


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", 101),
        ("LOCALHOST:7400", 101),
        ("app.localhost:80", 101),
        ("localhost.", 101),
        ("127.0.0.1", 101),
        ("127.0.0.2:7400", 101),
        ("[::1]:7400", 101),
        ("10.0.2.2:7400", 101),
        ("my.test:7400", 101),
        ("evil.example", 403),
        ("evil.example:7400", 403),
        ("127.0.0.1.evil.example", 403),
        ("evil.example#@127.0.0.1", 403),
        ("127.0.0.1@evil.example", 403),
        ("localhost.evil.example", 403),
        ("192.168.0.9", 403),
        ("", 403),
        ("[", 403),
    ],
)
def test_names_of_the_server(host: str, expected: int) -> None:
    """A handshake is answered under a name of this machine's loopback, or one that the operator allows."""
    assert expected == status(f"Host: {host}\r\n", hosts=("my.test",))


@pytest.mark.parametrize(
    "headers",
    ["", "Host: localhost\r\nHost: localhost\r\n", "Host: localhost\r\nhost: evil.example\r\n", "X: a\r\n Host: localhost\r\n"],
)
def test_host_is_named_once(headers: str) -> None:
    """A request without a host, or with two, is refused."""
    assert 403 == status(headers)


def test_address_listened_on_is_a_name() -> None:
    """So is the address that the server was told to listen on, and the one that the client has reached."""
    access = Access("t", hosts=("box.example",))
    assert access.is_called("box.example:7400", "192.0.2.7")
    assert access.is_called("192.0.2.7:7400", "192.0.2.7")
    assert access.is_called("[fe80::1]:7400", "fe80::1%eth0")
    assert not access.is_called("192.0.2.8:7400", "192.0.2.7")


def test_refused_name_says_what_to_do() -> None:
    """The refusal names the option."""
    answer, _ = said(b"GET / HTTP/1.1\r\nHost: evil.example:7400\r\n\r\n")
    assert b"--allow-host evil.example\n" in answer
