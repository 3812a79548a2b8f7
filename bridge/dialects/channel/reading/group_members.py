"""groupManager: cursors of member lists."""

from __future__ import annotations

from bridge.dialects.channel.adapter import ChannelAdapter
from bridge.dialects.channel.numbers import decimal, strtoull
from bridge.dialects.dialect import Call
from bridge.errors import ChatError
from bridge.world.kernel import codes


def get_group_member_list(call: Call, adapter: ChannelAdapter) -> None:
    """Read the cursor: a number as text. The size of a page is the native client's (adapters)."""
    args = call.args
    text = args["next_seq"] or ""
    cursor = strtoull(text) if adapter.reads_as_c else decimal(text)
    if cursor is None:
        adapter.refuse("malformed_next_seq")
        raise ChatError(codes.INVALID_PARAMETERS)
    call.args = {"group_id": args["group_id"], "filter": args["filter"] or 0, "cursor": cursor}


def set_group_member_info(call: Call, adapter: ChannelAdapter) -> None:
    """Read the fields of a member."""
    fields = call.args.get("custom_info")
    if fields is not None and adapter.keys_for_values:
        call.args["custom_info"] = {key: key for key in fields}
