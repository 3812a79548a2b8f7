"""`bridge.turn`: a call and all that it caused in one reply, for clients that cannot wait for input."""

from __future__ import annotations

from typing import Any

from bridge.control.messages import error_object
from bridge.control.registry import P, control
from bridge.control.session import Late, Session
from bridge.engine.turn import Event, Reply, Turn


@control(
    "turn",
    "{result, pending?, events: [{device, method, arguments, earlier?, beforeReply?}]}; or the inner call's error",
    device=P("string", "name of the device that calls; the own one when left out"),
    method=P("string", "a channel or control method; only collects events when left out"),
    arguments=P("object", "its arguments"),
    channel=P("string", "the plugin's channel by which the own device's app calls: the dialect follows, unless somebody has said which"),
)
def turn(
    session: Session, device: str | None, method: str | None, arguments: dict[str, Any] | None, channel: str | None
) -> Turn:
    """Make a call and collect all events; from the first one on nothing is pushed any more on this connection."""
    session.pulls = True
    if channel is not None and not session.chosen and not session.is_used():
        session.speaks_on(channel, method or "", arguments)
    device_id = session.device_id(device) if device is not None else None
    inner = Turn() if method is None else session.call(method, arguments, device_id)
    reply = inner.reply
    is_held = reply.due_ms is not None
    is_pending = is_held or reply.silent
    if reply.error is not None and not is_pending:
        return inner  # what waits keeps waiting, and what the failed call has caused waits with it
    events = [_dressed(session, item, earlier=True) for item in session.waiting]
    session.waiting.clear()
    whole = Turn()
    whole.disconnect = inner.disconnect
    items = inner.items
    if is_held:
        items = session.hold(inner, Late(reply, session.key, session.names.get(reply.device_id, ""), method or ""))
    marks = {} if is_held else {"beforeReply": True}
    for item in items:
        if item is reply:
            marks = {}
        elif isinstance(item, Reply):
            late = session.take_late(item)
            if late is None:
                whole.items.append(item)  # of a plain call, or of somebody else's
            else:
                events.append(_dressed(session, late))
        elif item.device_id in session.names:
            events.append(_dressed(session, item, **marks))
    whole.reply.result = {"result": None, "pending": True} if is_pending else {"result": reply.result}
    whole.reply.result["events"] = events
    return whole


def _dressed(session: Session, item: Event | Late, **marks: bool) -> dict[str, Any]:
    """
    Return an event as a turn shows it: `earlier` if another cause had it, `beforeReply` if it belongs ahead of the result.

    A reply that was held back is `{device, reply: id of the request that made the call, result | error}`.
    """
    if isinstance(item, Late):
        error = item.reply.error
        said = {"result": item.reply.result} if error is None else {"error": error_object(error)}
        return {"device": item.device, "reply": item.key, "method": item.method, **said, **marks}
    name = session.names.get(item.device_id, "")
    return {"device": name, "method": item.method, "arguments": item.arguments, **marks}
