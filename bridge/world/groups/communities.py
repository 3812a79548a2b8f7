"""
Communities: who may do what in them and in their topics.

While a community has its permission groups switched off, roles decide. Switched on, an administrator's role counts for
nothing: rights are bits, the community's default ones and those of the permission groups that a member is in; a topic has bits
of its own, and a bit of the community holds in all its topics. The owner may do everything either way (native 8.2 group and
community headers).
"""

from __future__ import annotations

from typing import NamedTuple

from bridge.errors import ChatError
from bridge.world.groups import groups
from bridge.world.groups.groups import ADMIN, MEMBER, OWNER, Group, Member
from bridge.world.kernel import codes
from bridge.world.kernel.world import World

COMMUNITY = "Community"
TOPIC_MARK = "@TOPIC#"
NOBODY = OWNER + 1


class Right(NamedTuple):
    """
    What one has to be, or to hold, for something.

    `community` and `topic` are the bits of which one is enough; `role` is the lowest that may while permission groups are off.
    """

    community: int
    role: int
    topic: int = 0


RIGHTS = {
    "edit_texts": Right(1 << 0, ADMIN),
    "edit_options": Right(1 << 0, ADMIN),
    "edit_custom": Right(1 << 0, ADMIN),
    "mute_all": Right(1 << 0, ADMIN),
    "edit_members": Right(1 << 1, ADMIN),
    "handle_applications": Right(1 << 1, ADMIN),
    "kick": Right(1 << 1, ADMIN),
    "permission_groups": Right(1 << 2, ADMIN),
    "permission_group_members": Right(1 << 3, ADMIN),
    "create_topic": Right(1 << 4, ADMIN),
    "topics": Right(1 << 4, ADMIN, topic=1 << 0),
    "topic_permissions": Right(1 << 2, ADMIN, topic=1 << 1),
    "mute": Right(1 << 5, ADMIN, topic=1 << 2),
    "send": Right(1 << 6, MEMBER, topic=1 << 3),
    "mention_all": Right(1 << 7, NOBODY, topic=1 << 6),
    "history": Right(1 << 8, MEMBER, topic=1 << 4),
    "revoke": Right(1 << 9, ADMIN, topic=1 << 5),
}
"""Rights by what is done (bits: native 8.2 community header). What is not here stays with roles: setting them,
transferring, dismissing; of banning (1 << 10) the plugin has no call."""


def community_of(target_id: str) -> str:
    """Return the group that a group id or topic id is about."""
    return target_id.partition(TOPIC_MARK)[0]


def is_topic(target_id: str) -> bool:
    """Return whether this is the id of a topic."""
    return TOPIC_MARK in target_id


def require(world: World, group_id: str) -> Group:
    """
    Return a community that can have topics and permission groups.

    Raises: ChatError 11000 (the app has no communities), 10010 (no such group), 10007 (a group of another type).
    """
    check_enabled(world)
    group = groups.require(world, group_id)
    if group.group_type != COMMUNITY:
        raise ChatError(codes.GROUP_PERMISSION_DENIED)
    return group


def check_enabled(world: World) -> None:
    """Raise ChatError 11000 if the app's console has communities switched off (switch "communities", on by default)."""
    if not world.policy.switch("communities"):
        raise ChatError(codes.COMMUNITY_NOT_ENABLED)


def require_member(world: World, group_id: str, user_id: str) -> tuple[Group, Member]:
    """Return a community and a user's membership. Raises: as `require`; ChatError 10007 for somebody else."""
    group = require(world, group_id)
    member = groups.member(world, group_id, user_id)
    if member is None:
        raise ChatError(codes.GROUP_PERMISSION_DENIED)
    return group, member


def held_bits(world: World, group: Group, user_id: str, topic_id: str = "") -> tuple[int, int]:
    """Return a member's bits in a community and in one of its topics, as permission groups give them."""
    from bridge.world.groups import permission_groups, topics

    community, topic = group.default_permissions, 0
    if topic_id:
        row = topics.find(world, topic_id)
        topic = 0 if row is None else row.default_permissions
    for joined in permission_groups.joined(world, group.group_id, user_id):
        community |= joined.permission
        topic |= joined.topic_permissions.get(topic_id, 0)
    return community, topic


def may(world: World, group: Group, user_id: str, right: str, topic_id: str = "") -> bool:
    """
    Return whether a user may do something in a community, or in one of its topics.

    Args:
        right: a key of `RIGHTS`.
        topic_id: the topic it is about, "" for the community itself.
    """
    member = groups.member(world, group.group_id, user_id)
    if member is None:
        return False
    wanted = RIGHTS[right]
    if not group.permission_groups_on:
        return member.role >= wanted.role
    if member.role >= OWNER:
        return True
    community, topic = held_bits(world, group, user_id, topic_id)
    return bool(community & wanted.community or topic & wanted.topic)


def require_right(world: World, group: Group, user_id: str | None, right: str, topic_id: str = "") -> None:
    """Raise ChatError 10007 unless a user may do something; None, the service itself, may everything."""
    if user_id is not None and not may(world, group, user_id, right, topic_id):
        raise ChatError(codes.GROUP_PERMISSION_DENIED)


def check_send(world: World, group: Group, user_id: str, target_id: str) -> None:
    """
    Go through what a community checks before it takes a member's message, beyond what every group does.

    Args:
        target_id: the id of the community or topic that the message goes to.

    Raises: ChatError 10010 (no such topic), 10017 (all, or the member, muted there), 10007 (no bit allows sending).
    """
    from bridge.world.groups import topics

    topic_id = target_id if is_topic(target_id) else ""
    if topic_id:
        topic = topics.require(world, topic_id)
        if topics.muted_until_ms(world, topic, user_id) > world.now_ms:
            raise ChatError(codes.GROUP_MUTED)
        if topic.all_muted and not may(world, group, user_id, "mute", topic_id):
            raise ChatError(codes.GROUP_MUTED)
    if group.permission_groups_on and group.all_muted and not may(world, group, user_id, "mute"):
        raise ChatError(codes.GROUP_MUTED)
    if group.permission_groups_on and not may(world, group, user_id, "send", topic_id):
        raise ChatError(codes.GROUP_PERMISSION_DENIED)


def joined_with_topics(world: World, user_id: str) -> list[Group]:
    """Return the communities with topics that a user is in, in order of joining. Raises: ChatError 11000."""

    check_enabled(world)
    return [group for group in groups.all_joined(world, user_id) if group.support_topic and not group.dismissed]
