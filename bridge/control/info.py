"""`bridge.ping`, `bridge.journal.*`: what the bridge is and what it did."""

from __future__ import annotations

from typing import Any

from bridge import __version__
from bridge.control.registry import P, control
from bridge.control.session import Session
from bridge.emulator import DIALECTS, PLATFORMS


@control("ping", "versions, dialects, method counts")
def ping(session: Session) -> dict[str, Any]:
    """Tell what this bridge is."""
    from bridge.catalogue import load

    dialects = {name: {"methods": len(load(name).method_names), "channel": load(name).channel} for name in DIALECTS}
    own = session.emulator.engine.device(session.own)
    return {
        "version": __version__,
        "dialects": dialects,
        "platforms": list(PLATFORMS),
        "dialect": own.dialect,
        "platform": own.platform,
    }


@control(
    "journal.list",
    "{entries}",
    since=P("integer", "only entries with a greater number"),
    method=P("string", "only this method"),
    device=P("string", "only this device"),
)
def journal_list(session: Session, since: int | None, method: str | None, device: str | None) -> dict[str, Any]:
    """List the last calls, replies and events."""
    entries = session.emulator.engine.journal.entries(since or 0)
    found = []
    for entry in entries:
        entry["device"] = session.names.get(entry["device"], entry["device"])
        if (method is None or entry["method"] == method) and (device is None or entry["device"] == device):
            found.append(entry)
    return {"entries": found}


@control("journal.clear")
def journal_clear(session: Session) -> dict[str, Any]:
    """Forget all entries of the journal."""
    session.emulator.engine.journal.clear()
    return {}
