"""conversationManager: lists, single conversations, labels, unread counts."""

from __future__ import annotations

import re
from typing import Any

from bridge.errors import ChatError
from bridge.handlers.registry import Caller, method
from bridge.world import codes, conversations, devices, labels, removal, unread
from bridge.world.conversations import Conversation
from bridge.world.results import Item, Page
from bridge.world.unread import Filter

DECIMAL = re.compile(r"[+-]?[0-9]{1,19}").fullmatch
UNSHIFTED_SINCE = 800
"""Native version under which the plugin passes mark bits on as they are; before, it shifts a bit number."""


@method("getConversationList")
def get_conversation_list(caller: Caller, next_seq: str, count: int) -> Page:
    """List conversations; "" and "0" begin at the top (adapter)."""
    return _page(caller, next_seq, count, None)


@method("getConversationListByFilter")
def get_conversation_list_by_filter(
    caller: Caller, filter: dict[str, Any], next_seq: int | None = None, count: int | None = None
) -> Page:
    """List the conversations that meet all conditions of a filter. 5.0 has cursor and count inside it."""
    condition = filter_of(caller, filter)
    start = filter.get("next_seq") if "next_seq" in filter else next_seq
    wanted = filter.get("count") if "count" in filter else count
    return _page(caller, str(start or 0), wanted or 0, condition)


def _page(caller: Caller, cursor: str, count: int, condition: Filter | None) -> Page:
    if cursor and not DECIMAL(cursor):
        caller.refuse("badCursor")
        cursor = ""  # iOS makes 0 of what is no number (adapter)
    start = int(cursor or "0")
    matches = None if condition is None else condition.matches
    return Page(*conversations.page(caller.world, caller.device, caller.user, start, count, matches))


def filter_of(caller: Caller, wire: dict[str, Any]) -> Filter:
    """Return what a filter map asks for, as the caller's version means it (DECISIONS.md: What markType means in a conversation filter)."""
    kind = {1: "c2c", 2: "group"}.get(wire.get("conversation_type") or 0)
    mark = wire.get("mark_type")
    if caller.device.native < UNSHIFTED_SINCE:
        name = wire.get("group_name")
        if mark is not None:
            mark = None if mark == 0 and name else _shifted(mark)
        return Filter(kind, name or None, mark)
    name = wire.get("conversation_group")
    if mark is not None:
        if not -(1 << 31) <= mark < 1 << 31:
            caller.refuse("wideMarkType")
        mark = None if mark == 0 and name is not None else mark & ((1 << 64) - 1)
    return Filter(kind, name, mark, bool(wire.get("has_unread_count")), bool(wire.get("has_group_at_info")))


def _shifted(number: int) -> int:
    return 1 << (number % 64)


@method("getConversation")
def get_conversation(caller: Caller, conversation_id: str) -> Conversation:
    """Return one conversation; one that does not exist is made up and not kept."""
    try:
        user = devices.require(caller.device, "cache")
    except ChatError:
        raise ChatError(codes.INVALID_CONVERSATION) from None
    conversations.check_id(conversation_id)
    return conversations.get(caller.world, user, conversation_id)


@method("getConversationListByConversaionIds")
def get_conversation_list_by_conversaion_ids(caller: Caller, conversation_id_list: list[str]) -> list[Conversation]:
    """Return those of the named conversations that are in the list. (The name misses a letter on the wire.)"""
    if not conversation_id_list:
        raise ChatError(codes.INVALID_PARAMETERS, "no valid conversation id")
    rows = (conversations.get(caller.world, caller.user, name) for name in conversation_id_list)
    return [row for row in rows if conversations.shown(caller.world, caller.device, row).listed]


@method("pinConversation")
def pin_conversation(caller: Caller, conversation_id: str, is_pinned: bool | None) -> None:
    """Pin or unpin a conversation."""
    labels.pin(caller.world, caller.user, conversation_id, bool(is_pinned))


@method("setConversationDraft")
def set_conversation_draft(caller: Caller, conversation_id: str, draft_text: str | None = None) -> None:
    """Keep a draft on this device."""
    labels.set_draft(caller.world, caller.device, caller.user, conversation_id, draft_text)


@method("setConversationCustomData")
def set_conversation_custom_data(
    caller: Caller, custom_data: str | None, conversation_id_list: list[str]
) -> list[Item]:
    """Replace the custom data of conversations."""
    return labels.set_custom_data(caller.world, caller.user, conversation_id_list, custom_data or "")


@method("markConversation")
def mark_conversation(
    caller: Caller, mark_type: int, enable_mark: bool | None, conversation_id_list: list[str]
) -> list[Item]:
    """Set or clear a mark on conversations."""
    if caller.device.native < UNSHIFTED_SINCE:
        if not 0 <= mark_type < 64:
            raise ChatError(codes.INVALID_PARAMETERS)
        bits = _shifted(mark_type)
    else:
        bits = mark_type & ((1 << 64) - 1)
        if not labels.is_mark(bits):
            error = caller.spec.adapter_errors[caller.device.platform][0]
            raise ChatError(error["code"], error["desc"])
    return labels.mark(caller.world, caller.user, conversation_id_list, bits, bool(enable_mark))


@method("deleteConversation")
def delete_conversation(caller: Caller, conversation_id: str) -> None:
    """Delete a conversation with its messages, for the caller alone."""
    removal.delete(caller.world, caller.device, caller.user, conversation_id)


@method("deleteConversationList")
def delete_conversation_list(caller: Caller, conversation_id_list: list[str], clear_message: bool | None) -> list[Item]:
    """Delete conversations, with their messages if asked to."""
    return removal.delete_many(caller.world, caller.device, caller.user, conversation_id_list, bool(clear_message))


@method("getTotalUnreadMessageCount")
def get_total_unread_message_count(caller: Caller) -> int:
    """Return the unread total, and from now on tell this device of its changes."""
    return unread.want_total(caller.world, caller.device, caller.user)


@method("getUnreadMessageCountByFilter")
def get_unread_message_count_by_filter(caller: Caller, filter: dict[str, Any]) -> int:
    """Return the unread sum of the conversations that meet a filter."""
    return unread.total_by(caller.world, caller.device, caller.user, filter_of(caller, filter))


@method("subscribeUnreadMessageCountByFilter")
def subscribe_unread_message_count_by_filter(caller: Caller, filter: dict[str, Any]) -> None:
    """Tell this device when the unread sum of a filter changes."""
    unread.subscribe(caller.world, caller.device, caller.user, filter_of(caller, filter))


@method("unsubscribeUnreadMessageCountByFilter")
def unsubscribe_unread_message_count_by_filter(caller: Caller, filter: dict[str, Any]) -> None:
    """Stop telling this device about a filter."""
    unread.unsubscribe(caller.world, caller.device, filter_of(caller, filter))


@method("cleanConversationUnreadMessageCount")
def clean_conversation_unread_message_count(
    caller: Caller, conversation_id: str, clean_timestamp: int | None, clean_sequence: int | None
) -> None:
    """Read one conversation, all of a kind, or all."""
    if any(not -(1 << 31) <= (number or 0) < 1 << 31 for number in (clean_timestamp, clean_sequence)):
        caller.refuse("wideNumber")
    unread.clean(caller.world, caller.user, conversation_id or "", clean_timestamp or 0, clean_sequence or 0)
