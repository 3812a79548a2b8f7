"""
Recordings: a line per call, reply and event, behind a header.

    {"recording": 1, "dialect": NAME, "platform": "android"}
    {"seq": 1, "kind": "call", "method": "getVersion", "arguments": {}}
    {"seq": 2, "kind": "reply", "cause": 1, "method": "getVersion", "result": {"code": 0, "desc": "ok", "data": "8.2.6325"}}
    {"seq": 3, "kind": "event", "method": "conversationListener", "arguments": {"type": "onSyncServerStart", "data": null}}

A reply names its call by `cause`, and has `result` or `error`. The tap of the Dart package writes the same, with `"live": true` in the
header: what it listens to is an app that calls again before the events of the last call are in.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from attrs import Factory, field, frozen

from bridge import catalogue
from bridge.catalogue import default_dialect
from bridge.codecs import jsonrpc
from bridge.errors import BridgeError, ProtocolError

VERSION = 1
KINDS = ("call", "reply", "event")
SENDING = 1
"""The status of a message that is being sent."""

CONVERTERS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""By version: what makes a line of it one of the next version."""


@frozen
class Step:
    """
    A call with what it caused.

    Attributes:
        call: {method, arguments, …} as recorded. `reply`: {result} or {error}, None if there was none.
        events: {method, arguments} of what came until the next call, in order.
    """

    call: dict[str, Any]
    reply: dict[str, Any] | None
    events: tuple[dict[str, Any], ...]


@frozen
class Recording:
    """
    A recording in memory.

    Attributes:
        dialect, platform: of the client that was recorded.
        lines: calls, replies and events in order.
        live: of an app that ran, whose calls nobody held back until the events of the last one were in.
    """

    dialect: str = field(factory=default_dialect)
    platform: str = Factory(lambda self: catalogue.load(self.dialect).platforms[0], takes_self=True)
    lines: tuple[dict[str, Any], ...] = field(default=(), repr=False)
    live: bool = False

    def header(self) -> dict[str, Any]:
        """Return the first line."""
        said = {"recording": VERSION, "dialect": self.dialect, "platform": self.platform}
        return {**said, "live": True} if self.live else said

    def text(self) -> str:
        """Return the whole as the text of a file."""
        return "".join(f"{jsonrpc.dumps(line).decode()}\n" for line in (self.header(), *self.lines))

    def steps(self) -> Iterator[Step]:
        """
        Yield each call with its reply and what it caused; events ahead of the first call are left out.

        An event belongs to the reply that it follows, or to the call, if that was the only one under way: so calls that were sent ahead of
        each other's replies keep their events. In a live recording a lone call may have gone out before the events of the last reply were
        in; of what comes until it is answered only that is its own which by its schema comes ahead of a reply.
        """
        replies: dict[int, dict[str, Any]] = {}
        events: dict[int, list[dict[str, Any]]] = {}
        answered = {line.get("cause") for line in self.lines if line["kind"] == "reply"} if self.live else set()
        under_way: list[int] = []
        current = 0
        for line in self.lines:
            if line["kind"] == "call":
                if not under_way and not (current and line["seq"] in answered):
                    current = line["seq"]
                under_way.append(line["seq"])
                events[line["seq"]] = []
            elif line["kind"] == "reply":
                current = line.get("cause", current)
                replies[current] = {key: line[key] for key in ("result", "error") if key in line}
                if current in under_way:
                    under_way.remove(current)
            else:
                owner = under_way[-1] if self.live and under_way and self._is_early(line) else current
                if owner in events:
                    events[owner].append(line)
        for line in self.lines:
            if line["kind"] == "call":
                yield Step(line, replies.get(line["seq"]), tuple(events[line["seq"]]))


    def _is_early(self, event: dict[str, Any]) -> bool:
        """Return whether an event comes ahead of its call's reply: by its schema, or as the sender's own of a message."""
        said = event["arguments"] or {}
        spec = catalogue.load(self.dialect).event(event["method"], str(said.get("type")))
        return spec is None or spec.before_reply or _has_message_under_way(said.get("data"))


