"""`bridge.world.view` and `bridge.world.changed`: a world as it is and as it was, without a trace in it."""

from __future__ import annotations

from typing import Any

from bridge.control.journal import Names
from bridge.control.registry import P, control
from bridge.control.session import Session
from bridge.engine.past import Mark, Past
from bridge.errors import NOT_THERE, ProtocolError
from bridge.slices import Slices
from bridge.world.documents import persistence
from bridge.world.documents.row_json import codec
from bridge.world.kernel import devices


@control(
    "world.view",
    "{ms, seq, devices: [{device, id, user, dialect, platform, hidden, started, network, listeners}], world: as export gives it, at?}",
    at=P("integer", "number of an entry of the journal: the world as it was before; see bridge.travel.list"),
)
def world_view(session: Session, at: int | None) -> Slices[dict[str, Any]]:
    """Show a world with its devices, as it is or as it was before an entry of the journal; nothing changes."""
    emulator = session.emulator
    world = emulator.world if at is None else past(session).world(mark_before(session, at))
    names = Names(session)
    said = {
        "ms": world.now_ms,
        "seq": emulator.engine.journal.last,
        "devices": [_device(names, row) for row in world[devices.DEVICES].sorted()],
    }
    if at is not None:
        said["at"] = at
    said["world"] = yield from persistence.writing(world)
    return said


@control(
    "world.changed",
    "{changes: [{section, before?, after?}]}: rows as export has them",
    seq=P("integer", "number of an entry of the journal", True),
)
def world_changed(session: Session, seq: int) -> dict[str, Any]:
    """Tell which rows changed with what happened from an entry of the journal on, up to the next state that is kept."""
    mark_before(session, seq)
    changes = []
    for table, _, old, new in past(session).changes(seq):
        if table.spec.exported and table.spec.name != "counters":
            encode = codec(table.spec.row_type).encode
            sides = {"before": old, "after": new}
            changes.append({"section": table.spec.name, **{side: encode(row) for side, row in sides.items() if row is not None}})
    return {"changes": changes}


def past(session: Session) -> Past:
    """Return the states of the session's world. Raises ProtocolError -32000 where none are kept."""
    found = session.emulator.past
    if found is None:
        raise ProtocolError(NOT_THERE, "no states of this world are kept: `serve --ui` keeps them, as does bridge.journal.watch {travel}")
    return found


def mark_before(session: Session, seq: int) -> Mark:
    """Return the mark before an entry of the journal. Raises ProtocolError -32000 for one that is too long ago."""
    found = past(session).before(seq)
    if found is None:
        first = past(session).marks()[0].seq
        raise ProtocolError(NOT_THERE, f"how the world was before {seq} is not kept: the first state that is, is the one before {first}")
    return found


def _device(names: Names, row: devices.Device) -> dict[str, Any]:
    return {
        "device": names.of(row.device_id),
        "id": row.device_id,
        "user": row.user_id or "",
        "dialect": row.dialect,
        "platform": row.platform,
        "hidden": row.hidden,
        "started": row.initialised,
        "network": row.connected,
        "listeners": sorted(row.listeners),
    }

