"""
The two ends of whatever stands between a client and a server: a message in, a message out, whoever carries them.

Each end is read in one thread and written in another, so that none waits for the other; what was read comes to one queue. For commands
that pass on or ask, not for serving.
"""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Callable, Iterator
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any, NamedTuple

from bridge.codecs.errors import Refused
from bridge.codecs.framing import ContentLengthFraming, Framing, LineFraming, sniff
from bridge.errors import BridgeError
from bridge.transports.descriptors import CHUNK, read_some, write_all

Chunks = Callable[[], bytes]
"""Waits for bytes; b"" at the end, and when there is none to be had any more."""


class Heard(NamedTuple):
    """What an end has said: a message without its framing, what was none, or None at its end."""

    end: End | None
    frame: bytes | bytearray | Refused | None


Inbox = SimpleQueue[Any]
"""Gets what was heard, and whatever else happens to those who wait at it."""


class End:
    """
    One end.

    Args:
        inbox: gets what is read, and None once when there is no more, or nothing can be written any more.
        read: yields messages until there are no more.
        write: writes a message. Raises OSError if it cannot be.
        close: lets the other side know that nothing comes any more.
        free: called when nothing is read and nothing written any more.
    """

    def __init__(
        self,
        inbox: Inbox,
        read: Callable[[], Iterator[bytes | bytearray | Refused]],
        write: Callable[[bytes], None],
        close: Callable[[], None],
        free: Callable[[], None] = lambda: None,
    ) -> None:
        self._inbox = inbox
        self._read = read
        self._write = write
        self._close = close
        self._free = free
        self._out: SimpleQueue[bytes | None] = SimpleQueue()
        self._writer = Thread(target=self._writing, daemon=True)
        self._reader = Thread(target=self._reading, daemon=True)
        self._freed = Lock()
        self._halves = 2
        self._writer.start()
        self._reader.start()

    def send(self, message: bytes) -> None:
        """Have a message written behind all others; it goes nowhere if the end is gone."""
        self._out.put(message)

    def finish(self, patience_s: float) -> None:
        """Write what is still to be written, for so long; then nothing comes any more."""
        self._out.put(None)
        self._writer.join(patience_s)

    def leave(self, patience_s: float) -> None:
        """Finish, and wait until the other side has nothing more to say either, for so long."""
        self.finish(patience_s)
        self._reader.join(patience_s)

    def _reading(self) -> None:
        try:
            for frame in self._read():
                self._inbox.put(Heard(self, frame))
        except OSError:
            pass
        self._inbox.put(Heard(self, None))
        self._half()

    def _writing(self) -> None:
        try:
            while (message := self._out.get()) is not None:
                self._write(message)
        except OSError:
            self._inbox.put(Heard(self, None))
        try:
            self._close()
        except OSError:
            pass
        self._half()

    def _half(self) -> None:
        """One of both directions has ended."""
        with self._freed:
            self._halves -= 1
            if not self._halves:
                self._free()


class Frames:
    """
    Messages in a stream, in lines or behind headers, as whoever speaks first begins.

    Args:
        like: what the other side speaks, where that is known before anything is read.
    """

    def __init__(self, like: Frames | None = None) -> None:
        self.framing: Framing | None = None
        self._like = like

    def read(self, chunks: Chunks) -> Iterator[bytes | bytearray | Refused]:
        """Yield the messages of a stream until it ends."""
        while chunk := chunks():
            if self.framing is None:
                chunk = chunk.lstrip(b" \t\r\n")
                if not chunk:
                    continue
                self.framing = ContentLengthFraming() if sniff(chunk[0]) == "content-length" else LineFraming()
            yield from self.framing.feed(chunk)
        if self.framing is not None:
            yield from self.framing.finish()

    def encode(self, message: bytes) -> bytes:
        """Return a message as the stream has it."""
        framing = (self._like or self).framing or LineFraming
        return framing.encode(message)


def of_descriptors(inbox: Inbox, source: int, target: int, frames: Frames) -> End:
    """Return the end behind two descriptors, which it closes when all is written."""

    return End(
        inbox,
        lambda: frames.read(lambda: read_some(source)),
        lambda message: write_all(target, frames.encode(message)),
        lambda: os.close(target),
    )


def of_process(inbox: Inbox, process: subprocess.Popen[bytes], frames: Frames) -> End:
    """Return the end behind the pipes of a process, which are taken from it."""
    assert process.stdin is not None and process.stdout is not None
    target, source = os.dup(process.stdin.fileno()), os.dup(process.stdout.fileno())
    process.stdin.close()
    process.stdout.close()

    def read() -> Iterator[bytes | bytearray | Refused]:
        try:
            yield from frames.read(lambda: os.read(source, CHUNK))
        finally:
            os.close(source)

    return End(inbox, read, lambda message: write_all(target, frames.encode(message)), lambda: os.close(target))


def of_socket(inbox: Inbox, stream: socket.socket, frames: Frames) -> End:
    """Return the end behind a connected socket."""
    stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return End(
        inbox,
        lambda: frames.read(lambda: stream.recv(CHUNK)),
        lambda message: stream.sendall(frames.encode(message)),
        lambda: stream.shutdown(socket.SHUT_WR),
        stream.close,
    )


def reach(host: str, port: int, patience_s: float = 10.0) -> socket.socket:
    """Connect to a server. Raises BridgeError if nobody listens there."""
    try:
        stream = socket.create_connection((host, port), patience_s)
    except OSError as error:
        raise BridgeError(f"nobody listens on {host}:{port} ({error.strerror or error})") from None
    stream.settimeout(None)
    return stream
