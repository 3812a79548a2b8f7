"""groupManager: communities with topics, and their topics."""

from __future__ import annotations

from typing import Any

from bridge.handlers import Caller
from bridge.world.chats import topic_chats
from bridge.world.groups import communities, topic_rules
from bridge.world.groups.groups import Group
from bridge.world.kernel.clients import Finding
from bridge.world.kernel.results import Item


def get_joined_community_list(caller: Caller) -> list[Group]:
    """Return the communities with topics that the caller is in."""
    return communities.joined_with_topics(caller.world, caller.user)


def create_topic_in_community(
    caller: Caller, group_id: str, topic_id: str, info: dict[str, Any], draft: str | None
) -> str:
    """Add a topic to a community and return its id."""
    topic = topic_rules.create(caller.world, caller.user, group_id, topic_id, info)
    if draft:
        topic_chats.set_draft(caller.world, caller.device, caller.user, topic.topic_id, draft)
    return topic.topic_id


def delete_topic_from_community(caller: Caller, group_id: str, topic_id_list: list[str]) -> list[Item]:
    """Delete topics."""
    return topic_rules.delete(caller.world, caller.user, group_id, topic_id_list)


def set_topic_info(caller: Caller, group_id: str, topic_id: str, info: dict[str, Any], draft: str | None) -> None:
    """
    Change a topic for everybody, and the draft in it on this device.

    The native side reads the topic first, refuses by itself if there is none, and leaves as it is what is null.
    """
    if topic_rules.infos(caller.world, caller.user, group_id, [topic_id])[0].code:
        caller.found(Finding.UNKNOWN_TOPIC)
    topic_rules.change(caller.world, caller.user, group_id, topic_id, info)
    if draft is not None:
        topic_chats.set_draft(caller.world, caller.device, caller.user, topic_id, draft)


def get_topic_info_list(caller: Caller, group_id: str, topic_id_list: list[str]) -> list[Item]:
    """Return topics with the caller's state of them; no id means all."""
    return topic_rules.infos(caller.world, caller.user, group_id, topic_id_list)
