"""What is searched for in groups: fields to look at come as numbers."""

from __future__ import annotations

from typing import Any

from bridge.dialects.cjson.adapter import NativeAdapter
from bridge.dialects.dialect import Call

GROUP_ID, GROUP_NAME = 1, 2
USER_ID, NICK_NAME, REMARK, NAME_CARD = 1, 2, 4, 8


def search_groups(call: Call, adapter: NativeAdapter) -> None:
    """Read the words, and where to look for them."""
    wire = call.args["search_param"] or {}
    fields = wire.get("search_field_list") or ()
    call.args = {"words": wire.get("keyword_list") or [], "in_ids": GROUP_ID in fields, "in_names": GROUP_NAME in fields}


def search_group_members(call: Call, adapter: NativeAdapter) -> None:
    """Read the words, the groups, and where to look for the words."""
    wire = call.args["param"] or {}
    fields = wire.get("search_field_list") or ()
    call.args = {
        "words": wire.get("keyword_list") or [],
        "group_ids": wire.get("group_id_list") or None,
        "in_ids": USER_ID in fields,
        "in_names": NICK_NAME in fields,
        "in_remarks": REMARK in fields,
        "in_name_cards": NAME_CARD in fields,
    }


def search_cloud_groups(call: Call, adapter: NativeAdapter) -> None:
    """Read the same, for a page."""
    wire = call.args["search_param"] or {}
    fields = wire.get("search_field_list") or ()
    call.args = {"where": (GROUP_ID in fields, GROUP_NAME in fields), **_paged(wire)}


def search_cloud_group_members(call: Call, adapter: NativeAdapter) -> None:
    """Read the same, for a page."""
    wire = call.args["param"] or {}
    fields = wire.get("search_field_list") or ()
    call.args = {
        "group_ids": wire.get("group_id_list") or [],
        "where": tuple(one in fields for one in (USER_ID, NICK_NAME, REMARK, NAME_CARD)),
        **_paged(wire),
    }


EVERY_WORD = 1


def _paged(wire: dict[str, Any]) -> dict[str, Any]:
    return {
        "words": wire.get("keyword_list") or [],
        "every_word": wire.get("keyword_list_match_type") == EVERY_WORD,
        "cursor": wire.get("search_cursor") or "",
        "count": wire.get("search_count") or 0,
    }
