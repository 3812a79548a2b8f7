"""Messages that a call brings as a whole, where the client has created none before."""

from __future__ import annotations

from bridge.errors import ChatError
from bridge.handlers import Caller, Refusal
from bridge.handlers.message import re_send_message
from bridge.handlers.message import send as send_message
from bridge.world.chats import history, local_messages, mergers, messages, sending, visibility
from bridge.world.chats.elements import Element, Merger
from bridge.world.chats.messages import Handled, Message
from bridge.world.kernel import codes, devices
from bridge.world.kernel.evolving import evolve


def send(
    caller: Caller, message: Message, receiver: str, group_id: str, local_id: str | None, given_id: str | None
) -> Handled | Refusal:
    """
    Send a message. Whatever comes of it is answered with the message: what the client refuses has failed, and is kept nowhere.

    Args:
        given_id: the id that the client has told its app already.
    """
    try:
        devices.require(caller.device, "login")
        elems = tuple(_merged(caller, elem) for elem in message.elems)
    except ChatError as refusal:
        failed = sending.refused(caller.world, caller.user, message, receiver, group_id, given_id)
        return Refusal(refusal.code, refusal.desc, Handled(failed, local_id, sent=True))
    return send_message(caller, evolve(message, elems=elems), receiver, group_id, local_id, given_id=given_id)


def _merged(caller: Caller, elem: Element) -> Element:
    """Return an element as it is to be sent: a merger with what it stands for."""
    if not isinstance(elem, Merger) or elem.layers is not None:
        return elem
    ids = list(elem.msg_ids or ())
    found = history.find(caller.world, caller.device, caller.user, ids)
    if len(ids) == 1 and found and isinstance(found[0].elems[0], Merger) and elem.over_limit is not None:
        return found[0].elems[0]  # it is passed on, not made anew
    if not found:
        raise ChatError(codes.INVALID_PARAMETERS)
    return mergers.merge(found, elem.title or "", list(elem.abstracts or ()), elem.compatible_text or "")


def send_again(
    caller: Caller, msg_id: str, online_only: bool, message: Message, given_id: str | None
) -> Handled | Refusal:
    """Send a message again that failed; one that the client does not have any more is sent anew."""
    devices.require(caller.device, "login")
    if visibility.held(caller.world, caller.user, msg_id, caller.device.install) is None:
        channel = message.channel
        if channel[0] == "group":
            return send_message(caller, message, "", channel[1], given_id=given_id)
        return send_message(caller, message, messages.peer_of(caller.user, channel), "", given_id=given_id)
    return re_send_message(caller, msg_id, online_only)


def insert(caller: Caller, conversation_id: str, sender: str, message: Message) -> Message:
    """Put a message into a history that nobody sent."""
    return local_messages.insert(caller.world, caller.device, caller.user, conversation_id, sender, message)


def keep_local(caller: Caller, msg_id: str, custom_data: str | None, custom_int: int | None) -> None:
    """Keep the app's own data with a message, on this device."""
    if visibility.held(caller.world, caller.user, msg_id, caller.device.install) is None:
        caller.unfound()
    local_messages.keep(caller.world, caller.device, caller.user, msg_id, custom_data, custom_int)
