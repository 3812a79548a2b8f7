"""A world as a document: all but devices and their sessions, as if every app had just been killed."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter
from typing import Any

from bridge.slices import ROWS, Slices, in_order, let_go
from bridge.world.chats import sessions
from bridge.world.documents.row_json import codec
from bridge.world.kernel import devices
from bridge.world.kernel.rules import rule
from bridge.world.kernel.store import TableSpec
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


def document(world: World) -> Slices[dict[str, Any]]:
    """
    Return a world as a document, written in slices: JSON values, nothing shared with the world.

    It holds the world as it is when the first slice begins, or, where a backlog is worked off first, when that is done. The same
    world gives the same document, and so does the world that the document makes. Nothing may be uncommitted: for the time of
    looking every app is killed, and that is undone.
    """
    if "backlog" in world.tables:
        yield from rule("late_delivery.empty")(world)
    sink, world.sink = world.sink, None
    try:
        for device in list(world[devices.DEVICES].sorted()):
            sessions.close(world, devices.get(world, device.device_id))
        if "backlog" in world.tables:
            rule("late_delivery.take_for_everybody")(world)  # what has come since the last slice
        if "stores" in world.tables:
            from bridge.world.documents import kept_stores

            kept_stores.write_down(world)
        written, sections = _seen(world)
    finally:
        world.log.undo()
        world.sink = sink
    yield
    for table_spec, rows in sections:
        section = yield from _rows(table_spec, rows)
        if section:
            written[table_spec.name] = section
        yield from let_go(rows)
    return written


def _seen(world: World) -> tuple[dict[str, Any], list[tuple[TableSpec[Any], list[Any]]]]:
    """Return the head of a document, and the rows of its sections as they are now: none of them ever changes."""
    written: dict[str, Any] = {"version": VERSION, "exact": True, "seed": world.seed, "now_ms": world.now_ms}
    counters = {row.name: row.value for row in world.tables["counters"].sorted() if row.name != "now_ms"}
    if counters:
        written["counters"] = counters
    tables = [world.tables[name] for name in section_order(world.tables) if name != "counters"]
    return written, [(table.spec, list(table.rows.values())) for table in tables if table.spec.exported]


def section_order(names: Iterable[str]) -> list[str]:
    """Return names of sections in the order in which a document has them."""
    places = {name: at for at, name in enumerate(FIRST_SECTIONS)}
    return sorted(names, key=lambda name: (places.get(name, len(places)), name))


def _rows(table_spec: TableSpec[Any], rows: list[Any]) -> Slices[list[dict[str, Any]]]:
    """Write rows in the order of the document; timers of clients end with their apps."""
    key = attrgetter("order", "msg_id") if table_spec.name == "messages" else table_spec.key_of
    encode = codec(table_spec.row_type).encode
    written = []
    for at, row in enumerate((yield from in_order(rows, key))):
        if not at % ROWS:
            yield
        if table_spec.name != "timers" or not row.device_id:
            written.append(encode(row))
    return written
