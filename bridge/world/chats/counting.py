"""Which messages an unread count is made of."""

from __future__ import annotations

from bridge.world.chats import messages, visibility
from bridge.world.chats.conversations import Conversation
from bridge.world.groups import communities, groups
from bridge.world.kernel.world import World


def counts(world: World, user_id: str, message: messages.Message) -> bool:
    """Return whether a message that arrives raises a user's unread count (product docs: unread)."""
    if (
        message.sender == user_id
        or message.excluded_from_unread
        or message.targets is not None
        or message.owner is not None
        or message.status != messages.SENT
        or message.elems[0].kind == "tips"
    ):
        return False
    if message.channel[0] == "c2c":
        return True
    group = world[groups.GROUPS].rows.get(communities.community_of(message.channel[1]))
    return group is None or groups.type_of(group).counts_unread


def is_unread(world: World, row: Conversation, message: messages.Message, install: str | None = None) -> bool:
    """Return whether a message is one of those that a conversation's unread count is made of; with `install`, that app's."""
    user_id = row.user_id
    if message.order <= row.uncounted_order or not counts(world, user_id, message):
        return False
    if visibility.is_read(world, user_id, message) or not visibility.is_visible(world, user_id, message, install):
        return False
    kept = world[messages.MESSAGE_MARKS].rows.get((user_id, message.msg_id))
    return kept is None or not kept.uncounted
