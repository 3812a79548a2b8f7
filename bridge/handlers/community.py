"""communityManager: creating communities; their permission groups and who is in them."""

from __future__ import annotations

from typing import Any

from bridge.handlers import Caller
from bridge.world import communities, group_profiles
from bridge.world import permission_groups as rules
from bridge.world.results import Item, Page


def create_community(caller: Caller, info: dict[str, Any]) -> str:
    """Create a community, whatever type the call names; return its id."""
    communities.check_enabled(caller.world)
    return group_profiles.create(caller.world, caller.user, {**info, "group_type": communities.COMMUNITY})


def create_permission_group_in_community(
    caller: Caller, group_id: str, permission_group_id: str, name: str, custom_data: str, bits: int
) -> str:
    """Add a permission group to a community; return its id."""
    return rules.create(caller.world, caller.user, group_id, permission_group_id, name, custom_data, bits)


def modify_permission_group_info_in_community(
    caller: Caller, group_id: str, permission_group_id: str, name: str, custom_data: str, bits: int
) -> None:
    """Give a permission group another name, other data and bits."""
    rules.modify(caller.world, caller.user, group_id, permission_group_id, name, custom_data, bits)


def delete_permission_group_from_community(
    caller: Caller, group_id: str, permission_group_id_list: list[str]
) -> list[Item]:
    """Delete permission groups."""
    return rules.delete(caller.world, caller.user, group_id, permission_group_id_list)


def get_permission_group_list_in_community(
    caller: Caller, group_id: str, permission_group_id_list: list[str]
) -> list[Item]:
    """Return permission groups; no id means all."""
    return rules.infos(caller.world, caller.user, group_id, permission_group_id_list)


def get_joined_permission_group_list_in_community(caller: Caller, group_id: str) -> list[Item]:
    """Return the permission groups that the caller is in."""
    return rules.joined_infos(caller.world, caller.user, group_id)


def add_community_members_to_permission_group(
    caller: Caller, group_id: str, permission_group_id: str, member_list: list[str]
) -> list[Item]:
    """Put members into a permission group."""
    return rules.add_members(caller.world, caller.user, group_id, permission_group_id, member_list)


def remove_community_members_from_permission_group(
    caller: Caller, group_id: str, permission_group_id: str, member_list: list[str]
) -> list[Item]:
    """Take members out of a permission group."""
    return rules.remove_members(caller.world, caller.user, group_id, permission_group_id, member_list)


def get_community_member_list_in_permission_group(
    caller: Caller, group_id: str, permission_group_id: str, next_cursor: str | None
) -> Page:
    """Return a page of the members of a permission group."""
    return rules.members(caller.world, caller.user, group_id, permission_group_id, next_cursor or "")
