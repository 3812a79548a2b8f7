"""Friends, applications, friend groups, and the results of calls about them."""

from __future__ import annotations

from typing import Any

from bridge.dialects.channel.maps.follows import outcome
from bridge.dialects.channel.registry import wire_map
from bridge.dialects.view import View
from bridge.world.kernel.results import Item
from bridge.world.people import friend_applications, friend_groups, users
from bridge.world.people.friend_applications import Application
from bridge.world.people.friend_groups import FriendGroup
from bridge.world.people.friends import Friend
from bridge.world.people.relations import Related
from bridge.world.people.users import User


@wire_map("V2TIMFriendInfo")
def friend_info(value: Friend | User | str, view: View) -> dict[str, Any]:
    """Write a friend. `value`: an entry of a friend list; for one who is in none, the id, or the profile to show."""
    if isinstance(value, Friend):
        row, user = value, users.profile(view.world, value.user_id)
    else:
        user = users.profile(view.world, value) if isinstance(value, str) else value
        row = Friend("", user.user_id)
    return {
        "userID": row.user_id,
        "friendRemark": row.remark,
        "friendGroups": list(row.groups),
        "friendCustomInfo": dict(row.custom),
        "friendAddTime": row.added_ms // 1000,
        "userProfile": view.write("V2TIMUserFullInfo", user),
    }


@wire_map("V2TIMFriendInfoResult")
def friend_info_result(value: Related, view: View) -> dict[str, Any]:
    """Write how a user stands to the viewer; of one whose profile is not at hand only the id is filled (native header)."""
    stranger = value.user_id if value.known else User(value.user_id)
    return {
        "resultCode": value.code,
        "resultInfo": value.text,
        "relation": value.kind,
        "friendInfo": view.write("V2TIMFriendInfo", value.friend or stranger),
    }


@wire_map("V2TIMFriendOperationResult")
def operation_result(value: Item, view: View) -> dict[str, Any]:
    """Write what came of a call for one user."""
    return outcome(value)


@wire_map("V2TIMFriendCheckResult")
def check_result(value: Item, view: View) -> dict[str, Any]:
    """Write whether a user is a friend; the item's value is the kind of relation."""
    return {**outcome(value), "resultType": value.value}


@wire_map("V2TIMFriendApplication")
def application(value: Application, view: View) -> dict[str, Any]:
    """Write an application."""
    return _application(value, view)


def _application(value: Application, view: View) -> dict[str, Any]:
    """Write an application; the key of the name has a small n, unlike elsewhere (adapter)."""
    other = users.profile(view.world, value.user_id)
    return {
        "userID": value.user_id,
        "nickname": other.nick_name,
        "faceUrl": other.face_url,
        "addTime": value.added_ms // 1000,
        "addSource": value.source,
        "addWording": value.wording,
        "type": value.kind,
    }


@wire_map("V2TIMFriendApplicationResult.friendApplicationList")
def listed_application(value: Application, view: View) -> dict[str, Any]:
    """Write an application in a list."""
    return _application(value, view)


@wire_map("V2TIMFriendApplicationResult")
def application_result(value: list[Application], view: View) -> dict[str, Any]:
    """Write the viewer's list of applications."""
    name = "V2TIMFriendApplicationResult.friendApplicationList"
    return {
        "unreadCount": friend_applications.unread_count(view.world, view.user_id),
        "friendApplicationList": [view.write(name, row) for row in value],
    }


@wire_map("V2TIMFriendGroup")
def friend_group(value: FriendGroup, view: View) -> dict[str, Any]:
    """Write a friend group of the viewer."""
    ids = friend_groups.members(view.world, value.owner, value.name)
    return {"name": value.name, "friendCount": len(ids), "friendIDList": ids}
