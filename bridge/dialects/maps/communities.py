"""Topics, permission groups, and the results of batch calls about them."""

from __future__ import annotations

from typing import Any

from bridge.dialects.registry import wire_map
from bridge.dialects.view import View
from bridge.world import conversations, messages, topics
from bridge.world.conversations import AtInfo
from bridge.world.results import Item
from bridge.world.topics import Topic

Data = dict[str, Any]


@wire_map("V2TIMTopicInfo")
def topic_info(value: Topic, view: View) -> Data:
    """Write a topic with the viewer's own state of it."""
    world = view.world
    row = conversations.get(world, view.user_id, value.conversation_id)
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
        "defaultPermissions": value.default_permissions,
        "selfMuteTime": topics.muted_until_ms(world, value, view.user_id) // 1000,
        "recvOpt": row.recv_opt,
        "draftText": None if draft is None else draft.text,
        "unreadCount": row.unread,
        "lastMessage": view.write("V2TIMMessage", last),
        "groupAtInfoList": mentions,
        "groupAtInfolist": mentions,
    }


@wire_map("V2TIMGroupAtInfo")
def at_info(value: AtInfo, view: View) -> Data:
    """Write one mention."""
    return {"seq": str(value.seq), "atType": value.kind}


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
