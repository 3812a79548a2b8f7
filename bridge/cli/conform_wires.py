"""What reaches a target of `timbridge conform`: this bridge in this process, a command's pipes, a socket."""

from __future__ import annotations

import queue
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

from attrs import evolve

from bridge.codecs import jsonrpc
from bridge.codecs.errors import ParseRefused
from bridge.conformance.playing import split
from bridge.conformance.suite.actors import Answer, Broken, Untried, Wire
from bridge.conformance.suite.worlds import World
from bridge.control.messages import RpcClient
from bridge.emulator import Server, Settings
from bridge.engine.engine import Options
from bridge.errors import UNKNOWN_METHOD, BridgeError
from bridge.world.kernel.world import Policy

EMPTY = {"version": 1}
"""A world with nothing in it."""
GOODBYE_S = 1.0
"""How long a target may take to end when its input does."""
CLOSED = object()
"""Stands behind the last line of a target."""


class OwnWire(Wire):
    """This bridge, in this process: set up as each case says."""

    is_made_anew = True

    def __init__(self, world: World) -> None:
        self._settings = Settings(dialect=world[0], platform=world[1])
        self._sent: list[dict[str, Any]] = []
        self._client: RpcClient | None = None
        self._number = 0

    def begin(self, given: Mapping[str, Any]) -> None:
        """See `Wire`."""
        settings = evolve(self._settings, policy=Policy(**given.get("policy", {})), options=Options(**given.get("options", {})))
        self._client = RpcClient(Server(evolve(settings, world=given.get("world"))), self._sent.append)

    def exchange(self, method: str, arguments: Any) -> Answer:
        """See `Wire`."""
        assert self._client is not None
        self._number += 1
        self._sent.clear()
        self._client.receive({"jsonrpc": "2.0", "id": self._number, "method": method, "params": arguments})
        return Answer(*split(self._sent, self._number))

    def snapshot(self) -> Any:
        """See `Wire`: all that the world holds, but what ends with any call."""
        if self._client is None:
            return {}
        tables = self._client.session.emulator.world.tables
        return {name: dict(table.rows) for name, table in tables.items() if name not in ("counters", "waiting") and table.rows}

    def close(self) -> None:
        """Let the world go."""
        self._client = None


class Link(Protocol):
    """A way to a target and back, text by text."""

    def send(self, messages: list[bytes]) -> None:
        """Send messages. Raises: OSError."""

    def lines(self) -> Iterable[bytes | str]:
        """Yield what comes, until the target is gone."""

    def close(self) -> str:
        """Let the target go. Returns how it has ended, if that can be known."""


