"""friendshipManager: the friend list and the blacklist."""

from __future__ import annotations

from typing import Any

from bridge.handlers.registry import Caller, method
from bridge.world import blacklist, friends, relations
from bridge.world import friend_applications as applications
from bridge.world.friends import Friend
from bridge.world.relations import Related
from bridge.world.results import Item

BOTH_WAYS = 2
"""Of addType, deleteType and checkType: both lists; 1 is the own list alone."""


@method("getFriendList")
def get_friend_list(caller: Caller) -> list[Friend]:
    """Return the caller's friends."""
    return friends.list_of(caller.world, caller.user)


@method("getFriendsInfo")
def get_friends_info(caller: Caller, user_id_list: list[str]) -> list[Related]:
    """Return what the caller has about users, and how they stand to each other."""
    return relations.infos(caller.world, caller.user, user_id_list)


@method("setFriendInfo")
def set_friend_info(
    caller: Caller, user_id: str, friend_remark: str | None, friend_custom_info: dict[str, str] | None
) -> None:
    """Change the remark and the custom fields of a friend."""
    friends.set_info(caller.world, caller.user, user_id, friend_remark, friend_custom_info)


@method("addFriend")
def add_friend(
    caller: Caller,
    user_id: str,
    remark: str | None,
    friend_group: str | None,
    add_wording: str | None,
    add_source: str | None,
    add_type: int,
) -> Item:
    """Add a friend, or ask for it."""
    return applications.ask(
        caller.world,
        caller.user,
        user_id,
        remark=remark or "",
        group=(friend_group or "") if caller.uses("friendGroup") else "",
        wording=add_wording or "",
        source=add_source or "",
        both=add_type == BOTH_WAYS,
    )


@method("deleteFromFriendList")
def delete_from_friend_list(caller: Caller, user_id_list: list[str], delete_type: int) -> list[Item]:
    """Take users out of the friend list, one way or both."""
    return friends.delete(caller.world, caller.user, user_id_list, delete_type == BOTH_WAYS)


@method("checkFriend")
def check_friend(caller: Caller, user_id_list: list[str], check_type: int) -> list[Item]:
    """Say who of some users is a friend."""
    return relations.check(caller.world, caller.user, user_id_list, check_type == BOTH_WAYS)


@method("searchFriends")
def search_friends(caller: Caller, search_param: dict[str, Any]) -> list[Related]:
    """Look for users in the profiles that the client keeps."""
    wants = [bool(search_param.get(f"is_search_{field}")) for field in ("user_id", "nick_name", "remark")]
    return relations.search(caller.world, caller.user, search_param.get("keyword_list") or [], *wants)


@method("addToBlackList")
def add_to_black_list(caller: Caller, user_id_list: list[str]) -> list[Item]:
    """Block users."""
    return blacklist.add(caller.world, caller.user, user_id_list)


@method("deleteFromBlackList")
def delete_from_black_list(caller: Caller, user_id_list: list[str]) -> list[Item]:
    """Block users no more."""
    return blacklist.remove(caller.world, caller.user, user_id_list)


@method("getBlackList")
def get_black_list(caller: Caller) -> list[str]:
    """Return whom the caller blocks."""
    return blacklist.list_of(caller.world, caller.user)
