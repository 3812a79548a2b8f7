"""`bridge.ping`: what the bridge is."""

from __future__ import annotations

from typing import Any

from bridge import __version__
from bridge.control.messages import MAX_BATCH
from bridge.control.registry import control
from bridge.control.session import MAX_WAITING, Session
from bridge.errors import MAX_MESSAGE_BYTES


@control(
    "ping",
    "{version, dialects: {name: {methods, channel}}, platforms, dialect, platform, clock, limits: {messageBytes, batch, waiting}}",
)
def ping(session: Session) -> dict[str, Any]:
    """Tell what this bridge is."""
    from bridge.catalogue import dialects, load, platforms

    known = {name: {"methods": len(load(name).method_names), "channel": load(name).channel} for name in dialects()}
    spoken, platform = session.spoken()
    return {
        "version": __version__,
        "dialects": known,
        "platforms": list(platforms()),
        "dialect": spoken,
        "platform": platform,
        "clock": "real" if session.emulator.settings.real_clock else "virtual",
        "limits": {"messageBytes": MAX_MESSAGE_BYTES, "batch": MAX_BATCH, "waiting": MAX_WAITING},
    }