class RemoteWire(Wire):
    """
    A target behind a link, begun anew when it has broken down.

    Args:
        connect: makes a link. Raises: OSError.
        world: the dialect and platform to ask for.
        timeout_s: how long a call may take.
        settle_s: how long to wait for events behind an answer, for a target whose events take their time.
        restarts: a new link is a fresh world: for a target that cannot reset its own.
        stays: play in the world as it is, where it cannot be reset.
    """

    def __init__(
        self,
        connect: Callable[[], Link],
        world: World,
        timeout_s: float,
        settle_s: float = 0.0,
        restarts: bool = False,
        stays: bool = False,
    ) -> None:
        self._connect = connect
        self._world = world
        self._timeout_s = timeout_s
        self._settle_s = settle_s
        self._restarts = restarts
        self._stays = stays
        self._resets = True
        self._is_loaded = False
        self._link: Link | None = None
        self._arrived: queue.Queue[Any] = queue.Queue()
        self._reader: threading.Thread | None = None
        self._number = 0

    def begin(self, given: Mapping[str, Any]) -> None:
        """See `Wire`."""
        policy = dict(given.get("policy", {}))
        switches = policy.pop("switches", {})
        if policy or given.get("options"):
            raise Untried(f"the target would have to be set up otherwise: {', '.join((*policy, *given.get('options', {})))}")
        fresh = self._link is None
        if fresh:
            self._open()
        if "world" in given or self._is_loaded:
            self._control("bridge.world.load", {"world": given.get("world", EMPTY)})  # a reset would go back to what was loaded
            self._is_loaded = "world" in given
        elif self._resets:
            self._resets = self._is_there("bridge.world.reset", {})
        if not self._resets and not fresh:
            if self._restarts:
                self.close()
                self._open()
            elif not self._stays:
                raise Untried("the target has no bridge.world.reset")
        for name, value in switches.items():
            self._control("bridge.service.switch", {"name": name, "value": value})

    def _open(self) -> None:
        try:
            link = self._connect()
        except OSError as error:
            raise Broken(f"the target cannot be reached: {error}") from None
        self._link, self._arrived = link, queue.Queue()
        self._reader = threading.Thread(target=_gather, args=(link, self._arrived), daemon=True)
        self._reader.start()
        self.exchange("bridge.device.use", {"dialect": self._world[0], "platform": self._world[1]})

    def _is_there(self, method: str, arguments: Any) -> bool:
        """Make a call of the control plane; return whether the target has it."""
        error = (self.exchange(method, arguments).reply or {"error": {"code": UNKNOWN_METHOD}}).get("error")
        if error is not None and error.get("code") != UNKNOWN_METHOD:
            raise Untried(f"{method}: {error.get('message')}")
        return error is None

    def _control(self, method: str, arguments: Any) -> None:
        if not self._is_there(method, arguments):
            raise Untried(f"the target has no {method}")

    def exchange(self, method: str, arguments: Any) -> Answer:
        """See `Wire`."""
        return self.several([(method, arguments)])[0]

    def several(self, calls: Sequence[tuple[str, Any]]) -> list[Answer]:
        """
        See `Wire`: what belongs to calls is what comes until a `bridge.ping` behind them is answered, be it with an error; all of it comes
        with the last.
        """
        first, self._number = self._number + 1, self._number + 1 + len(calls)
        numbers = range(first, self._number)
        self._send(*((number, *call) for number, call in zip(numbers, calls, strict=True)), (self._number, "bridge.ping", {}))
        waiting = dict(zip(numbers, (method for method, _ in calls), strict=True))
        came: list[dict[str, Any]] = []
        until = time.monotonic() + self._timeout_s * len(calls)
        while (message := self._next(until, next(iter(waiting.values()), calls[-1][0]))).get("id") != self._number or "method" in message:
            came.append(message)
            if "method" not in message:
                waiting.pop(message.get("id", 0), None)
        if self._settle_s:
            came += self._late()
        answers = [split(came, number) for number in numbers]
        return [*(Answer(reply) for reply, _ in answers[:-1]), Answer(*answers[-1])]

    def _send(self, *calls: tuple[int, str, Any]) -> None:
        if self._link is None:
            raise Broken("the target is gone")
        try:
            self._link.send([jsonrpc.dumps({"jsonrpc": "2.0", "id": key, "method": name, "params": given}) for key, name, given in calls])
        except OSError as error:
            raise self._broken(f"the target takes no more: {error}") from None

    def _next(self, until: float, method: str) -> dict[str, Any]:
        try:
            line = self._arrived.get(timeout=max(until - time.monotonic(), 0.0))
        except queue.Empty:
            raise self._broken(f"{method} is not answered within {self._timeout_s:g} s") from None
        return self._message(line, method)

    def _message(self, line: Any, method: str) -> dict[str, Any]:
        if line is CLOSED:
            raise self._broken(f"the target has ended during {method}")
        try:
            message = jsonrpc.loads(line)
        except ParseRefused:
            message = None
        if not isinstance(message, dict):
            raise self._broken(f"the target says during {method} what is no JSON-RPC message: {line[:120]!r}")
        return message

    def _late(self) -> list[dict[str, Any]]:
        """Return what comes behind the answer, until nothing has come for a while."""
        found = []
        while True:
            try:
                found.append(self._message(self._arrived.get(timeout=self._settle_s), "the wait behind a call"))
            except queue.Empty:
                return found

    def _broken(self, why: str) -> Broken:
        how = self.close()
        return Broken(f"{why}{f' ({how})' if how else ''}")

    def snapshot(self) -> Any:
        """See `Wire`: nothing that can be seen from outside."""
        return None

    def close(self) -> str:
        """Let the target go. Returns how it has ended, if that can be known."""
        link, self._link = self._link, None
        if link is None:
            return ""
        how = link.close()
        if self._reader is not None:
            self._reader.join(GOODBYE_S)
        return how


