"""What carries a client's messages: a socket, or nothing but a function call."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from bridge.codecs import jsonrpc
from bridge.testing.errors import Lost

if TYPE_CHECKING:
    from bridge.emulator import Server

COMMAND = "TIMBRIDGE_COMMAND"
ADDRESS = "TIMBRIDGE_ADDRESS"
WEBSOCKET = "TIMBRIDGE_WEBSOCKET"
STOP_S = 5.0

_WORDS = re.compile(r"\"([^\"]*)\"|'([^']*)'|(\S+)")


class Wire(Protocol):
    """A connection, message by message."""

    def send(self, message: dict[str, Any]) -> None:
        """Send a message. Raises `Lost`."""

    def receive(self) -> dict[str, Any]:
        """Wait for the next message. Raises `Lost`."""

    def close(self) -> None:
        """End the connection."""


class MemoryWire:
    """
    A connection inside this process. Values pass through the codec, so that what arrives is what a socket would bring.

    Args:
        server: the worlds.
        world: the world to begin in.
    """

    def __init__(self, server: Server, world: str = "") -> None:
        from bridge.transports.rpc import RpcPeer

        self._arrived: deque[bytes] = deque()
        self._peer: RpcPeer | None = RpcPeer(server, self._arrived.append, self.close, world)

    def send(self, message: dict[str, Any]) -> None:
        """Carry out a message; what comes of it can be received."""
        if self._peer is None:
            raise Lost("the connection is closed")
        self._peer.take(jsonrpc.dumps(message))

    def receive(self) -> dict[str, Any]:
        """Return the next message."""
        if not self._arrived:
            raise Lost("nothing is there to be received, and nothing will come by itself")
        message: dict[str, Any] = jsonrpc.loads(self._arrived.popleft())
        return message

    def close(self) -> None:
        """Close the session's devices."""
        if self._peer is not None:
            self._peer.close()
            self._peer = None


class SocketWire:
    """
    A connection to a listening server, a JSON value per line.

    Args:
        address: `HOST:PORT`, with or without `tcp://`.
        timeout_s: how long to wait for a connection, and for each message.
    """

    def __init__(self, address: str, timeout_s: float = 30.0) -> None:
        self.address = address
        host, port = _split(address)
        try:
            self._socket = socket.create_connection((host, port), timeout_s)
        except OSError as error:
            hint = f"start one with `timbridge serve --listen {host}:{port}`"
            raise Lost(f"no bridge listens on {address} ({error}); {hint}") from None
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._file = self._socket.makefile("rb")

    def send(self, message: dict[str, Any]) -> None:
        """Send a message."""
        try:
            self._socket.sendall(jsonrpc.dumps(message) + b"\n")
        except OSError as error:
            raise Lost(f"lost the bridge on {self.address}: {error}") from None

    def receive(self) -> dict[str, Any]:
        """Wait for the next message."""
        try:
            line = self._file.readline()
        except (OSError, ValueError) as error:
            raise Lost(f"lost the bridge on {self.address}: {error}") from None
        if not line:
            raise Lost(f"the bridge on {self.address} closed the connection")
        message: dict[str, Any] = jsonrpc.loads(line)
        return message

    def close(self) -> None:
        """Close the socket."""
        self._file.close()
        self._socket.close()


class ServerProcess:
    """
    A `timbridge serve --listen` of one's own. It ends with this process, however that ends.

    Args:
        arguments: further options of `timbridge serve`.
        command: what runs timbridge; by default the environment's TIMBRIDGE_COMMAND, else this Python.

    Attributes:
        inspector: the address of its page, if it has one (`--ui`).
    """

    def __init__(self, arguments: Sequence[str] = (), command: Sequence[str] | None = None) -> None:
        words = [*(command or default_command()), "serve", "--listen", "127.0.0.1:0", "--until-stdin-closes", *arguments]
        try:
            self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **apart())
        except OSError as error:
            raise Lost(f"cannot run {words[0]}: {error}") from None
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        try:
            said = json.loads(line)
            self.address: str = said["listening"]
            self.inspector: str | None = said.get("inspector")
        except (ValueError, KeyError):
            self.stop()
            raise Lost(f"`{' '.join(words)}` ended before it listened, with status {self.process.returncode}") from None

    def stop(self, patience_s: float | None = STOP_S) -> int:
        """Stop the server and all its worlds. Returns its exit status; None is as long as it takes, for a server that exports."""
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            return self.process.wait(patience_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()


def apart() -> dict[str, Any]:
    """Return what keeps a terminal from telling a process what it tells its starter, who will see to its end."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"process_group": 0}


def default_command() -> list[str]:
    """Return the words that run timbridge: the path of a file is one, whatever blanks it has, as is what stands in quotes."""
    line = os.environ.get(COMMAND, "").strip()
    if os.path.isfile(line):
        return [line]
    words = [first or second or word for first, second, word in _WORDS.findall(line)]
    return words or own_command()


def own_command() -> list[str]:
    """Return the words that run this very timbridge; one that came in a single file has been laid out with a program beside the package."""
    import bridge

    folder = os.path.dirname(os.path.dirname(os.path.abspath(bridge.__file__)))
    return [sys.executable, folder] if os.path.exists(os.path.join(folder, "__main__.py")) else [sys.executable, "-m", "bridge"]


def _split(address: str) -> tuple[str, int]:
    host, _, port = address.partition("://")[2].rpartition(":") if "://" in address else address.rpartition(":")
    if not host or not port.rstrip("/").isdecimal():
        raise Lost(f"{address!r} is no address: expected HOST:PORT, such as 127.0.0.1:7400")
    return host.strip("[]"), int(port.rstrip("/"))
