"""`timbridge record`: between a client and a server, writing down what passes."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress
from queue import Empty
from typing import TYPE_CHECKING, Any

from bridge.catalogue import dialects, platforms
from bridge.cli.options import Option, UsageError, Verb
from bridge.conformance.recordings import Writer
from bridge.conformance.tape import Tape
from bridge.errors import BridgeError
from bridge.transports.descriptors import say, write_all

if TYPE_CHECKING:
    from bridge.transports.ends import End, Inbox

VERB = Verb(
    "record",
    "Stands between a client and a server, hands on what each says, and writes calls, replies and events to a recording.\n"
    "The server is a command, with the client on stdin and stdout; or it listens at --to, and the client connects to\n"
    "--listen, over TCP or WebSocket. A call is handed on when all is in that the last one has caused. Secrets\n"
    "(signatures, tokens, passwords) are blanked. Dialect and platform are those that the server tells.\n\n"
    "Exit status: 0 the client has ended, and all is recorded; 2 it was called wrongly, or the server cannot be had;\n"
    "3 the server ended by itself; 4 the recording could not be written to its end; 130 or 143 a signal came. Whatever\n"
    "the end, a recording holds whole lines only.",
    (
        Option("--out", "Where to write the recording.", "FILE", "recording.jsonl"),
        Option("--listen", "Wait for clients there, instead of one on stdin; port 0 picks a free one.", "HOST:PORT"),
        Option("--to", "Where the server listens that clients of --listen are led to.", "HOST:PORT"),
        Option("--once", "With --listen, end with the first client; else each has a recording of its own, numbered from the second on."),
        Option("--dialect", "What stands in the header, whatever the server tells.", "NAME", None, dialects()),
        Option("--platform", "The same.", "NAME", None, platforms()),
        Option("--secret", "Further keys to blank; several with commas.", "KEY"),
        Option("--settle", "How long nothing must have come from a server that does not answer bridge.ping.", "MS", 200, number=1),
    ),
    "[[--] COMMAND [ARGUMENTS…]]",
    0,
    None,
    rest=True,
    examples=(
        "timbridge record --out story.jsonl -- timbridge serve",
        "timbridge record --out story.jsonl --listen 127.0.0.1:7400 --to 127.0.0.1:7401",
    ),
)

ENDED_ITSELF, NOT_WRITTEN, SIGNALLED = 3, 4, 128
ASKED_TO_END = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")

PATIENCE_S = 2.0
"""How long a server may take to end when it has nothing more to do, and to answer its first `bridge.ping` behind a reply."""

SILENT_S = 5.0
"""How long a call may stay unanswered where no `bridge.ping` tells that all is in."""


def run(options: dict[str, Any], arguments: list[str]) -> int:
    """Stand between until one of both ends, or a signal comes."""
    if bool(arguments) == bool(options["listen"]) or bool(options["listen"]) != bool(options["to"]):
        raise UsageError("record wants the command of a server, or both --listen and --to; see `timbridge record --help`")
    if options["listen"]:
        from bridge.cli.record_sockets import serve

        return serve(options)
    from bridge.testing.wires import apart
    from bridge.transports.ends import Frames, Inbox, of_descriptors, of_process
    from bridge.transports.stdio import claim_stdout

    inbox = Inbox()
    signals = Signals(inbox)
    sheet = Sheet(options["out"])
    try:
        process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **apart())
    except OSError as error:
        raise BridgeError(f"cannot be started: {error.strerror}", file=arguments[0]) from None
    spoken = Frames()
    client = of_descriptors(inbox, 0, claim_stdout(), spoken)
    server = of_process(inbox, process, Frames(spoken))
    between = Between(options, sheet, inbox, client, server)
    status = between.run(signals)
    ended = _end(process)
    if status == ENDED_ITSELF:
        say(f"the server ended{between.during()}, with status {ended}; {sheet.told(between.tape.calls)}")
    return sheet.status(status)


def _end(process: subprocess.Popen[bytes]) -> int:
    """Wait for a server that has been told that nothing comes any more. Returns its exit status."""
    try:
        return process.wait(PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


class Signals:
    """What asks us to end, in the queue of all that happens; a second time it ends us at once."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self.came = 0
        for name in ASKED_TO_END:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._take)

    def _take(self, number: int, frame: object) -> None:
        from bridge.transports.ends import Heard

        if self.came:
            os._exit(SIGNALLED + number)
        self.came = number
        self._inbox.put(Heard(None, None))


