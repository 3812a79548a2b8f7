"""
A server for many clients on one port.

The first bytes of a connection tell what it speaks: JSON-RPC by lines or behind headers, platform messages, calls of the
native library, or HTTP, which asks for a WebSocket. All connections share one `Server` of worlds; everything runs in one thread, each
connection's frames in order of arrival; between two slices of one that has much to be done others are heard.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from collections import deque
from collections.abc import Callable, Iterator
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple

from bridge import garbage
from bridge.errors import BridgeError
from bridge.transports.access import Access, address, is_loopback
from bridge.transports.connection import SLICE_S, Connection, Door, behind_others
from bridge.transports.descriptors import read_some, say, write_all
from bridge.transports.stdio import claim_stdout, on_signal
from bridge.transports.strangers import Strangers
from bridge.transports.wall import EVERY_S, wall_ms

if TYPE_CHECKING:
    from bridge.emulator import Server

log = logging.getLogger(__name__)

GOODBYE_S = 1.0

SEARCH_S = 1.0
"""How often it is asked whether garbage is to be looked for."""


SHOW_S = 0.02
"""How long those who look at worlds are told nothing: what happens meanwhile is told together."""

Pages = Callable[[str], bytes]
"""Returns the whole answer to a browser that asks for the page of a path."""


class Listen(NamedTuple):
    """Where and for whom to listen."""

    host: str
    port: int
    token: str | None = None
    origins: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    until_stdin_closes: bool = False

    @classmethod
    def of(cls, text: str, options: dict[str, Any]) -> Listen:
        """Return what a command line asks for. Raises BridgeError for no address, and for one beyond this machine without a token."""
        host, port = address(text)
        token = options.get("token") or None
        if token is None and not is_loopback(host):
            raise BridgeError(f"{host} can be reached from other machines: give --token TEXT, which every client must present")
        origins, hosts = _several(options.get("allow_origin")), _several(options.get("allow_host"))
        return cls(host, port, token, origins, hosts, bool(options.get("until_stdin_closes")))


def _several(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())


class Listener:
    """
    The server's end of all connections.

    Args:
        server: the worlds.
        access: who may connect.
        pages: answers a browser that asks for a page: the path, and the whole answer; None without any.

    Attributes:
        watchers: called after whatever has happened, before anybody is told that it has.
    """

    def __init__(self, server: Server, access: Access, pages: Pages | None = None) -> None:
        self.server = server
        self.access = access
        self.connections: set[Connection] = set()
        self.busy: set[Connection] = set()
        self.worked = False
        self.strangers = Strangers()
        self.watchers: set[Callable[[], None]] = set()
        self.pages = pages
        self._showing: asyncio.TimerHandle | None = None
        self._undone: deque[Iterator[None]] = deque()
        self._empty: asyncio.Event | None = None

    def door(self, kind: str, connection: Connection) -> Door:
        """Return what understands a client, by what `opening` says of its first bytes."""
        from bridge.codecs.framing import ContentLengthFraming, LineFraming
        from bridge.transports.lines import LinesDoor

        if kind == "http":
            from bridge.transports.http import HttpDoor

            return HttpDoor(self, connection)
        if kind == "platform":
            from bridge.transports.platform import PlatformDoor

            return PlatformDoor(self, connection)
        if kind == "native":
            from bridge.transports.native import NativeDoor

            return NativeDoor(self, connection)
        return LinesDoor(self, connection, ContentLengthFraming() if kind == "content-length" else LineFraming())

    def happened(self) -> None:
        """Let those look who want to know what has become of something."""
        for watch in self.watchers:
            watch()
        if self.server.lookers and self._showing is None:
            self._showing = asyncio.get_running_loop().call_later(SHOW_S, self._show)

    def _show(self) -> None:
        """Tell those who look at worlds what has happened in them."""
        self._showing = None
        self.server.show()

    def finish(self, work: Iterator[None] | None) -> None:
        """Do in slices what a client that is gone has left undone: a world that is half made would take long to be freed at once."""
        if work is not None:
            self._undone.append(work)
            behind_others(self._go_on)

    def _go_on(self) -> None:
        until = perf_counter() + SLICE_S
        work = self._undone.popleft()
        try:
            while perf_counter() < until:
                next(work)
        except StopIteration:
            return
        except Exception:
            log.exception("what a client has left undone ends with a bug of the bridge")
            return
        self.finish(work)

    def was_idle(self) -> bool:
        """Return whether nobody has asked for anything since this was last asked."""
        worked, self.worked = self.worked, False
        return not worked

    def gone(self) -> None:
        """Note that a connection is gone."""
        if self._empty is not None and not self.connections:
            self._empty.set()

    async def close(self) -> None:
        """Say goodbye to all clients, and wait for them for a moment."""
        self._empty = asyncio.Event()
        for connection in list(self.connections):
            connection.farewell()
        if self.connections:
            try:
                await asyncio.wait_for(self._empty.wait(), GOODBYE_S)
            except TimeoutError:
                for connection in list(self.connections):
                    connection.abort()
                await asyncio.sleep(0)


def serve(server: Server, listen: Listen, pages: Pages | None = None, announced: Callable[[str], dict[str, str]] | None = None) -> None:
    """
    Serve until a signal comes (or standard input ends, if that was asked for).

    Args:
        pages: see `Listener`.
        announced: told `host:port`; returns what else the first line tells.

    Raises: BridgeError if the address cannot be had.
    """
    protocol = claim_stdout()

    def announce(where: str) -> None:
        line = {"listening": f"tcp://{where}", "websocket": f"ws://{where}/", **(announced(where) if announced else {})}
        try:
            write_all(protocol, json.dumps(line).encode() + b"\n")
        except OSError as error:  # whoever has fixed the port needs no such line
            say(f"listening on {where}, which cannot be written to stdout: {error.strerror}")

    asyncio.run(run(server, listen, announce, pages=pages))


async def run(
    server: Server, listen: Listen, announce: Callable[[str], None], stop: asyncio.Event | None = None, pages: Pages | None = None
) -> None:
    """
    Serve until told to stop.

    Args:
        announce: told `host:port` as soon as clients can connect.
        stop: set to stop; None for signals alone.
        pages: see `Listener`.
    """
    loop = asyncio.get_running_loop()
    listener = Listener(server, Access(listen.token, listen.origins, (listen.host, *listen.hosts)), pages)
    _allow_many_files()
    try:
        sockets = await loop.create_server(lambda: Connection(listener), listen.host, listen.port, backlog=1024)
    except OSError as error:
        raise BridgeError(f"cannot listen on {listen.host}:{listen.port}: {error.strerror or error}") from None
    port = sockets.sockets[0].getsockname()[1]
    if stop is None:
        stop = asyncio.Event()
        _stop_by_signal(loop, stop)
    if listen.until_stdin_closes:
        _stop_with_stdin(loop, stop)
    tasks = [loop.create_task(_look_for_garbage(listener))]
    if server.settings.real_clock:
        tasks.append(loop.create_task(_follow_the_wall(listener)))
    announce(f"[{listen.host}]:{port}" if ":" in listen.host else f"{listen.host}:{port}")
    try:
        with garbage.young_only():
            await stop.wait()
    finally:
        for task in tasks:
            task.cancel()
        sockets.close()
        await asyncio.sleep(0)  # whoever was just accepted is on the list then
        await listener.close()


async def _look_for_garbage(listener: Listener) -> None:
    """Look for garbage when nobody asks for anything, again and again."""
    while True:
        await asyncio.sleep(SEARCH_S)
        garbage.look(listener.was_idle())


async def _follow_the_wall(listener: Listener) -> None:
    """Let happen what has become due, again and again."""
    while True:
        await asyncio.sleep(EVERY_S)
        listener.server.follow(wall_ms())
        listener.happened()


def _stop_by_signal(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """Stop at the first signal; a second one finds the server about to end, and waits for what is done then."""
    seen = False

    def once() -> None:
        nonlocal seen
        if not seen:
            seen = True
            loop.call_soon_threadsafe(stop.set)

    on_signal(once)


def _stop_with_stdin(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """Stop when standard input ends. A thread waits for that: not every kind of input can be polled everywhere."""
    from threading import Thread

    def wait() -> None:
        while read_some(0):
            pass
        try:
            loop.call_soon_threadsafe(stop.set)
        except RuntimeError:
            pass  # stopped already

    Thread(target=wait, daemon=True).start()


def _allow_many_files() -> None:
    """Raise the number of open files to what the system lets this process have."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        except (OSError, ValueError):
            pass
