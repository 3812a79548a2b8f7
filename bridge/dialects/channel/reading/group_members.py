"""groupManager: cursors of member lists."""

from __future__ import annotations

from bridge.dialects.channel.adapter import ChannelAdapter
from bridge.dialects.channel.numbers import decimal
from bridge.dialects.dialect import Call
from bridge.errors import ChatError
from bridge.world.kernel import codes


def get_group_member_list(call: Call, adapter: ChannelAdapter) -> None:
    """Read the cursor: a number as text. The size of a page is the native client's (adapters)."""
    args = call.args
    cursor = decimal(args["next_seq"] or "")
    if cursor is None:
        adapter.refuse("malformed_next_seq")
        raise ChatError(codes.INVALID_PARAMETERS)
    call.args = {"group_id": args["group_id"], "filter": args["filter"] or 0, "cursor": cursor}
