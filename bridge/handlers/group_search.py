"""groupManager: searching groups and members."""

from __future__ import annotations

from typing import Any

from bridge.handlers.registry import Caller, method
from bridge.world import group_search
from bridge.world.groups import Group, Member


@method("searchGroups")
def search_groups(caller: Caller, search_param: dict[str, Any]) -> list[Group]:
    """Search the caller's groups."""
    wanted = caller.read("searchParam", search_param)
    return group_search.find_groups(
        caller.world,
        caller.user,
        wanted.get("keyword_list") or [],
        bool(wanted.get("is_search_group_id")),
        bool(wanted.get("is_search_group_name")),
    )


@method("searchGroupMembers")
def search_group_members(caller: Caller, param: dict[str, Any]) -> dict[str, list[Member]]:
    """Search the members of the caller's groups."""
    wanted = caller.read("param", param)
    return group_search.find_members(
        caller.world,
        caller.user,
        wanted.get("keyword_list") or [],
        wanted.get("group_id_list"),
        bool(wanted.get("is_search_member_user_id")),
        bool(wanted.get("is_search_member_nick_name")),
        bool(wanted.get("is_search_member_remark")),
        bool(wanted.get("is_search_member_name_card")),
    )
