"""`bridge.turn`: a call and all that it caused in one reply, for clients that cannot wait for input."""

from __future__ import annotations

from typing import Any

from bridge.control.registry import P, control
from bridge.control.session import Outcome, Session
from bridge.engine.turn import Event, LateReply, Turn


@control(
    "turn",
    "{result, pending?, events: [{device, method, arguments, earlier?, beforeReply?}]}; or the inner call's error",
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
    if outcome.error is not None and not outcome.silent and outcome.pending is None:
        return Outcome(error=outcome.error)  # what waits keeps waiting
    events = [_dressed(session, item, earlier=True) for item in session.waiting]
    session.waiting.clear()
    if outcome.pending is not None:
        device = session.names.get(outcome.device_id, "")
        events += [_dressed(session, item) for item in session.hold_turn(outcome, device, method or "")]
        return Outcome({"result": None, "pending": True, "events": events})
    collected = Turn()
    if outcome.turn is not None:
        before, after = outcome.turn.before, outcome.turn.after
        events += [_dressed(session, item, beforeReply=True) for item in before if _is_ours(session, item)]
        events += [_dressed(session, item) for item in after if _is_ours(session, item)]
        collected.disconnect = outcome.turn.disconnect
    result: dict[str, Any] = {"result": outcome.result, "events": events}
    if outcome.silent:
        result = {"result": None, "pending": True, "events": events}
    return Outcome(result, turn=collected)


def _is_ours(session: Session, item: Event | LateReply) -> bool:
    if isinstance(item, LateReply):
        return item.hear is session.hear
    return item.device_id in session.names


def _dressed(session: Session, item: Event | LateReply, **marks: bool) -> dict[str, Any]:
    """
    Return an event as a turn shows it: `earlier` if another cause had it, `beforeReply` if it belongs ahead of the result.

    A reply that was held back is `{device, reply: id of the request that made the call, result | error}`.
    """
    if isinstance(item, LateReply):
        said: dict[str, Any] = {key: item.message[key] for key in ("result", "error") if key in item.message}
        return {"device": item.of_turn or "", "reply": item.message["id"], "method": item.message["method"], **said, **marks}
    name = session.names.get(item.device_id, "")
    return {"device": name, "method": item.method, "arguments": item.arguments, **marks}
