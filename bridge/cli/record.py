"""`timbridge record`: between a client and a server, writing down what passes."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Iterator
from typing import Any

from bridge.cli.options import Option, Verb
from bridge.cli.setup import DEVICE, kind
from bridge.conformance.recordings import Writer
from bridge.errors import BridgeError

VERB = Verb(
    "record",
    "Starts a server, hands it what comes on stdin and hands back what it answers, line by line and unchanged, and writes\n"
    "calls, replies and events to a recording. The dialect and platform stand in its header; they are the server's.",
    (Option("--out", "Where to write the recording.", "FILE", "recording.jsonl"), *DEVICE),
    "[--] COMMAND [ARGUMENTS…]",
    1,
    None,
    rest=True,
    examples=("timbridge record --out story.jsonl -- timbridge serve",),
)


def run(options: dict[str, Any], arguments: list[str]) -> int:
    """Stand between until both have ended. Returns the server's exit status."""
    from bridge.transports.stdio import claim_stdout

    try:
        server = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    except OSError as error:
        raise BridgeError(f"cannot be started: {error.strerror}", file=arguments[0]) from None
    target: int | None = claim_stdout()
    with open(options["out"], "w", encoding="utf-8") as file:
        tape = Tape(Writer(file.write, *kind(options)))
        forward = threading.Thread(target=_forward, args=(server, tape), daemon=True)
        forward.start()
        assert server.stdout is not None
        for line in server.stdout:
            tape.answered(line)
            file.flush()
            if target is not None and not _hand_on(target, line):
                target = None  # the client is gone; what the server still says is written down all the same
        return server.wait()


def _hand_on(target: int, line: bytes) -> bool:
    from bridge.transports.descriptors import write_all

    try:
        write_all(target, line)
        return True
    except OSError:
        return False


def _forward(server: subprocess.Popen[bytes], tape: Tape) -> None:
    """Hand the server what the client sends."""
    assert server.stdin is not None
    try:
        for line in _lines():
            tape.asked(line)
            server.stdin.write(line)
            server.stdin.flush()
        server.stdin.close()
    except BrokenPipeError:
        pass


def _lines() -> Iterator[bytes]:
    """Yield what the client sends, line by line."""
    from bridge.transports.descriptors import read_some

    rest = b""
    while chunk := read_some(0):
        *lines, last = chunk.split(b"\n")
        for line in lines:
            yield rest + line + b"\n"
            rest = b""
        rest += last
    if rest:
        yield rest


class Tape:
    """Reads what passes, and writes what it understands."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._open: dict[Any, tuple[int, str]] = {}
        self._lock = threading.Lock()

    def asked(self, line: bytes) -> None:
        """Take in a line of the client."""
        for message in _messages(line):
            if isinstance(message.get("method"), str):
                with self._lock:
                    seq = self._writer.call(message["method"], message.get("params") or {})
                    if message.get("id") is not None:
                        self._open[json.dumps(message["id"])] = (seq, message["method"])

    def answered(self, line: bytes) -> None:
        """Take in a line of the server."""
        for message in _messages(line):
            with self._lock:
                if isinstance(message.get("method"), str):
                    self._writer.event(message["method"], message.get("params"))
                    continue
                seq, method = self._open.pop(json.dumps(message.get("id")), (0, ""))
                if seq:
                    self._writer.reply(seq, method, **{k: message[k] for k in ("result", "error") if k in message})


def _messages(line: bytes) -> list[dict[str, Any]]:
    """Return the messages of a line, of a batch several; what is no JSON passes without a note."""
    from bridge.codecs import jsonrpc
    from bridge.errors import ProtocolError

    try:
        value = jsonrpc.loads(line)
    except ProtocolError:
        return []
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]
