"""messageManager: reading conversations, and receipts of single messages."""

from __future__ import annotations

from typing import Any

from bridge.errors import ChatError
from bridge.handlers import Caller
from bridge.world import codes, groups, history, receipts, unread
from bridge.world.messages import Message
from bridge.world.results import Page


def mark_c2c_message_as_read(caller: Caller, user_id: str) -> None:
    """Read a one-to-one chat."""
    unread.clean(caller.world, caller.user, f"c2c_{user_id}")


def mark_group_message_as_read(caller: Caller, group_id: str) -> None:
    """Read a group's conversation; of a group that is gone the service knows nothing (kit: 10015)."""
    if group_id and groups.find(caller.world, group_id.partition("@TOPIC#")[0]) is None:
        raise ChatError(codes.INVALID_GROUP_ID)
    unread.clean(caller.world, caller.user, f"group_{group_id}")


def mark_all_message_as_read(caller: Caller) -> None:
    """Read everything."""
    unread.clean(caller.world, caller.user, "")


def send_message_read_receipts(caller: Caller, message_id_list: list[str]) -> None:
    """Tell the senders of messages that they were read."""
    receipts.send(caller.world, caller.user, _found(caller, message_id_list))


def get_message_read_receipts(caller: Caller, message_id_list: list[str]) -> list[dict[str, Any]]:
    """Return how far messages are read."""
    return receipts.summaries(caller.world, caller.user, _found(caller, message_id_list))


def get_group_message_read_member_list(
    caller: Caller, message_id: str, filter: int | None, next_seq: int | None = 0, count: int | None = 100
) -> Page:
    """Return who has read a group message, or who has not."""
    message = _found(caller, [message_id])[0]
    which = receipts.READ if filter is None else filter
    return receipts.members(caller.world, message, which, next_seq or 0, 100 if count is None else count)


def _found(caller: Caller, msg_ids: list[str]) -> list[Message]:
    """Look messages up as the native sides do: every one must be there, or some are enough (`Habits.takes_some`)."""
    found = history.find(caller.world, caller.device, caller.user, msg_ids)
    if not found or (len(found) < len(msg_ids) and not caller.habits.takes_some):
        caller.unfound()
    return found
