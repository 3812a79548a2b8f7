"""
Modifying messages that were sent, by anybody who takes part.

The service refuses a change that does not know the newest version (8006). A client hears of each version at once, so an app is behind
only if nobody told it: its device had no listener for messages, or no network, when somebody else changed the message, and it has not
read the message since (DECISIONS.md: When a modification is stale).
"""

from __future__ import annotations

from typing import Any

from bridge.errors import ChatError
from bridge.values import value_class
from bridge.world.chats import conversation_list, conversations, elements, messages, visibility
from bridge.world.chats.checks import MAX_BYTES
from bridge.world.chats.messages import Message
from bridge.world.groups import communities, groups
from bridge.world.kernel import codes, devices, facts
from bridge.world.kernel.devices import Device
from bridge.world.kernel.evolving import evolve
from bridge.world.kernel.rows import row_class
from bridge.world.kernel.store import TableSpec
from bridge.world.kernel.texts import bytes_of
from bridge.world.kernel.world import World


@row_class
class Behind:
    """A device's app does not know the newest version of a message."""

    device_id: str
    msg_id: str


BEHIND = TableSpec("behind", Behind, ("device_id", "msg_id"), exported=False, is_local=True)


@value_class
class Outcome:
    """What came of a modification: 0 or a code of the service with its text, and the message as it now is."""

    code: int
    text: str
    message: Message


def modify(
    world: World, device: Device, user_id: str, message: Message, cloud_custom_data: str | None, elem: dict[str, Any]
) -> Outcome:
    """
    Change a message for all who have it.

    Args:
        cloud_custom_data: what to put there, None to leave it; "" is a change as well.
        elem: fields of the first element that change.

    States message_modified to all parties, the caller's device too, and conversation_changed where it is the last message.

    Returns: the outcome. Code 8006 if somebody else has changed it and this device does not know, 6017 if it was never sent, or the
        service has it not for the user, 10007 outside the group, 8001 if it gets too large.
    """
    changed = _changed(message, cloud_custom_data, elem)
    try:
        _check(world, device, user_id, message, changed)
    except ChatError as refusal:
        read(world, device, message.msg_id)
        return Outcome(refusal.code, codes.text(refusal.code) if refusal.desc is None else refusal.desc, message)
    read(world, device, message.msg_id)
    changed = evolve(changed, version=message.version + 1)
    world[messages.MESSAGES].put(changed.msg_id, changed)
    for party in visibility.parties(world, changed):
        _note_who_is_behind(world, party, device, changed)
        tell(world, party, changed)
    return Outcome(0, "", changed)


def _changed(message: Message, cloud_custom_data: str | None, elem: dict[str, Any]) -> Message:
    if elem:
        first = message.elems[0]._replace(**elem)
        message = evolve(message, elems=(first, *message.elems[1:]))
    return message if cloud_custom_data is None else evolve(message, cloud_custom_data=cloud_custom_data)


def _check(world: World, device: Device, user_id: str, message: Message, changed: Message) -> None:
    world.consent()
    is_theirs = visibility.is_served(world, user_id, message)
    if message.status != messages.SENT or message.elems[0].kind == "tips" or not is_theirs:
        raise ChatError(codes.INVALID_PARAMETERS)
    if message.channel[0] == "group":
        group = groups.find(world, communities.community_of(message.channel[1]))
        if group is None or not groups.role_of(world, group, user_id):
            raise ChatError(codes.GROUP_PERMISSION_DENIED)
    if not device.connected:
        raise ChatError(codes.NETWORK_DISCONNECTED)
    if sum(bytes_of(text) for one in changed.elems for text in elements.texts(one)) > MAX_BYTES:
        raise ChatError(codes.MESSAGE_SIZE_LIMIT)
    if (device.device_id, message.msg_id) in world[BEHIND]:
        raise ChatError(codes.MESSAGE_MODIFY_CONFLICT)


def tell(world: World, user_id: str, message: Message) -> None:
    """State to a party that a message has changed, and its conversation if that shows it."""
    to = facts.user(user_id)
    world.state("message_modified", to, message=message)
    row = conversations.find(world, user_id, messages.conversation_id_of(user_id, message.channel))
    if row is not None and any(view.last_message == message.msg_id for view in conversation_list.views(world, row)):
        conversation_list.announce(world, to, [row], listed=True)


def _note_who_is_behind(world: World, user_id: str, by: Device, message: Message) -> None:
    for device in devices.of_user(world, user_id):
        if device.device_id == by.device_id:
            continue
        if not device.connected or not device.listeners.get("messages"):
            world[BEHIND].put((device.device_id, message.msg_id), Behind(device.device_id, message.msg_id))


def read(world: World, device: Device, msg_id: str) -> None:
    """Note that a device's app has seen the newest version of a message."""
    world[BEHIND].drop((device.device_id, msg_id))

