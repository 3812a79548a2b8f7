"""JSON-RPC on standard input and output: one connection, no threads, no event loop."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from bridge.codecs.errors import Refused
from bridge.codecs.framing import ContentLengthFraming, LineFraming, sniff
from bridge.transports.rpc import RpcPeer
from bridge.transports.wall import EVERY_S, wall_ms

if TYPE_CHECKING:
    from bridge.emulator import Server

CHUNK = 1 << 16


def claim_stdout() -> int:
    """
    Keep standard output for the protocol alone. Returns the descriptor to write it to.

    Whatever else the process prints from now on goes to standard error.
    """
    sys.stdout.flush()
    protocol = os.dup(1)
    os.dup2(2, 1)
    return protocol


class Stopped(Exception):
    """The door waits for input, and is to end."""


class StdioDoor:
    """
    One client on two file descriptors.

    Args:
        server: the worlds.
        source, target: descriptors to read from and write to.
    """

    def __init__(self, server: Server, source: int, target: int) -> None:
        self._source = source
        self._target = target
        self._framing: LineFraming | ContentLengthFraming | None = None
        self._out: list[bytes] = []
        self._ended = False
        self._waits = False
        self._peer = RpcPeer(server, self._write, self._end)
        self._server = server
        self._read = self._read_by_the_wall if server.settings.real_clock and sys.platform != "win32" else self._read_next

    def run(self) -> None:
        """Serve until the input ends, the client stops reading, or a fault disconnects."""
        try:
            while not self._ended:
                self._waits = True
                chunk = self._read()
                self._waits = False
                if not chunk:
                    break
                self._take(chunk)
            if self._framing is not None and not self._ended:
                self._handle(self._framing.finish())
        except (BrokenPipeError, Stopped):
            pass
        finally:
            self._peer.close()

    def _read_next(self) -> bytes:
        return os.read(self._source, CHUNK)

    def _read_by_the_wall(self) -> bytes:
        """Wait for input, and meanwhile let happen what has become due. (Windows cannot: there, it happens with the next message.)"""
        from select import select

        while not select([self._source], [], [], EVERY_S)[0]:
            self._server.follow(wall_ms())
            self._flush()
        return os.read(self._source, CHUNK)

    def stop(self) -> None:
        """End behind the message that is being carried out; for a signal's handler, which interrupts the wait for the next."""
        self._ended = True
        if self._waits:
            raise Stopped

    def _take(self, chunk: bytes) -> None:
        if self._framing is None:
            chunk = chunk.lstrip(b" \t\r\n")
            if not chunk:
                return
            self._framing = ContentLengthFraming() if sniff(chunk[0]) == "content-length" else LineFraming()
        self._handle(self._framing.feed(chunk))

    def _handle(self, frames: list[bytes | Refused]) -> None:
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
        written = os.write(self._target, data)
        while written < len(data):
            written += os.write(self._target, memoryview(data)[written:])

    def _end(self) -> None:
        self._ended = True


def serve(server: Server, ends_softly: bool = False) -> None:
    """
    Serve one client on standard input and output until it is done.

    Args:
        ends_softly: return at SIGINT and SIGTERM, too, instead of dying of them: something is to be done at the end.
    """
    door = StdioDoor(server, 0, claim_stdout())
    if ends_softly:
        import signal

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: door.stop())
    door.run()
