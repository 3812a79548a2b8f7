"""groupManager: communities with topics, and their topics."""

from __future__ import annotations

from typing import Any

from bridge.errors import ChatError
from bridge.handlers.registry import Caller, method
from bridge.world import communities, topics
from bridge.world.groups import Group
from bridge.world.results import Item

FIELDS = {
    "name": "topic_name",
    "face_url": "topic_face_url",
    "introduction": "introduction",
    "notification": "notification",
    "custom": "custom_string",
    "all_muted": "is_all_mute",
    "default_permissions": "default_permissions",
}
"""Attributes of a topic, and where a call has them."""


@method("getJoinedCommunityList")
def get_joined_community_list(caller: Caller) -> list[Group]:
    """Return the communities with topics that the caller is in."""
    return communities.joined_with_topics(caller.world, caller.user)


@method("createTopicInCommunity")
def create_topic_in_community(caller: Caller, group_id: str, topic_info: dict[str, Any]) -> str:
    """Add a topic to a community and return its id."""
    info = caller.read("topicInfo", topic_info)
    topic = topics.create(caller.world, caller.user, group_id, info.get("topic_id") or "", _given(info))
    if info.get("draft_text"):
        topics.set_draft(caller.world, caller.device, caller.user, topic.topic_id, info["draft_text"])
    return topic.topic_id


@method("deleteTopicFromCommunity")
def delete_topic_from_community(caller: Caller, group_id: str, topic_id_list: list[str]) -> list[Item]:
    """Delete topics."""
    return topics.delete(caller.world, caller.user, group_id, topic_id_list)


@method("setTopicInfo")
def set_topic_info(caller: Caller, group_id: str, topic_info: dict[str, Any]) -> None:
    """
    Change a topic for everybody, and the draft in it on this device.

    The adapter reads the topic first, refuses by itself if there is none, and leaves as it is what is null.
    """
    info = caller.read("topicInfo", topic_info)
    topic_id = info.get("topic_id")
    if topic_id is None:
        caller.refuse("noTopicID")
    if topics.infos(caller.world, caller.user, group_id, [topic_id or ""])[0].code:
        error = caller.spec.adapter_errors[caller.device.platform][0]
        raise ChatError(error["code"], error["desc"])
    topics.change(caller.world, caller.user, group_id, topic_id or "", _given(info))
    draft = info.get("draft_text")
    if draft is not None:
        topics.set_draft(caller.world, caller.device, caller.user, topic_id or "", draft)


@method("getTopicInfoList")
def get_topic_info_list(caller: Caller, group_id: str, topic_id_list: list[str]) -> list[Item]:
    """Return topics with the caller's state of them; no id means all."""
    return topics.infos(caller.world, caller.user, group_id, topic_id_list)


def _given(info: dict[str, Any]) -> dict[str, Any]:
    return {name: info.get(key) for name, key in FIELDS.items()}
