"""Playing the calls of a recording against a target, and reporting what differs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from attrs import frozen

from bridge.conformance.compare import NOTHING, Comparison, Difference
from bridge.conformance.recordings import Recording, Step


class Target(Protocol):
    """Whatever answers calls."""

    def call(self, method: str, arguments: Any) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
        """
        Make a call.

        Returns: its reply as {result} or {error}, None for none; and the events that came with it, {method, arguments}
            each.
        """


@frozen
class Verdict:
    """What came of one step: the call, and what differed; nothing if it was the same."""

    number: int
    method: str
    differences: tuple[Difference, ...]


def play(recording: Recording, target: Target) -> Iterator[Verdict]:
    """
    Play every call of a recording, and yield what differs.

    Ids in later calls are those that came in place of the recorded ones. A call without a recorded reply is made, and
    only its being answered at all is
    not looked at; so a bare list of calls shows nothing but what a target makes of them.
    """
    comparison = Comparison()
    for number, step in enumerate(recording.steps(), 1):
        reply, events = target.call(step.call["method"], comparison.translated(step.call["arguments"]))
        yield Verdict(number, step.call["method"], tuple(_differences(comparison, step, reply, events)))


def _differences(
    comparison: Comparison, step: Step, reply: dict[str, Any] | None, events: list[dict[str, Any]]
) -> list[Difference]:
    if step.reply is None:
        return []
    found = comparison.differences(_answer(step.reply), _answer(reply or {}), "")
    said = [_event(event) for event in step.events]
    came = [_event(event) for event in events]
    return [*found, *comparison.differences(said, came, "events")]


def _answer(reply: dict[str, Any]) -> dict[str, Any]:
    """Return what of a reply is compared: of an error its code alone, for messages are for people."""
    error = reply.get("error")
    return {"error": error.get("code")} if isinstance(error, dict) else {"result": reply.get("result", NOTHING)}


def _event(event: dict[str, Any]) -> dict[str, Any]:
    return {"method": event["method"], **(event["arguments"] or {})}


def split(messages: list[dict[str, Any]], number: int) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    """Return the reply to a request among JSON-RPC messages, and the events among them."""
    reply = next((m for m in messages if m.get("id") == number and "method" not in m), None)
    events = [{"method": m["method"], "arguments": m.get("params")} for m in messages if "method" in m]
    return reply, events
