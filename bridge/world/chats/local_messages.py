"""What a client does with messages on its own: inserting some that were never sent, keeping the app's data with others."""

from __future__ import annotations

from bridge.errors import ChatError
from bridge.world.chats import conversation_list, conversations, local_copies, messages, own_marks
from bridge.world.chats.messages import Message, stamp_id
from bridge.world.kernel import codes
from bridge.world.kernel.devices import Device
from bridge.world.kernel.evolving import evolve
from bridge.world.kernel.world import World


def insert(world: World, device: Device, user_id: str, conversation_id: str, sender: str, message: Message) -> Message:
    """
    Put a message into a user's history on one device that nobody sent; only this app has it.

    It is the last message from then on, raises no unread count and is told to nobody as new (native header: message status). States
    conversation_created or conversation_changed to the device.

    Args:
        sender: who is shown as its sender. `message`: what it holds, as created.

    Returns: the message, status imported. Raises: ChatError 6017 (malformed conversation id, no sender).
    """
    conversations.check_id(conversation_id)
    if not sender:
        raise ChatError(codes.INVALID_PARAMETERS)
    order = world.next_number("order")
    random = world.fresh32(order)
    inserted = evolve(
        message,
        msg_id=stamp_id(world, sender, random),
        order=order,
        channel=messages.channel_of(user_id, conversation_id),
        sender=sender,
        time_ms=world.now_ms,
        random=random,
        status=messages.IMPORTED,
        owner=user_id,
        install=device.install,
    )
    inserted = own_marks.settle(world, user_id, device.install, inserted)
    world[messages.MESSAGES].put(inserted.msg_id, inserted)
    row = conversations.get(world, user_id, conversation_id)
    conversation_list.announce_own(world, device, row, new=local_copies.add(world, device, row, inserted))
    return inserted


def keep(
    world: World,
    device: Device,
    user_id: str,
    msg_id: str,
    custom_data: str | None = None,
    custom_int: int | None = None,
    cloud_custom_data: str | None = None,
) -> None:
    """
    Keep data of the app's own with a message, on this device alone; what is None stays.

    `cloud_custom_data` covers the message's own here and nowhere else: the adapter sets a field and asks no server (adapter 8.2).
    """
    given = {"custom_data": custom_data, "custom_int": custom_int, "cloud_custom_data": cloud_custom_data}
    changes = {name: value for name, value in given.items() if value is not None}
    own_marks.set_mark(world, user_id, device.install, msg_id, **changes)
