"""groupManager: what is searched for."""

from __future__ import annotations

from bridge.dialects.channel.adapter import ChannelAdapter
from bridge.dialects.dialect import Call


def search_groups(call: Call, adapter: ChannelAdapter) -> None:
    """Read the words, and where to look for them."""
    wanted = adapter.read("searchParam", call.args["search_param"])
    call.args = {
        "words": wanted.get("keyword_list") or [],
        "in_ids": bool(wanted.get("is_search_group_id")),
        "in_names": bool(wanted.get("is_search_group_name")),
    }


def search_group_members(call: Call, adapter: ChannelAdapter) -> None:
    """Read the words, the groups, and where to look for the words."""
    wanted = adapter.read("param", call.args["param"])
    call.args = {
        "words": wanted.get("keyword_list") or [],
        "group_ids": wanted.get("group_id_list"),
        "in_ids": bool(wanted.get("is_search_member_user_id")),
        "in_names": bool(wanted.get("is_search_member_nick_name")),
        "in_remarks": bool(wanted.get("is_search_member_remark")),
        "in_name_cards": bool(wanted.get("is_search_member_name_card")),
    }
