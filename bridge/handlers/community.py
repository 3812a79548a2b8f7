"""communityManager: creating communities; their permission groups and who is in them."""

from __future__ import annotations

from typing import Any

from bridge.handlers.registry import Caller, method
from bridge.world import communities, group_profiles
from bridge.world import permission_groups as rules
from bridge.world.results import Item, Page

ATTRIBUTES = {
    "group_id": "group_id",
    "group_name": "name",
    "notification": "notification",
    "introduction": "introduction",
    "face_url": "face_url",
    "is_all_muted": "all_muted",
    "is_support_topic": "support_topic",
    "approve_opt": "approve_opt",
    "is_enable_permission_group": "permission_groups_on",
    "default_permissions": "default_permissions",
}
"""Where a call has the attributes of a new community; how it takes people in does not reach the service (adapter 8.2)."""


@method("createCommunity")
def create_community(caller: Caller, info: dict[str, Any], member_list: list[dict[str, Any]] | None = None) -> str:
    """Create a community, whatever type the call names; return its id."""
    communities.check_enabled(caller.world)
    given = {name: info.get(key) for key, name in ATTRIBUTES.items()}
    members = [(entry.get("user_id") or "", entry.get("role")) for entry in member_list or []]
    given = {**given, "group_type": communities.COMMUNITY, "members": members}
    return group_profiles.create(caller.world, caller.user, given)


@method("createPermissionGroupInCommunity")
def create_permission_group_in_community(caller: Caller, info: dict[str, Any]) -> str:
    """Add a permission group to a community; return its id."""
    return rules.create(caller.world, caller.user, *_described(info))


@method("modifyPermissionGroupInfoInCommunity")
def modify_permission_group_info_in_community(caller: Caller, info: dict[str, Any]) -> None:
    """Give a permission group the name, data and bits of `info`."""
    rules.modify(caller.world, caller.user, *_described(info))


def _described(info: dict[str, Any]) -> tuple[str, str, str, str, int]:
    return (
        info.get("group_id") or "",
        info.get("permission_group_id") or "",
        info.get("permission_group_name") or "",
        info.get("custom_data") or "",
        info.get("group_permission") or 0,
    )


@method("deletePermissionGroupFromCommunity")
def delete_permission_group_from_community(
    caller: Caller, group_id: str, permission_group_id_list: list[str]
) -> list[Item]:
    """Delete permission groups."""
    return rules.delete(caller.world, caller.user, group_id, permission_group_id_list)


@method("getPermissionGroupListInCommunity")
def get_permission_group_list_in_community(
    caller: Caller, group_id: str, permission_group_id_list: list[str]
) -> list[Item]:
    """Return permission groups; no id means all."""
    return rules.infos(caller.world, caller.user, group_id, permission_group_id_list)


@method("getJoinedPermissionGroupListInCommunity")
def get_joined_permission_group_list_in_community(caller: Caller, group_id: str) -> list[Item]:
    """Return the permission groups that the caller is in."""
    return rules.joined_infos(caller.world, caller.user, group_id)


@method("addCommunityMembersToPermissionGroup")
def add_community_members_to_permission_group(
    caller: Caller, group_id: str, permission_group_id: str, member_list: list[str]
) -> list[Item]:
    """Put members into a permission group."""
    return rules.add_members(caller.world, caller.user, group_id, permission_group_id, member_list)


@method("removeCommunityMembersFromPermissionGroup")
def remove_community_members_from_permission_group(
    caller: Caller, group_id: str, permission_group_id: str, member_list: list[str]
) -> list[Item]:
    """Take members out of a permission group."""
    return rules.remove_members(caller.world, caller.user, group_id, permission_group_id, member_list)


@method("getCommunityMemberListInPermissionGroup")
def get_community_member_list_in_permission_group(
    caller: Caller, group_id: str, permission_group_id: str, next_cursor: str | None
) -> Page:
    """Return a page of the members of a permission group."""
    return rules.members(caller.world, caller.user, group_id, permission_group_id, next_cursor or "")
