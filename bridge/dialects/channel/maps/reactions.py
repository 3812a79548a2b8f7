"""Reactions to messages."""

from __future__ import annotations

from typing import Any

from bridge.dialects.channel.registry import wire_map
from bridge.dialects.view import View
from bridge.world.reactions import Reacted, Summary
from bridge.world.results import Page

Data = dict[str, Any]


@wire_map("V2TIMMessageReaction")
def reaction(value: Summary, view: View) -> Data:
    """Write how users have reacted in one way, and whether the viewer has."""
    return {
        "reactionID": value.reaction_id,
        "totalUserCount": len(value.user_ids),
        "partialUserList": [view.write("V2TIMUserInfo", name) for name in value.user_ids[: value.shown]],
        "reactedByMyself": view.user_id in value.user_ids,
    }


@wire_map("V2TIMMessageReactionResult")
def reaction_result(value: Reacted, view: View) -> Data:
    """Write the reactions to one message of a call."""
    return {"messageID": value.msg_id, "resultCode": 0, "resultInfo": "", "reactionList": _reactions(value, view)}


@wire_map("V2TIMMessageReactionChangeInfo")
def reaction_change(value: Reacted, view: View) -> Data:
    """Write the reactions to a message that have changed."""
    return {"messageID": value.msg_id, "reactionList": _reactions(value, view)}


def _reactions(value: Reacted, view: View) -> list[Any]:
    return [view.write("V2TIMMessageReaction", summary) for summary in value.summaries]


@wire_map("V2TIMMessageReactionUserResult")
def reaction_users(value: Page, view: View) -> Data:
    """Write a page of those who have reacted in one way."""
    return {
        "nextSeq": value.cursor,
        "isFinished": value.finished,
        "userInfoList": [view.write("V2TIMUserInfo", name) for name in value.rows],
    }
