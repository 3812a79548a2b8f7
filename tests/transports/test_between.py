"""The two ends of what stands between a client and a server: pipes, sockets and WebSockets, in this process."""

from __future__ import annotations

import logging
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from typing import Any

import pytest

from bridge.codecs.errors import Refused
from bridge.errors import BridgeError
from bridge.transports import ends
from bridge.transports.ends import End, Frames, Inbox

HEADERS = b"Content-Length: 3\r\n\r\n[1]"


def heard(inbox: Inbox, count: int = 1) -> list[Any]:
    """Return the next messages, in order; None where an end has ended."""
    frames = [inbox.get(timeout=20).frame for _ in range(count)]
    return [bytes(frame) if isinstance(frame, (bytes, bytearray)) else frame for frame in frames]


def exactly(peer: socket.socket, count: int) -> bytes:
    """Return so many bytes, or fewer if there are no more."""
    peer.settimeout(20)
    found = b""
    while len(found) < count and (more := peer.recv(count - len(found))):
        found += more
    return found


def by_descriptors(inbox: Inbox, frames: Frames) -> tuple[End, socket.socket]:
    """Return an end that has one side of a pair as a descriptor, and the other side."""
    ours, theirs = socket.socketpair()
    source = ours.detach()
    return ends.of_descriptors(inbox, source, source, frames), theirs


def by_socket(inbox: Inbox, frames: Frames) -> tuple[End, socket.socket]:
    """Return an end on a socket, and the other side."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        ours = ends.reach(*server.getsockname())
        theirs, _ = server.accept()
    return ends.of_socket(inbox, ours, frames), theirs


ENDS = [by_socket] if sys.platform == "win32" else [by_socket, by_descriptors]  # there a socket is no descriptor


@pytest.mark.parametrize("made", ENDS)
def test_messages_pass_both_ways(made: Any) -> None:
    """Messages come without their framing and go out in it, in order; at the end of the other side comes None."""
    inbox: Inbox = SimpleQueue()
    end, other = made(inbox, Frames())
    other.sendall(b"[1]\n[2]\n")
    assert [b"[1]", b"[2]"] == heard(inbox, 2)
    for text in (b"[3]", b"[4]"):
        end.send(text)
    assert b"[3]\n[4]\n" == exactly(other, 8)
    other.shutdown(socket.SHUT_WR)
    assert [None] == heard(inbox)
    end.leave(20)
    other.close()


def test_whoever_speaks_first_chooses_the_framing() -> None:
    """An end answers in the framing that it hears, or in that of another; what is cut off at the end is refused."""
    inbox: Inbox = SimpleQueue()
    frames = Frames()
    end, other = by_socket(inbox, frames)
    like, behind = by_socket(inbox, Frames(frames))
    other.sendall(b"\r\n\r\n" + HEADERS + HEADERS[:-1])
    assert [b"[1]"] == heard(inbox)
    for one, peer in ((end, other), (like, behind)):
        one.send(b"[1]")
        assert HEADERS == exactly(peer, len(HEADERS))
    other.shutdown(socket.SHUT_WR)
    refused, ended = heard(inbox, 2)
    assert isinstance(refused, Refused) and ended is None
    behind.close()
    assert [None] == heard(inbox)
    end.leave(20)
    like.leave(20)
    other.close()


def test_nothing_is_written_once_finished() -> None:
    """What was sent before goes out first; then the other side sees the end."""
    inbox: Inbox = SimpleQueue()
    end, other = by_socket(inbox, Frames())
    end.send(b"[1]")
    end.finish(20)
    with other, other.makefile("rb") as stream:
        assert b"[1]\n" == stream.read()
    end.leave(20)


def test_pipes_of_a_process() -> None:
    """A process gets and says messages; it ends when nothing comes any more, and its end is heard."""
    inbox: Inbox = SimpleQueue()
    echo = "import sys\nfor line in sys.stdin.buffer: sys.stdout.buffer.write(line); sys.stdout.buffer.flush()"
    process = subprocess.Popen([sys.executable, "-c", echo], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    end = ends.of_process(inbox, process, Frames())
    end.send(b"[1]")
    assert [b"[1]"] == heard(inbox)
    end.leave(20)
    assert ([None], 0) == (heard(inbox), process.wait(20))


def test_nobody_listens() -> None:
    """A port without a server is told with its address."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(BridgeError, match=rf"^nobody listens on 127\.0\.0\.1:{port} "):
        ends.reach("127.0.0.1", port)