class Sheet:
    """
    A file of whole lines. A line that cannot be written, and all after it, are left out.

    Raises: BridgeError if it cannot be opened.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.problem = ""
        self._size = 0
        try:
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o666)
        except OSError as error:
            raise BridgeError(f"cannot be written: {error.strerror}", file=path) from None

    def write(self, text: str) -> None:
        """Write a line."""
        if self.problem:
            return
        data = text.encode()
        try:
            write_all(self._file, data)
        except OSError as error:
            self.problem = error.strerror or str(error)
            with suppress(OSError):
                os.ftruncate(self._file, self._size)
            say(f"{self.path}: cannot be written any further: {self.problem}; calls are handed on all the same")
        self._size += len(data)

    def told(self, calls: int) -> str:
        """Return the words on what is in it."""
        if self.problem:
            return f"{self.path} holds what came before: {self.problem}"
        return f"{calls} call{' is' if calls == 1 else 's are'} in {self.path}"

    def status(self, otherwise: int) -> int:
        """Return the exit status: that of a file that is not whole, or the other one."""
        return NOT_WRITTEN if self.problem and not otherwise else otherwise


class Between:
    """A client, a server, and what is written down of them."""

    def __init__(self, options: dict[str, Any], sheet: Sheet, inbox: Inbox, client: End, server: End) -> None:
        self._sheet = sheet
        self._inbox = inbox
        self._client = client
        self._server = server
        self._settle_s = options["settle"] / 1000
        self._said_garbage = False
        kind = options["dialect"], options["platform"]
        writer = Writer(sheet.write, held=True)
        self.tape = Tape(writer, client.send, server.send, kind, keys(options["secret"]))

    def during(self) -> str:
        """Return the words on which call the server was at."""
        return f" during {self.tape.under_way}" if self.tape.under_way else ""

    def run(self, signals: Signals | None = None) -> int:
        """Hand on until the client has ended and all is in, the server has, or a signal comes. Returns the exit status."""
        tape = self.tape
        client_ended = False
        try:
            while not (client_ended and not tape.is_busy):
                try:
                    end, frame = self._inbox.get(timeout=self._patience())
                except Empty:
                    self._wait_no_longer()
                    continue
                if end is None:
                    return self._interrupted(signals)
                if frame is None and end is self._server:
                    return 0 if client_ended and not tape.is_busy else ENDED_ITSELF
                if frame is None:
                    client_ended = True
                elif isinstance(frame, (bytes, bytearray)):
                    self._take(end, bytes(frame))
                else:
                    self._refuse(end, frame.code, frame.message)
            self._drain()
            return 0
        finally:
            tape.end()
            self._server.finish(PATIENCE_S)
            self._client.finish(PATIENCE_S)

    def _take(self, end: End, frame: bytes) -> None:
        if end is self._client:
            self.tape.asked(frame)
        elif not self.tape.answered(frame) and not self._said_garbage:
            self._said_garbage = True
            say(f"the server says what is no JSON-RPC, which is handed on and not recorded: {frame[:80]!r}")

    def _refuse(self, end: End, code: int, message: str) -> None:
        from bridge.codecs import jsonrpc

        if end is self._client:
            self._client.send(jsonrpc.dumps({"jsonrpc": "2.0", "id": None, "error": {"code": code, "message": message}}))
        else:
            say(f"the server says what cannot be handed on: {message}")

    def _patience(self) -> float | None:
        """Return for how long to wait for what is next; None for ever."""
        tape = self.tape
        if not tape.is_busy or tape.answers_pings:
            return None
        if not tape.is_answered:
            return None if tape.answers_pings is None else SILENT_S
        return PATIENCE_S if tape.answers_pings is None else self._settle_s

    def _wait_no_longer(self) -> None:
        """Nothing has come: the server does not answer `bridge.ping`, and the last call has caused all that it will."""
        if self.tape.answers_pings is None:
            self.tape.answers_pings = False
            ms = round(self._settle_s * 1000)
            say(f"the server does not answer bridge.ping: a call is handed on when nothing has come for {ms} ms (--settle)")
        self.tape.go_on()

    def _drain(self) -> None:
        """The client has ended: take what the server still says, such as replies that it held back."""
        self._server.finish(PATIENCE_S)
        try:
            while True:
                end, frame = self._inbox.get(timeout=PATIENCE_S)
                if end is not self._client and frame is None:
                    return
                if end is self._server and isinstance(frame, (bytes, bytearray)):
                    self._take(end, bytes(frame))
        except Empty:
            return

    def _interrupted(self, signals: Signals | None) -> int:
        number = signals.came if signals is not None else signal.SIGTERM
        say(f"interrupted{self.during()}; {self._sheet.told(self.tape.calls)}")
        return SIGNALLED + number


def keys(text: str | None) -> tuple[str, ...]:
    """Return the ends of keys that `--secret` names."""
    return tuple(part.strip().lower() for part in (text or "").split(",") if part.strip())
