"""`timbridge record --listen`: clients that connect to a port, each led to the server at another."""

from __future__ import annotations

import json
import os
import socket
from contextlib import suppress
from threading import Thread
from time import sleep
from typing import Any, NamedTuple

from bridge.cli.record import SIGNALLED, Between, Sheet, Signals
from bridge.codecs.framing import opening
from bridge.errors import BridgeError
from bridge.transports.access import address, is_loopback
from bridge.transports.descriptors import say
from bridge.transports.ends import End, Frames, Inbox, of_socket, reach

OPENING_BYTES = 64
PEEK_S = 0.01
NOT_RECORDED = {
    "platform": "Flutter's own bytes are not recorded here; the tap of the Dart package does that inside the app",
    "native": "what a native library says is not recorded",
}


class Ended(NamedTuple):
    """A client is done, with that exit status."""

    status: int


def serve(options: dict[str, Any]) -> int:
    """Lead clients to the server until a signal comes, or with `--once` until the first one has ended. Returns the exit status."""
    host, port = address(options["listen"])
    if not is_loopback(host):
        raise BridgeError(f"{host} can be reached from other machines; record on this machine's loopback, such as 127.0.0.1:{port}")
    there = address(options["to"])
    reach(*there).close()  # so that a wrong address is told at once
    happened = Inbox()
    signals = Signals(happened)
    listener = _listening(host, port)
    Thread(target=_accept, args=(listener, happened), daemon=True).start()
    where = "{}:{}".format(*listener.getsockname()[:2])
    print(json.dumps({"listening": f"tcp://{where}", "websocket": f"ws://{where}/"}), flush=True)
    sessions: list[Session] = []
    while True:
        what = happened.get()
        if isinstance(what, socket.socket):
            if options["once"] and sessions:
                what.close()
                continue
            session = Session(options, what, there, len(sessions) + 1, happened)
            sessions.append(session)
            session.thread.start()
        elif isinstance(what, Ended):
            if options["once"]:
                return what.status
        else:
            for session in sessions:
                session.inbox.put(what)
            for session in sessions:
                session.thread.join()
            return SIGNALLED + signals.came


def _listening(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise BridgeError(f"cannot listen on {host}:{port}: {error.strerror or error}") from None


def _accept(listener: socket.socket, happened: Inbox) -> None:
    with suppress(OSError):
        while True:
            happened.put(listener.accept()[0])


class Session:
    """One client on its way to the server, with a recording of its own."""

    def __init__(
        self, options: dict[str, Any], stream: socket.socket, there: tuple[str, int], number: int, happened: Inbox
    ) -> None:
        self._options = options
        self._stream = stream
        self._there = there
        self._path = numbered(options["out"], number)
        self._happened = happened
        self.inbox = Inbox()
        self.status = 0
        self.thread = Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        try:
            client, server = self._ends()
            self._record(client, server)
        except BridgeError as error:
            say(str(error))
            self.status = 2
        except OSError as error:
            say(f"a client is gone: {error.strerror or error}")
        self._happened.put(Ended(self.status))

    def _record(self, client: End, server: End) -> None:
        sheet = Sheet(self._path)
        between = Between(self._options, sheet, self.inbox, client, server)
        status = between.run()
        if status < SIGNALLED:
            what = f"the server ended the connection{between.during()}" if status else "a client has ended"
            say(f"{what}; {sheet.told(between.tape.calls)}")
        self.status = sheet.status(status)

    def _ends(self) -> tuple[End, End]:
        """Return the client's end and the server's, in the language that the client has begun with."""
        kind = self._kind()
        if kind in NOT_RECORDED:
            self._stream.close()
            raise BridgeError(NOT_RECORDED[kind])
        if kind == "http":
            try:
                from bridge.transports.ends_websocket import lead
            except ImportError:
                self._stream.close()
                raise BridgeError("WebSocket clients want the library websockets: pip install 'timbridge[listen]'") from None
            return lead(self.inbox, self._stream, *self._there)
        spoken = Frames()
        return of_socket(self.inbox, self._stream, spoken), of_socket(self.inbox, reach(*self._there), Frames(spoken))

    def _kind(self) -> str:
        """Return what the client speaks, by its first bytes, which are left to be read."""
        while (kind := opening(start := self._stream.recv(OPENING_BYTES, socket.MSG_PEEK))) is None and start:
            sleep(PEEK_S)
        return kind or "lines"


def numbered(path: str, number: int) -> str:
    """Return where the recording of a client goes: the first one's where it was said, those of others beside it."""
    stem, kind = os.path.splitext(path)
    return path if number == 1 else f"{stem}-{number}{kind}"
