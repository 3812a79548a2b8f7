"""Playing the calls of a recording against a target, and reporting what differs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from bridge.conformance import turns
from bridge.conformance.compare import Comparison, Difference
from bridge.conformance.recordings import Recording, Step
from bridge.conformance.turns import Item
from bridge.values import value_class


class Target(Protocol):
    """Whatever answers calls."""

    def call(self, number: int, method: str, arguments: Any) -> list[dict[str, Any]]:
        """
        Make a call.

        Returns: what came until all was in that it caused, in order, as JSON-RPC: replies by the numbers of their calls, and events.
        """


@value_class
class Verdict:
    """What came of one step: the call, the line of the recording that it stands in, and what differed; nothing if it was the same."""

    number: int
    method: str
    differences: tuple[Difference, ...]
    line: int = 0


def play(recording: Recording, target: Target) -> Iterator[Verdict]:
    """
    Play every call of a recording, and yield what differs.

    Ids in later calls are those that came in place of the recorded ones. Nobody knows what would have come of a call that
    has no reply and is the last one, or that an app which was not held back had made: it is made, and not looked at.
    """
    comparison = Comparison(recording.dialect)
    numbers = {step.call["seq"]: number for number, step in enumerate(recording.steps(), 1)}
    methods = [""]
    for number, step in enumerate(recording.steps(), 1):
        method = step.call["method"]
        methods.append(method)
        came = target.call(number, method, comparison.translated(step.call["arguments"]))
        found: list[Difference] = []
        if step.reply is not None or (recording.held and not step.is_last):
            found = turns.compare(comparison, _recorded(step, number, numbers, methods), _came(came, number, methods))
        yield Verdict(number, method, tuple(found), step.line)


def _recorded(step: Step, number: int, numbers: dict[int, int], methods: list[str]) -> list[Item]:
    """Return what a step says came of its call."""
    items, at = [], 0
    for line, entry in step.said:
        if entry["kind"] == "reply":
            of = numbers.get(entry.get("cause", step.call["seq"]), number)
            items.append(turns.reply(of, methods[of], entry, of == number, line))
        else:
            items.append(turns.event(entry["method"], entry["arguments"], at, line))
            at += 1
    return items


def _came(messages: list[dict[str, Any]], number: int, methods: list[str]) -> list[Item]:
    """Return what came now, in the same form."""
    items, at = [], 0
    for message in messages:
        if "method" in message:
            items.append(turns.event(message["method"], message.get("params"), at))
            at += 1
        elif isinstance(of := message.get("id"), int) and 0 < of <= number:
            items.append(turns.reply(of, methods[of], message, of == number))
    return items


def split(messages: list[dict[str, Any]], number: int) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    """Return the reply to a request among JSON-RPC messages, and the events among them."""
    reply = next((m for m in messages if m.get("id") == number and "method" not in m), None)
    events = [{"method": m["method"], "arguments": m.get("params")} for m in messages if "method" in m]
    return reply, events
