"""Friends: their own object for changes, and what is searched for."""

from __future__ import annotations

from bridge.dialects.cjson.adapter import NativeAdapter
from bridge.dialects.cjson.arguments import pairs
from bridge.dialects.dialect import Call

USER_ID, NICK_NAME, REMARK = 1, 2, 4


def set_friend_info(call: Call, adapter: NativeAdapter) -> None:
    """Read the changes of a friend: what is not there stays."""
    wire = call.args["param"] or {}
    item = wire.get("friendship_modify_friend_profile_param_item") or {}
    custom = item.get("friend_profile_item_custom_string_array")
    names = ("friend_profile_custom_string_info_key", "friend_profile_custom_string_info_value")
    call.args = {
        "user_id": wire.get("friendship_modify_friend_profile_param_identifier") or "",
        "friend_remark": item.get("friend_profile_item_remark"),
        "friend_custom_info": None if custom is None else pairs(custom, *names),
    }


def search_friends(call: Call, adapter: NativeAdapter) -> None:
    """Read the words, and where to look for them."""
    wire = call.args["search_param"] or {}
    fields = wire.get("search_field_list") or ()
    call.args = {
        "words": wire.get("keyword_list") or [],
        "in_ids": USER_ID in fields,
        "in_names": NICK_NAME in fields,
        "in_remarks": REMARK in fields,
    }