def _has_message_under_way(data: Any) -> bool:
    """Return whether the last message of one of the conversations that are told is being sent."""
    rows = data if isinstance(data, list) else ()
    return any(isinstance(row, dict) and (row.get("lastMessage") or {}).get("status") == SENDING for row in rows)


def parse(text: str, name: str = "recording") -> Recording:
    """
    Read a recording. The list of a client's calls in `fixtures/recordings` (without replies) is one, too.

    Raises: BridgeError with the line that is wrong, or for a version that is not known.
    """
    lines = [_line(raw, name, number) for number, raw in enumerate(text.splitlines(), 1) if raw.strip()]
    if not lines or "recording" not in lines[0]:
        raise BridgeError("is no recording: its first line has no `recording`", file=name, path="line 1")
    header, rest = lines[0], lines[1:]
    version = header["recording"]
    if not isinstance(version, int) or not 1 <= version <= VERSION:
        raise BridgeError(f"is of version {version!r}; this reads up to {VERSION}", file=name, path="line 1")
    for old in range(version, VERSION):
        rest = [CONVERTERS[old](line) for line in rest]
    checked = [_checked(line, name, number) for number, line in enumerate(rest, 2)]
    dialect = header.get("dialect") or default_dialect()
    platform = header.get("platform") or catalogue.load(dialect).platforms[0]
    return Recording(dialect, platform, tuple(checked), header.get("live") is True)


def load(path: str) -> Recording:
    """Read a file. Raises: BridgeError as `parse`, and if there is no such file."""
    try:
        with open(path, encoding="utf-8") as file:
            return parse(file.read(), path)
    except (OSError, UnicodeDecodeError) as error:
        raise BridgeError(f"cannot be read: {error}", file=path) from None


def _line(raw: str, name: str, number: int) -> dict[str, Any]:
    try:
        value = jsonrpc.loads(raw)
    except (ProtocolError, json.JSONDecodeError) as error:
        raise BridgeError(str(error), file=name, path=f"line {number}") from None
    if not isinstance(value, dict):
        raise BridgeError("is no object", file=name, path=f"line {number}")
    return value


def _checked(line: dict[str, Any], name: str, number: int) -> dict[str, Any]:
    if "kind" not in line and "arguments" in line:
        line = {"kind": "call", **line}
    line.setdefault("seq", number - 1)
    if line.get("kind") not in KINDS or not isinstance(line.get("method"), str):
        raise BridgeError("wants a kind (call, reply or event) and a method", file=name, path=f"line {number}")
    if line["kind"] != "reply" and not isinstance(line.setdefault("arguments", {}), (dict, type(None))):
        raise BridgeError("arguments must be an object", file=name, path=f"line {number}")
    return line


class Writer:
    """
    Writes a recording as it happens.

    Args:
        write: takes each line as text, with its end.
    """

    def __init__(self, write: Callable[[str], object], dialect: str, platform: str) -> None:
        self._write = write
        self._seq = 0
        self._line(Recording(dialect, platform).header())

    def call(self, method: str, arguments: Any) -> int:
        """Write a call. Returns the number that its reply names."""
        return self._entry("call", method=method, arguments=arguments)

    def reply(self, cause: int, method: str, **outcome: Any) -> None:
        """Write the reply of a call: `result` or `error`."""
        self._entry("reply", cause=cause, method=method, **outcome)

    def event(self, method: str, arguments: Any) -> None:
        """Write an event."""
        self._entry("event", method=method, arguments=arguments)

    def _entry(self, kind: str, **rest: Any) -> int:
        self._seq += 1
        self._line({"seq": self._seq, "kind": kind, **rest})
        return self._seq

    def _line(self, line: dict[str, Any]) -> None:
        self._write(f"{jsonrpc.dumps(line).decode()}\n")


def of_steps(dialect: str, platform: str, steps: Iterable[Step]) -> Recording:
    """Return a recording of steps."""
    lines: list[str] = []
    writer = Writer(lines.append, dialect, platform)
    for step in steps:
        seq = writer.call(step.call["method"], step.call["arguments"])
        if step.reply is not None:
            writer.reply(seq, step.call["method"], **step.reply)
        for event in step.events:
            writer.event(event["method"], event["arguments"])
    return parse("".join(lines))
