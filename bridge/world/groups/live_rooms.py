"""
Live rooms: groups whose membership lasts as long as a device's login (native headers: manager, group).

Which device has joined which room is kept here. A user is a member while one of the own devices is in.
"""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from bridge.world.groups import groups
from bridge.world.kernel.devices import Device
from bridge.world.kernel.store import Groups, TableSpec
from bridge.world.kernel.world import World


@frozen
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


def broadcast(world: World, sender: str, text: str) -> None:
    """
    Have the app's server say something in every live room at once (REST: broadcast messages); it is kept nowhere.

    States message_received, with a message of its own for each room, to the devices that are in there.
    """
    from bridge.world.chats import delivery, messages, sending

    for group_id in sorted({key[0] for key in world[PRESENCES].rows}):
        order = world.next_number("order")
        random = world.random32(order)
        said = messages.changed(
            sending.blank(world, messages.Elem("text", {"text": text}), broadcast=True),
            msg_id=sending.stamp_id(world, sender, random),
            order=order,
            channel=("group", group_id),
            sender=sender,
            random=random,
            status=messages.SENT,
        )
        delivery.deliver(world, said, group_id, stored=False)


def end_session(world: World, device_id: str) -> None:
    """
    Take a device whose login ends out of its rooms, and its user with the last device.

    States member_left to those who stay.
    """
    from bridge.world.groups import memberships

    table = world[PRESENCES]
    for key in table.index("device").of(device_id):
        group_id, user_id = key[0], table[key].user_id
        table.drop(key)
        group = groups.find(world, group_id)
        if group is not None and not table.index("member").count((group_id, user_id)):
            memberships.leave(world, group, user_id)
