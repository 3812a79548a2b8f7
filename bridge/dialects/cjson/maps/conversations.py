"""Conversations: ids without a prefix, drafts as messages, pages."""

from __future__ import annotations

from typing import Any

from bridge.dialects.channel.maps import conversations as sdk
from bridge.dialects.cjson.registry import object_map
from bridge.dialects.memo import Lasting
from bridge.dialects.view import View
from bridge.world.chats.conversations import Conversation
from bridge.world.chats.search import Hits

Data = dict[str, Any]

KINDS = {"c2c": 1, "group": 2}


def parted(conversation_id: str) -> tuple[int, str]:
    """Return the number of a conversation's kind, and whom it is with."""
    kind, _, target = conversation_id.partition("_")
    return KINDS[kind], target


@object_map("V2TIMConversation")
def conversation(value: Conversation, view: View) -> Lasting:
    """Write a conversation as the viewer's device shows it."""
    found = sdk.conversation(value, view)

    def write() -> Data:
        wire = found.write()
        draft_text = wire["draftText"]
        return {
            **wire,
            "convID": parted(wire["conversationID"])[1],
            "hasDraft": draft_text is not None,
            "draft": None if draft_text is None else _draft(draft_text, wire["draftTimestamp"]),
        }

    return Lasting(found.key, found.made_of, write)


def _draft(draft_text: str, set_s: int) -> Data:
    """Write a draft: a message that holds the text, with the time at which it was set."""
    elems = [{"elem_type": 0, "text_elem_content": draft_text}]
    message = {"message_elem_array": elems, "message_risk_type_identified": 0}
    return {"draft_edit_time": set_s, "draft_user_define": "", "draft_msg": message}


@object_map("TotalUnreadMessageCountResult")
def unread_count(value: int, view: View) -> Data:
    """Write a sum of unread messages."""
    return {"conv_get_total_unread_message_count_result_unread_count": value}


@object_map("V2TIMMessageSearchResultItem")
def search_result_item(value: Hits, view: View) -> Data:
    """Write what was found in one conversation."""
    kind, target = parted(value.conversation_id)
    return {
        "convType": kind,
        "convID": target,
        "messageCount": value.count,
        "messageList": [view.write("V2TIMMessage", row) for row in value.shown],
    }
