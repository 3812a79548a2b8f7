"""
Recordings: a line per call, reply and event, behind a header.

    {"recording": 1, "dialect": NAME, "platform": "android"}
    {"seq": 1, "kind": "call", "method": "getVersion", "arguments": {}}
    {"seq": 2, "kind": "reply", "cause": 1, "method": "getVersion", "result": {"code": 0, "desc": "ok", "data": "8.2.6325"}}
    {"seq": 3, "kind": "event", "method": "conversationListener", "arguments": {"type": "onSyncServerStart", "data": null}}

A reply names its call by `cause`, and has `result` or `error`. In a recording whose header says `"held": true`, as `timbridge record`
writes it, no call was handed on before all that the last one had caused was in. The tap of the Dart package writes `"live": true`: what
it listens to is an app that calls again before the events of the last call are in.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from attrs import Factory, field

from bridge import catalogue
from bridge.catalogue import default_dialect
from bridge.codecs import jsonrpc
from bridge.errors import BridgeError, ProtocolError
from bridge.values import value_class

VERSION = 1
KINDS = ("call", "reply", "event")
SENDING = 1
"""The status of a message that is being sent."""

CONVERTERS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""By version: what makes a line of it one of the next version."""


class Said(NamedTuple):
    """A reply or an event: the line of the file that it stands in (0 where there is no file), and what it is."""

    line: int
    entry: dict[str, Any]

    @property
    def is_reply(self) -> bool:
        """Return whether it is a reply."""
        return bool(self.entry["kind"] == "reply")


@value_class
class Step:
    """
    A call with what it caused.

    Attributes:
        call: {method, arguments, …} as recorded. `reply`: {result} or {error}, None if there was none.
        events: {method, arguments} of what it caused, in order.
        said: the reply and the events, in order; in a held recording replies of earlier calls that came late, too.
        line: where the call stands in its file.
        is_last: nobody knows whether more would have come of it: the recording ends here.
    """

    call: dict[str, Any]
    reply: dict[str, Any] | None
    events: tuple[dict[str, Any], ...]
    said: tuple[Said, ...] = field(default=(), eq=False, repr=False)
    line: int = field(default=0, eq=False)
    is_last: bool = field(default=False, eq=False)


