"""
Live rooms: groups whose membership lasts as long as a device's login (native headers: manager, group).

Which device has joined which room is kept here. A user is a member while one of the own devices is in.
"""

from __future__ import annotations

from collections.abc import Iterable

from bridge.world.kernel import rates
from bridge.world.kernel.devices import Device
from bridge.world.kernel.rows import row_class
from bridge.world.kernel.store import Groups, TableSpec
from bridge.world.kernel.world import World


@row_class
class Presence:
    """A device that has joined a live room since its login."""

    group_id: str
    device_id: str
    user_id: str


PRESENCES = TableSpec(
    "presences",
    Presence,
    ("group_id", "device_id"),
    {
        "member": lambda: Groups(lambda p: (p.group_id, p.user_id)),
        "device": lambda: Groups(lambda p: p.device_id),
    },
    exported=False,
)


def enter(world: World, group_id: str, device: Device, user_id: str) -> None:
    """Note that a device is in a room."""
    key = (group_id, device.device_id)
    world[PRESENCES].put(key, Presence(*key, user_id=user_id))


def is_in(world: World, group_id: str, device: Device) -> bool:
    """Return whether a device is in a room."""
    return (group_id, device.device_id) in world[PRESENCES]


def devices_of(world: World, group_id: str, user_ids: Iterable[str]) -> list[str]:
    """Return the devices in a room of some users, in the order of the users."""
    members = world[PRESENCES].index("member")
    return [key[1] for user_id in user_ids for key in members.of((group_id, user_id))]


def forget(world: World, group_id: str, user_id: str) -> None:
    """Drop all devices of a user from a room."""
    table = world[PRESENCES]
    for key in table.index("member").of((group_id, user_id)):
        table.drop(key)


ENDS = frozenset({"group_dismissed", "group_recycled", "member_kicked"})
"""What is kept for devices in a room that are away, of which all else is there only for those who are online."""

MAX_PER_SECOND = 40
"""Messages that a room takes (product docs: live rooms)."""

RANKS = {1: 0, 0: 1, 2: 1, 3: 2}
"""By priority of a message (high, default, normal, low), which go first: the low ones are the first to be dropped."""


def is_too_much(world: World, group_id: str, priority: int) -> bool:
    """Count a message in a room. Returns whether the room has taken 40 of its rank or above within a second already: it takes no more."""
    rank = RANKS.get(priority, 1)
    names = [f"live_room {group_id} {above}" for above in range(rank + 1)]
    if sum(rates.recent(world, "", name, 1000) for name in names) >= MAX_PER_SECOND:
        return True
    rates.note(world, "", names[rank], 1000)
    return False
