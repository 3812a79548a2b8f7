"""messageManager: deleting, clearing, inserting locally, and data that the app keeps with messages."""

from __future__ import annotations

from typing import Any

from bridge.handlers import Caller
from bridge.handlers.message import created_by_id, custom_elem
from bridge.world.chats import local_messages, messages, removal, sending, visibility
from bridge.world.chats.messages import Message


def _held(caller: Caller, msg_id: str) -> Message:
    """Return the message that a call is about, or refuse as the platform's adapter does."""
    message = visibility.held(caller.world, caller.user, msg_id, caller.device.install)
    if message is None:
        caller.unfound()
    return message


def delete_messages(caller: Caller, msg_ids: list[str]) -> None:
    """Delete messages for the caller alone; those that are not found are passed over unless none is."""
    found = (visibility.held(caller.world, caller.user, msg_id, caller.device.install) for msg_id in msg_ids)
    gone = [message for message in found if message is not None]
    if not gone:
        caller.unfound()
    removal.delete_messages(caller.world, caller.device, caller.user, gone)


def delete_message_from_local_storage(caller: Caller, msg_id: str) -> None:
    """Delete a message on this device."""
    removal.delete_messages(caller.world, caller.device, caller.user, [_held(caller, msg_id)], locally=True)


def clear_c2c_history_message(caller: Caller, user_id: str) -> None:
    """Delete all messages of a one-to-one chat for the caller; the conversation stays."""
    removal.clear_history(caller.world, caller.user, f"c2c_{user_id}")


def clear_group_history_message(caller: Caller, group_id: str) -> None:
    """Delete all messages of a group for the caller; the conversation stays."""
    removal.clear_history(caller.world, caller.user, f"group_{group_id}")


def insert_c2c_message_to_local_storage(
    caller: Caller, data: str | None, user_id: str, sender: str | None, excluded_from_last: bool | None = None
) -> Message:
    """Put a custom message into a one-to-one history that nobody sent."""
    message = sending.blank(caller.world, custom_elem(data), excluded_from_last=bool(excluded_from_last))
    return _insert(caller, f"c2c_{user_id}", sender, message)


def insert_group_message_to_local_storage(
    caller: Caller, data: str | None, group_id: str, sender: str | None, excluded_from_last: bool | None = None
) -> Message:
    """Put a custom message into a group's history that nobody sent."""
    message = sending.blank(caller.world, custom_elem(data), excluded_from_last=bool(excluded_from_last))
    return _insert(caller, f"group_{group_id}", sender, message)


def insert_c2c_message_to_local_storage_v2(
    caller: Caller, user_id: str, sender_id: str | None, created_msg_id: str
) -> Message:
    """Put a created message into a one-to-one history; on most native sides its local id is used up."""
    return _insert_created(caller, f"c2c_{user_id}", sender_id, created_msg_id)


def insert_group_message_to_local_storage_v2(
    caller: Caller, group_id: str, sender_id: str | None, created_msg_id: str
) -> Message:
    """Put a created message into a group's history; on most native sides its local id is used up."""
    return _insert_created(caller, f"group_{group_id}", sender_id, created_msg_id)


def _insert_created(caller: Caller, conversation_id: str, sender: str | None, local_id: str) -> Message:
    created = created_by_id(caller, local_id)
    if created is None:
        caller.unfound()
    caller.admit()
    if not caller.habits.keeps_source:
        caller.world[messages.CREATED_MESSAGES].drop((caller.device_id, local_id))
    return _insert(caller, conversation_id, sender, created.message)


def _insert(caller: Caller, conversation_id: str, sender: str | None, message: Message) -> Message:
    return local_messages.insert(caller.world, caller.device, caller.user, conversation_id, sender or "", message)


def set_local_custom_data(caller: Caller, local_custom_data: str | None, msg_id: str) -> None:
    """Keep a text with a message, on this device."""
    _keep(caller, msg_id, custom_data=local_custom_data or "")


def set_local_custom_int(caller: Caller, msg_id: str, local_custom_int: int | None) -> None:
    """Keep a number with a message, on this device."""
    _keep(caller, msg_id, custom_int=local_custom_int or 0)


def set_cloud_custom_data(caller: Caller, msg_id: str, data: str | None) -> None:
    """Cover a message's cloud data on this side; no server hears of it."""
    _keep(caller, msg_id, cloud_custom_data=data or "")


def _keep(caller: Caller, msg_id: str, **given: Any) -> None:
    local_messages.keep(caller.world, caller.device, caller.user, _held(caller, msg_id).msg_id, **given)
