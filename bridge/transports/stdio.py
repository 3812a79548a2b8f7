"""JSON-RPC on standard input and output: one connection, no threads, no event loop."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from bridge import garbage
from bridge.codecs.framing import ContentLengthFraming, Frames, LineFraming, sniff
from bridge.transports.descriptors import CHUNK, read_some, say, write_all
from bridge.transports.rpc import RpcPeer
from bridge.transports.wall import EVERY_S, wall_ms

if TYPE_CHECKING:
    from bridge.emulator import Server

SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
"""What asks a process to end."""


def claim_stdout() -> int:
    """
    Keep standard output for the protocol alone. Returns the descriptor to write it to.

    Whatever else the process prints from now on goes to standard error.
    """
    if sys.stdout is not None:  # as it is where the process was started without one
        sys.stdout.flush()
    protocol = os.dup(1)
    os.dup2(2, 1)
    return protocol


GOODBYE_S = 1.0
"""How long a client may take to read what is left, when a signal has come."""

AT_ONCE = 512
"""What never blocks, where something can be written at all (POSIX: the least PIPE_BUF)."""


class Stopped(Exception):
    """The door waits for input, and is to end."""


class Gone(Exception):
    """Nothing can be written to the client any more."""


class StdioDoor:
    """
    One client on two file descriptors.

    Args:
        server: the worlds.
        source, target: descriptors to read from and write to.
        wake: a descriptor on which something comes at each signal; None where signals do what they do.
    """

    def __init__(self, server: Server, source: int, target: int, wake: int | None = None) -> None:
        self._source = source
        self._target = target
        self._framing: LineFraming | ContentLengthFraming | None = None
        self._out: list[bytes] = []
        self._ended = False
        self._waits = False
        self._peer = RpcPeer(server, self._write, self._end)
        self._server = server
        self._wake = wake
        self._by_the_wall = server.settings.real_clock and sys.platform != "win32"
        self._read = self._read_next if wake is None and not self._by_the_wall else self._read_when_there

    def run(self) -> None:
        """Serve until the input ends, the client stops reading, or a fault disconnects."""
        try:
            with garbage.young_only():
                while not self._ended:
                    chunk = self._next()
                    if not chunk:
                        break
                    self._take(chunk)
                    garbage.look(is_idle=False)
            if self._framing is not None and not self._ended:
                self._handle(self._framing.finish())
        except Gone:
            pass
        finally:
            self._peer.close()

    def _next(self) -> bytes:
        """Return what is read next, b"" at the end of input and when a signal has come."""
        try:
            self._waits = True
            try:
                return b"" if self._ended else self._read()
            finally:
                self._waits = False
        except Stopped:
            return b""

    def _read_next(self) -> bytes:
        return read_some(self._source)

    def _read_when_there(self) -> bytes:
        """
        Wait for input, or for a signal that ends this; and meanwhile let happen what has become due by the wall's clock.

        (Windows cannot: there, that happens with the next message.)
        """
        from select import select

        sources = [self._source] if self._wake is None else [self._source, self._wake]
        try:
            while self._source not in (there := select(sources, [], [], EVERY_S if self._by_the_wall else None)[0]):
                if self._ended:
                    return b""
                if there:
                    os.read(there[0], CHUNK)  # a signal that ends nothing
                if self._by_the_wall:
                    self._server.follow(wall_ms())
                    self._flush()
        except OSError:
            return b""  # there is no input any more
        return b"" if self._ended else read_some(self._source)

    def stop(self) -> None:
        """End behind the message that is being carried out; for a signal's handler, which interrupts the wait for the next."""
        self._ended = True
        if self._waits and self._wake is None:
            raise Stopped

    def _take(self, chunk: bytes) -> None:
        if self._framing is None:
            chunk = chunk.lstrip(b" \t\r\n")
            if not chunk:
                return
            self._framing = ContentLengthFraming() if sniff(chunk[0]) == "content-length" else LineFraming()
        self._handle(self._framing.feed(chunk))

    def _handle(self, frames: Frames) -> None:
        for frame in frames:
            if self._ended:
                break
            self._peer.take(frame)
        self._flush()

    def _write(self, message: bytes) -> None:
        assert self._framing is not None
        self._out.append(self._framing.encode(message))

    def _flush(self) -> None:
        if not self._out:
            return
        data = b"".join(self._out)
        self._out.clear()
        try:
            if self._wake is None:
                write_all(self._target, data)
            else:
                self._write_for_a_while(memoryview(data), self._wake)
        except OSError as error:
            if not isinstance(error, BrokenPipeError):
                say(f"cannot write: {error.strerror}")
            raise Gone from None

    def _write_for_a_while(self, view: memoryview, wake: int) -> None:
        """Write, and go on for a moment only when a signal has come: the client may not be reading. Raises Gone, OSError."""
        from select import select

        while view:
            there, free, _ = select([] if self._ended else [wake], [self._target], [], GOODBYE_S if self._ended else None)
            if free:
                view = view[os.write(self._target, view[:AT_ONCE]) :]
            elif there:
                os.read(wake, CHUNK)
            elif self._ended:
                raise Gone

    def _end(self) -> None:
        self._ended = True


def serve(server: Server, ends_softly: bool = False) -> None:
    """
    Serve one client on standard input and output until it is done.

    Args:
        ends_softly: return at a signal that asks to end, too, instead of dying of them: something is to be done at the end.
    """
    door = StdioDoor(server, 0, claim_stdout(), _wakes_at_signals() if ends_softly else None)
    if ends_softly:
        on_signal(door.stop)
    door.run()


def _wakes_at_signals() -> int | None:
    """Return a descriptor on which something comes at each signal, also at one that comes just before the wait for input."""
    if sys.platform == "win32":
        return None
    import signal

    wake, woken = os.pipe()
    os.set_blocking(woken, False)
    signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
    return wake


def ignore_signals() -> None:
    """Let no further signal change the status of a process that has done all it was asked to do, and ends."""
    import signal

    for name in SIGNALS:
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, signal.SIG_IGN)


def on_signal(stop: Callable[[], None]) -> None:
    """Have something done at each signal that asks the process to end, but for those that it was started to ignore."""
    import signal

    def handle(number: int, frame: object) -> None:
        stop()

    for name in SIGNALS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, handle)
