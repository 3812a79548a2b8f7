"""
A document becomes a world.

A document with `"exact": true` is what `exporting` writes: rows go into their tables as they are. Any other may be terse: what it leaves
out is made up, always in the same way (`terse.py`). Both refuse what no world has, and say where it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import islice
from operator import attrgetter
from typing import Any

from bridge.slices import MANY, ROWS, Slices, highest, let_go
from bridge.world.documents.exporting import VERSION
from bridge.world.documents.row_json import Flaw, Missing, codec, spec, specs, unknown_key
from bridge.world.groups import communities
from bridge.world.groups.group_types import TYPES
from bridge.world.kernel.rules import TIMED
from bridge.world.kernel.store import Key, TableSpec
from bridge.world.kernel.world import Counter, World

HEAD = ("$schema", "version", "exact", "seed", "now_ms", "counters")
"""What stands in a document beside its sections."""


Path = tuple[str | int, ...]
"""Keys and positions from the top of a document, outermost first."""

Places = dict[str, list[Path]]
"""Where rows stand in a document, by table, in the order in which they stand in it."""


def fill(world: World, document: Any, fill_terse: Callable[[World, Mapping[str, Any]], Slices[Places]]) -> Slices[None]:
    """
    Put a document's contents into an empty world, in slices.

    Args:
        fill_terse: does that for a document which leaves things out, but for its counters; says where each row stands in it.

    Raises: Flaw with the first thing that is wrong; the world is of no use then.
    """
    if not isinstance(document, Mapping):
        raise Flaw("a world must be an object")
    _take_head(world, document)
    places: Places = {}
    if document.get("exact"):
        _take_counters(world, document)
        for name, rows in document.items():
            if name not in HEAD:
                yield from _take_section(world, name, rows)
    else:
        places = yield from fill_terse(world, document)
        _take_counters(world, document)
    yield from _check(world, places)
    yield from let_go(*places.values())
    yield from _raise_counters(world)
    if "installs" in world.tables:
        from bridge.world.documents import kept_stores

        kept_stores.take_up(world, section)


def _take_head(world: World, document: Mapping[str, Any]) -> None:
    version = document.get("version", VERSION)
    if version != VERSION or isinstance(version, bool):
        raise Flaw(f"must be {VERSION}: this bridge knows no other version of world documents", ("version",))
    if not isinstance(document.get("exact", False), bool):
        raise Flaw("must be true or false", ("exact",))
    seed = whole(document.get("seed", world.seed), "seed")
    world.seed = seed
    if "now_ms" in document:
        put(world, "now_ms", whole(document["now_ms"], "now_ms"))


def _take_counters(world: World, document: Mapping[str, Any]) -> None:
    counters = document.get("counters", {})
    if not isinstance(counters, dict):
        raise Flaw("must be an object", ("counters",))
    for name, value in counters.items():
        put(world, name, whole(value, "counters", name))


def whole(value: Any, *path: str | int) -> int:
    """Return a value that must be an integer of at least 0. Raises Flaw."""
    if value.__class__ is not int or value < 0:
        raise Flaw("must be an integer of at least 0", path)
    number: int = value
    return number


def put(world: World, counter: str, value: int) -> None:
    """Set a counter of an empty world."""
    world.tables["counters"].restore(counter, Counter(counter, value))


def section(name: str) -> TableSpec[Any]:
    """Return the table of a section. Raises Flaw with the nearest names."""
    found = None if name in HEAD else spec(name)
    if found is None:
        raise unknown_key(name, [one for one in dict.fromkeys((*specs(), *HEAD[1:])) if one != name])
    return found


def _take_section(world: World, name: str, rows: Any) -> Slices[None]:
    table_spec = section(name)
    if rows.__class__ is not list:
        raise Flaw("must be a list", (name,))
    decode = codec(table_spec.row_type).decode
    key_of = table_spec.key_of
    table = world[table_spec]
    is_messages = name == "messages"
    for begin in range(0, len(rows), ROWS):
        yield
        new: list[tuple[Key, Any]] = []
        try:
            for at, wire in enumerate(rows[begin : begin + ROWS], begin):
                try:
                    row = decode(wire)
                except Flaw as flaw:
                    raise _explained(flaw).at(name, at) from None
                if is_messages:  # their indexes rely on it
                    odd = _channel_flaw(row)
                    if odd is not None:
                        raise odd.at(name, at)
                new.append((key_of(row), row))
        finally:  # that a key stands twice is said before what is wrong with a later row
            taken = table.take_all(new)
            if taken < len(new):
                raise doubled(table_spec, new[taken][0]).at(name, begin + taken)


def doubled(table_spec: TableSpec[Any], key: Any) -> Flaw:
    """Return what is wrong with a row whose key another row has."""
    values = key if isinstance(key, tuple) else (key,)
    what = ", ".join(f"{name} {value!r}" for name, value in zip(table_spec.key, values, strict=True))
    return Flaw(f"is there twice: {what}")


def _check(world: World, places: Places) -> Slices[None]:
    """Refuse rows that are well formed each and yet no world's. `places` has the paths of rows that do not stand in their order."""
    checks: tuple[tuple[str, Callable[[Any], Flaw | None]], ...] = (
        ("groups", _group_flaw),
        ("members", lambda row: _missing(world, row.group_id, "group_id")),
        ("messages", _message_check(world)),
        ("conversations", _order_flaw()),
        ("timers", _timer_flaw),
    )
    are_sound = yield from _are_sound(world)
    for name, check in checks:
        if name == "messages" and are_sound:
            continue
        table = world.tables.get(name)
        for at, row in enumerate(() if table is None else table.rows.values()):
            if not at % ROWS:
                yield
            flaw = check(row)
            if flaw is not None:
                known = places.get(name, [])
                raise flaw.at(*(known[at] if at < len(known) else (name, at)))


