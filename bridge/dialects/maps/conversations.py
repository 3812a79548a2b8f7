"""Conversations, their filters and the results of batch calls."""

from __future__ import annotations

from typing import Any

from bridge.dialects.registry import wire_map
from bridge.dialects.view import View
from bridge.world import conversations, friends, groups, messages, users
from bridge.world.conversations import Conversation
from bridge.world.results import Item, Page
from bridge.world.unread import Filter

KINDS = {"c2c": 1, "group": 2, None: 0}


@wire_map("V2TIMConversation")
def conversation(value: Conversation, view: View) -> dict[str, Any]:
    """Write a conversation as the viewer's device shows it. `value`: a row, listed or not."""
    world = view.world
    value = conversations.shown(world, view.device, value)
    conversation_id = value.conversation_id
    is_group = conversation_id.startswith("group_")
    target = conversation_id[6:] if is_group else conversation_id[4:]
    kept = conversations.draft(world, view.device, value.user_id, conversation_id)
    last = None if value.last_message is None else messages.get(world, value.last_message)
    if is_group:
        group = world[groups.GROUPS].rows.get(target)
        if value.is_topic:
            name, face, kind = topic_looks(target, view)
        else:
            name, face, kind = (target, "", None) if group is None else (group.name, group.face_url, group.group_type)
        user_id, group_id = None, target
    else:
        user = users.profile(world, target)
        name = friends.remark(world, value.user_id, target) or user.nick_name
        face, kind, user_id, group_id = user.face_url, None, target, None
    shown = view.write("V2TIMMessage", last)
    made_of = (value, kept, name, face, kind, shown)
    known: dict[str, Any] | None = view.recall("V2TIMConversation", conversation_id, made_of)
    if known is not None:
        return known
    wire = {
        "conversationID": conversation_id,
        "type": 2 if group_id is not None else 1,
        "userID": user_id,
        "groupID": group_id,
        "groupType": kind,
        "showName": name or target,
        "faceUrl": face,
        "unreadCount": value.unread,
        "recvOpt": value.recv_opt,
        "isPinned": value.pinned,
        "orderkey": conversations.order_on(world, view.device, value),
        "draftText": None if kept is None else kept.text,
        "draftTimestamp": 0 if kept is None else kept.set_ms // 1000,
        "lastMessage": shown,
        "markList": mark_list(value.marks, view),
        "customData": value.custom_data,
        "conversationGroupList": list(value.groups),
        "c2cReadTimestamp": value.read_ms // 1000,
        "groupReadSequence": value.read_seq,
        "groupAtInfoList": [{"seq": str(info.seq), "atType": info.kind} for info in value.at_infos],
    }
    kept_wire: dict[str, Any] = view.keep("V2TIMConversation", conversation_id, made_of, wire)
    return kept_wire


def topic_looks(topic_id: str, view: View) -> tuple[str, str, str | None]:
    """Return name, picture and group type of a topic's conversation."""
    from bridge.world import topics

    topic = topics.find(view.world, topic_id)
    return (topic_id, "", None) if topic is None else (topic.name, topic.face_url, "Community")


def mark_list(bits: int, view: View) -> list[int]:
    """Write mark bits, lowest first, as signed numbers; Android 5.0 cuts them to 32 bits (adapter 5.0)."""
    if not bits:
        return []
    width = 32 if view.native < 800 and not view.ios else 64
    found = []
    for number in range(64):
        if bits >> number & 1:
            bit = (1 << number) & ((1 << width) - 1)
            found.append(bit - (1 << width) if bit >> (width - 1) else bit)
    return found


@wire_map("V2TIMConversationResult")
def result(value: Page, view: View) -> dict[str, Any]:
    """Write a page of conversations."""
    return {
        "nextSeq": str(value.cursor),
        "isFinished": value.finished,
        "conversationList": [view.write("V2TIMConversation", row) for row in value.rows],
    }


@wire_map("V2TIMConversationOperationResult")
def operation_result(value: Item, view: View) -> dict[str, Any]:
    """Write what came of one conversation of a batch."""
    return {"conversationID": value.target, "resultCode": value.code, "resultInfo": value.text}


@wire_map("V2TIMConversationListFilter")
def list_filter(value: Filter, view: View) -> dict[str, Any]:
    """Write a filter that an app has subscribed to."""
    return {
        "conversationType": KINDS[value.kind],
        "conversationGroup": value.group_name,
        "markType": value.marks or 0,
        "hasGroupAtInfo": value.mentioned,
        "hasUnreadCount": value.unread,
    }
