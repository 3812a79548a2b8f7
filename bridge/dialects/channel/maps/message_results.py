"""Pages of messages, outcomes of modifications, receipts."""

from __future__ import annotations

from typing import Any

from bridge.dialects.channel.registry import wire_map
from bridge.dialects.view import View
from bridge.world.modification import Outcome
from bridge.world.results import Page

Data = dict[str, Any]


@wire_map("MessageListResult")
def message_list(value: Page, view: View) -> Data:
    """Write a page of a history."""
    return {
        "isFinished": value.finished,
        "messageList": [view.write("V2TIMMessage", row) for row in value.rows],
    }


@wire_map("MessageChangeInfo")
def change_info(value: Outcome, view: View) -> Data:
    """Write what came of a modification."""
    return {"code": value.code, "desc": value.text, "message": view.write("V2TIMMessage", value.message)}


@wire_map("V2TIMMessageReceipt")
def receipt(value: Data, view: View) -> Data:
    """Write how far something is read. `value`: fields as in `receipts.summary`; one without an id is a whole chat's."""
    return {
        "userID": value.get("user_id"),
        "timestamp": value["read_ms"] // 1000,
        "groupID": value.get("group_id"),
        "msgID": value.get("msg_id", ""),
        "readCount": value.get("read", 0),
        "unreadCount": value.get("unread", 0),
        "isPeerRead": value.get("is_peer_read", "msg_id" not in value),
    }


@wire_map("V2TIMGroupMessageReadMemberList")
def read_members(value: Page, view: View) -> Data:
    """Write who has read a message, or who has not."""
    return {
        "nextSeq": value.cursor,
        "isFinished": value.finished,
        "memberInfoList": [view.write("V2TIMGroupMemberInfo", row) for row in value.rows],
    }
