"""groupManager: topics."""

from __future__ import annotations

from typing import Any

from bridge.dialects.channel.adapter import ChannelAdapter
from bridge.dialects.dialect import Call

ATTRIBUTES = {
    "name": "topic_name",
    "face_url": "topic_face_url",
    "introduction": "introduction",
    "notification": "notification",
    "custom": "custom_string",
    "all_muted": "is_all_mute",
    "default_permissions": "default_permissions",
}
"""Attributes of a topic, and where a call has them."""


def create_topic_in_community(call: Call, adapter: ChannelAdapter) -> None:
    """Read what a new topic is to be, and the draft in it."""
    info = adapter.read("topicInfo", call.args["topic_info"])
    call.args = {"group_id": call.args["group_id"], "topic_id": info.get("topic_id") or "", **_described(info)}


def set_topic_info(call: Call, adapter: ChannelAdapter) -> None:
    """Read what is to change about a topic, and the draft in it."""
    info = adapter.read("topicInfo", call.args["topic_info"])
    topic_id = info.get("topic_id")
    if topic_id is None:
        adapter.refuse("no_topic_id")
    call.args = {"group_id": call.args["group_id"], "topic_id": topic_id or "", **_described(info)}


def _described(info: dict[str, Any]) -> dict[str, Any]:
    return {"info": {name: info.get(key) for name, key in ATTRIBUTES.items()}, "draft": info.get("draft_text")}
