"""
Topics: the rooms of a community, each with messages and a conversation of its own.

A topic's conversation is a row like any other (`group_<topic id>`: draft, unread count, last message, receive option, mentions) that never
stands in the list; what changes there is told as a change of the topic (`conversations.announce`).
"""

from __future__ import annotations

from typing import Any

from attrs import evolve, field, frozen

from bridge.errors import ChatError
from bridge.world.chats import conversations, labels, messages
from bridge.world.groups import communities, groups
from bridge.world.groups.communities import TOPIC_MARK
from bridge.world.groups.groups import Group
from bridge.world.kernel import codes, facts
from bridge.world.kernel.devices import Device
from bridge.world.kernel.results import Item
from bridge.world.kernel.store import Groups, TableSpec
from bridge.world.kernel.world import World

MAX_TOPICS = 200
MAX_BYTES = {
    "name": (150, codes.INVALID_GROUP_NAME),
    "introduction": (400, codes.INVALID_GROUP_INTRODUCTION),
    "notification": (400, codes.INVALID_GROUP_NOTIFICATION),
    "face_url": (500, codes.INVALID_GROUP_FACE_URL),
}
"""How long the texts of a topic may be, and the code for a longer one (native 8.2 community header; codes inferred)."""


@frozen
class Topic:
    """
    A topic of a community.

    Attributes:
        number: grows with each topic; lists are in this order.
        default_permissions: the topic bits of every member, while the community's permission groups are on.
        muted: until when a member may not talk in this topic (ms), by user id.
    """

    topic_id: str
    community_id: str
    number: int
    name: str = ""
    face_url: str = ""
    introduction: str = ""
    notification: str = ""
    custom: str = ""
    all_muted: bool = False
    default_permissions: int = 0
    created_ms: int = 0
    muted: dict[str, int] = field(factory=dict)

    @property
    def conversation_id(self) -> str:
        """Return the id under which members keep their state of it."""
        return f"group_{self.topic_id}"


TOPICS = TableSpec("topics", Topic, ("topic_id",), {"community": lambda: Groups(lambda t: t.community_id)})


# --- reading


def find(world: World, topic_id: str) -> Topic | None:
    """Return a topic of a community that exists, or None."""
    topic = world[TOPICS].rows.get(topic_id)
    return None if topic is None or groups.find(world, topic.community_id) is None else topic


def require(world: World, topic_id: str) -> Topic:
    """Return a topic. Raises: ChatError 10010 if there is none."""
    topic = find(world, topic_id)
    if topic is None:
        raise ChatError(codes.GROUP_NOT_FOUND)
    return topic


def of_community(world: World, group_id: str) -> list[Topic]:
    """Return the topics of a community, the oldest first."""
    table = world[TOPICS]
    return sorted((table[key] for key in table.index("community").of(group_id)), key=lambda topic: topic.number)


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


def find_in(world: World, group_id: str, topic_id: str) -> Topic | None:
    """Return a topic if it is one of this community, else None."""
    topic = world[TOPICS].rows.get(topic_id)
    return topic if topic is not None and topic.community_id == group_id else None


def muted_until_ms(world: World, topic: Topic, user_id: str) -> int:
    """Return until when a user may not talk in a topic, whether muted there or in the whole community; 0 if neither."""
    member = groups.member(world, topic.community_id, user_id)
    until = max(topic.muted.get(user_id, 0), 0 if member is None else member.muted_until_ms)
    return until if until > world.now_ms else 0


# --- creating, changing, deleting


def create(world: World, user_id: str | None, group_id: str, topic_id: str, given: dict[str, Any]) -> Topic:
    """
    Add a topic to a community.

    Args:
        user_id: who does it; None for the service itself, which needs no right.
        topic_id: an id of the app's own, which begins with the community's id and "@TOPIC#_"; "" lets the service make one.
        given: attributes of the topic by name; None means the default.

    States topic_created to all members.

    Raises: ChatError as `communities.require`; 10007 (no right, or a community without topics), 10015 (malformed id), 10021 (id in use),
    10036 (200 topics already), 8502 to 8505 (a text too long, or no name).
    """
    group = communities.require(world, group_id)
    if not group.support_topic:
        raise ChatError(codes.GROUP_PERMISSION_DENIED)
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
    prefix = f"{group.group_id}{TOPIC_MARK}_"
    if topic_id and not (
        topic_id.startswith(prefix) and len(topic_id) > len(prefix) and topic_id.isascii() and topic_id.isprintable()
    ):
        raise ChatError(codes.INVALID_GROUP_ID)
    return topic_id


def check_texts(changes: dict[str, Any]) -> None:
    """Raise ChatError 8502 to 8505 for a text of a topic that is too long, and for an empty name."""
    for name, (limit, code) in MAX_BYTES.items():
        text = changes.get(name)
        if text is not None and (len(text.encode("utf-8", "surrogatepass")) > limit or (name == "name" and not text)):
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


def set_draft(world: World, device: Device, user_id: str, topic_id: str, text: str) -> None:
    """Keep an unfinished text for a topic on this device alone; no text forgets it. States topic_info_changed to the device."""
    labels.set_draft(world, device, user_id, f"group_{topic_id}", text)


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
    from bridge.world.chats.local_copies import LOCAL_COPIES
    from bridge.world.groups import topic_permissions

    world[TOPICS].drop(topic_id)
    topic_permissions.forget(world, group_id, topic_id)
    conversation_id = f"group_{topic_id}"
    for spec, index in ((conversations.CONVERSATIONS, "with"), (conversations.DRAFTS, "conversation"), (LOCAL_COPIES, "with")):
        table: Any = world[spec]
        for key in table.index(index).of(conversation_id):
            table.drop(key)
    kept = world[messages.MESSAGES]
    for msg_id in list(kept.index("channel").newer(("group", topic_id))):
        kept.drop(msg_id)


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
        muted[member_id] = world.now_ms + seconds * 1000
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


# --- telling


def to_members(world: World, group_id: str) -> facts.Audience:
    """Return all members of a community."""
    return facts.users(groups.member_ids(world, group_id))


def tell_changed(world: World, to: facts.Audience, topic: Topic) -> None:
    """State that a topic has changed; each hears of it with the own state in it."""
    world.state("topic_info_changed", to, group_id=topic.community_id, topic_info=topic)


def tell_state(world: World, to: facts.Audience, conversation_id: str) -> None:
    """State to somebody that the own state of a topic has changed; about one that is gone nothing."""
    topic = find(world, conversation_id[6:])
    if topic is not None:
        tell_changed(world, to, topic)
