"""
What an adapter keeps of live rooms, whose messages nobody else keeps.

It is the newest messages with files, and mergers, of the rooms that its app has named, so that later calls find them by
their ids (adapter 8.2). Its listener for messages does so: without one nothing is kept.
"""

from __future__ import annotations

from bridge.world.chats.messages import Message
from bridge.world.kernel import devices
from bridge.world.kernel.devices import Device
from bridge.world.kernel.facts import Audience
from bridge.world.kernel.rows import row_class
from bridge.world.kernel.store import Groups, TableSpec
from bridge.world.kernel.world import World

KINDS = ("file", "sound", "video", "image", "merger")
MOST = 20
ROOMS, COUNT = "findable rooms", "findable messages"
"""Where a device's settings say which rooms, and how many messages of all of them together."""


@row_class
class KeptMedia:
    """A message that a device's adapter keeps. `order` is its place in the world's order."""

    device_id: str
    msg_id: str
    order: int
    message: Message


KEPT_MEDIA = TableSpec(
    "kept_media", KeptMedia, ("device_id", "order"), {"device": lambda: Groups(lambda k: k.device_id)}, exported=False,
    is_local=True,
)


def name_rooms(world: World, device: Device, group_ids: list[str], most: int) -> list[str]:
    """Have a device keep messages of live rooms, so many of all rooms together. Returns all rooms that were ever named on it."""
    rooms = list(dict.fromkeys((*device.settings.get(ROOMS, ()), *group_ids)))
    devices.change(world, device, settings={**device.settings, ROOMS: tuple(rooms), COUNT: most})
    world[KEPT_MEDIA]  # from now on `delivery` asks
    return rooms


def heard(world: World, to: Audience, message: Message) -> bool:
    """
    Keep a message that reaches a device, if it is of a kind and a room that the device keeps.

    The oldest goes where there is no room: one for each that comes, so that a smaller number leaves as many as there are.

    Returns: whether the device's app hears of it: its adapter dies of making room where nothing is kept.
    """
    device = None if to.only is None else world[devices.DEVICES].get(to.only)
    if device is None or message.elems[0].kind not in KINDS or message.channel[1] not in device.settings.get(ROOMS, ()):
        return True
    if not device.listeners.get("messages"):
        return True
    table = world[KEPT_MEDIA]
    keys = table.index("device").of(device.device_id)
    if len(keys) >= device.settings[COUNT]:
        if not keys:
            return False
        table.drop(keys[0])
    table.put((device.device_id, message.order), KeptMedia(device.device_id, message.msg_id, message.order, message))
    return True


def kept(world: World, device_id: str, msg_id: str) -> Message | None:
    """Return a message of a live room that a device's adapter keeps, or None."""
    table = world[KEPT_MEDIA]
    rows = (table[key] for key in table.index("device").of(device_id))
    return next((row.message for row in rows if row.msg_id == msg_id), None)
