"""friendshipManager: friend groups."""

from __future__ import annotations

from bridge.handlers import Caller
from bridge.world import friend_groups as rules
from bridge.world.results import Item


def create_friend_group(caller: Caller, group_name: str, user_id_list: list[str] | None) -> list[Item]:
    """Make a friend group with friends in it."""
    return rules.create(caller.world, caller.user, group_name, user_id_list or [])


def get_friend_groups(caller: Caller, group_name_list: list[str] | None) -> list[rules.FriendGroup]:
    """Return friend groups, all of them if none is named."""
    return rules.list_of(caller.world, caller.user, group_name_list or [])


def delete_friend_group(caller: Caller, group_name_list: list[str]) -> None:
    """Delete friend groups; the friends stay."""
    rules.delete(caller.world, caller.user, group_name_list)


def rename_friend_group(caller: Caller, old_name: str, new_name: str) -> None:
    """Give a friend group another name."""
    rules.rename(caller.world, caller.user, old_name, new_name)


def add_friends_to_friend_group(caller: Caller, group_name: str, user_id_list: list[str]) -> list[Item]:
    """Put friends into a friend group."""
    return rules.add(caller.world, caller.user, group_name, user_id_list)


def delete_friends_from_friend_group(caller: Caller, group_name: str, user_id_list: list[str]) -> list[Item]:
    """Take friends out of a friend group."""
    return rules.remove(caller.world, caller.user, group_name, user_id_list)
