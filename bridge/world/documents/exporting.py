"""A world as a document: all but devices and their sessions, as if every app had just been killed."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter
from typing import Any

from bridge.world.chats import sessions
from bridge.world.documents.row_json import codec
from bridge.world.kernel import devices
from bridge.world.kernel.store import Table
from bridge.world.kernel.world import World

VERSION = 1

FIRST_SECTIONS = (
    "users",
    "friends",
    "friend_groups",
    "friend_applications",
    "blacklist",
    "groups",
    "topics",
    "members",
    "conversations",
    "conversation_groups",
    "drafts",
    "messages",
)
"""The sections that people look for, in the order in which a document has them; others follow by name."""


def document(world: World) -> dict[str, Any]:
    """
    Return a world as a document: JSON values, nothing shared with the world.

    The same world gives the same document, and so does the world that the document makes. Nothing may be uncommitted: for the time of
    writing every app is killed, and that is undone.
    """
    sink, world.sink = world.sink, None
    try:
        for device in list(world[devices.DEVICES].sorted()):
            sessions.close(world, devices.get(world, device.device_id))
        if "stores" in world.tables:
            from bridge.world.documents import kept_stores

            kept_stores.write_down(world)
        return _written(world)
    finally:
        world.log.undo()
        world.sink = sink


def _written(world: World) -> dict[str, Any]:
    written: dict[str, Any] = {"version": VERSION, "exact": True, "seed": world.seed, "now_ms": world.now_ms}
    counters = {row.name: row.value for row in world.tables["counters"].sorted() if row.name != "now_ms"}
    if counters:
        written["counters"] = counters
    for name in section_order(world.tables):
        table = world.tables[name]
        if not table.spec.exported or name == "counters":
            continue
        encode = codec(table.spec.row_type).encode
        rows = [encode(row) for row in _rows(table)]
        if rows:
            written[name] = rows
    return written


def section_order(names: Iterable[str]) -> list[str]:
    """Return names of sections in the order in which a document has them."""
    places = {name: at for at, name in enumerate(FIRST_SECTIONS)}
    return sorted(names, key=lambda name: (places.get(name, len(places)), name))


def _rows(table: Table[Any]) -> Iterable[Any]:
    """Return the rows of a table in the order of the document; timers of clients end with their apps."""
    if table.spec.name == "timers":
        return (timer for timer in table.sorted() if not timer.device_id)
    if table.spec.name == "messages":
        return sorted(table.rows.values(), key=attrgetter("order", "msg_id"))
    return table.sorted()
