"""A world as a document: all but devices and their sessions, as if every app had just been killed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import Any

from attrs import evolve

from bridge.world import groups, statuses, users
from bridge.world.rows import codec
from bridge.world.store import Table
from bridge.world.world import World

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

    The same world gives the same document, and so does the world that the document makes.
    """
    written: dict[str, Any] = {"version": VERSION, "exact": True, "seed": world.seed, "now_ms": world.now_ms}
    counters = {row.name: row.value for row in world.tables["counters"].sorted() if row.name != "now_ms"}
    if counters:
        written["counters"] = counters
    for name in section_order(world.tables):
        table = world.tables[name]
        if not table.spec.exported or name == "counters":
            continue
        encode = codec(table.spec.row_type).encode
        rows = [encode(row) for row in _rows(world, table)]
        if rows:
            written[name] = rows
    return written


def section_order(names: Iterable[str]) -> list[str]:
    """Return names of sections in the order in which a document has them."""
    places = {name: at for at, name in enumerate(FIRST_SECTIONS)}
    return sorted(names, key=lambda name: (places.get(name, len(places)), name))


def _rows(world: World, table: Table[Any]) -> Iterator[Any]:
    """Yield the rows of a table as they are when no app is running, in the order of the document."""
    name = table.spec.name
    if name == "users":
        order = world.tables["counters"].get("order")
        for user in table.sorted():
            yield _gone(user, 0 if order is None else order.value)
    elif name == "members":
        for member in table.sorted():
            group = world[groups.GROUPS].get(member.group_id)
            if group is None or not groups.type_of(group).per_session:
                yield member
    elif name == "timers":
        yield from (timer for timer in table.sorted() if not timer.device_id)
    elif name == "messages":
        yield from sorted(table.rows.values(), key=attrgetter("order", "msg_id"))
    else:
        yield from table.sorted()


def _gone(user: users.User, order: int) -> users.User:
    """Return a user without a device: what comes from now on is missed."""
    if user.missed_after >= 0 and user.status != statuses.ONLINE:
        return user
    missed_after = order if user.missed_after < 0 else user.missed_after
    status = statuses.OFFLINE if user.status == statuses.ONLINE else user.status
    return evolve(user, missed_after=missed_after, status=status, custom_status="", lapse_timer=0)
