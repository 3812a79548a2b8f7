"""friendshipManager: the friend list and the blacklist."""

from __future__ import annotations

from bridge.handlers import Caller
from bridge.world import blacklist, friends, relations
from bridge.world import friend_applications as applications
from bridge.world.friends import Friend
from bridge.world.relations import Related
from bridge.world.results import Item


def get_friend_list(caller: Caller) -> list[Friend]:
    """Return the caller's friends."""
    return friends.list_of(caller.world, caller.user)


def get_friends_info(caller: Caller, user_id_list: list[str]) -> list[Related]:
    """Return what the caller has about users, and how they stand to each other."""
    return relations.infos(caller.world, caller.user, user_id_list)


def set_friend_info(
    caller: Caller, user_id: str, friend_remark: str | None, friend_custom_info: dict[str, str] | None
) -> None:
    """Change the remark and the custom fields of a friend."""
    friends.set_info(caller.world, caller.user, user_id, friend_remark, friend_custom_info)


def add_friend(
    caller: Caller,
    user_id: str,
    remark: str | None,
    friend_group: str | None,
    add_wording: str | None,
    add_source: str | None,
    both: bool,
) -> Item:
    """Add a friend, or ask for it."""
    return applications.ask(
        caller.world,
        caller.user,
        user_id,
        remark=remark or "",
        group=friend_group or "",
        wording=add_wording or "",
        source=add_source or "",
        both=both,
    )


def delete_from_friend_list(caller: Caller, user_id_list: list[str], both: bool) -> list[Item]:
    """Take users out of the friend list, one way or both."""
    return friends.delete(caller.world, caller.user, user_id_list, both)


def check_friend(caller: Caller, user_id_list: list[str], both: bool) -> list[Item]:
    """Say who of some users is a friend."""
    return relations.check(caller.world, caller.user, user_id_list, both)


def search_friends(caller: Caller, words: list[str], in_ids: bool, in_names: bool, in_remarks: bool) -> list[Related]:
    """Look for users in the profiles that the client keeps."""
    return relations.search(caller.world, caller.user, words, in_ids, in_names, in_remarks)


def add_to_black_list(caller: Caller, user_id_list: list[str]) -> list[Item]:
    """Block users."""
    return blacklist.add(caller.world, caller.user, user_id_list)


def delete_from_black_list(caller: Caller, user_id_list: list[str]) -> list[Item]:
    """Block users no more."""
    return blacklist.remove(caller.world, caller.user, user_id_list)


def get_black_list(caller: Caller) -> list[str]:
    """Return whom the caller blocks."""
    return blacklist.list_of(caller.world, caller.user)