def _group_flaw(row: Any) -> Flaw | None:
    known = row.group_type in TYPES
    return None if known else Flaw(f"is none of {', '.join(TYPES)}", ("group_type",))


def _channel_flaw(row: Any) -> Flaw | None:
    channel = row.channel
    count = len(channel)
    if channel[0] == "c2c" and channel[1] <= channel[2] if count == 3 else count == 2 and channel[0] == "group":
        return None
    return Flaw('must be ["c2c", lower user, higher user] or ["group", group]', ("channel",))


def _message_check(world: World) -> Callable[[Any], Flaw | None]:
    taken: set[int] = set()

    def check(row: Any) -> Flaw | None:
        if row.order in taken:
            return Flaw("is the place of another message", ("order",))
        taken.add(row.order)
        if not row.elems:
            return Flaw("must have an element", ("elems",))
        if row.owner is None and row.channel[0] == "group":
            return _missing(world, communities.community_of(row.channel[1]), "channel")
        return None

    return check


def _are_sound(world: World) -> Slices[bool]:
    """Return whether there is nothing wrong with any message: what is found out for many at once."""
    taken: set[int] = set()
    channels: set[Any] = set()
    table = world.tables.get("messages")
    waiting = iter(() if table is None else table.rows.values())
    count = 0
    while part := list(islice(waiting, MANY)):
        count += len(part)
        taken.update(map(attrgetter("order"), part))
        channels.update(map(attrgetter("channel"), part))
        if not all(map(attrgetter("elems"), part)):
            return False
        yield
    if len(taken) < count:
        return False
    for at, (kind, one, *_) in enumerate(channels):
        if not at % MANY:
            yield
        if kind == "group" and _missing(world, communities.community_of(one), "channel") is not None:
            return False
    return True


def _missing(world: World, group_id: str, where: str) -> Flaw | None:
    known = group_id in world.tables["groups"] if "groups" in world.tables else False
    return None if known else Flaw(f"there is no group {group_id!r}", (where,))


def _timer_flaw(row: Any) -> Flaw | None:
    wanted = TIMED.get(row.rule)
    if wanted is None:
        return Flaw(f"is none of {', '.join(TIMED)}", ("rule",))
    if {name: value.__class__ for name, value in row.arguments.items()} != wanted:
        return Flaw(f"must have {' and '.join(wanted)} alone", ("arguments",))
    return None


PLACES = ("order", "active_order", "joined_order", "left_order", "read_order")
"""Attributes that are places in the world's order."""


def _raise_counters(world: World) -> Slices[None]:
    """Let no number be given away that a row has already, whatever the document says of its counters."""
    found = {"order": 0}
    for table in world.tables.values():
        known = codec(table.spec.row_type).attributes
        names = [(name, "order") for name in PLACES if name in known]
        if "number" in known:
            names.append(("number", table.spec.name.removesuffix("s")))
        for name, counter in names:
            found[counter] = yield from highest(map(attrgetter(name), table.rows.values()), found.get(counter, 0))
    for counter, least in found.items():
        given = world.tables["counters"].get(counter)
        if least > (0 if given is None else given.value):
            put(world, counter, least)


def _order_flaw() -> Callable[[Any], Flaw | None]:
    taken: set[tuple[str, int]] = set()

    def check(row: Any) -> Flaw | None:
        place = (row.user_id, row.order)
        if row.listed and place in taken:
            return Flaw("is the place of another conversation of this user", ("active_order",))
        if row.listed:
            taken.add(place)
        return None

    return check


def _explained(flaw: Flaw) -> Flaw:
    """Say how to get a row completed, where one of an exact document lacks something."""
    if isinstance(flaw, Missing) and not flaw.path:
        return Flaw(f'{flaw.message} (without "exact" at the top, what is missing may be made up)')
    return flaw
