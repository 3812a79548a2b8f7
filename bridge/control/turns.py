"""`bridge.turn`: a call and all that it caused in one reply, for clients that cannot wait for input."""

from __future__ import annotations

from typing import Any

from bridge.control.registry import P, control
from bridge.control.session import Outcome, Session
from bridge.engine.turn import Event, Turn


@control(
    "turn",
    "{result, events: [{device, method, arguments, earlier?, beforeReply?}]}; or the inner call's error",
    device=P("string", "name of the device that calls; the own one when left out"),
    method=P("string", "a channel or control method; only collects events when left out"),
    arguments=P("object", "its arguments"),
)
def turn(session: Session, device: str | None, method: str | None, arguments: dict[str, Any] | None) -> Outcome:
    """Make a call and collect all events; from the first one on nothing is pushed any more on this connection."""
    session.pulls = True
    outcome = Outcome()
    if method is not None:
        device_id = session.device_id(device) if device is not None else None
        outcome = session.execute(method, arguments or {}, device_id)
    if outcome.error is not None:
        return Outcome(error=outcome.error)  # what waits keeps waiting
    events = [_dressed(session, event, earlier=True) for event in session.waiting]
    session.waiting.clear()
    collected = Turn()
    if outcome.turn is not None:
        before, after = outcome.turn.before, outcome.turn.after
        events.extend(_dressed(session, e, beforeReply=True) for e in before if e.device_id in session.names)
        events.extend(_dressed(session, e) for e in after if e.device_id in session.names)
        collected.disconnect = outcome.turn.disconnect
    result: dict[str, Any] = {"result": outcome.result, "events": events}
    if outcome.silent or outcome.pending is not None:
        result = {"result": None, "pending": True, "events": events}
    return Outcome(result, turn=collected)


def _dressed(session: Session, event: Event, **marks: bool) -> dict[str, Any]:
    """Return an event as a turn shows it: `earlier` if another cause had it, `beforeReply` if it belongs ahead of the result."""
    name = session.names.get(event.device_id, "")
    return {"device": name, "method": event.method, "arguments": event.arguments, **marks}
