"""What is done with topics: reading, creating, changing, deleting, muting in them."""

from __future__ import annotations

from typing import Any

from bridge.errors import ChatError
from bridge.world.groups import communities, groups, topic_permissions
from bridge.world.groups.communities import TOPIC_MARK
from bridge.world.groups.groups import Group
from bridge.world.groups.topics import TOPICS, Topic, find_in, of_community, require, tell_changed, to_members
from bridge.world.kernel import codes, facts
from bridge.world.kernel.evolving import evolve
from bridge.world.kernel.results import Item
from bridge.world.kernel.texts import bytes_of
from bridge.world.kernel.world import World

MAX_TOPICS = 200
MAX_BYTES = {
    "name": (150, codes.INVALID_GROUP_NAME),
    "introduction": (400, codes.INVALID_GROUP_INTRODUCTION),
    "notification": (400, codes.INVALID_GROUP_NOTIFICATION),
    "face_url": (500, codes.INVALID_GROUP_FACE_URL),
    "custom": (3000, codes.GROUP_INVALID_PARAMETERS),
}
"""
How long the texts of a topic may be, and the code for a longer one (native 8.2 community header; the app's own: REST, topic pages; codes
inferred).
"""

FORBIDDEN = (f"{TOPIC_MARK}_{TOPIC_MARK}", groups.SERVER_PREFIX)
"""What the app's part of a topic's id may not have in it (REST: create topic)."""


def infos(world: World, user_id: str, group_id: str, topic_ids: list[str]) -> list[Item]:
    """
    Return topics, an item for each id with the topic as its value; no id means all of the community.

    An item for an id that is no topic of the community has code 110003 and no value.

    Raises: ChatError as `communities.require_member`.
    """
    communities.require_member(world, group_id, user_id)
    if not topic_ids:
        return [Item.of(topic.topic_id, value=topic) for topic in of_community(world, group_id)]
    return [_info(world, group_id, topic_id) for topic_id in topic_ids]


def _info(world: World, group_id: str, topic_id: str) -> Item:
    topic = find_in(world, group_id, topic_id)
    return Item.of(topic_id, codes.TOPIC_NOT_FOUND if topic is None else 0, topic)


# --- creating, changing, deleting


def create(world: World, user_id: str | None, group_id: str, topic_id: str, given: dict[str, Any]) -> Topic:
    """
    Add a topic to a community.

    Args:
        user_id: who does it; None for the service itself, which needs no right.
        topic_id: an id of the app's own, which begins with the community's id and "@TOPIC#_"; "" lets the service make one.
        given: attributes of the topic by name; None means the default.

    States topic_created to all members.

    Raises: ChatError as `communities.require`; 11000 (a community without topics), 10007 (no right), 10015 (malformed id), 10021 (in use),
    10036 (200 topics already), 8502 to 8505 and 10004 (a text too long, or no name).
    """
    group = communities.require(world, group_id)
    if not group.support_topic:
        raise ChatError(codes.COMMUNITY_NOT_ENABLED)
    communities.require_right(world, group, user_id, "create_topic")
    changes = _given(given)
    check_texts({"name": "", **changes})
    table = world[TOPICS]
    if table.index("community").count(group_id) >= MAX_TOPICS:
        raise ChatError(codes.AVCHATROOM_COUNT_LIMIT)
    number = world.next_number("topic")
    own_id = _checked_id(group, topic_id) or f"{group_id}{TOPIC_MARK}_{TOPIC_MARK}{world.letters(number)}"
    if own_id in table:
        raise ChatError(codes.GROUP_ID_IN_USE)
    topic = Topic(own_id, group_id, number, created_ms=world.now_ms, **changes)
    table.put(own_id, topic)
    world.state("topic_created", to_members(world, group_id), group_id=group_id, topic_id=own_id)
    return topic


def _given(given: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value is not None}


def _checked_id(group: Group, topic_id: str) -> str:
    if not topic_id:
        return ""
    prefix = f"{group.group_id}{TOPIC_MARK}_"
    own = topic_id.removeprefix(prefix)
    is_fine = own.isascii() and own.isprintable() and not any(part in f"{TOPIC_MARK}_{own}" for part in FORBIDDEN)
    if not own or own == topic_id or not is_fine:
        raise ChatError(codes.INVALID_GROUP_ID)
    return topic_id


