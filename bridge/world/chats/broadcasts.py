"""What the app's server says in all live rooms at once."""

from __future__ import annotations

from bridge.world.chats import delivery, messages, sending
from bridge.world.chats.elements import Text
from bridge.world.groups.live_rooms import PRESENCES
from bridge.world.kernel.evolving import evolve
from bridge.world.kernel.world import World


def to_live_rooms(world: World, sender: str, text: str) -> None:
    """
    Have the app's server say something in every live room at once (REST: broadcast messages); it is kept nowhere.

    States message_received, with a message of its own for each room, to the devices that are in there.
    """
    for group_id in sorted({key[0] for key in world[PRESENCES].rows}):
        order = world.next_number("order")
        random = world.fresh32(order)
        said = evolve(
            sending.blank(world, Text(text), broadcast=True),
            msg_id=messages.stamp_id(world, sender, random),
            order=order,
            channel=("group", group_id),
            sender=sender,
            random=random,
            status=messages.SENT,
        )
        delivery.deliver(world, said, group_id, stored=False)
