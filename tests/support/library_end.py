"""The library's end of the native door, spoken frame by frame."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from bridge.codecs import native
from tests.transports.doors import connected, listening

SOCKETS: list[socket.socket] = []
"""Those of the test that runs; who uses them closes them at its end."""


@contextmanager
def servers() -> Iterator[Callable[..., str]]:
    """Yield what starts a server (`doors.listening`) and returns its address; all of them end, behind the sockets, with the test."""
    with ExitStack() as stack:
        yield lambda **given: stack.enter_context(listening(**given))
        while SOCKETS:
            SOCKETS.pop().close()


class Library:
    """The library's end of a connection; `says_hello` false for one that says what a test wants."""

    def __init__(
        self,
        address: str,
        *,
        world: str | None = None,
        device: str = "app",
        token: str | None = None,
        process: int = 42,
        says_hello: bool = True,
    ) -> None:
        self.address = address
        self.socket = connected(address)
        SOCKETS.append(self.socket)
        if says_hello:
            hello = native.encode_values(token, world, device, process, native.FRAMES_VERSION)
            self.send(native.MAGIC + native.encode_frame(native.HELLO, hello))
        self._framing = native.NativeFraming(expect_magic=False)
        self._frames: list[tuple[int, bytes]] = []
        self._number = 0

    def send(self, data: bytes) -> None:
        """Send bytes."""
        self.socket.sendall(data)

    def call(self, function: str, *values: native.Value, waits: bool = False, given_id: str | None = None) -> int:
        """Send a call; with an id, one that has returned that already. Returns its number."""
        self._number += 1
        kind = native.WAIT if waits else native.CALL
        if given_id is not None:
            kind, values = native.NAMED, (*values, given_id)
        head = self._number.to_bytes(4, "big") + bytes((len(function),)) + function.encode() + bytes((len(values),))
        self.send(native.encode_frame(kind, head + native.encode_values(*values)))
        return self._number

    def frame(self) -> tuple[int, Any]:
        """Return the next frame: its kind, and what it says."""
        while not self._frames:
            data = self.socket.recv(1 << 16)
            if not data:
                return -1, "closed"
            self._frames += self._framing.feed(data)
        kind, rest = self._frames.pop(0)
        if kind in (native.STATE, native.RETURN):
            return kind, native.decode_values(rest)
        if kind == native.REPLY:
            return kind, (int.from_bytes(rest[:4], "big"), json.loads(rest[4:]) if rest[4:] else None)
        if kind == native.FILE:
            end = 8 + int.from_bytes(rest[4:8], "big")
            return kind, (int.from_bytes(rest[:4], "big"), rest[8:end], json.loads(rest[end:]))
        if kind == native.MARK:
            return kind, native.decode_mark(rest)
        return kind, json.loads(rest) if kind == native.POST else rest.decode()

    def ask(self, function: str, *values: native.Value, given_id: str | None = None) -> dict[str, Any]:
        """Make a call; return the text of its reply. Frames before it are dropped."""
        return self.answer(self.call(function, *values, given_id=given_id))

    def answer(self, number: int) -> dict[str, Any]:
        """Return the text of the reply to a call. Frames before it are dropped."""
        while True:
            kind, said = self.frame()
            assert kind != -1, "the connection is closed"
            if kind == native.REPLY and said[0] == number:
                found: dict[str, Any] = said[1]
                return found

    def start(self, user: str | None = None) -> None:
        """Initialise, and log in. Frames before that are dropped."""
        self.call("DartInitSDK", 1, "{}", waits=True)
        while (kind := self.frame()[0]) != native.RETURN:
            assert kind != -1, "the connection is closed"
        if user is not None:
            assert 0 == self.ask("DartLogin", user, "sig", f"login-{user}")["code"]
