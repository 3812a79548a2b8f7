"""groupManager: members of groups."""

from __future__ import annotations

from bridge.handlers import Caller
from bridge.world import group_members, groups
from bridge.world.clients import Finding
from bridge.world.groups import Member
from bridge.world.results import Page


def get_group_member_list(caller: Caller, group_id: str, filter: int, cursor: int) -> Page:
    """Return a page of members; its size is the native client's."""
    return group_members.page(caller.world, caller.device, caller.user, group_id, filter, cursor)


def get_group_members_info(caller: Caller, group_id: str, member_list: list[str]) -> list[Member]:
    """Return those of some users who are members."""
    return group_members.infos(caller.world, caller.user, group_id, member_list)


def get_group_online_member_count(caller: Caller, group_id: str) -> int:
    """Return how many members are online."""
    return group_members.online_count(caller.world, caller.device, caller.user, group_id)


def set_group_member_info(
    caller: Caller,
    user_id: str,
    group_id: str,
    name_card: str | None = None,
    custom_info: dict[str, str] | None = None,
) -> None:
    """Change the name that a member has in a group, and fields of the app's own."""
    if groups.find(caller.world, group_id) is None or groups.member(caller.world, group_id, user_id) is None:
        caller.found(Finding.UNKNOWN_MEMBER)
    group_members.set_info(caller.world, caller.device, caller.user, group_id, user_id, name_card, custom_info)


def mute_group_member(caller: Caller, group_id: str, user_id: str, seconds: int | None) -> None:
    """Keep a member from talking for a time."""
    group_members.mute(caller.world, caller.device, caller.user, group_id, user_id, seconds or 0)


def set_group_member_role(caller: Caller, group_id: str, user_id: str, role: int | None) -> None:
    """Make a member an administrator, or an ordinary member."""
    group_members.set_role(caller.world, caller.device, caller.user, group_id, user_id, role or 0)


def mark_group_member_list(
    caller: Caller, group_id: str, member_id_list: list[str], mark_type: int | None, enable_mark: bool | None
) -> None:
    """Put a mark on members, or take it off."""
    mark = group_members.mark
    mark(caller.world, caller.device, caller.user, group_id, member_id_list, mark_type or 0, bool(enable_mark))
