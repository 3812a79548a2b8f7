"""The listening server as a process: its first line, its end, its lifetime."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bridge.errors import BridgeError
from bridge.transports.listening import Listen
from tests.transports.doors import connected
from tests.transports.test_stdio import request

ROOT = Path(__file__).parent.parent.parent
unix_only = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals to stop softly at")


@contextmanager
def served(*options: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Start `serve --listen`; yields the process and `host:port`."""
    command = [sys.executable, "-m", "bridge", "serve", "--listen", "127.0.0.1:0", *options]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None and process.stdout is not None
    try:
        line = json.loads(process.stdout.readline())
        yield process, line["listening"].removeprefix("tcp://")
    finally:
        process.kill()
        process.wait(20)
        process.stdin.close()
        process.stdout.close()


def answer(peer: socket.socket) -> Any:
    """Return the next line."""
    with peer.makefile("rb") as file:
        return json.loads(file.readline())


def test_first_line_tells_the_address() -> None:
    """One line, with the port that was picked, and nothing but protocol behind it."""
    with served() as (process, address):
        with connected(address) as peer:
            peer.sendall(request("bridge.ping") + b"\n")
            assert "version" in answer(peer)["result"]
        process.terminate()
        assert process.stdout is not None
        assert b"" == process.stdout.read()


@unix_only
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_stops_softly(number: signal.Signals, tmp_path: Path) -> None:
    """Connections are closed, the world is written, the status is 0."""
    file = tmp_path / "world.json"
    with served("--export-on-exit", str(file)) as (process, address), connected(address) as peer:
        peer.sendall(request("bridge.ping") + b"\n")
        answer(peer)
        process.send_signal(number)
        assert 0 == process.wait(20)
        assert b"" == peer.recv(10)
    assert json.loads(file.read_text("utf-8"))


@unix_only
def test_websocket_is_told_of_the_end() -> None:
    """A WebSocket client gets the close code that says that the server goes away."""
    from websockets.exceptions import ConnectionClosed
    from websockets.sync.client import connect

    with served() as (process, address), connect(f"ws://{address}/") as peer:
        process.terminate()
        with pytest.raises(ConnectionClosed) as closed:
            peer.recv(20)
        assert 1001 == closed.value.rcvd.code


def test_server_ends_with_its_starter() -> None:
    """With --until-stdin-closes, it stops when whoever holds its standard input is gone."""
    with served("--until-stdin-closes") as (process, address), connected(address) as peer:
        peer.sendall(request("bridge.ping") + b"\n")
        answer(peer)
        assert process.stdin is not None
        process.stdin.close()
        assert 0 == process.wait(20)


def test_server_outlives_closed_stdin() -> None:
    """Without it, it does not: it may have been started in the background."""
    with served() as (process, address):
        assert process.stdin is not None
        process.stdin.close()
        with connected(address) as peer:
            peer.sendall(request("bridge.ping") + b"\n")
            assert "version" in answer(peer)["result"]


def test_port_in_use_is_said() -> None:
    """A port that cannot be had is an operator's error, in one line."""
    with served() as (_, address):
        command = [sys.executable, "-m", "bridge", "serve", "--listen", address]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=30, check=False)
    assert 2 == done.returncode
    assert done.stderr.startswith(b"timbridge: cannot listen on 127.0.0.1:")
    assert 1 == len(done.stderr.splitlines())


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])
def test_beyond_this_machine_needs_a_token(host: str) -> None:
    """An address that others can reach is refused without a token."""
    with pytest.raises(BridgeError, match="--token"):
        Listen.of(f"{host}:7400", {})
    assert Listen.of(f"{host}:7400", {"token": "t"}).host == host


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("127.0.0.1:7400", ("127.0.0.1", 7400)),
        ("localhost:0", ("127.0.0.1", 0)),
        (":7400", ("127.0.0.1", 7400)),
        ("7400", ("127.0.0.1", 7400)),
        ("[::1]:7400", ("::1", 7400)),
    ],
)
def test_addresses_are_read(text: str, expected: tuple[str, int]) -> None:
    """A port alone is one of this machine's."""
    assert expected == Listen.of(text, {})[:2]


@pytest.mark.parametrize("text", ["", "host:", "127.0.0.1:seven", "127.0.0.1:70000", "127.0.0.1:-1"])
def test_no_address_is_said(text: str) -> None:
    """What is no address is refused with an example of one."""
    with pytest.raises(BridgeError, match="HOST:PORT"):
        Listen.of(text, {})
