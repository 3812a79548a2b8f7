"""
Topics: the rooms of a community, each with messages and a conversation of its own.

A topic's conversation is a row like any other (`group_<topic id>`: draft, unread count, last message, receive option, mentions) that never
stands in the list; what changes there is told as a change of the topic (`chats/conversation_list.py`).
"""

from __future__ import annotations

from attrs import field

from bridge.errors import ChatError
from bridge.world.groups import groups
from bridge.world.kernel import codes, facts
from bridge.world.kernel.rows import row_class
from bridge.world.kernel.store import Groups, TableSpec
from bridge.world.kernel.world import World


@row_class
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


def find_in(world: World, group_id: str, topic_id: str) -> Topic | None:
    """Return a topic if it is one of this community, else None."""
    topic = world[TOPICS].rows.get(topic_id)
    return topic if topic is not None and topic.community_id == group_id else None


def muted_until_ms(world: World, topic: Topic, user_id: str) -> int:
    """Return until when a user may not talk in a topic, whether muted there or in the whole community; 0 if neither."""
    member = groups.member(world, topic.community_id, user_id)
    until = max(topic.muted.get(user_id, 0), 0 if member is None else member.muted_until_ms)
    return until if until > world.now_ms else 0


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
