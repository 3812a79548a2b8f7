"""conversationManager: lists, single conversations, labels, unread counts."""

from __future__ import annotations

from bridge.errors import ChatError
from bridge.handlers import Caller
from bridge.world.chats import conversation_list, conversations, labels, removal, unread
from bridge.world.chats.conversations import Conversation
from bridge.world.chats.unread import Filter
from bridge.world.kernel import codes, devices
from bridge.world.kernel.results import Item, Page


def get_conversation_list(caller: Caller, start: int, count: int) -> Page:
    """List conversations; 0 begins at the top."""
    return Page(*conversation_list.page(caller.world, caller.device, caller.user, start, count, None))


def get_whole_conversation_list(caller: Caller) -> list[Conversation]:
    """List all conversations at once."""
    rows = (row for _, row in conversation_list.walk(caller.world, caller.device, caller.user))
    return [row for row in rows if not row.is_topic]


def get_conversation_list_by_filter(caller: Caller, condition: Filter, start: int, count: int) -> Page:
    """List the conversations that meet all conditions of a filter."""
    return Page(*conversation_list.page(caller.world, caller.device, caller.user, start, count, condition.matches, condition.group_name))


def get_conversation(caller: Caller, conversation_id: str) -> Conversation:
    """Return one conversation; one that does not exist is made up and not kept."""
    try:
        user = devices.require(caller.device, "cache")
    except ChatError:
        raise ChatError(codes.INVALID_CONVERSATION) from None
    conversations.check_id(conversation_id)
    return conversations.get(caller.world, user, conversation_id)


def get_conversations(caller: Caller, conversation_id_list: list[str]) -> list[Conversation]:
    """Return the conversations that are named; those that do not exist are made up and not kept."""
    return [get_conversation(caller, conversation_id) for conversation_id in conversation_id_list]


def get_conversation_list_by_conversaion_ids(caller: Caller, conversation_id_list: list[str]) -> list[Conversation]:
    """Return those of the named conversations that are in the list. (The name misses a letter on the wire.)"""
    if not conversation_id_list:
        raise ChatError(codes.INVALID_PARAMETERS, "no valid conversation id")
    rows = (conversations.get(caller.world, caller.user, name) for name in conversation_id_list)
    return [row for row in rows if conversation_list.shown(caller.world, caller.device, row).listed]


def pin_conversation(caller: Caller, conversation_id: str, is_pinned: bool | None) -> None:
    """Pin or unpin a conversation."""
    labels.pin(caller.world, caller.user, conversation_id, bool(is_pinned))


def set_conversation_draft(caller: Caller, conversation_id: str, draft_text: str | None = None) -> None:
    """Keep a draft on this device."""
    labels.set_draft(caller.world, caller.device, caller.user, conversation_id, draft_text)


def set_conversation_custom_data(
    caller: Caller, custom_data: str | None, conversation_id_list: list[str]
) -> list[Item]:
    """Replace the custom data of conversations."""
    return labels.set_custom_data(caller.world, caller.user, conversation_id_list, custom_data or "")


def mark_conversation(
    caller: Caller, bits: int, enable_mark: bool | None, conversation_id_list: list[str]
) -> list[Item]:
    """Set or clear a mark on conversations."""
    return labels.mark(caller.world, caller.user, conversation_id_list, bits, bool(enable_mark))


def delete_conversation(caller: Caller, conversation_id: str) -> None:
    """Delete a conversation with its messages, for the caller alone."""
    removal.delete(caller.world, caller.device, caller.user, conversation_id)


def delete_conversation_list(caller: Caller, conversation_id_list: list[str], clear_message: bool | None) -> list[Item]:
    """Delete conversations, with their messages if asked to."""
    return removal.delete_many(caller.world, caller.device, caller.user, conversation_id_list, bool(clear_message))


def get_total_unread_message_count(caller: Caller) -> int:
    """Return the unread total, and from now on tell this device of its changes."""
    return unread.want_total(caller.world, caller.device, caller.user)


def get_unread_message_count_by_filter(caller: Caller, condition: Filter) -> int:
    """Return the unread sum of the conversations that meet a filter."""
    return unread.total_by(caller.world, caller.device, caller.user, condition)


def subscribe_unread_message_count_by_filter(caller: Caller, condition: Filter) -> None:
    """Tell this device when the unread sum of a filter changes."""
    unread.subscribe(caller.world, caller.device, caller.user, condition)


def unsubscribe_unread_message_count_by_filter(caller: Caller, condition: Filter) -> None:
    """Stop telling this device about a filter."""
    unread.unsubscribe(caller.world, caller.device, condition)


def clean_conversation_unread_message_count(
    caller: Caller, conversation_id: str, clean_timestamp: int | None, clean_sequence: int | None
) -> None:
    """Read one conversation, all of a kind, or all."""
    unread.clean(caller.world, caller.user, conversation_id or "", clean_timestamp or 0, clean_sequence or 0)
