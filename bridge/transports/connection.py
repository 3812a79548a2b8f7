"""
One socket: what its first bytes are, how much may wait for it, when it ends.

A `Door` understands the bytes. It is fed, and then asked to carry out one frame after the other for as long as the
client reads what it is answered: a client that sends and does not read is not read from, and one that does not read
what others cause is cut off.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections import deque
from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING, Any, Protocol, cast

from bridge.codecs.framing import opening
from bridge.transports.strangers import FIRST_BYTES

if TYPE_CHECKING:
    from bridge.transports.listening import Listener

log = logging.getLogger(__name__)

MAX_WAITING_BYTES = 32 << 20
"""What may wait for a client that does not read, before one more message; its own replies stop far below."""

HIGH_WATER_BYTES = 1 << 20

BEHIND_BYTES = 1 << 20
"""What may wait for a client that watches: it is told of what happens meanwhile when it has read that."""

AT_ONCE_BYTES = 1 << 16

PIECE_BYTES = 1 << 18
"""How much is handed to the system at once: what it does not take yet is copied."""

SLICE_S = 0.01
"""How long those who have much to be done may keep the server together, before whoever has little is heard."""


class Door(Protocol):
    """Bytes of one client, understood."""

    def feed(self, data: bytes) -> None:
        """Take what arrived."""

    def step(self) -> bool:
        """Carry out the next frame, or a slice of it. Returns False if there is nothing to do."""

    def finish(self) -> None:
        """No more bytes come; there may be a last frame."""

    def farewell(self) -> None:
        """The server stops: say goodbye, if there is a word for it."""

    def admitted(self) -> bool:
        """Return whether the client has been let in."""

    def too_much(self) -> None:
        """Refuse a client that has said all that a stranger may and cannot be let in yet; the connection ends behind that."""

    def close(self) -> None:
        """The connection is gone: so are its devices."""


class Connection(asyncio.Protocol):
    """
    A client of a `Listener`.

    Args:
        listener: the server's end: its worlds, its rules, its connections.
    """

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._transport: asyncio.Transport | None = None
        self._door: Door | None = None
        self._out: deque[bytes | memoryview] = deque()
        self._out_bytes = 0
        self._writable = True
        self._working = False
        self._goes_on = False
        self._input_ended = False
        self._ending = False
        self._said = 0
        self._opening = b""

    # --- what asyncio tells

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to listen to a client."""
        self._transport = cast(asyncio.Transport, transport)
        self._transport.set_write_buffer_limits(high=HIGH_WATER_BYTES)
        _keep_alive(transport.get_extra_info("socket"))
        self._listener.connections.add(self)
        if not self._listener.access.is_open:
            self._listener.strangers.arrive(self)

    def data_received(self, data: bytes) -> None:
        """Take bytes, and carry out what they complete."""
        if self._ending:
            return
        door = self._door
        if door is None:
            data = self._opening = (self._opening + data).lstrip(b" \t\r\n")
            kind = opening(data)
            if kind is None:
                return
            self._opening = b""
            door = self._door = self._listener.door(kind, self)
            if not door.admitted() and self not in self._listener.strangers:
                self._listener.strangers.arrive(self)
        if self in self._listener.strangers:
            self._hear_stranger(door, data)
        else:
            door.feed(data)
            self._work()

    def eof_received(self) -> bool:
        """The client says no more: answer what it said, then close."""
        self._input_ended = True
        if self._opening:
            data, self._opening = self._opening, b""
            self._door = self._listener.door("lines", self)
            self._door.feed(data)
        if self._door is None:
            return False
        self._door.finish()
        self._work()
        return True

    def pause_writing(self) -> None:
        """Too much waits for this client: go on when it has read."""
        self._writable = False

    def resume_writing(self) -> None:
        """The client has read."""
        self._writable = True
        self._flush()
        self._work()

    def connection_lost(self, error: Exception | None) -> None:
        """Close the client's devices."""
        self._ending = True
        self._transport = None
        self._out.clear()
        self._out_bytes = 0
        self._listener.connections.discard(self)
        self._listener.busy.discard(self)
        self._listener.strangers.leave(self)
        self._close_door()
        self._listener.gone()

    # --- what doors ask

    def write(self, data: bytes) -> None:
        """Send bytes behind all that was sent before; a client that reads too slowly is cut off."""
        transport = self._transport
        if transport is None or self._ending:
            return
        if not self._working:
            waiting = transport.get_write_buffer_size() + self._out_bytes
            if waiting > MAX_WAITING_BYTES:
                log.warning("cut off a client that has %d bytes to read", waiting)
                self.abort()
                return
        self._out.append(data)
        self._out_bytes += len(data)
        if not self._working:
            self._flush()

    def end(self) -> None:
        """Close the connection when all has been sent. The client's devices are gone before it has read that."""
        if self._ending:
            return
        self._flush(all_of_it=True)
        self._ending = True
        if self._transport is not None:
            self._transport.close()
            asyncio.get_running_loop().call_soon(self._close_door)  # not now: it may be the door that asks

    def abort(self) -> None:
        """Close the connection at once; what waits is lost."""
        self._ending = True
        self._out.clear()
        self._out_bytes = 0
        if self._transport is not None:
            self._transport.abort()

    def is_behind(self) -> bool:
        """Return whether so much waits to be read that a watcher is told no more for now."""
        return not self._writable or self._out_bytes > BEHIND_BYTES

    def local_host(self) -> str:
        """Return the address that the client has reached; "" when it is gone."""
        name = None if self._transport is None else self._transport.get_extra_info("sockname")
        return str(name[0]) if name else ""

    # --- inside

    def farewell(self) -> None:
        """The server stops."""
        if self._door is not None:
            self._door.farewell()
        self.end()

    def _hear_stranger(self, door: Door, data: bytes) -> None:
        """Take bytes of a client that is still to be let in: no more than a stranger may say, until it is."""
        room = FIRST_BYTES - self._said
        self._said += len(data)
        door.feed(data[:room])
        self._work()
        if self._ending:
            self._listener.strangers.leave(self)
        elif door.admitted():
            self._listener.strangers.leave(self)
            if len(data) > room:
                door.feed(data[room:])
                self._work()
        elif self._said > FIRST_BYTES:
            door.too_much()
            self.end()
        else:
            self._listener.strangers.begin(self)

    def _work(self) -> None:
        """Carry out frames for as long as the client takes the answers; after a while, whatever others ask comes first."""
        door = self._door
        if door is None or self._working:
            return
        self._working = self._listener.worked = True
        try:
            more = True
            until = perf_counter() + SLICE_S / max(1, len(self._listener.busy))
            while more and self._writable and not self._is_gone():
                more = door.step()
                if self._out_bytes > AT_ONCE_BYTES:
                    self._listener.happened()
                    self._flush()
                if more and perf_counter() > until:
                    break
        except Exception:
            log.exception("a connection is closed after a bug of the bridge")
            self.abort()
            return
        finally:
            self._working = False
        self._listener.happened()
        self._flush()
        if self._is_gone() or self._transport is None:
            self._listener.busy.discard(self)
            return
        if more and self._writable:
            self._listener.busy.add(self)
            self._transport.pause_reading()
            if not self._goes_on:
                self._goes_on = True
                behind_others(self._go_on)
            return
        self._listener.busy.discard(self)
        if self._input_ended:
            if not more:
                self.end()
        elif self._writable:
            self._transport.resume_reading()
        else:
            self._transport.pause_reading()

    def _go_on(self) -> None:
        self._goes_on = False
        self._work()

    def _close_door(self) -> None:
        door, self._door = self._door, None
        if door is not None:
            door.close()

    def _flush(self, all_of_it: bool = False) -> None:
        """Hand over what waits, as long as the client takes it: all of a long answer at once would be copied at once."""
        transport = self._transport
        if transport is None or transport.is_closing():
            self._out.clear()
            self._out_bytes = 0
            return
        while self._out and (self._writable or all_of_it):
            data = self._next_piece()
            self._out_bytes -= len(data)
            transport.write(data)

    def _next_piece(self) -> bytes | memoryview:
        """Take from what waits as much as is handed over at once."""
        out = self._out
        parts: list[bytes | memoryview] = []
        size = 0
        while out and size + len(out[0]) <= PIECE_BYTES:
            size += len(out[0])
            parts.append(out.popleft())
        if parts:
            return parts[0] if len(parts) == 1 else b"".join(parts)
        view = memoryview(out.popleft())
        out.appendleft(view[PIECE_BYTES:])
        return view[:PIECE_BYTES]

    def _is_gone(self) -> bool:
        """Return whether nothing can be sent any more: the connection ends, or broke and asyncio has yet to say so."""
        return self._ending or self._transport is None or self._transport.is_closing()


def behind_others(go_on: Callable[[], None]) -> None:
    """
    Have something done once all those have been heard who have said something by now.

    What is to be called soon is called before what the loop then finds to read; what that calls soon, behind it.
    """
    loop = asyncio.get_running_loop()
    loop.call_soon(loop.call_soon, go_on)


def _keep_alive(peer: Any) -> None:
    """
    Let the system find out within two minutes that a peer has vanished without a word.

    Not by pings of WebSocket: a program that waits at a breakpoint answers none, and its system still does.
    """
    if peer is None:
        return
    for level, name, value in (
        (socket.SOL_SOCKET, "SO_KEEPALIVE", 1),
        (socket.IPPROTO_TCP, "TCP_KEEPIDLE", 60),
        (socket.IPPROTO_TCP, "TCP_KEEPINTVL", 15),
        (socket.IPPROTO_TCP, "TCP_KEEPCNT", 4),
        (socket.IPPROTO_TCP, "TCP_NODELAY", 1),
    ):
        option = getattr(socket, name, None)
        if option is not None:
            try:
                peer.setsockopt(level, option, value)
            except OSError:
                pass