@value_class
class Recording:
    """
    A recording in memory.

    Attributes:
        dialect, platform: of the client that was recorded.
        lines: calls, replies and events in order.
        live: of an app that ran, whose calls nobody held back until the events of the last one were in.
        held: all that a call has caused stands between it and the next one.
        numbers: of the lines in the file.
    """

    dialect: str = field(factory=default_dialect)
    platform: str = Factory(lambda self: catalogue.load(self.dialect).platforms[0], takes_self=True)
    lines: tuple[dict[str, Any], ...] = field(default=(), repr=False)
    live: bool = False
    held: bool = False
    numbers: tuple[int, ...] = field(default=(), eq=False, repr=False)

    def header(self) -> dict[str, Any]:
        """Return the first line."""
        said: dict[str, Any] = {"recording": VERSION, "dialect": self.dialect, "platform": self.platform}
        marks = (("live", self.live), ("held", self.held))
        return {**said, **{name: True for name, is_so in marks if is_so}}

    @property
    def has_replies(self) -> bool:
        """Return whether anything in it was answered."""
        return any(line["kind"] == "reply" for line in self.lines)

    def text(self) -> str:
        """Return the whole as the text of a file."""
        return "".join(f"{jsonrpc.dumps(line).decode()}\n" for line in (self.header(), *self.lines))

    def steps(self) -> Iterator[Step]:
        """
        Yield each call with its reply and what it caused; events ahead of the first call are left out.

        In a held recording that is what stands between a call and the next one. In others an event belongs to the reply that it follows, or
        to the call, if that was the only one under way: so calls that were sent ahead of each other's replies keep their events. In a live
        recording a lone call may have gone out before the events of the last reply were in; of what comes until it is answered only that is
        its own which by its schema comes ahead of a reply.
        """
        replies: dict[int, dict[str, Any]] = {}
        said: dict[int, list[Said]] = {}
        for owner, line, number in self._owned():
            if line["kind"] == "call":
                said[owner] = []
                continue
            if line["kind"] == "reply":
                replies[line.get("cause", owner)] = {key: line[key] for key in ("result", "error") if key in line}
            if owner in said:
                said[owner].append(Said(number, line))
        last = next((line["seq"] for line in reversed(self.lines) if line["kind"] == "call"), 0)
        for line, number in self._numbered():
            if line["kind"] == "call":
                came = tuple(said[line["seq"]])
                events = tuple(one.entry for one in came if not one.is_reply)
                yield Step(line, replies.get(line["seq"]), events, came, number, line["seq"] == last)

    def _numbered(self) -> Iterator[tuple[dict[str, Any], int]]:
        yield from zip(self.lines, self.numbers or (0,) * len(self.lines), strict=True)

    def _owned(self) -> Iterator[tuple[int, dict[str, Any], int]]:
        """Yield (the call that it belongs to, the line, its number) of every line."""
        answered = {line.get("cause") for line in self.lines if line["kind"] == "reply"} if self.live else set()
        under_way: list[int] = []
        current = 0
        for line, number in self._numbered():
            owner = current
            if line["kind"] == "call":
                if self.held or (not under_way and not (current and line["seq"] in answered)):
                    current = line["seq"]
                under_way.append(line["seq"])
                owner = line["seq"]
            elif line["kind"] == "reply" and not self.held:
                owner = current = line.get("cause", current)
                if current in under_way:
                    under_way.remove(current)
            elif self.live and under_way and self._is_early(line):
                owner = under_way[-1]
            yield owner, line, number

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
    numbers = [number for number, raw in enumerate(text.split("\n"), 1) if raw.strip()]
    lines = [_line(raw, name, number) for number, raw in enumerate(text.split("\n"), 1) if raw.strip()]
    if not lines or "recording" not in lines[0]:
        raise BridgeError("is no recording: its first line has no `recording`", file=name, path="line 1")
    header, rest = lines[0], lines[1:]
    version = header["recording"]
    if not isinstance(version, int) or not 1 <= version <= VERSION:
        raise BridgeError(f"is of version {version!r}; this reads up to {VERSION}", file=name, path="line 1")
    for old in range(version, VERSION):
        rest = [CONVERTERS[old](line) for line in rest]
    checked = [_checked(line, name, number, at) for at, (number, line) in enumerate(zip(numbers[1:], rest, strict=True), 1)]
    dialect = header.get("dialect") or default_dialect()
    platform = header.get("platform") or catalogue.load(dialect).platforms[0]
    marks = header.get("live") is True, header.get("held") is True
    return Recording(dialect, platform, tuple(checked), *marks, tuple(numbers[1:]))


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


def _checked(line: dict[str, Any], name: str, number: int, seq: int) -> dict[str, Any]:
    if "kind" not in line and "arguments" in line:
        line = {"kind": "call", **line}
    line.setdefault("seq", seq)
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
        dialect, platform: of the client; without them lines are kept until `begin` tells.
        held: see `Recording`.
    """

    def __init__(self, write: Callable[[str], object], dialect: str = "", platform: str = "", held: bool = False) -> None:
        self._write = write
        self._held = held
        self._seq = 0
        self._early: list[str] | None = []
        if dialect:
            self.begin(dialect, platform)

    @property
    def has_begun(self) -> bool:
        """Return whether the header is written."""
        return self._early is None

    def begin(self, dialect: str, platform: str) -> None:
        """Write the header, and what was kept until now."""
        early, self._early = self._early or [], None
        self._line(Recording(dialect, platform, held=self._held).header())
        for text in early:
            self._write(text)

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
        text = f"{jsonrpc.dumps(line).decode()}\n"
        if self._early is None:
            self._write(text)
        else:
            self._early.append(text)