def check_texts(changes: dict[str, Any]) -> None:
    """Raise ChatError 8502 to 8505 and 10004 for a text of a topic that is too long, 8502 for an empty name."""
    for name, (limit, code) in MAX_BYTES.items():
        text = changes.get(name)
        if text is not None and (bytes_of(text) > limit or (name == "name" and not text)):
            raise ChatError(code)


def change(world: World, user_id: str | None, group_id: str, topic_id: str, given: dict[str, Any]) -> None:
    """
    Change what all members see of a topic. What is given and the same as before changes nothing, and needs no right.

    States topic_info_changed to all members. Arguments: as `create`.

    Raises: ChatError as `communities.require`; 110003 (no such topic), 10007 (no right), 8502 to 8505 (texts).
    """
    group = (
        communities.require(world, group_id)
        if user_id is None
        else communities.require_member(world, group_id, user_id)[0]
    )
    topic = find_in(world, group_id, topic_id)
    if topic is None:
        raise ChatError(codes.TOPIC_NOT_FOUND)
    changes = {name: value for name, value in _given(given).items() if value != getattr(topic, name)}
    if not changes:
        return
    plain = changes.keys() - {"default_permissions"}
    if plain:
        communities.require_right(world, group, user_id, "topics", topic_id)
    if "default_permissions" in changes:
        communities.require_right(world, group, user_id, "topic_permissions", topic_id)
    check_texts(changes)
    topic = evolve(topic, **changes)
    world[TOPICS].put(topic_id, topic)
    tell_changed(world, to_members(world, group_id), topic)


def delete(world: World, user_id: str | None, group_id: str, topic_ids: list[str]) -> list[Item]:
    """
    Delete topics with their messages and everybody's state of them. Returns an item per id; 110003 where there is no such topic.

    States topic_deleted to all members, once, with those that are gone.

    Raises: ChatError as `communities.require`; 6017 (no id), 10007 (no right to any of them).
    """
    group = communities.require(world, group_id)
    if not topic_ids:
        raise ChatError(codes.INVALID_PARAMETERS)
    items: list[Item] = []
    gone: list[str] = []
    for topic_id in topic_ids:
        code = _delete_code(world, group, user_id, topic_id)
        if code == 0:
            _drop(world, group_id, topic_id)
            gone.append(topic_id)
        items.append(Item.of(topic_id, code))
    if gone:
        world.state("topic_deleted", to_members(world, group_id), group_id=group_id, topic_id_list=tuple(gone))
    return items


def _delete_code(world: World, group: Group, user_id: str | None, topic_id: str) -> int:
    known = find_in(world, group.group_id, topic_id) is not None
    communities.require_right(world, group, user_id, "topics", topic_id if known else "")
    return 0 if known else codes.TOPIC_NOT_FOUND


def _drop(world: World, group_id: str, topic_id: str) -> None:
    world[TOPICS].drop(topic_id)
    topic_permissions.forget(world, group_id, topic_id)
    world.happened("topic_deleted", topic_id=topic_id)


def mute(world: World, user_id: str | None, topic_id: str, member_id: str, seconds: int) -> None:
    """
    Forbid a member to talk in a topic for some seconds; 0 lets the member talk again.

    States topic_info_changed to the member.

    Raises: ChatError 10010 (no such topic), 10007 (no right, no member, or the owner), 10004 (negative).
    """
    topic = require(world, topic_id)
    group = communities.require(world, topic.community_id)
    communities.require_right(world, group, user_id, "mute", topic_id)
    if seconds < 0:
        raise ChatError(codes.GROUP_INVALID_PARAMETERS)
    member = groups.member(world, topic.community_id, member_id)
    if member is None or member.role >= groups.OWNER:
        raise ChatError(codes.GROUP_PERMISSION_DENIED)
    muted = {name: until for name, until in topic.muted.items() if name != member_id and until > world.now_ms}
    if seconds:
        muted[member_id] = groups.muted_until_ms(world, seconds)
    topic = evolve(topic, muted=muted)
    world[TOPICS].put(topic_id, topic)
    tell_changed(world, facts.user(member_id), topic)


def receive_custom_data(world: World, topic_id: str, data: str) -> None:
    """
    Let the app's server tell a topic something (REST); nothing is kept.

    States topic_rest_custom_data_received to the members who are online.

    Raises: ChatError 10010 (no such topic).
    """
    topic = require(world, topic_id)
    to = to_members(world, topic.community_id)
    world.state("topic_rest_custom_data_received", to, topic_id=topic_id, custom_data=data)
