"""groupManager: groups as such, and who comes in or is thrown out."""

from __future__ import annotations

from typing import Any

from bridge.handlers import Caller
from bridge.world.groups import group_profiles, memberships
from bridge.world.groups.groups import Group
from bridge.world.kernel.clients import Finding
from bridge.world.kernel.results import Item


def create_group(caller: Caller, info: dict[str, Any]) -> str:
    """Create a group; return its id."""
    return group_profiles.create(caller.world, caller.user, info)


def get_joined_group_list(caller: Caller) -> list[Group]:
    """Return the groups that the caller is in."""
    return group_profiles.joined(caller.world, caller.user)


def get_groups_info(caller: Caller, group_id_list: list[str]) -> list[Item]:
    """Return an item per group."""
    return group_profiles.infos(caller.world, group_id_list)


def set_group_info(caller: Caller, group_id: str, changes: dict[str, Any]) -> None:
    """Change what a group says of itself; its type cannot be changed. Some native sides look the group up first."""
    if group_profiles.infos(caller.world, [group_id])[0].code:
        caller.found(Finding.UNKNOWN_GROUP)
    group_profiles.set_info(caller.world, caller.device, caller.user, group_id, changes)


def transfer_group_owner(caller: Caller, group_id: str, user_id: str) -> None:
    """Make another member the owner."""
    group_profiles.transfer(caller.world, caller.device, caller.user, group_id, user_id)


def invite_user_to_group(caller: Caller, group_id: str, user_list: list[str]) -> list[Item]:
    """Bring users in."""
    return memberships.invite(caller.world, caller.user, group_id, user_list)


def kick_group_member(
    caller: Caller, group_id: str, member_list: list[str], reason: str | None = None, duration: int | None = 0
) -> list[Item]:
    """Throw members out; nobody is told the reason."""
    return memberships.kick(caller.world, caller.device, caller.user, group_id, member_list, duration or 0)
