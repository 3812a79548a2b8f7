"""friendshipManager: one list or both, and what is searched for."""

from __future__ import annotations

from bridge.dialects.channel.adapter import ChannelAdapter
from bridge.dialects.dialect import Call

BOTH_WAYS = 2
"""Of addType, deleteType and checkType: both lists; 1 is the own list alone."""


def add_friend(call: Call, adapter: ChannelAdapter) -> None:
    """Read whether both are to have each other."""
    call.args["both"] = call.args.pop("add_type") == BOTH_WAYS


def delete_from_friend_list(call: Call, adapter: ChannelAdapter) -> None:
    """Read whether both are to lose each other."""
    call.args["both"] = call.args.pop("delete_type") == BOTH_WAYS


def check_friend(call: Call, adapter: ChannelAdapter) -> None:
    """Read whether both lists count."""
    call.args["both"] = call.args.pop("check_type") == BOTH_WAYS


def search_friends(call: Call, adapter: ChannelAdapter) -> None:
    """Read the words, and where to look for them."""
    wanted = call.args["search_param"]
    call.args = {
        "words": wanted.get("keyword_list") or [],
        "in_ids": bool(wanted.get("is_search_user_id")),
        "in_names": bool(wanted.get("is_search_nick_name")),
        "in_remarks": bool(wanted.get("is_search_remark")),
    }
