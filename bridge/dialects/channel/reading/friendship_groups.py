"""friendshipManager: friend groups."""

from __future__ import annotations

from bridge.dialects.channel.adapter import ChannelAdapter
from bridge.dialects.dialect import Call


def create_friend_group(call: Call, adapter: ChannelAdapter) -> None:
    """Refuse to make one of nobody, where the adapter does."""
    if call.args["user_id_list"] is None:
        adapter.refuse("no_users")
