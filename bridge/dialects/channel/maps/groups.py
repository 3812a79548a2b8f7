"""Groups, their members, and what happens to them."""

from __future__ import annotations

from typing import Any

from bridge.dialects.channel.maps.users import online_devices
from bridge.dialects.channel.numbers import signed32
from bridge.dialects.channel.registry import wire_map
from bridge.dialects.view import View
from bridge.world.chats import conversations
from bridge.world.groups import groups
from bridge.world.groups.group_applications import BY_OTHER, BY_SELF, OPEN, Application
from bridge.world.groups.groups import Group, Member
from bridge.world.kernel.results import Item, Page
from bridge.world.people import friends, users

Data = dict[str, Any]


@wire_map("V2TIMGroupInfo")
def group_info(value: Group, view: View) -> Data:
    """Write a group as the viewer sees it: own role, receive option, time of joining."""
    world, me, group_id = view.world, view.user_id, value.group_id
    member = groups.member(world, group_id, me)
    return {
        "groupID": group_id,
        "groupType": value.group_type or ("Public" if view.ios else ""),  # iOS adapters; the client cannot read null
        "groupName": value.name,
        "notification": value.notification,
        "introduction": value.introduction,
        "faceUrl": value.face_url,
        "isAllMuted": value.all_muted,
        "owner": value.owner,
        "createTime": value.created_ms // 1000,
        "groupAddOpt": value.add_opt,
        "lastInfoTime": value.info_changed_ms // 1000,
        "lastMessageTime": value.last_message_ms // 1000,
        "memberCount": groups.member_count(world, group_id),
        "onlineCount": 0,
        "role": groups.role_of(world, value, me),
        "recvOpt": conversations.get(world, me, f"group_{group_id}").recv_opt,
        "joinTime": 0 if member is None else member.joined_ms // 1000,
        "isSupportTopic": value.support_topic,
        "approveOpt": value.approve_opt,
        "isEnablePermissionGroup": value.permission_groups_on,
        "memberMaxCount": (value.group_type and groups.max_members(value)) or 0,
        "defaultPermissions": value.default_permissions,
        "customInfo": dict(value.custom),
    }


@wire_map("V2TIMGroupInfoResult")
def group_info_result(value: Item, view: View) -> Data:
    """Write what came of asking for a group; one that is not there still has a map, with nothing in it (adapters)."""
    group = value.value if value.value is not None else Group(value.target, "", add_opt=0)
    return {"resultCode": value.code, "resultMessage": value.text, "groupInfo": view.write("V2TIMGroupInfo", group)}


# --- members


@wire_map("V2TIMGroupMemberInfo")
def member_info(value: Member, view: View) -> Data:
    """Write a member as events name it."""
    return _member(value, view)


def _member(value: Member, view: View) -> Data:
    user = users.profile(view.world, value.user_id)
    platforms = online_devices(view, value.user_id)
    return {
        "userID": value.user_id,
        "nickName": user.nick_name,
        "friendRemark": friends.remark(view.world, view.user_id, value.user_id),
        "faceUrl": user.face_url,
        "nameCard": value.name_card,
        "onlineDevices": platforms,
        "onlineDevices ": platforms,  # the blank is the Android adapter's
    }


@wire_map("V2TIMGroupMemberFullInfo")
def member_full_info(value: Member, view: View) -> Data:
    """Write a member as lists show it."""
    group = view.world[groups.GROUPS].rows.get(value.group_id)
    is_plain = group is not None and groups.type_of(group).per_session
    platforms = online_devices(view, value.user_id)
    muted_until_s = 0 if is_plain else value.muted_until_ms // 1000
    return {
        **_member(value, view),
        "role": value.role,
        "muteUntil": muted_until_s,
        "muteUntilIn32": signed32(muted_until_s),
        "joinTime": 0 if is_plain else value.joined_ms // 1000,
        "customInfo": dict(value.custom),
        "isOnline": bool(platforms),
        "onlineDevices": platforms,
    }


@wire_map("V2TIMGroupMemberInfoResult")
def member_info_result(value: Page, view: View) -> Data:
    """Write a page of members."""
    rows = [view.write("V2TIMGroupMemberFullInfo", row) for row in value.rows]
    return {"nextSeq": str(value.cursor), "memberInfoList": rows}


@wire_map("V2TIMGroupMemberOperationResult")
def member_operation_result(value: Item, view: View) -> Data:
    """Write what came of one member of a batch."""
    return {"memberID": value.target, "userID": value.target, "result": value.code}


# --- applications


@wire_map("V2TIMGroupApplication")
def group_application(value: Application, view: View) -> Data:
    """Write an application as the viewer has handled it; its time is in milliseconds, so that it needs 64 bits (Android adapter)."""
    user = users.profile(view.world, value.from_user)
    status = BY_SELF if value.handler == view.user_id else BY_OTHER
    return {
        "groupID": value.group_id,
        "fromUser": value.from_user,
        "fromUserNickName": user.nick_name,
        "fromUserFaceUrl": user.face_url,
        "toUser": value.to_user,
        "addTime": value.added_ms,
        "requestMsg": value.text,
        "handledMsg": value.answer,
        "type": value.kind,
        "handleStatus": OPEN if value.handler is None else status,
        "handleResult": int(value.agreed),
    }


@wire_map("V2TIMGroupApplicationResult")
def group_application_result(value: Page, view: View) -> Data:
    """Write the applications that the viewer has a say in."""
    rows = [view.write("V2TIMGroupApplication", row) for row in value.rows]
    return {"unreadCount": value.total, "groupApplicationList": rows}


# --- what has changed


@wire_map("V2TIMGroupChangeInfo")
def group_change_info(value: Data, view: View) -> Data:
    """Write one change of a group's profile."""
    return {
        "type": value["type"],
        "key": value.get("key"),
        "value": value.get("value"),
        "boolValue": bool(value.get("bool_value")),
        "intValue": value.get("int_value", 0),
    }


@wire_map("V2TIMGroupMemberChangeInfo")
def member_change_info(value: Data, view: View) -> Data:
    """Write for how long a member was muted."""
    return {"userID": value["user_id"], "muteTime": value["mute_s"]}
