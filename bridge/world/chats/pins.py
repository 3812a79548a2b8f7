"""
Pinned messages of groups and topics (native 7.9 and later).

Who may pin, what becomes of a pin whose message is gone, and the order of the list are ours (DECISIONS.md: Pinned messages).
"""

from __future__ import annotations

from bridge.errors import ChatError
from bridge.world.chats import messages, tips, visibility
from bridge.world.chats.elements import Nothing
from bridge.world.chats.messages import Message
from bridge.world.groups import communities, group_news, groups, topics
from bridge.world.groups.group_types import ADMIN, MEMBER
from bridge.world.groups.groups import Group
from bridge.world.kernel import codes, facts
from bridge.world.kernel.rows import row_class
from bridge.world.kernel.store import Groups, TableSpec
from bridge.world.kernel.world import World

MAX_PINNED = 10
DAY_MS = 86_400_000
PINNED, UNPINNED = 10, 11
"""What a message in the group says has happened: the numbers of the native header."""

LEAST = {"Work": MEMBER}
"""The lowest role that may pin, by type of group; in all others administrators may."""


@row_class
class Pin:
    """A message is pinned in a group or topic. `order` is when, in the world's order."""

    group_id: str
    msg_id: str
    by: str
    order: int


PINS = TableSpec("pins", Pin, ("group_id", "msg_id"), {"group": lambda: Groups(lambda p: p.group_id)})


def find(world: World, user_id: str, msg_id: str, install: str) -> Message | None:
    """Return a message that a client has; one that is pinned in a group of the user's is one of them, however old."""
    message = visibility.held(world, user_id, msg_id, install)
    if message is not None:
        return message
    known = messages.get(world, msg_id)
    if known is None or (known.channel[-1], msg_id) not in world[PINS] or not _shows(world, user_id, known, install):
        return None
    group = groups.find(world, communities.community_of(known.channel[-1]))
    return known if group is not None and groups.role_of(world, group, user_id) else None


def pin(world: World, user_id: str, group_id: str, message: Message) -> None:
    """
    Pin a message in its group or topic.

    States group_message_pinned to all members, and has the group say so.

    Raises: ChatError 6017 (no group, a message of another one, one that is not kept, not sent, or not for all, or the group's own
        words), 10010, 10015 (no such group), 10007 (no right), 10071 (pinned already), 10070 (ten others).
    """
    group = _require(world, user_id, group_id, message)
    is_whole = message.owner is None and message.targets is None and message.elems[0].kind != "tips"
    if message.status != messages.SENT or not is_whole or not visibility.is_served(world, user_id, message):
        raise ChatError(codes.INVALID_PARAMETERS)
    if (group_id, message.msg_id) in world[PINS]:
        raise ChatError(codes.MESSAGE_ALREADY_PINNED)
    if len(_standing(world, group_id)) >= MAX_PINNED:
        raise ChatError(codes.PINNED_MESSAGE_LIMIT)
    row = Pin(group_id, message.msg_id, user_id, world.next_number("order"))
    world[PINS].put((group_id, message.msg_id), row)
    _tell(world, group, group_id, user_id, message, True)


def unpin(world: World, user_id: str, group_id: str, message: Message) -> None:
    """
    Take a message off the pinned ones; one that is not pinned changes nothing.

    States group_message_pinned to all members, with nothing but the key of the message, and has the group say so.

    Raises: as `pin`, but for what only a new pin can lack.
    """
    group = _require(world, user_id, group_id, message)
    if (group_id, message.msg_id) in world[PINS]:
        world[PINS].drop((group_id, message.msg_id))
        _tell(world, group, group_id, user_id, key_of(message), False)


def pinned(world: World, user_id: str, group_id: str, install: str) -> list[Message]:
    """
    Return the messages pinned in a group or topic, the newest pin first, whenever the user has joined.

    Revoked messages, those that the service does not keep any more, and those that the user has deleted are none of them; what was
    deleted on one install alone is missing there alone.

    Raises: ChatError 6017 (no group), 10010, 10015 (no such group), 10007 (not a member).
    """
    _require_group(world, user_id, group_id)
    return [message for message in _standing(world, group_id) if _shows(world, user_id, message, install)]


def key_of(message: Message) -> Message:
    """Return a message of which only id, number and place are known (native header: on removal only the key is there)."""
    return Message(message.msg_id, 0, message.channel, "", 0, (Nothing(),), seq=message.seq, status=0)


def _require_group(world: World, user_id: str, group_id: str) -> Group:
    group = groups.require_member(world, communities.community_of(group_id), user_id)
    if group_id != group.group_id:
        topics.require(world, group_id)
    return group


def _require(world: World, user_id: str, group_id: str, message: Message) -> Group:
    group = _require_group(world, user_id, group_id)
    if message.channel != ("group", group_id):
        raise ChatError(codes.INVALID_PARAMETERS)
    if groups.role_of(world, group, user_id) < LEAST.get(group.group_type, ADMIN):
        raise ChatError(codes.GROUP_PERMISSION_DENIED)
    return group


def _standing(world: World, group_id: str) -> list[Message]:
    """Return the pinned messages that are still there, the newest pin first; switch "message_days" says how long the service keeps them."""
    days = world.policy.switch("message_days")
    table = world[PINS]
    pins = sorted((table[key] for key in table.index("group").of(group_id)), key=lambda p: p.order, reverse=True)
    found = (messages.get(world, row.msg_id) for row in pins)
    return [
        message
        for message in found
        if message is not None
        and message.status == messages.SENT
        and not (days and message.time_ms < world.now_ms - days * DAY_MS)
    ]


def _shows(world: World, user_id: str, message: Message, install: str) -> bool:
    """Return whether a user has not deleted a pinned message, for good or on this install."""
    if messages.mark(world, user_id, message.msg_id).deleted:
        return False
    return not visibility.is_deleted(world, user_id, message.msg_id, install)


def _tell(world: World, group: Group, group_id: str, by: str, message: Message, is_pinned: bool) -> None:
    members = groups.member_ids(world, group.group_id)
    op_user = group_news.person(world, group.group_id, by)
    world.state(
        "group_message_pinned",
        facts.users(members),
        group_id=group_id,
        message=message,
        is_pinned=is_pinned,
        op_user=op_user,
    )
    data = {"type": PINNED if is_pinned else UNPINNED, "op_member": by, "member_count": len(members)}
    tips.post(world, group_id, data, members)
