"""Friends: their own object for changes, and what is searched for."""

from __future__ import annotations

from bridge.dialects.cjson.adapter import NativeAdapter
from bridge.dialects.dialect import Call

USER_ID, NICK_NAME, REMARK = 1, 2, 4


def set_friend_info(call: Call, adapter: NativeAdapter) -> None:
    """Read the changes of a friend: what is not there stays."""
    given = call.args["param"] or {}
    call.args = {
        "user_id": given.get("user_id") or "",
        "friend_remark": given.get("friend_remark"),
        "friend_custom_info": given.get("friend_custom_info"),
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
