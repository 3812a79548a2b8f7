"""messageManager: what adapters call in place of what they are called for."""

from __future__ import annotations

from bridge.dialects.channel.adapter import ChannelAdapter
from bridge.dialects.dialect import Call


def delete_messages(call: Call, adapter: ChannelAdapter) -> None:
    """Read which messages: a list, or one id where the adapter takes the local deletion of one for this."""
    if "msg_id" in call.args:
        call.args = {"msg_ids": [call.args["msg_id"]]}


def insert_group_message_to_local_storage(call: Call, adapter: ChannelAdapter) -> None:
    """Read the group, which has the id of a user where the adapter takes the wrong call."""
    if "user_id" in call.args:
        call.args["group_id"] = call.args.pop("user_id")
