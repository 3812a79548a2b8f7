"""Answering a client out of a recording."""

from __future__ import annotations

from typing import Any

from bridge.conformance.compare import Comparison
from bridge.conformance.recordings import Recording, Step
from bridge.errors import NOT_THERE, nearest


class Replay:
    """
    A server that knows nothing but a recording.

    A call is answered by the next recorded call of its method that was not used yet, one with the same arguments before
    all others; when all are used, by the last one again. What it caused comes in the order that was recorded, replies that were late
    to the calls that they belong to.
    """

    def __init__(self, recording: Recording) -> None:
        self._steps: dict[str, list[Step]] = {}
        for step in recording.steps():
            self._steps.setdefault(step.call["method"], []).append(step)
        self._used: set[int] = set()
        self._asked: dict[int, Any] = {}

    def answer(self, request: dict[str, Any]) -> list[dict[str, Any]]:
        """Return what is sent for a JSON-RPC request: the reply, unless the recorded server gave none, and the events."""
        method = request.get("method")
        step = self._step(method, request.get("params") or {}) if isinstance(method, str) else None
        if step is None:
            return [self._unknown(request, str(method))] if "id" in request else []
        self._asked[step.call["seq"]] = request.get("id")
        sent: list[dict[str, Any]] = []
        for _, entry in step.said:
            if entry["kind"] == "event":
                sent.append({"jsonrpc": "2.0", "method": entry["method"], "params": entry["arguments"]})
            elif (of := self._asked.pop(entry.get("cause", step.call["seq"]), None)) is not None:
                sent.append({"jsonrpc": "2.0", "id": of, **{key: entry[key] for key in ("result", "error") if key in entry}})
        return sent

    def _step(self, method: str, arguments: Any) -> Step | None:
        steps = self._steps.get(method, [])
        unused = [step for step in steps if id(step) not in self._used]
        for step in unused or steps[-1:]:
            if not Comparison().differences(step.call["arguments"], arguments):
                self._used.add(id(step))
                return step
        if not steps:
            return None
        step = (unused or steps[-1:])[0]
        self._used.add(id(step))
        return step

    def _unknown(self, request: dict[str, Any], method: str) -> dict[str, Any]:
        near = nearest(method, self._steps)
        hint = f"; {near[0]} is" if near else ""
        error = {"code": NOT_THERE, "message": f"{method} is not in the recording{hint}", "data": {"nearest": near}}
        return {"jsonrpc": "2.0", "id": request.get("id"), "error": error}