# --- WebSockets


@contextmanager
def a_server(allowed: str = "Bearer t") -> Iterator[tuple[int, list[tuple[str, Any, Any]]]]:
    """Yield the port of a server that sends back what it gets, and the paths and credentials that it was asked with."""
    from websockets.sync.server import serve

    asked: list[tuple[str, Any, Any]] = []

    def check(connection: Any, request: Any) -> Any:
        asked.append((request.path, request.headers.get("Authorization"), request.headers.get("Origin")))
        return None if request.headers.get("Authorization") == allowed else connection.respond(401, "no\n")

    def echo(connection: Any) -> None:
        for message in connection:
            connection.send(message)

    with serve(echo, "127.0.0.1", 0, process_request=check, logger=logging.getLogger("tests.server")) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.socket.getsockname()[1], asked
        finally:
            server.shutdown()
            thread.join()


def ask(client: socket.socket, token: str, result: list[Any]) -> threading.Thread:
    """Let a client ask for a WebSocket in a thread, and say something twice: in one piece, and in two."""
    from websockets.exceptions import InvalidStatus
    from websockets.sync.client import connect
    from websockets.typing import Origin

    log, headers = logging.getLogger("tests.client"), {"Authorization": token}

    def run() -> None:
        try:
            with connect("ws://x/?world=w", sock=client, additional_headers=headers, origin=Origin("http://o"), logger=log) as web:
                for message in ("[1]", iter(["[", "2]"])):
                    web.send(message)
                    result.append(web.recv(20))
        except InvalidStatus as refusal:
            result.append((refusal.response.status_code, refusal.response.body))

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_websocket_is_led_to_a_server(caplog: pytest.LogCaptureFixture) -> None:
    """Path, token and origin are those of the client; messages pass whole; when the client is gone, so is the server's end. Nobody logs."""
    pytest.importorskip("websockets")
    from bridge.transports import ends_websocket

    caplog.set_level(logging.DEBUG, "websockets")
    inbox: Inbox = SimpleQueue()
    result: list[Any] = []
    with a_server() as (port, asked):
        ours, theirs = socket.socketpair()
        thread = ask(theirs, "Bearer t", result)
        client, server = ends_websocket.lead(inbox, ours, "127.0.0.1", port)
        for text in (b"[1]", b"[2]"):
            said = inbox.get(timeout=20)
            assert (client, text) == (said.end, said.frame)
            server.send(text)
            back = inbox.get(timeout=20)
            assert (server, text) == (back.end, back.frame)
            client.send(text)
        thread.join(20)
        assert (client, None) == tuple(inbox.get(timeout=20))
        server.leave(20)
        client.leave(20)
    assert [("/?world=w", "Bearer t", "http://o")] == asked
    assert ["[1]", "[2]"] == result
    assert [] == [record for record in caplog.records if record.name.startswith("websockets")]


def test_server_refuses_the_websocket() -> None:
    """The client gets the server's status and text, and so does whoever leads."""
    pytest.importorskip("websockets")
    from bridge.transports import ends_websocket

    result: list[Any] = []
    with a_server() as (port, _):
        ours, theirs = socket.socketpair()
        thread = ask(theirs, "Bearer x", result)
        with pytest.raises(BridgeError, match=r"^a WebSocket was not opened: 401 no$"):
            ends_websocket.lead(SimpleQueue(), ours, "127.0.0.1", port)
        thread.join(20)
    assert [(401, b"no\n")] == result


def test_client_asks_for_no_websocket() -> None:
    """What is no request, and a client that is gone, are told."""
    pytest.importorskip("websockets")
    from bridge.transports import ends_websocket

    for said in (b"", b"nonsense\r\n\r\n"):
        ours, theirs = socket.socketpair()
        theirs.sendall(said)
        theirs.shutdown(socket.SHUT_WR)
        with pytest.raises(BridgeError, match=r"^a client asked for no WebSocket: "):
            ends_websocket.lead(SimpleQueue(), ours, "127.0.0.1", 9)
        theirs.close()
