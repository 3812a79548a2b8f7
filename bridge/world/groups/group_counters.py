"""Counters of groups: a few whole numbers by key that every member may read and move (product docs: group counters)."""

from __future__ import annotations

from attrs import field

from bridge.errors import ChatError
from bridge.world.groups import group_news, groups
from bridge.world.groups.groups import Group
from bridge.world.kernel import codes, rates
from bridge.world.kernel.evolving import evolve
from bridge.world.kernel.rows import row_class
from bridge.world.kernel.store import TableSpec
from bridge.world.kernel.texts import bytes_of
from bridge.world.kernel.world import World

MAX_KEYS, KEY_BYTES = 20, 128
CALLS_PER_5_S, WINDOW_MS = 20, 5000
LEAST, MOST = -(1 << 63), (1 << 63) - 1


@row_class
class GroupCounters:
    """The counters of a group, in order of their keys."""

    group_id: str
    values: dict[str, int] = field(factory=dict)


GROUP_COUNTERS = TableSpec("group_counters", GroupCounters, ("group_id",))


def read(world: World, user_id: str, group_id: str, keys: list[str]) -> dict[str, int]:
    """
    Return counters by key; those that there are not are left out, no key means all.

    Raises: ChatError 10010 (no such group), 10007 (not a member, or a type without them), 8516 (over 20 in 5 seconds, where rates are
    limited).
    """
    rates.check(world, user_id, "counter_reads", CALLS_PER_5_S, WINDOW_MS, codes.GROUP_COUNTER_FREQUENCY_LIMIT)
    _require(world, user_id, group_id)
    values = _values(world, group_id)
    return {key: values[key] for key in values if not keys or key in keys}


def put(world: World, user_id: str, group_id: str, values: dict[str, int]) -> dict[str, int]:
    """Set counters and leave the others. Returns those that were set (native group header). See `_write` for events and errors."""
    if not values:
        raise ChatError(codes.INVALID_PARAMETERS)
    group = _require_write(world, user_id, group_id)
    new = _write(world, group, values)
    return {key: new[key] for key in sorted(values)}


def add(world: World, user_id: str, group_id: str, key: str, amount: int) -> dict[str, int]:
    """Move a counter by an amount, from 0 if there is none. Returns that one counter. See `_write` for events and errors."""
    group = _require_write(world, user_id, group_id)
    value = _values(world, group_id).get(key, 0) + amount
    return {key: _write(world, group, {key: value})[key]}


def _values(world: World, group_id: str) -> dict[str, int]:
    row = world[GROUP_COUNTERS].get(group_id)
    return {} if row is None else row.values


def _require(world: World, user_id: str, group_id: str) -> Group:
    group = groups.require_member(world, group_id, user_id)
    if "counters" not in groups.type_of(group).features:
        raise ChatError(codes.GROUP_PERMISSION_DENIED)
    return group


def _require_write(world: World, user_id: str, group_id: str) -> Group:
    rates.check(world, user_id, "counter_writes", CALLS_PER_5_S, WINDOW_MS, codes.GROUP_COUNTER_FREQUENCY_LIMIT)
    return _require(world, user_id, group_id)


def _write(world: World, group: Group, values: dict[str, int]) -> dict[str, int]:
    """
    Store counters of a group. Returns all of them.

    States group_counter_changed for each that has changed or is new, to the members.

    Raises: ChatError 6017 (an empty key), 10004 (a key over 128 bytes, a number over 64 bits), 10063 (a 21st counter). Before this is
    called: 10010 (no such group), 10007 (not a member, or a type without them), 8516 (over 20 in 5 seconds, where rates are limited).
    """
    old = _values(world, group.group_id)
    for key, value in values.items():
        if not key:
            raise ChatError(codes.INVALID_PARAMETERS)
        if bytes_of(key) > KEY_BYTES or not LEAST <= value <= MOST:
            raise ChatError(codes.GROUP_INVALID_PARAMETERS)
    new = dict(sorted({**old, **values}.items()))
    if len(new) > MAX_KEYS:
        raise ChatError(codes.GROUP_COUNTER_LIMIT)
    if new != old:
        row = world[GROUP_COUNTERS].get(group.group_id) or GroupCounters(group.group_id)
        world[GROUP_COUNTERS].put(group.group_id, evolve(row, values=new))
    members = groups.member_ids(world, group.group_id)
    for key in sorted(values):
        if old.get(key) != values[key]:
            group_news.tell(world, group, "group_counter_changed", members, key=key, value=values[key])
    return new
