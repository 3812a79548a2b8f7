"""Conversations, their filters and the results of batch calls."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from bridge.dialects.channel.registry import wire_map
from bridge.dialects.memo import Lasting
from bridge.dialects.view import View
from bridge.world.chats import conversation_list, conversations, messages
from bridge.world.chats.conversations import AtInfo, Conversation, Draft
from bridge.world.chats.unread import Filter
from bridge.world.groups import groups
from bridge.world.kernel.results import Item, Page
from bridge.world.people import friends, users

KINDS = {"c2c": 1, "group": 2, None: 0}


@wire_map("V2TIMConversation")
def conversation(value: Conversation, view: View) -> Lasting:
    """Write a conversation as the viewer's device shows it. `value`: a row, listed or not."""
    world = view.world
    value = conversation_list.shown(world, view.device, value)
    conversation_id = value.conversation_id
    is_group = conversation_id.startswith("group_")
    target = conversation_id[6:] if is_group else conversation_id[4:]
    kept = conversations.draft(world, view.device, value.user_id, conversation_id)
    last = None if value.last_message is None else messages.get(world, value.last_message)
    if is_group:
        name, face, kind = topic_looks(target, view) if value.is_topic else groups.looks(world, target, value.user_id)
    else:
        user = users.profile(world, target)
        name = friends.remark(world, value.user_id, target) or user.nick_name
        face, kind = user.face_url, None
    shown = view.write("V2TIMMessage", last)
    looks = _looks((conversation_id, is_group, target, name or target, face, kind))
    return Lasting(conversation_id, (value, kept, looks, shown), partial(_written, value, kept, looks, shown, view))


class Looks(NamedTuple):
    """How a conversation shows itself: whom it is with (`target`), under which name and picture."""

    conversation_id: str
    is_group: bool
    target: str
    name: str
    face: str
    group_type: str | None


_looks: Callable[[tuple[Any, ...]], Looks] = partial(tuple.__new__, Looks)
"""What `Looks` itself does, quicker: there is one for each conversation of a page."""


def _written(
    value: Conversation, kept: Draft | None, looks: Looks, shown: dict[str, Any] | None, view: View
) -> dict[str, Any]:
    return {
        "conversationID": looks.conversation_id,
        "type": 2 if looks.is_group else 1,
        "userID": None if looks.is_group else looks.target,
        "groupID": looks.target if looks.is_group else None,
        "groupType": looks.group_type,
        "showName": looks.name,
        "faceUrl": looks.face,
        "unreadCount": value.unread,
        "recvOpt": value.recv_opt,
        "isPinned": value.pinned,
        "orderkey": conversation_list.order_on(view.world, view.device, value),
        "draftText": None if kept is None else kept.text,
        "draftTimestamp": 0 if kept is None else kept.set_ms // 1000,
        "lastMessage": shown,
        "markList": mark_list(value.marks, view),
        "customData": value.custom_data,
        "conversationGroupList": list(value.groups),
        "c2cReadTimestamp": value.read_ms // 1000,
        "groupReadSequence": value.read_seq,
        "groupAtInfoList": [view.write("V2TIMConversation.groupAtInfoList", info) for info in value.at_infos],
    }


def topic_looks(topic_id: str, view: View) -> tuple[str, str, str | None]:
    """Return name, picture and group type of a topic's conversation."""
    from bridge.world.groups import topics

    topic = topics.find(view.world, topic_id)
    return (topic_id, "", None) if topic is None else (topic.name, topic.face_url, "Community")


def mark_list(bits: int, view: View) -> list[int]:
    """Write mark bits, lowest first, as signed numbers; Android 5.0 cuts them to 32 bits (adapter 5.0)."""
    if not bits:
        return []
    width = 32 if view.client.cuts_marks else 64
    found = []
    for number in range(64):
        if bits >> number & 1:
            bit = (1 << number) & ((1 << width) - 1)
            found.append(bit - (1 << width) if bit >> (width - 1) else bit)
    return found


@wire_map("V2TIMGroupAtInfo")
@wire_map("V2TIMConversation.groupAtInfoList")
def at_info(value: AtInfo, view: View) -> dict[str, Any]:
    """
    Write one mention.

    Most adapters make a text of its number in conversations, and inside a topic none does (CommonUtil.java:1614,
    V2TIMTopicInfoEntity.swift:73-78).
    """
    return {"seq": value.seq, "seqText": str(value.seq), "atType": value.kind}


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
        "hasGroupAtInfo": bool(value.mentioned),
        "hasUnreadCount": bool(value.unread),
        "filterType": 0,
    }
