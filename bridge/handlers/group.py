"""groupManager: groups as such, and who comes in or is thrown out."""

from __future__ import annotations

from typing import Any

from bridge.handlers.registry import Caller, method
from bridge.world import group_profiles, memberships
from bridge.world.groups import Group
from bridge.world.results import Item

ATTRIBUTES = {
    "group_name": "name",
    "is_all_muted": "all_muted",
    "is_support_topic": "support_topic",
    "is_enable_permission_group": "permission_groups_on",
    "custom_info": "custom",
}
"""What the wire calls differently."""


def _renamed(given: dict[str, Any]) -> dict[str, Any]:
    return {ATTRIBUTES.get(name, name): value for name, value in given.items()}


@method("createGroup")
def create_group(
    caller: Caller, group_type: str | None, member_list: list[dict[str, Any]] | None = None, **given: Any
) -> str:
    """Create a group; return its id."""
    members = [(entry.get("user_id") or "", entry.get("role")) for entry in member_list or []]
    given = {**caller.filled(given), "group_type": group_type, "members": members}
    return group_profiles.create(caller.world, caller.user, _renamed(given))


@method("getJoinedGroupList")
def get_joined_group_list(caller: Caller) -> list[Group]:
    """Return the groups that the caller is in."""
    return group_profiles.joined(caller.world, caller.user)


@method("getGroupsInfo")
def get_groups_info(caller: Caller, group_id_list: list[str]) -> list[Item]:
    """Return an item per group."""
    return group_profiles.infos(caller.world, group_id_list)


@method("setGroupInfo")
def set_group_info(caller: Caller, group_id: str, group_type: str | None, **given: Any) -> None:
    """Change what a group says of itself; its type cannot be changed."""
    group_profiles.set_info(caller.world, caller.device, caller.user, group_id, _renamed(given))


@method("transferGroupOwner")
def transfer_group_owner(caller: Caller, group_id: str, user_id: str) -> None:
    """Make another member the owner."""
    group_profiles.transfer(caller.world, caller.device, caller.user, group_id, user_id)


@method("inviteUserToGroup")
def invite_user_to_group(caller: Caller, group_id: str, user_list: list[str]) -> list[Item]:
    """Bring users in."""
    return memberships.invite(caller.world, caller.user, group_id, user_list)


@method("kickGroupMember")
def kick_group_member(
    caller: Caller, group_id: str, member_list: list[str], reason: str | None = None, duration: int | None = 0
) -> list[Item]:
    """Throw members out; nobody is told the reason."""
    return memberships.kick(caller.world, caller.device, caller.user, group_id, member_list, duration or 0)
