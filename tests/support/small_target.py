"""A target of a few lines for tests of the suite: it answers from a table, and has as much of `bridge.*` as one wants."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bridge.conformance.suite.actors import Answer, Wire

Replies = Mapping[str, Any]
"""By method a result, or what makes one of the arguments; an `Answer` as it is."""


class SmallTarget(Wire):
    """
    A wire.

    Args:
        replies: by method.
        control: the calls of `bridge.*` that it has; what a device or a hidden user does is answered by `replies`.
    """

    def __init__(self, replies: Replies, *control: str) -> None:
        self.replies = {"initSDK": {"code": 0}, "login": {"code": 0}, **replies}
        self.control = control
        self.asked: list[tuple[str, Any]] = []
        self.state: Any = None
        self.begun: list[Mapping[str, Any]] = []

    def begin(self, given: Mapping[str, Any]) -> None:
        """See `Wire`."""
        self.begun.append(given)

    def exchange(self, method: str, arguments: Any) -> Answer:
        """See `Wire`."""
        self.asked.append((method, arguments))
        if method.startswith("bridge."):
            return self._control(method, arguments)
        found = self.replies.get(method)
        if callable(found):
            found = found(arguments)
        if isinstance(found, Answer):
            return found
        return Answer({"error": {"code": -32601, "message": f"no {method}"}} if found is None else {"result": found})

    def _control(self, method: str, arguments: Any) -> Answer:
        if not any(method.startswith(f"bridge.{one}") for one in self.control):
            return Answer({"error": {"code": -32601, "message": f"no {method}"}})
        if method in ("bridge.device.call", "bridge.user.call"):
            answer = self.exchange(arguments["method"], arguments["arguments"])
            device = arguments.get("device", "")
            events = [{"method": "bridge.device.event", "arguments": {"device": device, **one}} for one in answer.events]
            return Answer(answer.reply, events)
        return Answer({"result": self.replies.get(method, {})})

    def snapshot(self) -> Any:
        """See `Wire`."""
        return self.state

    def close(self) -> None:
        """Nothing is open."""


def event(kind: str, data: Any = None) -> dict[str, Any]:
    """Return an event as it comes."""
    return {"method": "listener", "arguments": {"type": kind, "data": data, "listenerUuid": ""}}
