"""messageManager: pinned messages of groups."""

from __future__ import annotations

from bridge.handlers import Caller
from bridge.handlers.message_forward import kept
from bridge.world.chats import pins
from bridge.world.chats.messages import Message


def pin_group_message(caller: Caller, msg_id: str, group_id: str, is_pinned: bool | None) -> None:
    """Pin a message in its group, or take it off."""
    message = kept(caller, msg_id) or pins.find(caller.world, caller.user, msg_id, caller.device.install)
    if message is None:
        caller.unfound()
    (pins.pin if is_pinned else pins.unpin)(caller.world, caller.user, group_id, message)


def get_pinned_group_message_list(caller: Caller, group_id: str) -> list[Message]:
    """Return the messages pinned in a group."""
    return pins.pinned(caller.world, caller.user, group_id, caller.device.install)