def _gather(link: Link, arrived: queue.Queue[Any]) -> None:
    """Put what comes from a target where it can be waited for."""
    try:
        for line in link.lines():
            arrived.put(line)
    except (OSError, ValueError):
        pass  # it has been closed
    finally:
        arrived.put(CLOSED)


class Pipes:
    """A command that speaks by lines on its standard streams."""

    def __init__(self, command: list[str]) -> None:
        try:
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        except OSError as error:
            raise BridgeError(f"cannot be started: {error.strerror}", file=command[0]) from None

    def send(self, messages: list[bytes]) -> None:
        """See `Link`."""
        assert self._process.stdin is not None
        self._process.stdin.write(b"".join(one + b"\n" for one in messages))
        self._process.stdin.flush()

    def lines(self) -> Iterable[bytes]:
        """See `Link`."""
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            yield from lines

    def close(self) -> str:
        """See `Link`."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.close()
        except OSError:
            pass  # it reads no more
        try:
            status = self._process.wait(GOODBYE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            return "it had to be killed"
        return f"exit status {status}"


class Lines:
    """A socket with a message per line."""

    def __init__(self, host: str, port: int, timeout_s: float) -> None:
        self._socket = socket.create_connection((host, port), timeout_s)
        self._socket.settimeout(None)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, messages: list[bytes]) -> None:
        """See `Link`."""
        self._socket.sendall(b"".join(one + b"\n" for one in messages))

    def lines(self) -> Iterable[bytes]:
        """See `Link`."""
        with self._socket.makefile("rb") as file:
            yield from file

    def close(self) -> str:
        """See `Link`."""
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # the other end was quicker
        self._socket.close()
        return ""


class Frames:
    """A WebSocket with a message per frame."""

    def __init__(self, address: str, timeout_s: float) -> None:
        try:
            from websockets.sync.client import connect
        except ImportError:
            raise BridgeError("WebSockets need a package more: pip install 'timbridge[listen]'", file=address) from None
        self._opening = connect(address, open_timeout=timeout_s, max_size=None)
        self._socket = self._opening.__enter__()

    def send(self, messages: list[bytes]) -> None:
        """See `Link`."""
        from websockets.exceptions import ConnectionClosed

        try:
            for one in messages:
                self._socket.send(one.decode())
        except ConnectionClosed as error:
            raise ConnectionError(str(error)) from None

    def lines(self) -> Iterable[bytes | str]:
        """See `Link`."""
        from websockets.exceptions import ConnectionClosed

        try:
            yield from self._socket
        except ConnectionClosed:
            return

    def close(self) -> str:
        """See `Link`."""
        self._opening.__exit__(None, None, None)
        return ""


def link_to(target: str, words: list[str], timeout_s: float) -> Callable[[], Link]:
    """Return what makes links to a target: `HOST:PORT`, `tcp://…`, `ws://…`, else a command."""
    if target.startswith(("ws://", "wss://")):
        return lambda: Frames(target, timeout_s)
    place = address_of(target)
    if place is not None:
        return lambda: Lines(*place, timeout_s)
    return lambda: Pipes(words)


def address_of(target: str) -> tuple[str, int] | None:
    """Return the host and port of a target that is an address of lines; None for a command or a WebSocket."""
    host, colon, port = target.removeprefix("tcp://").rpartition(":")
    if colon and port.isdecimal() and not any(one.isspace() or one in "/\\" for one in host):
        return host.strip("[]") or "127.0.0.1", int(port)
    return None


def is_command(target: str) -> bool:
    """Return whether a target is a command, and no address."""
    return not target.startswith(("ws://", "wss://")) and address_of(target) is None


def own(world: World) -> Wire:
    """Return this bridge as a target."""
    return OwnWire(world)
