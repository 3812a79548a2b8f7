"""Who has a message, whose history shows it, and who has read it."""

from __future__ import annotations

from bridge.world.chats import conversations
from bridge.world.chats.messages import (
    DELETED,
    MESSAGE_MARKS,
    MESSAGES,
    Channel,
    Message,
    channel_of,
    conversation_id_of,
    peer_of,
)
from bridge.world.groups import communities, groups
from bridge.world.kernel.evolving import evolve
from bridge.world.kernel.world import World


def is_party(world: World, user_id: str, message: Message) -> bool:
    """Return whether a user has this message at all: sender or receiver, or in the group at the time."""
    if message.owner is not None:
        return message.owner == user_id
    if message.channel[0] == "c2c":
        return user_id in message.channel[1:]
    if message.targets is not None and user_id != message.sender and user_id not in message.targets:
        return False
    return groups_range_holds(world, user_id, message)


def parties(world: World, message: Message) -> list[str]:
    """Return the users who have a message and hear what becomes of it; of a group those who are in it now, sorted."""
    if message.owner is not None:
        return [message.owner]
    if message.channel[0] == "c2c":
        return list(dict.fromkeys((message.sender, peer_of(message.sender, message.channel))))
    members = groups.member_ids(world, communities.community_of(message.channel[1]))
    return [member for member in members if is_party(world, member, message)]


def groups_range_holds(world: World, user_id: str, message: Message) -> bool:
    """Return whether a group message falls into what a member, present or past, may read."""
    group_id = communities.community_of(message.channel[1])
    group = world[groups.GROUPS].rows.get(group_id)
    before = group is not None and groups.type_of(group).history_before_joining
    if before and group is not None and group.permission_groups_on:
        before = communities.may(world, group, user_id, "history", message.channel[1])
    member = groups.member(world, group_id, user_id)
    if member is not None and (before or message.order >= member.joined_order):
        return True
    past = world[groups.PAST_MEMBERS].rows.get((group_id, user_id))
    if past is None:
        return False
    times = (*past.earlier, (past.joined_order, past.left_order))
    return any((before or joined <= message.order) and message.order <= left for joined, left in times)


def cleared_until(world: World, user_id: str, channel: Channel, install: str | None = None) -> int:
    """Return the order up to which a user has cleared a channel (-1: nothing); with `install`, what that app has cleared."""
    conversation_id = conversation_id_of(user_id, channel)
    copies = world.tables.get("local_copies")
    if copies is not None and (user_id, install, conversation_id) in copies:
        cleared: int = copies[(user_id, install, conversation_id)].cleared_order
        return cleared
    row = conversations.find(world, user_id, conversation_id)
    return -1 if row is None else row.cleared_order


def is_cleared(world: World, user_id: str, message: Message, install: str | None = None) -> bool:
    """Return whether a message went with a history that was cleared; with `install`, whether that app does not have it for that."""
    if message.order <= cleared_until(world, user_id, message.channel, install):
        return True
    copies = world.tables.get("local_copies")
    if copies is None or message.install is not None or not copies.rows:
        return False
    copy = copies.get((user_id, install, conversation_id_of(user_id, message.channel)))
    return copy is not None and any(after < message.order <= until for after, until in copy.lost)


def is_visible(world: World, user_id: str, message: Message, install: str | None = None) -> bool:
    """Return whether a message shows in a user's history; with `install`, in that of an app which may still have what is deleted."""
    if not is_party(world, user_id, message) or message.install not in (None, install):
        return False
    return not is_deleted(world, user_id, message.msg_id, install) and not is_cleared(world, user_id, message, install)


def newest_visible(world: World, user_id: str, conversation_id: str, install: str | None = None) -> Message | None:
    """Return the message that a user's conversation shows as its last one, or None; with `install`, of what that app has."""
    table = world[MESSAGES]
    channel = channel_of(user_id, conversation_id)
    cleared = cleared_until(world, user_id, channel, install)
    for msg_id in table.index("channel").older(channel):
        message = table.rows[msg_id]
        if message.order <= cleared:
            return None
        if not message.excluded_from_last and is_visible(world, user_id, message, install):
            return message
    return None


def is_read(world: World, user_id: str, message: Message) -> bool:
    """Return whether a user has read a message (native header: own messages count as read)."""
    if message.sender == user_id or message.owner is not None:
        return True
    channel = message.channel
    row = world[conversations.CONVERSATIONS].rows.get((user_id, conversation_id_of(user_id, channel)))
    if row is None:
        return False
    if channel[0] == "group":
        return bool(0 < message.seq <= row.read_seq)
    return bool(message.order <= row.read_order)


def held(world: World, user_id: str, msg_id: str, install: str | None = None) -> Message | None:
    """
    Return a message that a user's client can look up by its id, or None.

    It finds revoked messages, and deleted ones with status deleted (native header); not those of a history that was cleared.
    """
    message = world[MESSAGES].rows.get(msg_id)
    if message is None or not is_party(world, user_id, message) or message.install not in (None, install):
        return None
    if is_cleared(world, user_id, message, install):
        return None
    return evolve(message, status=DELETED) if is_deleted(world, user_id, msg_id, install) else message


def is_served(world: World, user_id: str, message: Message) -> bool:
    """
    Return whether the service does something with a message for a user who has it.

    It keeps nothing of live rooms, and what others have said to each other is none of the user's business: such messages come
    out of a client's own store, as do those that never left it.
    """
    if message.msg_id not in world[MESSAGES] or message.install is not None:
        return False
    return message.channel[0] == "group" or is_party(world, user_id, message)


def is_deleted(world: World, user_id: str, msg_id: str, install: str | None) -> bool:
    """Return whether a user has deleted a message; with `install`, whether that app does not have it any more."""
    kept = world[MESSAGE_MARKS].rows.get((user_id, msg_id))
    if kept is not None and kept.deleted and install not in kept.kept_on:
        return True
    own = world.tables.get("own_marks")
    mark = None if own is None else own.rows.get((user_id, install, msg_id))
    return mark is not None and mark.gone
