"""Topics, permission groups, and the results of batch calls about them."""

from __future__ import annotations

from typing import Any

from bridge.dialects.channel.registry import wire_map
from bridge.dialects.view import View
from bridge.world.chats import conversation_list, conversations, messages
from bridge.world.groups import permission_groups, topics
from bridge.world.groups.permission_groups import PermissionGroup
from bridge.world.groups.topics import Topic
from bridge.world.kernel.results import Item, Page

Data = dict[str, Any]


@wire_map("V2TIMTopicInfo")
def topic_info(value: Topic, view: View) -> Data:
    """Write a topic with the viewer's own state of it."""
    world = view.world
    row = conversation_list.shown(world, view.device, conversations.get(world, view.user_id, value.conversation_id))
    draft = conversations.draft(world, view.device, view.user_id, value.conversation_id)
    last = None if row.last_message is None else messages.get(world, row.last_message)
    mentions = [view.write("V2TIMGroupAtInfo", info) for info in row.at_infos]
    return {
        "topicID": value.topic_id,
        "topicName": value.name,
        "topicFaceUrl": value.face_url,
        "introduction": value.introduction,
        "notification": value.notification,
        "customString": value.custom,
        "isAllMuted": value.all_muted,
        "createTime": value.created_ms // 1000,
        "defaultPermissions": value.default_permissions,
        "selfMuteTime": topics.muted_until_ms(world, value, view.user_id) // 1000,
        "recvOpt": row.recv_opt,
        "draftText": None if draft is None else draft.text,
        "unreadCount": row.unread,
        "readSequence": row.read_seq,
        "lastMessage": view.write("V2TIMMessage", last),
        "groupAtInfoList": mentions,
        "groupAtInfolist": mentions,
    }


@wire_map("V2TIMTopicInfoResult")
def topic_info_result(value: Item, view: View) -> Data:
    """Write one topic that was asked for; of one that does not exist the id."""
    topic = value.value or Topic(value.target, "", 0)
    return {
        "errorCode": value.code,
        "errorMessage": value.text,
        "errorMsg": value.text,
        "topicInfo": view.write("V2TIMTopicInfo", topic),
    }


@wire_map("V2TIMTopicOperationResult")
@wire_map("V2TIMTopicOperationResult(deletion)")
def topic_operation_result(value: Item, view: View) -> Data:
    """Write what came of one topic of a batch."""
    return {"errorCode": value.code, "errorMessage": value.text, "errorMsg": value.text, "topicID": value.target}


# --- permission groups


@wire_map("V2TIMPermissionGroupInfo")
def permission_group_info(value: PermissionGroup, view: View) -> Data:
    """Write a permission group."""
    return {
        "groupID": value.community_id,
        "permissionGroupID": value.permission_group_id,
        "permissionGroupName": value.name,
        "customData": value.custom_data,
        "groupPermission": value.permission,
        "memberCount": permission_groups.member_count(view.world, value),
    }


@wire_map("V2TIMPermissionGroupInfoResult")
def permission_group_info_result(value: Item, view: View) -> Data:
    """Write one permission group that was asked for; of one that does not exist the id."""
    row = value.value or PermissionGroup("", value.target, 0)
    return {
        "resultCode": value.code,
        "resultMessage": value.text,
        "permissionGroupInfo": view.write("V2TIMPermissionGroupInfo", row),
    }


@wire_map("V2TIMPermissionGroupOperationResult")
def permission_group_operation_result(value: Item, view: View) -> Data:
    """Write what came of one permission group of a batch."""
    return {"resultCode": value.code, "resultMessage": value.text, "permissionGroupID": value.target}


@wire_map("V2TIMPermissionGroupMemberOperationResult")
def permission_group_member_operation_result(value: Item, view: View) -> Data:
    """Write what came of one member of a batch. iOS names the permission group instead of the member (adapter 8.2)."""
    return {
        "resultCode": value.code,
        "resultMessage": value.text,
        "memberID": value.target,
        "permissionGroupID": value.value,
    }


@wire_map("V2TIMPermissionGroupMemberInfoResult")
def permission_group_members(value: Page, view: View) -> Data:
    """Write a page of the members of a permission group."""
    return {
        "nextCursor": value.cursor,
        "memberInfoList": [view.write("V2TIMGroupMemberFullInfo", row) for row in value.rows],
        "shortMemberInfoList": [view.write("V2TIMGroupMemberInfo", row) for row in value.rows],
    }


@wire_map("V2TIMTopicPermissionResult")
def topic_permission_result(value: Item, view: View) -> Data:
    """Write a permission group's bits in one topic."""
    permission_group_id, group_id, bits = value.value
    return {
        "resultCode": value.code,
        "resultMessage": value.text,
        "topicID": value.target,
        "topicPermission": bits,
        "groupID": group_id,
        "permissionGroupID": permission_group_id,
        "germissionGroupID": permission_group_id,  # the Android adapter's spelling
    }
