"""conversationManager: cursors, filters and marks."""

from __future__ import annotations

from typing import Any

from bridge.dialects.channel.adapter import ChannelAdapter
from bridge.dialects.channel.numbers import decimal, strtoull
from bridge.dialects.dialect import Call
from bridge.errors import ChatError
from bridge.world.chats import labels
from bridge.world.chats.unread import Filter
from bridge.world.kernel import codes

BITS = (1 << 64) - 1
KINDS = {1: "c2c", 2: "group"}


def get_conversation_list(call: Call, adapter: ChannelAdapter) -> None:
    """Read the cursor: a number as text; "" and "0" begin at the top."""
    args = call.args
    call.args = {"start": _cursor(adapter, args["next_seq"]), "count": args["count"]}


def get_conversation_list_by_filter(call: Call, adapter: ChannelAdapter) -> None:
    """Read the filter; 5.0 and older have cursor and count inside it."""
    args = call.args
    wire = args["filter"]
    start = wire.get("next_seq") if "next_seq" in wire else args.get("next_seq")
    count = wire.get("count") if "count" in wire else args.get("count")
    call.args = {"condition": filter_of(adapter, wire), "start": _cursor(adapter, str(start or 0)), "count": count or 0}


def get_unread_message_count_by_filter(call: Call, adapter: ChannelAdapter) -> None:
    """Read the filter."""
    call.args = {"condition": filter_of(adapter, call.args["filter"])}


subscribe_unread_message_count_by_filter = get_unread_message_count_by_filter
unsubscribe_unread_message_count_by_filter = get_unread_message_count_by_filter


def _cursor(adapter: ChannelAdapter, text: str) -> int:
    """Return the number that a text is; iOS makes 0 of what is none (adapter)."""
    return strtoull(text) if adapter.reads_as_c else decimal(text) or 0


def filter_of(adapter: ChannelAdapter, wire: dict[str, Any]) -> Filter:
    """Return what a filter map asks for, by the rules of the version (DECISIONS.md: What markType means in a conversation filter)."""
    wire = adapter.read("filter", wire)
    kind = KINDS.get(wire.get("conversation_type") or 0)
    mark = wire.get("mark_type")
    unread, mentioned = wire.get("has_unread_count"), wire.get("has_group_at_info")  # false is a condition too (adapter 8.2)
    if adapter.client.shifts_filter_marks:
        name = wire.get("group_name") or wire.get("conversation_group")
        if mark is not None:
            mark = None if mark == 0 and name else 1 << (mark % 64)
        return Filter(kind, name or None, mark, unread, mentioned)
    name = wire.get("conversation_group")
    if mark is not None:
        mark = None if mark == 0 and name is not None else mark & BITS
    return Filter(kind, name, mark, unread, mentioned)


def mark_conversation(call: Call, adapter: ChannelAdapter) -> None:
    """Read a mark: the number of its bit on old clients, the bit itself since."""
    args = call.args
    number = args.pop("mark_type")
    if adapter.client.shifts_marks:
        if not 0 <= number < 64:
            raise ChatError(codes.INVALID_PARAMETERS)
        bits = 1 << number
    else:
        bits = number & BITS
        if not labels.is_mark(bits):
            adapter.unfound()
    args["bits"] = bits
